/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SUPPORT_OC_WORLD_H
#define OC_TESTS_SUPPORT_OC_WORLD_H

#include "sim/issuer/issuer.h"

/* What stays the same in each purchase. */
typedef struct oc_world_purse {
    uint8_t amounts[12]; /* own, cash, pooled: 1, 0, 0 fen */
    uint8_t terminal[6];
    uint8_t time[7];
    uint8_t card_factor[8];
    uint8_t city_factor[8];
    uint8_t province_factor[8];
    uint8_t index;
} oc_world_purse;

/* A card and its PSAM in this process, issued from one profile: for benches and fuzz targets. */
typedef struct oc_world {
    oc_profile *profile;
    oc_crypto *crypto;
    oc_card_os *card_os;
    oc_card_os *psam_os;
    oc_card *card;
    oc_card *psam;
    oc_key_provider keys; /* the profile's */
    oc_world_purse purse; /* from oc_world_open_purse */
} oc_world;

OC_MUST_USE oc_result oc_world_new(oc_world *world, const char *profile_path, oc_diag *diag);
void oc_world_free(oc_world *world);

/* Loads `fen` into the card's personal account, by the terminal's own function. */
OC_MUST_USE oc_result oc_world_load(oc_world *world, uint32_t fen, oc_diag *diag);

/* One raw exchange at an endpoint: true when it answered `sw`. `data` (room for 256 bytes, or NULL) receives what
 * came before the status word, fetched with GET RESPONSE where the card says 61xx. */
bool oc_world_exchange(oc_endpoint endpoint, oc_span command, unsigned sw, oc_wr *data);

/* The EXTERNAL AUTHENTICATE command that answers an 8-byte challenge with this key of the card. */
bool oc_world_proof(const oc_world *world, const oc_profile_key *key, oc_span challenge, oc_wr *command);

/* Resets both, selects the SSSE and verifies the PIN on the card, and selects DF04 there and DF01 on the PSAM. */
bool oc_world_open_purse(oc_world *world);

/* One purchase of 1 fen from the personal account: INITIALIZE, MAC1 of the PSAM, DEBIT, MAC2 checked by
 * the PSAM, TAC checked with the key derived from the hierarchy's root, as the host does it. After
 * oc_world_open_purse. */
bool oc_world_purchase(const oc_world *world);

#endif
