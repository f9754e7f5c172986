/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_DRIVER_READERS_H
#define OC_TERMINAL_DRIVER_READERS_H

#include "sim/link/pcsc_list.h"
#include "sim/terminal/driver/settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where card and PSAM are. NULL: nowhere. Both lie in the list that they were chosen from. */
typedef struct oc_driver_slots {
    const oc_pcsc_reader *card;
    const oc_pcsc_reader *psam; /* NULL also when no PSAM is in it */
} oc_driver_slots;

/* Chooses by name where the settings give one. Without names, and without a command to any card, for a card is
 * addressed only in a call's own session (project choice): a reader whose name has "SAM" in it, or whose slot number,
 * the last two digits of a PC/SC name, is not 00, is a PSAM's; the card's is the first other one that holds a card, or
 * else the first other one; the PSAM's is the first PSAM reader that holds one, or else the next after the card's that
 * does. `type` is iType: 2 and 4 take the contactless reader, 3 and 4 the other one when that has no card.
 * NOT_FOUND for a name that no reader has; UNAVAILABLE when there is no reader. */
OC_MUST_USE oc_result oc_driver_choose(oc_driver_slots *out, const oc_pcsc_readers *readers,
                                       const oc_driver_settings *settings, int type, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
