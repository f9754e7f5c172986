/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CRYPTO_KEY_WRAP_H
#define OC_CRYPTO_KEY_WRAP_H

#include "sim/crypto/crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OC_KEY_WRAP_HEADER 8
#define OC_KEY_WRAP_SIZE 32

/* The data of LOAD KEY (sim/base/perso_format.h): ECB under `wrapping` of
 * length(1) || header(8) || key(16) || 80 00..; the key itself is not shown to anyone. */
OC_MUST_USE oc_result oc_key_wrap(oc_crypto *crypto, const oc_key *wrapping, const uint8_t header[OC_KEY_WRAP_HEADER],
                                  const oc_key *key, uint8_t out[OC_KEY_WRAP_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
