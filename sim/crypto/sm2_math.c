/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/sm2_math.h"

#include <openssl/core_names.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

oc_result oc_sm2_curve_open(oc_sm2_curve *curve)
{
    curve->group = EC_GROUP_new_by_curve_name(NID_sm2);
    curve->room = BN_CTX_new();
    if (curve->group == NULL || curve->room == NULL) {
        oc_sm2_curve_close(curve);
        return oc_fail(OC_E_CRYPTO);
    }
    curve->order = EC_GROUP_get0_order(curve->group);
    return oc_ok();
}

void oc_sm2_curve_close(oc_sm2_curve *curve)
{
    EC_GROUP_free(curve->group);
    BN_CTX_free(curve->room);
    *curve = (oc_sm2_curve){0};
}

oc_result oc_sm2_put(const BIGNUM *number, uint8_t out[32])
{
    return BN_bn2binpad(number, out, 32) == 32 ? oc_ok() : oc_fail(OC_E_CRYPTO);
}

oc_result oc_sm2_put_point(const oc_sm2_curve *curve, const EC_POINT *point, uint8_t out[OC_SM2_POINT])
{
    uint8_t encoded[1 + OC_SM2_POINT];
    if (EC_POINT_point2oct(curve->group, point, POINT_CONVERSION_UNCOMPRESSED, encoded, sizeof encoded, curve->room) !=
        sizeof encoded) {
        return oc_fail(OC_E_CRYPTO);
    }
    memcpy(out, encoded + 1, OC_SM2_POINT);
    return oc_ok();
}

oc_result oc_sm2_secret(oc_crypto *crypto, const oc_span *parts, size_t count, uint32_t *counter, BIGNUM *out)
{
    const oc_sm2_curve *curve;
    OC_TRY(oc_crypto_sm2(crypto, &curve));
    oc_buf text = {0};
    oc_result r = oc_ok();
    for (size_t i = 0; oc_is_ok(r) && i < count; i++) {
        r = oc_buf_append(&text, parts[i]);
    }
    size_t fixed = text.len;
    bool found = false;
    while (oc_is_ok(r) && !found) {
        uint8_t number[4];
        uint8_t digest[32];
        oc_wr wr = oc_wr_of(number, sizeof number);
        oc_wr_u32(&wr, (*counter)++);
        text.len = fixed;
        r = oc_buf_append(&text, oc_wr_span(&wr));
        if (oc_is_ok(r)) {
            r = oc_sm3(crypto, oc_buf_span(&text), digest);
        }
        if (oc_is_ok(r) && BN_bin2bn(digest, sizeof digest, out) == NULL) {
            r = oc_fail(OC_E_CRYPTO);
        }
        found = oc_is_ok(r) && !BN_is_zero(out) && BN_cmp(out, curve->order) < 0;
        oc_wipe(digest, sizeof digest);
    }
    oc_buf_free(&text);
    return r;
}

static EVP_PKEY *pkey_from(OSSL_PARAM *params, bool pair)
{
    EVP_PKEY *pkey = NULL;
    /* EVP_EC_gen("SM2") and "EC" would make a key that signs with ECDSA. */
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
    if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &pkey, pair ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1) {
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

EVP_PKEY *oc_sm2_pkey(const oc_sm2_key *key)
{
    uint8_t encoded[1 + OC_SM2_POINT] = {0x04};
    memcpy(encoded + 1, key->point, OC_SM2_POINT);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *d = key->is_pair ? BN_secure_new() : NULL;
    OSSL_PARAM *params = NULL;
    bool built = build != NULL && (!key->is_pair || (d != NULL && BN_bin2bn(key->scalar, OC_SM2_SCALAR, d) != NULL)) &&
                 OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1 &&
                 OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, encoded, sizeof encoded) == 1 &&
                 (d == NULL || OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1);
    if (built) {
        params = OSSL_PARAM_BLD_to_param(build);
    }
    EVP_PKEY *pkey = params == NULL ? NULL : pkey_from(params, key->is_pair);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_clear_free(d);
    return pkey;
}
