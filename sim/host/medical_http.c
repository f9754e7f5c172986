/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical_http.h"

#include <stdio.h>
#include <stdlib.h>

#define ROOT "/fsi/api"
#define ANY_SERVICE "rsfComIfsService/callService"

struct oc_medical_http {
    oc_medical *medical;
    const oc_region *region;
    oc_medical_watch *watch;
    oc_medical_refuse *refuse; /* or NULL */
    void *context;
};

oc_result oc_medical_http_new(oc_medical_http **out, oc_medical *medical, const oc_region *region,
                              oc_medical_watch *watch, void *context)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    **out = (struct oc_medical_http){.medical = medical, .region = region, .watch = watch, .context = context};
    return oc_ok();
}

void oc_medical_http_set_refuse(oc_medical_http *http, oc_medical_refuse *refuse)
{
    http->refuse = refuse;
}

void oc_medical_http_free(oc_medical_http **http)
{
    free(*http);
    *http = NULL;
}

/* SERVICE/METHOD of a path; "" where any message may come. */
static const char *service_of(const char *path)
{
    const char *service = path + sizeof ROOT - 1;
    service += *service == '/';
    return strcmp(service, ANY_SERVICE) == 0 ? "" : service;
}

static bool is_served(const oc_region *region, const char *service)
{
    const oc_med_message *message = NULL;
    bool found = service[0] == '\0';
    for (size_t i = 0; !found && (message = oc_region_message_at(region, i)) != NULL; i++) {
        found = message->path != NULL && strcmp(message->path, service) == 0;
    }
    return found;
}

/* The headers that a signature may be in. */
static oc_result take_headers(const oc_http_request *request, const char *service, oc_fields *out)
{
    static const char *const names[] = {"x-tif-paasid", "x-tif-timestamp", "x-tif-nonce", "x-tif-signature"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = oc_http_header(request, names[i]);
        if (value != NULL) {
            OC_TRY(oc_fields_set_text(out, names[i], value));
        }
    }
    return oc_fields_set_text(out, OC_MED_PATH, service);
}

static oc_result ask(const struct oc_medical_http *http, const oc_http_request *request, const oc_fields *headers,
                     oc_http_response *response, oc_med_judgement *judgement, oc_diag *diag)
{
    *judgement = (oc_med_judgement){0};
    return http->refuse != NULL && http->refuse(http->context, request->body, judgement)
               ? oc_medical_refusal(http->medical, "BUSY", "系统繁忙，请稍后再试", "the back-end is busy",
                                    &response->body)
               : oc_medical_message(http->medical, request->body, headers, &response->body, judgement, diag);
}

static oc_result answer(const struct oc_medical_http *http, const oc_http_request *request, const char *service,
                        oc_http_response *response, oc_diag *diag)
{
    oc_fields headers = {0};
    oc_med_judgement judgement;
    oc_result r = take_headers(request, service, &headers);
    r = oc_is_ok(r) ? ask(http, request, &headers, response, &judgement, diag) : r;
    if (oc_is_ok(r) && http->watch != NULL) {
        r = http->watch(http->context, request->body, &judgement, response, diag);
    }
    oc_fields_free(&headers);
    return r;
}

static oc_result handle(void *context, const oc_http_request *request, oc_http_response *response, oc_diag *diag)
{
    const struct oc_medical_http *http = context;
    const char *service = service_of(request->path);
    if (!is_served(http->region, service)) {
        response->status = 404;
        return oc_medical_refusal(http->medical, "HTTP", "没有该服务", "there is no such service", &response->body);
    }
    if (!oc_http_is_json(request)) {
        response->status = 415;
        return oc_medical_refusal(http->medical, "HTTP", "报文应为application/json",
                                  "the body has to be application/json", &response->body);
    }
    return answer(http, request, service, response, diag);
}

void oc_medical_http_routes(oc_http_route rows[OC_MEDICAL_HTTP_ROUTES], oc_medical_http *http)
{
    rows[0] = (oc_http_route){"POST", ROOT, handle, http};
    rows[1] = (oc_http_route){"POST", ROOT "/", handle, http};
}

/* Bounds how long the first of a batch waits for its answer. */
#define BATCH_MOST 256

static oc_result begin(void *context, oc_diag *diag)
{
    struct oc_medical_http *http = context;
    return oc_medical_begin(http->medical, diag);
}

static oc_result end(void *context, oc_diag *diag)
{
    struct oc_medical_http *http = context;
    return oc_medical_end(http->medical, diag);
}

oc_http_batch oc_medical_http_batch(oc_medical_http *http)
{
    return (oc_http_batch){.begin = begin, .end = end, .context = http, .most = BATCH_MOST};
}

oc_result oc_medical_http_list(const oc_medical_http *http, json_t *paths)
{
    const oc_med_message *message;
    char path[160];
    json_array_append_new(paths, json_string(ROOT));
    json_array_append_new(paths, json_string(ROOT "/" ANY_SERVICE));
    for (size_t i = 0; (message = oc_region_message_at(http->region, i)) != NULL; i++) {
        if (message->path != NULL) {
            snprintf(path, sizeof path, ROOT "/%s", message->path);
            if (json_array_append_new(paths, json_string(path)) != 0) {
                return oc_fail(OC_E_MEMORY);
            }
        }
    }
    return oc_ok();
}

static const char *zh_of(unsigned status)
{
    static const struct {
        unsigned status;
        const char *zh;
    } texts[] = {{404, "没有该服务"}, {405, "请求方法应为POST"}, {413, "报文过长"}, {503, "系统繁忙，请稍后再试"}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].status == status) {
            return texts[i].zh;
        }
    }
    return "系统内部错误";
}

void oc_medical_http_error(void *context, const char *path, unsigned status, const char *word, const char *sentence,
                           oc_buf *body)
{
    struct oc_medical_http *http = context;
    bool ours = strncmp(path, ROOT, sizeof ROOT - 1) == 0 && strchr("/", path[sizeof ROOT - 1]) != NULL;
    if (!ours || !oc_is_ok(oc_medical_refusal(http->medical, "HTTP", zh_of(status), sentence, body))) {
        oc_buf_clear(body);
        oc_http_plain_error(NULL, path, status, word, sentence, body);
    }
}
