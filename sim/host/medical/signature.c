/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <openssl/evp.h>

#include "sim/base/hex.h"
#include "sim/host/json.h"
#include "sim/host/medical/signature_internal.h"

oc_result oc_med_signer_new(oc_med_signer **out, const oc_region *region)
{
    *out = NULL;
    oc_med_signer *signer = calloc(1, sizeof *signer);
    if (signer == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    signer->region = region;
    oc_result r = oc_crypto_new(&signer->crypto);
    const char *seed = oc_region_signing_seed(region);
    if (oc_is_ok(r) && seed != NULL) {
        r = oc_sm2_pair_from(signer->crypto, &signer->key, oc_span_text(seed));
        signer->has_key = oc_is_ok(r);
    }
    if (!oc_is_ok(r)) {
        oc_med_signer_free(&signer);
        return r;
    }
    *out = signer;
    return oc_ok();
}

void oc_med_signer_forget(oc_med_signer *signer)
{
    memset(signer->nonces, 0, sizeof signer->nonces);
    signer->nonce_at = 0;
}

void oc_med_signer_free(oc_med_signer **signer)
{
    if (*signer != NULL) {
        oc_sm2_wipe(&(*signer)->key);
        oc_crypto_free(&(*signer)->crypto);
        free(*signer);
        *signer = NULL;
    }
}

oc_result oc_med_base64(oc_buf *out, oc_span bytes)
{
    oc_buf text = {0};
    OC_TRY(oc_buf_reserve(&text, bytes.len / 3 * 4 + 8));
    int len = EVP_EncodeBlock(text.at, bytes.at, (int)bytes.len);
    text.len = len < 0 ? 0 : (size_t)len;
    oc_result r = oc_buf_append(out, oc_buf_span(&text));
    oc_buf_free(&text);
    return r;
}

oc_result oc_med_from_base64(oc_buf *out, const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || len % 4 != 0) {
        return oc_fail(OC_E_FORMAT);
    }
    oc_buf bytes = {0};
    OC_TRY(oc_buf_reserve(&bytes, len / 4 * 3 + 4));
    int count = EVP_DecodeBlock(bytes.at, (const unsigned char *)text, (int)len);
    if (count < 0) {
        oc_buf_free(&bytes);
        return oc_fail(OC_E_FORMAT);
    }
    bytes.len = (size_t)count - (text[len - 1] == '=') - (text[len - 2] == '=');
    oc_result r = oc_buf_append(out, oc_buf_span(&bytes));
    oc_buf_free(&bytes);
    return r;
}

oc_result oc_med_sm2_sign(oc_med_signer *signer, oc_span text, oc_buf *base64)
{
    uint8_t digest[OC_SM2_DIGEST];
    uint8_t signature[OC_SM2_SIGNATURE];
    if (!signer->has_key) {
        return oc_fail(OC_E_UNAVAILABLE);
    }
    oc_span id = oc_span_text(oc_region_user_id(signer->region));
    OC_TRY(oc_sm2_digest(signer->crypto, &signer->key, id, text, digest));
    OC_TRY(oc_sm2_sign(signer->crypto, &signer->key, oc_span_of(digest, sizeof digest), oc_span_empty(), signature));
    return oc_med_base64(base64, oc_span_of(signature, sizeof signature));
}

oc_result oc_med_sm2_fits(oc_med_signer *signer, oc_span text, const char *user_id, const char *base64, bool *fits)
{
    uint8_t digest[OC_SM2_DIGEST];
    oc_buf signature = {0};
    *fits = false;
    if (!signer->has_key) {
        return oc_fail(OC_E_UNAVAILABLE);
    }
    if (!oc_is_ok(oc_med_from_base64(&signature, base64))) {
        return oc_ok();
    }
    oc_result r = oc_sm2_digest(signer->crypto, &signer->key, oc_span_text(user_id), text, digest);
    r = oc_is_ok(r) ? oc_sm2_verify(&signer->key, oc_span_of(digest, sizeof digest), oc_buf_span(&signature), fits)
                    : r;
    oc_buf_free(&signature);
    return r;
}

