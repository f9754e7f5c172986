/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_TRACE_H
#define OC_CONFORMANCE_RUN_TRACE_H

#include "conformance/record/outcome.h"
#include "conformance/run/events.h"
#include "conformance/run/exchange_log.h"
#include "conformance/run/fault_link.h"
#include "conformance/run/mask.h"
#include "conformance/run/witness.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Collects the steps of one case and the exchanges that each caused, masked, into the outcome's arena. */
typedef struct oc_trace {
    oc_arena *arena; /* of the outcome */
    const oc_mask *mask;
    const oc_fault *card_fault; /* what was done to the last exchange with the card, and with the PSAM */
    const oc_fault *psam_fault;
    oc_witness *witness;    /* gets the exchanges unmasked; or NULL */
    oc_events *events;      /* or NULL, as the next two */
    const oc_outcome *head; /* whose pass and id the events name */
    const char *step;       /* the running one */
    uint64_t origin_ns;     /* when the case began */
    uint64_t end_ns;        /* of the last exchange */
    oc_outcome_step *steps; /* in the arena */
    size_t step_count;
    size_t step_room;
    oc_outcome_exchange *exchanges; /* of the open step */
    size_t exchange_count;
    size_t exchange_room;
    uint64_t exchange_ns; /* summed over the open step */
    bool card_failed;     /* the last exchange, which was the card's, had no answer, and no fault is why */
    bool psam_failed;     /* the same for the PSAM's */
    bool faulted;         /* a fault struck in the open step */
    bool failed;          /* memory ran out */
} oc_trace;

/* `steps`: so many are expected; more may come. */
void oc_trace_begin(oc_trace *trace, oc_arena *arena, size_t steps, const oc_mask *mask, const oc_fault *card_fault,
                    const oc_fault *psam_fault);
/* Hands the steps and their time to the outcome whose arena they lie in, and frees the rest: false when memory ran out
 * and they are not all there. */
OC_MUST_USE bool oc_trace_end(oc_trace *trace, oc_outcome *outcome);

/* Closes the open step and hands its exchanges to it. `step` is copied; its exchange fields are filled in, and its
 * duration where it is 0. */
void oc_trace_step(oc_trace *trace, const oc_outcome_step *step);
/* The same for a step that the record does without: it is told to the events alone. */
void oc_trace_pass_by(oc_trace *trace, const oc_outcome_step *step);

/* Observers for the links of the two cards; the context is the trace. */
void oc_trace_card(void *context, const oc_exchange *exchange);
void oc_trace_psam(void *context, const oc_exchange *exchange);
/* The same for what a terminal under test exchanged. */
void oc_trace_logged(oc_trace *trace, const oc_logged_exchange *one);

#ifdef __cplusplus
}
#endif
#endif
