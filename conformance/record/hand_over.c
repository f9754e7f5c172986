/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/hand_over.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* So many wait at most, and so many wake the writer: to wake it for each costs the run more than to hand over. */
#define WAITING_MAX 256
#define WAKING 128
/* What stays below that number is written after so long; where nothing came in that time the writer sleeps until
 * something does. */
#define PATIENCE_NS 5000000L

struct batch {
    oc_outcome at[WAITING_MAX];
    size_t count;
};

struct oc_hand_over {
    oc_hand_over_sink sink;
    pthread_mutex_t lock;
    pthread_cond_t wanted;  /* the writer shall look */
    pthread_cond_t settled; /* the writer has taken a batch, or written it */
    struct batch batches[2];
    struct batch *filling;
    oc_arena spares[2 * WAITING_MAX]; /* of outcomes that are written; the last one is used first */
    size_t spare_count;
    bool is_writing;
    bool is_asleep;  /* only a signal wakes the writer */
    bool is_hurried; /* somebody waits for what is there */
    bool is_closing;
    bool has_thread;
    pthread_t thread;
    oc_result error;
    oc_diag diag; /* of the error */
};

static oc_result write_batch(oc_hand_over *queue, struct batch *batch, oc_diag *diag)
{
    oc_result r = queue->error;
    for (size_t i = 0; i < batch->count; i++) {
        if (oc_is_ok(r)) {
            r = queue->sink.append(queue->sink.self, &batch->at[i], diag);
        }
        oc_arena_clear(&batch->at[i].arena);
    }
    return oc_is_ok(r) ? queue->sink.sync(queue->sink.self, diag) : r;
}

/* The caller holds the lock. */
static void take_spares(oc_hand_over *queue, struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (queue->spare_count < sizeof queue->spares / sizeof queue->spares[0]) {
            queue->spares[queue->spare_count++] = batch->at[i].arena;
        } else {
            oc_arena_free(&batch->at[i].arena);
        }
    }
    batch->count = 0;
}

static struct timespec patience_ends(void)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += PATIENCE_NS;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    return until;
}

/* The caller holds the lock. */
static void wait_for_work(oc_hand_over *queue)
{
    const struct timespec until = patience_ends();
    bool patient = true;
    while (queue->filling->count < WAKING && !queue->is_hurried && !queue->is_closing) {
        if (patient) {
            patient = pthread_cond_timedwait(&queue->wanted, &queue->lock, &until) == 0;
        } else if (queue->filling->count > 0) {
            return;
        } else {
            queue->is_asleep = true;
            pthread_cond_wait(&queue->wanted, &queue->lock);
            queue->is_asleep = false;
            return;
        }
    }
}

static void *write_all(void *context)
{
    oc_hand_over *queue = context;
    oc_diag diag = {0};
    pthread_mutex_lock(&queue->lock);
    for (;;) {
        wait_for_work(queue);
        struct batch *batch = queue->filling;
        if (batch->count == 0) {
            queue->is_hurried = false;
            pthread_cond_broadcast(&queue->settled);
            if (queue->is_closing) {
                break;
            }
            continue;
        }
        queue->filling = batch == &queue->batches[0] ? &queue->batches[1] : &queue->batches[0];
        queue->is_writing = true;
        pthread_cond_broadcast(&queue->settled);
        pthread_mutex_unlock(&queue->lock);
        oc_result r = write_batch(queue, batch, &diag);
        pthread_mutex_lock(&queue->lock);
        take_spares(queue, batch);
        queue->is_writing = false;
        if (oc_is_ok(queue->error) && !oc_is_ok(r)) {
            queue->error = r;
            queue->diag = diag;
        }
        pthread_cond_broadcast(&queue->settled);
    }
    pthread_mutex_unlock(&queue->lock);
    return NULL;
}

oc_result oc_hand_over_new(oc_hand_over **out, oc_hand_over_sink sink)
{
    oc_hand_over *queue = calloc(1, sizeof *queue);
    pthread_condattr_t monotonic;
    *out = queue;
    if (queue == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    queue->sink = sink;
    queue->filling = &queue->batches[0];
    queue->error = oc_ok();
    pthread_mutex_init(&queue->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&queue->wanted, &monotonic);
    pthread_cond_init(&queue->settled, NULL);
    pthread_condattr_destroy(&monotonic);
    queue->has_thread = pthread_create(&queue->thread, NULL, write_all, queue) == 0;
    if (!queue->has_thread) {
        oc_hand_over_free(out);
        return oc_fail(OC_E_MEMORY);
    }
    return oc_ok();
}

static oc_result failure(const oc_hand_over *queue, oc_diag *diag)
{
    if (!oc_is_ok(queue->error) && diag != NULL) {
        *diag = queue->diag;
    }
    return queue->error;
}

oc_result oc_hand_over_give(oc_hand_over *queue, oc_outcome *outcome, oc_diag *diag)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->filling->count == WAITING_MAX && oc_is_ok(queue->error)) {
        pthread_cond_wait(&queue->settled, &queue->lock);
    }
    oc_result r = failure(queue, diag);
    if (oc_is_ok(r)) {
        queue->filling->at[queue->filling->count++] = *outcome;
        outcome->arena = queue->spare_count == 0 ? (oc_arena){0} : queue->spares[--queue->spare_count];
        if (queue->is_asleep || queue->filling->count == WAKING) {
            pthread_cond_signal(&queue->wanted);
        }
    }
    pthread_mutex_unlock(&queue->lock);
    return r;
}

oc_result oc_hand_over_settle(oc_hand_over *queue, oc_diag *diag)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->filling->count > 0 || queue->is_writing) {
        queue->is_hurried = true;
        pthread_cond_signal(&queue->wanted);
        pthread_cond_wait(&queue->settled, &queue->lock);
    }
    oc_result r = failure(queue, diag);
    pthread_mutex_unlock(&queue->lock);
    return r;
}

void oc_hand_over_free(oc_hand_over **out)
{
    oc_hand_over *queue = *out;
    if (queue == NULL) {
        return;
    }
    if (queue->has_thread) {
        pthread_mutex_lock(&queue->lock);
        queue->is_closing = true;
        pthread_cond_signal(&queue->wanted);
        pthread_mutex_unlock(&queue->lock);
        pthread_join(queue->thread, NULL);
    }
    for (size_t i = 0; i < queue->spare_count; i++) {
        oc_arena_free(&queue->spares[i]);
    }
    pthread_cond_destroy(&queue->wanted);
    pthread_cond_destroy(&queue->settled);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
    *out = NULL;
}
