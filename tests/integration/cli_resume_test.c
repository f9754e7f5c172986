/* SPDX-License-Identifier: Apache-2.0 */
/* A run that was interrupted or killed and goes on comes to what a run without a break comes to, and goes on only as
 * the run that it was. */
#include <signal.h>
#include <stdio.h>

#include "sim/base/file.h"
#include "tests/integration/cli_kit.h"

/* Enough cases of two cards that -v fills a pipe, and a record that can be held in memory. */
#define SELECTED                                                                                                      \
    "--profile", OC_CARD_2, "--profile", OC_CARD_3, "-k", "^CARD\\.(PIN|READ|FORM|ORDER|SELECT|EXTAUTH)|^FLOW"

static oc_cli_kit straight; /* a run without a break */
static oc_cli_kit broken;

static void run_straight(void)
{
    CU_ASSERT_EQUAL(oc_kit_said(&straight, "run", OC_ARGS("--strict", SELECTED), NULL), 0);
}

/* With -v the run writes more than a pipe holds, so it cannot end before it is stopped. */
static void stop_by(int number, int code)
{
    oc_program program;
    oc_kit_start(&program, &broken, "run", OC_ARGS("--strict", "-v", SELECTED));
    CU_ASSERT_TRUE_FATAL(oc_program_await(&program, "CARD.PIN"));
    CU_ASSERT_EQUAL(kill(program.pid, number), 0);
    oc_program_finish(&program);
    CU_ASSERT_EQUAL(program.code, code);
    if (number == SIGINT) {
        CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_err(&program), "stopping after the case that runs"));
    }
    oc_program_free(&program);
}

static void expect_same_cases(void)
{
    oc_results wanted = {0};
    oc_results had = {0};
    oc_results_load(&wanted, straight.out);
    oc_results_load(&had, broken.out);
    CU_ASSERT(wanted.count > 0);
    CU_ASSERT_EQUAL(had.count, wanted.count);
    CU_ASSERT_FALSE(had.interrupted);
    CU_ASSERT_EQUAL(oc_results_count(&had, "NOT_RUN"), 0);
    for (size_t i = 0; i < wanted.count && i < had.count; i++) {
        const oc_result_case *a = &wanted.at[i];
        const oc_result_case *b = &had.at[i];
        bool same = strcmp(a->id, b->id) == 0 && strcmp(a->pass, b->pass) == 0 &&
                    strcmp(a->verdict, b->verdict) == 0 && strcmp(a->exchanges, b->exchanges) == 0;
        if (!same) {
            printf("\n    %s %s %s, without a break %s %s %s", b->pass, b->id, b->verdict, a->pass, a->id, a->verdict);
        }
        CU_ASSERT_TRUE(same);
    }
    oc_results_free(&wanted);
    oc_results_free(&had);
}

static void an_interrupted_run_goes_on(void)
{
    stop_by(SIGINT, 130);
    oc_results had = {0};
    oc_results_load(&had, broken.out);
    CU_ASSERT_TRUE(had.interrupted);
    CU_ASSERT(oc_results_count(&had, "NOT_RUN") > 0);
    oc_results_free(&had);
    CU_ASSERT_EQUAL(oc_kit_said(&broken, "run", OC_ARGS("--strict", "--resume", SELECTED), NULL), 0);
    expect_same_cases();
}

static void a_killed_run_goes_on(void)
{
    stop_by(SIGKILL, 128 + SIGKILL);
    CU_ASSERT_EQUAL(oc_kit_said(&broken, "run", OC_ARGS("--strict", "--resume", "-j", "2", SELECTED), NULL), 0);
    expect_same_cases();
}

/* A profile of the same content but for a comment is another file; the text of a structure beside it counts, too. */
static void write_copy(const char *name, const char *addition)
{
    char path[PATH_MAX];
    oc_buf text = {0};
    oc_temp_path(path, "vectors/cards", name);
    OC_ASSERT_OK(oc_file_read(&text, path, OC_BUF_MAX, NULL));
    OC_ASSERT_OK(oc_buf_append(&text, oc_span_text(addition)));
    OC_ASSERT_OK(oc_buf_append_byte(&text, 0));
    oc_temp_write(broken.folder, name, (const char *)text.at);
    oc_buf_free(&text);
}

