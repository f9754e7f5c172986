/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/host/json.h"
#include "sim/host/medical/signature_internal.h"

/* The mobile-payment envelope (settlement-backend sheet 3, one source). The text that is signed: all members but
 * signData, encData and extra, sorted by name, NAME=VALUE joined by '&', objects with their members sorted, nulls left
 * out, then "&key=" and the secret. encData is the data in SM4, ECB with PKCS 7 padding, in capital hex digits; its key
 * is the first 16 bytes of SM3 of the secret (project choice: the source does not say). */

#define VERSION "2.0.1"

static oc_result sm4_key(oc_med_signer *signer, oc_key *key)
{
    uint8_t digest[32];
    OC_TRY(oc_sm3(signer->crypto, oc_span_text(oc_region_secret(signer->region)), digest));
    oc_result r = oc_key_load(key, OC_ALG_SM4, oc_span_of(digest, OC_KEY_SIZE));
    oc_wipe(digest, sizeof digest);
    return r;
}

static oc_result encipher(oc_med_signer *signer, oc_span text, oc_buf *hex)
{
    oc_key key;
    oc_buf blocks = {0};
    OC_TRY(sm4_key(signer, &key));
    size_t padding = 16 - text.len % 16;
    oc_result r = oc_buf_set(&blocks, text);
    for (size_t i = 0; i < padding && oc_is_ok(r); i++) {
        r = oc_buf_append_byte(&blocks, (uint8_t)padding);
    }
    r = oc_is_ok(r) ? oc_encipher(signer->crypto, &key, oc_buf_span(&blocks), blocks.at) : r;
    r = oc_is_ok(r) ? oc_buf_reserve(hex, blocks.len * 2 + 1) : r;
    if (oc_is_ok(r)) {
        oc_hex_encode((char *)hex->at, hex->room, oc_buf_span(&blocks));
        hex->len = blocks.len * 2;
    }
    oc_key_wipe(&key);
    oc_buf_free(&blocks);
    return r;
}

/* *right is false for what is no such text. */
static oc_result decipher(oc_med_signer *signer, const char *hex, oc_buf *text, bool *right)
{
    oc_key key;
    *right = false;
    if (!oc_is_ok(oc_hex_decode(text, hex, strlen(hex))) || text->len == 0 || text->len % 16 != 0) {
        return oc_ok();
    }
    OC_TRY(sm4_key(signer, &key));
    oc_result r = oc_decipher(signer->crypto, &key, oc_buf_span(text), text->at);
    oc_key_wipe(&key);
    OC_TRY(r);
    uint8_t padding = text->at[text->len - 1];
    *right = padding >= 1 && padding <= 16;
    for (size_t i = 0; *right && i < padding; i++) {
        *right = text->at[text->len - 1 - i] == padding;
    }
    text->len -= *right ? padding : 0;
    return oc_ok();
}

