/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DUT_HTTP_POST_H
#define OC_CONFORMANCE_DUT_HTTP_POST_H

#include "conformance/dut/terminal_dut.h"

/* A party under test that is asked over HTTP: POST of JSON, over one connection that is kept. What it does wrong is a
 * breach: nobody there LOAD, no answer in time HANG, broken off EXIT, too long FLOOD, no status 200 GARBAGE. One thread
 * at a time. */
typedef struct oc_http_post oc_http_post;

/* Over https: whom to believe, and as whom to come. Files in PEM; NULL: the system's authorities, nobody. */
typedef struct oc_http_credentials {
    const char *ca;
    const char *certificate;
    const char *key;
} oc_http_credentials;

/* `who` ("the bridge") begins the sentences of breaches; static. `credentials` may be NULL; copied. No proxy of the
 * environment is used. */
OC_MUST_USE oc_result oc_http_post_new(oc_http_post **out, const char *url, const oc_http_credentials *credentials,
                                       const char *who, oc_diag *diag);
void oc_http_post_free(oc_http_post **post);

/* Whether somebody takes the connection; nothing is sent over it. UNAVAILABLE with one sentence when not. To be asked before
 * the first question. */
OC_MUST_USE oc_result oc_http_post_reach(oc_http_post *post, int timeout_ms, oc_diag *diag);

/* USAGE for credentials that cannot be used. `headers` (or NULL) go with the request; a name that begins with a colon does not. `reply` is emptied first. */
OC_MUST_USE oc_result oc_http_post_ask(oc_http_post *post, oc_span request, const oc_fields *headers, int timeout_ms,
                                       oc_buf *reply, oc_breach *breach, oc_diag *diag);

#endif
