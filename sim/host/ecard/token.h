/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_ECARD_TOKEN_H
#define OC_HOST_ECARD_TOKEN_H

#include "sim/crypto/sm2.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The code that an electronic social security card shows. This is not the national format, which is not public; it is a
 * format of this project, for trying what must happen with codes that are late, altered or shown twice.
 *
 * Text: "OCEC1." and base64url (RFC 4648 section 5, no padding) of 30 bytes and their signature:
 *   1   version, 01
 *   16  random id
 *   8   time of issue, seconds since 1970, big-endian
 *   4   lifetime, seconds, big-endian
 *   1   scope: 'm' medical care, 't' transit, 'l' library, 'p' service platform
 *   64  SM2 signature r || s over the 30 bytes, user id OC_ECARD_USER_ID */
#define OC_ECARD_USER_ID "onecard-ecard"
#define OC_ECARD_ID 16
#define OC_ECARD_BODY 30
#define OC_ECARD_TEXT 132 /* characters of a token: 6 and 126 */

typedef struct oc_ecard_token {
    uint8_t id[OC_ECARD_ID];
    int64_t issued;
    uint32_t lifetime;
    char scope;
} oc_ecard_token;

/* X(name, word) */
#define OC_ECARD_FLAWS(X)                                                                                             \
    X(RIGHT, "")                                                                                                      \
    X(TOO_LONG, "too-long")                                                                                           \
    X(FORM, "form")                                                                                                   \
    X(SIGNATURE, "signature")                                                                                         \
    X(NOT_YET, "not-yet")                                                                                             \
    X(EXPIRED, "expired")                                                                                             \
    X(SCOPE, "scope")

enum oc_ecard_flaw {
#define OC_ECARD_FLAW_ENUM(name, word) OC_ECARD_##name,
    OC_ECARD_FLAWS(OC_ECARD_FLAW_ENUM)
#undef OC_ECARD_FLAW_ENUM
};

const char *oc_ecard_flaw_word(enum oc_ecard_flaw flaw);

/* `key` is a pair. */
OC_MUST_USE oc_result oc_ecard_token_make(oc_crypto *crypto, const oc_sm2_key *key, const oc_ecard_token *token,
                                          char out[OC_ECARD_TEXT + 1]);

/* Takes a code apart and checks it at time `now` for `scope`. *flaw tells the first thing wrong; `token` is filled from
 * SIGNATURE on. A clock of the issuer up to OC_ECARD_SKEW seconds ahead is tolerated. */
#define OC_ECARD_SKEW 5
OC_MUST_USE oc_result oc_ecard_token_read(oc_crypto *crypto, const oc_sm2_key *key, oc_span text, int64_t now,
                                          char scope, oc_ecard_token *token, enum oc_ecard_flaw *flaw);

#ifdef __cplusplus
}
#endif
#endif
