/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/http_internal.h"

static void finish(struct oc_http_exchange *batch)
{
    while (batch != NULL) {
        struct oc_http_exchange *next = batch->next; /* once it is resumed, the request may be gone */
        batch->handled = true;
        MHD_resume_connection(batch->connection);
        batch = next;
    }
}

static void refuse_all(struct oc_http_exchange *batch, oc_result r, const oc_diag *diag)
{
    const struct oc_http_refusal failed = {500, "internal",
                                           diag->reason[0] != '\0' ? diag->reason : oc_code_sentence(r.code)};
    for (; batch != NULL; batch = batch->next) {
        oc_http_refuse_exchange(batch, &failed);
    }
}

static void run_batch(const oc_http_batch *rules, struct oc_http_exchange *batch)
{
    oc_diag diag = {0};
    oc_result r = rules->begin(rules->context, &diag);
    if (oc_is_ok(r)) {
        for (struct oc_http_exchange *at = batch; at != NULL; at = at->next) {
            oc_http_handle_exchange(at);
        }
        r = rules->end(rules->context, &diag);
    }
    if (!oc_is_ok(r)) {
        refuse_all(batch, r, &diag);
    }
    finish(batch);
}

/* The oldest ones, at most `most`. */
static struct oc_http_exchange *take_batch(struct oc_http_queue *queue, size_t most)
{
    struct oc_http_exchange *batch = queue->first;
    struct oc_http_exchange **cut = &queue->first;
    for (size_t i = 0; i < most && *cut != NULL; i++) {
        cut = &(*cut)->next;
    }
    queue->first = *cut;
    *cut = NULL;
    if (queue->first == NULL) {
        queue->end = &queue->first;
    }
    return batch;
}

static void *work(void *context)
{
    struct oc_http_server *server = context;
    struct oc_http_queue *queue = &server->queue;
    pthread_mutex_lock(&queue->lock);
    while (queue->first != NULL || !queue->stopping) {
        if (queue->first == NULL) {
            pthread_cond_wait(&queue->changed, &queue->lock);
            continue;
        }
        struct oc_http_exchange *batch = take_batch(queue, server->options.batch.most);
        pthread_mutex_unlock(&queue->lock);
        run_batch(&server->options.batch, batch);
        pthread_mutex_lock(&queue->lock);
    }
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

oc_result oc_http_queue_start(struct oc_http_server *server)
{
    struct oc_http_queue *queue = &server->queue;
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->changed, NULL);
    queue->end = &queue->first;
    if (server->options.batch.begin != NULL) {
        queue->working = pthread_create(&queue->worker, NULL, work, server) == 0;
    }
    return server->options.batch.begin == NULL || queue->working ? oc_ok() : oc_fail(OC_E_MEMORY);
}

bool oc_http_queue_take(struct oc_http_server *server, struct oc_http_exchange *exchange)
{
    struct oc_http_queue *queue = &server->queue;
    pthread_mutex_lock(&queue->lock);
    bool taken = !queue->stopping;
    if (taken) {
        MHD_suspend_connection(exchange->connection);
        exchange->next = NULL;
        *queue->end = exchange;
        queue->end = &exchange->next;
        pthread_cond_signal(&queue->changed);
    }
    pthread_mutex_unlock(&queue->lock);
    return taken;
}

void oc_http_queue_stop(struct oc_http_server *server)
{
    struct oc_http_queue *queue = &server->queue;
    pthread_mutex_lock(&queue->lock);
    queue->stopping = true;
    pthread_cond_signal(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
    if (queue->working) {
        pthread_join(queue->worker, NULL);
    }
    pthread_cond_destroy(&queue->changed);
    pthread_mutex_destroy(&queue->lock);
}
