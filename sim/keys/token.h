/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_KEYS_TOKEN_H
#define OC_KEYS_TOKEN_H

#include "sim/base/diag.h"
#include "sim/crypto/crypto.h"

/* A session with one token behind a PKCS#11 module, chosen by an RFC 7512 URI (keys.h). Failures are told as a reason
 * without a subject, which the caller puts before it. */
typedef struct oc_token oc_token;

/* USAGE when the URI is none or names no module; UNAVAILABLE when module, token or login cannot be had. Logs in at most
 * once, and not with the last try of the token's PIN. No text of a diag holds a part of the URI. */
OC_MUST_USE oc_result oc_token_open(oc_token **out, const char *uri, oc_diag *diag);
void oc_token_free(oc_token **token);

/* The secret key of that algorithm whose label is the URI's object followed by `label`. UNAVAILABLE when there is none,
 * several, or no mechanism for it. */
OC_MUST_USE oc_result oc_token_find(oc_token *token, const char *label, enum oc_alg alg, unsigned long *object,
                                    const char **why);

/* ECB of whole blocks in the token. UNAVAILABLE when the token does not do it, GONE when it went away. */
OC_MUST_USE oc_result oc_token_encipher(oc_token *token, unsigned long object, enum oc_alg alg, oc_span in,
                                        uint8_t *out, const char **why);

#endif
