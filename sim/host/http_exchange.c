/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <strings.h>

#include "sim/host/http_internal.h"

/* A body that is too long is still read up to this many times `body_max`, so that its sender reads the refusal instead
 * of a broken connection; one that goes on is cut off. */
#define DRAIN 4

#define JSON_UTF8 "application/json; charset=utf-8"

static const struct oc_http_refusal not_found = {404, "not-found", "nothing is served under this path"};
static const struct oc_http_refusal no_method = {405, "method", "this path is not served with this method"};
static const struct oc_http_refusal too_large = {413, "too-large", "the body is longer than this service takes"};
static const struct oc_http_refusal busy = {503, "busy", "too many requests are waiting; try again later"};

const char *oc_http_header(const oc_http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

#define JSON_TYPE "application/json"

bool oc_http_is_json(const oc_http_request *request)
{
    size_t len = sizeof JSON_TYPE - 1;
    return strncasecmp(request->media_type, JSON_TYPE, len) == 0 && strchr("; ", request->media_type[len]) != NULL;
}

static bool fits(const char *row, const char *path)
{
    size_t len = strlen(row);
    return len > 0 && row[len - 1] == '/' && len > 1 ? strncmp(row, path, len) == 0 : strcmp(row, path) == 0;
}

static void find_route(struct oc_http_exchange *exchange, const char *method, const char *path)
{
    const oc_http_options *options = &exchange->server->options;
    exchange->refusal = &not_found;
    for (size_t i = 0; i < options->route_count; i++) {
        if (!fits(options->routes[i].path, path)) {
            continue;
        }
        if (strcmp(options->routes[i].method, method) == 0) {
            exchange->route = &options->routes[i];
            exchange->refusal = NULL;
            return;
        }
        exchange->refusal = &no_method;
    }
}

static enum MHD_Result queue(struct MHD_Connection *connection, oc_http_response *response)
{
    struct MHD_Response *out = MHD_create_response_from_buffer_with_free_callback(response->body.len,
                                                                                  response->body.at, free);
    if (out == NULL) {
        oc_buf_free(&response->body);
        return MHD_NO;
    }
    response->body = (oc_buf){0}; /* its bytes belong to the library now */
    bool good = MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_TYPE, response->media_type) == MHD_YES;
    oc_buf text = {0};
    for (size_t i = 0; i < response->headers.count && good; i++) {
        oc_buf_clear(&text);
        good = oc_is_ok(oc_buf_append(&text, oc_buf_span(&response->headers.at[i].value))) &&
               oc_is_ok(oc_buf_append_byte(&text, 0)) &&
               MHD_add_response_header(out, response->headers.at[i].name, (const char *)text.at) == MHD_YES;
    }
    oc_buf_free(&text);
    enum MHD_Result r = good ? MHD_queue_response(connection, response->status, out) : MHD_NO;
    MHD_destroy_response(out);
    return r;
}

void oc_http_refuse_exchange(struct oc_http_exchange *exchange, const struct oc_http_refusal *refusal)
{
    const oc_http_options *options = &exchange->server->options;
    oc_http_response *response = &exchange->response;
    oc_buf_free(&response->body);
    response->status = refusal->status;
    response->media_type = JSON_UTF8;
    options->error(options->error_context, exchange->path, refusal->status, refusal->word, refusal->sentence,
                   &response->body);
}

void oc_http_handle_exchange(struct oc_http_exchange *exchange)
{
    const char *type = MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND,
                                                   MHD_HTTP_HEADER_CONTENT_TYPE);
    const oc_http_request request = {.method = exchange->method,
                                     .path = exchange->path,
                                     .media_type = type == NULL ? "" : type,
                                     .body = oc_buf_span(&exchange->body),
                                     .connection = exchange->connection};
    oc_diag diag = {0};
    oc_result r = exchange->route->handle(exchange->route->context, &request, &exchange->response, &diag);
    if (!oc_is_ok(r)) {
        const struct oc_http_refusal failed = {500, "internal",
                                               diag.reason[0] ? diag.reason : oc_code_sentence(r.code)};
        oc_http_refuse_exchange(exchange, &failed);
    }
}

