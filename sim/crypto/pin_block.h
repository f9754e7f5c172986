/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CRYPTO_PIN_BLOCK_H
#define OC_CRYPTO_PIN_BLOCK_H

#include "sim/crypto/crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Packs 4 to 12 ASCII digits two a byte; an odd count is closed with F. Appends. FORMAT for anything else. */
OC_MUST_USE oc_result oc_pin_pack(oc_buf *out, oc_span digits);

/* The block that is enciphered for PIN reload: number of PIN bytes, packed PIN, 80 00.. up to `block` bytes
 * (8 for 3DES, 16 for SM4). Appends. Source: ssc-card 6.7. */
OC_MUST_USE oc_result oc_pin_block(oc_buf *out, oc_span packed, size_t block);

/* The SM4 key that a PIN of the certificate application is: the first 16 bytes of SM3 over the packed PIN
 * (ssc-card 9). Wipe it after use. */
OC_MUST_USE oc_result oc_pin_key(oc_crypto *crypto, oc_span packed, oc_key *out);

#ifdef __cplusplus
}
#endif
#endif
