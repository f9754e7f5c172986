/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/pki_app.h"

#include "sim/apps/pki_internal.h"
#include "sim/base/tlv.h"
#include "sim/crypto/pin_block.h"
#include "sim/crypto/ssc.h"

oc_sw oc_pki_user_right(const oc_card_context *context)
{
    return oc_card_access(context->card, (oc_access_rule){.rule = OC_RULE_PIN});
}

bool oc_pki_find(const oc_card_context *context, enum oc_key_kind kind, uint8_t id, oc_stored_key *out)
{
    const oc_key_query query = {(int)kind, id, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    return oc_key_find(context->nvm, context->dir, &query, out);
}

oc_result oc_pki_use(oc_card_context *context, const oc_stored_key *stored, oc_key *key)
{
    if (stored->kind == OC_KEY_KIND_PIN) {
        /* The algorithm of a PIN is its length in bytes (perso_format.h). */
        return oc_pin_key(context->crypto, oc_span_of(stored->secret, stored->alg), key);
    }
    return oc_key_load(key, OC_ALG_SM4, oc_span_of(stored->secret, OC_KEY_SIZE));
}

/* The challenge as one block; false when there is none of a usable length. */
static bool take_challenge(oc_card_context *context, uint8_t block[OC_PKI_BLOCK])
{
    memset(block, 0, OC_PKI_BLOCK);
    size_t len = oc_card_take_challenge(context->card, block);
    return len == 8 || len == OC_PKI_BLOCK;
}

oc_result oc_pki_authenticate(oc_card_context *context, oc_stored_key *stored)
{
    uint8_t expected[OC_PKI_BLOCK];
    oc_key key;
    if (oc_key_blocked(stored)) {
        return oc_card_answer(context, OC_SW_BLOCKED);
    }
    if (!take_challenge(context, expected)) {
        return oc_card_answer(context, OC_SW_NO_CHALLENGE);
    }
    OC_TRY(oc_pki_use(context, stored, &key));
    oc_result r = oc_encipher(context->crypto, &key, oc_span_of(expected, sizeof expected), expected);
    oc_key_wipe(&key);
    OC_TRY(r);
    OC_TRY(oc_key_attempt(context->nvm, stored));
    bool right = oc_span_equal_secret(context->body, oc_span_of(expected, sizeof expected));
    oc_wipe(expected, sizeof expected);
    return right ? oc_key_restore(context->nvm, stored)
                 : oc_card_answer(context, oc_sw_tries(oc_key_left(stored)).value);
}

static oc_result open_with(oc_card_context *context, oc_stored_key *stored, const oc_key *key, oc_span icv,
                           uint8_t *plain)
{
    uint8_t covered[5 + UINT8_MAX];
    uint8_t mac[OC_PKI_MAC];
    oc_span data = oc_span_slice(context->body, 0, context->body.len - OC_PKI_MAC);
    oc_wr wr = oc_wr_of(covered, sizeof covered);
    const uint8_t head[] = {context->cla, context->ins, context->p1, context->p2, (uint8_t)context->body.len};
    oc_wr_bytes(&wr, oc_span_of(head, sizeof head));
    oc_wr_bytes(&wr, data);
    OC_TRY(oc_ssc_mac4(context->crypto, key, icv, oc_wr_span(&wr), mac));
    OC_TRY(oc_key_attempt(context->nvm, stored));
    if (!oc_span_equal_secret(oc_span_of(mac, sizeof mac), oc_span_slice(context->body, data.len, OC_PKI_MAC))) {
        return oc_card_answer(context, OC_SW_SM_DATA);
    }
    OC_TRY(oc_key_restore(context->nvm, stored));
    return oc_decipher(context->crypto, key, data, plain);
}

oc_result oc_pki_open(oc_card_context *context, oc_stored_key *stored, uint8_t *plain)
{
    uint8_t icv[OC_PKI_BLOCK];
    oc_key key;
    if (oc_key_blocked(stored)) {
        return oc_card_answer(context, OC_SW_BLOCKED);
    }
    if (!take_challenge(context, icv)) {
        return oc_card_answer(context, OC_SW_NO_CHALLENGE);
    }
    OC_TRY(oc_pki_use(context, stored, &key));
    oc_result r = open_with(context, stored, &key, oc_span_of(icv, sizeof icv), plain);
    oc_key_wipe(&key);
    return r;
}

bool oc_pki_take(oc_rd *body, uint32_t tag, size_t len, oc_span *value)
{
    oc_tlv tlv;
    if (!oc_tlv_next(body, &tlv) || tlv.tag != tag || (len != 0 && tlv.value.len != len)) {
        return false;
    }
    *value = tlv.value;
    return true;
}

bool oc_pki_take_fid(oc_rd *body, uint32_t tag, uint16_t *fid)
{
    oc_span value;
    if (!oc_pki_take(body, tag, 2, &value)) {
        return false;
    }
    *fid = (uint16_t)(value.at[0] << 8 | value.at[1]);
    return true;
}

static const struct {
    uint16_t public_fid, private_fid;
} pairs[] = {{0x0012, OC_PKI_SIGNATURE_PRIVATE}, {0x0014, OC_PKI_ENCIPHERING_PRIVATE}};

uint16_t oc_pki_private_of(uint16_t public_fid)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i].public_fid == public_fid) {
            return pairs[i].private_fid;
        }
    }
    return 0;
}