static struct oc_http_client *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static enum MHD_Result send_response(struct oc_http_exchange *exchange)
{
    oc_http_client_enter(&exchange->server->clients, client_of(exchange->connection), OC_HTTP_ANSWERED);
    return queue(exchange->connection, &exchange->response);
}

static enum MHD_Result answer(struct oc_http_exchange *exchange)
{
    oc_http_server *server = exchange->server;
    struct oc_http_client *client = client_of(exchange->connection);
    if (client == NULL) {
        return MHD_NO;
    }
    oc_http_client_enter(&server->clients, client, OC_HTTP_HANDLED);
    if (exchange->refusal == NULL && server->options.batch.begin != NULL) {
        if (oc_http_queue_take(server, exchange)) {
            return MHD_YES;
        }
        exchange->refusal = &busy;
    }
    if (exchange->refusal != NULL) {
        oc_http_refuse_exchange(exchange, exchange->refusal);
    } else {
        oc_http_handle_exchange(exchange);
    }
    return send_response(exchange);
}

/* Counts what the body takes; false when all together would take too much. */
static bool hold(struct oc_http_exchange *exchange, size_t more)
{
    oc_http_server *server = exchange->server;
    if (__atomic_add_fetch(&server->waiting, more, __ATOMIC_RELAXED) > server->options.waiting_max) {
        __atomic_sub_fetch(&server->waiting, more, __ATOMIC_RELAXED);
        return false;
    }
    exchange->held += more;
    return true;
}

static void let_go(struct oc_http_exchange *exchange)
{
    __atomic_sub_fetch(&exchange->server->waiting, exchange->held, __ATOMIC_RELAXED);
    exchange->held = 0;
    oc_buf_free(&exchange->body);
}

static enum MHD_Result receive(struct oc_http_exchange *exchange, const char *piece, size_t len)
{
    size_t most = exchange->server->options.body_max;
    exchange->received += len;
    if (exchange->received > DRAIN * most) {
        return MHD_NO;
    }
    if (exchange->refusal == NULL && exchange->received > most) {
        exchange->refusal = &too_large;
        let_go(exchange);
    }
    if (exchange->refusal == NULL &&
        (!hold(exchange, len) || !oc_is_ok(oc_buf_append(&exchange->body, oc_span_of(piece, len))))) {
        exchange->refusal = &busy;
        let_go(exchange);
    }
    return MHD_YES;
}

/* A length that is announced and will not even be drained is refused before it is sent. */
static bool hopeless(const struct oc_http_exchange *exchange, struct MHD_Connection *connection)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length != NULL && strtoull(length, NULL, 10) > DRAIN * exchange->server->options.body_max;
}

enum MHD_Result oc_http_access(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *upload, size_t *upload_size, void **state)
{
    (void)version;
    struct oc_http_exchange *exchange = *state;
    if (exchange == NULL) {
        exchange = calloc(1, sizeof *exchange);
        if (exchange == NULL) {
            return MHD_NO;
        }
        *state = exchange;
        *exchange = (struct oc_http_exchange){.server = context,
                                              .connection = connection,
                                              .method = method,
                                              .path = url,
                                              .response = {.status = 200, .media_type = JSON_UTF8}};
        find_route(exchange, method, url);
        if (hopeless(exchange, connection)) {
            exchange->refusal = &too_large;
            return answer(exchange);
        }
        return MHD_YES;
    }
    if (*upload_size > 0) {
        size_t len = *upload_size;
        *upload_size = 0;
        return receive(exchange, upload, len);
    }
    return exchange->handled ? send_response(exchange) : answer(exchange);
}

void oc_http_completed(void *context, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode code)
{
    (void)code;
    oc_http_server *server = context;
    struct oc_http_exchange *exchange = *state;
    struct oc_http_client *client = client_of(connection);
    if (client != NULL) {
        oc_http_client_enter(&server->clients, client, OC_HTTP_AWAITED);
    }
    if (exchange != NULL) {
        let_go(exchange);
        oc_buf_free(&exchange->response.body);
        oc_fields_free(&exchange->response.headers);
        free(exchange);
        *state = NULL;
    }
}
