/* SPDX-License-Identifier: Apache-2.0 */
/* A plan that is run in parts and put together again comes to what one run comes to, and a part that is missing, there
 * twice or of another run is noticed. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/integration/cli_kit.h"

#define SELECTED                                                                                                      \
    "--profile", OC_CARD_2, "--profile", OC_CARD_3, "vectors/card/pin.xml", "vectors/card/selection.xml",             \
        "vectors/card/pki-sign.xml"
#define ONE_CASE "--profile", OC_CARD_3, "-k", "^CARD.SELECT.FCI$", "vectors/card/selection.xml"
#define PARTS 3

static oc_cli_kit whole;
static oc_cli_kit parts; /* its folder holds all part-I-of-N.xml, as every part writes to the same output */

static void part_path(char out[PATH_MAX], unsigned part, unsigned count)
{
    char name[40];
    snprintf(name, sizeof name, "part-%u-of-%u.xml", part, count);
    oc_temp_path(out, parts.out, name);
}

static void run_part(unsigned part, unsigned count)
{
    char shard[16];
    snprintf(shard, sizeof shard, "%u/%u", part, count);
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "run", OC_ARGS("--strict", "--shard", shard, SELECTED), NULL), 0);
}

static void run_all(void)
{
    CU_ASSERT_EQUAL(oc_kit_said(&whole, "run", OC_ARGS("--strict", SELECTED), NULL), 0);
    for (unsigned part = 1; part <= PARTS; part++) {
        run_part(part, PARTS);
    }
}

static bool same_case(const oc_result_case *a, const oc_result_case *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->pass, b->pass) == 0 && strcmp(a->verdict, b->verdict) == 0 &&
           strcmp(a->reason, b->reason) == 0 && strcmp(a->exchanges, b->exchanges) == 0;
}

static void together_they_are_the_whole(void)
{
    char paths[PARTS][PATH_MAX];
    char merged[PATH_MAX];
    oc_temp_path(merged, parts.folder, "merged");
    for (unsigned i = 0; i < PARTS; i++) {
        part_path(paths[i], PARTS - i, PARTS); /* in whatever order */
    }
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "merge", OC_ARGS("-o", merged, paths[0], paths[1], paths[2]), NULL), 0);
    oc_results wanted = {0};
    oc_results had = {0};
    oc_results_load(&wanted, whole.out);
    oc_results_load(&had, merged);
    CU_ASSERT(wanted.count > 200);
    CU_ASSERT_EQUAL(had.count, wanted.count);
    CU_ASSERT_EQUAL(had.exit_code, 0);
    for (size_t i = 0; i < wanted.count && i < had.count; i++) {
        if (!same_case(&wanted.at[i], &had.at[i])) {
            printf("\n    %s %s, in one run %s %s", had.at[i].pass, had.at[i].id, wanted.at[i].pass, wanted.at[i].id);
            CU_FAIL("a case is not what it was in one run");
        }
    }
    oc_results_free(&wanted);
    oc_results_free(&had);
}

static void what_is_not_the_whole_is_refused(void)
{
    char one[PATH_MAX];
    char two[PATH_MAX];
    char three[PATH_MAX];
    char other[PATH_MAX];
    char merged[PATH_MAX];
    char record[PATH_MAX];
    part_path(one, 1, PARTS);
    part_path(two, 2, PARTS);
    part_path(three, 3, PARTS);
    oc_temp_path(merged, parts.folder, "refused");
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "merge", OC_ARGS("-o", merged, one, two), "part 3 of 3 is missing"), 3);
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "merge", OC_ARGS("-o", merged, one, two, three, two), "is there already"), 3);
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "run", OC_ARGS("--strict", "--shard", "1/2", SELECTED), NULL), 0);
    part_path(other, 1, 2);
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "merge", OC_ARGS("-o", merged, one, other), "another number of parts"), 3);
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "run", OC_ARGS("--strict", "--seed", "2", "--shard", "2/2", SELECTED), NULL),
                    0);
    part_path(two, 2, 2);
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "merge", OC_ARGS("-o", merged, other, two), "another seed"), 3);
    oc_temp_path(record, whole.out, "result.xml");
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "merge", OC_ARGS("-o", merged, record), "no part of a divided plan"), 3);
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "merge", OC_ARGS("-o", merged, OC_CARD_3), "ssc-3.0.xml"), 2);
    CU_ASSERT_EQUAL(access(merged, F_OK), -1); /* nothing was written */
}

