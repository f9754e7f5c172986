/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/sm2.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdlib.h>

struct oc_sm2_key {
    EVP_PKEY *pkey;
};

static oc_result wrap(oc_sm2_key **out, EVP_PKEY *pkey)
{
    *out = NULL;
    if (pkey == NULL) {
        return oc_fail(OC_E_CRYPTO);
    }
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        EVP_PKEY_free(pkey);
        return oc_fail(OC_E_MEMORY);
    }
    (*out)->pkey = pkey;
    return oc_ok();
}

oc_result oc_sm2_generate(oc_sm2_key **out)
{
    /* EVP_EC_gen("SM2") would make a key that signs with ECDSA. */
    return wrap(out, EVP_PKEY_Q_keygen(NULL, NULL, "SM2"));
}

static EVP_PKEY *pkey_from(OSSL_PARAM *params, bool pair)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &pkey, pair ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1) {
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

oc_result oc_sm2_import(oc_sm2_key **out, oc_span point, oc_span scalar)
{
    *out = NULL;
    if (point.len != 64 || (scalar.len != 0 && scalar.len != 32)) {
        return oc_fail(OC_E_FORMAT);
    }
    uint8_t uncompressed[65] = {0x04};
    memcpy(uncompressed + 1, point.at, 64);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *d = scalar.len == 0 ? NULL : BN_secure_new();
    OSSL_PARAM *params = NULL;
    bool built = build != NULL && (scalar.len == 0 || (d != NULL && BN_bin2bn(scalar.at, 32, d) != NULL)) &&
                 OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1 &&
                 OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, uncompressed, 65) == 1 &&
                 (d == NULL || OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1);
    if (built) {
        params = OSSL_PARAM_BLD_to_param(build);
    }
    EVP_PKEY *pkey = params == NULL ? NULL : pkey_from(params, d != NULL);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_clear_free(d);
    return wrap(out, pkey);
}

void oc_sm2_free(oc_sm2_key **key)
{
    if (*key != NULL) {
        EVP_PKEY_free((*key)->pkey);
        free(*key);
        *key = NULL;
    }
}

oc_result oc_sm2_point(const oc_sm2_key *key, uint8_t out[64])
{
    uint8_t encoded[65];
    size_t len = 0;
    if (EVP_PKEY_get_octet_string_param(key->pkey, OSSL_PKEY_PARAM_PUB_KEY, encoded, sizeof encoded, &len) != 1 ||
        len != sizeof encoded || encoded[0] != 0x04) {
        return oc_fail(OC_E_CRYPTO);
    }
    memcpy(out, encoded + 1, 64);
    return oc_ok();
}

static oc_result der_to_raw(const uint8_t *der, size_t len, uint8_t raw[64])
{
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
    if (sig == NULL) {
        return oc_fail(OC_E_CRYPTO);
    }
    bool done = BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, 32) == 32 &&
                BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + 32, 32) == 32;
    ECDSA_SIG_free(sig);
    return done ? oc_ok() : oc_fail(OC_E_CRYPTO);
}

static oc_result raw_to_der(oc_span raw, oc_buf *der)
{
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw.at, 32, NULL);
    BIGNUM *s = BN_bin2bn(raw.at + 32, 32, NULL);
    if (sig == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(sig, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(sig);
        return oc_fail(OC_E_CRYPTO);
    }
    uint8_t *encoded = NULL;
    int len = i2d_ECDSA_SIG(sig, &encoded);
    ECDSA_SIG_free(sig);
    if (len <= 0) {
        return oc_fail(OC_E_CRYPTO);
    }
    oc_result result = oc_buf_append(der, oc_span_of(encoded, (size_t)len));
    OPENSSL_free(encoded);
    return result;
}

/* A digest context over SM3 that carries the user id. */
static EVP_MD_CTX *context_with_id(const oc_sm2_key *key, oc_span id, bool sign)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pctx = NULL;
    bool made = md != NULL &&
                (sign ? EVP_DigestSignInit_ex(md, &pctx, "SM3", NULL, NULL, key->pkey, NULL)
                      : EVP_DigestVerifyInit_ex(md, &pctx, "SM3", NULL, NULL, key->pkey, NULL)) == 1 &&
                EVP_PKEY_CTX_set1_id(pctx, id.at, (int)id.len) == 1;
    if (!made) {
        EVP_MD_CTX_free(md);
        return NULL;
    }
    return md;
}

oc_result oc_sm2_sign(const oc_sm2_key *key, oc_span id, oc_span message, uint8_t signature[64])
{
    EVP_MD_CTX *md = context_with_id(key, id, true);
    uint8_t der[80];
    size_t len = sizeof der;
    bool signed_it = md != NULL && EVP_DigestSign(md, der, &len, message.at, message.len) == 1;
    EVP_MD_CTX_free(md);
    return signed_it ? der_to_raw(der, len, signature) : oc_fail(OC_E_CRYPTO);
}

oc_result oc_sm2_verify(const oc_sm2_key *key, oc_span id, oc_span message, oc_span signature, bool *valid)
{
    *valid = false;
    if (signature.len != 64) {
        return oc_ok();
    }
    oc_buf der = {0};
    OC_TRY(raw_to_der(signature, &der));
    EVP_MD_CTX *md = context_with_id(key, id, false);
    if (md != NULL) {
        *valid = EVP_DigestVerify(md, der.at, der.len, message.at, message.len) == 1;
    }
    oc_buf_free(&der);
    oc_result r = md == NULL ? oc_fail(OC_E_CRYPTO) : oc_ok();
    EVP_MD_CTX_free(md);
    return r;
}

typedef int transform(EVP_PKEY_CTX *ctx, unsigned char *out, size_t *out_len, const unsigned char *in, size_t in_len);

static oc_result run(const oc_sm2_key *key, int (*init)(EVP_PKEY_CTX *), transform *step, oc_span in, oc_buf *out)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
    size_t len = 0;
    oc_result r = oc_fail(OC_E_CRYPTO);
    if (ctx != NULL && init(ctx) == 1 && step(ctx, NULL, &len, in.at, in.len) == 1) {
        r = oc_buf_reserve(out, out->len + len);
        if (oc_is_ok(r)) {
            if (step(ctx, out->at + out->len, &len, in.at, in.len) == 1) {
                out->len += len;
            } else {
                r = oc_fail(OC_E_CRYPTO);
            }
        }
    }
    EVP_PKEY_CTX_free(ctx);
    return r;
}

oc_result oc_sm2_encrypt(const oc_sm2_key *key, oc_span plain, oc_buf *out)
{
    return run(key, EVP_PKEY_encrypt_init, EVP_PKEY_encrypt, plain, out);
}

oc_result oc_sm2_decrypt(const oc_sm2_key *key, oc_span cipher, oc_buf *out)
{
    return run(key, EVP_PKEY_decrypt_init, EVP_PKEY_decrypt, cipher, out);
}
