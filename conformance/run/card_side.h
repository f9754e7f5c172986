/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_CARD_SIDE_H
#define OC_CONFORMANCE_RUN_CARD_SIDE_H

#include "conformance/run/exchange_log.h"
#include "conformance/run/fault.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A virtual card as a terminal under test finds it: faults strike what the terminal sends, and each
 * exchange is noted where it is answered, whichever way it came. Called by a reader's thread, under the
 * reader's lock; what its owner does with it, he does under that lock too. Filled by the owner. */
typedef struct oc_card_side {
    const char *actor; /* "card", "psam"; static */
    oc_endpoint card;
    oc_fault *fault;
    oc_exchange_log *log;

    /* Between the terminal's calls the card is the harness's: a reset that a reader makes then, because a client ended
     * or power is saved, waits until the next call. */
    bool is_lent;
    bool reset_waits;
    bool is_lost;  /* it left an exchange without an answer, or gave an altered ATR: a reader gives it up */
    oc_buf answer; /* reused */
    oc_buf atr;    /* of the last reset */
    oc_diag ignored;
} oc_card_side;

/* `side` is borrowed. A fault that leaves an exchange without an answer is GONE, or TIMEOUT after OC_CARD_SIDE_MUTE_MS:
 * a reader gives up then, and does not wait for ever. */
oc_endpoint oc_card_side_endpoint(oc_card_side *side);

/* About as long as a reader waits for a T=0 card that is mute: the default work waiting time of ISO/IEC 7816-3 10.2,
 * 9600 etu at 9600 bit/s. */
#define OC_CARD_SIDE_MUTE_MS 1000

/* The terminal's turn begins or ends. Where a reset waits, or `fresh`, the card is reset cold at the begin: whatever was
 * done with it in between is gone, as its power session is. */
OC_MUST_USE oc_result oc_card_side_lend(oc_card_side *side, bool fresh);
void oc_card_side_take_back(oc_card_side *side);
void oc_card_side_free(oc_card_side *side);

#ifdef __cplusplus
}
#endif
#endif
