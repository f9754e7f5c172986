/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_HTTP_SERVER_H
#define OC_HOST_HTTP_SERVER_H

#include "sim/base/diag.h"
#include "sim/base/fields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An HTTP/1.1 service over libmicrohttpd: a table of handlers by method and path, requests taken whole, everything
 * bounded. A connection is kept alive between requests, but has to complete one every `timeout_ms`, however many bytes
 * it sends meanwhile; time in a handler does not count. What a handler never sees is answered in its name: 404, 405,
 * 413 (body over `body_max`), 503 (bodies that wait take more than `waiting_max` together), 500 (the handler failed),
 * with a body from `error`. A request that is no HTTP at all is answered by the library, without one. */
typedef struct oc_http_server oc_http_server;

typedef struct oc_http_request {
    const char *method;     /* "POST" */
    const char *path;       /* "/hsm/basic": percent-decoded, without the query */
    const char *media_type; /* Content-Type, or "" */
    oc_span body;
    void *connection; /* for oc_http_header */
} oc_http_request;

/* A request header, any case of its name; NULL when it is not there. Valid while the handler runs. */
const char *oc_http_header(const oc_http_request *request, const char *name);

typedef struct oc_http_response {
    unsigned status;        /* 200 unless the handler says otherwise */
    const char *media_type; /* static; "application/json; charset=utf-8" unless the handler says otherwise */
    oc_fields headers;      /* further ones, text; the server frees them */
    oc_buf body;            /* the server frees it */
} oc_http_response;

/* True when the body is announced as application/json. A page in a browser cannot do so unasked. */
bool oc_http_is_json(const oc_http_request *request);

/* Answers with an error and its default body: {"error":word,"message":sentence}. */
OC_MUST_USE oc_result oc_http_refuse(oc_http_response *response, unsigned status, const char *word,
                                     const char *sentence);

/* Answers one request. A failure becomes 500 with what `diag` says. */
typedef oc_result oc_http_handle(void *context, const oc_http_request *request, oc_http_response *response,
                                 oc_diag *diag);

typedef struct oc_http_route {
    const char *method;
    const char *path; /* the whole path; one that ends in '/' stands for all below it too. The first row that fits */
    oc_http_handle *handle;
    void *context;
} oc_http_route;

/* Writes the body for a request that no handler answers: `word` is a short name of what is wrong ("too-large"),
 * `sentence` tells more. The body is empty before. */
typedef void oc_http_error(void *context, const char *path, unsigned status, const char *word, const char *sentence,
                           oc_buf *body);

/* The one that is used where there is none: the body of oc_http_refuse. */
oc_http_error oc_http_plain_error;

/* Handlers that share a commit. They run one after another in a thread of their own: those whose requests came while the
 * ones before were handled make a batch. `begin` comes before it, `end` behind it, and only then its answers are sent;
 * when one of the two fails, all of the batch are answered with 500. A client waits, other connections do not. */
typedef struct oc_http_batch {
    oc_result (*begin)(void *context, oc_diag *diag); /* NULL: no batches */
    oc_result (*end)(void *context, oc_diag *diag);
    void *context;
    size_t most; /* requests in one batch */
} oc_http_batch;

/* TLS 1.2 and 1.3; files in PEM. With `client_ca` the handshake fails for a client without a certificate for clients that
 * one of these authorities signed and that is valid now. */
typedef struct oc_http_tls {
    const char *certificate; /* with those of its chain behind it; NULL: no TLS */
    const char *key;
    const char *client_ca; /* or NULL */
} oc_http_tls;

typedef struct oc_http_options {
    const char *listen; /* "127.0.0.1:8090", "[::1]:0", "localhost:0"; port 0: one that is free */
    const oc_http_route *routes;
    size_t route_count;
    /* 1: one thread, so that handlers run one after another. More: a pool, whose handlers run side by side and lock what
     * they share. */
    unsigned threads;
    unsigned connections; /* further ones wait to be accepted; fewer where the process may not open that many files */
    size_t body_max;      /* bytes of one request's body */
    size_t waiting_max;   /* bytes of all bodies that are being received or handled */
    int timeout_ms;
    oc_http_batch batch;
    oc_http_tls tls;
    oc_http_error *error; /* NULL: the body of oc_http_refuse. Called in several threads */
    void *error_context;
} oc_http_options;

/* Loopback and a free port, one thread, 512 connections, 1 MiB a body and 64 MiB together, 15 s. */
oc_http_options oc_http_defaults(void);

/* Starts serving in threads of its own, which block all signals. The routes and what they point at must outlive the
 * server. USAGE for an address that cannot be read, UNAVAILABLE for one that cannot be listened at, FORMAT and those of
 * oc_file_read for the files of TLS. */
OC_MUST_USE oc_result oc_http_server_start(oc_http_server **out, const oc_http_options *options, oc_diag *diag);

/* "127.0.0.1:40123", with the port that was chosen. */
const char *oc_http_server_address(const oc_http_server *server);

/* Accepts nobody any more, lets the requests that are being handled end (at most 5 s) and closes. Accepts NULL. */
void oc_http_server_stop(oc_http_server **server);

#ifdef __cplusplus
}
#endif
#endif
