/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/cross/cross_http.h"

#include <stdio.h>
#include <strings.h>

#include "sim/host/cross/tables.h"

#define FOLDER "/cross/"

static bool is_xml(const char *media_type)
{
    static const char *const names[] = {"application/xml", "text/xml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = strlen(names[i]);
        if (strncasecmp(media_type, names[i], len) == 0 && strchr("; ", media_type[len]) != NULL) {
            return true;
        }
    }
    return false;
}

static oc_result handle(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    if (!is_xml(request->media_type)) {
        return oc_http_refuse(response, 415, "media-type", "the body has to be application/xml or text/xml");
    }
    response->media_type = "text/xml; charset=GBK";
    return oc_cross_message(context, request->path + strlen(FOLDER), request->body, &response->body, diag);
}

oc_http_route oc_cross_http_route(oc_cross_parts *parts)
{
    return (oc_http_route){"POST", FOLDER, handle, parts};
}

oc_result oc_cross_http_list(json_t *paths)
{
    char path[64];
    size_t before = json_array_size(paths);
    for (size_t i = 0; i < oc_cross_service_count; i++) {
        snprintf(path, sizeof path, FOLDER "%s", oc_cross_services[i].number);
        json_array_append_new(paths, json_string(path));
    }
    return json_array_size(paths) == before + oc_cross_service_count ? oc_ok() : oc_fail(OC_E_MEMORY);
}
