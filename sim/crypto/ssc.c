/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/ssc.h"

#define FACTOR_SIZE 8

oc_result oc_ssc_diversify_input(oc_span factor, uint8_t out[OC_KEY_SIZE])
{
    if (factor.len != FACTOR_SIZE) {
        return oc_fail(OC_E_FORMAT);
    }
    for (size_t i = 0; i < FACTOR_SIZE; i++) {
        out[i] = factor.at[i];
        out[FACTOR_SIZE + i] = (uint8_t)~factor.at[i];
    }
    return oc_ok();
}

oc_result oc_ssc_diversify(oc_crypto *crypto, const oc_key *parent, oc_span factor, oc_key *child)
{
    uint8_t block[OC_KEY_SIZE];
    OC_TRY(oc_ssc_diversify_input(factor, block));
    oc_result r = oc_encipher(crypto, parent, oc_span_of(block, sizeof block), block);
    if (oc_is_ok(r)) {
        r = oc_key_load(child, parent->alg, oc_span_of(block, sizeof block));
    }
    oc_wipe(block, sizeof block);
    return r;
}

oc_result oc_ssc_diversify_all(oc_crypto *crypto, const oc_key *root, const oc_span *factors, size_t count,
                               oc_key *child)
{
    oc_key key = *root;
    oc_result r = oc_ok();
    for (size_t i = 0; i < count && oc_is_ok(r); i++) {
        r = oc_ssc_diversify(crypto, &key, factors[i], &key);
    }
    *child = key;
    oc_key_wipe(&key);
    return r;
}

oc_result oc_ssc_session(oc_crypto *crypto, const oc_key *key, oc_span input, oc_key *session)
{
    uint8_t block[16] = {0};
    size_t size = oc_alg_block((enum oc_alg)key->alg);
    if (input.len == 0 || input.len > size || (key->alg == OC_ALG_3DES && input.len != size)) {
        return oc_fail(OC_E_FORMAT);
    }
    memcpy(block, input.at, input.len);
    oc_result r = oc_encipher(crypto, key, oc_span_of(block, size), block);
    if (oc_is_ok(r)) {
        if (key->alg == OC_ALG_3DES) {
            memcpy(block + 8, block, 8);
        }
        r = oc_key_load(session, key->alg, oc_span_of(block, sizeof block));
        session->transient = 1;
    }
    oc_wipe(block, sizeof block);
    return r;
}

void oc_ssc_fold8(const uint8_t block[16], uint8_t out[8])
{
    for (size_t i = 0; i < 8; i++) {
        out[i] = block[i] ^ block[8 + i];
    }
}

void oc_ssc_fold4(const uint8_t block[16], uint8_t out[4])
{
    for (size_t i = 0; i < 4; i++) {
        out[i] = (uint8_t)(block[i] ^ block[4 + i] ^ block[8 + i] ^ block[12 + i]);
    }
}

oc_result oc_ssc_auth(oc_crypto *crypto, const oc_key *key, oc_span challenge, oc_span text, uint8_t out[8])
{
    if (challenge.len != 8 || text.len != 8) {
        return oc_fail(OC_E_FORMAT);
    }
    oc_key session;
    OC_TRY(oc_ssc_session(crypto, key, challenge, &session));
    uint8_t block[16] = {0};
    memcpy(block, text.at, 8);
    oc_result r = oc_encipher(crypto, &session, oc_span_of(block, oc_alg_block((enum oc_alg)key->alg)), block);
    oc_key_wipe(&session);
    if (key->alg == OC_ALG_SM4) {
        oc_ssc_fold8(block, out);
    } else {
        memcpy(out, block, 8);
    }
    return r;
}

oc_result oc_ssc_mac4(oc_crypto *crypto, const oc_key *key, oc_span icv, oc_span data, uint8_t out[4])
{
    uint8_t block[16];
    OC_TRY(oc_cbc_mac(crypto, key, icv, data, block));
    if (key->alg == OC_ALG_SM4) {
        oc_ssc_fold4(block, out);
    } else {
        memcpy(out, block, 4);
    }
    return oc_ok();
}

oc_result oc_ssc_tac_key(const oc_key *dtk, oc_key *tac_key)
{
    *tac_key = *dtk;
    if (dtk->alg == OC_ALG_3DES) {
        for (size_t i = 0; i < 8; i++) {
            tac_key->sealed[i] = dtk->sealed[i] ^ dtk->sealed[8 + i];
        }
        memcpy(tac_key->sealed + 8, tac_key->sealed, 8);
    }
    return oc_ok();
}

static bool digits(oc_span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9') {
            return false;
        }
    }
    return true;
}

oc_result oc_ssc_province_factor(oc_span area, uint8_t out[8])
{
    if (area.len != 6 || !digits(area)) {
        return oc_fail(OC_E_FORMAT);
    }
    memcpy(out, area.at, 2);
    memcpy(out + 2, "0000sh", 6);
    return oc_ok();
}

oc_result oc_ssc_city_factor(oc_span area, uint8_t out[8])
{
    if (area.len != 6 || !digits(area)) {
        return oc_fail(OC_E_FORMAT);
    }
    memcpy(out, area.at, 6);
    memcpy(out + 6, "sx", 2);
    return oc_ok();
}

oc_result oc_ssc_card_id_check(oc_crypto *crypto, const oc_key *irk, oc_span first12, uint8_t out[4])
{
    if (first12.len != 12) {
        return oc_fail(OC_E_FORMAT);
    }
    if (irk->alg == OC_ALG_SM4) {
        return oc_ssc_mac4(crypto, irk, oc_span_empty(), first12, out);
    }
    uint8_t mac[8];
    OC_TRY(oc_retail_mac(crypto, irk, oc_span_empty(), first12, mac));
    memcpy(out, mac, 4);
    return oc_ok();
}

char oc_ssc_card_number_check(oc_span first8)
{
    static const int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    if (first8.len != 8) {
        return 0;
    }
    int sum = 0;
    for (size_t i = 0; i < 8; i++) {
        uint8_t c = first8.at[i];
        if (c >= '0' && c <= '9') {
            sum += weights[i] * (c - '0');
        } else if (c >= 'A' && c <= 'Z') {
            sum += weights[i] * (c - 'A' + 10);
        } else {
            return 0;
        }
    }
    int check = 11 - sum % 11;
    return check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
}

char oc_ssc_id_number_check(oc_span first17)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    if (first17.len != 17 || !digits(first17)) {
        return 0;
    }
    int sum = 0;
    for (size_t i = 0; i < 17; i++) {
        sum += weights[i] * (first17.at[i] - '0');
    }
    return "10X98765432"[sum % 11];
}
