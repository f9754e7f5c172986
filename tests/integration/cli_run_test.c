/* SPDX-License-Identifier: Apache-2.0 */
/* The same again, in parallel, interrupted, killed and resumed: a run's verdicts depend on its card and seed alone. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sim/base/xml.h"
#include "tests/integration/cli_kit.h"

#define SELECTED "-k", "^CARD\\.(PIN|SELECT|CHALLENGE|PURCHASE|EXTAUTH)|^FLOW\\.MED"

static oc_cli_kit kit;
static oc_results whole; /* of a run from beginning to end */

static void run_in(const char *folder, oc_results *results, const char *const *arguments, int code)
{
    oc_cli_kit other = kit;
    oc_program program;
    oc_temp_path(other.out, kit.folder, folder);
    oc_kit_command(&program, &other, "run", arguments);
    if (program.code != code) {
        printf("\n    exit code %d: %s", program.code, oc_program_err(&program));
    }
    CU_ASSERT_EQUAL(program.code, code);
    CU_ASSERT_EQUAL(program.err.len, 0);
    oc_results_load(results, other.out);
    CU_ASSERT_EQUAL(results->exit_code, code);
    oc_program_free(&program);
}

static void expect_same(const oc_results *a, const oc_results *b, bool exchanges)
{
    CU_ASSERT_EQUAL_FATAL(a->count, b->count);
    CU_ASSERT(a->count > 100);
    for (size_t i = 0; i < a->count; i++) {
        const oc_result_case *other = oc_results_find(b, a->at[i].pass, a->at[i].id);
        CU_ASSERT_PTR_NOT_NULL_FATAL(other);
        CU_ASSERT_STRING_EQUAL(a->at[i].verdict, other->verdict);
        CU_ASSERT(!exchanges || strcmp(a->at[i].exchanges, other->exchanges) == 0);
    }
}

static void first_run(void)
{
    run_in("whole", &whole, OC_ARGS("--profile", OC_CARD_3, SELECTED), 0);
    CU_ASSERT(oc_results_count(&whole, "PASS") > 100);
    CU_ASSERT_EQUAL(oc_results_count(&whole, "FAIL") + oc_results_count(&whole, "ERROR"), 0);
    for (size_t i = 0; i < whole.count; i++) {
        CU_ASSERT_PTR_EQUAL(oc_results_find(&whole, whole.at[i].pass, whole.at[i].id), &whole.at[i]);
    }
}

static void same_seed_gives_the_same_exchanges(void)
{
    oc_results again;
    oc_results other;
    run_in("again", &again, OC_ARGS("--profile", OC_CARD_3, SELECTED), 0);
    expect_same(&whole, &again, true);
    run_in("other", &other, OC_ARGS("--profile", OC_CARD_3, "--seed", "2", SELECTED), 0);
    expect_same(&whole, &other, false);
    const char *random = "CARD.CHALLENGE.LATEST";
    CU_ASSERT_STRING_NOT_EQUAL(oc_results_find(&whole, NULL, random)->exchanges,
                               oc_results_find(&other, NULL, random)->exchanges);
    oc_results_free(&again);
    oc_results_free(&other);
}

/* An order or a choice of cases changes nothing for each. */
static void workers_and_shards_change_nothing(void)
{
    oc_results two;
    run_in("two", &two, OC_ARGS("--profile", OC_CARD_3, "-j", "2", SELECTED), 0);
    expect_same(&whole, &two, true);
    oc_results_free(&two);
    size_t cases = 0;
    for (unsigned shard = 1; shard <= 3; shard++) {
        char part[16];
        snprintf(part, sizeof part, "%u/3", shard);
        run_in("shard", &two, OC_ARGS("--profile", OC_CARD_3, "--shard", part, SELECTED), 0);
        for (size_t i = 0; i < two.count; i++) {
            const oc_result_case *other = oc_results_find(&whole, two.at[i].pass, two.at[i].id);
            CU_ASSERT_PTR_NOT_NULL_FATAL(other);
            CU_ASSERT_STRING_EQUAL(two.at[i].verdict, other->verdict);
            CU_ASSERT_STRING_EQUAL(two.at[i].exchanges, other->exchanges);
        }
        cases += two.count - 2; /* each has its opening and closing case */
        oc_results_free(&two);
    }
    CU_ASSERT_EQUAL(cases, whole.count - 2);
}

