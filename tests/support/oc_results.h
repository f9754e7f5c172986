/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SUPPORT_OC_RESULTS_H
#define OC_TESTS_SUPPORT_OC_RESULTS_H

#include "sim/base/arena.h"

/* What a result.xml says, for tests: without the project's own record code in between. */
typedef struct oc_result_case {
    const char *id;
    const char *pass;
    const char *verdict;
    const char *reason;       /* "" for PASS */
    const char *requirements; /* joined by blanks */
    const char *deciding;     /* requirement of the evidence, or "" */
    const char *exchanges;    /* commands and responses, one a line, without times */
} oc_result_case;

typedef struct oc_results {
    oc_arena arena;
    oc_result_case *at;
    size_t count;
    int exit_code; /* as the record has it */
    bool interrupted;
} oc_results;

/* Aborts the test program when FOLDER/result.xml is not there or not well-formed. */
void oc_results_load(oc_results *results, const char *folder);
void oc_results_free(oc_results *results);

/* NULL when there is none. `pass` NULL: the first of that id. */
const oc_result_case *oc_results_find(const oc_results *results, const char *pass, const char *id);
size_t oc_results_count(const oc_results *results, const char *verdict);
static inline bool oc_result_case_is(const oc_result_case *one, const char *verdict)
{
    return one != NULL && strcmp(one->verdict, verdict) == 0;
}

#endif
