/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>

#include "reports/compare/compare.h"

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *case_json(const oc_compared_case *one)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", one->id, "pass", one->pass, "change",
                     oc_case_change_name(one->change), "base",
                     text_or_null(one->in_base ? oc_report_verdict_name(one->base) : NULL), "new",
                     text_or_null(one->in_new ? oc_report_verdict_name(one->now) : NULL));
}

static json_t *ratio_json(const oc_compared_series *one, double p, const oc_ratio *ratio)
{
    return json_pack("{s:I, s:I, s:f, s:f, s:f}", "base_ns", (json_int_t)oc_series_quantile(one->base, p), "new_ns",
                     (json_int_t)oc_series_quantile(one->now, p), "ratio", ratio->value, "low", ratio->low, "high",
                     ratio->high);
}

static json_t *series_json(const oc_compared_series *one)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:f, s:o, s:o}", "kind", oc_series_kind_name(one->now->kind),
                     "name", one->now->name, "pass", one->now->pass, "change", oc_speed_change_name(one->change),
                     "base_n", (json_int_t)one->base->count, "new_n", (json_int_t)one->now->count, "p", one->p, "p50",
                     ratio_json(one, 0.5, &one->p50), "p95", ratio_json(one, 0.95, &one->p95));
}

static json_t *comparison_json(const oc_comparison *comparison)
{
    const oc_compare_options *options = oc_comparison_options(comparison);
    json_t *counts = json_object();
    json_t *cases = json_array();
    json_t *series = json_array();
    for (unsigned i = 0; i < OC_CASE_CHANGES; i++) {
        json_object_set_new(counts, oc_case_change_name((enum oc_case_change)i),
                            json_integer((json_int_t)oc_comparison_count(comparison, (enum oc_case_change)i)));
    }
    for (size_t i = 0; i < oc_comparison_cases(comparison); i++) {
        const oc_compared_case *one = oc_comparison_case(comparison, i);
        if (one->change != OC_CASE_SAME) {
            json_array_append_new(cases, case_json(one));
        }
    }
    for (size_t i = 0; i < oc_comparison_series_count(comparison); i++) {
        json_array_append_new(series, series_json(oc_comparison_series(comparison, i)));
    }
    return json_pack("{s:b, s:b, s:o, s:{s:b, s:b, s:f, s:f, s:f}, s:o, s:o, s:o}", "regression",
                     oc_comparison_regressed(comparison), "same_vectors", oc_comparison_same_vectors(comparison),
                     "machines_differ", text_or_null(oc_comparison_machines(comparison)), "options", "verdicts_only",
                     options->verdicts_only, "subset", options->subset, "least_share", options->least_share,
                     "least_ns", options->least_ns, "alpha", OC_COMPARE_ALPHA, "counts", counts, "cases", cases,
                     "latency", series);
}

oc_result oc_comparison_json(const oc_comparison *comparison, FILE *out)
{
    json_t *root = comparison_json(comparison);
    if (root == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    bool written = json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0 && fputc('\n', out) != EOF;
    json_decref(root);
    return written && fflush(out) == 0 ? oc_ok() : oc_fail(OC_E_IO);
}
