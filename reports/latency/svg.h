/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_SVG_H
#define OC_REPORTS_LATENCY_SVG_H

#include <libxml/tree.h>

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Private to reports/latency: elements of a report and of its plots. A failure stays and is asked for once. Plots draw
 * with currentColor and with textures, so that they read the same on paper, in the dark and without colours. */
typedef struct oc_svg_pen {
    xmlNs *report;  /* urn:onecard:report:1 */
    unsigned plots; /* made so far: their ids are unique in the page */
    bool bad;
} oc_svg_pen;

xmlNode *oc_svg_add(oc_svg_pen *pen, xmlNode *parent, const char *name);
xmlNode *oc_svg_add_text(oc_svg_pen *pen, xmlNode *parent, const char *name, const char *text);
/* A NULL value sets nothing. */
void oc_svg_set(oc_svg_pen *pen, xmlNode *node, const char *name, const char *value);
void oc_svg_set_number(oc_svg_pen *pen, xmlNode *node, const char *name, uint64_t value);
void oc_svg_set_format(oc_svg_pen *pen, xmlNode *node, const char *name, const char *format, ...) OC_PRINTF(4, 5);

/* An <svg> with <title> and <desc> below a <plot> of its own; `kind` names what it is, texts escape themselves. */
xmlNode *oc_svg_new(oc_svg_pen *pen, xmlNode *parent, const char *kind, double width, double height, const char *title,
                    const char *description);
xmlNode *oc_svg_line(oc_svg_pen *pen, xmlNode *svg, double x1, double y1, double x2, double y2, const char *dash);
/* `anchor` "start", "middle", "end". */
xmlNode *oc_svg_text(oc_svg_pen *pen, xmlNode *svg, double x, double y, const char *anchor, const char *text);

/* As much of the text as fits, never a part of a character. */
void oc_svg_cut(char *out, size_t room, const char *text);
/* A duration with the unit that suits it: "12.3 µs". */
void oc_svg_duration(char out[32], double ns);

/* An axis from `low` to `high` in nanoseconds or counts onto coordinates. */
typedef struct oc_axis {
    double low, high;
    double from, to;
    bool is_log;
} oc_axis;

/* Covers the values with round ends: logarithmic where they are more than 20 times apart. Both > 0. */
oc_axis oc_axis_of(double least, double most, double from, double to);
double oc_axis_at(const oc_axis *axis, double value);
/* Up to 12 round values between the ends. */
size_t oc_axis_ticks(const oc_axis *axis, double out[12]);

#ifdef __cplusplus
}
#endif
#endif
