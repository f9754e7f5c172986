/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_LABEL_H
#define OC_CONFORMANCE_ACCEPT_LABEL_H

#include "sim/base/bytes.h"
#include "sim/crypto/crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names a card on sheets and in records without telling its number: the first and the last two characters, stars
 * between, then '#' and the first 8 hex digits of SHA-256(key || SHA-256(key || number)), as in "99*****08#1a2b3c4d".
 * Two sheets made with one key give one card one name; who has the number and the key can compute it, who has the sheet
 * alone cannot try numbers. The key is SHA-256 of the order file, or of the file that the user names. (Project choice.) */
#define OC_LABEL_KEY 32
#define OC_LABEL_MAX 96

OC_MUST_USE oc_result oc_label_make(char out[OC_LABEL_MAX], oc_crypto *crypto, const uint8_t key[OC_LABEL_KEY],
                                    oc_span identity, bool reveal);

#ifdef __cplusplus
}
#endif
#endif
