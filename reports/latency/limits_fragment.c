/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "reports/latency/limits.h"

static void put(xmlNode *node, const char *name, const char *value, bool *bad)
{
    if (value != NULL) {
        *bad = *bad || xmlNewProp(node, (const xmlChar *)name, (const xmlChar *)value) == NULL;
    }
}

static xmlNode *add(xmlNode *parent, const char *name, const char *text, bool *bad)
{
    xmlNode *node = xmlNewTextChild(parent, NULL, (const xmlChar *)name, (const xmlChar *)text);
    *bad = *bad || node == NULL;
    return node;
}

static void add_titles(xmlNode *parent, const char *zh, const char *en, bool *bad)
{
    const char *const texts[] = {zh, en};
    static const char *const languages[] = {"zh", "en"};
    for (size_t i = 0; i < 2; i++) {
        xmlNode *title = texts[i] == NULL ? NULL : add(parent, "title", texts[i], bad);
        if (title != NULL) {
            put(title, "lang", languages[i], bad);
        }
    }
}

static void add_rule(xmlNode *parent, const oc_decision_rule *rule, bool *bad)
{
    char text[40];
    xmlNode *node = add(parent, "rule", NULL, bad);
    if (node == NULL) {
        return;
    }
    put(node, "id", rule->id, bad);
    put(node, "kind", rule->is_max ? "max" : "percentile", bad);
    snprintf(text, sizeof text, "%.6g", rule->confidence);
    put(node, "confidence", text, bad);
    snprintf(text, sizeof text, "%zu", rule->minimum_n);
    put(node, "minimum-n", text, bad);
    put(node, "guard-band", rule->has_guard ? "measured" : "none", bad);
    put(node, "clock", rule->any_clock ? "any" : "fast", bad);
}

static void add_limit(xmlNode *parent, const oc_limit *limit, bool *bad)
{
    xmlNode *node = add(parent, "limit", NULL, bad);
    if (node == NULL) {
        return;
    }
    put(node, "id", limit->id, bad);
    put(node, "scope", limit->scope, bad);
    put(node, "statistic", limit->statistic, bad);
    put(node, "value", limit->value, bad);
    put(node, "unit", limit->unit, bad);
    put(node, "rule", limit->rule->id, bad);
    put(node, "source", limit->source, bad);
    put(node, "clause", limit->clause, bad);
    put(node, "status", oc_limit_status_name(limit->status), bad);
    add_titles(node, limit->title_zh, limit->title_en, bad);
}

static xmlNode *tree_of(const oc_limits *limits, bool *bad)
{
    xmlNode *root = xmlNewNode(NULL, (const xmlChar *)"limits");
    if (root == NULL) {
        return NULL;
    }
    put(root, "id", limits->id, bad);
    put(root, "file", limits->file, bad);
    put(root, "sha256", limits->sha256, bad);
    add_titles(root, limits->title_zh, limits->title_en, bad);
    for (size_t i = 0; i < limits->rule_count; i++) {
        add_rule(root, &limits->rules[i], bad);
    }
    for (size_t i = 0; i < limits->limit_count; i++) {
        add_limit(root, &limits->limits[i], bad);
    }
    for (size_t i = 0; i < limits->threshold_count; i++) {
        add(root, "threshold", limits->thresholds[i].text, bad);
    }
    return root;
}

oc_result oc_limits_fragment(oc_buf *out, const oc_limits *limits)
{
    bool bad = false;
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *root = doc == NULL ? NULL : tree_of(limits, &bad);
    xmlBuffer *text = xmlBufferCreate();
    if (root != NULL) {
        xmlDocSetRootElement(doc, root);
    }
    bad = bad || root == NULL || text == NULL || xmlNodeDump(text, doc, root, 0, 0) < 0;
    oc_result r = bad ? oc_fail(OC_E_MEMORY)
                      : oc_buf_append(out, oc_span_of(xmlBufferContent(text), (size_t)xmlBufferLength(text)));
    xmlBufferFree(text);
    xmlFreeDoc(doc);
    return oc_is_ok(r) ? oc_buf_append_byte(out, 0) : r;
}
