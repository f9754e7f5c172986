/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/latency_report.h"

#include <stdio.h>
#include <stdlib.h>

#include "reports/latency/order.h"
#include "reports/latency/plots.h"
#include "sim/base/xml.h"

#define REPORT_NAMESPACE "urn:onecard:report:1"
/* Of the bounds beside the percentiles. */
#define CONFIDENCE 0.95
#define LINES_MAX 4

struct report {
    oc_svg_pen pen;
    const oc_samples *samples;
    const oc_limits *limits;
    oc_judged judged;
    bool *plotted; /* by the index of the series */
};

oc_result oc_latency_limits(oc_limits *out, const oc_samples *samples, const char *limits_path, oc_diag *diag)
{
    const xmlNode *result = oc_samples_result(samples);
    const xmlNode *kept = result == NULL ? NULL : oc_xml_child(result, "limits");
    oc_result r = kept == NULL ? oc_ok() : oc_limits_take(out, kept, diag);
    if (oc_is_ok(r) && limits_path != NULL) {
        r = oc_limits_load(out, limits_path, diag);
    }
    return r;
}

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

/* Conformity is stated where a standard demands the limit and a real item was measured: a real card, or what a terminal
 * under test took of its own beside a virtual one. */
static bool may_conform(const struct report *report, const oc_judgement *one)
{
    if (one->limit->status != OC_LIMIT_NORMATIVE || one->series == NULL) {
        return false;
    }
    const xmlNode *pass = oc_samples_pass(report->samples, one->series->pass);
    if (pass == NULL) {
        return false;
    }
    const char *colon = strrchr(one->series->name, ':');
    bool is_own = one->series->kind == OC_SERIES_PART && colon != NULL && strcmp(colon, ": own") == 0;
    return !is_true(oc_xml_attr(pass, "virtual")) || (is_own && oc_xml_attr(pass, "terminal") != NULL);
}

static void add_title(struct report *report, xmlNode *parent, const char *lang, const char *text)
{
    if (text != NULL) {
        oc_svg_set(&report->pen, oc_svg_add_text(&report->pen, parent, "title", text), "lang", lang);
    }
}

static void set_series(struct report *report, xmlNode *node, const oc_series *series)
{
    oc_svg_set(&report->pen, node, "pass", series->pass);
    oc_svg_set(&report->pen, node, "kind", oc_series_kind_name(series->kind));
    oc_svg_set(&report->pen, node, "name", series->name);
}

static void add_judgement(struct report *report, xmlNode *parent, const oc_judgement *one)
{
    oc_svg_pen *pen = &report->pen;
    xmlNode *node = oc_svg_add(pen, parent, "judgement");
    const oc_limit *limit = one->limit;
    oc_svg_set(pen, node, "limit", limit->id);
    oc_svg_set(pen, node, "scope", limit->scope);
    oc_svg_set(pen, node, "budget", one->is_budget ? "true" : NULL);
    oc_svg_set(pen, node, "statistic", limit->statistic);
    oc_svg_set_format(pen, node, "value", "%s %s", limit->value, limit->unit);
    oc_svg_set(pen, node, "rule", limit->rule->id);
    oc_svg_set_format(pen, node, "confidence", "%g", limit->rule->confidence * 100);
    oc_svg_set_number(pen, node, "minimum-n", limit->rule->minimum_n);
    oc_svg_set(pen, node, "source", limit->source);
    oc_svg_set(pen, node, "clause", limit->clause);
    oc_svg_set(pen, node, "status", oc_limit_status_name(limit->status));
    oc_svg_set(pen, node, "verdict", oc_latency_verdict_name(one->verdict));
    oc_svg_set(pen, node, "why", oc_latency_why_name(one->why));
    oc_svg_set(pen, node, "conformity", may_conform(report, one) ? "true" : "false");
    add_title(report, node, "zh", limit->title_zh);
    add_title(report, node, "en", limit->title_en);
    if (one->series == NULL) {
        return;
    }
    set_series(report, node, one->series);
    oc_svg_set_number(pen, node, "n", one->series->count);
    oc_svg_set_number(pen, node, "observed-ns", one->observed_ns);
    if (one->lower_ns > 0) {
        oc_svg_set_number(pen, node, "lower-ns", one->lower_ns);
    }
    if (one->upper_ns > 0) {
        oc_svg_set_number(pen, node, "upper-ns", one->upper_ns);
    }
    oc_svg_set_format(pen, node, "guard-ns", "%.0f", one->guard_ns);
    if (one->more > 0) {
        oc_svg_set_number(pen, node, "more", one->more);
    }
}

