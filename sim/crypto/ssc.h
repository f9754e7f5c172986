/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CRYPTO_SSC_H
#define OC_CRYPTO_SSC_H

#include "sim/crypto/crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The key and MAC rules of the social security card, one function a rule, for 3DES and SM4.
 * Sources: ssc-card sheet 6.4 to 6.7, 7, 11. Where 3DES follows a source and SM4 an analogy, the SM4 form is a
 * project choice (rows 10 to 12 of section 11 there). */

/* One level of diversification by an 8-byte factor f.
 * 3DES: 3DES_K(f) || 3DES_K(NOT f). SM4: SM4_K(f || NOT f). */
OC_MUST_USE oc_result oc_ssc_diversify(oc_crypto *crypto, const oc_key *parent, oc_span factor, oc_key *child);

/* What a level of diversification enciphers: f || NOT f, one block of SM4 or two of 3DES. */
OC_MUST_USE oc_result oc_ssc_diversify_input(oc_span factor, uint8_t out[OC_KEY_SIZE]);

/* The same for `count` factors in the order of computation (province, city, card). */
OC_MUST_USE oc_result oc_ssc_diversify_all(oc_crypto *crypto, const oc_key *root, const oc_span *factors, size_t count,
                                           oc_key *child);

/* The session key S of a key K for `input`.
 * 3DES: the 8 bytes 3DES_K(input), used with single DES; `input` 8 bytes.
 * SM4: SM4_K(input), `input` 1 to 16 bytes filled up with zeros. */
OC_MUST_USE oc_result oc_ssc_session(oc_crypto *crypto, const oc_key *key, oc_span input, oc_key *session);

/* The cryptogram of INTERNAL and EXTERNAL AUTHENTICATE: `challenge` makes the session key, `text` is enciphered;
 * both 8 bytes, and so is `out`.
 * 3DES: DES_S(text). SM4: SM4_S(text || 00*8) with its two halves XORed. */
OC_MUST_USE oc_result oc_ssc_auth(oc_crypto *crypto, const oc_key *key, oc_span challenge, oc_span text,
                                  uint8_t out[8]);

/* The 4-byte MAC under a key used as it stands (a session key, say): CBC-MAC with padding 80 00..;
 * 3DES: the first 4 bytes; SM4: the four words of the last block XORed. `icv` empty for zeros. */
OC_MUST_USE oc_result oc_ssc_mac4(oc_crypto *crypto, const oc_key *key, oc_span icv, oc_span data, uint8_t out[4]);

/* The key that makes a TAC from DTK. 3DES: left half XOR right half, as single DES. SM4: DTK itself. */
OC_MUST_USE oc_result oc_ssc_tac_key(const oc_key *dtk, oc_key *tac_key);

/* XORs the halves of a 16-byte block to 8 bytes, or its quarters to 4. */
void oc_ssc_fold8(const uint8_t block[16], uint8_t out[8]);
void oc_ssc_fold4(const uint8_t block[16], uint8_t out[4]);

/* Diversification factors, 8 bytes: province is the ASCII of the first two digits of the area code, "0000" and
 * "sh"; city is the ASCII of its six digits and "sx". `area` is the 6-digit code as ASCII. */
OC_MUST_USE oc_result oc_ssc_province_factor(oc_span area, uint8_t out[8]);
OC_MUST_USE oc_result oc_ssc_city_factor(oc_span area, uint8_t out[8]);

/* The check bytes of a card id code: first 4 bytes of the retail MAC over its first 12 bytes under the IRK, zero
 * vector (ssc-card 5; the vector is a project choice). SM4: the SM4 MAC over the same bytes. */
OC_MUST_USE oc_result oc_ssc_card_id_check(oc_crypto *crypto, const oc_key *irk, oc_span first12, uint8_t out[4]);

/* The check character of a 9-character card number from its first 8 (GB 11714), '0'-'9' or 'X'; 0 if malformed. */
char oc_ssc_card_number_check(oc_span first8);
/* The check character of an 18-character ID number from its first 17 (GB 11643), 0 if malformed. */
char oc_ssc_id_number_check(oc_span first17);

#ifdef __cplusplus
}
#endif
#endif
