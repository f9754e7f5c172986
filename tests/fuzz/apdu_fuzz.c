/* SPDX-License-Identifier: Apache-2.0 */
/* Sequences of raw commands against a blank card, an issued card and a PSAM. The cards are issued once; before each
 * input they return to their image and to the same random numbers, so that an input means the same every time.
 *
 * The first byte chooses the card. Then follow operations, each a byte and what it takes along:
 *   00..DF  that many bytes, sent as they are
 *   E0..FF  see the table below: what a terminal with keys does, so that the fuzzer gets behind the locks */
#include "tests/fuzz/fuzz.h"
#include "tests/support/oc_world.h"

#define RAW_MAX 0xDF
#define OPERATIONS_MAX 200

struct target {
    oc_card *card;
    oc_card_image *image;
};

enum { BLANK, ISSUED, PSAM, TARGETS };

static oc_world world;
static oc_card *blank;
static struct target targets[TARGETS];

/* Frees what is made once: the leak check at the end then speaks of the inputs only. */
static void end(void)
{
    for (size_t i = 0; i < TARGETS; i++) {
        oc_card_image_free(&targets[i].image);
    }
    oc_card_free(&blank);
    oc_world_free(&world);
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
    oc_card *const cards[TARGETS] = {blank, world.card, world.psam};
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

/* Sends and demands what every answer must be: data of at most 256 bytes and a status word of class 6 or 9. */
static oc_span send_raw(oc_card *card, oc_span command, uint8_t room[OC_RESPONSE_MAX])
{
    oc_endpoint endpoint = oc_card_endpoint(card);
    oc_wr response = oc_wr_of(room, OC_RESPONSE_MAX);
    FUZZ_DEMAND(oc_is_ok(endpoint.exchange(endpoint.self, command, &response)));
    FUZZ_DEMAND(!response.bad && response.len >= 2 && response.len <= 258);
    uint8_t sw1 = room[response.len - 2];
    FUZZ_DEMAND((sw1 >> 4 == 6 && sw1 != 0x60) || sw1 >> 4 == 9);
    return oc_wr_span(&response);
}

static void reset(oc_card *card, enum oc_reset kind)
{
    uint8_t room[OC_ATR_MAX];
    oc_wr atr = oc_wr_of(room, sizeof room);
    oc_endpoint endpoint = oc_card_endpoint(card);
    FUZZ_DEMAND(oc_is_ok(endpoint.reset(endpoint.self, kind, &atr)) && atr.len >= 2);
}

/* A command whose body is a value of the profile. */
static void send_value(oc_card *card, const char head[4], const char *reference)
{
    static uint8_t room[OC_RESPONSE_MAX];
    oc_buf value = {0};
    FUZZ_DEMAND(oc_is_ok(oc_profile_value(world.profile, reference, &value)) && value.len <= 255);
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
    const oc_profile_dir *ssse = oc_profile_dir_named(world.profile, "SSSE");
    if (challenge.len != 10 || ssse == NULL || ssse->keys_count == 0) {
        return;
    }
    const oc_profile_key *key = &ssse->keys[choice % ssse->keys_count];
    uint8_t bytes[32];
    oc_wr command = oc_wr_of(bytes, sizeof bytes);
    if (oc_world_proof(&world, key, oc_span_of(challenge.at, 8), &command)) {
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
        (void)(oc_world_open_purse(&world) && oc_world_purchase(&world));
        break;
    case 0xE8:
        reset_pin(card, rd);
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
