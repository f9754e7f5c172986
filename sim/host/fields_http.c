/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/fields_http.h"

#include "sim/host/json.h"

static oc_result print_fields(const oc_fields *fields, oc_buf *body)
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

oc_result oc_fields_http_answer(const oc_http_request *request, oc_http_response *response, oc_fields_ask *ask,
                                void *context, const char *message, oc_diag *diag)
{
    oc_fields in = {0};
    oc_fields answer = {0};
    if (!oc_http_is_json(request)) {
        return oc_http_refuse(response, 415, "media-type", "the body has to be application/json");
    }
    oc_result r = read_body(request, response, &in);
    if (oc_is_ok(r) && response->status == 200) {
        r = ask(context, message, &in, &answer, diag);
        r = oc_is_ok(r) ? print_fields(&answer, &response->body) : r;
    }
    oc_fields_free(&in);
    oc_fields_free(&answer);
    return r;
}
