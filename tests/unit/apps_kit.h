/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_APPS_KIT_H
#define OC_TESTS_UNIT_APPS_KIT_H

#include "tests/unit/card_kit.h"

/* The purse's rules written a second time, over block ciphers only, so that the card does not judge itself. */

#define OC_KIT_TERMINAL "310100000001"

/* S = E_K(input), as a key: DES with both halves alike, or SM4. `input` 8 bytes, zeros behind for SM4. */
oc_key oc_kit_session(const oc_kit *kit, const oc_key *key, oc_span input);
/* CBC-MAC of `data` with 80 00.. behind it; first 4 bytes, SM4 the words of the last block XORed. */
void oc_kit_mac(const oc_kit *kit, const oc_key *key, oc_span data, uint8_t out[4]);
/* The same under the key whose bytes are given: `fill` as in oc_kit_key_of; 3DES: left half XOR right half. */
void oc_kit_tac(const oc_kit *kit, uint8_t fill, oc_span data, uint8_t out[4]);

/* A card with the purse, issued; SSSE entered, PIN verified, DF04 selected. */
void oc_kit_open_purse(oc_kit *kit, enum oc_alg alg);
/* The same with OC_KEY_OPTION_* for the purchase keys and for the PIN. */
void oc_kit_open_purse_as(oc_kit *kit, enum oc_alg alg, uint8_t purchase_options, uint8_t pin_options);
/* Loads `amount` fen at 2026-03-01 12:00:00; asserts all answers and recomputes the MAC1 and TAC of the card. */
void oc_kit_credit(oc_kit *kit, uint32_t amount);
/* Balance 01, 02 or 03: the amount; `year` (may be NULL) for the latter two. */
uint32_t oc_kit_balance(oc_kit *kit, uint8_t which, unsigned *year);

/* A purchase as a terminal makes it. */
typedef struct oc_kit_purchase {
    uint32_t a, b, c;
    const char *serial;    /* 4 bytes */
    const char *date_time; /* 7 bytes */
    uint8_t fill;          /* of the purchase key */
    uint8_t options;       /* OC_KEY_OPTION_*: the forms that the terminal takes */
} oc_kit_purchase;

unsigned oc_kit_init_purchase(oc_kit *kit, const oc_kit_purchase *p);
/* After that: the 15 bytes of DEBIT, and the MAC2 || TAC that it has to return. */
void oc_kit_debit_body(const oc_kit *kit, const oc_kit_purchase *p, uint8_t body[15], uint8_t mac2_tac[8]);
/* Both commands; on success checks TAC and MAC2. Returns the status word. */
unsigned oc_kit_pay(oc_kit *kit, const oc_kit_purchase *p);

#endif
