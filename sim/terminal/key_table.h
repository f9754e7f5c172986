/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_KEY_TABLE_H
#define OC_TERMINAL_KEY_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/bytes.h"

/* What terminals know about the keys: their id on the card, and usage and id of their partner in the PSAM
 * (ssc-card sheet 4 and 6.1). */
struct oc_terminal_key {
    const char *name; /* "SSSE/UK" */
    uint16_t fid;     /* of the directory: DDF1, DF01, ... */
    uint8_t id;       /* P2 of EXTERNAL AUTHENTICATE */
    uint8_t usage;    /* P1 of INIT FOR DESCRYPT; its top three bits count the levels of diversification */
    uint8_t psam_id;  /* P2 */
};

#define OC_FID_SSSE 0xDDF1

/* NULL when no such key is known. */
const struct oc_terminal_key *oc_terminal_key_named(oc_span name);
extern const struct oc_terminal_key oc_terminal_key_irk;
extern const struct oc_terminal_key oc_terminal_key_ssse_rk;

/* The same key on a card of generation 1.0: other partners, which were derived for the city, and a few other ids
 * (the key table of V1.x). The key itself where nothing differs. */
const struct oc_terminal_key *oc_terminal_key_first_generation(const struct oc_terminal_key *key);

/* The keys that open a file for reading: up to two. `ef` is the low byte of its identifier. Returns their number. */
unsigned oc_terminal_read_keys(bool first_generation, uint16_t dir, uint8_t ef, const struct oc_terminal_key *keys[2]);

#endif
