/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/judge.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/latency/order.h"
#include "sim/base/xml.h"

/* Budgets that cases state are limits of this house. 20 samples at least, so that one interruption of a busy machine
 * decides nothing; no guard band and any clock, since budgets are generous (project choice). */
static const oc_decision_rule budget_rule = {
    .id = "budget", .is_max = false, .confidence = 0.95, .minimum_n = 20, .has_guard = false, .any_clock = true};

/* The most samples that somebody may be asked for. */
#define SAMPLES_MAX ((size_t)100000000)

const char *oc_latency_verdict_name(enum oc_latency_verdict verdict)
{
    static const char *const names[] = {"PASS", "FAIL", "INCONCLUSIVE"};
    return names[verdict];
}

const char *oc_latency_why_name(enum oc_latency_why why)
{
    static const char *const names[] = {"decided", "no-samples", "few", "between", "clock", "no-null-card"};
    return names[why];
}

static const char *environment(const oc_samples *samples, const char *name)
{
    const xmlNode *result = oc_samples_result(samples);
    const xmlNode *node = result == NULL ? NULL : oc_xml_child(result, "environment");
    return node == NULL ? NULL : oc_xml_attr(node, name);
}

/* Sources that the kernel's vDSO reads without a system call. */
static bool clock_is_fast(const oc_samples *samples)
{
    static const char *const fast[] = {"tsc", "arch_sys_counter", "kvm-clock", "hyperv_clocksource_tsc_page"};
    const char *source = environment(samples, "clock-source");
    for (size_t i = 0; source != NULL && i < sizeof fast / sizeof fast[0]; i++) {
        if (strcmp(source, fast[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool oc_judge_guard(const oc_samples *samples, const char *pass, double limit_ns, double *guard_ns)
{
    const oc_series *empty = oc_samples_empty(samples, pass);
    const char *ppm = environment(samples, "clock-ppm");
    if (empty == NULL) {
        return false;
    }
    double apart = ppm == NULL ? 0 : fabs(strtod(ppm, NULL));
    *guard_ns = (double)oc_series_quantile(empty, 0.999) + limit_ns * apart / 1e6;
    return true;
}

/* How many samples do not exceed `ns`. */
static size_t count_upto(const oc_series *series, double ns)
{
    size_t low = 0;
    size_t high = series->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((double)series->sorted[middle] <= ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Whether n samples, of which a share of `good` keeps the limit less U and a share of `within` the limit, would decide. */
static bool would_decide(size_t n, double good, double within, double p, double confidence)
{
    size_t upper = oc_order_upper(n, p, confidence);
    size_t lower = oc_order_lower(n, p, confidence);
    return (upper > 0 && (double)upper <= good * (double)n) || (lower > 0 && (double)lower > within * (double)n + 1);
}

/* How many more samples would decide if they came as those that are there did. */
static size_t more_needed(const oc_series *series, const oc_limit *limit, double guard_ns)
{
    size_t n = series->count;
    double good = (double)count_upto(series, limit->ns - guard_ns) / (double)n;
    double within = (double)count_upto(series, limit->ns) / (double)n;
    size_t least = n < limit->rule->minimum_n ? limit->rule->minimum_n : n + 1;
    size_t high = least;
    while (high < SAMPLES_MAX && !would_decide(high, good, within, limit->p, limit->rule->confidence)) {
        high *= 2;
    }
    if (high >= SAMPLES_MAX) {
        return 0;
    }
    size_t low = high / 2 < least ? least : high / 2;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (would_decide(middle, good, within, limit->p, limit->rule->confidence)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low - n;
}

/* DR1 of limits.xsd: one sample over the limit is enough, however few there are. */
static void decide_max(oc_judgement *out)
{
    const oc_series *series = out->series;
    const oc_limit *limit = out->limit;
    out->observed_ns = out->upper_ns = series->sorted[series->count - 1];
    if ((double)out->observed_ns > limit->ns) {
        out->verdict = OC_LATENCY_FAIL;
    } else if (series->count < limit->rule->minimum_n) {
        out->why = OC_LATENCY_FEW;
        out->more = limit->rule->minimum_n - series->count;
    } else if ((double)out->observed_ns <= limit->ns - out->guard_ns) {
        out->verdict = OC_LATENCY_PASS;
    } else {
        out->why = OC_LATENCY_BETWEEN;
    }
}

/* DR2 of limits.xsd. */
static void decide_percentile(oc_judgement *out)
{
    const oc_series *series = out->series;
    const oc_limit *limit = out->limit;
    size_t n = series->count;
    size_t upper = oc_order_upper(n, limit->p, limit->rule->confidence);
    size_t lower = oc_order_lower(n, limit->p, limit->rule->confidence);
    out->observed_ns = oc_series_quantile(series, limit->p);
    out->upper_ns = upper == 0 ? 0 : series->sorted[upper - 1];
    out->lower_ns = lower == 0 ? 0 : series->sorted[lower - 1];
    if (n >= limit->rule->minimum_n && upper > 0 && (double)out->upper_ns <= limit->ns - out->guard_ns) {
        out->verdict = OC_LATENCY_PASS;
    } else if (n >= limit->rule->minimum_n && lower > 0 && (double)out->lower_ns > limit->ns) {
        out->verdict = OC_LATENCY_FAIL;
    } else {
        out->why = n < limit->rule->minimum_n || upper == 0 ? OC_LATENCY_FEW : OC_LATENCY_BETWEEN;
        out->more = more_needed(series, limit, out->guard_ns);
    }
}

static void decide(oc_judgement *out, const oc_samples *samples)
{
    const oc_decision_rule *rule = out->limit->rule;
    out->verdict = OC_LATENCY_INCONCLUSIVE;
    out->why = OC_LATENCY_DECIDED;
    bool has_guard = !rule->has_guard || oc_judge_guard(samples, out->series->pass, out->limit->ns, &out->guard_ns);
    if (rule->is_max) {
        decide_max(out);
    } else {
        decide_percentile(out);
    }
    if (!has_guard || (!rule->any_clock && !clock_is_fast(samples))) {
        out->verdict = OC_LATENCY_INCONCLUSIVE;
        out->why = has_guard ? OC_LATENCY_CLOCK : OC_LATENCY_NO_NULL_CARD;
        out->more = 0;
    }
}

static void *grow(void **rows, size_t *count, size_t *room, size_t size)
{
    if (*count == *room) {
        size_t more = *room == 0 ? 32 : *room * 2;
        void *grown = realloc(*rows, more * size);
        if (grown == NULL) {
            return NULL;
        }
        *rows = grown;
        *room = more;
    }
    void *row = (char *)*rows + *count * size;
    memset(row, 0, size);
    (*count)++;
    return row;
}

static oc_judgement *new_judgement(oc_judged *out)
{
    return grow((void **)&out->judgements, &out->judgement_count, &out->judgement_room, sizeof *out->judgements);
}

static oc_result judge_limit(oc_judged *out, const oc_samples *samples, const oc_limit *limit)
{
    bool any = false;
    for (size_t i = 0; i < oc_samples_count(samples); i++) {
        const oc_series *series = oc_samples_at(samples, i);
        if (series->count == 0 || !oc_metric_matches(&limit->metric, series)) {
            continue;
        }
        oc_judgement *one = new_judgement(out);
        if (one == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        one->limit = limit;
        one->series = series;
        decide(one, samples);
        any = true;
    }
    oc_judgement *none = any ? NULL : new_judgement(out);
    if (none != NULL) {
        none->limit = limit;
        none->verdict = OC_LATENCY_INCONCLUSIVE;
        none->why = OC_LATENCY_NO_SAMPLES;
    }
    return any || none != NULL ? oc_ok() : oc_fail(OC_E_MEMORY);
}

static oc_result judge_budget(oc_judged *out, const oc_samples *samples, const oc_series *series)
{
    oc_limit *limit = oc_arena_alloc(&out->arena, sizeof *limit);
    char *value = oc_arena_format(&out->arena, "%.9g", (double)series->budget_ns / 1e6);
    oc_judgement *one = limit == NULL || value == NULL ? NULL : new_judgement(out);
    if (one == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    *limit = (oc_limit){.id = "budget",
                        .scope = series->name,
                        .statistic = "p99",
                        .p = 0.99,
                        .value = value,
                        .unit = "ms",
                        .ns = (double)series->budget_ns,
                        .rule = &budget_rule,
                        .source = "vectors",
                        .status = OC_LIMIT_HOUSE};
    one->limit = limit;
    one->series = series;
    one->is_budget = true;
    decide(one, samples);
    return oc_ok();
}

static oc_result judge_threshold(oc_judged *out, const oc_samples *samples, const oc_threshold *threshold)
{
    bool any = false;
    for (size_t i = 0; i < oc_samples_count(samples); i++) {
        const oc_series *series = oc_samples_at(samples, i);
        if (series->count == 0 || !oc_metric_matches(&threshold->metric, series)) {
            continue;
        }
        oc_threshold_result *one = grow((void **)&out->results, &out->result_count, &out->result_room, sizeof *one);
        if (one == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        one->threshold = threshold;
        one->series = series;
        one->holds = oc_threshold_holds(threshold, series, &one->value_ns);
        any = true;
    }
    oc_threshold_result *none = any ? NULL
                                    : grow((void **)&out->results, &out->result_count, &out->result_room,
                                           sizeof *none);
    if (none != NULL) {
        none->threshold = threshold;
    }
    return any || none != NULL ? oc_ok() : oc_fail(OC_E_MEMORY);
}

oc_result oc_judge(oc_judged *out, const oc_samples *samples, const oc_limits *limits)
{
    *out = (oc_judged){0};
    oc_result r = oc_ok();
    for (size_t i = 0; oc_is_ok(r) && limits != NULL && i < limits->limit_count; i++) {
        r = judge_limit(out, samples, &limits->limits[i]);
    }
    for (size_t i = 0; oc_is_ok(r) && i < oc_samples_count(samples); i++) {
        const oc_series *series = oc_samples_at(samples, i);
        r = series->budget_ns > 0 && series->count > 0 ? judge_budget(out, samples, series) : oc_ok();
    }
    for (size_t i = 0; oc_is_ok(r) && limits != NULL && i < limits->threshold_count; i++) {
        r = judge_threshold(out, samples, &limits->thresholds[i]);
    }
    if (!oc_is_ok(r)) {
        oc_judged_free(out);
    }
    return r;
}

void oc_judged_free(oc_judged *judged)
{
    free(judged->judgements);
    free(judged->results);
    oc_arena_free(&judged->arena);
    *judged = (oc_judged){0};
}

bool oc_judged_missed(const oc_judged *judged)
{
    for (size_t i = 0; i < judged->judgement_count; i++) {
        if (judged->judgements[i].verdict == OC_LATENCY_FAIL) {
            return true;
        }
    }
    for (size_t i = 0; i < judged->result_count; i++) {
        if (!judged->results[i].holds) {
            return true;
        }
    }
    return false;
}

bool oc_judged_undecided(const oc_judged *judged)
{
    for (size_t i = 0; i < judged->judgement_count; i++) {
        const oc_judgement *one = &judged->judgements[i];
        if (!one->is_budget && one->verdict == OC_LATENCY_INCONCLUSIVE) {
            return true;
        }
    }
    return false;
}
