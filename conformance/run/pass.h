/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_PASS_H
#define OC_CONFORMANCE_RUN_PASS_H

#include <pthread.h>

#include "conformance/run/execute.h"
#include "conformance/run/runner.h"

/* Private to the runner: one card over one link. */

/* What each case of a pass came to, to compare passes afterwards. */
typedef struct oc_tally {
    const char *id; /* borrowed from the vectors */
    enum oc_verdict verdict;
    char why[160]; /* for cases that were not judged */
} oc_tally;

typedef struct oc_pass {
    const oc_run_options *options;
    const oc_plan *plan;
    const oc_catalogue *catalogue;
    oc_record *record;
    oc_world_plan world_plan;
    char id[OC_PASS_ID_MAX];
    oc_mask *mask;
    oc_tally *tallies;
    size_t tally_count;
    size_t *done; /* over all passes */
    size_t planned;
    bool leaves_host; /* the profile's first link has tried the cases of oc_plan_is_of_host */

    pthread_mutex_t lock;
    size_t next_unit;
    unsigned link_failures; /* in a row */
    const char *stopped;    /* why the rest is not run, or NULL */
    oc_result error;        /* of the record */
    oc_diag *diag;
} oc_pass;

/* Runs the pass: calibration, sanity, all units, sanity. `pass->world_plan` is filled. */
OC_MUST_USE oc_result oc_pass_run(oc_pass *pass);
void oc_pass_free(oc_pass *pass);

/* Sorted durations of `count` exchanges with a card that always answers 9000, over the pass's transport: what the
 * link and the harness themselves cost. Fills nothing for transports that cannot be had twice. */
OC_MUST_USE oc_result oc_calibrate(const oc_world_plan *plan, uint64_t *samples, size_t room, size_t *count,
                                   oc_diag *diag);

#endif
