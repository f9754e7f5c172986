/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_BATCH_INTERNAL_H
#define OC_CONFORMANCE_ACCEPT_BATCH_INTERNAL_H

#include "conformance/accept/batch.h"
#include "conformance/accept/checks.h"
#include "conformance/run/mask.h"

/* Private to the sources called batch_. */

/* What tells a card from any other: looked up to find one that came twice. */
typedef struct oc_seen_card {
    const char *label;
    oc_span number;  /* SSSE/EF05/07 */
    oc_span card_id; /* SSSE/EF05/01 */
    oc_span factor;  /* last 8 bytes of the ATR */
} oc_seen_card;

typedef struct oc_batch_run_state {
    const oc_batch_options *options;
    oc_batch *batch;
    oc_record *record;
    oc_diag *diag;
    oc_crypto *crypto;
    oc_mask *mask; /* of the batch's profile: for what is sent before a card is known */
    oc_seen_card *seen;
    size_t seen_count, seen_room;
} oc_batch_run_state;

/* Looks at one card, from reading to record. */
OC_MUST_USE oc_result oc_batch_look_at(oc_batch_run_state *state, oc_link *link, const oc_spec *spec);

/* The suite of the batch itself: lines never presented, verdict on the lot. */
OC_MUST_USE oc_result oc_batch_conclude(oc_batch_run_state *state);

/* Writes a finding into the record's pass; `line` is the order's. */
OC_MUST_USE oc_result oc_batch_record(oc_batch_run_state *state, const char *pass, long line,
                                      const oc_finding *finding);
/* A new card of the batch; NULL when memory is out. */
oc_batch_card *oc_batch_card_add(oc_batch *batch);
/* Counts a verdict about the card, and keeps it for the sheet where it is worth telling. */
void oc_batch_card_note(oc_batch *batch, oc_batch_card *card, const oc_batch_note *note, unsigned item);

#endif
