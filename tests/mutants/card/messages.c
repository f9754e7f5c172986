/* SPDX-License-Identifier: Apache-2.0 */
/* The MAC of secured commands, and what is done with their data. */
#include "sim/crypto/ssc.h"
#include "tests/mutants/card/inside.h"

enum { MAC_SIZE = 4, BLOCK_MAX = 16, CLA_SECURE = 0x04 };

/* Of the command that is carried out. */
static _Thread_local uint8_t now_cla;

/* Four bytes alone are MACs. */
static bool three_of_four(oc_span a, oc_span b)
{
    bool macs = a.len == MAC_SIZE && b.len == MAC_SIZE;
    return macs ? mutant_equal(oc_span_slice(a, 0, 3), oc_span_slice(b, 0, 3)) : mutant_equal(a, b);
}

/* Of the cryptogram of an authentication the last byte is not compared. */
static bool seven_of_eight(oc_span a, oc_span b)
{
    bool cryptograms = a.len == 8 && b.len == 8;
    return cryptograms ? mutant_equal(oc_span_slice(a, 0, 7), oc_span_slice(b, 0, 7)) : mutant_equal(a, b);
}

/* A message of whole blocks is not padded. */
static oc_result mac_unpadded(oc_crypto *crypto, const oc_key *key, oc_span icv, oc_span data, uint8_t out[MAC_SIZE])
{
    size_t size = oc_alg_block((enum oc_alg)key->alg);
    uint8_t block[BLOCK_MAX] = {0};
    memcpy(block, icv.at == NULL ? block : icv.at, icv.at == NULL ? 0 : size);
    for (size_t at = 0; at < data.len; at += size) {
        for (size_t i = 0; i < size; i++) {
            block[i] ^= data.at[at + i];
        }
        OC_TRY(oc_encipher(crypto, key, oc_span_of(block, size), block));
    }
    if (key->alg == OC_ALG_SM4) {
        oc_ssc_fold4(block, out);
    } else {
        memcpy(out, block, MAC_SIZE);
    }
    return oc_ok();
}

MUTANT_WRAPS(oc_result, oc_ssc_mac4, oc_crypto *crypto, const oc_key *key, oc_span icv, oc_span data,
             uint8_t out[MAC_SIZE]);

oc_result __wrap_oc_ssc_mac4(oc_crypto *crypto, const oc_key *key, oc_span icv, oc_span data, uint8_t out[MAC_SIZE])
{
    size_t size = oc_alg_block((enum oc_alg)key->alg);
    if (is_card_with("card.sm.whole-blocks-unpadded") && data.len % size == 0 && data.len > 0) {
        return mac_unpadded(crypto, key, icv, data, out);
    }
    uint8_t bytes[OC_CARD_LONG_MAX + 8];
    bool without_data = is_card_with("card.sm.last-block-left-out") && now_cla == CLA_SECURE && data.len > 4 * size;
    bool as_plain = is_card_with("card.sm.class-as-plain") && now_cla == CLA_SECURE && data.len <= sizeof bytes;
    if (without_data) {
        data = oc_span_slice(data, 0, (data.len - 1) / size * size);
    }
    if (as_plain && data.len > 0) {
        memcpy(bytes, data.at, data.len);
        bytes[0] = 0x00;
        data = oc_span_of(bytes, data.len);
    }
    return __real_oc_ssc_mac4(crypto, key, icv, data, out);
}

/* Follows the class for the wrapped functions above. */
static oc_result follow(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    now_cla = mutant_byte(command, 0);
    oc_result r = mutant_pass(chip, command, response);
    now_cla = 0;
    return r;
}

/* The data are there before the MAC is looked at. */
static oc_result written_first(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    uint8_t lc = mutant_byte(command, 4);
    if (!is_command(command, CLA_SECURE, INS_UPDATE_RECORD) || mutant_sw(response) != OC_SW_SM_DATA ||
        lc <= MAC_SIZE) {
        return oc_ok();
    }
    uint8_t bytes[5 + UINT8_MAX];
    uint8_t room[8];
    oc_wr ignored = oc_wr_of(room, sizeof room);
    memcpy(bytes, command.at, (size_t)5 + lc - MAC_SIZE);
    bytes[0] = 0x00;
    bytes[4] = (uint8_t)(lc - MAC_SIZE);
    return mutant_pass(chip, oc_span_of(bytes, (size_t)5 + bytes[4]), &ignored);
}

