/* SPDX-License-Identifier: Apache-2.0 */
/* What a defective card and a defective driver did is judged again from the record alone, to the same verdict; and an
 * answer that was altered in the record makes another one. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "tests/integration/cli_kit.h"

#define CARD_FAILURES 100 /* at least so many verdicts are FAIL in the record of the defective card */

static oc_cli_kit kit;

/* The four numbers of the last line. */
struct tally {
    size_t same, differ, unanswered, not_judged;
};

static struct tally replay(const char *record, const char *id, int code)
{
    struct tally tally = {0};
    oc_program program;
    oc_kit_command(&program, &kit, "replay", OC_ARGS("-q", record, id));
    CU_ASSERT_EQUAL(program.code, code);
    if (program.code != code) {
        printf("\n    %s%s", oc_program_out(&program), oc_program_err(&program));
    }
    (void)sscanf(oc_program_out(&program), "%zu the same, %zu differ, %zu cannot be replayed, %zu were not judged",
                 &tally.same, &tally.differ, &tally.unanswered, &tally.not_judged);
    oc_program_free(&program);
    return tally;
}

static size_t failures(oc_results *results)
{
    oc_results_load(results, kit.out);
    return oc_results_count(results, "FAIL");
}

static void every_failure_of_a_card(void)
{
    char card[PATH_MAX * 2];
    char record[PATH_MAX];
    oc_results had = {0};
    oc_program run;
    snprintf(card, sizeof card, "exec:ONECARD_MUTANT=card.external-auth.says-yes exec %s card --stdio --profile %s",
             OC_MUTANT, OC_CARD_3);
    oc_kit_command(&run, &kit, "run",
                   OC_ARGS("--card", card, "--profile", OC_CARD_3, "--expendable", "--allow",
                           "counters,records,purse,keys,lifecycle", "vectors/card/external-auth.xml",
                           "vectors/card/keys.xml"));
    CU_ASSERT_EQUAL(run.code, 1);
    oc_program_free(&run);
    CU_ASSERT(failures(&had) >= CARD_FAILURES);
    oc_temp_path(record, kit.out, "result.xml");
    struct tally tally = replay(record, NULL, 0);
    CU_ASSERT_EQUAL(tally.differ + tally.unanswered, 0);
    CU_ASSERT_EQUAL(tally.same + tally.not_judged, had.count);
    oc_results_free(&had);
}

/* One case, by its name, and one that is not there. */
static void single_cases(void)
{
    char record[PATH_MAX];
    oc_temp_path(record, kit.out, "result.xml");
    struct tally tally = replay(record, "CARD.EXTAUTH.SSSE-UK.WRONG-KEY", 0);
    CU_ASSERT_EQUAL(tally.same, 1);
    tally = replay(record, "CARD.NO-SUCH", 4);
    CU_ASSERT_EQUAL(tally.same, 0);
}

/* The status word of the card's answer to the wrong key is exchanged for the right one: the case passes then. */
static void an_altered_answer_is_noticed(void)
{
    char record[PATH_MAX];
    char altered[PATH_MAX];
    oc_buf text = {0};
    oc_temp_path(record, kit.out, "result.xml");
    oc_temp_path(altered, kit.folder, "altered.xml");
    OC_ASSERT_OK(oc_file_read(&text, record, OC_BUF_MAX, NULL));
    OC_ASSERT_OK(oc_buf_append_byte(&text, 0));
    char *at = strstr((char *)text.at, "id=\"CARD.EXTAUTH.SSSE-UK.WRONG-KEY\"");
    at = at == NULL ? NULL : strstr(at, "<command>0082");
    at = at == NULL ? NULL : strstr(at, "<response>9000<");
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    memcpy(at + strlen("<response>"), "63CF", 4);
    oc_temp_write(kit.folder, "altered.xml", (const char *)text.at);
    oc_buf_free(&text);
    struct tally tally = replay(altered, "CARD.EXTAUTH.SSSE-UK.WRONG-KEY", 1);
    CU_ASSERT_EQUAL(tally.differ, 1);
}

/* A record of other vectors than those at hand would be judged by other rules. */
static void other_vectors_are_refused(void)
{
    char record[PATH_MAX];
    char altered[PATH_MAX];
    oc_buf text = {0};
    oc_temp_path(record, kit.out, "result.xml");
    oc_temp_path(altered, kit.folder, "altered.xml");
    OC_ASSERT_OK(oc_file_read(&text, record, OC_BUF_MAX, NULL));
    OC_ASSERT_OK(oc_buf_append_byte(&text, 0));
    char *at = strstr((char *)text.at, "external-auth.xml\" sha256=\"");
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    at = strstr(at, "sha256=\"") + strlen("sha256=\"");
    *at = *at == '0' ? '1' : '0';
    oc_temp_write(kit.folder, "altered.xml", (const char *)text.at);
    oc_buf_free(&text);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "replay", OC_ARGS("-q", altered, "CARD.EXTAUTH.SSSE-UK.WRONG-KEY"),
                                "is not the file of the run"),
                    2);
}

#ifdef OC_DEFECTIVE_DRIVER
static void every_failure_of_a_driver(void)
{
    char record[PATH_MAX];
    oc_results had = {0};
    oc_program run;
    CU_ASSERT_EQUAL_FATAL(setenv("ONECARD_MUTANT", "terminal.code.wrong-pin-is-type", 1), 0);
    oc_kit_command(&run, &kit, "run",
                   OC_ARGS("--terminal", "driver:" OC_DEFECTIVE_DRIVER, "--profile", OC_CARD_3, "-k",
                           "^TERM.(PIN|DEBIT)", "vectors/terminal"));
    CU_ASSERT_EQUAL(unsetenv("ONECARD_MUTANT"), 0);
    CU_ASSERT_EQUAL(run.code, 1);
    oc_program_free(&run);
    size_t failed = failures(&had);
    CU_ASSERT(failed > 0);
    oc_temp_path(record, kit.out, "result.xml");
    struct tally tally = replay(record, NULL, 0);
    CU_ASSERT_EQUAL(tally.differ + tally.unanswered, 0);
    CU_ASSERT(tally.same > failed);
    oc_results_free(&had);
}
#endif

int main(void)
{
    const oc_test_row rows[] = {
        {"every failure of a card", every_failure_of_a_card},
        {"single cases", single_cases},
        {"an altered answer is noticed", an_altered_answer_is_noticed},
        {"other vectors are refused", other_vectors_are_refused},
#ifdef OC_DEFECTIVE_DRIVER
        {"every failure of a driver", every_failure_of_a_driver},
#endif
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("replay", rows);
    oc_kit_close(&kit);
    return code;
}
