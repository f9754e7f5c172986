/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CRYPTO_CRYPTO_H
#define OC_CRYPTO_CRYPTO_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The algorithms of the social security card over OpenSSL EVP, fetched once, with the key schedules in use.
 * One oc_crypto serves any number of cards, but one thread at a time. */
typedef struct oc_crypto oc_crypto;

OC_MUST_USE oc_result oc_crypto_new(oc_crypto **out);
void oc_crypto_free(oc_crypto **crypto);

/* The algorithm byte as it stands in card answers and key headers.
 * 00 3DES: ssc-card sheet 6.1 (A). 03 SM4: as in the HSM interface, project choice for the card. */
enum oc_alg { OC_ALG_3DES = 0x00, OC_ALG_SM4 = 0x03 };

bool oc_alg_known(uint8_t alg);
size_t oc_alg_block(enum oc_alg alg); /* bytes: 8 or 16 */
const char *oc_alg_name(enum oc_alg alg);

/* A 16-byte key with its algorithm. A value: it may be copied and stored, but only sources in this folder look
 * inside. Wipe it after use. */
#define OC_KEY_SIZE 16
typedef struct oc_key {
    uint8_t alg;
    uint8_t transient; /* a session key: its schedule is not kept */
    uint8_t sealed[OC_KEY_SIZE];
} oc_key;

/* `bytes` must be 16 long and `alg` known. */
OC_MUST_USE oc_result oc_key_load(oc_key *out, uint8_t alg, oc_span bytes);
void oc_key_wipe(oc_key *key);
bool oc_key_equal(const oc_key *a, const oc_key *b);
/* Whether the key's bytes stand in `text`, as they are or in hex (oc_hex_occurs): for looking where none may. */
bool oc_key_occurs(const oc_key *key, oc_span text);

/* Whole blocks, ECB. `in` and `out` may be the same. */
OC_MUST_USE oc_result oc_encipher(oc_crypto *crypto, const oc_key *key, oc_span in, uint8_t *out);
OC_MUST_USE oc_result oc_decipher(oc_crypto *crypto, const oc_key *key, oc_span in, uint8_t *out);

/* CBC-MAC with ISO/IEC 9797-1 padding method 2 (80 00..). `icv` is one block, or empty for zeros.
 * `mac` receives one block. */
OC_MUST_USE oc_result oc_cbc_mac(oc_crypto *crypto, const oc_key *key, oc_span icv, oc_span data, uint8_t *mac);

/* ISO/IEC 9797-1 algorithm 3 over 3DES keys, padding method 2: DES CBC under the left half, the last block 3DES.
 * `mac` receives 8 bytes. */
OC_MUST_USE oc_result oc_retail_mac(oc_crypto *crypto, const oc_key *key, oc_span icv, oc_span data, uint8_t mac[8]);

/* SM3 and SHA-256, 32 bytes. */
OC_MUST_USE oc_result oc_sm3(oc_crypto *crypto, oc_span data, uint8_t digest[32]);
OC_MUST_USE oc_result oc_sha256(oc_crypto *crypto, oc_span data, uint8_t digest[32]);

#ifdef __cplusplus
}
#endif
#endif
