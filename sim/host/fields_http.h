/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_FIELDS_HTTP_H
#define OC_HOST_FIELDS_HTTP_H

#include "sim/host/http_server.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A message of named texts over HTTP: the request is a JSON object of texts, and so is the answer. */

/* Answers `in` in `answer`. */
typedef oc_result oc_fields_ask(void *context, const char *message, const oc_fields *in, oc_fields *answer,
                                oc_diag *diag);

/* Answers with 415 for another media type and 400 for a body that is no such object, without asking. What `ask` fails
 * with comes back, with `diag`. */
OC_MUST_USE oc_result oc_fields_http_answer(const oc_http_request *request, oc_http_response *response,
                                            oc_fields_ask *ask, void *context, const char *message, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
