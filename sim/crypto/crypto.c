/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/crypto.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/crypto/sm2_math.h"

/* Key schedules of long-lived keys stay ready in a small direct-mapped table; session keys share one place of
 * their own, so that they do not drive the others out. */
#define KEPT_SCHEDULES 128
#define SESSION_PLACE KEPT_SCHEDULES
#define BLOCK_MAX 16

struct schedule {
    oc_key key;
    bool ecb_ready;
    bool cbc_ready;
    bool decipher_ready;
    EVP_CIPHER_CTX *ecb;
    EVP_CIPHER_CTX *cbc;
    EVP_CIPHER_CTX *decipher;
};

struct oc_crypto {
    EVP_CIPHER *des_ecb; /* DES-EDE with two keys; K||K is single DES */
    EVP_CIPHER *des_cbc;
    EVP_CIPHER *sm4_ecb;
    EVP_CIPHER *sm4_cbc;
    EVP_MD *sm3;
    EVP_MD *sha256;
    EVP_MD_CTX *digest;
    oc_sm2_curve sm2; /* made at the first use */
    struct schedule schedules[KEPT_SCHEDULES + 1];
};

oc_result oc_crypto_new(oc_crypto **out)
{
    *out = NULL;
    oc_crypto *crypto = calloc(1, sizeof *crypto);
    if (crypto == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    crypto->des_ecb = EVP_CIPHER_fetch(NULL, "DES-EDE-ECB", NULL);
    crypto->des_cbc = EVP_CIPHER_fetch(NULL, "DES-EDE-CBC", NULL);
    crypto->sm4_ecb = EVP_CIPHER_fetch(NULL, "SM4-ECB", NULL);
    crypto->sm4_cbc = EVP_CIPHER_fetch(NULL, "SM4-CBC", NULL);
    crypto->sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    crypto->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    crypto->digest = EVP_MD_CTX_new();
    if (crypto->des_ecb == NULL || crypto->des_cbc == NULL || crypto->sm4_ecb == NULL || crypto->sm4_cbc == NULL ||
        crypto->sm3 == NULL || crypto->sha256 == NULL || crypto->digest == NULL) {
        oc_crypto_free(&crypto);
        return oc_fail(OC_E_CRYPTO);
    }
    *out = crypto;
    return oc_ok();
}

static void schedule_free(struct schedule *schedule)
{
    EVP_CIPHER_CTX_free(schedule->ecb);
    EVP_CIPHER_CTX_free(schedule->cbc);
    EVP_CIPHER_CTX_free(schedule->decipher);
    oc_wipe(schedule, sizeof *schedule);
}

void oc_crypto_free(oc_crypto **crypto)
{
    if (*crypto == NULL) {
        return;
    }
    for (size_t i = 0; i <= KEPT_SCHEDULES; i++) {
        schedule_free(&(*crypto)->schedules[i]);
    }
    EVP_CIPHER_free((*crypto)->des_ecb);
    EVP_CIPHER_free((*crypto)->des_cbc);
    EVP_CIPHER_free((*crypto)->sm4_ecb);
    EVP_CIPHER_free((*crypto)->sm4_cbc);
    EVP_MD_free((*crypto)->sm3);
    EVP_MD_free((*crypto)->sha256);
    EVP_MD_CTX_free((*crypto)->digest);
    oc_sm2_curve_close(&(*crypto)->sm2);
    free(*crypto);
    *crypto = NULL;
}

oc_result oc_crypto_sm2(oc_crypto *crypto, const oc_sm2_curve **out)
{
    *out = &crypto->sm2;
    return crypto->sm2.group == NULL ? oc_sm2_curve_open(&crypto->sm2) : oc_ok();
}

bool oc_alg_known(uint8_t alg)
{
    return alg == OC_ALG_3DES || alg == OC_ALG_SM4;
}

size_t oc_alg_block(enum oc_alg alg)
{
    return alg == OC_ALG_SM4 ? 16 : 8;
}

const char *oc_alg_name(enum oc_alg alg)
{
    return alg == OC_ALG_SM4 ? "SM4" : "3DES";
}

oc_result oc_key_load(oc_key *out, uint8_t alg, oc_span bytes)
{
    if (!oc_alg_known(alg) || bytes.len != OC_KEY_SIZE) {
        return oc_fail(OC_E_FORMAT);
    }
    out->alg = alg;
    out->transient = 0;
    memcpy(out->sealed, bytes.at, OC_KEY_SIZE);
    return oc_ok();
}

void oc_key_wipe(oc_key *key)
{
    oc_wipe(key, sizeof *key);
}

bool oc_key_equal(const oc_key *a, const oc_key *b)
{
    return a->alg == b->alg &&
           oc_span_equal_secret(oc_span_of(a->sealed, OC_KEY_SIZE), oc_span_of(b->sealed, OC_KEY_SIZE));
}

bool oc_key_occurs(const oc_key *key, oc_span text)
{
    oc_span bytes = oc_span_of(key->sealed, OC_KEY_SIZE);
    return (text.len > 0 && memmem(text.at, text.len, bytes.at, bytes.len) != NULL) || oc_hex_occurs(text, bytes);
}

static struct schedule *schedule_of(oc_crypto *crypto, const oc_key *key)
{
    size_t place = SESSION_PLACE;
    if (!key->transient) {
        uint32_t mix;
        memcpy(&mix, key->sealed + 4, sizeof mix);
        place = (mix ^ mix >> 11 ^ mix >> 22) % KEPT_SCHEDULES;
    }
    struct schedule *schedule = &crypto->schedules[place];
    if (schedule->key.alg != key->alg || memcmp(schedule->key.sealed, key->sealed, OC_KEY_SIZE) != 0) {
        schedule->key = *key;
        schedule->ecb_ready = false;
        schedule->cbc_ready = false;
        schedule->decipher_ready = false;
    }
    return schedule;
}

static oc_result ready(EVP_CIPHER_CTX **context, bool *is_ready, const EVP_CIPHER *cipher, const uint8_t *key,
                       int encipher)
{
    if (*is_ready) {
        return oc_ok();
    }
    if (*context == NULL) {
        *context = EVP_CIPHER_CTX_new();
    }
    static const uint8_t zeros[BLOCK_MAX];
    /* The same cipher again needs no new initialisation, only the key: about half the cost. */
    const EVP_CIPHER *change = *context != NULL && EVP_CIPHER_CTX_get0_cipher(*context) == cipher ? NULL : cipher;
    /* A context remembers that it does not pad, until it gets another cipher. */
    if (*context == NULL || EVP_CipherInit_ex2(*context, change, key, zeros, encipher, NULL) != 1 ||
        (change != NULL && EVP_CIPHER_CTX_set_padding(*context, 0) != 1)) {
        return oc_fail(OC_E_CRYPTO);
    }
    *is_ready = true;
    return oc_ok();
}

static oc_result blocks(EVP_CIPHER_CTX *context, oc_span in, uint8_t *out)
{
    int done = 0;
    if (EVP_CipherUpdate(context, out, &done, in.at, (int)in.len) != 1 || (size_t)done != in.len) {
        return oc_fail(OC_E_CRYPTO);
    }
    return oc_ok();
}

static bool whole_blocks(const oc_key *key, oc_span in)
{
    return in.len > 0 && in.len <= OC_BUF_MAX && in.len % oc_alg_block((enum oc_alg)key->alg) == 0;
}

oc_result oc_encipher(oc_crypto *crypto, const oc_key *key, oc_span in, uint8_t *out)
{
    if (!whole_blocks(key, in)) {
        return oc_fail(OC_E_FORMAT);
    }
    struct schedule *schedule = schedule_of(crypto, key);
    const EVP_CIPHER *cipher = key->alg == OC_ALG_SM4 ? crypto->sm4_ecb : crypto->des_ecb;
    OC_TRY(ready(&schedule->ecb, &schedule->ecb_ready, cipher, key->sealed, 1));
    return blocks(schedule->ecb, in, out);
}

oc_result oc_decipher(oc_crypto *crypto, const oc_key *key, oc_span in, uint8_t *out)
{
    if (!whole_blocks(key, in)) {
        return oc_fail(OC_E_FORMAT);
    }
    struct schedule *schedule = schedule_of(crypto, key);
    const EVP_CIPHER *cipher = key->alg == OC_ALG_SM4 ? crypto->sm4_ecb : crypto->des_ecb;
    OC_TRY(ready(&schedule->decipher, &schedule->decipher_ready, cipher, key->sealed, 0));
    return blocks(schedule->decipher, in, out);
}

/* CBC over data || 80 00.. in pieces, keeping the last block. */
static oc_result chain(EVP_CIPHER_CTX *context, size_t block, oc_span data, uint8_t *last)
{
    uint8_t out[256];
    while (data.len >= block) {
        size_t n = data.len - data.len % block;
        n = n < sizeof out ? n : sizeof out;
        OC_TRY(blocks(context, oc_span_of(data.at, n), out));
        data = oc_span_of(data.at + n, data.len - n);
    }
    uint8_t padded[BLOCK_MAX] = {0};
    if (data.len > 0) {
        memcpy(padded, data.at, data.len);
    }
    padded[data.len] = 0x80;
    return blocks(context, oc_span_of(padded, block), last);
}

oc_result oc_cbc_mac(oc_crypto *crypto, const oc_key *key, oc_span icv, oc_span data, uint8_t *mac)
{
    size_t block = oc_alg_block((enum oc_alg)key->alg);
    if ((icv.len != 0 && icv.len != block) || data.len > OC_BUF_MAX) {
        return oc_fail(OC_E_FORMAT);
    }
    struct schedule *schedule = schedule_of(crypto, key);
    const EVP_CIPHER *cipher = key->alg == OC_ALG_SM4 ? crypto->sm4_cbc : crypto->des_cbc;
    OC_TRY(ready(&schedule->cbc, &schedule->cbc_ready, cipher, key->sealed, 1));
    static const uint8_t zeros[BLOCK_MAX];
    if (EVP_CipherInit_ex2(schedule->cbc, NULL, NULL, icv.len == 0 ? zeros : icv.at, -1, NULL) != 1) {
        return oc_fail(OC_E_CRYPTO);
    }
    return chain(schedule->cbc, block, data, mac);
}

oc_result oc_retail_mac(oc_crypto *crypto, const oc_key *key, oc_span icv, oc_span data, uint8_t mac[8])
{
    if (key->alg != OC_ALG_3DES) {
        return oc_fail(OC_E_FORMAT);
    }
    oc_key left = *key;
    memcpy(left.sealed + 8, left.sealed, 8);
    oc_key right = *key;
    memcpy(right.sealed, right.sealed + 8, 8);
    oc_result r = oc_cbc_mac(crypto, &left, icv, data, mac);
    if (oc_is_ok(r)) {
        r = oc_decipher(crypto, &right, oc_span_of(mac, 8), mac);
    }
    if (oc_is_ok(r)) {
        r = oc_encipher(crypto, &left, oc_span_of(mac, 8), mac);
    }
    oc_key_wipe(&left);
    oc_key_wipe(&right);
    return r;
}

static oc_result digest(oc_crypto *crypto, const EVP_MD *md, oc_span data, uint8_t out[32])
{
    if (EVP_DigestInit_ex2(crypto->digest, md, NULL) != 1 ||
        EVP_DigestUpdate(crypto->digest, data.at, data.len) != 1 ||
        EVP_DigestFinal_ex(crypto->digest, out, NULL) != 1) {
        return oc_fail(OC_E_CRYPTO);
    }
    return oc_ok();
}

oc_result oc_sm3(oc_crypto *crypto, oc_span data, uint8_t out[32])
{
    return digest(crypto, crypto->sm3, data, out);
}

oc_result oc_sha256(oc_crypto *crypto, oc_span data, uint8_t out[32])
{
    return digest(crypto, crypto->sha256, data, out);
}
