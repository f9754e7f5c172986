/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_CRYPTOGRAM_H
#define OC_HOST_CRYPTOGRAM_H

#include "sim/crypto/key_provider.h"

/* What a card, a PSAM and an HSM compute with a key, asked of a key provider. `question` names key and factors; the
 * other members are set here. UNAVAILABLE, with the key in the diagnosis, when the provider lacks it. */

/* The algorithm of a key. */
OC_MUST_USE oc_result oc_cryptogram_alg(const oc_key_provider *keys, const oc_key_name *key, enum oc_alg *alg,
                                        oc_diag *diag);

/* INTERNAL and EXTERNAL AUTHENTICATE (oc_ssc_auth): all 8 bytes. */
OC_MUST_USE oc_result oc_cryptogram_auth(const oc_key_provider *keys, oc_key_question question, oc_span challenge,
                                         oc_span text, uint8_t out[8], oc_diag *diag);

/* A 4-byte MAC (oc_ssc_mac4): `use` OC_KEY_MAC or OC_KEY_TAC, under the session key for `session` unless that is
 * empty. `alg` receives whose form the answer had; NULL when nobody asks. */
OC_MUST_USE oc_result oc_cryptogram_mac4(const oc_key_provider *keys, oc_key_question question, enum oc_key_use use,
                                         oc_span session, oc_span data, uint8_t out[4], enum oc_alg *alg,
                                         oc_diag *diag);

#endif
