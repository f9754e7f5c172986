/* SPDX-License-Identifier: Apache-2.0 */
/* Sequences of raw commands against a blank card, an issued card, a PSAM, and a card of the third generation that can
 * do everything: T=1, extended length, chains, no contacts, certificates. The cards are issued once; before each
 * input they return to their image and to the same random numbers, so that an input means the same every time.
 *
 * The first byte chooses the card. Then follow operations, each a byte and what it takes along:
 *   00..DF  that many bytes, sent as they are
 *   E0..FF  see the table below: what a terminal with keys does, so that the fuzzer gets behind the locks */
#include "sim/link/transports.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/oc_world.h"

#define RAW_MAX 0xDF
#define OPERATIONS_MAX 200

struct target {
    oc_card *card;
    oc_card_image *image;
};

enum { BLANK, ISSUED, PSAM, MODERN, TARGETS };

#define FEATURES                                                                                                      \
    (OC_FEATURE_T1 | OC_FEATURE_EXTENDED_LENGTH | OC_FEATURE_CHAINING | OC_FEATURE_CONTACTLESS |                      \
     OC_FEATURE_CONTACTLESS_WRITE)

static oc_world world;
static oc_world modern;
static oc_card *blank;
static struct target targets[TARGETS];

/* Frees what is made once: the leak check at the end then speaks of the inputs only. */
static void end(void)
{
    for (size_t i = 0; i < TARGETS; i++) {
        oc_card_image_free(&targets[i].image);
    }
    oc_card_free(&blank);
    oc_world_free(&modern);
    oc_world_free(&world);
}

/* The issued card of the third generation, on a chip with all features. */
static oc_result make_modern(oc_diag *diag)
{
    OC_TRY(oc_world_new(&modern, "vectors/cards/ssc-3.0.xml", diag));
    oc_card_free(&modern.card);
    oc_card_params params = {.atr = oc_profile_atr(modern.profile),
                             .features = FEATURES,
                             .transport_key = oc_profile_transport_bytes(modern.profile),
                             .transport_alg = (uint8_t)oc_profile_alg(modern.profile),
                             .seed = 1};
    oc_link *link = NULL;
    OC_TRY(oc_card_new(&modern.card, modern.card_os, modern.crypto, &params));
    OC_TRY(oc_link_inproc(&link, oc_card_endpoint(modern.card)));
    oc_result r = oc_issuer_issue(link, modern.crypto, &(oc_issue_order){.profile = modern.profile}, diag);
    oc_link_free(&link);
    return r;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    oc_diag diag = {0};
    oc_result r = oc_world_new(&world, "vectors/cards/ssc-2.0.xml", &diag);
    if (oc_is_ok(r)) {
        r = oc_issuer_make_blank(&blank, world.card_os, world.crypto, world.profile, &diag);
    }
    if (oc_is_ok(r)) {
        r = oc_world_load(&world, 100000, &diag);
    }
    if (oc_is_ok(r)) {
        r = make_modern(&diag);
    }
    oc_card *const cards[TARGETS] = {blank, world.card, world.psam, modern.card};
    for (size_t i = 0; i < TARGETS && oc_is_ok(r); i++) {
        targets[i].card = cards[i];
        r = oc_card_image_take(&targets[i].image, cards[i]);
    }
    if (!oc_is_ok(r)) {
        fprintf(stderr, "apdu_fuzz: %s: %s\n", oc_code_name(r.code), diag.reason);
        return 1;
    }
    return atexit(end);
}

static void reset(oc_card *card, enum oc_reset kind)
{
    uint8_t room[OC_ATR_MAX];
    oc_wr atr = oc_wr_of(room, sizeof room);
    oc_endpoint endpoint = oc_card_endpoint(card);
    oc_result r = endpoint.reset(endpoint.self, kind, &atr);
    if (r.code == OC_E_GONE) { /* torn in the recovery */
        r = endpoint.reset(endpoint.self, kind, &atr);
    }
    FUZZ_DEMAND(oc_is_ok(r) && atr.len >= 2);
}

/* The world whose card it is. */
static oc_world *world_of(const oc_card *card)
{
    return card == modern.card ? &modern : &world;
}

/* Sends and demands what every answer must be: data of at most 256 bytes, 2048 with extended length, and a status word
 * of class 6 or 9. A card whose power failed on the way does not answer until it is reset. */
