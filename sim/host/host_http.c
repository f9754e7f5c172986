/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/host_http.h"

#include <stdio.h>

#include "sim/host/json.h"

#define FOLDER "/hsm/"
#define JSON_TYPE "application/json"

static const struct {
    const char *path, *message;
} served[] = {
    {FOLDER "basic", "hsm-basic"},
    {FOLDER "external", "hsm-external"},
    {FOLDER "secure-message", "hsm-secure-message"},
    {FOLDER "debit", "hsm-debit"},
    {FOLDER "debit-check", "hsm-debit-check"},
};

#define SERVED (sizeof served / sizeof served[0])

static oc_result answer_fields(const oc_fields *fields, oc_buf *body)
{
    json_t *object = NULL;
    OC_TRY(oc_json_from_fields(&object, fields));
    oc_result r = oc_json_print(body, object);
    json_decref(object);
    return r;
}

/* The fields of the body; a body that has none is answered. */
static oc_result read_body(const oc_http_request *request, oc_http_response *response, oc_fields *fields)
{
    json_t *object = NULL;
    oc_diag diag = {0};
    oc_result r = oc_json_parse(&object, request->body, &diag);
    if (oc_is_ok(r)) {
        r = oc_json_to_fields(fields, object, &diag);
    }
    json_decref(object);
    return r.code == OC_E_FORMAT || r.code == OC_E_LIMIT ? oc_http_refuse(response, 400, "json", diag.reason) : r;
}

static oc_result ask(oc_host *host, const char *message, const oc_http_request *request, oc_http_response *response)
{
    oc_fields in = {0};
    oc_fields answer = {0};
    oc_diag diag = {0};
    oc_result r = read_body(request, response, &in);
    if (oc_is_ok(r) && response->status == 200) {
        r = oc_host_message(host, message, &in, &answer, &diag);
        r = oc_is_ok(r) ? answer_fields(&answer, &response->body)
                        : oc_http_refuse(response, 503, "key",
                                         diag.reason[0] != '\0' ? diag.reason : oc_code_sentence(r.code));
    }
    oc_fields_free(&in);
    oc_fields_free(&answer);
    return r;
}

static oc_result handle(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    (void)diag;
    for (size_t i = 0; i < SERVED; i++) {
        if (strcmp(served[i].path, request->path) == 0) {
            return oc_http_is_json(request)
                       ? ask(context, served[i].message, request, response)
                       : oc_http_refuse(response, 415, "media-type", "the body has to be " JSON_TYPE);
        }
    }
    return oc_http_refuse(response, 404, "not-found", "the HSM service has no such message");
}

static oc_result tell(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    (void)context;
    (void)request;
    (void)diag;
    json_t *paths = json_array();
    for (size_t i = 0; i < SERVED; i++) {
        json_array_append_new(paths, json_string(served[i].path));
    }
    json_t *object = json_pack("{s:s,s:s,s:o}", "service", "onecard host", "version", OC_VERSION, "post", paths);
    if (object == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_json_print(&response->body, object);
    json_decref(object);
    return r;
}

void oc_host_http_routes(oc_http_route rows[OC_HOST_HTTP_ROUTES], oc_host *host)
{
    rows[0] = (oc_http_route){"POST", FOLDER, handle, host};
    rows[1] = (oc_http_route){"GET", "/", tell, host};
}
