/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_LIMITS_H
#define OC_REPORTS_LATENCY_LIMITS_H

#include "reports/latency/metric.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Limits of latency with the rules to decide by, from a profile (limits.xsd) or from the copy in a record, and the
 * thresholds that stand beside them there. */

enum oc_limit_status { OC_LIMIT_NORMATIVE, OC_LIMIT_GUIDANCE, OC_LIMIT_HOUSE, OC_LIMIT_UNCONFIRMED };
/* "normative", ... */
const char *oc_limit_status_name(enum oc_limit_status status);

typedef struct oc_decision_rule {
    const char *id;
    bool is_max; /* else a percentile */
    double confidence;
    size_t minimum_n;
    bool has_guard; /* U is measured; else 0 by choice */
    bool any_clock;
} oc_decision_rule;

typedef struct oc_limit {
    const char *id;
    const char *scope;
    oc_metric metric;
    const char *statistic; /* "max", "p95" */
    double p;              /* of a percentile */
    const char *value;     /* as written, with its unit beside it */
    const char *unit;
    double ns;
    const oc_decision_rule *rule;
    const char *source;
    const char *clause; /* or NULL */
    enum oc_limit_status status;
    const char *title_zh; /* or NULL */
    const char *title_en;
} oc_limit;

typedef struct oc_limits {
    oc_arena arena;
    const char *id;   /* of the profile, or NULL when there is none */
    const char *file; /* its name without folders */
    const char *sha256;
    const char *title_zh; /* or NULL */
    const char *title_en;
    oc_decision_rule *rules;
    size_t rule_count;
    oc_limit *limits;
    size_t limit_count;
    oc_threshold *thresholds;
    size_t threshold_count;
} oc_limits;

/* Zero-initialise `out`; it keeps the thresholds that it has. FORMAT with file, line and reason. */
OC_MUST_USE oc_result oc_limits_load(oc_limits *out, const char *path, oc_diag *diag);
/* <limits> of a record's head. */
OC_MUST_USE oc_result oc_limits_take(oc_limits *out, const xmlNode *limits, oc_diag *diag);
OC_MUST_USE oc_result oc_limits_threshold(oc_limits *out, const char *text, oc_diag *diag);
/* The <limits> element that a record keeps, with a closing NUL. */
OC_MUST_USE oc_result oc_limits_fragment(oc_buf *out, const oc_limits *limits);
/* Also after zero-initialisation only. */
void oc_limits_free(oc_limits *limits);

#ifdef __cplusplus
}
#endif
#endif