static void add_threshold(struct report *report, xmlNode *parent, const oc_threshold_result *one)
{
    xmlNode *node = oc_svg_add(&report->pen, parent, "threshold");
    oc_svg_set(&report->pen, node, "text", one->threshold->text);
    oc_svg_set(&report->pen, node, "holds", one->holds ? "true" : "false");
    if (one->series != NULL) {
        set_series(report, node, one->series);
        oc_svg_set_format(&report->pen, node, "value-ns", "%.0f", one->value_ns);
        oc_svg_set_number(&report->pen, node, "n", one->series->count);
    }
}

static void add_limits(struct report *report, xmlNode *parent)
{
    oc_svg_pen *pen = &report->pen;
    const oc_limits *limits = report->limits;
    if (limits->id == NULL && limits->threshold_count == 0) {
        return;
    }
    xmlNode *node = oc_svg_add(pen, parent, "limits");
    oc_svg_set(pen, node, "id", limits->id);
    oc_svg_set(pen, node, "file", limits->file);
    oc_svg_set(pen, node, "sha256", limits->sha256);
    add_title(report, node, "zh", limits->title_zh);
    add_title(report, node, "en", limits->title_en);
    for (size_t i = 0; i < limits->rule_count; i++) {
        const oc_decision_rule *rule = &limits->rules[i];
        xmlNode *one = oc_svg_add(pen, node, "rule");
        oc_svg_set(pen, one, "id", rule->id);
        oc_svg_set(pen, one, "kind", rule->is_max ? "max" : "percentile");
        oc_svg_set_format(pen, one, "confidence", "%g", rule->confidence * 100);
        oc_svg_set_number(pen, one, "minimum-n", rule->minimum_n);
        oc_svg_set(pen, one, "guard", rule->has_guard ? "measured" : "none");
        oc_svg_set(pen, one, "clock", rule->any_clock ? "any" : "fast");
    }
}

/* Budgets that are kept are counted; what was missed or is a limit is listed. */
static void add_judgements(struct report *report, xmlNode *parent)
{
    size_t kept = 0;
    size_t open = 0;
    size_t missed = 0;
    for (size_t i = 0; i < report->judged.judgement_count; i++) {
        const oc_judgement *one = &report->judged.judgements[i];
        kept += one->is_budget && one->verdict == OC_LATENCY_PASS;
        open += one->is_budget && one->verdict == OC_LATENCY_INCONCLUSIVE;
        missed += one->is_budget && one->verdict == OC_LATENCY_FAIL;
        if (!one->is_budget || one->verdict == OC_LATENCY_FAIL) {
            add_judgement(report, parent, one);
        }
    }
    if (kept + open + missed > 0) {
        xmlNode *node = oc_svg_add(&report->pen, parent, "budgets");
        oc_svg_set_number(&report->pen, node, "kept", kept);
        oc_svg_set_number(&report->pen, node, "open", open);
        oc_svg_set_number(&report->pen, node, "missed", missed);
    }
    for (size_t i = 0; i < report->judged.result_count; i++) {
        add_threshold(report, parent, &report->judged.results[i]);
    }
}

static void add_clock(struct report *report, xmlNode *parent)
{
    static const char *const names[] = {"clock",        "clock-source", "clock-ppm", "clock-raw-ns", "clock-read-ns",
                                        "clock-gap-ns", "governor",     "kernel",    "cpu",          "processors"};
    const xmlNode *result = oc_samples_result(report->samples);
    const xmlNode *environment = result == NULL ? NULL : oc_xml_child(result, "environment");
    if (environment == NULL) {
        return;
    }
    xmlNode *node = oc_svg_add(&report->pen, parent, "clock");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        oc_svg_set(&report->pen, node, names[i], oc_xml_attr(environment, names[i]));
    }
}

static void add_quantile(struct report *report, xmlNode *node, const oc_series *series, const char *name, double p)
{
    oc_svg_pen *pen = &report->pen;
    oc_order_bounds bounds = oc_order_two_sided(series->count, p, CONFIDENCE);
    xmlNode *quantile = oc_svg_add(pen, node, "q");
    oc_svg_set(pen, quantile, "p", name);
    oc_svg_set_number(pen, quantile, "ns", oc_series_quantile(series, p));
    if (bounds.lower > 0) {
        oc_svg_set_number(pen, quantile, "lower-ns", series->sorted[bounds.lower - 1]);
    }
    if (bounds.upper > 0) {
        oc_svg_set_number(pen, quantile, "upper-ns", series->sorted[bounds.upper - 1]);
    }
}

