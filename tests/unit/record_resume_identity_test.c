/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

/* What a resumed record takes from the journal, what it has again, and which run it refuses to continue. */

#define PASS "ssc-3.0/inproc"

static oc_record *begin(const char *folder, bool resume)
{
    oc_record *record = NULL;
    const oc_run_info info = oc_sample_run_info();
    const oc_pass_info pass = oc_sample_pass(PASS, "inproc");
    OC_ASSERT_OK(oc_record_open(&record, folder, &info, resume, NULL));
    CU_ASSERT_PTR_NOT_NULL_FATAL(record);
    OC_ASSERT_OK(oc_record_pass(record, &pass, NULL));
    return record;
}

static void add(oc_record *record, unsigned number, enum oc_verdict verdict, const char *reason)
{
    oc_outcome outcome;
    oc_sample_outcome(&outcome, PASS, number, verdict);
    outcome.reason = reason == NULL ? outcome.reason : reason;
    OC_ASSERT_OK(oc_record_outcome(record, &outcome, NULL));
    oc_outcome_free(&outcome);
}

static size_t count(const oc_record *record, enum oc_verdict verdict)
{
    size_t counts[OC_VERDICT_COUNT];
    oc_record_counts(record, counts);
    return counts[verdict];
}

static size_t occurrences(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        n++;
    }
    return n;
}

static void what_runs_again_takes_the_old_place(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_record *record = begin(folder, false);
    add(record, 1, OC_VERDICT_ERROR, NULL); /* an opening case without a card */
    add(record, 2, OC_VERDICT_NOT_RUN, NULL);
    oc_record_free(&record);
    for (unsigned again = 0; again < 3; again++) {
        record = begin(folder, true);
        add(record, 1, OC_VERDICT_PASS, NULL);
        enum oc_verdict verdict = OC_VERDICT_ERROR;
        CU_ASSERT_TRUE(oc_record_has(record, PASS, "CARD.SAMPLE.00001", &verdict, NULL));
        CU_ASSERT_EQUAL(verdict, OC_VERDICT_PASS);
        CU_ASSERT_FALSE(oc_record_has(record, PASS, "CARD.SAMPLE.00002", NULL, NULL));
        CU_ASSERT_EQUAL(count(record, OC_VERDICT_ERROR), 0);
        CU_ASSERT_EQUAL(count(record, OC_VERDICT_PASS), 1);
        CU_ASSERT_EQUAL(count(record, OC_VERDICT_NOT_RUN), 1);
        oc_record_free(&record);
    }
    record = begin(folder, true);
    OC_ASSERT_OK(oc_record_finish(record, "2026-03-02T09:16:00+08:00", false, 0, NULL));
    oc_record_free(&record);
    char *result = oc_sample_read(folder, "result.xml");
    CU_ASSERT_EQUAL(occurrences(result, "id=\"CARD.SAMPLE.00001\""), 1);
    CU_ASSERT_EQUAL(occurrences(result, "repeat="), 0);
    free(result);
    oc_sample_remove(folder);
}

static void repeats_of_one_session_stand_side_by_side(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_record *record = begin(folder, false);
    add(record, 1, OC_VERDICT_FAIL, NULL);
    add(record, 1, OC_VERDICT_PASS, NULL);
    oc_record_free(&record);
    record = begin(folder, true);
    enum oc_verdict verdict = OC_VERDICT_PASS;
    CU_ASSERT_TRUE(oc_record_has(record, PASS, "CARD.SAMPLE.00001", &verdict, NULL));
    CU_ASSERT_EQUAL(verdict, OC_VERDICT_FAIL);
    CU_ASSERT_EQUAL(count(record, OC_VERDICT_FAIL), 1);
    CU_ASSERT_EQUAL(count(record, OC_VERDICT_PASS), 1);
    oc_record_free(&record);
    oc_sample_remove(folder);
}

static void why_a_case_was_not_judged_is_known_after_a_resume(void)
{
    char folder[64];
    const char *why = "";
    oc_sample_folder(folder);
    oc_record *record = begin(folder, false);
    add(record, 1, OC_VERDICT_NOT_APPLICABLE, "link.tpdu is false & more");
    add(record, 2, OC_VERDICT_PASS, NULL);
    oc_record_free(&record);
    record = begin(folder, true);
    CU_ASSERT_TRUE(oc_record_has(record, PASS, "CARD.SAMPLE.00002", NULL, &why));
    CU_ASSERT_PTR_NULL(why);
    CU_ASSERT_TRUE(oc_record_has(record, PASS, "CARD.SAMPLE.00001", NULL, &why));
    CU_ASSERT_PTR_NOT_NULL_FATAL(why);
    CU_ASSERT_STRING_EQUAL(why, "link.tpdu is false & more");
    oc_record_free(&record);
    oc_sample_remove(folder);
}

