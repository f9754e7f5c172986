/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_PAIRS_H
#define OC_REPORTS_PAIRS_H

#include "reports/requirements.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A requirement and a condition under which cases try it. Pairs are what coverage counts: cases that try the same
 * thing with other values are one. */
typedef struct oc_pair {
    size_t requirement; /* index in the requirements */
    const char *condition;
    size_t declared; /* cases of the vectors; 0: only a record knows it */
    oc_report_counts counts;
} oc_pair;

typedef struct oc_pairs {
    oc_arena arena;
    oc_pair *at;
    size_t count;
    size_t room;
    void *by_name; /* xmlHashTable */
} oc_pairs;

typedef struct oc_pair_sums {
    size_t declared;
    size_t run;    /* tried on a device */
    size_t passed; /* tried, and nothing against them */
} oc_pair_sums;

OC_MUST_USE oc_result oc_pairs_begin(oc_pairs *out);
void oc_pairs_free(oc_pairs *pairs);

/* A case of the vectors. */
OC_MUST_USE oc_result oc_pairs_declare(oc_pairs *pairs, size_t requirement, const char *condition);
/* A case of the record. `requirements` may grow. */
OC_MUST_USE oc_result oc_pairs_count_case(oc_pairs *pairs, oc_requirements *requirements, const oc_result_case *one);

/* Pairs of one requirement, or of all with OC_PAIRS_ALL. */
#define OC_PAIRS_ALL SIZE_MAX
oc_pair_sums oc_pairs_sum(const oc_pairs *pairs, size_t requirement);
/* By requirement, then by condition. Nothing may be added afterwards. */
void oc_pairs_sort(oc_pairs *pairs);

#ifdef __cplusplus
}
#endif
#endif
