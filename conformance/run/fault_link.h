/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_FAULT_LINK_H
#define OC_CONFORMANCE_RUN_FAULT_LINK_H

#include "conformance/dialect/suite.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the power of a virtual card is torn. The functions keep the card's thread out while they run. */
typedef struct oc_tearing {
    void *self;
    /* Power fails after so many more bytes written to non-volatile memory; answers the bytes written so far. */
    uint64_t (*arm)(void *self, uint32_t bytes);
    /* Takes it back; answers the bytes written so far. *torn: power failed since it was armed. */
    uint64_t (*disarm)(void *self, bool *torn);
} oc_tearing;

/* What a <fault> does to the exchanges with one card (vectors/README.md, "Faults"). It outlives the link, which may be
 * opened again. Zero-initialise. */
typedef struct oc_fault {
    oc_fault_order order; /* armed; kind NONE: nothing is */
    bool unpowered;       /* until the next reset */
    bool silent;          /* the last exchange had no answer, and a fault is why */
    char text[64];        /* what was done to the last exchange; "" for nothing */
    oc_tearing tearing;   /* arm NULL: the card cannot be torn */
} oc_fault;

/* The card's side of a link to a card that can be torn. While a tear is armed, a loss of power is noted and the link
 * goes on, as a reader outlives its card. */
typedef struct oc_torn_card {
    oc_endpoint card;
    bool armed;
    bool torn;
} oc_torn_card;

/* `card` is borrowed. */
oc_endpoint oc_torn_endpoint(oc_torn_card *card);

void oc_fault_arm(oc_fault *fault, const oc_fault_order *order);
/* Nothing is armed, and the card has power: for the beginning of a case, before the card is reset. */
void oc_fault_clear(oc_fault *fault);

/* A link on which faults strike. An exchange that one leaves without an answer is GONE or TIMEOUT, with
 * `fault->silent`. Takes `inner` over, also on failure; `fault` is borrowed. */
OC_MUST_USE oc_result oc_fault_link(oc_link **out, oc_link *inner, oc_fault *fault);

#ifdef __cplusplus
}
#endif
#endif
