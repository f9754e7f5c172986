/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_EXECUTE_H
#define OC_CONFORMANCE_RUN_EXECUTE_H

#include "conformance/dialect/catalogue.h"
#include "conformance/record/outcome.h"
#include "conformance/run/events.h"
#include "conformance/run/ics.h"
#include "conformance/run/mask.h"
#include "conformance/run/waivers.h"
#include "conformance/run/world.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is the same for all cases of a worker. */
typedef struct oc_executor {
    oc_world *world;
    const oc_catalogue *catalogue;
    const oc_mask *mask;
    const char *pass;          /* "ssc-3.0/inproc" */
    uint64_t seed;             /* of the run */
    oc_events *events;         /* or NULL */
    const oc_ics *ics;         /* what is declared of who is under test; or NULL */
    const oc_waivers *waivers; /* or NULL */
    unsigned allowed;          /* touches admitted on a foreign card */
    oc_arena spare;            /* wiped, for the next outcome; free it in the end with oc_arena_free */
} oc_executor;

/* Runs one case and fills *outcome whatever happens; free it with oc_outcome_free. `twin_verdict` is that of the
 * positive twin for a negative, and is ignored otherwise. */
void oc_execute(oc_executor *executor, const oc_case *subject, enum oc_verdict twin_verdict, oc_outcome *outcome);

/* Frees an outcome in the end; its memory, wiped, is for the next one. */
void oc_execute_done(oc_executor *executor, oc_outcome *outcome);

/* Runs one case in a world that replays: it is judged again as it was judged then, whatever its condition says. */
void oc_execute_recorded(oc_executor *executor, const oc_case *subject, oc_outcome *outcome);

/* Puts right what a case of an earlier run left changed on a foreign card, and fills *outcome as oc_execute does; PASS
 * when it is done. */
void oc_execute_restore(oc_executor *executor, const oc_case *subject, const oc_fields *captures, oc_outcome *outcome);

/* An outcome for a case that is not run at all. */
void oc_execute_skip(const oc_executor *executor, const oc_case *subject, enum oc_verdict verdict, const char *reason,
                     oc_outcome *outcome);

#ifdef __cplusplus
}
#endif
#endif
