/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_JUDGE_H
#define OC_REPORTS_LATENCY_JUDGE_H

#include "reports/latency/limits.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Decisions on series by the rules of a limits profile (limits.xsd), on budgets by a rule of the house, and on
 * thresholds by plain comparison. A decision on latency is no verdict on a case. */

enum oc_latency_verdict { OC_LATENCY_PASS, OC_LATENCY_FAIL, OC_LATENCY_INCONCLUSIVE };
/* "PASS", "FAIL", "INCONCLUSIVE". */
const char *oc_latency_verdict_name(enum oc_latency_verdict verdict);

enum oc_latency_why {
    OC_LATENCY_DECIDED,
    OC_LATENCY_NO_SAMPLES,  /* nothing that the limit names was measured */
    OC_LATENCY_FEW,         /* fewer than the rule wants, or than a bound exists for */
    OC_LATENCY_BETWEEN,     /* the bounds lie on both sides of the limit less U */
    OC_LATENCY_CLOCK,       /* the machine's clock source is slow, or nobody knows it */
    OC_LATENCY_NO_NULL_CARD /* U is to be measured and was not */
};
/* "decided", "no-samples", ... */
const char *oc_latency_why_name(enum oc_latency_why why);

typedef struct oc_judgement {
    const oc_limit *limit;
    const oc_series *series; /* NULL with OC_LATENCY_NO_SAMPLES */
    bool is_budget;          /* the limit is one that the case states */
    enum oc_latency_verdict verdict;
    enum oc_latency_why why;
    double guard_ns;      /* U */
    uint64_t observed_ns; /* the statistic by nearest rank */
    uint64_t lower_ns;    /* one-sided confidence bounds; 0: none */
    uint64_t upper_ns;
    size_t more; /* samples that are probably still needed to decide; 0: not known */
} oc_judgement;

typedef struct oc_threshold_result {
    const oc_threshold *threshold;
    const oc_series *series; /* NULL: nothing that it names was measured */
    double value_ns;
    bool holds;
} oc_threshold_result;

typedef struct oc_judged {
    oc_arena arena;
    oc_judgement *judgements; /* limits in the order of the profile, then budgets */
    size_t judgement_count;
    size_t judgement_room;
    oc_threshold_result *results;
    size_t result_count;
    size_t result_room;
} oc_judged;

/* All limits, thresholds and budgets on all series that they name. `limits` may be NULL; it and `samples` outlive `out`.
 * Samples are finished. */
OC_MUST_USE oc_result oc_judge(oc_judged *out, const oc_samples *samples, const oc_limits *limits);
void oc_judged_free(oc_judged *judged);

/* Whether a limit, budget or threshold was missed; whether a limit of the profile could not be decided. */
bool oc_judged_missed(const oc_judged *judged);
bool oc_judged_undecided(const oc_judged *judged);

/* U at a limit: the 99.9th percentile of the pass's empty exchange, and the clock's deviation times the limit. False
 * when the empty exchange was not measured. */
bool oc_judge_guard(const oc_samples *samples, const char *pass, double limit_ns, double *guard_ns);

#ifdef __cplusplus
}
#endif
#endif