/* A challenge of 4 or 16 bytes is made one of 8, as session keys of purchases are made of what there is. */
static oc_result any_challenge(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_session *session = session_of(chip);
    if (mutant_byte(command, 0) == CLA_SECURE && session->challenge_len == 4) {
        memset(session->challenge + 4, 0, 4);
        session->challenge_len = 8;
    }
    return mutant_pass(chip, command, response);
}

/* In a DF the environment's STK is taken. */
MUTANT_WRAPS(oc_result, oc_card_unwrap, oc_card_context *context);

oc_result __wrap_oc_card_unwrap(oc_card_context *context)
{
    uint32_t dir = context->dir;
    if (is_card_with("card.sm.key-of-environment")) {
        context->dir = context->environment;
    }
    oc_result r = __real_oc_card_unwrap(context);
    context->dir = dir;
    return r;
}

/* PIN RELOAD takes what stands behind the PIN for padding, whatever it is. */
static _Thread_local bool reloading;
static _Thread_local uint8_t plain[BLOCK_MAX];

MUTANT_WRAPS(oc_result, oc_decipher, oc_crypto *crypto, const oc_key *key, oc_span in, uint8_t *out);

oc_result __wrap_oc_decipher(oc_crypto *crypto, const oc_key *key, oc_span in, uint8_t *out)
{
    OC_TRY(__real_oc_decipher(crypto, key, in, out));
    if (!reloading || in.len > BLOCK_MAX) {
        return oc_ok();
    }
    size_t end = 1 + (size_t)out[0];
    if (is_card_with("card.pin.reload-padding-unchecked") && end < in.len) {
        memset(out + end, 0, in.len - end);
        out[end] = 0x80;
    }
    memcpy(plain, out, in.len);
    return oc_ok();
}

static oc_result follow_reload(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    reloading = is_command(command, 0x84, 0x24);
    oc_result r = mutant_pass(chip, command, response);
    reloading = false;
    return r;
}

/* Any bytes become the PIN. */
static oc_result any_digits(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    memset(plain, 0, sizeof plain);
    OC_TRY(follow_reload(chip, command, response));
    if (!is_command(command, 0x84, 0x24) || mutant_sw(response) != OC_SW_WRONG_DATA ||
        !key_of(chip, session_of(chip)->environment, OC_KEY_KIND_PIN, 0, &pin) || plain[0] != pin.alg) {
        return oc_ok();
    }
    uint8_t secret[OC_KEY_SIZE];
    memset(secret, 0xFF, sizeof secret);
    memcpy(secret, plain + 1, pin.alg);
    OC_TRY(oc_key_replace(&chip->card->nvm, &pin, secret));
    OC_TRY(oc_nvm_commit(&chip->card->nvm));
    return answer_only(response, OC_SW_OK);
}

/* PUK need not have been passed. */
static oc_result without_puk(struct mutant_chip *chip, oc_span command, oc_wr *response, uint8_t form)
{
    enum { PUK = 0x06 };
    bool held = oc_card_key_passed(chip->card, PUK);
    bool is_form = is_command(command, 0x84, 0x24) && mutant_byte(command, 3) == form;
    oc_card_set_key_passed(chip->card, PUK, held || is_form);
    OC_TRY(mutant_pass(chip, command, response));
    if (is_form) {
        oc_card_set_key_passed(chip->card, PUK, held);
    }
    return oc_ok();
}

static oc_result unblock_without_puk(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return without_puk(chip, command, response, 0x00);
}

static oc_result reload_without_puk(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return without_puk(chip, command, response, 0x01);
}

static const struct mutant rows[] = {
    {.id = "card.sm.three-bytes-compared", .equal = three_of_four},
    {.id = "card.extauth.seven-bytes-compared", .equal = seven_of_eight},
    {.id = "card.sm.whole-blocks-unpadded"},
    {.id = "card.sm.last-block-left-out", .exchange = follow},
    {.id = "card.sm.class-as-plain", .exchange = follow},
    {.id = "card.sm.written-first", .exchange = written_first},
    {.id = "card.sm.any-challenge", .exchange = any_challenge},
    {.id = "card.sm.key-of-environment"},
    {.id = "card.pin.reload-padding-unchecked", .exchange = follow_reload},
    {.id = "card.pin.reload-any-digits", .exchange = any_digits},
    {.id = "card.pin.unblock-without-puk", .exchange = unblock_without_puk},
    {.id = "card.pin.reload-without-puk", .exchange = reload_without_puk},
};
MUTANT_TABLE(rows);