/* More parts than cases: the last ones open and close their passes, and that is all. */
static void a_part_may_be_empty(void)
{
    char paths[4][PATH_MAX];
    char merged[PATH_MAX];
    oc_temp_path(merged, parts.folder, "few");
    for (unsigned part = 1; part <= 4; part++) {
        char shard[16];
        snprintf(shard, sizeof shard, "%u/4", part);
        CU_ASSERT_EQUAL(oc_kit_said(&parts, "run", OC_ARGS("--shard", shard, ONE_CASE), NULL), 0);
        part_path(paths[part - 1], part, 4);
    }
    CU_ASSERT_EQUAL(oc_kit_said(&parts, "merge", OC_ARGS("-o", merged, paths[0], paths[1], paths[2], paths[3]), NULL),
                    0);
    oc_results had = {0};
    oc_results_load(&had, merged);
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&had, NULL, "CARD.SELECT.FCI"), "PASS"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&had, NULL, "CARD.SANITY.END"), "PASS"));
    oc_results_free(&had);
}

static const char *const engines[] = {"TEST_SHARD_INDEX",     "TEST_TOTAL_SHARDS",      "TEST_SHARD_STATUS_FILE",
                                      "GTEST_SHARD_INDEX",    "GTEST_TOTAL_SHARDS",     "SLURM_ARRAY_TASK_ID",
                                      "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_STEP",
                                      "CI_NODE_INDEX",        "CI_NODE_TOTAL",          "JOB_COMPLETION_INDEX",
                                      "JOB_COMPLETIONS"};

static void forget_engines(void)
{
    for (size_t i = 0; i < sizeof engines / sizeof engines[0]; i++) {
        unsetenv(engines[i]);
    }
}

static void an_engine_says_which_part(void)
{
    static const struct {
        const char *set[8];
        const char *part; /* that is written, or what is said */
        int code;
    } rows[] = {
        {{"TEST_SHARD_INDEX", "0", "TEST_TOTAL_SHARDS", "4"}, "part-1-of-4.xml", 0},
        {{"GTEST_SHARD_INDEX", "3", "GTEST_TOTAL_SHARDS", "4"}, "part-4-of-4.xml", 0},
        {{"SLURM_ARRAY_TASK_ID", "14", "SLURM_ARRAY_TASK_MIN", "10", "SLURM_ARRAY_TASK_STEP", "2",
          "SLURM_ARRAY_TASK_COUNT", "7"},
         "part-3-of-7.xml",
         0},
        {{"CI_NODE_INDEX", "2", "CI_NODE_TOTAL", "3"}, "part-2-of-3.xml", 0},
        {{"JOB_COMPLETION_INDEX", "1", "JOB_COMPLETIONS", "2"}, "part-2-of-2.xml", 0},
        {{"CI_NODE_TOTAL", "3"}, "CI_NODE_INDEX is not", 2},
        {{"CI_NODE_INDEX", "4", "CI_NODE_TOTAL", "3"}, "is no part of", 2},
        {{"CI_NODE_INDEX", "x", "CI_NODE_TOTAL", "3"}, "is no number", 2},
        {{"CI_NODE_INDEX", "1", "CI_NODE_TOTAL", "3", "TEST_SHARD_INDEX", "1", "TEST_TOTAL_SHARDS", "3"},
         "say --shard I/N",
         2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[PATH_MAX];
        forget_engines();
        for (size_t k = 0; k < 8 && rows[i].set[k] != NULL; k += 2) {
            setenv(rows[i].set[k], rows[i].set[k + 1], 1);
        }
        const char *const *arguments = OC_ARGS(ONE_CASE);
        CU_ASSERT_EQUAL(oc_kit_said(&parts, "run", arguments, rows[i].code == 0 ? NULL : rows[i].part), rows[i].code);
        oc_temp_path(path, parts.out, rows[i].part);
        CU_ASSERT_EQUAL(access(path, F_OK), rows[i].code == 0 ? 0 : -1);
    }
    forget_engines();
}

int main(void)
{
    const oc_test_row rows[] = {
        {"the whole and its parts are run", run_all},
        {"together they are the whole", together_they_are_the_whole},
        {"what is not the whole is refused", what_is_not_the_whole_is_refused},
        {"a part may be empty", a_part_may_be_empty},
        {"an engine says which part", an_engine_says_which_part},
        {NULL, NULL},
    };
    forget_engines();
    oc_kit_open(&whole);
    oc_kit_open(&parts);
    int code = oc_test_main("merge", rows);
    oc_kit_close(&parts);
    oc_kit_close(&whole);
    return code;
}
