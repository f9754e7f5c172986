/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/svg.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define SVG_NAMESPACE "http://www.w3.org/2000/svg"

xmlNode *oc_svg_add(oc_svg_pen *pen, xmlNode *parent, const char *name)
{
    return oc_svg_add_text(pen, parent, name, NULL);
}

/* In the namespace of the parent. */
xmlNode *oc_svg_add_text(oc_svg_pen *pen, xmlNode *parent, const char *name, const char *text)
{
    xmlNode *node = parent == NULL ? NULL
                                   : xmlNewTextChild(parent, parent->ns, (const xmlChar *)name, (const xmlChar *)text);
    pen->bad = pen->bad || node == NULL;
    return node;
}

void oc_svg_set(oc_svg_pen *pen, xmlNode *node, const char *name, const char *value)
{
    if (node != NULL && value != NULL) {
        pen->bad = pen->bad || xmlNewProp(node, (const xmlChar *)name, (const xmlChar *)value) == NULL;
    }
}

void oc_svg_set_format(oc_svg_pen *pen, xmlNode *node, const char *name, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    oc_svg_set(pen, node, name, text);
}

void oc_svg_set_number(oc_svg_pen *pen, xmlNode *node, const char *name, uint64_t value)
{
    oc_svg_set_format(pen, node, name, "%" PRIu64, value);
}

xmlNode *oc_svg_new(oc_svg_pen *pen, xmlNode *parent, const char *kind, double width, double height, const char *title,
                    const char *description)
{
    xmlNode *plot = oc_svg_add(pen, parent, "plot");
    xmlNode *svg = plot == NULL ? NULL : xmlNewChild(plot, NULL, (const xmlChar *)"svg", NULL);
    xmlNs *ns = svg == NULL ? NULL : xmlNewNs(svg, (const xmlChar *)SVG_NAMESPACE, NULL);
    if (ns == NULL) {
        pen->bad = true;
        return NULL;
    }
    xmlSetNs(svg, ns);
    unsigned number = ++pen->plots;
    oc_svg_set(pen, plot, "kind", kind);
    oc_svg_set_format(pen, svg, "viewBox", "0 0 %.0f %.0f", width, height);
    oc_svg_set_format(pen, svg, "width", "%.0f", width);
    oc_svg_set(pen, svg, "style", "max-width:100%;height:auto");
    oc_svg_set(pen, svg, "role", "img");
    oc_svg_set_format(pen, svg, "aria-labelledby", "plot-%u-title plot-%u-desc", number, number);
    oc_svg_set(pen, svg, "fill", "currentColor");
    oc_svg_set(pen, svg, "font-size", "11");
    oc_svg_set_format(pen, oc_svg_add_text(pen, svg, "title", title), "id", "plot-%u-title", number);
    oc_svg_set_format(pen, oc_svg_add_text(pen, svg, "desc", description), "id", "plot-%u-desc", number);
    return svg;
}

xmlNode *oc_svg_line(oc_svg_pen *pen, xmlNode *svg, double x1, double y1, double x2, double y2, const char *dash)
{
    xmlNode *line = oc_svg_add(pen, svg, "path");
    oc_svg_set_format(pen, line, "d", "M%.1f %.1fL%.1f %.1f", x1, y1, x2, y2);
    oc_svg_set(pen, line, "stroke", "currentColor");
    oc_svg_set(pen, line, "stroke-dasharray", dash);
    return line;
}

xmlNode *oc_svg_text(oc_svg_pen *pen, xmlNode *svg, double x, double y, const char *anchor, const char *text)
{
    xmlNode *node = oc_svg_add_text(pen, svg, "text", text);
    oc_svg_set_format(pen, node, "x", "%.1f", x);
    oc_svg_set_format(pen, node, "y", "%.1f", y);
    oc_svg_set(pen, node, "text-anchor", strcmp(anchor, "start") == 0 ? NULL : anchor);
    return node;
}

void oc_svg_cut(char *out, size_t room, const char *text)
{
    size_t len = strlen(text);
    if (len >= room) {
        len = room - 1;
        while (len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80) {
            len--;
        }
    }
    memcpy(out, text, len);
    out[len] = '\0';
}

void oc_svg_duration(char out[32], double ns)
{
    static const struct {
        double ns;
        const char *unit;
    } units[] = {{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}, {1, "ns"}};
    size_t i = 0;
    while (i < 3 && ns < units[i].ns) {
        i++;
    }
    snprintf(out, 32, "%.4g %s", ns / units[i].ns, units[i].unit);
}

/* 1, 2 or 5 times a power of ten: the greatest that is no greater, or the least that is no less. */
static double round_down(double value)
{
    double ten = pow(10, floor(log10(value) + 1e-9));
    double digit = value / ten;
    return ten * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
}

static double round_up(double value)
{
    double ten = pow(10, floor(log10(value) + 1e-9));
    double digit = value / ten;
    return ten * (digit <= 1 + 1e-9 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

oc_axis oc_axis_of(double least, double most, double from, double to)
{
    oc_axis axis = {.low = least < 1 ? 1 : least, .from = from, .to = to};
    axis.high = most > axis.low ? most : axis.low;
    axis.is_log = axis.high > axis.low * 20;
    if (axis.is_log) {
        axis.low = round_down(axis.low);
        axis.high = round_up(axis.high);
        return axis;
    }
    double step = round_up((axis.high - axis.low) / 6 + axis.high * 1e-6);
    axis.low = floor(axis.low / step) * step;
    axis.high = ceil(axis.high / step + 1e-9) * step;
    return axis;
}

double oc_axis_at(const oc_axis *axis, double value)
{
    double low = axis->is_log ? log10(axis->low) : axis->low;
    double high = axis->is_log ? log10(axis->high) : axis->high;
    double here = axis->is_log ? log10(value < axis->low ? axis->low : value) : value;
    double share = high > low ? (here - low) / (high - low) : 0;
    return axis->from + (axis->to - axis->from) * (share < 0 ? 0 : share > 1 ? 1 : share);
}

size_t oc_axis_ticks(const oc_axis *axis, double out[12])
{
    size_t count = 0;
    if (!axis->is_log) {
        double step = round_up((axis->high - axis->low) / 8);
        for (double at = axis->low; at <= axis->high + step * 1e-6 && count < 12; at += step) {
            out[count++] = at;
        }
        return count;
    }
    bool few = axis->high / axis->low < 2000;
    bool many = axis->high / axis->low > 1e9;
    for (double ten = pow(10, floor(log10(axis->low) + 1e-9)); ten <= axis->high * 1.000001; ten *= many ? 100 : 10) {
        static const double digits[] = {1, 2, 5};
        for (size_t i = 0; i < (few ? 3 : 1); i++) {
            double at = ten * digits[i];
            if (at >= axis->low * 0.999999 && at <= axis->high * 1.000001 && count < 12) {
                out[count++] = at;
            }
        }
    }
    return count;
}
