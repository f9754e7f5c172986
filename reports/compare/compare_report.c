/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/compare/compare.h"
#include "reports/latency/svg.h"

#define REPORT_NAMESPACE "urn:onecard:report:1"

static void add_cases(oc_svg_pen *pen, xmlNode *parent, const oc_comparison *comparison, enum oc_case_change change)
{
    size_t listed = 0;
    xmlNode *group = oc_svg_add(pen, parent, "change");
    oc_svg_set(pen, group, "kind", oc_case_change_name(change));
    oc_svg_set_number(pen, group, "n", oc_comparison_count(comparison, change));
    for (size_t i = 0; change != OC_CASE_SAME && i < oc_comparison_cases(comparison); i++) {
        const oc_compared_case *one = oc_comparison_case(comparison, i);
        if (one->change != change || ++listed > OC_COMPARE_LISTED) {
            continue;
        }
        xmlNode *node = oc_svg_add(pen, group, "case");
        oc_svg_set(pen, node, "id", one->id);
        oc_svg_set(pen, node, "pass", one->pass);
        oc_svg_set(pen, node, "base", one->in_base ? oc_report_verdict_name(one->base) : NULL);
        oc_svg_set(pen, node, "new", one->in_new ? oc_report_verdict_name(one->now) : NULL);
    }
    if (listed > OC_COMPARE_LISTED) {
        oc_svg_set_number(pen, group, "more", listed - OC_COMPARE_LISTED);
    }
}

static void add_ratio(oc_svg_pen *pen, xmlNode *parent, const char *name, const oc_compared_series *one, double p,
                      const oc_ratio *ratio)
{
    xmlNode *node = oc_svg_add(pen, parent, "ratio");
    oc_svg_set(pen, node, "of", name);
    oc_svg_set_number(pen, node, "base-ns", oc_series_quantile(one->base, p));
    oc_svg_set_number(pen, node, "new-ns", oc_series_quantile(one->now, p));
    oc_svg_set_format(pen, node, "value", "%.3f", ratio->value);
    oc_svg_set_format(pen, node, "low", "%.3f", ratio->low);
    oc_svg_set_format(pen, node, "high", "%.3f", ratio->high);
}

static void add_series(oc_svg_pen *pen, xmlNode *parent, const oc_compared_series *one)
{
    xmlNode *node = oc_svg_add(pen, parent, "compared");
    oc_svg_set(pen, node, "kind", oc_series_kind_name(one->now->kind));
    oc_svg_set(pen, node, "name", one->now->name);
    oc_svg_set(pen, node, "pass", one->now->pass);
    oc_svg_set(pen, node, "change", oc_speed_change_name(one->change));
    oc_svg_set_number(pen, node, "base-n", one->base->count);
    oc_svg_set_number(pen, node, "new-n", one->now->count);
    oc_svg_set_format(pen, node, "p", "%.2g", one->p);
    add_ratio(pen, node, "p50", one, 0.5, &one->p50);
    add_ratio(pen, node, "p95", one, 0.95, &one->p95);
}

static oc_result build(xmlNode *parent, const oc_comparison *comparison)
{
    oc_svg_pen pen = {0};
    xmlNode *root = xmlNewChild(parent, NULL, (const xmlChar *)"comparison", NULL);
    xmlNs *ns = root == NULL ? NULL : xmlNewNs(root, (const xmlChar *)REPORT_NAMESPACE, (const xmlChar *)"x");
    if (ns == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    xmlSetNs(root, ns);
    oc_svg_set(&pen, root, "regression", oc_comparison_regressed(comparison) ? "true" : "false");
    oc_svg_set(&pen, root, "same-vectors", oc_comparison_same_vectors(comparison) ? "true" : "false");
    oc_svg_set(&pen, root, "machines", oc_comparison_machines(comparison));
    for (unsigned i = 0; i < OC_CASE_CHANGES; i++) {
        add_cases(&pen, root, comparison, (enum oc_case_change)i);
    }
    for (unsigned i = 0; i < 4; i++) {
        xmlNode *speed = oc_svg_add(&pen, root, "speed");
        oc_svg_set(&pen, speed, "kind", oc_speed_change_name((enum oc_speed_change)i));
        oc_svg_set_number(&pen, speed, "n", oc_comparison_speed_count(comparison, (enum oc_speed_change)i));
    }
    for (size_t i = 0; i < oc_comparison_series_count(comparison); i++) {
        const oc_compared_series *one = oc_comparison_series(comparison, i);
        if (one->change == OC_SPEED_SLOWER || one->change == OC_SPEED_FASTER) {
            add_series(&pen, root, one);
        }
    }
    return pen.bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

oc_result oc_compare_report(xmlNode *parent, const char *base_path, const char *new_path, oc_diag *diag)
{
    oc_comparison *comparison = NULL;
    oc_compare_options options = {0};
    oc_diag first = {0};
    oc_result r = oc_compare(&comparison, base_path, new_path, &options, &first);
    if (r.code == OC_E_USAGE) {
        options.verdicts_only = true; /* other machines: verdicts can be compared all the same */
        r = oc_compare(&comparison, base_path, new_path, &options, diag);
    } else if (!oc_is_ok(r) && diag != NULL) {
        *diag = first;
    }
    if (oc_is_ok(r)) {
        r = build(parent, comparison);
    }
    oc_comparison_free(&comparison);
    return r;
}