static oc_result sm3_hex(oc_med_signer *signer, oc_span text, char out[65])
{
    uint8_t digest[32];
    OC_TRY(oc_sm3(signer->crypto, text, digest));
    oc_hex_encode(out, 65, oc_span_of(digest, sizeof digest));
    return oc_ok();
}

/* Sets signtype and cainfo in a message: behind what it has, so that the bytes of the input stay. */
static oc_result set_cainfo(oc_buf *message, const char *signtype, const char *cainfo)
{
    while (message->len > 0 && message->at[message->len - 1] != '}') {
        message->len--;
    }
    if (message->len == 0) {
        return oc_fail(OC_E_FORMAT);
    }
    message->len--;
    OC_TRY(oc_buf_append(message, oc_span_text(",\"signtype\":\"")));
    OC_TRY(oc_buf_append(message, oc_span_text(signtype)));
    OC_TRY(oc_buf_append(message, oc_span_text("\",\"cainfo\":\"")));
    OC_TRY(oc_buf_append(message, oc_span_text(cainfo)));
    return oc_buf_append(message, oc_span_text("\"}"));
}

static oc_result gateway_digest(oc_med_signer *signer, const char *timestamp, const char *nonce, char out[65])
{
    const char *parts[] = {timestamp, oc_region_secret(signer->region), nonce, timestamp};
    oc_buf text = {0};
    uint8_t digest[32];
    oc_result r = oc_ok();
    for (size_t i = 0; i < 4 && oc_is_ok(r); i++) {
        r = oc_buf_append(&text, oc_span_text(parts[i]));
    }
    r = oc_is_ok(r) ? oc_sha256(signer->crypto, oc_buf_span(&text), digest) : r;
    oc_buf_free(&text);
    OC_TRY(r);
    oc_hex_encode(out, 65, oc_span_of(digest, sizeof digest));
    return oc_ok();
}

static oc_result gateway_sign(oc_med_signer *signer, int64_t seconds, const char *nonce, oc_fields *headers)
{
    char timestamp[24];
    char digest[65];
    snprintf(timestamp, sizeof timestamp, "%" PRId64, seconds);
    OC_TRY(gateway_digest(signer, timestamp, nonce, digest));
    for (char *at = digest; *at != '\0'; at++) {
        *at = (char)(*at >= 'A' && *at <= 'F' ? *at + 32 : *at);
    }
    OC_TRY(oc_fields_set_text(headers, "x-tif-paasid", oc_region_app_id(signer->region)));
    OC_TRY(oc_fields_set_text(headers, "x-tif-timestamp", timestamp));
    OC_TRY(oc_fields_set_text(headers, "x-tif-nonce", nonce));
    return oc_fields_set_text(headers, "x-tif-signature", digest);
}

oc_result oc_med_sign(oc_med_signer *signer, int64_t seconds, const char *nonce, oc_buf *message, oc_fields *headers)
{
    oc_span input = oc_med_member_text(oc_buf_span(message), "input");
    char digest[65];
    switch (oc_region_signature(signer->region)) {
    case OC_SIGN_NONE:
        return oc_ok();
    case OC_SIGN_SM3_INPUT:
        OC_TRY(sm3_hex(signer, input, digest));
        return set_cainfo(message, "SM3", digest);
    case OC_SIGN_SM3_WITH_SM2: {
        oc_buf text = {0};
        oc_result r = oc_med_sm2_sign(signer, input, &text);
        r = oc_is_ok(r) ? oc_buf_append_byte(&text, 0) : r;
        r = oc_is_ok(r) ? set_cainfo(message, "SM2", (const char *)text.at) : r;
        oc_buf_free(&text);
        return r;
    }
    case OC_SIGN_GATEWAY:
        return gateway_sign(signer, seconds, nonce, headers);
    case OC_SIGN_MOBILE:
        return oc_med_mobile_wrap(signer, seconds, message);
    }
    return oc_fail(OC_E_INTERNAL);
}

