/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/sm2.h"

#include "sim/crypto/sm2_math.h"

/* a, b and the generator of the recommended curve (GM/T 0003.5), as they stand in Z. */
static const uint8_t curve_in_z[] = {
    0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFC, 0x28, 0xE9, 0xFA, 0x9E, 0x9D, 0x9F,
    0x5E, 0x34, 0x4D, 0x5A, 0x9E, 0x4B, 0xCF, 0x65, 0x09, 0xA7, 0xF3, 0x97, 0x89, 0xF5, 0x15, 0xAB, 0x8F, 0x92, 0xDD,
    0xBC, 0xBD, 0x41, 0x4D, 0x94, 0x0E, 0x93, 0x32, 0xC4, 0xAE, 0x2C, 0x1F, 0x19, 0x81, 0x19, 0x5F, 0x99, 0x04, 0x46,
    0x6A, 0x39, 0xC9, 0x94, 0x8F, 0xE3, 0x0B, 0xBF, 0xF2, 0x66, 0x0B, 0xE1, 0x71, 0x5A, 0x45, 0x89, 0x33, 0x4C, 0x74,
    0xC7, 0xBC, 0x37, 0x36, 0xA2, 0xF4, 0xF6, 0x77, 0x9C, 0x59, 0xBD, 0xCE, 0xE3, 0x6B, 0x69, 0x21, 0x53, 0xD0, 0xA9,
    0x87, 0x7C, 0xC6, 0x2A, 0x47, 0x40, 0x02, 0xDF, 0x32, 0xE5, 0x21, 0x39, 0xF0, 0xA0};

void oc_sm2_wipe(oc_sm2_key *key)
{
    oc_wipe(key, sizeof *key);
}

oc_result oc_sm2_public(oc_crypto *crypto, oc_sm2_key *out, oc_span point)
{
    const oc_sm2_curve *curve;
    OC_TRY(oc_crypto_sm2(crypto, &curve));
    if (point.len != OC_SM2_POINT) {
        return oc_fail(OC_E_FORMAT);
    }
    uint8_t encoded[1 + OC_SM2_POINT] = {0x04};
    memcpy(encoded + 1, point.at, OC_SM2_POINT);
    EC_POINT *on_curve = EC_POINT_new(curve->group);
    bool right = on_curve != NULL &&
                 EC_POINT_oct2point(curve->group, on_curve, encoded, sizeof encoded, curve->room) == 1;
    EC_POINT_free(on_curve);
    if (!right) {
        return oc_fail(OC_E_FORMAT);
    }
    *out = (oc_sm2_key){.is_pair = false};
    memcpy(out->point, point.at, OC_SM2_POINT);
    return oc_ok();
}

static oc_result finish_pair(const oc_sm2_curve *curve, const BIGNUM *d, oc_sm2_key *out)
{
    EC_POINT *point = EC_POINT_new(curve->group);
    oc_result r = point != NULL && EC_POINT_mul(curve->group, point, d, NULL, NULL, curve->room) == 1
                      ? oc_sm2_put_point(curve, point, out->point)
                      : oc_fail(OC_E_CRYPTO);
    EC_POINT_free(point);
    if (oc_is_ok(r)) {
        r = oc_sm2_put(d, out->scalar);
    }
    out->is_pair = oc_is_ok(r);
    return r;
}

/* 1 to n-2: with n-1 a signature would have to divide by zero. */
static bool is_scalar(const oc_sm2_curve *curve, const BIGNUM *d)
{
    BIGNUM *most = BN_dup(curve->order);
    bool right = most != NULL && BN_sub_word(most, 1) == 1 && !BN_is_zero(d) && BN_cmp(d, most) < 0;
    BN_free(most);
    return right;
}

oc_result oc_sm2_pair(oc_crypto *crypto, oc_sm2_key *out, oc_span scalar)
{
    const oc_sm2_curve *curve;
    OC_TRY(oc_crypto_sm2(crypto, &curve));
    *out = (oc_sm2_key){.is_pair = false};
    BIGNUM *d = scalar.len == OC_SM2_SCALAR ? BN_bin2bn(scalar.at, OC_SM2_SCALAR, NULL) : NULL;
    oc_result r = d != NULL && is_scalar(curve, d) ? finish_pair(curve, d, out) : oc_fail(OC_E_FORMAT);
    BN_clear_free(d);
    return r;
}

oc_result oc_sm2_pair_from(oc_crypto *crypto, oc_sm2_key *out, oc_span seed)
{
    const oc_sm2_curve *curve;
    OC_TRY(oc_crypto_sm2(crypto, &curve));
    *out = (oc_sm2_key){.is_pair = false};
    BIGNUM *d = BN_secure_new();
    uint32_t counter = 0;
    oc_result r = d == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    do {
        r = oc_is_ok(r) ? oc_sm2_secret(crypto, &seed, 1, &counter, d) : r;
    } while (oc_is_ok(r) && !is_scalar(curve, d));
    r = oc_is_ok(r) ? finish_pair(curve, d, out) : r;
    BN_clear_free(d);
    return r;
}

