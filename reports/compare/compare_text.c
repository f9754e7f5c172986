/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "reports/compare/compare.h"
#include "reports/plain_text.h"

/* Cases of one kind that are named in a text. */
#define LISTED 100

static const struct words {
    const char *en;
    const char *zh;
} headings[OC_CASE_CHANGES] = {
    [OC_CASE_SAME] = {"unchanged", "未变"},
    [OC_CASE_BROKEN] = {"new failures", "新出现的失败"},
    [OC_CASE_MENDED] = {"fixed", "已修复"},
    [OC_CASE_CHANGED] = {"other changes of verdict", "其他判定变化"},
    [OC_CASE_UNJUDGED] = {"no longer judged", "不再判定"},
    [OC_CASE_MISSING] = {"missing", "缺少的用例"},
    [OC_CASE_ADDED] = {"added", "新增的用例"},
};

static const char *word(const struct words *words, const char *lang)
{
    return strcmp(lang, "zh") == 0 ? words->zh : words->en;
}

static void print_cases(const oc_comparison *comparison, oc_plain_text *text, enum oc_case_change change,
                        const char *lang)
{
    FILE *out = text->out;
    size_t count = oc_comparison_count(comparison, change);
    size_t listed = 0;
    if (count == 0) {
        return;
    }
    fprintf(out, "\n%s: %zu\n", word(&headings[change], lang), count);
    for (size_t i = 0; i < oc_comparison_cases(comparison) && listed < LISTED; i++) {
        const oc_compared_case *one = oc_comparison_case(comparison, i);
        if (one->change == change) {
            fprintf(out, "  %-14s -> %-14s ", one->in_base ? oc_report_verdict_name(one->base) : "-",
                    one->in_new ? oc_report_verdict_name(one->now) : "-");
            oc_plain_text_put(text, one->id, 0, false);
            fputs("  ", out);
            oc_plain_text_put(text, one->pass, 0, false);
            fputc('\n', out);
            listed++;
        }
    }
    if (listed < count) {
        fprintf(out, "  ... %zu\n", count - listed);
    }
}

static void print_ratio(FILE *out, const char *name, const oc_compared_series *one, double p, const oc_ratio *ratio)
{
    fprintf(out, "  %s %.1f -> %.1f us, x%.3f [%.3f, %.3f]", name, (double)oc_series_quantile(one->base, p) / 1000,
            (double)oc_series_quantile(one->now, p) / 1000, ratio->value, ratio->low, ratio->high);
}

static void print_series(const oc_comparison *comparison, oc_plain_text *text, enum oc_speed_change change,
                         const struct words *heading, const char *lang)
{
    FILE *out = text->out;
    if (oc_comparison_speed_count(comparison, change) == 0) {
        return;
    }
    fprintf(out, "\n%s: %zu\n", word(heading, lang), oc_comparison_speed_count(comparison, change));
    for (size_t i = 0; i < oc_comparison_series_count(comparison); i++) {
        const oc_compared_series *one = oc_comparison_series(comparison, i);
        if (one->change == change) {
            fprintf(out, "  %s ", oc_series_kind_name(one->now->kind));
            oc_plain_text_put(text, one->now->name, 0, false);
            fputs("  ", out);
            oc_plain_text_put(text, one->now->pass, 0, false);
            fprintf(out, "  n %zu, %zu  p %.2g\n  ", one->base->count, one->now->count, one->p);
            print_ratio(out, "p50", one, 0.5, &one->p50);
            print_ratio(out, "p95", one, 0.95, &one->p95);
            fputc('\n', out);
        }
    }
}

oc_result oc_comparison_print(const oc_comparison *comparison, FILE *out, const char *lang)
{
    static const enum oc_case_change order[] = {OC_CASE_BROKEN,  OC_CASE_MISSING, OC_CASE_UNJUDGED,
                                                OC_CASE_CHANGED, OC_CASE_MENDED,  OC_CASE_ADDED};
    static const struct words slower = {"slower", "变慢"};
    static const struct words faster = {"faster", "变快"};
    static const struct words machines = {"the records come from different machines", "两份记录来自不同的机器"};
    static const struct words vectors = {"the vectors are not those of the base", "用例与基线不同"};
    static const struct words left_out = {"latency was left out", "未比较时延"};
    static const struct words bad = {"REGRESSION", "有退步"};
    static const struct words good = {"no regression", "没有退步"};
    oc_plain_text text;
    oc_plain_text_begin(&text, out, false);
    if (oc_comparison_machines(comparison) != NULL) {
        fprintf(out, "%s: ", word(&machines, lang));
        oc_plain_text_put(&text, oc_comparison_machines(comparison), 0, false);
        fputc('\n', out);
    }
    if (!oc_comparison_same_vectors(comparison)) {
        fprintf(out, "%s\n", word(&vectors, lang));
    }
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        print_cases(comparison, &text, order[i], lang);
    }
    print_series(comparison, &text, OC_SPEED_SLOWER, &slower, lang);
    print_series(comparison, &text, OC_SPEED_FASTER, &faster, lang);
    if (oc_comparison_options(comparison)->verdicts_only) {
        fprintf(out, "\n%s\n", word(&left_out, lang));
    }
    fprintf(out,
            "\n%s: %zu unchanged, %zu broken, %zu fixed, %zu missing, %zu no longer judged, %zu added; "
            "%zu slower, %zu faster, %zu with too few samples\n",
            word(oc_comparison_regressed(comparison) ? &bad : &good, lang),
            oc_comparison_count(comparison, OC_CASE_SAME) + oc_comparison_count(comparison, OC_CASE_CHANGED),
            oc_comparison_count(comparison, OC_CASE_BROKEN), oc_comparison_count(comparison, OC_CASE_MENDED),
            oc_comparison_count(comparison, OC_CASE_MISSING), oc_comparison_count(comparison, OC_CASE_UNJUDGED),
            oc_comparison_count(comparison, OC_CASE_ADDED), oc_comparison_speed_count(comparison, OC_SPEED_SLOWER),
            oc_comparison_speed_count(comparison, OC_SPEED_FASTER),
            oc_comparison_speed_count(comparison, OC_SPEED_FEW));
    oc_plain_text_end(&text);
    return fflush(out) != 0 || ferror(out) ? oc_fail(OC_E_IO) : oc_ok();
}
