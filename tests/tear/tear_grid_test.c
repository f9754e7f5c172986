/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/base/sw.h"
#include "sim/link/transports.h"
#include "sim/terminal/terminal.h"
#include "tests/support/oc_test.h"
#include "tests/support/oc_world.h"
#include "tests/tear/tear_endpoint.h"

/* A card's whole life, and its PSAM's, with power taken away at every byte that either writes. */

#define PURCHASES 31

struct life {
    oc_world world;
    oc_tear_endpoint card;
    oc_tear_endpoint psam;
    oc_link *card_link;
    oc_link *psam_link;
    oc_terminal *terminal;
    oc_clock clock;
    oc_random random;
    oc_diag diag;
};

static oc_card *blank(struct life *life, const oc_card_os *os)
{
    oc_card *card = NULL;
    OC_ASSERT_OK(oc_issuer_make_blank(&card, os, life->world.crypto, life->world.profile, &life->diag));
    return card;
}

/* The world's card is thrown away for a blank one, which is issued through the tearing endpoint. */
static void be_born(struct life *life, const char *profile)
{
    *life = (struct life){.clock = oc_clock_default()};
    oc_random_init(&life->random, 1, "life");
    OC_ASSERT_OK(oc_world_new(&life->world, profile, &life->diag));
    oc_card_free(&life->world.card);
    life->world.card = blank(life, life->world.card_os);
    life->card = (oc_tear_endpoint){.card = life->world.card, .recovery_step = 1};
    life->card.copy = blank(life, life->world.card_os);
    life->psam = (oc_tear_endpoint){.card = life->world.psam, .recovery_step = 1};
    life->psam.copy = blank(life, life->world.psam_os);
    OC_ASSERT_OK(oc_link_inproc(&life->card_link, oc_tear_endpoint_of(&life->card)));
    OC_ASSERT_OK(oc_link_inproc(&life->psam_link, oc_tear_endpoint_of(&life->psam)));
    oc_issue_order order = {.profile = life->world.profile};
    oc_result r = oc_issuer_issue(life->card_link, life->world.crypto, &order, &life->diag);
    if (!oc_is_ok(r)) {
        printf("%s\n", life->diag.reason);
    }
    OC_ASSERT_OK(r);
    oc_terminal_parts parts = {.card = life->card_link,
                               .psam = life->psam_link,
                               .clock = &life->clock,
                               .random = &life->random,
                               .load_keys = life->world.keys};
    OC_ASSERT_OK(oc_terminal_new(&life->terminal, &parts));
}

static void end(struct life *life)
{
    oc_terminal_free(&life->terminal);
    oc_link_free(&life->psam_link);
    oc_link_free(&life->card_link);
    oc_card_free(&life->card.copy);
    oc_card_free(&life->psam.copy);
    oc_world_free(&life->world);
}

static void call(struct life *life, const char *function, const char *const (*arguments)[2], const char *code)
{
    oc_fields args = {0};
    oc_fields answer = {0};
    for (size_t i = 0; arguments[i][0] != NULL; i++) {
        OC_ASSERT_OK(oc_fields_set_text(&args, arguments[i][0], arguments[i][1]));
    }
    if (strcmp(function, "iLoad") == 0) {
        OC_ASSERT_OK(oc_fields_set(&args, "amount", oc_test_hex("00010000")));
    }
    OC_ASSERT_OK(oc_terminal_call(life->terminal, function, &args, &answer, &life->diag));
    if (!oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text(code))) {
        oc_span text = oc_fields_span(&answer, "text");
        printf("%s: %.*s\n", function, (int)text.len, (const char *)text.at);
    }
    CU_ASSERT(oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text(code)));
    oc_fields_free(&answer);
    oc_fields_free(&args);
}
#define CALL(life, function, code, ...)                                                                               \
    call(life, function, (const char *const[][2]){{"type", "1"}, __VA_ARGS__, {NULL, NULL}}, code)

