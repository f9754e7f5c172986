/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CRYPTO_SM2_H
#define OC_CRYPTO_SM2_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SM2 (GM/T 0003) with the user id that Chinese practice sets by default, GM/T 0009: "1234567812345678". */
#define OC_SM2_DEFAULT_ID "1234567812345678"

typedef struct oc_sm2_key oc_sm2_key;

/* A fresh pair. */
OC_MUST_USE oc_result oc_sm2_generate(oc_sm2_key **out);
/* `point` is X || Y, 64 bytes; `scalar` is 32 bytes, or empty for a public key. */
OC_MUST_USE oc_result oc_sm2_import(oc_sm2_key **out, oc_span point, oc_span scalar);
void oc_sm2_free(oc_sm2_key **key);

/* X || Y. */
OC_MUST_USE oc_result oc_sm2_point(const oc_sm2_key *key, uint8_t out[64]);

/* Signature of SM3(Z || message) as r || s, 64 bytes. `id` as in the certificate, usually OC_SM2_DEFAULT_ID. */
OC_MUST_USE oc_result oc_sm2_sign(const oc_sm2_key *key, oc_span id, oc_span message, uint8_t signature[64]);
/* *valid tells the result; an error means that it could not be computed. */
OC_MUST_USE oc_result oc_sm2_verify(const oc_sm2_key *key, oc_span id, oc_span message, oc_span signature,
                                    bool *valid);

/* Ciphertext as ASN.1 DER in the order C1 C3 C2 (GM/T 0009). Both append. */
OC_MUST_USE oc_result oc_sm2_encrypt(const oc_sm2_key *key, oc_span plain, oc_buf *out);
OC_MUST_USE oc_result oc_sm2_decrypt(const oc_sm2_key *key, oc_span cipher, oc_buf *out);

#ifdef __cplusplus
}
#endif
#endif
