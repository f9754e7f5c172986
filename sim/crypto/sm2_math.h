/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CRYPTO_SM2_MATH_H
#define OC_CRYPTO_SM2_MATH_H

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "sim/crypto/sm2.h"

/* Inside of SM2, for the sources of this folder. The curve and the room for big numbers are made once. */
typedef struct oc_sm2_curve {
    EC_GROUP *group;
    BN_CTX *room;
    const BIGNUM *order;
} oc_sm2_curve;

OC_MUST_USE oc_result oc_sm2_curve_open(oc_sm2_curve *curve);
void oc_sm2_curve_close(oc_sm2_curve *curve);
/* Made at the first use. */
OC_MUST_USE oc_result oc_crypto_sm2(oc_crypto *crypto, const oc_sm2_curve **out);

/* 32 bytes from a big number, and X || Y of a point. */
OC_MUST_USE oc_result oc_sm2_put(const BIGNUM *number, uint8_t out[32]);
OC_MUST_USE oc_result oc_sm2_put_point(const oc_sm2_curve *curve, const EC_POINT *point, uint8_t out[OC_SM2_POINT]);

/* The secret number of one signature or ciphertext, 1 to n-1: the first that SM3(parts || counter) gives, counting
 * from *counter, which is left behind it. */
OC_MUST_USE oc_result oc_sm2_secret(oc_crypto *crypto, const oc_span *parts, size_t count, uint32_t *counter,
                                    BIGNUM *out);

/* For what OpenSSL does itself. NULL when it cannot be made. */
EVP_PKEY *oc_sm2_pkey(const oc_sm2_key *key);

#endif
