/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_GUARDED_LINK_H
#define OC_CONFORMANCE_RUN_GUARDED_LINK_H

#include "conformance/run/interlock.h"
#include "conformance/run/sample_ledger.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of the tries of one foreign card, and what the present step means to do. It outlives the link, which
 * may be opened again. */
typedef struct oc_watch {
    oc_guard guard;
    bool wrong;               /* the running step presents what is meant to be refused */
    unsigned allowed;         /* enum oc_touch bits: lasting changes that may be made */
    oc_sample_ledger *ledger; /* what earlier runs left, or NULL; borrowed */
    /* The fingerprint of the secret that a presentation meant to be right holds, as far as PIN and keys of this run are
     * known; NULL, or false when it is not. */
    bool (*prove)(void *context, const oc_presentation *presentation, uint8_t proof[OC_GUARD_PROOF]);
    /* Tries of the full counter, 0 when not known; or NULL. */
    unsigned (*limit)(void *context, oc_guard_reference reference);
    void *context; /* of both */
} oc_watch;

/* A link that lets no command pass that could leave PIN or key with fewer than two tries, or change the card for good in
 * a way that is not allowed, whoever sends it: a step, the T=0 layer or a terminal function. UNAVAILABLE then, before
 * anything is sent. What a presentation may cost stands in the ledger before it is sent, so that a run that is killed
 * does not forget it. Before a PIN is presented for the first time, and where it seems to have few tries left, the card is
 * asked for their number (VERIFY without a body, ISO/IEC 7816-4 11.6.6). Takes `inner` over, also on failure; `watch` is borrowed. */
OC_MUST_USE oc_result oc_guarded_link(oc_link **out, oc_link *inner, oc_watch *watch);

#ifdef __cplusplus
}
#endif
#endif