static void drop_nulls(json_t *value)
{
    const char *name;
    json_t *member;
    void *next;
    size_t at;
    json_object_foreach_safe(value, next, name, member)
    {
        if (json_is_null(member)) {
            json_object_del(value, name);
        } else {
            drop_nulls(member);
        }
    }
    json_array_foreach(value, at, member)
    {
        drop_nulls(member);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

#define MEMBERS_MAX 16

static oc_result append_member(oc_buf *out, const char *name, const json_t *value)
{
    char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    const char *shown = json_is_string(value) ? json_string_value(value) : text;
    oc_result r = shown == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    r = oc_is_ok(r) && out->len > 0 ? oc_buf_append_byte(out, '&') : r;
    r = oc_is_ok(r) ? oc_buf_append(out, oc_span_text(name)) : r;
    r = oc_is_ok(r) ? oc_buf_append_byte(out, '=') : r;
    r = oc_is_ok(r) ? oc_buf_append(out, oc_span_text(shown)) : r;
    free(text);
    return r;
}

static oc_result text_to_sign(oc_med_signer *signer, json_t *envelope, oc_buf *out)
{
    const char *names[MEMBERS_MAX];
    size_t count = 0;
    const char *name;
    json_t *value;
    drop_nulls(envelope);
    json_object_foreach(envelope, name, value)
    {
        bool left_out = strcmp(name, "signData") == 0 || strcmp(name, "encData") == 0 || strcmp(name, "extra") == 0;
        if (!left_out && count < MEMBERS_MAX) {
            names[count++] = name;
        }
    }
    qsort(names, count, sizeof names[0], by_name);
    for (size_t i = 0; i < count; i++) {
        OC_TRY(append_member(out, names[i], json_object_get(envelope, names[i])));
    }
    OC_TRY(oc_buf_append(out, oc_span_text("&key=")));
    return oc_buf_append(out, oc_span_text(oc_region_secret(signer->region)));
}

static oc_result fill(oc_med_signer *signer, int64_t seconds, oc_span message, json_t *envelope)
{
    char timestamp[24];
    json_t *data = NULL;
    oc_buf text = {0};
    oc_buf hex = {0};
    snprintf(timestamp, sizeof timestamp, "%" PRId64, seconds);
    OC_TRY(oc_json_parse(&data, message, NULL));
    json_object_set_new(envelope, "appId", json_string(oc_region_app_id(signer->region)));
    json_object_set_new(envelope, "encType", json_string("SM4"));
    json_object_set_new(envelope, "signType", json_string("SM2"));
    json_object_set_new(envelope, "timestamp", json_string(timestamp));
    json_object_set_new(envelope, "version", json_string(VERSION));
    json_object_set_new(envelope, "data", data);
    oc_buf signature = {0};
    oc_result r = text_to_sign(signer, envelope, &text);
    r = oc_is_ok(r) ? oc_med_sm2_sign(signer, oc_buf_span(&text), &signature) : r;
    r = oc_is_ok(r) ? encipher(signer, message, &hex) : r;
    if (oc_is_ok(r)) {
        json_object_set_new(envelope, "signData", json_stringn((const char *)signature.at, signature.len));
        json_object_set_new(envelope, "encData", json_stringn((const char *)hex.at, hex.len));
        json_object_del(envelope, "data"); /* it travels enciphered alone */
    }
    oc_buf_free(&signature);
    oc_buf_free(&text);
    oc_buf_free(&hex);
    return r;
}

oc_result oc_med_mobile_wrap(oc_med_signer *signer, int64_t seconds, oc_buf *message)
{
    json_t *envelope = json_object();
    oc_result r = envelope == NULL ? oc_fail(OC_E_MEMORY) : fill(signer, seconds, oc_buf_span(message), envelope);
    oc_buf_clear(message);
    r = oc_is_ok(r) ? oc_json_print(message, envelope) : r;
    json_decref(envelope);
    return r;
}

static void wrong(oc_med_findings *findings, const char *path, const char *why)
{
    oc_med_find(findings, OC_MED_FLAW_SIGNATURE, 'C', path, NULL, "%s", why);
}

static const char *text_of(const json_t *envelope, const char *name)
{
    const char *text = json_string_value(json_object_get(envelope, name));
    return text == NULL ? "" : text;
}

static oc_result open_envelope(oc_med_signer *signer, int64_t seconds, json_t *envelope, oc_buf *message,
                               oc_med_findings *findings)
{
    bool right = false;
    oc_buf text = {0};
    oc_buf_clear(message);
    if (strcmp(text_of(envelope, "encType"), "SM4") != 0 || strcmp(text_of(envelope, "signType"), "SM2") != 0) {
        wrong(findings, "encType", "encType SM4 and signType SM2");
        return oc_ok();
    }
    OC_TRY(decipher(signer, text_of(envelope, "encData"), message, &right));
    json_t *data = NULL;
    if (!right || !oc_is_ok(oc_json_parse(&data, oc_buf_span(message), NULL))) {
        oc_buf_clear(message);
        wrong(findings, "encData", "a message in SM4 under the caller's key");
        return oc_ok();
    }
    json_object_set_new(envelope, "data", data);
    oc_result r = text_to_sign(signer, envelope, &text);
    r = oc_is_ok(r) ? oc_med_sm2_fits(signer, oc_buf_span(&text), oc_region_user_id(signer->region),
                                      text_of(envelope, "signData"), &right)
                    : r;
    oc_buf_free(&text);
    OC_TRY(r);
    int64_t skew = llabs(seconds - strtoll(text_of(envelope, "timestamp"), NULL, 10));
    if (!right) {
        wrong(findings, "signData", "an SM2 signature over the sorted members");
    } else if (skew > (int64_t)oc_region_rules(signer->region)->clock_minutes * 60) {
        wrong(findings, "timestamp", "a time near the host's");
    }
    return oc_ok();
}

oc_result oc_med_mobile_unwrap(oc_med_signer *signer, int64_t seconds, oc_buf *message, oc_med_findings *findings)
{
    json_t *envelope = NULL;
    if (!oc_is_ok(oc_json_parse(&envelope, oc_buf_span(message), NULL)) || !json_is_object(envelope)) {
        json_decref(envelope);
        wrong(findings, "data", "an envelope");
        return oc_ok();
    }
    oc_result r = open_envelope(signer, seconds, envelope, message, findings);
    json_decref(envelope);
    return r;
}
