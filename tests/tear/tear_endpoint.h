/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_TEAR_TEAR_ENDPOINT_H
#define OC_TESTS_TEAR_TEAR_ENDPOINT_H

#include "sim/card/card.h"

/* Stands before a card. Each command that it passes on is first tried out on copies of the card, with power taken away
 * after 0, 1, 2, .. of the bytes that the command writes; then, for each, in the recovery that follows, after 0, 1, 2,
 * .. bytes of that. After power has come back the copy must be as the card was before the command or as it is after
 * it. One thing else is allowed: a try counter one lower than before, as a comparison is paid for before it is made. */
typedef struct oc_tear_endpoint {
    oc_card *card;
    oc_card *copy; /* of the same OS */
    uint64_t commands;
    uint64_t writing;    /* commands that wrote */
    uint64_t points;     /* tears in commands */
    uint64_t recoveries; /* tears in recoveries */
    uint64_t paid;       /* outcomes with the try paid */
    uint64_t violations;
    size_t recovery_step; /* every how many bytes of a recovery power fails too; 1: at each */
} oc_tear_endpoint;

oc_endpoint oc_tear_endpoint_of(oc_tear_endpoint *tear);

#endif
