/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_BATCH_LOOK_H
#define OC_CONFORMANCE_ACCEPT_BATCH_LOOK_H

#include "conformance/accept/batch_internal.h"

/* Private to batch_card.c and batch_match.c: one card while it is looked at. */
typedef struct oc_look_card {
    oc_batch_run_state *state;
    oc_batch_card *card;
    oc_link *link;
    const oc_spec *spec;
    const oc_spec *no_psam;
    oc_reading reading;
    oc_checked_card checked;
    oc_findings findings;
    oc_profile *expected;
    char pass[128];
    char title_en[128];
    char title_zh[160];
    bool link_lost;
} oc_look_card;

/* Finds the card's line in the order, and names card and pass after it. */
OC_MUST_USE oc_result oc_look_identify(oc_look_card *look);
/* Adds the finding that the card is in the order, and counts it for the sample. */
void oc_look_ordered(oc_look_card *look);
/* Adds the finding that no card before had its number, card id code or factor. */
OC_MUST_USE oc_result oc_look_once(oc_look_card *look);

#endif
