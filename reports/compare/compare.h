/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_COMPARE_COMPARE_H
#define OC_REPORTS_COMPARE_COMPARE_H

#include <libxml/tree.h>
#include <stdio.h>

#include "reports/latency/difference.h"
#include "reports/latency/samples.h"
#include "reports/verdict.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A record beside an earlier one, its base: what broke, what was mended, what is no longer judged, what became slower.
 * A case is one id in one pass; of its repeats the worst verdict counts. */

typedef struct oc_compare_options {
    bool force;         /* also when the machines differ, on which the latency depends */
    bool verdicts_only; /* leave latency out: then machines may differ */
    bool subset;        /* the new run was of fewer cases on purpose: missing ones are no regression */
    double least_share; /* a change of latency counts when it is more than this share; 0: 0.05 */
    double least_ns;    /* and more than so many nanoseconds; 0: 50,000 */
} oc_compare_options;

/* Of the tests of latency: the rate of false discoveries, and one less the confidence of the intervals. */
#define OC_COMPARE_ALPHA 0.01

enum oc_case_change {
    OC_CASE_SAME,
    OC_CASE_BROKEN,   /* failed, is in error or undecided, and did not before, or is new */
    OC_CASE_MENDED,   /* the other way round */
    OC_CASE_CHANGED,  /* another verdict, neither of them bad, or both */
    OC_CASE_UNJUDGED, /* was judged before; is there, but was not run or does not apply */
    OC_CASE_MISSING,  /* is no longer there */
    OC_CASE_ADDED     /* was not there, and is not bad */
};
#define OC_CASE_CHANGES 7
/* "same", "broken", ... */
const char *oc_case_change_name(enum oc_case_change change);

typedef struct oc_compared_case {
    const char *pass;
    const char *id;
    bool in_base, in_new;
    enum oc_report_verdict base, now; /* where it is there */
    enum oc_case_change change;
} oc_compared_case;

enum oc_speed_change {
    OC_SPEED_SAME,
    OC_SPEED_SLOWER,
    OC_SPEED_FASTER,
    OC_SPEED_FEW /* too few samples on either side to say */
};
const char *oc_speed_change_name(enum oc_speed_change change);

typedef struct oc_compared_series {
    const oc_series *base;
    const oc_series *now;
    double p; /* Mann-Whitney, adjusted over all series (Benjamini-Hochberg) */
    oc_ratio p50;
    oc_ratio p95;
    enum oc_speed_change change;
} oc_compared_series;

typedef struct oc_comparison oc_comparison;

/* Reads both records. USAGE when the machines differ and neither force nor verdicts_only is set; else as
 * oc_record_read. */
OC_MUST_USE oc_result oc_compare(oc_comparison **out, const char *base_path, const char *new_path,
                                 const oc_compare_options *options, oc_diag *diag);
void oc_comparison_free(oc_comparison **comparison);

/* Something broke, is missing (but for a subset), or became slower. */
bool oc_comparison_regressed(const oc_comparison *comparison);
size_t oc_comparison_count(const oc_comparison *comparison, enum oc_case_change change);
size_t oc_comparison_speed_count(const oc_comparison *comparison, enum oc_speed_change change);
size_t oc_comparison_cases(const oc_comparison *comparison);
const oc_compared_case *oc_comparison_case(const oc_comparison *comparison, size_t index);
size_t oc_comparison_series_count(const oc_comparison *comparison);
const oc_compared_series *oc_comparison_series(const oc_comparison *comparison, size_t index);
/* The first thing in which the machines differ, as "cpu: A, B"; NULL when they do not. */
const char *oc_comparison_machines(const oc_comparison *comparison);
/* Whether the vectors and the suite are those of the base. */
bool oc_comparison_same_vectors(const oc_comparison *comparison);
const oc_compare_options *oc_comparison_options(const oc_comparison *comparison);

/* The comparison for a person ("en" or "zh"), and for programs (one JSON object). */
OC_MUST_USE oc_result oc_comparison_print(const oc_comparison *comparison, FILE *out, const char *lang);
OC_MUST_USE oc_result oc_comparison_json(const oc_comparison *comparison, FILE *out);

/* <comparison> of urn:onecard:report:1 below `parent`, for transforms/html-compare.xsl. At most OC_COMPARE_LISTED cases
 * of each kind are named, all are counted. Where the machines differ latency is left out, and that is said. */
#define OC_COMPARE_LISTED 200
OC_MUST_USE oc_result oc_compare_report(xmlNode *parent, const char *base_path, const char *new_path, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
