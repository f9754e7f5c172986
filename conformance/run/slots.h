/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_SLOTS_H
#define OC_CONFORMANCE_RUN_SLOTS_H

#include "sim/link/transports.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where a terminal under test finds the virtual card and PSAM: the two readers of a private pcscd, or a card server
 * with stand-in reader libraries. */
typedef struct oc_slots oc_slots;

enum oc_slot { OC_SLOT_CARD, OC_SLOT_PSAM };
#define OC_SLOT_COUNT 2

/* Serves the endpoints; one without an exchange function stays an empty slot. `self`s are borrowed. `pcscd` NULL: a
 * card server at `address` (NULL: a private one; sim/link/card_server.h). `contactless` is what the first reader says of itself. */
OC_MUST_USE oc_result oc_slots_start(oc_slots **out, const oc_endpoint cards[OC_SLOT_COUNT],
                                     const oc_private_pcscd *pcscd, const char *address, bool contactless,
                                     oc_diag *diag);
void oc_slots_stop(oc_slots **slots);

/* What a child needs to find them: "NAME=VALUE" texts with NULL at the end. Lives as long as the slots. */
const char *const *oc_slots_environment(const oc_slots *slots);
/* "pcsc" or "inproc". */
const char *oc_slots_via(const oc_slots *slots);

/* Keeps the reader's thread away from the card. */
void oc_slots_lock(oc_slots *slots, enum oc_slot slot);
void oc_slots_unlock(oc_slots *slots, enum oc_slot slot);

/* Puts the card into its reader, or takes it out, and waits until a client would see it. Of no effect where it is so
 * already. Not to be called with the lock. */
OC_MUST_USE oc_result oc_slots_present(oc_slots *slots, enum oc_slot slot, bool present, oc_diag *diag);
/* Waits until nobody is connected to a card, for a terminal whose process has ended: a daemon clears up after its clients
 * when it gets to it, and refuses the card until then. What is still in use after two seconds is somebody else's. */
OC_MUST_USE oc_result oc_slots_wait_free(const oc_slots *slots, oc_diag *diag);
/* The endpoint left an exchange without an answer, for which the reader has put the card out. */
void oc_slots_lost(oc_slots *slots, enum oc_slot slot);

#ifdef __cplusplus
}
#endif
#endif
