/* SPDX-License-Identifier: Apache-2.0 */
/* An outpatient visit of six messages (1101 2201 2203 2204 2206 2207), each time another person: the JSON alone, the
 * back-end with its store in memory, in a file that is on no disk, and in one that is synced at each booking. What of it is
 * SQLite's is shown apart. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/host/json.h"
#include "sim/host/medical/medical.h"
#include "tests/bench/bench.h"
#include "tests/support/oc_visit.h"

/* Services of all kinds in a year, 15.1 thousand million, as a mean a second. */
#define NATION 479.0
#define CALLS 100
#define ROUNDS 10
#define VISITS_MAX (CALLS * (ROUNDS + 1)) /* one round warms up */

struct world {
    oc_region *region;
    oc_medical *medical;
    oc_clock clock;
    oc_visit visit;
    oc_buf answer;
    bool json_only;              /* nobody answers: what is sent is parsed and printed */
    uint64_t sqlite[VISITS_MAX]; /* ns that steps and resets of statements took, by visit */
    size_t visits;
};

/* The linker puts these before SQLite's own (--wrap). */
static uint64_t in_sqlite;
int __real_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement);
int __real_sqlite3_reset(sqlite3_stmt *statement);
int __wrap_sqlite3_reset(sqlite3_stmt *statement);

int __wrap_sqlite3_step(sqlite3_stmt *statement)
{
    uint64_t begin = oc_clock_now_ns();
    int code = __real_sqlite3_step(statement);
    in_sqlite += oc_clock_now_ns() - begin;
    return code;
}

int __wrap_sqlite3_reset(sqlite3_stmt *statement)
{
    uint64_t begin = oc_clock_now_ns();
    int code = __real_sqlite3_reset(statement);
    in_sqlite += oc_clock_now_ns() - begin;
    return code;
}

static bool send(struct world *w)
{
    if (w->json_only) {
        json_t *json = NULL;
        oc_buf_clear(&w->answer);
        bool sent = oc_is_ok(oc_json_parse(&json, oc_buf_span(&w->visit.request), NULL)) &&
                    oc_is_ok(oc_json_print(&w->answer, json));
        json_decref(json);
        return sent;
    }
    return oc_is_ok(
        oc_medical_message(w->medical, oc_buf_span(&w->visit.request), &w->visit.headers, &w->answer, NULL, NULL));
}

static bool settle(void *context)
{
    struct world *w = context;
    uint64_t before = in_sqlite;
    bool done = true;
    for (oc_visit_next(&w->visit); w->visit.step < OC_VISIT_STEPS && done;) {
        done = oc_is_ok(oc_visit_make(&w->visit)) && send(w);
        if (w->json_only) {
            w->visit.step++;
        } else {
            done = done && oc_visit_take(&w->visit, oc_buf_span(&w->answer));
        }
    }
    w->clock.seconds++; /* 10,000 serial numbers a second are enough for nobody's hospital */
    w->sqlite[w->visits++] = in_sqlite - before;
    return done;
}

static void open_world(struct world *w, const char *store)
{
    oc_diag diag = {0};
    *w = (struct world){.clock = oc_clock_default()};
    oc_result r = oc_region_load(&w->region, "vectors/regions/national.xml", "vectors/schema", &diag);
    const oc_medical_parts parts = {.region = w->region, .store = store, .clock = &w->clock};
    r = oc_is_ok(r) ? oc_medical_open(&w->medical, &parts, &diag) : r;
    r = oc_is_ok(r) ? oc_visit_open(&w->visit, w->region, &w->clock, 0, 1, &diag) : r;
    r = oc_is_ok(r) ? oc_visit_sign_in(&w->visit) : r;
    bench_require(oc_is_ok(r), diag.reason);
    bench_require(send(w) && oc_visit_read(&w->visit, "9001", oc_buf_span(&w->answer)), "nobody can sign in");
}

static void close_world(struct world *w)
{
    oc_buf_free(&w->answer);
    oc_visit_close(&w->visit);
    oc_medical_close(&w->medical);
    oc_region_free(&w->region);
}

/* A store in a folder of its own. */
static void place(char *folder, char store[64])
{
    bench_require(mkdtemp(folder) != NULL, "no temporary folder");
    snprintf(store, 64, "%s/store", folder);
}

static void remove_place(const char *folder, const char *store)
{
    static const char *const rests[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", store, rests[i]);
        unlink(path);
    }
    rmdir(folder);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

static double median_us(uint64_t *samples, size_t count)
{
    qsort(samples, count, sizeof *samples, by_value);
    return (double)samples[count / 2] / 1000;
}

int main(void)
{
    static struct world worlds[4];
    char shared[] = "/dev/shm/onecard-bench-XXXXXX";
    char disk[] = "/tmp/onecard-bench-XXXXXX";
    char stores[2][64];
    place(shared, stores[0]);
    place(disk, stores[1]);
    open_world(&worlds[0], ":memory:");
    worlds[0].json_only = true;
    open_world(&worlds[1], ":memory:");
    open_world(&worlds[2], stores[0]);
    open_world(&worlds[3], stores[1]);
    bench_contender contenders[] = {
        {.name = "making, parsing and printing the messages", .run = settle, .context = &worlds[0], .calls = CALLS},
        {.name = "settled, store in memory", .run = settle, .context = &worlds[1], .calls = CALLS},
        {.name = "settled, store in a file on no disk", .run = settle, .context = &worlds[2], .calls = CALLS},
        {.name = "settled, store in a file, synced", .run = settle, .context = &worlds[3], .calls = CALLS},
    };
    bench_measure(contenders, 4, ROUNDS);
    bench_print("Outpatient visit of six messages, in this process, one after the other", contenders, 4, 0);
    for (size_t i = 1; i < 4; i++) {
        double second = 1e9 / contenders[i].p50;
        printf("%-38s %6.0f visits a second, %4.1f times the nation's mean of %.0f services; SQLite %.0f us a visit\n",
               contenders[i].name, second, second / NATION, NATION, median_us(worlds[i].sqlite, worlds[i].visits));
    }
    bench_free(contenders, 4);
    for (size_t i = 0; i < 4; i++) {
        close_world(&worlds[i]);
    }
    remove_place(shared, stores[0]);
    remove_place(disk, stores[1]);
    return 0;
}
