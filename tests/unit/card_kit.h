/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_CARD_KIT_H
#define OC_TESTS_UNIT_CARD_KIT_H

#include "sim/base/perso_format.h"
#include "sim/card/card.h"
#include "tests/support/oc_test.h"

/* A card for tests, personalised by raw commands, and ways to talk to it. */

#define OC_KIT_ATR "3B6D000000815431008660370100001234"
#define OC_KIT_TRANSPORT "404142434445464748494A4B4C4D4E4F"
#define OC_KIT_PIN "123456"

typedef struct oc_kit {
    oc_card_os *os;
    oc_crypto *crypto;
    oc_card *card;
    oc_endpoint end;
    enum oc_alg alg;
    uint8_t data[OC_RESPONSE_MAX]; /* of the last response, without status word */
    size_t len;
    uint8_t purchase_options; /* of the purchase keys and the PIN that are loaded next */
    uint8_t pin_options;
} oc_kit;

/* A blank card, reset. */
void oc_kit_open(oc_kit *kit, enum oc_alg alg, const oc_card_app *const *apps, size_t count);
void oc_kit_close(oc_kit *kit);
void oc_kit_reset(oc_kit *kit);

/* One raw exchange of at least the bytes given. Returns the status word. */
unsigned oc_kit_raw(oc_kit *kit, oc_span command);
unsigned oc_kit_hex(oc_kit *kit, const char *command);
/* Sends and, on 61xx, fetches what waits. */
unsigned oc_kit_send(oc_kit *kit, oc_span command);
unsigned oc_kit_send_hex(oc_kit *kit, const char *command);
/* Sends each command raw and asserts its status word, and that nothing but 9000 and 61xx brings data. */
typedef struct oc_kit_step {
    const char *command;
    unsigned sw;
} oc_kit_step;
void oc_kit_walk(oc_kit *kit, const oc_kit_step *steps, size_t count);
#define OC_KIT_WALK(kit, steps) oc_kit_walk((kit), (steps), sizeof(steps) / sizeof((steps)[0]))
/* Header, then a body of `body.len` bytes. */
unsigned oc_kit_body(oc_kit *kit, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2, oc_span body);
oc_span oc_kit_data(const oc_kit *kit);

/* Personalisation. */
void oc_kit_transport(oc_kit *kit);
/* A key made from `fill` as oc_kit_key_of does, or the 16 bytes of `secret`. Returns the status word. */
typedef struct oc_kit_key {
    uint8_t kind, id, version, usage, tries, index, options;
    uint8_t fill;
    const uint8_t *secret;
} oc_kit_key;
unsigned oc_kit_load(oc_kit *kit, uint8_t master_fill, oc_kit_key key);
void oc_kit_load_pin(oc_kit *kit, uint8_t master_fill, const char *pin, uint8_t tries);
oc_key oc_kit_key_of(const oc_kit *kit, uint8_t fill);

/* The card that the tests share: MF, then DDF1 "sx1.sh.社会保障" (alias sx3) with
 *   master 11, PIN 123456 of 3 tries, external keys 04 (fill 24, versions 1 and 2: 24, 34) and 0A (fill 2A), IRK (2E)
 *   EF05 free/key 04  01 'AA..' 02, 03    EF06 PIN/key 04     EF07 transparent key 0A/key 04, 0x130 bytes
 *   EF0C PIN and key 0A / never           EF0D PIN or key 0A / never
 *   DF01 with master 12, key 83 (fill 43): EF05 PIN/key 83, EF07 cyclic 3 x 4 PIN/key 83, EF08 fixed 2 x 5 */
#define OC_KIT_SSSE_NAME "7378312E73682EC9E7BBE1B1A3D5CF"
#define OC_KIT_SSSE_ALIAS "7378332E73682EC9E7BBE1B1A3D5CF"
void oc_kit_personalise(oc_kit *kit);
/* DF04 beside DF01, with master 14 and keys: load 71 and purchase 75 (versions 1, 2: 75, 85) of index 1, TAC 79 of
 * index 0; EF08 the log of 10. */
void oc_kit_add_purse(oc_kit *kit);
void oc_kit_end(oc_kit *kit);
/* All three: open, personalise, end. */
void oc_kit_open_issued(oc_kit *kit, enum oc_alg alg);

/* Selects the SSSE, verifies the PIN: asserts. */
void oc_kit_enter(oc_kit *kit);
void oc_kit_verify(oc_kit *kit);
/* EXTERNAL AUTHENTICATE with a key of 16 bytes `fill`; version 0: no version byte. Returns the status word. */
unsigned oc_kit_external(oc_kit *kit, uint8_t kid, uint8_t fill, uint8_t version);

#endif