oc_result oc_sm2_digest(oc_crypto *crypto, const oc_sm2_key *key, oc_span id, oc_span message,
                        uint8_t digest[OC_SM2_DIGEST])
{
    if (id.len > UINT16_MAX / 8) {
        return oc_fail(OC_E_LIMIT);
    }
    const uint8_t bits[2] = {(uint8_t)(id.len * 8 >> 8), (uint8_t)(id.len * 8)};
    uint8_t z[OC_SM2_DIGEST];
    oc_buf text = {0};
    const oc_span parts[] = {oc_span_of(bits, sizeof bits), id, oc_span_of(curve_in_z, sizeof curve_in_z),
                             oc_span_of(key->point, OC_SM2_POINT)};
    oc_result r = oc_ok();
    for (size_t i = 0; oc_is_ok(r) && i < sizeof parts / sizeof parts[0]; i++) {
        r = oc_buf_append(&text, parts[i]);
    }
    r = oc_is_ok(r) ? oc_sm3(crypto, oc_buf_span(&text), z) : r;
    r = oc_is_ok(r) ? oc_buf_set(&text, oc_span_of(z, sizeof z)) : r;
    r = oc_is_ok(r) ? oc_buf_append(&text, message) : r;
    r = oc_is_ok(r) ? oc_sm3(crypto, oc_buf_span(&text), digest) : r;
    oc_buf_free(&text);
    return r;
}

/* The numbers of one signature. */
struct numbers {
    BIGNUM *e, *d, *k, *r, *s, *t;
    EC_POINT *point;
};

/* r = e + x(kG); s = (k - r d) / (1 + d), all modulo n. *again when r, r + k or s is one that must not be. */
static bool try_signature(const oc_sm2_curve *curve, struct numbers *n, bool *again)
{
    const BIGNUM *order = curve->order;
    BN_CTX *room = curve->room;
    *again = false;
    if (EC_POINT_mul(curve->group, n->point, n->k, NULL, NULL, room) != 1 ||
        EC_POINT_get_affine_coordinates(curve->group, n->point, n->r, NULL, room) != 1 ||
        BN_mod_add(n->r, n->r, n->e, order, room) != 1 || BN_add(n->t, n->r, n->k) != 1) {
        return false;
    }
    if (BN_is_zero(n->r) || BN_cmp(n->t, order) == 0) {
        *again = true;
        return true;
    }
    if (BN_mod_mul(n->s, n->r, n->d, order, room) != 1 || BN_mod_sub(n->s, n->k, n->s, order, room) != 1 ||
        BN_copy(n->t, n->d) == NULL || BN_add_word(n->t, 1) != 1 || BN_mod_inverse(n->t, n->t, order, room) == NULL ||
        BN_mod_mul(n->s, n->s, n->t, order, room) != 1) {
        return false;
    }
    *again = BN_is_zero(n->s) == 1;
    return true;
}

static oc_result sign_with(oc_crypto *crypto, const oc_sm2_curve *curve, struct numbers *n, const oc_span *parts,
                           uint8_t *signature)
{
    uint32_t counter = 0;
    bool again;
    do {
        OC_TRY(oc_sm2_secret(crypto, parts, 3, &counter, n->k));
        if (!try_signature(curve, n, &again)) {
            return oc_fail(OC_E_CRYPTO);
        }
    } while (again);
    OC_TRY(oc_sm2_put(n->r, signature));
    return oc_sm2_put(n->s, signature + 32);
}

oc_result oc_sm2_sign(oc_crypto *crypto, const oc_sm2_key *key, oc_span digest, oc_span seed,
                      uint8_t signature[OC_SM2_SIGNATURE])
{
    const oc_sm2_curve *curve;
    OC_TRY(oc_crypto_sm2(crypto, &curve));
    if (digest.len != OC_SM2_DIGEST || !key->is_pair) {
        return oc_fail(OC_E_FORMAT);
    }
    struct numbers n = {.e = BN_bin2bn(digest.at, OC_SM2_DIGEST, NULL),
                        .d = BN_bin2bn(key->scalar, OC_SM2_SCALAR, NULL),
                        .k = BN_secure_new(),
                        .r = BN_new(),
                        .s = BN_new(),
                        .t = BN_secure_new(),
                        .point = EC_POINT_new(curve->group)};
    const oc_span parts[] = {oc_span_of(key->scalar, OC_SM2_SCALAR), digest, seed};
    bool made = n.e != NULL && n.d != NULL && n.k != NULL && n.r != NULL && n.s != NULL && n.t != NULL &&
                n.point != NULL;
    oc_result r = made ? sign_with(crypto, curve, &n, parts, signature) : oc_fail(OC_E_MEMORY);
    BN_free(n.e);
    BN_clear_free(n.d);
    BN_clear_free(n.k);
    BN_free(n.r);
    BN_free(n.s);
    BN_clear_free(n.t);
    EC_POINT_free(n.point);
    return r;
}

static uint8_t *der_of(oc_span raw, int *len)
{
    uint8_t *der = NULL;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw.at, 32, NULL);
    BIGNUM *s = BN_bin2bn(raw.at + 32, 32, NULL);
    if (sig == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(sig, r, s) != 1) {
        BN_free(r);
        BN_free(s);
    } else {
        *len = i2d_ECDSA_SIG(sig, &der);
    }
    ECDSA_SIG_free(sig);
    return *len > 0 ? der : NULL;
}

oc_result oc_sm2_verify(const oc_sm2_key *key, oc_span digest, oc_span signature, bool *valid)
{
    *valid = false;
    if (signature.len != OC_SM2_SIGNATURE || digest.len != OC_SM2_DIGEST) {
        return oc_ok();
    }
    int len = 0;
    oc_sm2_key half = {.is_pair = false};
    memcpy(half.point, key->point, OC_SM2_POINT);
    uint8_t *der = der_of(signature, &len);
    EVP_PKEY *pkey = oc_sm2_pkey(&half);
    EVP_PKEY_CTX *ctx = pkey == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool ready = der != NULL && ctx != NULL && EVP_PKEY_verify_init(ctx) == 1;
    *valid = ready && EVP_PKEY_verify(ctx, der, (size_t)len, digest.at, digest.len) == 1;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(pkey);
    OPENSSL_free(der);
    return ready ? oc_ok() : oc_fail(OC_E_CRYPTO);
}
