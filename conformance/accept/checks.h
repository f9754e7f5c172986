/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_CHECKS_H
#define OC_CONFORMANCE_ACCEPT_CHECKS_H

#include "conformance/accept/findings.h"
#include "conformance/accept/order.h"
#include "conformance/accept/reading.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One card, as far as it was read, beside the line of the order that is about it. */
typedef struct oc_checked_card {
    const oc_reading *reading;
    const oc_profile *profile; /* of the batch */
    const oc_order *order;
    const oc_order_line *line; /* NULL for a card that is not in the order */
    oc_findings *findings;
    bool reveal; /* evidence may hold what stands on the card */
    bool *equal; /* one for each place of the order: it was read and is as ordered */
} oc_checked_card;

/* Each adds the same findings for every card of a batch. */
void oc_check_order_data(oc_checked_card *card);
void oc_check_numbers(oc_checked_card *card);
void oc_check_structure(oc_checked_card *card);
void oc_check_records(oc_checked_card *card);

#ifdef __cplusplus
}
#endif
#endif
