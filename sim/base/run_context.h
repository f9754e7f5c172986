/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_RUN_CONTEXT_H
#define OC_BASE_RUN_CONTEXT_H

#include "sim/base/clock.h"
#include "sim/base/random.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Time and randomness of one case. Everything in it follows from the run's seed and the case's id, so that order,
 * shards and parallel workers change nothing. A value. */
typedef struct oc_run_context {
    uint64_t seed; /* of the run */
    char case_id[96];
    oc_clock clock; /* simulated; moves only when a case says so */
} oc_run_context;

static inline oc_run_context oc_run_context_of(uint64_t seed, const char *case_id)
{
    oc_run_context context = {.seed = seed, .clock = oc_clock_default()};
    size_t len = strlen(case_id);
    len = len < sizeof context.case_id ? len : sizeof context.case_id - 1;
    memcpy(context.case_id, case_id, len);
    return context;
}

/* The random source of one purpose within the case: a let's id, or an actor's name. Label: case id, '/', purpose. */
static inline void oc_run_context_random(const oc_run_context *context, const char *purpose, oc_random *out)
{
    char label[sizeof((oc_random *)0)->label];
    size_t used = 0;
    for (const char *c = context->case_id; *c != '\0' && used + 1 < sizeof label; c++) {
        label[used++] = *c;
    }
    if (used + 1 < sizeof label) {
        label[used++] = '/';
    }
    for (const char *c = purpose; *c != '\0' && used + 1 < sizeof label; c++) {
        label[used++] = *c;
    }
    label[used] = '\0';
    oc_random_init(out, context->seed, label);
}

#ifdef __cplusplus
}
#endif
#endif
