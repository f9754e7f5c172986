/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_CALL_RUN_H
#define OC_CONFORMANCE_RUN_CALL_RUN_H

#include "conformance/run/case_run.h"

/* Private to the executor: <call> and <prompt> steps. */

/* Calls the function of the running step. *made is false after a breach of the terminal under test, with `evidence`. */
OC_MUST_USE oc_result oc_call_make(oc_case_run *run, const oc_fields *args, oc_fields *answer, bool *made,
                                   oc_outcome_evidence *evidence, oc_diag *diag);

/* Asks an operator, where one works the terminal. */
OC_MUST_USE oc_result oc_call_prompt(oc_case_run *run, oc_diag *diag);

/* Whether the terminal under test offers all functions that the case calls; *missing: one that it does not. */
bool oc_call_all_there(const oc_world *world, const oc_case *subject, const char **missing);

/* Ends the case of the terminal under test: what it left behind worsens the outcome. */
void oc_call_end(oc_case_run *run);

/* Evidence of a breach by `what`, instead of which `expected` should have come; static texts. */
void oc_call_tell(const oc_case_run *run, const char *what, const char *expected, const oc_breach *breach,
                  oc_outcome_evidence *evidence);

/* A breach is the terminal's failure, whatever the requirement rests on. */
void oc_call_conclude(oc_case_run *run, const oc_outcome_evidence *evidence);

#endif