static void start_verbose(oc_program *program, const oc_cli_kit *where, bool resume)
{
    const char *const fresh[] = {"-v", "--profile", OC_CARD_3, SELECTED, NULL};
    const char *const again[] = {"-v", "--profile", OC_CARD_3, SELECTED, "--resume", NULL};
    oc_kit_start(program, where, "run", resume ? again : fresh);
}

/* Killed at several moments, of which the next begins where the last ended. What is read at once and what waits in the pipe
 * are two times 4 KiB, at most 140 lines by which a run may be ahead. */
static void resumed_after_kill(void)
{
    oc_cli_kit killed = kit;
    oc_program program;
    oc_results results;
    oc_temp_path(killed.out, kit.folder, "killed");
    unsigned kills = 0;
    for (size_t at = 7; at < whole.count; at += 150) {
        start_verbose(&program, &killed, kills > 0);
        if (oc_program_await(&program, whole.at[at].id)) {
            kill(program.pid, SIGKILL);
        }
        oc_program_finish(&program);
        CU_ASSERT(program.code == 128 + SIGKILL || program.code == 0);
        kills += program.code == 128 + SIGKILL;
        oc_program_free(&program);
    }
    CU_ASSERT(kills >= 2);
    start_verbose(&program, &killed, true);
    oc_program_finish(&program);
    CU_ASSERT_EQUAL(program.code, 0);
    oc_program_free(&program);
    oc_results_load(&results, killed.out);
    expect_same(&whole, &results, true); /* no case lost, none twice */
    oc_results_free(&results);
}

static void interrupted(void)
{
    oc_cli_kit stopped = kit;
    oc_program program;
    oc_results results;
    oc_temp_path(stopped.out, kit.folder, "stopped");
    /* On a busy machine the run may be over before the signal is sent; then it is tried again. */
    bool caught = false;
    for (int attempt = 0; attempt < 20 && !caught; attempt++) {
        start_verbose(&program, &stopped, false);
        CU_ASSERT_TRUE(oc_program_await(&program, "CARD.EXTAUTH.SSSE-UK"));
        kill(program.pid, SIGINT);
        oc_program_finish(&program);
        caught = program.code == 130;
        CU_ASSERT(caught || program.code == 0);
        oc_program_free(&program);
    }
    CU_ASSERT_TRUE_FATAL(caught);
    oc_results_load(&results, stopped.out);
    CU_ASSERT_TRUE(results.interrupted);
    CU_ASSERT_EQUAL(results.exit_code, 130);
    CU_ASSERT_EQUAL_FATAL(results.count, whole.count);
    size_t left_out = 0;
    for (size_t i = 0; i < results.count; i++) {
        const oc_result_case *one = &results.at[i];
        bool not_run = oc_result_case_is(one, "NOT_RUN");
        left_out += not_run;
        CU_ASSERT(!not_run || strstr(one->reason, "run stopped") != NULL);
        CU_ASSERT(not_run || strcmp(one->verdict, oc_results_find(&whole, one->pass, one->id)->verdict) == 0);
    }
    CU_ASSERT(left_out > 0);
    CU_ASSERT(left_out < results.count);
    oc_results_free(&results);

    start_verbose(&program, &stopped, true);
    oc_program_finish(&program);
    CU_ASSERT_EQUAL(program.code, 0);
    oc_program_free(&program);
    oc_results_load(&results, stopped.out);
    CU_ASSERT_FALSE(results.interrupted);
    expect_same(&whole, &results, true);
    oc_results_free(&results);
}

