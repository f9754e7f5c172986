/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/ecard/token.h"

#include <stdio.h>

#include <openssl/evp.h>

#define LEAD "OCEC1."
#define LEAD_LEN 6
#define VERSION 1
#define SIGNED (OC_ECARD_BODY + OC_SM2_SIGNATURE)
#define CODED 126 /* base64 of 94 bytes without its two fillings */

const char *oc_ecard_flaw_word(enum oc_ecard_flaw flaw)
{
    static const char *const words[] = {
#define OC_ECARD_FLAW_WORD(name, word) word,
        OC_ECARD_FLAWS(OC_ECARD_FLAW_WORD)
#undef OC_ECARD_FLAW_WORD
    };
    return words[flaw];
}

static void write_body(const oc_ecard_token *token, uint8_t body[OC_ECARD_BODY])
{
    oc_wr wr = oc_wr_of(body, OC_ECARD_BODY);
    oc_wr_u8(&wr, VERSION);
    oc_wr_bytes(&wr, oc_span_of(token->id, OC_ECARD_ID));
    oc_wr_u32(&wr, (uint32_t)((uint64_t)token->issued >> 32));
    oc_wr_u32(&wr, (uint32_t)token->issued);
    oc_wr_u32(&wr, token->lifetime);
    oc_wr_u8(&wr, (uint8_t)token->scope);
}

static oc_result digest_of(oc_crypto *crypto, const oc_sm2_key *key, const uint8_t body[OC_ECARD_BODY],
                           uint8_t digest[OC_SM2_DIGEST])
{
    return oc_sm2_digest(crypto, key, oc_span_text(OC_ECARD_USER_ID), oc_span_of(body, OC_ECARD_BODY), digest);
}

oc_result oc_ecard_token_make(oc_crypto *crypto, const oc_sm2_key *key, const oc_ecard_token *token,
                              char out[OC_ECARD_TEXT + 1])
{
    uint8_t all[SIGNED];
    uint8_t digest[OC_SM2_DIGEST];
    unsigned char coded[CODED + 4];
    write_body(token, all);
    OC_TRY(digest_of(crypto, key, all, digest));
    OC_TRY(oc_sm2_sign(crypto, key, oc_span_of(digest, sizeof digest), oc_span_empty(), all + OC_ECARD_BODY));
    EVP_EncodeBlock(coded, all, SIGNED);
    for (size_t i = 0; i < CODED; i++) {
        coded[i] = coded[i] == '+' ? '-' : coded[i] == '/' ? '_' : coded[i];
    }
    snprintf(out, OC_ECARD_TEXT + 1, LEAD "%.*s", CODED, (const char *)coded);
    return oc_ok();
}

static bool decode(oc_span text, uint8_t all[SIGNED + 2])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char coded[CODED + 2];
    if (text.len != OC_ECARD_TEXT || memcmp(text.at, LEAD, LEAD_LEN) != 0) {
        return false;
    }
    for (size_t i = 0; i < CODED; i++) {
        uint8_t c = text.at[LEAD_LEN + i];
        if (c == '\0' || strchr(alphabet, c) == NULL) {
            return false;
        }
        coded[i] = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    coded[CODED] = '=';
    coded[CODED + 1] = '=';
    unsigned char again[CODED + 4];
    /* Bits of the last character that stand for nothing have to be 0: one code has one text. */
    return EVP_DecodeBlock(all, coded, CODED + 2) == SIGNED + 2 && EVP_EncodeBlock(again, all, SIGNED) == CODED + 2 &&
           memcmp(again, coded, CODED) == 0;
}

static bool read_body(oc_span body, oc_ecard_token *token)
{
    oc_rd rd = oc_rd_of(body);
    uint8_t version = oc_rd_u8(&rd);
    oc_rd_copy(&rd, token->id, OC_ECARD_ID);
    uint64_t issued = (uint64_t)oc_rd_u32(&rd) << 32;
    issued |= oc_rd_u32(&rd);
    token->issued = (int64_t)issued;
    token->lifetime = oc_rd_u32(&rd);
    token->scope = (char)oc_rd_u8(&rd);
    return oc_rd_done(&rd) && version == VERSION && token->issued >= 0;
}

oc_result oc_ecard_token_read(oc_crypto *crypto, const oc_sm2_key *key, oc_span text, int64_t now, char scope,
                              oc_ecard_token *token, enum oc_ecard_flaw *flaw)
{
    uint8_t all[SIGNED + 2];
    uint8_t digest[OC_SM2_DIGEST];
    bool valid = false;
    *token = (oc_ecard_token){0};
    *flaw = text.len > OC_ECARD_TEXT ? OC_ECARD_TOO_LONG : OC_ECARD_FORM;
    if (!decode(text, all) || !read_body(oc_span_of(all, OC_ECARD_BODY), token)) {
        return oc_ok();
    }
    OC_TRY(digest_of(crypto, key, all, digest));
    OC_TRY(oc_sm2_verify(key, oc_span_of(digest, sizeof digest), oc_span_of(all + OC_ECARD_BODY, OC_SM2_SIGNATURE),
                         &valid));
    *flaw = !valid                                           ? OC_ECARD_SIGNATURE
            : now < token->issued - OC_ECARD_SKEW            ? OC_ECARD_NOT_YET
            : now > token->issued + (int64_t)token->lifetime ? OC_ECARD_EXPIRED
            : scope != token->scope                          ? OC_ECARD_SCOPE
                                                             : OC_ECARD_RIGHT;
    return oc_ok();
}