static size_t lines_of(const struct report *report, const oc_series *series, oc_plot_limit *out)
{
    size_t count = 0;
    for (size_t i = 0; i < report->judged.judgement_count && count < LINES_MAX; i++) {
        const oc_judgement *one = &report->judged.judgements[i];
        if (one->series == series) {
            out[count++] = (oc_plot_limit){one->limit->id, one->limit->ns};
        }
    }
    return count;
}

static void add_plots(struct report *report, xmlNode *node, const oc_series *series)
{
    oc_svg_pen *pen = &report->pen;
    oc_plot_limit lines[LINES_MAX];
    size_t count = lines_of(report, series, lines);
    if (series->count >= OC_LATENCY_PLOT_LEAST) {
        oc_plot_ecdf(pen, node, series, lines, count);
        if (series->count >= OC_PLOT_PERCENTILES_LEAST) {
            oc_plot_percentiles(pen, node, series, lines, count);
        }
        oc_plot_scatter(pen, node, series, lines, count);
    }
    const oc_transaction *median = oc_series_median(series);
    const oc_transaction *worst = oc_series_worst(series);
    if (median != NULL) {
        oc_plot_waterfall(pen, node, series, median, "median");
    }
    if (worst != NULL && (median == NULL || worst->ns != median->ns)) {
        oc_plot_waterfall(pen, node, series, worst, "worst");
    }
}

static void add_series(struct report *report, xmlNode *parent, size_t index)
{
    const oc_series *series = oc_samples_at(report->samples, index);
    oc_svg_pen *pen = &report->pen;
    xmlNode *node = oc_svg_add(pen, parent, "series");
    uint64_t first = 0;
    uint64_t rest = 0;
    set_series(report, node, series);
    oc_svg_set_number(pen, node, "n", series->count);
    oc_svg_set_number(pen, node, "min-ns", series->sorted[0]);
    oc_svg_set_number(pen, node, "max-ns", series->sorted[series->count - 1]);
    if (oc_series_warms_up(series, &first, &rest)) {
        oc_svg_set_number(pen, node, "first-ns", first);
        oc_svg_set_number(pen, node, "rest-ns", rest);
    }
    add_quantile(report, node, series, "p50", 0.5);
    add_quantile(report, node, series, "p90", 0.9);
    add_quantile(report, node, series, "p95", 0.95);
    add_quantile(report, node, series, "p99", 0.99);
    for (size_t i = 0; i < report->judged.judgement_count; i++) {
        if (report->judged.judgements[i].series == series) {
            add_judgement(report, node, &report->judged.judgements[i]);
        }
    }
    for (size_t i = 0; i < report->judged.result_count; i++) {
        if (report->judged.results[i].series == series) {
            add_threshold(report, node, &report->judged.results[i]);
        }
    }
    if (report->plotted[index]) {
        oc_svg_set_number(pen, node, "plotted", index + 1);
        add_plots(report, node, series);
    }
}

static void add_null_card(struct report *report, xmlNode *parent, const oc_series *series)
{
    oc_svg_pen *pen = &report->pen;
    xmlNode *node = oc_svg_add(pen, parent, "null-card");
    oc_svg_set(pen, node, "pass", series->pass);
    oc_svg_set_number(pen, node, "n", series->count);
    oc_svg_set_number(pen, node, "p50-ns", oc_series_quantile(series, 0.5));
    oc_svg_set_number(pen, node, "p999-ns", oc_series_quantile(series, 0.999));
    oc_svg_set_number(pen, node, "max-ns", series->sorted[series->count - 1]);
}

/* How urgently a series is drawn. */
struct rank {
    size_t index;
    unsigned asked; /* 2: missed something, 1: a limit or threshold names it */
    double total;
};

