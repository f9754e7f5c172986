/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_KEYS_TERMINAL_KEYS_H
#define OC_KEYS_TERMINAL_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/bytes.h"

/* What terminals, and the HSM behind them, know about the keys: their id on the card, and usage and id of their partner
 * in the PSAM (ssc-card sheet 4 and 6.1). */
struct oc_terminal_key {
    const char *name; /* "SSSE/UK" */
    uint16_t fid;     /* of the directory: DDF1, DF01, ... */
    uint8_t id;       /* P2 of EXTERNAL AUTHENTICATE */
    uint8_t usage;    /* P1 of INIT FOR DESCRYPT; its top three bits count the levels of diversification */
    uint8_t psam_id;  /* P2 */
};

#define OC_FID_SSSE 0xDDF1

/* A key for EXTERNAL AUTHENTICATE; NULL when no such key is known. */
const struct oc_terminal_key *oc_terminal_key_named(oc_span name);
extern const struct oc_terminal_key oc_terminal_key_irk;
extern const struct oc_terminal_key oc_terminal_key_ssse_rk;
extern const struct oc_terminal_key oc_terminal_key_stk; /* maintenance: PIN reload and unblock */
extern const struct oc_terminal_key oc_terminal_key_dpk; /* purchase */

/* The same key on a card of generation 1.0: other partners, which were derived for the city, and a few other ids
 * (the key table of V1.x). The key itself where nothing differs. */
const struct oc_terminal_key *oc_terminal_key_first_generation(const struct oc_terminal_key *key);

/* The key with that id in a directory, of those for EXTERNAL AUTHENTICATE, STK and the purchase key; NULL without one. */
const struct oc_terminal_key *oc_terminal_key_with_id(uint16_t fid, uint8_t id, bool first_generation);

/* The key address of the HSM steps (ssc-terminal sheet 4.6, where one driver's addresses stand, which nobody asserts).
 * Six hex digits (project choice), in order:
 *   1     the key table that the id is from: 0 generation 2.0 and later, 1 generation 1.0
 *   2     directory: 0 SSSE, 1 to 7 DF01 to DF07
 *   3, 4  id of the key on the card (P2 of EXTERNAL AUTHENTICATE; of the purchase key the index)
 *   5, 6  version, 01 to 04
 * "000A01" is SSSE/RK of a card of generation 2.0 or later. */
#define OC_KEY_ADDRESS_LEN 6

void oc_key_address_print(char out[OC_KEY_ADDRESS_LEN + 1], const struct oc_terminal_key *key, bool first_generation,
                          uint8_t version);
/* NULL for a text that is no address or names a key that is not in the tables; upper and lower case. */
const struct oc_terminal_key *oc_key_address_find(oc_span text, uint8_t *version);

#endif