/* What failed between us and the card, or hung on something that did, is tried again; what was judged is not. */
static void only_what_was_judged_is_settled(void)
{
    static const struct {
        enum oc_verdict verdict;
        bool is_settled;
    } rows[] = {{OC_VERDICT_PASS, true},           {OC_VERDICT_DEVIATION, true}, {OC_VERDICT_FAIL, true},
                {OC_VERDICT_NOT_APPLICABLE, true}, {OC_VERDICT_NOT_RUN, false},  {OC_VERDICT_INCONCLUSIVE, false},
                {OC_VERDICT_ERROR, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char folder[64];
        oc_sample_folder(folder);
        oc_record *record = begin(folder, false);
        add(record, 1, rows[i].verdict, rows[i].verdict == OC_VERDICT_PASS ? NULL : "a reason");
        oc_record_free(&record);
        record = begin(folder, true);
        CU_ASSERT_EQUAL(oc_record_has(record, PASS, "CARD.SAMPLE.00001", NULL, NULL), rows[i].is_settled);
        add(record, 1, OC_VERDICT_PASS, NULL);
        CU_ASSERT_EQUAL(count(record, OC_VERDICT_PASS), 1);
        oc_record_free(&record);
        oc_sample_remove(folder);
    }
}

/* An interrupted run finds one link without the cases of the other; the resumed run compares anew. */
static void remarks_of_an_earlier_session_are_forgotten(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_record *record = begin(folder, false);
    add(record, 1, OC_VERDICT_PASS, NULL);
    OC_ASSERT_OK(oc_record_one_link(record, "CARD.SAMPLE.00001", PASS, "run stopped", NULL));
    OC_ASSERT_OK(oc_record_difference(record, "CARD.SAMPLE.00001", PASS, OC_VERDICT_PASS, "ssc-3.0/pcsc",
                                      OC_VERDICT_FAIL, NULL));
    CU_ASSERT_EQUAL(count(record, OC_VERDICT_ERROR), 1);
    oc_record_free(&record);
    record = begin(folder, true);
    CU_ASSERT_EQUAL(count(record, OC_VERDICT_ERROR), 0);
    OC_ASSERT_OK(oc_record_finish(record, "2026-03-02T09:16:00+08:00", false, 0, NULL));
    oc_record_free(&record);
    char *result = oc_sample_read(folder, "result.xml");
    CU_ASSERT_PTR_NULL(strstr(result, "<one-link"));
    CU_ASSERT_PTR_NULL(strstr(result, "<difference"));
    free(result);
    oc_sample_remove(folder);
}

static void expect_subject_refused(const char *folder, const char *subject, const char *named)
{
    oc_record *record = NULL;
    oc_diag diag = {0};
    oc_run_info info = oc_sample_run_info();
    info.subject = subject;
    OC_ASSERT_CODE(oc_record_open(&record, folder, &info, true, &diag), OC_E_USAGE);
    CU_ASSERT_PTR_NULL(record);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, named));
}

static void another_subject_is_refused_by_name(void)
{
    char folder[64];
    oc_record *record = NULL;
    oc_run_info info = oc_sample_run_info();
    oc_sample_folder(folder);
    info.subject = "--card=01 --psam=02 --profile=03";
    OC_ASSERT_OK(oc_record_open(&record, folder, &info, false, NULL));
    oc_record_free(&record);
    expect_subject_refused(folder, "--card=11 --psam=02 --profile=03", "--card: ");
    expect_subject_refused(folder, "--card=01 --psam=02 --profile=0", "--profile: ");
    expect_subject_refused(folder, "--card=01 --psam=022 --profile=03", "--psam: ");
    expect_subject_refused(folder, "--card=01 --psam=02 --profile=03 --reveal=04", "--reveal: ");
    expect_subject_refused(folder, "--card=01 --psam=02", "something else");
    expect_subject_refused(folder, NULL, "something else");
    OC_ASSERT_OK(oc_record_open(&record, folder, &info, true, NULL));
    oc_record_free(&record);
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"what runs again takes the old place", what_runs_again_takes_the_old_place},
        {"repeats of one session stand side by side", repeats_of_one_session_stand_side_by_side},
        {"why a case was not judged is known after a resume", why_a_case_was_not_judged_is_known_after_a_resume},
        {"only what was judged is settled", only_what_was_judged_is_settled},
        {"remarks of an earlier session are forgotten", remarks_of_an_earlier_session_are_forgotten},
        {"another subject is refused by name", another_subject_is_refused_by_name},
        {NULL, NULL},
    };
    return oc_test_main("record: resume identity", rows);
}
