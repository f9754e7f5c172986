/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_MEDICAL_HTTP_H
#define OC_HOST_MEDICAL_HTTP_H

#include <jansson.h>

#include "sim/host/http_server.h"
#include "sim/host/medical/medical.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The medical-insurance back-end over HTTP. POST /fsi/api takes any message, POST /fsi/api/SERVICE/METHOD the message
 * of that service (paths of the region's messages; rsfComIfsService/callService takes any, settlement-backend sheet 4),
 * as application/json in UTF-8. A message that was read is answered with status 200, whether taken or refused; what is no
 * message with a status of HTTP (404, 405, 413, 415, 500, 503). The body is always a well-formed answer (medical.h). */
typedef struct oc_medical_http oc_medical_http;

/* Sees each message with what was found and what is answered. It may change the answer: a client under test is treated
 * badly on purpose. `response` has the answer as its body. */
typedef oc_result oc_medical_watch(void *context, oc_span request, const oc_med_judgement *judgement,
                                   oc_http_response *response, oc_diag *diag);

/* Asked before each message; true: it is refused, and the back-end never gets it. */
typedef bool oc_medical_refuse(void *context, oc_span request, oc_med_judgement *judgement);

/* `medical` and `region` are borrowed. `watch` may be NULL. */
OC_MUST_USE oc_result oc_medical_http_new(oc_medical_http **out, oc_medical *medical, const oc_region *region,
                                          oc_medical_watch *watch, void *context);
/* With the context of the watch. */
void oc_medical_http_set_refuse(oc_medical_http *http, oc_medical_refuse *refuse);
void oc_medical_http_free(oc_medical_http **http);

/* The rows for an oc_http_server. The back-end is used by one thread at a time: options.threads 1, or a batch. */
#define OC_MEDICAL_HTTP_ROUTES 2
void oc_medical_http_routes(oc_http_route rows[OC_MEDICAL_HTTP_ROUTES], oc_medical_http *http);

/* Appends the paths: /fsi/api, and those of the region's messages. */
OC_MUST_USE oc_result oc_medical_http_list(const oc_medical_http *http, json_t *paths);

/* For oc_http_options.batch: messages that come at once share one commit, and one sync of the disk. Not where there is a
 * watch: it has to know what was booked. */
oc_http_batch oc_medical_http_batch(oc_medical_http *http);

/* For oc_http_options.error, with the oc_medical_http as its context: answers what comes to other paths as
 * oc_http_plain_error does. */
oc_http_error oc_medical_http_error;

#ifdef __cplusplus
}
#endif
#endif
