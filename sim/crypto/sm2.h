/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CRYPTO_SM2_H
#define OC_CRYPTO_SM2_H

#include "sim/crypto/crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SM2 (GM/T 0003) on the recommended curve. Signatures and ciphertexts are repeatable: the secret number that each
 * takes comes from SM3(private key || input || seed || counter), so that the same run gives the same bytes (project
 * choice, after RFC 6979; OpenSSL's own functions take theirs from its generator). Not hardened against timing:
 * these are test keys. */

/* The user id that Chinese practice sets by default, GM/T 0009. */
#define OC_SM2_DEFAULT_ID "1234567812345678"

#define OC_SM2_POINT 64 /* bytes of X || Y */
#define OC_SM2_SCALAR 32
#define OC_SM2_DIGEST 32
#define OC_SM2_SIGNATURE 64   /* r || s */
#define OC_SM2_CIPHER_MORE 96 /* bytes that a ciphertext has more than its text: X || Y || SM3 */

/* A value; wipe a pair after use. */
typedef struct oc_sm2_key {
    uint8_t point[OC_SM2_POINT];
    uint8_t scalar[OC_SM2_SCALAR];
    bool is_pair; /* `scalar` holds the private key */
} oc_sm2_key;

/* FORMAT when `point` has not 64 bytes or does not lie on the curve. */
OC_MUST_USE oc_result oc_sm2_public(oc_crypto *crypto, oc_sm2_key *out, oc_span point);
/* The pair of a private key of 32 bytes, 1 to n-2; FORMAT for another. */
OC_MUST_USE oc_result oc_sm2_pair(oc_crypto *crypto, oc_sm2_key *out, oc_span scalar);
/* The pair that `seed` gives: the first of SM3(seed || counter), counter 4 bytes from 0, that is a private key. */
OC_MUST_USE oc_result oc_sm2_pair_from(oc_crypto *crypto, oc_sm2_key *out, oc_span seed);
void oc_sm2_wipe(oc_sm2_key *key);

/* What is signed: SM3(Z || message), Z made of the user id and the signer's public key. */
OC_MUST_USE oc_result oc_sm2_digest(oc_crypto *crypto, const oc_sm2_key *key, oc_span id, oc_span message,
                                    uint8_t digest[OC_SM2_DIGEST]);

/* FORMAT when the digest has not 32 bytes or `key` is no pair. `seed` may be empty. */
OC_MUST_USE oc_result oc_sm2_sign(oc_crypto *crypto, const oc_sm2_key *key, oc_span digest, oc_span seed,
                                  uint8_t signature[OC_SM2_SIGNATURE]);
/* *valid tells the result, false also for what has another length than a signature; an error means that it could
 * not be computed. */
OC_MUST_USE oc_result oc_sm2_verify(const oc_sm2_key *key, oc_span digest, oc_span signature, bool *valid);

/* Appends X || Y || SM3 || enciphered text: the order C1 C3 C2 without the leading 04, as in the cards' commands
 * (ssc-card 9). At least one byte of text, at most OC_SM2_TEXT_MAX. */
#define OC_SM2_TEXT_MAX 1024
OC_MUST_USE oc_result oc_sm2_encrypt(oc_crypto *crypto, const oc_sm2_key *key, oc_span text, oc_span seed,
                                     oc_buf *out);
/* Appends the text; *right is false, and nothing appended, when it is no ciphertext for this key. */
OC_MUST_USE oc_result oc_sm2_decrypt(oc_crypto *crypto, const oc_sm2_key *key, oc_span cipher, oc_buf *out,
                                     bool *right);

#ifdef __cplusplus
}
#endif
#endif