static unsigned asked_for(const struct report *report, const oc_series *series)
{
    unsigned asked = 0;
    for (size_t i = 0; i < report->judged.judgement_count; i++) {
        const oc_judgement *one = &report->judged.judgements[i];
        if (one->series == series && (!one->is_budget || one->verdict == OC_LATENCY_FAIL)) {
            asked = one->verdict == OC_LATENCY_FAIL ? 2 : asked < 1 ? 1 : asked;
        }
    }
    for (size_t i = 0; i < report->judged.result_count; i++) {
        const oc_threshold_result *one = &report->judged.results[i];
        if (one->series == series) {
            asked = !one->holds ? 2 : asked < 1 ? 1 : asked;
        }
    }
    return asked;
}

static int compare_ranks(const void *a, const void *b)
{
    const struct rank *left = a;
    const struct rank *right = b;
    if (left->asked != right->asked) {
        return left->asked > right->asked ? -1 : 1;
    }
    if (left->total < right->total || left->total > right->total) {
        return left->total > right->total ? -1 : 1;
    }
    return left->index < right->index ? -1 : left->index > right->index;
}

static void choose(struct report *report, struct rank *ranks, enum oc_series_kind kind, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < oc_samples_count(report->samples); i++) {
        const oc_series *series = oc_samples_at(report->samples, i);
        if (series->kind != kind || (series->count < OC_LATENCY_PLOT_LEAST && series->worst.count == 0)) {
            continue;
        }
        struct rank *rank = &ranks[count++];
        *rank = (struct rank){.index = i, .asked = asked_for(report, series)};
        for (size_t k = 0; k < series->count; k++) {
            rank->total += (double)series->ns[k];
        }
    }
    if (count > 1) {
        qsort(ranks, count, sizeof *ranks, compare_ranks);
    }
    for (size_t i = 0; i < count && i < most; i++) {
        report->plotted[ranks[i].index] = true;
    }
}

static oc_result choose_plots(struct report *report)
{
    static const struct {
        enum oc_series_kind kind;
        size_t most;
    } rows[] = {{OC_SERIES_FLOW, OC_LATENCY_PLOTTED_FLOWS},
                {OC_SERIES_FUNCTION, OC_LATENCY_PLOTTED_FUNCTIONS},
                {OC_SERIES_CLASS, OC_LATENCY_PLOTTED_CLASSES},
                {OC_SERIES_STEP, OC_LATENCY_PLOTTED_STEPS}};
    size_t count = oc_samples_count(report->samples);
    struct rank *ranks = calloc(count + 1, sizeof *ranks);
    report->plotted = calloc(count + 1, sizeof *report->plotted);
    if (ranks == NULL || report->plotted == NULL) {
        free(ranks);
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        choose(report, ranks, rows[i].kind, rows[i].most);
    }
    free(ranks);
    return oc_ok();
}

static oc_result build(struct report *report, xmlNode *parent)
{
    static const enum oc_series_kind order[] = {OC_SERIES_FLOW, OC_SERIES_STEP, OC_SERIES_FUNCTION, OC_SERIES_PART,
                                                OC_SERIES_CLASS};
    xmlNode *root = xmlNewChild(parent, NULL, (const xmlChar *)"latency-report", NULL);
    report->pen.report = root == NULL ? NULL : xmlNewNs(root, (const xmlChar *)REPORT_NAMESPACE, NULL);
    if (report->pen.report == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    xmlSetNs(root, report->pen.report);
    OC_TRY(choose_plots(report));
    add_clock(report, root);
    add_limits(report, root);
    add_judgements(report, root);
    for (size_t i = 0; i < oc_samples_count(report->samples); i++) {
        const oc_series *series = oc_samples_at(report->samples, i);
        if (series->kind == OC_SERIES_EMPTY && series->count > 0) {
            add_null_card(report, root, series);
        }
    }
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
        for (size_t i = 0; i < oc_samples_count(report->samples); i++) {
            const oc_series *series = oc_samples_at(report->samples, i);
            if (series->kind == order[k] && series->count > 0) {
                add_series(report, root, i);
            }
        }
    }
    return report->pen.bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

oc_result oc_latency_report(xmlNode *parent, const oc_samples *samples, const char *limits_path, oc_diag *diag)
{
    oc_limits limits = {0};
    struct report report = {.samples = samples, .limits = &limits};
    oc_result r = oc_latency_limits(&limits, samples, limits_path, diag);
    if (oc_is_ok(r)) {
        r = oc_judge(&report.judged, samples, &limits);
    }
    if (oc_is_ok(r)) {
        r = build(&report, parent);
    }
    free(report.plotted);
    oc_judged_free(&report.judged);
    oc_limits_free(&limits);
    return r;
}
