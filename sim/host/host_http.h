/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_HOST_HTTP_H
#define OC_HOST_HOST_HTTP_H

#include <jansson.h>

#include "sim/host/host.h"
#include "sim/host/http_server.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The HSM messages of a host (host.h) over HTTP: POST /hsm/NAME with an object of texts, the message's fields, answers
 * the object of its answer, with status 200 whether accepted or refused. Else {"error":word,"message":sentence}:
 *   400 json       the body is not what oc_json_parse and oc_json_to_fields take
 *   404 not-found  no such message
 *   415 media-type the body is not announced as application/json; a page in a browser cannot do so unasked
 *   503 key        the key provider has no such key, or does not answer
 * NAME is basic, external, secure-message, debit or debit-check. */

/* The rows for an oc_http_server. The host is used by one thread at a time: options.threads 1. */
#define OC_HOST_HTTP_ROUTES 1
void oc_host_http_routes(oc_http_route rows[OC_HOST_HTTP_ROUTES], oc_host *host);

/* Appends the paths. */
OC_MUST_USE oc_result oc_host_http_list(json_t *paths);

#ifdef __cplusplus
}
#endif
#endif
