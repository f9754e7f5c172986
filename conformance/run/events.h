/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_EVENTS_H
#define OC_CONFORMANCE_RUN_EVENTS_H

#include "conformance/record/outcome.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What happens in a run, as it happens: one JSON object a line, each written and flushed at once, masked as the record
 * is. The form is conformance/run/README.md. All functions accept NULL and then do nothing; any thread. What cannot be
 * written any more is left out: a full disk ends no run. */
typedef struct oc_events oc_events;

/* Begins the file anew. */
OC_MUST_USE oc_result oc_events_open(oc_events **out, const char *path, oc_diag *diag);
void oc_events_close(oc_events **events);

void oc_events_run_started(oc_events *events, const oc_run_info *info);
void oc_events_case_started(oc_events *events, const oc_outcome *head);
/* `step`: id of the running one, or NULL. */
void oc_events_exchange(oc_events *events, const oc_outcome *head, const char *step,
                        const oc_outcome_exchange *exchange);
void oc_events_step(oc_events *events, const oc_outcome *head, const oc_outcome_step *step);
void oc_events_verdict(oc_events *events, const oc_outcome *outcome, size_t done, size_t planned);
void oc_events_run_ended(oc_events *events, int exit_code, bool interrupted);

#ifdef __cplusplus
}
#endif
#endif
