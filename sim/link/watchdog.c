/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/watchdog.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define NEVER INT64_MAX
#define NS_PER_S 1000000000
#define NS_PER_MS 1000000
#define FIRE_AGAIN_MS 10

struct oc_watchdog {
    oc_watchdog_fire *fire;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int64_t deadline; /* of the armed call; NEVER when none is */
    int64_t wakes_at; /* when the thread looks again by itself */
    bool fired;
    bool done; /* fired with success */
    bool quit;
};

/* CLOCK_MONOTONIC: the raw clock cannot be waited on. */
static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void sleep_until(oc_watchdog *watchdog, int64_t at)
{
    watchdog->wakes_at = at;
    if (at == NEVER) {
        pthread_cond_wait(&watchdog->changed, &watchdog->lock);
        return;
    }
    struct timespec when = {.tv_sec = at / NS_PER_S, .tv_nsec = at % NS_PER_S};
    pthread_cond_timedwait(&watchdog->changed, &watchdog->lock, &when);
}

/* The lock is held while it fires, so that disarm waits for the end of `fire`. */
static void *watch(void *argument)
{
    oc_watchdog *watchdog = argument;
    pthread_mutex_lock(&watchdog->lock);
    while (!watchdog->quit) {
        if (!watchdog->done && watchdog->deadline != NEVER && now_ns() >= watchdog->deadline) {
            watchdog->fired = true;
            watchdog->done = watchdog->fire(watchdog->context);
            watchdog->deadline = now_ns() + FIRE_AGAIN_MS * NS_PER_MS;
        }
        sleep_until(watchdog, watchdog->done ? NEVER : watchdog->deadline);
    }
    pthread_mutex_unlock(&watchdog->lock);
    return NULL;
}

static int start_thread(oc_watchdog *watchdog)
{
    /* Signals are for the owner's threads. */
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&watchdog->thread, NULL, watch, watchdog);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

oc_result oc_watchdog_new(oc_watchdog **out, oc_watchdog_fire *fire, void *context)
{
    *out = NULL;
    oc_watchdog *watchdog = calloc(1, sizeof *watchdog);
    if (watchdog == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    *watchdog = (oc_watchdog){.fire = fire, .context = context, .deadline = NEVER, .wakes_at = NEVER};
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&watchdog->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&watchdog->lock, NULL);
    if (start_thread(watchdog) != 0) {
        pthread_cond_destroy(&watchdog->changed);
        pthread_mutex_destroy(&watchdog->lock);
        free(watchdog);
        return oc_fail(OC_E_MEMORY);
    }
    *out = watchdog;
    return oc_ok();
}

void oc_watchdog_free(oc_watchdog **watchdog)
{
    if (*watchdog == NULL) {
        return;
    }
    pthread_mutex_lock(&(*watchdog)->lock);
    (*watchdog)->quit = true;
    pthread_cond_signal(&(*watchdog)->changed);
    pthread_mutex_unlock(&(*watchdog)->lock);
    pthread_join((*watchdog)->thread, NULL);
    pthread_cond_destroy(&(*watchdog)->changed);
    pthread_mutex_destroy(&(*watchdog)->lock);
    free(*watchdog);
    *watchdog = NULL;
}

void oc_watchdog_arm(oc_watchdog *watchdog, int timeout_ms)
{
    pthread_mutex_lock(&watchdog->lock);
    watchdog->deadline = now_ns() + (int64_t)(timeout_ms > 0 ? timeout_ms : 0) * NS_PER_MS;
    /* Usually the thread still sleeps towards the deadline of an earlier call, which comes first. */
    if (watchdog->wakes_at > watchdog->deadline) {
        pthread_cond_signal(&watchdog->changed);
    }
    pthread_mutex_unlock(&watchdog->lock);
}

bool oc_watchdog_disarm(oc_watchdog *watchdog)
{
    pthread_mutex_lock(&watchdog->lock);
    watchdog->deadline = NEVER;
    bool fired = watchdog->fired;
    pthread_mutex_unlock(&watchdog->lock);
    return fired;
}
