/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "sim/crypto/sm2_math.h"

/* GM/T 0003.4: C1 = kG, x2 || y2 = kP, C2 = text XOR KDF(x2 || y2), C3 = SM3(x2 || text || y2). The KDF is that of
 * ANSI X9.63 over SM3. */
static oc_result derive(const uint8_t secret[OC_SM2_POINT], uint8_t *out, size_t len)
{
    uint8_t input[OC_SM2_POINT];
    memcpy(input, secret, sizeof input);
    char md[] = "SM3";
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "X963KDF", NULL);
    EVP_KDF_CTX *ctx = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, md, 0),
                                 OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, input, sizeof input),
                                 OSSL_PARAM_construct_end()};
    bool done = ctx != NULL && EVP_KDF_derive(ctx, out, len, params) == 1;
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    oc_wipe(input, sizeof input);
    return done ? oc_ok() : oc_fail(OC_E_CRYPTO);
}

/* `factor` times the point X || Y; FORMAT when that does not lie on the curve. */
static oc_result multiply(const oc_sm2_curve *curve, const uint8_t *point, const BIGNUM *factor, uint8_t *out)
{
    uint8_t encoded[1 + OC_SM2_POINT] = {0x04};
    memcpy(encoded + 1, point, OC_SM2_POINT);
    EC_POINT *from = EC_POINT_new(curve->group);
    EC_POINT *product = EC_POINT_new(curve->group);
    oc_result r = from == NULL || product == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    if (oc_is_ok(r) && EC_POINT_oct2point(curve->group, from, encoded, sizeof encoded, curve->room) != 1) {
        r = oc_fail(OC_E_FORMAT);
    }
    if (oc_is_ok(r) && EC_POINT_mul(curve->group, product, NULL, from, factor, curve->room) != 1) {
        r = oc_fail(OC_E_CRYPTO);
    }
    r = oc_is_ok(r) ? oc_sm2_put_point(curve, product, out) : r;
    EC_POINT_free(from);
    EC_POINT_clear_free(product);
    return r;
}

/* kG and k times the receiver's key. */
static oc_result agree(const oc_sm2_curve *curve, const oc_sm2_key *key, const BIGNUM *k, uint8_t *first,
                       uint8_t *secret)
{
    EC_POINT *own = EC_POINT_new(curve->group);
    oc_result r = own != NULL && EC_POINT_mul(curve->group, own, k, NULL, NULL, curve->room) == 1
                      ? oc_sm2_put_point(curve, own, first)
                      : oc_fail(OC_E_CRYPTO);
    EC_POINT_free(own);
    return oc_is_ok(r) ? multiply(curve, key->point, k, secret) : r;
}

static oc_result check_value(oc_crypto *crypto, const uint8_t secret[OC_SM2_POINT], oc_span text, uint8_t digest[32])
{
    uint8_t work[OC_SM2_POINT + OC_SM2_TEXT_MAX];
    oc_wr wr = oc_wr_of(work, sizeof work);
    oc_wr_bytes(&wr, oc_span_of(secret, 32));
    oc_wr_bytes(&wr, text);
    oc_wr_bytes(&wr, oc_span_of(secret + 32, 32));
    oc_result r = wr.bad ? oc_fail(OC_E_LIMIT) : oc_sm3(crypto, oc_wr_span(&wr), digest);
    oc_wipe(work, sizeof work);
    return r;
}

static oc_result mask(const uint8_t secret[OC_SM2_POINT], oc_span in, uint8_t *out)
{
    uint8_t key[OC_SM2_TEXT_MAX];
    OC_TRY(derive(secret, key, in.len));
    for (size_t i = 0; i < in.len; i++) {
        out[i] = key[i] ^ in.at[i];
    }
    oc_wipe(key, sizeof key);
    return oc_ok();
}

oc_result oc_sm2_encrypt(oc_crypto *crypto, const oc_sm2_key *key, oc_span text, oc_span seed, oc_buf *out)
{
    const oc_sm2_curve *curve;
    OC_TRY(oc_crypto_sm2(crypto, &curve));
    if (text.len == 0 || text.len > OC_SM2_TEXT_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    uint8_t secret[OC_SM2_POINT];
    uint8_t cipher[OC_SM2_CIPHER_MORE + OC_SM2_TEXT_MAX];
    const oc_span parts[] = {oc_span_of(key->point, OC_SM2_POINT), text, seed};
    uint32_t counter = 0;
    BIGNUM *k = BN_secure_new();
    oc_result r = k == NULL ? oc_fail(OC_E_MEMORY) : oc_sm2_secret(crypto, parts, 3, &counter, k);
    r = oc_is_ok(r) ? agree(curve, key, k, cipher, secret) : r;
    r = oc_is_ok(r) ? check_value(crypto, secret, text, cipher + OC_SM2_POINT) : r;
    r = oc_is_ok(r) ? mask(secret, text, cipher + OC_SM2_CIPHER_MORE) : r;
    BN_clear_free(k);
    oc_wipe(secret, sizeof secret);
    return oc_is_ok(r) ? oc_buf_append(out, oc_span_of(cipher, OC_SM2_CIPHER_MORE + text.len)) : r;
}

oc_result oc_sm2_decrypt(oc_crypto *crypto, const oc_sm2_key *key, oc_span cipher, oc_buf *out, bool *right)
{
    const oc_sm2_curve *curve;
    OC_TRY(oc_crypto_sm2(crypto, &curve));
    *right = false;
    if (!key->is_pair) {
        return oc_fail(OC_E_FORMAT);
    }
    if (cipher.len <= OC_SM2_CIPHER_MORE || cipher.len > OC_SM2_CIPHER_MORE + OC_SM2_TEXT_MAX) {
        return oc_ok();
    }
    uint8_t secret[OC_SM2_POINT];
    uint8_t text[OC_SM2_TEXT_MAX];
    uint8_t digest[32];
    oc_span body = oc_span_slice(cipher, OC_SM2_CIPHER_MORE, cipher.len);
    BIGNUM *d = BN_bin2bn(key->scalar, OC_SM2_SCALAR, NULL);
    oc_result r = d == NULL ? oc_fail(OC_E_MEMORY) : multiply(curve, cipher.at, d, secret);
    BN_clear_free(d);
    if (r.code == OC_E_FORMAT) {
        return oc_ok();
    }
    r = oc_is_ok(r) ? mask(secret, body, text) : r;
    r = oc_is_ok(r) ? check_value(crypto, secret, oc_span_of(text, body.len), digest) : r;
    if (oc_is_ok(r) &&
        oc_span_equal_secret(oc_span_of(digest, sizeof digest), oc_span_slice(cipher, OC_SM2_POINT, sizeof digest))) {
        *right = true;
        r = oc_buf_append(out, oc_span_of(text, body.len));
    }
    oc_wipe(secret, sizeof secret);
    oc_wipe(text, sizeof text);
    return r;
}
