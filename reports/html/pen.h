/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_PEN_H
#define OC_REPORTS_HTML_PEN_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "reports/verdict.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OC_REPORT_NAMESPACE "urn:onecard:report:1"

/* Writes elements of that namespace. A failure (memory) stays, and is asked for once. Nodes may be NULL, which writes
 * nothing; texts are UTF-8 that XML can carry. */
typedef struct oc_pen {
    xmlNs *ns;
    bool bad;
} oc_pen;

/* Of a NULL value nothing is written. */
void oc_pen_set(oc_pen *pen, xmlNode *node, const char *name, const char *value);
void oc_pen_set_number(oc_pen *pen, xmlNode *node, const char *name, size_t value);
/* `text` may be NULL. */
xmlNode *oc_pen_add(oc_pen *pen, xmlNode *parent, const char *name, const char *text);
xmlNode *oc_pen_add_n(oc_pen *pen, xmlNode *parent, const char *name, const char *text, size_t len);
/* The attribute PASS, FAIL, ... for each verdict that is there, and n for all. */
void oc_pen_set_counts(oc_pen *pen, xmlNode *node, const oc_report_counts *counts);

#ifdef __cplusplus
}
#endif
#endif