/* Raw commands to the card, each answering `sw`; what comes back is kept. */
static uint8_t answer_room[256];
static oc_span raw(struct life *life, oc_span command, unsigned sw)
{
    oc_wr data = oc_wr_of(answer_room, sizeof answer_room);
    bool as_said = oc_world_exchange(oc_tear_endpoint_of(&life->card), command, sw, &data);
    CU_ASSERT(as_said);
    if (!as_said) {
        printf("not %04X: command %02X %02X\n", sw, command.at[0], command.at[1]);
    }
    return oc_wr_span(&data);
}

static void enter(struct life *life)
{
    uint8_t atr[OC_ATR_MAX];
    oc_wr wr = oc_wr_of(atr, sizeof atr);
    oc_endpoint card = oc_tear_endpoint_of(&life->card);
    OC_ASSERT_OK(card.reset(card.self, OC_RESET_COLD, &wr));
    (void)raw(life, oc_test_hex("00A404000F7378312E73682EC9E7BBE1B1A3D5CF"), 0x9000);
}

static void authenticate(struct life *life, const char *dir, const char *name)
{
    const oc_profile_dir *at = oc_profile_dir_named(life->world.profile, dir);
    const oc_profile_key *key = NULL;
    for (size_t i = 0; key == NULL && i < at->keys_count; i++) {
        key = strcmp(at->keys[i].name.name, name) == 0 ? &at->keys[i] : NULL;
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(key);
    uint8_t challenge[8];
    oc_span asked = raw(life, oc_test_hex("0084000008"), 0x9000);
    CU_ASSERT_EQUAL_FATAL(asked.len, sizeof challenge);
    memcpy(challenge, asked.at, sizeof challenge);
    uint8_t command[32];
    oc_wr wr = oc_wr_of(command, sizeof command);
    CU_ASSERT_FATAL(oc_world_proof(&life->world, key, oc_span_of(challenge, sizeof challenge), &wr));
    (void)raw(life, oc_wr_span(&wr), 0x9000);
}

/* A command with a MAC under `dir`/`name`; a wrong one has its last byte changed. */
static void secured(struct life *life, const char *dir, const char *name, const char *header_and_data, bool right,
                    unsigned sw)
{
    oc_key_question question = {.use = OC_KEY_MAC};
    char text[32];
    snprintf(text, sizeof text, "%s/%s", dir, name);
    OC_ASSERT_OK(oc_key_name_parse(&question.key, text));
    uint8_t challenge[8];
    oc_span asked = raw(life, oc_test_hex("0084000008"), 0x9000);
    memcpy(challenge, asked.at, sizeof challenge);
    uint8_t command[64];
    oc_wr wr = oc_wr_of(command, sizeof command);
    oc_wr_bytes(&wr, oc_test_hex(header_and_data));
    question.session = oc_span_of(challenge, sizeof challenge);
    question.data = oc_wr_span(&wr);
    uint8_t block[16];
    oc_wr mac = oc_wr_of(block, sizeof block);
    OC_ASSERT_OK(oc_key_provider_answer(&life->world.keys, &question, &mac, &life->diag));
    for (size_t i = 4; mac.len == 16 && i < 16; i++) {
        block[i % 4] ^= block[i];
    }
    block[3] ^= right ? 0 : 1;
    oc_wr_bytes(&wr, oc_span_of(block, 4));
    (void)raw(life, oc_wr_span(&wr), sw);
}

static void use_pin(struct life *life)
{
    CALL(life, "iVerifyPIN", "0", {"pin", "286719"});
    CALL(life, "iVerifyPIN", "-51", {"pin", "111111"});
    CALL(life, "iVerifyPIN", "0", {"pin", "286719"});
    CALL(life, "iChangePIN", "0", {"old", "286719"}, {"new", "314159"});
    CALL(life, "iChangePIN", "0", {"old", "314159"}, {"new", "286719"});
    enter(life);
    (void)raw(life, oc_test_hex("0020000003111111"), 0x63C5);
    authenticate(life, "SSSE", "PUK");
    secured(life, "SSSE", "STK", "8424000004", true, 0x9000);
}

static void update(struct life *life)
{
    enter(life);
    authenticate(life, "SSSE", "UK");
    (void)raw(life, oc_test_hex("00DC0A30030A0132"), 0x9000);
    (void)raw(life, oc_test_hex("00D68700081122334455667788"), 0x9000);
    secured(life, "SSSE", "STK", "04DC0A30070A0131", true, 0x9000);
    secured(life, "SSSE", "STK", "04DC0A30070A0132", false, 0x6988);
    secured(life, "SSSE", "STK", "04D687010699AA", true, 0x9000);
    (void)raw(life, oc_test_hex("008200041000112233445566778899AABBCCDDEEFF"), 0x6984);
}

/* "card id code|card number|", by which a terminal knows the card again. */
static void card_info(const struct life *life, char *out, size_t room)
{
    oc_buf id = {0};
    oc_buf number = {0};
    OC_ASSERT_OK(oc_profile_value(life->world.profile, "SSSE/EF05/01", &id));
    OC_ASSERT_OK(oc_profile_value(life->world.profile, "SSSE/EF05/07", &number));
    char hex[33];
    oc_hex_encode(hex, sizeof hex, oc_buf_span(&id));
    snprintf(out, room, "%s|%.*s|", hex, (int)number.len, (const char *)number.at);
    oc_buf_free(&id);
    oc_buf_free(&number);
}

static void pay(struct life *life)
{
    char info[64];
    card_info(life, info, sizeof info);
    CALL(life, "iLoad", "0", {"pin", "286719"});
    for (unsigned i = 0; i < PURCHASES; i++) {
        CALL(life, "iDoDebit", "0", {"pin", "286719"}, {"card-info", info}, {"pay-info", "1.00|0.50||"});
    }
}

static void block(struct life *life)
{
    enter(life);
    (void)raw(life, oc_test_hex("00A4000C02DF04"), 0x9000);
    authenticate(life, "DF04", "LK");
    secured(life, "DF04", "STK", "841E000004", true, 0x9000);
    (void)raw(life, oc_test_hex("00A4000C02DF04"), 0x6283);
    secured(life, "DF04", "STK", "8418000004", true, 0x9000);
    (void)raw(life, oc_test_hex("00A4000C02DF04"), 0x9000);
    secured(life, "SSSE", "BK", "8416000004", true, 0x9000);
    (void)raw(life, oc_test_hex("0084000008"), 0x6A81);
}

static void print(const char *who, const oc_tear_endpoint *tear)
{
    printf("%s: %llu commands, %llu of them writing; %llu tear points, %llu more in recoveries; %llu ended with one "
           "try paid; %llu violations\n",
           who, (unsigned long long)tear->commands, (unsigned long long)tear->writing,
           (unsigned long long)tear->points, (unsigned long long)tear->recoveries, (unsigned long long)tear->paid,
           (unsigned long long)tear->violations);
}

static void live(const char *profile)
{
    struct life life;
    be_born(&life, profile);
    print("issuing", &life.card);
    use_pin(&life);
    update(&life);
    pay(&life);
    block(&life);
    print("card", &life.card);
    print("PSAM", &life.psam);
    CU_ASSERT_EQUAL(life.card.violations, 0);
    CU_ASSERT_EQUAL(life.psam.violations, 0);
    CU_ASSERT(life.card.points > 1000);
    CU_ASSERT(life.psam.points > PURCHASES);
    end(&life);
}

static void test_3des(void)
{
    live("vectors/cards/ssc-2.0.xml");
}

static void test_sm4(void)
{
    live("vectors/cards/ssc-3.0.xml");
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a 3DES card's life", test_3des}, {"an SM4 card's life", test_sm4}, {NULL, NULL}};
    return oc_test_main("tear_grid", rows);
}