static void wrong(oc_med_findings *findings, const char *path, const char *why)
{
    oc_med_find(findings, OC_MED_FLAW_SIGNATURE, 'C', path, NULL, "%s", why);
}

/* The input written anew: what a signer gets who does not sign what he sends. */
static oc_result rewritten(oc_span message, size_t flags, oc_buf *out)
{
    json_t *whole = NULL;
    OC_TRY(oc_json_parse(&whole, message, NULL));
    char *text = json_dumps(json_object_get(whole, "input"), flags | JSON_ENCODE_ANY);
    oc_result r = text == NULL ? oc_fail(OC_E_MEMORY) : oc_buf_set(out, oc_span_text(text));
    free(text);
    json_decref(whole);
    return r;
}

static oc_result signed_another_way(oc_med_signer *signer, oc_span message, const char *cainfo, bool sm2, bool *found)
{
    static const size_t ways[] = {JSON_COMPACT, JSON_COMPACT | JSON_SORT_KEYS, JSON_INDENT(2), 0,
                                  JSON_COMPACT | JSON_ENSURE_ASCII};
    oc_buf text = {0};
    *found = false;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && !*found; i++) {
        char digest[65];
        oc_result r = rewritten(message, ways[i], &text);
        if (oc_is_ok(r) && sm2) {
            r = oc_med_sm2_fits(signer, oc_buf_span(&text), oc_region_user_id(signer->region), cainfo, found);
        } else if (oc_is_ok(r)) {
            r = sm3_hex(signer, oc_buf_span(&text), digest);
            *found = oc_is_ok(r) && strcasecmp(digest, cainfo) == 0;
        }
        if (!oc_is_ok(r)) {
            oc_buf_free(&text);
            return r;
        }
    }
    oc_buf_free(&text);
    return oc_ok();
}

static oc_result verify_sm3(oc_med_signer *signer, oc_span message, const char *cainfo, oc_med_findings *findings)
{
    char digest[65];
    bool other = false;
    OC_TRY(sm3_hex(signer, oc_med_member_text(message, "input"), digest));
    if (strcmp(digest, cainfo) == 0) {
        return oc_ok();
    }
    if (strcasecmp(digest, cainfo) == 0) {
        wrong(findings, "cainfo", "capital hex digits; these are small");
        return oc_ok();
    }
    OC_TRY(signed_another_way(signer, message, cainfo, false, &other));
    wrong(findings, "cainfo",
          other ? "the SM3 of the input as it is sent; this is of the input written anew" : "the SM3 of the input");
    return oc_ok();
}

static oc_result verify_sm2(oc_med_signer *signer, oc_span message, const char *cainfo, oc_med_findings *findings)
{
    oc_span input = oc_med_member_text(message, "input");
    bool fits = false;
    OC_TRY(oc_med_sm2_fits(signer, input, oc_region_user_id(signer->region), cainfo, &fits));
    if (fits) {
        return oc_ok();
    }
    OC_TRY(oc_med_sm2_fits(signer, input, "", cainfo, &fits));
    if (fits) {
        wrong(findings, "cainfo", "a signature with the region's user id; this one has none");
        return oc_ok();
    }
    OC_TRY(signed_another_way(signer, message, cainfo, true, &fits));
    wrong(findings, "cainfo",
          fits ? "a signature over the input as it is sent; this is over the input written anew"
               : "an SM2 signature over the input");
    return oc_ok();
}

