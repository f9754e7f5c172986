/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/host_load.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "tests/bench/bench.h"
#include "tests/support/oc_http_client.h"
#include "tests/support/oc_visit.h"

#define PATH "/fsi/api"
#define PATIENCE_MS 30000
#define SAMPLES_MAX ((size_t)1 << 20)
#define NS_A_S 1000000000u

struct crowd {
    const struct host_load *load;
    struct host_load_result *result;
    uint64_t begin;
    uint64_t end;
    size_t arrivals; /* atomic: intended starts that were taken */
    size_t count;    /* atomic: samples */
};

struct client {
    pthread_t thread;
    struct crowd *crowd;
    oc_visit visit;
    oc_buf answer;
    int fd;
    size_t messages;
    size_t visits;
    size_t failures;
};

static void wait_until(uint64_t ns)
{
    for (uint64_t now = oc_clock_now_ns(); now < ns; now = oc_clock_now_ns()) {
        nanosleep(&(struct timespec){(time_t)((ns - now) / NS_A_S), (long)((ns - now) % NS_A_S)}, NULL);
    }
}

static void note(struct crowd *crowd, uint64_t intended, uint64_t begun, uint64_t done)
{
    size_t at = __atomic_fetch_add(&crowd->count, 1, __ATOMIC_RELAXED);
    if (at < SAMPLES_MAX) {
        crowd->result->latency[at] = done - intended;
        crowd->result->service[at] = done - begun;
    }
}

static bool exchange(struct client *client)
{
    client->messages++;
    return oc_client_post(client->fd, PATH, oc_buf_span(&client->visit.request)) &&
           oc_client_hear(client->fd, &client->answer, PATIENCE_MS) == 200;
}

static bool sign_in(struct client *client)
{
    return oc_is_ok(oc_visit_sign_in(&client->visit)) && exchange(client) &&
           oc_visit_read(&client->visit, "9001", oc_buf_span(&client->answer));
}

static bool settle(struct client *client)
{
    for (oc_visit_next(&client->visit); client->visit.step < OC_VISIT_STEPS;) {
        if (!oc_is_ok(oc_visit_make(&client->visit)) || !exchange(client) ||
            !oc_visit_take(&client->visit, oc_buf_span(&client->answer))) {
            return false;
        }
    }
    client->visits++;
    return true;
}

/* The next intended start; false when the time is over. */
static bool next_start(struct crowd *crowd, uint64_t *intended)
{
    *intended = oc_clock_now_ns();
    if (crowd->load->rate > 0) {
        size_t at = __atomic_fetch_add(&crowd->arrivals, 1, __ATOMIC_RELAXED);
        *intended = crowd->begin + (uint64_t)((double)at * NS_A_S / crowd->load->rate);
        if (*intended < crowd->end) {
            wait_until(*intended);
        }
    }
    return *intended < crowd->end;
}

static void *work(void *context)
{
    struct client *client = context;
    uint64_t intended;
    while (client->failures == 0 && next_start(client->crowd, &intended)) {
        uint64_t begun = oc_clock_now_ns();
        client->failures += !(client->crowd->load->visits ? settle(client) : exchange(client));
        note(client->crowd, intended, begun, oc_clock_now_ns());
    }
    return NULL;
}

static void prepare(struct client *client, struct crowd *crowd, size_t at)
{
    *client = (struct client){.crowd = crowd, .fd = oc_client_dial(crowd->load->address)};
    bench_require(client->fd >= 0, "nobody serves there");
    bench_require(oc_is_ok(oc_visit_open(&client->visit, crowd->load->region, NULL, at, crowd->load->clients, NULL)),
                  "no hospital");
    /* Persons that no load before has met: what they have behind them in the year decides what is computed. */
    client->visit.number += (uint64_t)(oc_clock_now_ns() / NS_A_S % 29) * 1000000;
    if (crowd->load->visits) {
        bench_require(sign_in(client), "nobody can sign in");
    } else {
        oc_visit_next(&client->visit);
        client->visit.step = OC_VISIT_STEPS - 1;
        bench_require(oc_is_ok(oc_visit_make(&client->visit)), "no message");
    }
    client->messages = 0;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

static void gather(struct crowd *crowd, struct client *clients)
{
    struct host_load_result *result = crowd->result;
    for (size_t i = 0; i < crowd->load->clients; i++) {
        pthread_join(clients[i].thread, NULL);
    }
    result->seconds = (double)(oc_clock_now_ns() - crowd->begin) / NS_A_S;
    for (size_t i = 0; i < crowd->load->clients; i++) {
        result->messages += clients[i].messages;
        result->visits += clients[i].visits;
        result->failures += clients[i].failures;
        close(clients[i].fd);
        oc_visit_close(&clients[i].visit);
        oc_buf_free(&clients[i].answer);
    }
    result->count = crowd->count < SAMPLES_MAX ? crowd->count : SAMPLES_MAX;
    qsort(result->latency, result->count, sizeof *result->latency, by_value);
    qsort(result->service, result->count, sizeof *result->service, by_value);
}

void host_load_run(const struct host_load *load, struct host_load_result *result)
{
    struct crowd crowd = {.load = load, .result = result};
    struct client *clients = calloc(load->clients, sizeof *clients);
    *result = (struct host_load_result){.latency = malloc(SAMPLES_MAX * sizeof *result->latency),
                                        .service = malloc(SAMPLES_MAX * sizeof *result->service)};
    sleep(2); /* the load before used message numbers of its last second */
    bench_require(clients != NULL && result->latency != NULL && result->service != NULL, "no memory");
    for (size_t i = 0; i < load->clients; i++) {
        prepare(&clients[i], &crowd, i);
    }
    crowd.begin = oc_clock_now_ns();
    crowd.end = crowd.begin + (uint64_t)(load->seconds * NS_A_S);
    for (size_t i = 0; i < load->clients; i++) {
        bench_require(pthread_create(&clients[i].thread, NULL, work, &clients[i]) == 0, "no thread");
    }
    gather(&crowd, clients);
    free(clients);
}

void host_load_free(struct host_load_result *result)
{
    free(result->latency);
    free(result->service);
}
