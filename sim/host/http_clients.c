/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "sim/base/clock.h"
#include "sim/host/http_internal.h"

#define NS_A_MS 1000000u
#define MS_A_S 1000

/* How often the watch looks: a slow client may stay this part of its patience longer. */
#define LOOKS 4

static struct timespec in_ns(uint64_t ns)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    uint64_t sum = (uint64_t)at.tv_nsec + ns;
    at.tv_sec += (time_t)(sum / (NS_A_MS * MS_A_S));
    at.tv_nsec = (long)(sum % (NS_A_MS * MS_A_S));
    return at;
}

/* The library still owns the socket: it sees the end and cleans up. */
static void hang_up(const struct oc_http_clients *clients, uint64_t now, bool all)
{
    for (struct oc_http_client *client = clients->first; client != NULL; client = client->next) {
        if (all || (client->phase != OC_HTTP_HANDLED && now - client->since >= clients->patience_ns)) {
            shutdown(client->fd, SHUT_RDWR);
        }
    }
}

static void *watch(void *context)
{
    struct oc_http_clients *clients = context;
    pthread_mutex_lock(&clients->lock);
    while (!clients->stopping) {
        struct timespec next = in_ns(clients->patience_ns / LOOKS);
        pthread_cond_timedwait(&clients->changed, &clients->lock, &next);
        hang_up(clients, oc_clock_now_ns(), false);
    }
    pthread_mutex_unlock(&clients->lock);
    return NULL;
}

oc_result oc_http_clients_start(struct oc_http_clients *clients, int timeout_ms)
{
    pthread_condattr_t attributes;
    clients->patience_ns = (uint64_t)timeout_ms * NS_A_MS;
    pthread_mutex_init(&clients->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&clients->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    clients->watched = pthread_create(&clients->watch, NULL, watch, clients) == 0;
    return clients->watched ? oc_ok() : oc_fail(OC_E_MEMORY);
}

void oc_http_clients_drain(struct oc_http_clients *clients, int grace_ms)
{
    struct timespec end = in_ns((uint64_t)grace_ms * NS_A_MS);
    pthread_mutex_lock(&clients->lock);
    int r = 0;
    while (clients->busy > 0 && r != ETIMEDOUT) {
        r = pthread_cond_timedwait(&clients->changed, &clients->lock, &end);
    }
    hang_up(clients, 0, true);
    pthread_mutex_unlock(&clients->lock);
}

void oc_http_clients_stop(struct oc_http_clients *clients)
{
    pthread_mutex_lock(&clients->lock);
    clients->stopping = true;
    pthread_cond_broadcast(&clients->changed);
    pthread_mutex_unlock(&clients->lock);
    if (clients->watched) {
        pthread_join(clients->watch, NULL);
    }
    pthread_cond_destroy(&clients->changed);
    pthread_mutex_destroy(&clients->lock);
}

struct oc_http_client *oc_http_client_new(struct oc_http_clients *clients, int fd)
{
    struct oc_http_client *client = calloc(1, sizeof *client);
    if (client != NULL) {
        client->fd = fd;
        client->since = oc_clock_now_ns();
        pthread_mutex_lock(&clients->lock);
        client->next = clients->first;
        if (client->next != NULL) {
            client->next->previous = client;
        }
        clients->first = client;
        pthread_mutex_unlock(&clients->lock);
    }
    return client;
}

void oc_http_client_free(struct oc_http_clients *clients, struct oc_http_client *client)
{
    if (client == NULL) {
        return;
    }
    pthread_mutex_lock(&clients->lock);
    clients->busy -= client->phase != OC_HTTP_AWAITED;
    if (client->previous == NULL) {
        clients->first = client->next;
    } else {
        client->previous->next = client->next;
    }
    if (client->next != NULL) {
        client->next->previous = client->previous;
    }
    pthread_mutex_unlock(&clients->lock);
    free(client);
}

void oc_http_client_enter(struct oc_http_clients *clients, struct oc_http_client *client, enum oc_http_phase phase)
{
    pthread_mutex_lock(&clients->lock);
    clients->busy -= client->phase != OC_HTTP_AWAITED;
    clients->busy += phase != OC_HTTP_AWAITED;
    client->phase = phase;
    client->since = oc_clock_now_ns();
    pthread_cond_broadcast(&clients->changed);
    pthread_mutex_unlock(&clients->lock);
}
