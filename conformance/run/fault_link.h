/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_FAULT_LINK_H
#define OC_CONFORMANCE_RUN_FAULT_LINK_H

#include "conformance/run/fault.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The card's side of a link to a card that can be torn. While a tear is armed, a loss of power is noted and the link
 * goes on, as a reader outlives its card. */
typedef struct oc_torn_card {
    oc_endpoint card;
    bool armed;
    bool torn;
    uint32_t delay_us; /* an answer leaves no sooner after its command came; 0: as soon as the card has it */
} oc_torn_card;

/* `card` is borrowed. */
oc_endpoint oc_torn_endpoint(oc_torn_card *card);

/* A link on which faults strike. An exchange that one leaves without an answer is GONE or TIMEOUT, with
 * `fault->silent`. Takes `inner` over, also on failure; `fault` is borrowed. */
OC_MUST_USE oc_result oc_fault_link(oc_link **out, oc_link *inner, oc_fault *fault);

#ifdef __cplusplus
}
#endif
#endif
