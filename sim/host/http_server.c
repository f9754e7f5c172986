/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/http_server.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sim/host/http_internal.h"
#include "sim/host/json.h"

#define MIB ((size_t)1024 * 1024)
#define THREADS_MAX 64
/* Descriptors that the process needs for other things than connections. */
#define OWN_FILES 64
#define GRACE_MS 5000
/* Of the library, for one connection: request line, headers, and room to read into. */
#define HEAD_ROOM ((size_t)16 * 1024)
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

static oc_result write_error(oc_buf *body, const char *word, const char *sentence)
{
    json_t *error = json_object();
    oc_result r = error == NULL ? oc_fail(OC_E_MEMORY) : oc_json_set_text(error, "error", oc_span_text(word));
    if (oc_is_ok(r)) {
        r = oc_json_set_text(error, "message", oc_span_text(sentence));
    }
    if (oc_is_ok(r)) {
        r = oc_json_print(body, error);
    }
    json_decref(error);
    return r;
}

void oc_http_plain_error(void *context, const char *path, unsigned status, const char *word, const char *sentence,
                         oc_buf *body)
{
    (void)context;
    (void)path;
    (void)status;
    if (!oc_is_ok(write_error(body, word, sentence))) {
        oc_buf_clear(body); /* without memory an empty body has to do */
    }
}

oc_result oc_http_refuse(oc_http_response *response, unsigned status, const char *word, const char *sentence)
{
    response->status = status;
    oc_buf_clear(&response->body);
    return write_error(&response->body, word, sentence);
}

oc_http_options oc_http_defaults(void)
{
    return (oc_http_options){.listen = "127.0.0.1:0",
                             .threads = 1,
                             .connections = 512,
                             .body_max = MIB,
                             .waiting_max = 64 * MIB,
                             .timeout_ms = 15000,
                             .error = oc_http_plain_error};
}

static void notify(void *context, struct MHD_Connection *connection, void **state,
                   enum MHD_ConnectionNotificationCode code)
{
    oc_http_server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        oc_http_client_free(&server->clients, *state);
        *state = NULL;
        return;
    }
    if (server->options.tls.client_ca != NULL) {
        oc_http_demand_certificate(connection);
    }
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *state = info == NULL ? NULL : oc_http_client_new(&server->clients, info->connect_fd);
}

/* A NUL would end the text early, and "/hsm/basic%00" be "/hsm/basic"; no path has the byte that takes its place. */
static size_t unescape(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    size_t len = MHD_http_unescape(text);
    for (char *nul = memchr(text, '\0', len); nul != NULL; nul = memchr(nul, '\0', len - (size_t)(nul - text))) {
        *nul = '\x7F';
    }
    return len;
}

static unsigned connections_possible(unsigned wanted)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) {
        return wanted;
    }
    rlim_t possible = files.rlim_cur > 2 * OWN_FILES ? files.rlim_cur - OWN_FILES : OWN_FILES;
    return possible < wanted ? (unsigned)possible : wanted;
}

static struct MHD_Daemon *start_daemon(oc_http_server *server)
{
    const oc_http_options *options = &server->options;
    unsigned connections = connections_possible(options->connections);
    struct MHD_OptionItem secrets[] = {
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES},
        {MHD_OPTION_HTTPS_MEM_CERT, 0, server->secrets.certificate.at},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, server->secrets.key.at},
        {options->tls.client_ca != NULL ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0,
         server->secrets.client_ca.at},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem items[] = {
        {MHD_OPTION_LISTEN_SOCKET, server->listener, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)connections, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, (intptr_t)HEAD_ROOM, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        /* A pool of one is refused by the library. */
        {options->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)options->threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    bool tls = options->tls.certificate != NULL;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME;
    return MHD_start_daemon(tls ? flags | MHD_USE_TLS : flags, 0, NULL, NULL, oc_http_access, server, MHD_OPTION_ARRAY,
                            items, MHD_OPTION_ARRAY, tls ? secrets : secrets + 4, MHD_OPTION_NOTIFY_COMPLETED,
                            oc_http_completed, server, MHD_OPTION_NOTIFY_CONNECTION, notify, server,
                            MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_END);
}

static bool sensible(const oc_http_options *options)
{
    return options->listen != NULL && options->threads >= 1 && options->threads <= THREADS_MAX &&
           options->connections >= options->threads && options->body_max > 0 &&
           options->waiting_max >= options->body_max && options->timeout_ms > 0 &&
           (options->batch.begin == NULL || (options->batch.end != NULL && options->batch.most > 0));
}

/* Threads inherit the mask of their maker: signals stay with the program. */
static oc_result start_threads(oc_http_server *server, oc_diag *diag)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    oc_result r = oc_http_clients_start(&server->clients, server->options.timeout_ms);
    r = oc_is_ok(r) ? oc_http_queue_start(server) : r;
    if (oc_is_ok(r)) {
        server->daemon = start_daemon(server);
        r = server->daemon != NULL ? r : oc_diag_fail(diag, OC_E_UNAVAILABLE, "the HTTP service could not be started");
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return r;
}

oc_result oc_http_server_start(oc_http_server **out, const oc_http_options *options, oc_diag *diag)
{
    *out = NULL;
    if (!sensible(options)) {
        return oc_diag_fail(diag, OC_E_USAGE, "the bounds of the HTTP service make no sense");
    }
    oc_http_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    server->options = *options;
    server->options.error = options->error == NULL ? oc_http_plain_error : options->error;
    oc_result r = oc_http_secrets_read(&server->secrets, &options->tls, diag);
    r = oc_is_ok(r) ? oc_http_listen(&server->listener, server->address, options->listen, diag) : r;
    if (!oc_is_ok(r)) {
        oc_http_secrets_free(&server->secrets);
        free(server);
        return r;
    }
    r = start_threads(server, diag);
    if (!oc_is_ok(r)) {
        oc_http_server_stop(&server);
    }
    *out = server;
    return r;
}

const char *oc_http_server_address(const oc_http_server *server)
{
    return server->address;
}

void oc_http_server_stop(oc_http_server **server)
{
    if (*server == NULL) {
        return;
    }
    if ((*server)->daemon != NULL) {
        (void)MHD_quiesce_daemon((*server)->daemon);
        oc_http_clients_drain(&(*server)->clients, GRACE_MS);
    }
    oc_http_queue_stop(*server);
    if ((*server)->daemon != NULL) {
        MHD_stop_daemon((*server)->daemon);
    }
    oc_http_clients_stop(&(*server)->clients);
    close((*server)->listener);
    oc_http_secrets_free(&(*server)->secrets);
    free(*server);
    *server = NULL;
}
