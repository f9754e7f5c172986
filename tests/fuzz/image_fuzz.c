/* SPDX-License-Identifier: Apache-2.0 */
/* The loader of card images. The input gets its right digest, so that what lies behind that is reached; a card that wakes
 * up with what was loaded must answer, whatever its files say. */
#include <openssl/sha.h>

#include "sim/issuer/issuer.h"
#include "tests/fuzz/fuzz.h"

static oc_crypto *crypto;
static oc_card_os *os;
static oc_card *card;

static void end(void)
{
    oc_card_free(&card);
    oc_card_os_free(&os);
    oc_crypto_free(&crypto);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    static const uint8_t atr[] = {0x3B, 0x00};
    static const uint8_t key[OC_KEY_SIZE];
    oc_card_params params = {.atr = oc_span_of(atr, sizeof atr), .transport_key = oc_span_of(key, sizeof key)};
    FUZZ_DEMAND(oc_is_ok(oc_crypto_new(&crypto)) && oc_is_ok(oc_issuer_card_os(&os)) &&
                oc_is_ok(oc_card_new(&card, os, crypto, &params)));
    atexit(end);
    return 0;
}

static void use(const oc_card_image *image)
{
    static const uint8_t commands[][5] = {
        {0x00, 0xB2, 0x01, 0x2C, 0x00}, {0x00, 0xB0, 0x85, 0x00, 0x00}, {0x00, 0x84, 0x00, 0x00, 0x08}};
    uint8_t room[600];
    oc_endpoint card_end = oc_card_endpoint(card);
    oc_wr wr = oc_wr_of(room, sizeof room);
    if (!oc_is_ok(oc_card_image_put(card, image)) || !oc_is_ok(card_end.reset(card_end.self, OC_RESET_COLD, &wr))) {
        return;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        wr = oc_wr_of(room, sizeof room);
        (void)card_end.exchange(card_end.self, oc_span_of(commands[i], sizeof commands[i]), &wr).code;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    oc_buf file = {0};
    uint8_t digest[SHA256_DIGEST_LENGTH];
    FUZZ_DEMAND(SHA256(data, size, digest) != NULL);
    oc_card_image *image = NULL;
    oc_diag diag = {0};
    if (oc_is_ok(oc_buf_append(&file, oc_span_of(data, size))) &&
        oc_is_ok(oc_buf_append(&file, oc_span_of(digest, sizeof digest))) &&
        oc_is_ok(oc_card_image_parse(&image, oc_buf_span(&file), "image", &diag))) {
        use(image);
    } else {
        FUZZ_DEMAND(diag.reason[0] != '\0');
    }
    oc_card_image_free(&image);
    oc_buf_free(&file);
    return 0;
}
