/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_SESSION_H
#define OC_CONFORMANCE_ACCEPT_SESSION_H

#include "conformance/accept/checks.h"
#include "conformance/run/world.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What takes more than reading, each with its own care. */

/* Submission item 17: in each file that everybody may read and nobody may update without its key, the first record (or
 * byte) is read and written back as it is, with nothing presented. A card that keeps its rules refuses; one that does
 * not writes what it held before. Cyclic files are left out: there each write makes a new record. */
OC_MUST_USE oc_result oc_session_probes(oc_checked_card *card, oc_link *link, bool allowed, oc_diag *diag);

/* IRK and UK in the versions that the map names, IRK 1 in any case: internal authentication first, which costs no try.
 * Only where it shows that the provider's keys are this card's, each version of UK is presented once. `world` guards the
 * card; its key provider answers. */
OC_MUST_USE oc_result oc_session_keys(oc_checked_card *card, oc_world *world, const oc_map *map, uint64_t seed,
                                      oc_diag *diag);

/* The order's PIN, once, through the guarded link of `world`, and the files that it opens, into *reading (the card's).
 * Adds the finding on the PIN. */
OC_MUST_USE oc_result oc_session_pin(oc_checked_card *card, oc_reading *reading, oc_world *world, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
