/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/own_http.h"

#include <stdio.h>
#include <string.h>

#include "sim/host/ecard/qr.h"
#include "sim/host/ecard/voucher.h"
#include "sim/host/fields_http.h"
#include "sim/host/json.h"
#include "sim/host/medical_own.h"

#define ECARD "/ecard/"
#define QR ECARD "qr"
#define VOUCHER "/localQrCodeQuery"
#define PIXELS 4

static const struct {
    const char *path;
    const char *message;
} served[] = {
    {ECARD "check", "ecard-check"},   {ECARD "sign", "ecard-sign"},     {ECARD "show", "ecard-show"},
    {ECARD "verify", "ecard-verify"}, {ECARD "revoke", "ecard-revoke"}, {ECARD "rebind", "ecard-rebind"},
    {ECARD "query", "ecard-query"},   {"/card-list", "card-list"},      {"/holder", "holder"},
};

#define SERVED (sizeof served / sizeof served[0])

static oc_result ask(void *context, const char *message, const oc_fields *in, oc_fields *answer, oc_diag *diag)
{
    const oc_own_http *own = context;
    return oc_medical_own_knows(message)
               ? oc_medical_own_message(own->medical, own->at_hand, message, in, answer, diag)
               : oc_ecard_message(own->ecard, message, in, answer, diag);
}

static oc_result draw(const oc_fields *in, oc_http_response *response, oc_diag *diag)
{
    oc_buf text = {0};
    enum oc_qr_form form = OC_QR_PNG;
    oc_span word = oc_fields_span(in, "form");
    if (word.len > 0 && !oc_qr_form_of(word, &form)) {
        return oc_diag_fail(diag, OC_E_USAGE, "form is pbm, png, svg or text");
    }
    oc_span given = oc_fields_span(in, "text");
    if (given.len == 0) {
        return oc_diag_fail(diag, OC_E_USAGE, "there is no text to draw");
    }
    oc_result r = oc_buf_set(&text, given);
    r = oc_is_ok(r) ? oc_buf_append_byte(&text, 0) : r;
    r = oc_is_ok(r) ? oc_qr_draw(&response->body, form, (const char *)text.at, PIXELS, diag) : r;
    if (oc_is_ok(r)) {
        response->media_type = oc_qr_media_type(form);
    }
    oc_buf_free(&text);
    return r;
}

static oc_result draw_body(const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    json_t *object = NULL;
    oc_fields in = {0};
    oc_result r = oc_json_parse(&object, request->body, diag);
    r = oc_is_ok(r) ? oc_json_to_fields(&in, object, diag) : r;
    r = oc_is_ok(r) ? draw(&in, response, diag) : r;
    json_decref(object);
    oc_fields_free(&in);
    return r;
}

static oc_result serve(const oc_own_http *own, const oc_http_request *request, oc_http_response *response,
                       oc_diag *diag)
{
    for (size_t i = 0; i < SERVED; i++) {
        if (strcmp(served[i].path, request->path) == 0) {
            return oc_fields_http_answer(request, response, ask, (void *)(uintptr_t)own, served[i].message, diag);
        }
    }
    if (strcmp(request->path, QR) != 0 && strcmp(request->path, VOUCHER) != 0) {
        return oc_http_refuse(response, 404, "not-found", "there is no such message");
    }
    if (!oc_http_is_json(request)) {
        return oc_http_refuse(response, 415, "media-type", "the body has to be application/json");
    }
    return strcmp(request->path, QR) == 0
               ? draw_body(request, response, diag)
               : oc_voucher_query(own->ecard, own->region, request->body, &response->body, diag);
}

static oc_result handle(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    oc_result r = serve(context, request, response, diag);
    bool theirs = r.code == OC_E_USAGE || r.code == OC_E_FORMAT || r.code == OC_E_LIMIT;
    return theirs ? oc_http_refuse(response, 400, "field", diag->reason) : r;
}

void oc_own_http_routes(oc_http_route rows[OC_OWN_HTTP_ROUTES], oc_own_http *own)
{
    static const char *const paths[OC_OWN_HTTP_ROUTES] = {ECARD, VOUCHER, "/card-list", "/holder"};
    for (size_t i = 0; i < OC_OWN_HTTP_ROUTES; i++) {
        rows[i] = (oc_http_route){"POST", paths[i], handle, own};
    }
}

oc_result oc_own_http_list(json_t *paths)
{
    size_t before = json_array_size(paths);
    for (size_t i = 0; i < SERVED; i++) {
        json_array_append_new(paths, json_string(served[i].path));
    }
    json_array_append_new(paths, json_string(QR));
    json_array_append_new(paths, json_string(VOUCHER));
    return json_array_size(paths) == before + SERVED + 2 ? oc_ok() : oc_fail(OC_E_MEMORY);
}
