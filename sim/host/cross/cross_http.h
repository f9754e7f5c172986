/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_CROSS_CROSS_HTTP_H
#define OC_HOST_CROSS_CROSS_HTTP_H

#include <jansson.h>

#include "sim/host/cross/cross.h"
#include "sim/host/http_server.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The services of cross.h over HTTP: POST /cross/1903 with a body announced as application/xml or text/xml answers 200
 * and a body of text/xml; charset=GBK, errors of the service included. Else 415: a page in a browser cannot announce
 * such a body unasked.
 *
 * The row for an oc_http_server; `parts` outlive it. Host and back-end are used by one thread at a time: options.threads
 * 1. */
oc_http_route oc_cross_http_route(oc_cross_parts *parts);

/* Appends the paths. */
OC_MUST_USE oc_result oc_cross_http_list(json_t *paths);

#ifdef __cplusplus
}
#endif
#endif
