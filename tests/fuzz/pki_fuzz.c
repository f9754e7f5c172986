/* SPDX-License-Identifier: Apache-2.0 */
/* The certificate application of an issued third-generation card, and the parser of certificates. The card is issued
 * once and returns to its image before each input.
 *
 * The first byte says what is tried: bit 8 set, the rest is a certificate, checked under the profile's root and as a
 * root itself; else the rest is commands, each a length byte and that many bytes, in the certificate directory after
 * the proofs that bits 1 (user PIN), 2 (administrator PIN) and 3 (master key) ask for. */
#include "sim/crypto/certificate.h"
#include "sim/crypto/pin_block.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/oc_world.h"

#define PROFILE "vectors/cards/ssc-3.0.xml"
#define COMMANDS_MAX 64
#define NOW 1772442900 /* 2026-03-02 */
enum { CERTIFICATE = 0x80, USER = 0x01, ADMINISTRATOR = 0x02, MASTER = 0x04 };

static oc_world world;
static oc_card_image *image;

static void end(void)
{
    oc_card_image_free(&image);
    oc_world_free(&world);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    oc_diag diag = {0};
    oc_result r = oc_world_new(&world, PROFILE, &diag);
    r = oc_is_ok(r) ? oc_card_image_take(&image, world.card) : r;
    if (!oc_is_ok(r)) {
        fprintf(stderr, "pki_fuzz: %s: %s\n", oc_code_name(r.code), diag.reason);
        return 1;
    }
    return atexit(end);
}

static void check_certificate(oc_span der)
{
    const oc_profile_pki *pki = oc_profile_pki_of(world.profile);
    enum oc_certificate_flaw flaw;
    oc_sm2_key key;
    bool found;
    FUZZ_DEMAND(
        oc_is_ok(oc_certificate_check(world.crypto, der, pki->root, OC_CERTIFICATE_SIGNING, NOW, &key, &flaw)));
    FUZZ_DEMAND(
        oc_is_ok(oc_certificate_check(world.crypto, pki->foreign, der, OC_CERTIFICATE_SIGNING, NOW, &key, &flaw)));
    FUZZ_DEMAND(oc_is_ok(oc_certificate_key(world.crypto, der, &key, &found)));
}

/* Sends and demands what every answer must be: data of at most 256 bytes and a status word of class 6 or 9. */
static oc_span exchange(oc_span command, uint8_t room[OC_RESPONSE_MAX])
{
    oc_endpoint endpoint = oc_card_endpoint(world.card);
    oc_wr response = oc_wr_of(room, OC_RESPONSE_MAX);
    FUZZ_DEMAND(oc_is_ok(endpoint.exchange(endpoint.self, command, &response)));
    FUZZ_DEMAND(!response.bad && response.len >= 2 && response.len <= 258);
    FUZZ_DEMAND(room[response.len - 2] >> 4 == 6 || room[response.len - 2] >> 4 == 9);
    return oc_wr_span(&response);
}

static void must(const uint8_t *command, size_t len)
{
    uint8_t room[OC_RESPONSE_MAX];
    oc_span answer = exchange(oc_span_of(command, len), room);
    FUZZ_DEMAND(answer.at[answer.len - 2] == 0x90 || answer.at[answer.len - 2] == 0x61);
}

/* Proves knowledge of a key over a fresh challenge. */
static void prove(const oc_key *key, uint8_t ins, uint8_t p1, uint8_t p2)
{
    static const uint8_t ask[] = {0x00, 0x84, 0x00, 0x00, 0x10};
    uint8_t room[OC_RESPONSE_MAX];
    uint8_t command[5 + 16] = {0x00, ins, p1, p2, 0x10};
    FUZZ_DEMAND(exchange(oc_span_of(ask, sizeof ask), room).len == 18);
    FUZZ_DEMAND(oc_is_ok(oc_encipher(world.crypto, key, oc_span_of(room, 16), command + 5)));
    must(command, sizeof command);
}

static void prove_pin(oc_span pin, uint8_t reference)
{
    oc_key key;
    FUZZ_DEMAND(oc_is_ok(oc_pin_key(world.crypto, pin, &key)));
    prove(&key, 0x20, 0x01, reference);
}

static void prove_master(void)
{
    static const uint8_t ask[] = {0x00, 0x84, 0x00, 0x00, 0x10};
    uint8_t room[OC_RESPONSE_MAX];
    uint8_t command[5 + 16] = {0x00, 0x82, 0x00, 0x00, 0x10};
    oc_wr answer = oc_wr_of(command + 5, 16);
    FUZZ_DEMAND(exchange(oc_span_of(ask, sizeof ask), room).len == 18);
    const oc_key_question question = {
        .use = OC_KEY_ENCIPHER, .key = {OC_PKI_DIR, "MK", 1}, .data = oc_span_of(room, 16)};
    FUZZ_DEMAND(oc_is_ok(oc_key_provider_answer(&world.keys, &question, &answer, NULL)));
    must(command, sizeof command);
}

static void open_application(uint8_t rights)
{
    static const uint8_t environment[] = {0x00, 0xA4, 0x04, 0x00, 0x0C, 0x50, 0x4B, 0x49, 0x2E,
                                          0xC9, 0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF};
    static const uint8_t directory[] = {0x00, 0xA4, 0x00, 0x00, 0x02, 0xDF, 0x01};
    const oc_profile_pki *pki = oc_profile_pki_of(world.profile);
    oc_endpoint endpoint = oc_card_endpoint(world.card);
    uint8_t room[OC_ATR_MAX];
    oc_wr atr = oc_wr_of(room, sizeof room);
    FUZZ_DEMAND(oc_is_ok(oc_card_image_put(world.card, image)));
    oc_card_reseed(world.card, 1, "fuzz");
    FUZZ_DEMAND(oc_is_ok(endpoint.reset(endpoint.self, OC_RESET_COLD, &atr)));
    must(environment, sizeof environment);
    must(directory, sizeof directory);
    if ((rights & USER) != 0) {
        prove_pin(pki->user_pin, 0x81);
    }
    if ((rights & ADMINISTRATOR) != 0) {
        prove_pin(pki->administrator_pin, 0x00);
    }
    if ((rights & MASTER) != 0) {
        prove_master();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    oc_rd rd = oc_rd_of(oc_span_of(input, size));
    uint8_t what = oc_rd_u8(&rd);
    if (rd.bad) {
        return 0;
    }
    if ((what & CERTIFICATE) != 0) {
        check_certificate(rd.rest);
        return 0;
    }
    open_application(what);
    for (unsigned i = 0; i < COMMANDS_MAX && rd.rest.len > 0; i++) {
        uint8_t room[OC_RESPONSE_MAX];
        oc_span command = oc_rd_bytes(&rd, oc_rd_u8(&rd));
        if (rd.bad) {
            break;
        }
        (void)exchange(command, room);
    }
    return 0;
}
