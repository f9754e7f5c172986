/* SPDX-License-Identifier: Apache-2.0 */
/* The back-end over HTTP, with clients that keep their connections, on this machine with its clients: outpatient visits of
 * six messages against a libmicrohttpd that takes a message and answers "{}". Then visits at intended times, at the
 * nation's mean and at parts of what was carried: a visit that begins late because others took long counts from when it
 * should have begun. */
#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/host/medical_http.h"
#include "tests/bench/bench.h"
#include "tests/bench/host_load.h"

/* Services of all kinds in a year, 15.1 thousand million, as a mean a second. */
#define NATION 479.0
#define FEW 32
#define MANY 256
#define SECONDS 3.0
#define OPEN_SECONDS 6.0

struct back_end {
    oc_medical *medical;
    oc_medical_http *http;
    oc_http_route routes[OC_MEDICAL_HTTP_ROUTES];
    oc_http_server *server;
};

static void open_back_end(struct back_end *end, const oc_region *region, const char *store)
{
    oc_diag diag = {0};
    const oc_medical_parts parts = {.region = region, .store = store};
    oc_result r = oc_medical_open(&end->medical, &parts, &diag);
    r = oc_is_ok(r) ? oc_medical_http_new(&end->http, end->medical, region, NULL, NULL) : r;
    bench_require(oc_is_ok(r), diag.reason);
    oc_medical_http_routes(end->routes, end->http);
    oc_http_options options = oc_http_defaults();
    options.routes = end->routes;
    options.route_count = OC_MEDICAL_HTTP_ROUTES;
    options.batch = oc_medical_http_batch(end->http);
    options.error = oc_medical_http_error;
    options.error_context = end->http;
    bench_require(oc_is_ok(oc_http_server_start(&end->server, &options, &diag)), diag.reason);
}

static void close_back_end(struct back_end *end)
{
    oc_http_server_stop(&end->server);
    oc_medical_http_free(&end->http);
    oc_medical_close(&end->medical);
}