static void resume_wants_the_same_run(void)
{
    oc_cli_kit there = kit;
    oc_temp_path(there.out, kit.folder, "whole");
    CU_ASSERT_EQUAL(
        oc_kit_said(&there, "run", OC_ARGS("--profile", OC_CARD_3, "--resume", "--seed", "9", SELECTED), "seed"), 2);
    oc_results still;
    oc_results_load(&still, there.out);
    expect_same(&whole, &still, true);
    oc_results_free(&still);
}

static void reports_where_they_are_wanted(void)
{
    char path[PATH_MAX];
    char format[PATH_MAX + 16];
    oc_results results;
    oc_temp_path(path, kit.folder, "elsewhere.xml");
    snprintf(format, sizeof format, "junit=%s", path);
    run_in("reports", &results, OC_ARGS("--profile", OC_CARD_3, "-k", "CARD.PIN.VERIFY", "--format", format), 0);
    oc_results_free(&results);
    oc_xml_doc *doc = NULL;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_xml_load(&doc, path, NULL, &diag));
    CU_ASSERT_TRUE(oc_xml_is(oc_xml_root(doc), "testsuites"));
    oc_xml_free(&doc);
    static const char *const names[] = {"reports/report.html", "reports/junit.xml", "reports/result.xml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct stat st;
        oc_temp_path(path, kit.folder, names[i]);
        CU_ASSERT(stat(path, &st) == 0 && st.st_size > 0);
    }
}

/* No secret of the profile in anything that a run writes. */
static void nothing_secret_is_written(void)
{
    static const char *const names[] = {"whole/result.xml", "whole/run.journal", "whole/report.html",
                                        "whole/junit.xml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[PATH_MAX];
        oc_temp_path(path, kit.folder, names[i]);
        const char *argv[] = {"grep", "-c", "-i", "-e", "0020000003286719", "-e", "'286719'", path, NULL};
        oc_program program;
        oc_program_run(&program, argv);
        CU_ASSERT_EQUAL(program.code, 1); /* grep found nothing */
        oc_program_free(&program);
    }
}

static void each_generation_and_lists(void)
{
    oc_results all;
    run_in("all", &all, OC_ARGS("-k", "^CARD\\.PIN\\.VERIFY"), 0);
    CU_ASSERT_PTR_NOT_NULL(oc_results_find(&all, "ssc-1.0/inproc", "CARD.PIN.VERIFY.WRONG"));
    CU_ASSERT_PTR_NOT_NULL(oc_results_find(&all, "ssc-2.0/inproc", "CARD.PIN.VERIFY.WRONG"));
    CU_ASSERT_PTR_NOT_NULL(oc_results_find(&all, "ssc-3.0/inproc", "CARD.PIN.VERIFY.WRONG"));
    oc_results_free(&all);
    oc_program program;
    oc_kit_command(&program, &kit, "list", OC_ARGS("-k", "^CARD\\.PIN\\.VERIFY$", "--format", "ids"));
    CU_ASSERT_EQUAL(program.code, 0);
    CU_ASSERT_EQUAL(strncmp(oc_program_out(&program), "CARD.PIN.VERIFY\nCARD.PIN.VERIFY.WRONG\n", 38), 0);
    oc_program_free(&program);
    oc_kit_command(&program, &kit, "lint", (const char *const[]){NULL});
    CU_ASSERT_EQUAL(program.code, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), " 0 findings"));
    oc_program_free(&program);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"first run", first_run},
        {"same seed, same exchanges", same_seed_gives_the_same_exchanges},
        {"workers and shards change nothing", workers_and_shards_change_nothing},
        {"resumed after SIGKILL", resumed_after_kill},
        {"interrupted", interrupted},
        {"resume wants the same run", resume_wants_the_same_run},
        {"reports where they are wanted", reports_where_they_are_wanted},
        {"nothing secret is written", nothing_secret_is_written},
        {"each generation, lists", each_generation_and_lists},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("runs", rows);
    oc_results_free(&whole);
    oc_kit_close(&kit);
    return code;
}
