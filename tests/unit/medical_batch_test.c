/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sim/host/medical/medical.h"
#include "tests/support/oc_test.h"
#include "tests/support/oc_visit.h"

#define VISITS 8

struct world {
    oc_region *region;
    oc_medical *medical;
    oc_clock clock;
    oc_visit visits[VISITS];
    oc_buf answer;
    oc_med_judgement judgement;
    char folder[32];
    char store[48];
};

static void open_store(struct world *world)
{
    const oc_medical_parts parts = {.region = world->region, .store = world->store, .clock = &world->clock};
    OC_ASSERT_OK(oc_medical_open(&world->medical, &parts, NULL));
}

static bool send(struct world *world, oc_visit *visit)
{
    OC_ASSERT_OK(oc_medical_message(world->medical, oc_buf_span(&visit->request), &visit->headers, &world->answer,
                                    &world->judgement, NULL));
    static const char success[] = "\"infcode\":\"0\"";
    return memmem(world->answer.at, world->answer.len, success, sizeof success - 1) != NULL;
}

static void open_world(struct world *world)
{
    *world = (struct world){.clock = oc_clock_default(), .folder = "/tmp/onecard-batch-XXXXXX"};
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(world->folder));
    snprintf(world->store, sizeof world->store, "%s/store", world->folder);
    OC_ASSERT_OK(oc_region_load(&world->region, "vectors/regions/national.xml", "vectors/schema", NULL));
    open_store(world);
    for (size_t i = 0; i < VISITS; i++) {
        oc_visit *visit = &world->visits[i];
        OC_ASSERT_OK(oc_visit_open(visit, world->region, &world->clock, i, VISITS, NULL));
        OC_ASSERT_OK(oc_visit_sign_in(visit));
        CU_ASSERT_TRUE_FATAL(send(world, visit) && oc_visit_read(visit, "9001", oc_buf_span(&world->answer)));
        oc_visit_next(visit);
    }
}

static void close_world(struct world *world)
{
    static const char *const rests[] = {"", "-wal", "-shm"};
    oc_medical_close(&world->medical);
    for (size_t i = 0; i < VISITS; i++) {
        oc_visit_close(&world->visits[i]);
    }
    oc_buf_free(&world->answer);
    oc_region_free(&world->region);
    for (size_t i = 0; i < 3; i++) {
        char path[64];
        snprintf(path, sizeof path, "%s%s", world->store, rests[i]);
        unlink(path);
    }
    CU_ASSERT_EQUAL(rmdir(world->folder), 0);
}

static void step(struct world *world, oc_visit *visit)
{
    OC_ASSERT_OK(oc_visit_make(visit));
    CU_ASSERT_TRUE(send(world, visit));
    CU_ASSERT_TRUE(oc_visit_take(visit, oc_buf_span(&world->answer)));
}

/* All visits, message by message, each round in one commit; a refused message amid them takes only itself back. */
static void walk(struct world *world, unsigned steps)
{
    for (unsigned i = 0; i < steps; i++) {
        OC_ASSERT_OK(oc_medical_begin(world->medical, NULL));
        for (size_t k = 0; k < VISITS; k++) {
            step(world, &world->visits[k]);
            static const char *const nobody[] = {"data.psn_no", "0", "data.mdtrt_id", "M00000000000000", NULL};
            OC_ASSERT_OK(oc_visit_message(&world->visits[k], "2202", nobody));
            CU_ASSERT_FALSE(send(world, &world->visits[k]));
        }
        OC_ASSERT_OK(oc_medical_end(world->medical, NULL));
    }
}

static void expect_totals(struct world *world, int64_t settlements)
{
    oc_med_totals totals;
    OC_ASSERT_OK(oc_medical_totals(world->medical, &totals, NULL));
    CU_ASSERT_EQUAL(totals.settlements, settlements);
    CU_ASSERT_EQUAL(totals.medfee, settlements * OC_VISIT_TOTAL_FEN);
    CU_ASSERT_EQUAL(totals.account, totals.accounts_paid);
}