static oc_result verify_cainfo(oc_med_signer *signer, oc_span text, oc_med_findings *findings)
{
    json_t *message = NULL;
    if (!oc_is_ok(oc_json_parse(&message, text, NULL))) {
        return oc_ok(); /* what it is instead is said elsewhere */
    }
    bool sm2 = oc_region_signature(signer->region) == OC_SIGN_SM3_WITH_SM2;
    const char *type = json_string_value(json_object_get(message, "signtype"));
    const char *cainfo = json_string_value(json_object_get(message, "cainfo"));
    oc_result r = oc_ok();
    if (type == NULL || strcmp(type, sm2 ? "SM2" : "SM3") != 0) {
        wrong(findings, "signtype", sm2 ? "SM2" : "SM3");
    } else if (cainfo == NULL || cainfo[0] == '\0') {
        wrong(findings, "cainfo", "a signature");
    } else {
        r = sm2 ? verify_sm2(signer, text, cainfo, findings) : verify_sm3(signer, text, cainfo, findings);
    }
    json_decref(message);
    return r;
}

/* False for a nonce that was here within the tolerance. */
static bool take_nonce(oc_med_signer *signer, const char *nonce, int64_t seconds)
{
    int64_t tolerance = (int64_t)oc_region_rules(signer->region)->clock_minutes * 120;
    for (size_t i = 0; i < OC_MED_NONCES; i++) {
        if (strcmp(signer->nonces[i].text, nonce) == 0 && llabs(seconds - signer->nonces[i].seconds) <= tolerance) {
            return false;
        }
    }
    snprintf(signer->nonces[signer->nonce_at].text, sizeof signer->nonces[0].text, "%s", nonce);
    signer->nonces[signer->nonce_at].seconds = seconds;
    signer->nonce_at = (signer->nonce_at + 1) % OC_MED_NONCES;
    return true;
}

static void header_text(const oc_fields *headers, const char *name, char *out, size_t room)
{
    oc_span value = headers == NULL ? oc_span_empty() : oc_fields_span(headers, name);
    snprintf(out, room, "%.*s", (int)value.len, value.len == 0 ? "" : (const char *)value.at);
}

static oc_result verify_gateway(oc_med_signer *signer, int64_t seconds, const oc_fields *headers,
                                oc_med_findings *findings)
{
    char paasid[64];
    char timestamp[24];
    char nonce[65];
    char signature[72];
    char digest[65];
    header_text(headers, "x-tif-paasid", paasid, sizeof paasid);
    header_text(headers, "x-tif-timestamp", timestamp, sizeof timestamp);
    header_text(headers, "x-tif-nonce", nonce, sizeof nonce);
    header_text(headers, "x-tif-signature", signature, sizeof signature);
    OC_TRY(gateway_digest(signer, timestamp, nonce, digest));
    int64_t skew = llabs(seconds - strtoll(timestamp, NULL, 10));
    if (strcmp(paasid, oc_region_app_id(signer->region)) != 0) {
        wrong(findings, "x-tif-paasid", "the caller's number");
    } else if (strcasecmp(digest, signature) != 0) {
        wrong(findings, "x-tif-signature", "SHA-256 of timestamp, secret, nonce and timestamp");
    } else if (skew > (int64_t)oc_region_rules(signer->region)->clock_minutes * 60) {
        wrong(findings, "x-tif-timestamp", "a time near the host's");
    } else if (nonce[0] == '\0' || !take_nonce(signer, nonce, seconds)) {
        wrong(findings, "x-tif-nonce", "a nonce that was not used before");
    }
    return oc_ok();
}

oc_result oc_med_verify(oc_med_signer *signer, int64_t seconds, const oc_fields *headers, oc_buf *message,
                        oc_med_findings *findings)
{
    switch (oc_region_signature(signer->region)) {
    case OC_SIGN_NONE:
        return oc_ok();
    case OC_SIGN_SM3_INPUT:
    case OC_SIGN_SM3_WITH_SM2:
        return verify_cainfo(signer, oc_buf_span(message), findings);
    case OC_SIGN_GATEWAY:
        return verify_gateway(signer, seconds, headers, findings);
    case OC_SIGN_MOBILE:
        return oc_med_mobile_unwrap(signer, seconds, message, findings);
    }
    return oc_fail(OC_E_INTERNAL);
}