static oc_span send_raw(oc_card *card, oc_span command, uint8_t room[OC_RESPONSE_MAX])
{
    oc_endpoint endpoint = oc_card_endpoint(card);
    oc_wr response = oc_wr_of(room, OC_RESPONSE_MAX);
    oc_result r = endpoint.exchange(endpoint.self, command, &response);
    if (r.code == OC_E_GONE) {
        reset(card, OC_RESET_COLD);
        return oc_span_empty();
    }
    FUZZ_DEMAND(oc_is_ok(r));
    FUZZ_DEMAND(!response.bad && response.len >= 2 && response.len <= (card == modern.card ? 2050 : 258));
    uint8_t sw1 = room[response.len - 2];
    FUZZ_DEMAND((sw1 >> 4 == 6 && sw1 != 0x60) || sw1 >> 4 == 9);
    return oc_wr_span(&response);
}

/* A command whose body is a value of the profile. */
static void send_value(oc_card *card, const char head[4], const char *reference)
{
    static uint8_t room[OC_RESPONSE_MAX];
    oc_buf value = {0};
    FUZZ_DEMAND(oc_is_ok(oc_profile_value(world_of(card)->profile, reference, &value)) && value.len <= 255);
    uint8_t bytes[5 + 255];
    oc_wr command = oc_wr_of(bytes, sizeof bytes);
    oc_wr_bytes(&command, oc_span_of(head, 4));
    oc_wr_u8(&command, (uint8_t)value.len);
    oc_wr_bytes(&command, oc_buf_span(&value));
    (void)send_raw(card, oc_wr_span(&command), room);
    oc_buf_free(&value);
}

/* 80 E0 03 00: the transport key proved over 00 00 and the ATR's last six bytes. */
static void check_transport_key(oc_card *card)
{
    static uint8_t room[OC_RESPONSE_MAX];
    oc_key key;
    oc_span atr = oc_profile_atr(world.profile);
    uint8_t block[16] = {0};
    uint8_t bytes[5 + 16] = {0x80, 0xE0, 0x03, 0x00};
    FUZZ_DEMAND(atr.len >= 6 && oc_is_ok(oc_profile_transport_key(world.profile, &key)));
    memcpy(block + 2, atr.at + atr.len - 6, 6);
    size_t size = oc_alg_block((enum oc_alg)key.alg);
    FUZZ_DEMAND(oc_is_ok(oc_encipher(world.crypto, &key, oc_span_of(block, size), bytes + 5)));
    bytes[4] = (uint8_t)size;
    (void)send_raw(card, oc_span_of(bytes, 5 + size), room);
    oc_key_wipe(&key);
}

/* GET CHALLENGE, then EXTERNAL AUTHENTICATE with the key of that place in the SSSE. */
static void authenticate(oc_card *card, uint8_t choice)
{
    static uint8_t room[OC_RESPONSE_MAX];
    const uint8_t ask[] = {0x00, 0x84, 0x00, 0x00, 0x08};
    oc_span challenge = send_raw(card, oc_span_of(ask, sizeof ask), room);
    const oc_profile_dir *ssse = oc_profile_dir_named(world_of(card)->profile, "SSSE");
    if (challenge.len != 10 || ssse == NULL || ssse->keys_count == 0) {
        return;
    }
    const oc_profile_key *key = &ssse->keys[choice % ssse->keys_count];
    uint8_t bytes[32];
    oc_wr command = oc_wr_of(bytes, sizeof bytes);
    if (oc_world_proof(world_of(card), key, oc_span_of(challenge.at, 8), &command)) {
        (void)send_raw(card, oc_wr_span(&command), room);
    }
}

/* After GET CHALLENGE, 84 24 with the right MAC of the maintenance key: the PIN is unblocked, or set to the bytes of the
 * input (ssc-card sheet 6.7). */
static void reset_pin(oc_card *card, oc_rd *rd)
{
    static uint8_t room[OC_RESPONSE_MAX];
    const uint8_t ask[] = {0x00, 0x84, 0x00, 0x00, 0x08};
    oc_span challenge = send_raw(card, oc_span_of(ask, sizeof ask), room);
    if (challenge.len != 10) {
        return;
    }
    uint8_t session[8];
    memcpy(session, challenge.at, sizeof session);
    oc_key_question question = {.use = OC_KEY_ENCIPHER, .key = {"SSSE", "STK", 1}, .session = oc_span_of(session, 8)};
    uint8_t bytes[5 + 8 + 8] = {0x84, 0x24, 0x00, 0x00, 0x04};
    oc_wr command = oc_wr_of(bytes, sizeof bytes);
    command.len = 5;
    uint8_t block[8];
    oc_rd_copy(rd, block, sizeof block);
    if ((block[0] & 0x80) == 0) {
        bytes[3] = 0x01;
        bytes[4] = 0x0C;
        question.data = oc_span_of(block, sizeof block);
        if (!oc_is_ok(oc_key_provider_answer(&world.keys, &question, &command, NULL))) {
            return;
        }
    }
    question.use = OC_KEY_MAC;
    question.data = oc_wr_span(&command);
    if (oc_is_ok(oc_key_provider_answer(&world.keys, &question, &command, NULL))) {
        (void)send_raw(card, oc_span_of(bytes, 5u + bytes[4]), room);
    }
}

