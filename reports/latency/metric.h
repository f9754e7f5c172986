/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_METRIC_H
#define OC_REPORTS_LATENCY_METRIC_H

#include "reports/latency/samples.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How thresholds and limits name series:
 *
 *     METRIC    = KIND "." NAME
 *     KIND      = "tx" | "flow" | "step" | "class" | "function" | "part" | "empty"      tx and flow are the same
 *     NAME      = the series' name, "*" for any run of characters, "?" for any one
 *
 * Names are compared without regard to case; whatever is no letter, digit or dot counts as one "_". Of a flow or step
 * the beginning "FLOW." may be left out: tx.aut-3.login, class.read_record, function.ireadcardbas, part.*_own. */
typedef struct oc_metric {
    enum oc_series_kind kind;
    char name[160]; /* as it is compared */
} oc_metric;

/* `len` bytes of `text`; false when it is none. */
bool oc_metric_parse(oc_metric *out, const char *text, size_t len);
bool oc_metric_matches(const oc_metric *metric, const oc_series *series);

/* One condition in the manner of k6:
 *
 *     THRESHOLD = METRIC ":" STATISTIC OPERATOR NUMBER [UNIT]
 *     STATISTIC = "min" | "med" | "avg" | "max" | "p(" PERCENT ")"         percentiles by nearest rank
 *     OPERATOR  = "<" | "<=" | ">" | ">="
 *     UNIT      = "ns" | "us" | "ms" | "s"                                 ms where it is left out
 *
 * as in tx.read_basic:p(95)<400ms. Blanks may stand around the operator. It holds when it holds for every series that
 * the metric names, in every pass; it does not hold when there is none. */
enum oc_threshold_statistic { OC_THRESHOLD_MIN, OC_THRESHOLD_AVG, OC_THRESHOLD_MAX, OC_THRESHOLD_QUANTILE };
enum oc_threshold_operator { OC_THRESHOLD_LESS, OC_THRESHOLD_AT_MOST, OC_THRESHOLD_MORE, OC_THRESHOLD_AT_LEAST };
typedef struct oc_threshold {
    const char *text; /* as it was given; borrowed */
    oc_metric metric;
    enum oc_threshold_statistic statistic;
    double p; /* of a quantile, 0 to 1 */
    enum oc_threshold_operator operation;
    double ns;
} oc_threshold;

/* USAGE with what is wrong and where. */
OC_MUST_USE oc_result oc_threshold_parse(oc_threshold *out, const char *text, oc_diag *diag);
/* The value of the series, nanoseconds, and whether the condition holds for it. The series has samples. */
bool oc_threshold_holds(const oc_threshold *threshold, const oc_series *series, double *value_ns);

/* Nanoseconds in one "ns", "us", "ms", "s"; 0 for any other text. */
double oc_unit_ns(const char *unit);

#ifdef __cplusplus
}
#endif
#endif
