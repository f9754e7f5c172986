/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_HOST_HTTP_INTERNAL_H
#define OC_HOST_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>

#include "sim/host/http_server.h"

/* Private to the sources named http_*.c. */

#define OC_HTTP_ADDRESS_ROOM 64

enum oc_http_phase {
    OC_HTTP_AWAITED, /* the next request, or the rest of it */
    OC_HTTP_HANDLED, /* a handler works for it: this may take as long as it takes */
    OC_HTTP_ANSWERED /* the response goes out */
};

/* A connection. */
struct oc_http_client {
    struct oc_http_client *next;
    struct oc_http_client *previous;
    int fd;
    enum oc_http_phase phase;
    uint64_t since; /* oc_clock_now_ns: when the phase began */
};

/* All connections, with a thread that ends those which are too slow: libmicrohttpd's own time limit begins anew with
 * every byte. */
struct oc_http_clients {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* on the monotonic clock */
    pthread_t watch;
    struct oc_http_client *first;
    size_t busy; /* connections that are handled or answered */
    uint64_t patience_ns;
    bool stopping;
    bool watched;
};

OC_MUST_USE oc_result oc_http_clients_start(struct oc_http_clients *clients, int timeout_ms);
/* Waits at most `grace_ms` until no request is handled or answered, then ends all connections. */
void oc_http_clients_drain(struct oc_http_clients *clients, int grace_ms);
void oc_http_clients_stop(struct oc_http_clients *clients);
struct oc_http_client *oc_http_client_new(struct oc_http_clients *clients, int fd);
void oc_http_client_free(struct oc_http_clients *clients, struct oc_http_client *client);
void oc_http_client_enter(struct oc_http_clients *clients, struct oc_http_client *client, enum oc_http_phase phase);

/* What TLS needs, NUL-terminated PEM; empty without it. libmicrohttpd borrows them. */
struct oc_http_secrets {
    oc_buf certificate;
    oc_buf key;
    oc_buf client_ca;
};

OC_MUST_USE oc_result oc_http_secrets_read(struct oc_http_secrets *secrets, const oc_http_tls *tls, oc_diag *diag);
void oc_http_secrets_free(struct oc_http_secrets *secrets);
/* Lets the handshake, which comes next, fail for a client without a certificate that is good. */
void oc_http_demand_certificate(struct MHD_Connection *connection);

struct oc_http_refusal {
    unsigned status;
    const char *word;
    const char *sentence;
};

/* One request from its head to its response. */
struct oc_http_exchange {
    struct oc_http_server *server;
    struct MHD_Connection *connection;
    const char *method; /* these two are the library's, for as long as the request is there */
    const char *path;
    const oc_http_route *route;
    const struct oc_http_refusal *refusal; /* or NULL so far */
    size_t received;
    size_t held; /* bytes that server->waiting counts for it */
    oc_buf body;
    bool handled;
    oc_http_response response;     /* once it was handled */
    struct oc_http_exchange *next; /* in the batch */
};

/* Requests whose connections are suspended until a batch has taken them. */
struct oc_http_queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t worker;
    struct oc_http_exchange *first;
    struct oc_http_exchange **end; /* where the next one is linked */
    bool stopping;
    bool working;
};

OC_MUST_USE oc_result oc_http_queue_start(struct oc_http_server *server);
/* False when the queue takes nothing any more: the connection was not suspended. */
bool oc_http_queue_take(struct oc_http_server *server, struct oc_http_exchange *exchange);
/* Answers what waits and ends. No connection is suspended afterwards. */
void oc_http_queue_stop(struct oc_http_server *server);

/* Runs the handler of the request; its failure becomes a 500. */
void oc_http_handle_exchange(struct oc_http_exchange *exchange);
/* Makes the response a refusal, whatever it was before. */
void oc_http_refuse_exchange(struct oc_http_exchange *exchange, const struct oc_http_refusal *refusal);

struct oc_http_server {
    oc_http_options options;
    struct MHD_Daemon *daemon;
    struct oc_http_queue queue;
    struct oc_http_secrets secrets;
    struct oc_http_clients clients;
    size_t waiting; /* bytes of bodies; atomic */
    int listener;
    char address[OC_HTTP_ADDRESS_ROOM];
};

/* A listening socket at "ADDRESS:PORT", and the address with the port that it got. */
OC_MUST_USE oc_result oc_http_listen(int *fd, char address[OC_HTTP_ADDRESS_ROOM], const char *where, oc_diag *diag);

/* libmicrohttpd's callbacks; the context is the server. */
enum MHD_Result oc_http_access(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                               const char *version, const char *upload, size_t *upload_size, void **state);
void oc_http_completed(void *context, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode code);

#endif
