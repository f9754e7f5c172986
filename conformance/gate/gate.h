/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_GATE_GATE_H
#define OC_CONFORMANCE_GATE_GATE_H

#include <stdio.h>

#include "conformance/record/record.h"
#include "reports/latency/judge.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Limits, thresholds and budgets of latency at the end of a run: what they say of the exit code, and to a person. */

typedef struct oc_gate {
    oc_limits limits;
    oc_buf fragment; /* <limits> for the record; empty when neither limits nor thresholds were given */
    oc_samples *samples;
    oc_judged judged;
} oc_gate;

/* `limits_path` may be NULL. Free with oc_gate_free, also after a failure. */
OC_MUST_USE oc_result oc_gate_load(oc_gate *out, const char *limits_path, const char *const *thresholds, size_t count,
                                   oc_diag *diag);
/* The same from what a record keeps: <limits> as oc_gate_fragment gives it, or NULL. */
OC_MUST_USE oc_result oc_gate_take(oc_gate *out, const char *fragment, oc_diag *diag);
/* For oc_run_info; NULL where there is nothing to keep. */
const char *oc_gate_fragment(const oc_gate *gate);
/* Judges what the record holds so far, before it is finished. `environment` is the <environment> element that the record
 * will have, or NULL for this machine's with `clock`. */
OC_MUST_USE oc_result oc_gate_judge(oc_gate *gate, const oc_record *record, const char *environment,
                                    const oc_environment_calibration *clock);
#define OC_GATE_MISSED 5    /* exit codes: something was missed */
#define OC_GATE_UNDECIDED 6 /* a limit stays undecided */
/* The exit code of a run whose cases gave `code`: 5 where something was missed, 6 where a limit stays undecided; any
 * other failure goes before (architecture: 1, 3, 4, 6 before 5). */
int oc_gate_exit_code(const oc_gate *gate, int code);
/* A line for each limit and threshold that was missed or stays undecided, one for budgets that were missed. */
void oc_gate_print(const oc_gate *gate, FILE *out);
void oc_gate_free(oc_gate *gate);

#ifdef __cplusplus
}
#endif

#endif
