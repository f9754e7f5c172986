/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_OBSERVE_H
#define OC_CONFORMANCE_RUN_OBSERVE_H

#include "conformance/judge/match.h"
#include "conformance/record/outcome.h"
#include "conformance/run/case_run.h"

/* Judges the exchanges of earlier steps by the patterns of the running <observe>; what these take becomes captures of
 * the case. LIMIT where a flood hides what decides. */
OC_MUST_USE oc_result oc_observe_run(oc_case_run *run, bool *fits, oc_outcome_evidence *evidence, oc_diag *diag);

/* The evidence of a broken pattern: as it is written, and the exchange in question, masked. */
oc_outcome_evidence oc_observed_evidence(const oc_mask *mask, oc_arena *arena, const oc_observed *observed,
                                         const oc_session *session, const oc_raw_exchange *raw);

#endif
