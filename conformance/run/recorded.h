/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_RECORDED_H
#define OC_CONFORMANCE_RUN_RECORDED_H

#include "conformance/dut/terminal_dut.h"
#include "conformance/run/exchange_log.h"
#include "conformance/run/fault.h"
#include "conformance/run/mask.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One case of a result record, played back: card, PSAM and whoever was under test answer again what they answered
 * then, in that order. What is asked otherwise than it was then is FORMAT: the record cannot answer it. */

/* An exchange as it stands in the record. */
typedef struct oc_recorded_exchange {
    const char *actor;     /* "card", "psam" */
    const char *command;   /* masked, or "reset cold" */
    oc_span command_bytes; /* zeros where secrets are that nobody knows */
    oc_span response;      /* empty where none came */
    bool failed;
    const char *fault; /* what was done to it, or "" */
    uint64_t begin_ns; /* since the case began */
    uint64_t duration_ns;
    bool used; /* it was answered */
} oc_recorded_exchange;

typedef struct oc_recorded_step {
    const char *id;
    const char *kind;
    const char *phase;
    size_t first; /* of its exchanges */
    size_t count;
    oc_fields answers; /* of a call or message to somebody under test */
    oc_breach breach;  /* what he did instead of answering */
    bool has_answers;
    uint64_t duration_ns, card_ns, link_ns;
    oc_span value; /* of a let */
    bool has_value;
} oc_recorded_step;

typedef struct oc_recorded {
    oc_arena arena;
    const char *transport; /* of the pass */
    enum oc_protocol protocol;
    const oc_mask *mask; /* by which commands are compared; borrowed */
    oc_recorded_exchange *exchanges;
    size_t exchange_count;
    oc_recorded_step *steps;
    size_t step_count;
    size_t at_step;       /* the next to be looked for */
    oc_breach end_breach; /* what the one under test left when the case had ended */
    oc_fault *card_fault; /* of the world that plays it; borrowed */
    oc_fault *psam_fault;
    char unanswered[200]; /* the first that was asked and is not in the record; "" for nothing */
    size_t unknown_bytes; /* of answers, for which zeros stand: the record tells their number alone */
} oc_recorded;

void oc_recorded_free(oc_recorded *recorded);

/* The way to "card" or "psam" of whatever `*recorded` is at the time. The faults' texts and silence are set as they were;
 * an order that waits has struck when the record says so. All borrowed. */
OC_MUST_USE oc_result oc_recorded_link(oc_link **out, oc_recorded *const *recorded, const char *actor);

/* Whether the case used that card at all. */
bool oc_recorded_uses(const oc_recorded *recorded, const char *actor);

/* Whether it has a step of that id at all. */
bool oc_recorded_has(const oc_recorded *recorded, const char *id);
/* The next step of that id; NULL: the record has none. */
oc_recorded_step *oc_recorded_next(oc_recorded *recorded, const char *id, const char *phase);

/* What the one under test answered in the running step `id`; its exchanges with the cards go to `read`, which may be
 * NULL. FORMAT where the record has no such answer. */
OC_MUST_USE oc_result oc_recorded_answer(oc_recorded *recorded, const char *id, const char *phase, oc_fields *answer,
                                         oc_breach *breach, oc_exchange_log_reader *read, void *context,
                                         oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