static size_t cases_of_record(void)
{
    oc_results had = {0};
    oc_results_load(&had, broken.out);
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&had, NULL, "CARD.SANITY.END"), "PASS"));
    CU_ASSERT_EQUAL(oc_results_count(&had, "NOT_RUN"), 0);
    size_t count = had.count;
    oc_results_free(&had);
    return count;
}

static void another_run_is_refused(void)
{
    char profile[PATH_MAX];
    oc_temp_path(profile, broken.folder, "ssc-3.0.xml");
    write_copy("ssc-3.0.xml", "");
    write_copy("structure-3.0.xml", "");
    write_copy("test-keys.xml", "");
    write_copy("pki-3.0.xml", "");
#define RUN "--profile", profile, "-k", "CARD.PIN.VERIFY"
    static const struct {
        const char *option[2];
        const char *part;
    } others[] = {
        {{"--strict", NULL}, "--strict: not the same"},    {{"--reveal", NULL}, "--reveal: not the same"},
        {{"--keys=none", NULL}, "--keys: not the same"},   {{"--psam=none", NULL}, "--psam: not the same"},
        {{"--allow=keys", NULL}, "--allow: not the same"}, {{"--seed=2", NULL}, "--seed 1"},
        {{"-k", "CARD.PIN"}, "--filter: not the same"},    {{"--profile", OC_CARD_2}, "--profile: not the same"}};
    CU_ASSERT_EQUAL(oc_kit_said(&broken, "run", OC_ARGS(RUN), NULL), 0);
    size_t count = cases_of_record();
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        CU_ASSERT_EQUAL(oc_kit_said(&broken, "run", OC_ARGS("--resume", RUN, others[i].option[0], others[i].option[1]),
                                    others[i].part),
                        2);
    }
    CU_ASSERT_EQUAL(oc_kit_said(&broken, "run", OC_ARGS("--resume", RUN), NULL), 0);
    CU_ASSERT_EQUAL(cases_of_record(), count); /* the opening and the closing case took the place of their first */
    write_copy("structure-3.0.xml", "<!-- changed -->");
    CU_ASSERT_EQUAL(oc_kit_said(&broken, "run", OC_ARGS("--resume", RUN), "--profile: not the same"), 2);
#undef RUN
}

static void two_profiles_of_one_id_are_refused(void)
{
    char profile[PATH_MAX];
    oc_temp_path(profile, broken.folder, "ssc-3.0.xml");
    CU_ASSERT_EQUAL(oc_kit_said(&broken, "run", OC_ARGS("--profile", OC_CARD_3, "--profile", profile),
                                "the id ssc-3.0 is that of another profile"),
                    2);
}

/* Whatever is selected, a pass opens and closes with the sanity case. */
static void every_pass_has_its_sanity_case(void)
{
    CU_ASSERT_EQUAL(oc_kit_said(&broken, "run", OC_ARGS("--profile", OC_CARD_3, "vectors/card/pin.xml"), NULL), 0);
    oc_results had = {0};
    oc_results_load(&had, broken.out);
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&had, NULL, "CARD.SANITY"), "PASS"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&had, NULL, "CARD.SANITY.END"), "PASS"));
    oc_results_free(&had);
}

static void numbers_are_not_bent(void)
{
    static const char *const wrong[] = {"--seed=18446744073709551616", "--seed=-1",         "--seed= 1",
                                        "--jobs=4294967297",           "--allow=lifecycle", "--allow=none",
                                        "--allow=keys,lifecycle"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        oc_program program;
        oc_kit_command(&program, &broken, "run", OC_ARGS(wrong[i]));
        CU_ASSERT_EQUAL(program.code, 2);
        oc_program_free(&program);
    }
}

int main(void)
{
    const oc_test_row rows[] = {
        {"a run without a break", run_straight},
        {"an interrupted run goes on", an_interrupted_run_goes_on},
        {"a killed run goes on", a_killed_run_goes_on},
        {"another run is refused", another_run_is_refused},
        {"two profiles of one id are refused", two_profiles_of_one_id_are_refused},
        {"every pass has its sanity case", every_pass_has_its_sanity_case},
        {"numbers are not bent", numbers_are_not_bent},
        {NULL, NULL},
    };
    oc_kit_open(&straight);
    oc_kit_open(&broken);
    int code = oc_test_main("resume", rows);
    oc_kit_close(&broken);
    oc_kit_close(&straight);
    return code;
}
