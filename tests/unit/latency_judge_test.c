/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "reports/latency/judge.h"
#include "reports/latency/latency_report.h"
#include "tests/support/oc_test.h"
#include "tests/unit/latency_kit.h"

#define MS 1000000u

/* A record of `n` runs of the flow FLOW.PAY: `slow` of them take `slow_ms`, the others 100 ms and a little each; read. */
static oc_samples *samples_of(unsigned n, unsigned slow, uint64_t slow_ms, uint64_t budget_ns)
{
    char path[] = "/tmp/onecard-judge-XXXXXX";
    oc_samples *samples = NULL;
    kit_record record;
    kit_begin(&record);
    for (unsigned i = 0; i < n; i++) {
        /* Spread over the run, the remainder first. */
        bool is_slow = i * slow / n != (i + 1) * slow / n;
        const kit_step steps[] = {{"select", "apdu", "SELECT", 1 * MS},
                                  {"pay", "call", "iDoDebit", (is_slow ? slow_ms : 100) * MS - 1 * MS + i}};
        kit_case(&record, "FLOW.PAY", i + 1, "PASS", true, budget_ns, steps, 2);
    }
    const kit_step failed[] = {{"pay", "call", "iDoDebit", 9000ull * MS}};
    kit_case(&record, "FLOW.OTHER", 1, "FAIL", true, 0, failed, 1); /* no sample */
    int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    close(fd);
    kit_write(&record, path, "cpu", "");
    oc_diag diag = {0};
    oc_result r = oc_samples_read(&samples, path, &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    unlink(path);
    return samples;
}

static const oc_series *series_of(const oc_samples *samples, enum oc_series_kind kind)
{
    for (size_t i = 0; i < oc_samples_count(samples); i++) {
        if (oc_samples_at(samples, i)->kind == kind) {
            return oc_samples_at(samples, i);
        }
    }
    return NULL;
}

static void samples_are_those_that_count(void)
{
    oc_samples *samples = samples_of(50, 5, 700, 0);
    const oc_series *flow = series_of(samples, OC_SERIES_FLOW);
    const oc_series *function = series_of(samples, OC_SERIES_FUNCTION);
    CU_ASSERT_PTR_NOT_NULL_FATAL(flow);
    CU_ASSERT_STRING_EQUAL(flow->name, "FLOW.PAY");
    CU_ASSERT_EQUAL(flow->count, 50);
    CU_ASSERT_EQUAL(flow->ns[0], 100 * MS);
    CU_ASSERT_EQUAL(flow->sorted[49] / MS, 700);
    CU_ASSERT_PTR_NOT_NULL_FATAL(function);
    CU_ASSERT_STRING_EQUAL(function->name, "iDoDebit");
    CU_ASSERT_EQUAL(function->count, 50);
    CU_ASSERT_EQUAL(oc_samples_empty(samples, KIT_PASS)->count, 1000);
    const oc_transaction *worst = oc_series_worst(flow);
    const oc_transaction *median = oc_series_median(flow);
    CU_ASSERT_PTR_NOT_NULL_FATAL(worst);
    CU_ASSERT_PTR_NOT_NULL_FATAL(median);
    CU_ASSERT_EQUAL(worst->ns, flow->sorted[49]);
    CU_ASSERT_EQUAL(median->ns, oc_series_quantile(flow, 0.5));
    CU_ASSERT_EQUAL_FATAL(worst->count, 2);
    CU_ASSERT_STRING_EQUAL(worst->segments[1].label, "pay"); /* where it stalled */
    CU_ASSERT(worst->segments[1].card + worst->segments[1].link > 690u * MS);
    CU_ASSERT_EQUAL(worst->segments[1].begin, 1 * MS);
    oc_samples_free(&samples);
}

/* One limit on FLOW.PAY. */
static oc_judgement judge_one(const oc_samples *samples, oc_limit *limit, const oc_decision_rule *rule)
{
    oc_judged judged;
    limit->id = "l";
    limit->scope = "tx.pay";
    limit->value = "400";
    limit->unit = "ms";
    limit->ns = 400.0 * MS;
    limit->rule = rule;
    CU_ASSERT_TRUE(oc_metric_parse(&limit->metric, "tx.pay", 6));
    oc_limits limits = {.limits = limit, .limit_count = 1};
    OC_ASSERT_OK(oc_judge(&judged, samples, &limits));
    CU_ASSERT_EQUAL_FATAL(judged.judgement_count, 1);
    oc_judgement one = judged.judgements[0];
    oc_judged_free(&judged);
    return one;
}

static const oc_decision_rule percentile = {.id = "DR2", .confidence = 0.95, .minimum_n = 59, .has_guard = true};
static const oc_decision_rule maximum = {
    .id = "DR1", .is_max = true, .confidence = 0.95, .minimum_n = 59, .has_guard = true};

static void percentiles_are_decided_by_their_bounds(void)
{
    static const struct {
        unsigned n, slow;
        enum oc_latency_verdict verdict;
        enum oc_latency_why why;
    } rows[] = {
        {59, 0, OC_LATENCY_PASS, OC_LATENCY_DECIDED},   {58, 0, OC_LATENCY_INCONCLUSIVE, OC_LATENCY_FEW},
        {400, 4, OC_LATENCY_PASS, OC_LATENCY_DECIDED},  {400, 20, OC_LATENCY_INCONCLUSIVE, OC_LATENCY_BETWEEN},
        {400, 60, OC_LATENCY_FAIL, OC_LATENCY_DECIDED}, {20, 20, OC_LATENCY_INCONCLUSIVE, OC_LATENCY_FEW},
        {60, 60, OC_LATENCY_FAIL, OC_LATENCY_DECIDED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_limit limit = {.statistic = "p95", .p = 0.95};
        oc_samples *samples = samples_of(rows[i].n, rows[i].slow, 700, 0);
        oc_judgement one = judge_one(samples, &limit, &percentile);
        CU_ASSERT_EQUAL(one.verdict, rows[i].verdict);
        CU_ASSERT_EQUAL(one.why, rows[i].why);
        oc_samples_free(&samples);
    }
}

/* As many more as are said to be needed are enough. */
static void it_says_how_many_more(void)
{
    oc_limit limit = {.statistic = "p95", .p = 0.95};
    oc_samples *samples = samples_of(50, 0, 700, 0);
    oc_judgement one = judge_one(samples, &limit, &percentile);
    CU_ASSERT_EQUAL(one.more, 9);
    oc_samples_free(&samples);
    samples = samples_of(100, 2, 700, 0);
    one = judge_one(samples, &limit, &percentile);
    CU_ASSERT_EQUAL(one.verdict, OC_LATENCY_INCONCLUSIVE);
    CU_ASSERT_FATAL(one.more > 0 && one.more < 400);
    oc_samples *enough = samples_of(100 + (unsigned)one.more, (100 + (unsigned)one.more) * 2 / 100, 700, 0);
    CU_ASSERT_EQUAL(judge_one(enough, &limit, &percentile).verdict, OC_LATENCY_PASS);
    oc_samples_free(&enough);
    oc_samples_free(&samples);
}

static void a_maximum_is_a_maximum(void)
{
    oc_limit limit = {.statistic = "max", .p = 1};
    oc_samples *samples = samples_of(58, 0, 700, 0);
    oc_judgement one = judge_one(samples, &limit, &maximum);
    CU_ASSERT_EQUAL(one.why, OC_LATENCY_FEW);
    CU_ASSERT_EQUAL(one.more, 1);
    oc_samples_free(&samples);
    samples = samples_of(59, 0, 700, 0);
    CU_ASSERT_EQUAL(judge_one(samples, &limit, &maximum).verdict, OC_LATENCY_PASS);
    oc_samples_free(&samples);
    samples = samples_of(10, 1, 700, 0); /* one stall is enough */
    CU_ASSERT_EQUAL(judge_one(samples, &limit, &maximum).verdict, OC_LATENCY_FAIL);
    oc_samples_free(&samples);
}

/* The empty exchange takes up to 1,999 ns, p99.9 1,998; 100 ppm of 400 ms are 40,000 ns. */
static void what_lies_within_u_stays_open(void)
{
    oc_limit limit = {.statistic = "max", .p = 1};
    oc_samples *samples = samples_of(100, 1, 400, 0); /* 400 ms and less than 100 ns */
    oc_judgement one = judge_one(samples, &limit, &maximum);
    CU_ASSERT_DOUBLE_EQUAL(one.guard_ns, 1998 + 40000, 0.5);
    CU_ASSERT_EQUAL(one.verdict, OC_LATENCY_FAIL);
    oc_samples_free(&samples);
    samples = samples_of(60, 0, 700, 0); /* at most 100 ms and 59 ns */
    oc_limits limits = {.limits = &limit, .limit_count = 1};
    oc_judged judged;
    limit = (oc_limit){
        .id = "l", .scope = "tx.pay", .statistic = "max", .p = 1, .ns = 100.0 * MS + 100, .rule = &maximum};
    CU_ASSERT_TRUE(oc_metric_parse(&limit.metric, "tx.pay", 6));
    OC_ASSERT_OK(oc_judge(&judged, samples, &limits));
    CU_ASSERT_EQUAL(judged.judgements[0].verdict, OC_LATENCY_INCONCLUSIVE);
    CU_ASSERT_EQUAL(judged.judgements[0].why, OC_LATENCY_BETWEEN);
    CU_ASSERT_TRUE(oc_judged_undecided(&judged) && !oc_judged_missed(&judged));
    oc_judged_free(&judged);
    oc_decision_rule simple = maximum;
    simple.has_guard = false;
    limit.rule = &simple;
    OC_ASSERT_OK(oc_judge(&judged, samples, &limits));
    CU_ASSERT_EQUAL(judged.judgements[0].verdict, OC_LATENCY_PASS);
    oc_judged_free(&judged);
    oc_samples_free(&samples);
}

static void an_unknown_clock_decides_nothing(void)
{
    oc_samples *samples = NULL;
    oc_limit limit = {.statistic = "max", .p = 1};
    OC_ASSERT_OK(oc_samples_new(&samples));
    for (unsigned i = 0; i < 100; i++) {
        OC_ASSERT_OK(oc_samples_add(samples, "p", OC_SERIES_FLOW, "FLOW.PAY", 900ull * MS));
        OC_ASSERT_OK(oc_samples_add(samples, "p", OC_SERIES_EMPTY, "empty exchange", 1));
    }
    OC_ASSERT_OK(oc_samples_finish(samples));
    oc_judgement one = judge_one(samples, &limit, &maximum);
    CU_ASSERT_EQUAL(one.verdict, OC_LATENCY_INCONCLUSIVE);
    CU_ASSERT_EQUAL(one.why, OC_LATENCY_CLOCK);
    oc_samples_free(&samples);
}

static void budgets_are_limits_of_the_house(void)
{
    static const struct {
        unsigned n, slow;
        bool missed;
        enum oc_latency_verdict verdict;
    } rows[] = {{1, 1, false, OC_LATENCY_INCONCLUSIVE}, /* one slow run decides nothing */
                {19, 19, false, OC_LATENCY_INCONCLUSIVE},
                {20, 20, true, OC_LATENCY_FAIL},
                {299, 0, false, OC_LATENCY_PASS},
                {298, 0, false, OC_LATENCY_INCONCLUSIVE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_samples *samples = samples_of(rows[i].n, rows[i].slow, 700, 400u * MS);
        oc_judged judged;
        OC_ASSERT_OK(oc_judge(&judged, samples, NULL));
        CU_ASSERT_EQUAL_FATAL(judged.judgement_count, 1);
        CU_ASSERT_TRUE(judged.judgements[0].is_budget);
        CU_ASSERT_EQUAL(judged.judgements[0].verdict, rows[i].verdict);
        CU_ASSERT_EQUAL(oc_judged_missed(&judged), rows[i].missed);
        CU_ASSERT_FALSE(oc_judged_undecided(&judged));
        oc_judged_free(&judged);
        oc_samples_free(&samples);
    }
}

static void thresholds_are_compared_plainly(void)
{
    static const struct {
        const char *text;
        bool holds;
    } rows[] = {
        {"tx.pay:p(90)<101ms", true},          {"tx.pay:p(91)<101ms", false}, {"tx.pay:max<0.8s", true},
        {"tx.pay:avg>=160ms", true},           {"tx.pay:avg<160ms", false},   {"function.idodebit:min>99ms", false},
        {"function.idodebit:min<=99ms", true}, {"tx.nobody:max<1s", false}};
    oc_samples *samples = samples_of(100, 10, 700, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_limits limits = {0};
        oc_judged judged;
        OC_ASSERT_OK(oc_limits_threshold(&limits, rows[i].text, NULL));
        OC_ASSERT_OK(oc_judge(&judged, samples, &limits));
        CU_ASSERT_EQUAL_FATAL(judged.result_count, 1);
        CU_ASSERT_EQUAL(judged.results[0].holds, rows[i].holds);
        CU_ASSERT_EQUAL(oc_judged_missed(&judged), !rows[i].holds);
        oc_judged_free(&judged);
        oc_limits_free(&limits);
    }
    oc_samples_free(&samples);
}

static void warm_up_is_noticed(void)
{
    oc_samples *samples = NULL;
    uint64_t first = 0;
    uint64_t rest = 0;
    OC_ASSERT_OK(oc_samples_new(&samples));
    for (unsigned i = 0; i < 100; i++) {
        OC_ASSERT_OK(oc_samples_add(samples, "p", OC_SERIES_CLASS, "warming", i < 10 ? 120 : 100));
        OC_ASSERT_OK(oc_samples_add(samples, "p", OC_SERIES_CLASS, "even", i < 10 ? 110 : 100));
        if (i < 49) {
            OC_ASSERT_OK(oc_samples_add(samples, "p", OC_SERIES_CLASS, "few", i < 10 ? 500 : 100));
        }
    }
    OC_ASSERT_OK(oc_samples_finish(samples));
    for (size_t i = 0; i < oc_samples_count(samples); i++) {
        const oc_series *series = oc_samples_at(samples, i);
        CU_ASSERT_EQUAL(oc_series_warms_up(series, &first, &rest), strcmp(series->name, "warming") == 0);
    }
    oc_samples_free(&samples);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"samples are those that count", samples_are_those_that_count},
        {"percentiles are decided by their bounds", percentiles_are_decided_by_their_bounds},
        {"it says how many more", it_says_how_many_more},
        {"a maximum is a maximum", a_maximum_is_a_maximum},
        {"what lies within U stays open", what_lies_within_u_stays_open},
        {"an unknown clock decides nothing", an_unknown_clock_decides_nothing},
        {"budgets are limits of the house", budgets_are_limits_of_the_house},
        {"thresholds are compared plainly", thresholds_are_compared_plainly},
        {"warm-up is noticed", warm_up_is_noticed},
        {NULL, NULL},
    };
    return oc_test_main("latency judge", rows);
}