static enum MHD_Result answer_empty(void *context, struct MHD_Connection *connection, const char *url,
                                    const char *method, const char *version, const char *upload, size_t *upload_size,
                                    void **state)
{
    (void)context, (void)url, (void)method, (void)version, (void)upload;
    static char body[] = "{}";
    static int begun;
    if (*state == NULL || *upload_size > 0) {
        *state = &begun;
        *upload_size = 0;
        return MHD_YES;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(2, body, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result r = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return r;
}

/* Messages a second of the service that does nothing. */
static double measure_empty(const oc_region *region)
{
    char address[32];
    struct host_load_result result;
    struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer_empty, NULL,
                                                 MHD_OPTION_END);
    bench_require(daemon != NULL, "no empty service");
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    snprintf(address, sizeof address, "127.0.0.1:%u", (unsigned)info->port);
    const struct host_load load = {.address = address, .region = region, .clients = FEW, .seconds = SECONDS};
    host_load_run(&load, &result);
    double rate = (double)result.messages / result.seconds;
    printf("  %-35s %4u conn. %9.0f messages/s\n", "empty libmicrohttpd handler", (unsigned)FEW, rate);
    host_load_free(&result);
    MHD_stop_daemon(daemon);
    return rate;
}

/* Visits a second, each client as fast as it is answered. */
static double measure_closed(const oc_region *region, const struct back_end *end, const char *name, unsigned clients,
                             double empty)
{
    struct host_load_result result;
    const struct host_load load = {.address = oc_http_server_address(end->server),
                                   .region = region,
                                   .clients = clients,
                                   .seconds = SECONDS,
                                   .visits = true};
    host_load_run(&load, &result);
    double messages = (double)result.messages / result.seconds;
    double visits = (double)result.visits / result.seconds;
    bench_require(result.failures == 0, "a visit failed");
    printf("  %-35s %4u conn. %9.0f messages/s, 1/%.1f of empty; %6.0f visits/s, %.1f times the nation's mean\n", name,
           clients, messages, empty / messages, visits, visits / NATION);
    host_load_free(&result);
    return visits;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

static double ms(const uint64_t *sorted, size_t count, unsigned per_thousand)
{
    size_t at = (count * per_thousand + 999) / 1000;
    return (double)sorted[at > 0 ? at - 1 : 0] / 1e6;
}

static void measure_open(const oc_region *region, const struct back_end *end, const char *name, unsigned clients,
                         double rate)
{
    struct host_load_result result;
    const struct host_load load = {.address = oc_http_server_address(end->server),
                                   .region = region,
                                   .clients = clients,
                                   .seconds = OPEN_SECONDS,
                                   .rate = rate,
                                   .visits = true};
    host_load_run(&load, &result);
    bench_require(result.failures == 0 && result.count > 0, "a visit failed");
    printf("  %-24s %7.0f/s %7zu  intended start %8.2f %8.2f %8.2f   service %8.2f %8.2f %8.2f\n", name, rate,
           result.count, ms(result.latency, result.count, 500), ms(result.latency, result.count, 990),
           ms(result.latency, result.count, 999), ms(result.service, result.count, 500),
           ms(result.service, result.count, 990), ms(result.service, result.count, 999));
    host_load_free(&result);
}

static void measure_store(const oc_region *region, const char *store, const char *name, unsigned clients, double empty)
{
    struct back_end end = {0};
    open_back_end(&end, region, store);
    if (clients != FEW) {
        (void)measure_closed(region, &end, name, FEW, empty);
    }
    double most = measure_closed(region, &end, name, clients, empty);
    printf("  %-24s %9s %7s  %38s   %34s\n", "visits at intended times", "rate", "visits", "ms: p50      p99    p99.9",
           "p50      p99    p99.9");
    if (most > NATION) {
        measure_open(region, &end, "the nation's mean", clients, NATION);
    }
    measure_open(region, &end, "half of the most", clients, most * 0.5);
    measure_open(region, &end, "three quarters", clients, most * 0.75);
    close_back_end(&end);
}

/* What the disk takes to sync one page: nothing that is synced message by message can be quicker. */
static void measure_sync(const char *path)
{
    enum { TIMES = 50 };
    static uint64_t took[TIMES];
    static const char page[4096];
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    for (size_t i = 0; i < TIMES; i++) {
        uint64_t begin = oc_clock_now_ns();
        bench_require(fd >= 0 && write(fd, page, sizeof page) == (ssize_t)sizeof page && fdatasync(fd) == 0,
                      "the disk cannot be written");
        took[i] = oc_clock_now_ns() - begin;
    }
    close(fd);
    unlink(path);
    qsort(took, TIMES, sizeof *took, by_value);
    printf("  one sync of the disk: p50 %.2f ms, p99 %.2f ms\n", ms(took, TIMES, 500), ms(took, TIMES, 990));
}

int main(void)
{
    oc_region *region = NULL;
    oc_diag diag = {0};
    char folder[] = "/tmp/onecard-bench-XXXXXX";
    char store[64];
    bench_require(mkdtemp(folder) != NULL, "no temporary folder");
    snprintf(store, sizeof store, "%s/store", folder);
    bench_require(oc_is_ok(oc_region_load(&region, "vectors/regions/national.xml", "vectors/schema", &diag)),
                  diag.reason);
    printf("\nOutpatient visits of six messages over HTTP, kept connections, with their clients on %ld processors\n",
           sysconf(_SC_NPROCESSORS_ONLN));
    double empty = measure_empty(region);
    measure_store(region, ":memory:", "settled, store in memory", FEW, empty);
    measure_sync(store);
    measure_store(region, store, "settled, store in a file, synced", MANY, empty);
    oc_region_free(&region);
    static const char *const rests[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", store, rests[i]);
        unlink(path);
    }
    rmdir(folder);
    return 0;
}
