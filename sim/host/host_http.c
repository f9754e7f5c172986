/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/host_http.h"

#include "sim/host/fields_http.h"

#define FOLDER "/hsm/"

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

static oc_result ask(void *context, const char *message, const oc_fields *in, oc_fields *answer, oc_diag *diag)
{
    return oc_host_message(context, message, in, answer, diag);
}

static oc_result handle(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    for (size_t i = 0; i < SERVED; i++) {
        if (strcmp(served[i].path, request->path) == 0) {
            oc_result r = oc_fields_http_answer(request, response, ask, context, served[i].message, diag);
            return oc_is_ok(r) || r.code == OC_E_MEMORY
                       ? r
                       : oc_http_refuse(response, 503, "key",
                                        diag->reason[0] != '\0' ? diag->reason : oc_code_sentence(r.code));
        }
    }
    return oc_http_refuse(response, 404, "not-found", "the HSM service has no such message");
}

oc_result oc_host_http_list(json_t *paths)
{
    for (size_t i = 0; i < SERVED; i++) {
        json_array_append_new(paths, json_string(served[i].path));
    }
    return json_array_size(paths) < SERVED ? oc_fail(OC_E_MEMORY) : oc_ok();
}

void oc_host_http_routes(oc_http_route rows[OC_HOST_HTTP_ROUTES], oc_host *host)
{
    rows[0] = (oc_http_route){"POST", FOLDER, handle, host};
}
