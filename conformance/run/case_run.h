/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_CASE_RUN_H
#define OC_CONFORMANCE_RUN_CASE_RUN_H

#include "conformance/run/execute.h"
#include "conformance/run/judge.h"
#include "conformance/run/trace.h"

/* Private to the executor: one case while its steps run. */
typedef struct oc_case_run {
    oc_executor *executor;
    const oc_case *subject;
    oc_outcome *outcome;
    oc_trace *trace;
    oc_fields captures;
    oc_buf value; /* of the running step, while it is made ready; kept for the next one, as the next is */
    oc_buf answer;
    oc_scope scope;
    oc_judge judge;
    const char *phase;                /* "steps" or "restore" */
    const oc_step *step;              /* running */
    size_t at;                        /* its index */
    const char *note;                 /* of the running step, for the trace */
    const oc_outcome_answer *answers; /* of the running step, where somebody under test gave them */
    size_t answer_count;
    const char *latency_class; /* of the running step */
    bool link_failed;          /* in this case, at any step */
    bool unsettled;            /* noted as one that has to put the card right */
    bool resumed;              /* restores for an earlier run, with what that one had captured */
    bool breached;             /* the terminal under test failed as such in the running step */
    oc_call_times times;       /* of the running step's call to the terminal under test */
    bool unpowered;            /* a fault left a card without power at the end of the steps */
} oc_case_run;

/* Runs steps, then restore steps. */
void oc_case_run_all(oc_case_run *run);

/* Runs the restore steps alone, with what the case had captured: for one that was begun by an earlier run. */
void oc_case_run_restore(oc_case_run *run, const oc_fields *captures);

/* Runs one step: sends, judges, captures. *fits is false after a mismatch, with `evidence`. */
OC_MUST_USE oc_result oc_step_run(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag);

/* The fault for which the step failed, as it left it without an answer; or NULL. */
const oc_fault *oc_step_silenced_by(const oc_case_run *run, oc_result r);

#endif