uint16_t oc_pki_public_of(uint16_t private_fid)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i].private_fid == private_fid) {
            return pairs[i].public_fid;
        }
    }
    return 0;
}

static void forget(void *state)
{
    oc_wipe(state, sizeof(oc_pki_state));
}

/* "PKI." and 社会保障 in GBK. */
static const uint8_t name[] = {0x50, 0x4B, 0x49, 0x2E, 0xC9, 0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF};
static const oc_span environments[] = {{name, sizeof name}};

static bool pin_reference(uint8_t p1, uint8_t p2)
{
    (void)p1;
    return p2 == OC_PKI_USER || p2 == OC_PKI_ADMINISTRATOR;
}

#define AUTHORITY (OC_LIFE_ISSUED | OC_LIFE_CONTACT)
#define CHANGE (OC_LIFE_ANY | OC_LIFE_CONTACT)

static const oc_card_command commands[] = {
    {0x00, 0x82, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 16, 16, AUTHORITY, oc_pki_master_key},
    {0x00, 0x20, 0x01, 0xFF, 0x00, 0x00, pin_reference, OC_FLOW_IN, 0, 16, AUTHORITY, oc_pki_verify},
    {0x84, 0x5E, 0x01, 0xFF, 0x00, 0x00, pin_reference, OC_FLOW_IN, 20, 20, AUTHORITY, oc_pki_change_pin},
    {0x84, 0x5E, 0x00, 0xFF, 0x81, 0xFF, NULL, OC_FLOW_IN, 20, 20, AUTHORITY, oc_pki_reload_pin},
    {0x84, 0xD4, 0x01, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 36, 36, AUTHORITY, oc_pki_load_key},
    {0x80, 0x40, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 8, 8, CHANGE, oc_pki_prepare},
    {0x80, 0xC9, 0x82, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 8, 8, CHANGE, oc_pki_generate},
    {0x80, 0xC9, 0x82, 0xFF, 0x80, 0xFF, NULL, OC_FLOW_OUT, 0, 0, OC_LIFE_ANY, oc_pki_get_public},
    {0x80, 0x4E, 0x00, 0xFF, 0x01, 0xFF, NULL, OC_FLOW_IN, 6, 255, OC_LIFE_ANY, oc_pki_decipher_key},
    {0x80, 0x4A, 0x02, 0xFF, 0x10, 0xFF, NULL, OC_FLOW_IN, 18, 18, OC_LIFE_ANY, oc_pki_import_session},
    {0x80, 0xC2, 0x40, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 70, 70, CHANGE, oc_pki_import_public},
    {0x80, 0xC2, 0xC0, 0xFF, 0x01, 0xFF, NULL, OC_FLOW_IN, 38, 38, CHANGE, oc_pki_import_private},
    {0x80, 0xC4, 0x01, 0xFF, 0x03, 0xFF, NULL, OC_FLOW_IN, 2, OC_LC_ANY, OC_LIFE_ANY, oc_pki_hash},
    {0x00, 0x2A, 0x9E, 0xFF, 0x9A, 0xFF, NULL, OC_FLOW_IN, 32, 32, OC_LIFE_ANY, oc_pki_sign},
    {0x00, 0x2A, 0x80, 0xFF, 0x86, 0xFF, NULL, OC_FLOW_IN, 98, 255, OC_LIFE_ANY, oc_pki_decipher},
};

const oc_card_app oc_pki_app = {
    .name = "pki",
    .commands = commands,
    .command_count = sizeof commands / sizeof commands[0],
    .environments = environments,
    .environment_count = sizeof environments / sizeof environments[0],
    .state_size = sizeof(oc_pki_state),
    .on_select = forget,
};
