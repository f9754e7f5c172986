/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/pki_internal.h"

/* What the private keys are for, and the digest. */
#define PADDING_INDICATOR 0x00 /* none given, ISO/IEC 7816-4 table 57 */

/* The user's right, then the pair whose private half is in `fid`. */
static oc_result open_key(oc_card_context *context, uint16_t fid, oc_sm2_key *pair, oc_sw *sw)
{
    *sw = oc_pki_user_right(context);
    if (!oc_sw_ok(*sw)) {
        return oc_ok();
    }
    *pair = (oc_sm2_key){.is_pair = true};
    OC_TRY(oc_pki_read_key(context, fid, OC_PKI_TAG_PRIVATE_KEY, pair->scalar, sw));
    if (!oc_sw_ok(*sw)) {
        return oc_ok();
    }
    return oc_pki_read_key(context, oc_pki_public_of(fid), OC_PKI_TAG_PUBLIC_KEY, pair->point, sw);
}

static oc_result sign_with(oc_card_context *context, const oc_sm2_key *pair)
{
    uint8_t seed[OC_SM2_SCALAR];
    uint8_t signature[OC_SM2_SIGNATURE];
    OC_TRY(oc_card_random(context->card, seed, sizeof seed));
    OC_TRY(oc_sm2_sign(context->crypto, pair, context->body, oc_span_of(seed, sizeof seed), signature));
    oc_wr_bytes(&context->out, oc_span_of(signature, sizeof signature));
    return oc_ok();
}

oc_result oc_pki_sign(oc_card_context *context)
{
    oc_sm2_key pair = {.is_pair = false};
    oc_sw sw;
    oc_result r = open_key(context, OC_PKI_SIGNATURE_PRIVATE, &pair, &sw);
    r = oc_is_ok(r) && oc_sw_ok(sw) ? sign_with(context, &pair) : r;
    oc_sm2_wipe(&pair);
    OC_TRY(r);
    return oc_card_answer(context, sw.value);
}

static oc_result decipher_with(oc_card_context *context, uint16_t fid, oc_span cipher)
{
    oc_sm2_key pair = {.is_pair = false};
    oc_buf text = {0};
    bool right = false;
    oc_sw sw;
    oc_result r = open_key(context, fid, &pair, &sw);
    if (oc_is_ok(r) && oc_sw_ok(sw)) {
        r = oc_sm2_decrypt(context->crypto, &pair, cipher, &text, &right);
        sw = oc_sw_of(right ? OC_SW_OK : OC_SW_WRONG_DATA);
        oc_wr_bytes(&context->out, oc_buf_span(&text));
    }
    oc_sm2_wipe(&pair);
    oc_buf_free(&text);
    OC_TRY(r);
    return oc_card_answer(context, sw.value);
}

oc_result oc_pki_decipher_key(oc_card_context *context)
{
    uint16_t fid;
    oc_span cipher;
    oc_rd rd = oc_rd_of(context->body);
    oc_sw sw = oc_pki_user_right(context);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    if (!oc_pki_take_fid(&rd, OC_PKI_TAG_PRIVATE_FILE, &fid) || !oc_pki_take(&rd, OC_PKI_TAG_DATA, 0, &cipher) ||
        !oc_rd_done(&rd) || oc_pki_public_of(fid) == 0) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    return decipher_with(context, fid, cipher);
}

oc_result oc_pki_decipher(oc_card_context *context)
{
    oc_sw sw = oc_pki_user_right(context);
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    if (context->body.at[0] != PADDING_INDICATOR) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    return decipher_with(context, OC_PKI_ENCIPHERING_PRIVATE, oc_span_slice(context->body, 1, context->body.len));
}

oc_result oc_pki_hash(oc_card_context *context)
{
    uint8_t digest[32];
    oc_span data;
    oc_rd rd = oc_rd_of(context->body);
    if (!oc_pki_take(&rd, OC_PKI_TAG_DATA, 0, &data) || !oc_rd_done(&rd)) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    OC_TRY(oc_sm3(context->crypto, data, digest));
    oc_wr_bytes(&context->out, oc_span_of(digest, sizeof digest));
    return oc_ok();
}