/* After GET CHALLENGE, a command of the input (a length, then class, instruction, P1, P2 and data) with the right MAC of
 * STK: updates with secure messaging, blocking and its end. */
static void send_secured(oc_card *card, oc_rd *rd)
{
    static uint8_t room[OC_RESPONSE_MAX];
    oc_world *owner = world_of(card);
    const uint8_t ask[] = {0x00, 0x84, 0x00, 0x00, 0x08};
    oc_span challenge = send_raw(card, oc_span_of(ask, sizeof ask), room);
    oc_span given = oc_rd_bytes(rd, 4u + oc_rd_u8(rd) % 64u);
    if (challenge.len != 10 || given.len < 4) {
        return;
    }
    uint8_t session[8];
    memcpy(session, challenge.at, sizeof session);
    uint8_t bytes[80];
    oc_wr command = oc_wr_of(bytes, sizeof bytes);
    oc_wr_bytes(&command, oc_span_slice(given, 0, 4));
    oc_wr_u8(&command, (uint8_t)given.len); /* data and 4 bytes of MAC */
    oc_wr_bytes(&command, oc_span_slice(given, 4, given.len));
    oc_key_question question = {.use = OC_KEY_MAC,
                                .key = {"SSSE", "STK", 1},
                                .session = oc_span_of(session, sizeof session),
                                .data = oc_wr_span(&command)};
    uint8_t block[16] = {0};
    oc_wr mac = oc_wr_of(block, sizeof block);
    FUZZ_DEMAND(oc_is_ok(oc_key_provider_answer(&owner->keys, &question, &mac, NULL)));
    for (size_t i = 4; mac.len == sizeof block && i < sizeof block; i++) {
        block[i % 4] ^= block[i];
    }
    oc_wr_bytes(&command, oc_span_of(block, 4));
    (void)send_raw(card, oc_wr_span(&command), room);
}

static void operate(oc_card *card, uint8_t operation, oc_rd *rd)
{
    switch (operation) {
    case 0xE0:
        reset(card, OC_RESET_COLD);
        break;
    case 0xE1:
        reset(card, OC_RESET_WARM);
        break;
    case 0xE2:
        send_value(card, "\x00\xA4\x04\x00", "SSSE/name");
        break;
    case 0xE3:
        send_value(card, "\x00\x20\x00\x00", "pin");
        break;
    case 0xE4:
        send_value(card, "\x00\xA4\x00\x00", "DF04/fid");
        break;
    case 0xE5:
        check_transport_key(card);
        break;
    case 0xE6:
        authenticate(card, oc_rd_u8(rd));
        break;
    case 0xE7:
        /* Changes both; a refusal is an answer, too. */
        (void)(oc_world_open_purse(world_of(card)) && oc_world_purchase(world_of(card)));
        break;
    case 0xE8:
        reset_pin(card, rd);
        break;
    case 0xE9:
        send_secured(card, rd);
        break;
    case 0xEA:
        oc_card_tear_after(card, oc_rd_u8(rd));
        break;
    case 0xEB:
        oc_card_set_interface(card, card == modern.card ? OC_INTERFACE_CONTACTLESS : OC_INTERFACE_CONTACT);
        reset(card, OC_RESET_COLD);
        break;
    default:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t room[OC_RESPONSE_MAX];
    oc_rd rd = oc_rd_of(oc_span_of(data, size));
    oc_card *card = targets[oc_rd_u8(&rd) % TARGETS].card;
    for (size_t i = 0; i < TARGETS; i++) {
        FUZZ_DEMAND(oc_is_ok(oc_card_image_put(targets[i].card, targets[i].image)));
        oc_card_reseed(targets[i].card, 1, "fuzz");
        oc_card_set_interface(targets[i].card, OC_INTERFACE_CONTACT);
        oc_card_hold(targets[i].card);
    }
    reset(card, OC_RESET_COLD);
    for (size_t n = 0; rd.rest.len > 0 && n < OPERATIONS_MAX; n++) {
        uint8_t operation = oc_rd_u8(&rd);
        if (operation > RAW_MAX) {
            operate(card, operation, &rd);
            continue;
        }
        oc_span command = oc_rd_bytes(&rd, operation < rd.rest.len ? operation : rd.rest.len);
        (void)send_raw(card, command, room);
    }
    /* Whatever happened, the card starts again and answers. */
    reset(card, OC_RESET_COLD);
    (void)send_raw(card, oc_span_of("\x00\xA4\x00\x00\x02\x3F\x00", 7), room);
    return 0;
}