static void test_together(void)
{
    struct world world;
    open_world(&world);
    walk(&world, OC_VISIT_STEPS);
    expect_totals(&world, VISITS);
    oc_medical_close(&world.medical);
    open_store(&world);
    expect_totals(&world, VISITS);
    close_world(&world);
}

/* The same message twice in one batch is booked once and answered alike. */
static void test_again(void)
{
    struct world world;
    oc_visit *visit = &world.visits[0];
    oc_buf first = {0};
    open_world(&world);
    walk(&world, OC_VISIT_STEPS - 1);
    OC_ASSERT_OK(oc_medical_begin(world.medical, NULL));
    OC_ASSERT_OK(oc_visit_make(visit));
    CU_ASSERT_TRUE(send(&world, visit));
    CU_ASSERT_TRUE(world.judgement.booked);
    OC_ASSERT_OK(oc_buf_set(&first, oc_buf_span(&world.answer)));
    CU_ASSERT_TRUE(send(&world, visit));
    CU_ASSERT_TRUE(world.judgement.repeated && !world.judgement.booked);
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&first), oc_buf_span(&world.answer)));
    OC_ASSERT_OK(oc_visit_make(visit)); /* with a number of its own: nothing is left to settle */
    CU_ASSERT_FALSE(send(&world, visit));
    OC_ASSERT_OK(oc_medical_end(world.medical, NULL));
    expect_totals(&world, 1);
    oc_buf_free(&first);
    close_world(&world);
}

static int64_t settlements_in_file(const struct world *world)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    CU_ASSERT_EQUAL_FATAL(sqlite3_open_v2(world->store, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_prepare_v2(db, "SELECT count(*) FROM settlement", -1, &statement, NULL);
    CU_ASSERT_EQUAL(sqlite3_step(statement), SQLITE_ROW);
    int64_t count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return count;
}

static void test_uncommitted(void)
{
    struct world world;
    open_world(&world);
    walk(&world, OC_VISIT_STEPS - 1);
    OC_ASSERT_OK(oc_medical_begin(world.medical, NULL));
    step(&world, &world.visits[0]);
    expect_totals(&world, 1);
    CU_ASSERT_EQUAL(settlements_in_file(&world), 0);
    OC_ASSERT_OK(oc_medical_end(world.medical, NULL));
    CU_ASSERT_EQUAL(settlements_in_file(&world), 1);
    close_world(&world);
}

/* A disk without room: the whole batch is taken back, and the next one is taken. */
static void test_no_room(void)
{
    struct world world;
    struct rlimit before;
    struct rlimit none;
    signal(SIGXFSZ, SIG_IGN);
    open_world(&world);
    walk(&world, OC_VISIT_STEPS - 1);
    CU_ASSERT_EQUAL(getrlimit(RLIMIT_FSIZE, &before), 0);
    none = before;
    none.rlim_cur = 4096;
    OC_ASSERT_OK(oc_medical_begin(world.medical, NULL));
    OC_ASSERT_OK(oc_visit_make(&world.visits[0]));
    CU_ASSERT_TRUE(send(&world, &world.visits[0]));
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &none), 0);
    oc_result r = oc_medical_end(world.medical, NULL);
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &before), 0);
    CU_ASSERT_FALSE(oc_is_ok(r));
    expect_totals(&world, 0);
    OC_ASSERT_OK(oc_medical_begin(world.medical, NULL));
    CU_ASSERT_TRUE(send(&world, &world.visits[0])); /* the same message: nothing of it was booked */
    CU_ASSERT_TRUE(world.judgement.booked);
    OC_ASSERT_OK(oc_medical_end(world.medical, NULL));
    expect_totals(&world, 1);
    close_world(&world);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"messages share a commit", test_together},
        {"a message that comes twice in a batch is booked once", test_again},
        {"a batch counts when it has ended", test_uncommitted},
        {"a batch that cannot be written is taken back", test_no_room},
        {NULL, NULL},
    };
    return oc_test_main("messages that share a commit", rows);
}
