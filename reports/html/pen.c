/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/pen.h"

#include <limits.h>
#include <stdio.h>

void oc_pen_set(oc_pen *pen, xmlNode *node, const char *name, const char *value)
{
    if (node != NULL && value != NULL && xmlNewProp(node, (const xmlChar *)name, (const xmlChar *)value) == NULL) {
        pen->bad = true;
    }
}

void oc_pen_set_number(oc_pen *pen, xmlNode *node, const char *name, size_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", value);
    oc_pen_set(pen, node, name, digits);
}

xmlNode *oc_pen_add(oc_pen *pen, xmlNode *parent, const char *name, const char *text)
{
    if (parent == NULL) {
        return NULL;
    }
    xmlNode *node = xmlNewTextChild(parent, pen->ns, (const xmlChar *)name, (const xmlChar *)text);
    pen->bad = pen->bad || node == NULL;
    return node;
}

xmlNode *oc_pen_add_n(oc_pen *pen, xmlNode *parent, const char *name, const char *text, size_t len)
{
    xmlChar *copy = len > INT_MAX ? NULL : xmlStrndup((const xmlChar *)text, (int)len);
    if (copy == NULL) {
        pen->bad = true;
        return NULL;
    }
    xmlNode *node = oc_pen_add(pen, parent, name, (const char *)copy);
    xmlFree(copy);
    return node;
}

void oc_pen_set_counts(oc_pen *pen, xmlNode *node, const oc_report_counts *counts)
{
    for (int i = 0; i < OC_REPORT_VERDICTS; i++) {
        if (counts->of[i] > 0) {
            oc_pen_set_number(pen, node, oc_report_verdict_name((enum oc_report_verdict)i), counts->of[i]);
        }
    }
    oc_pen_set_number(pen, node, "n", oc_report_total(counts));
}
