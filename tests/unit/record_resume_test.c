/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/record/journal.h"
#include "sim/base/file.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

#define PASS "ssc-3.0/inproc"

static oc_record *resume(const char *folder, const oc_run_info *info)
{
    oc_record *record = NULL;
    oc_diag diag = {0};
    oc_result r = oc_record_open(&record, folder, info, true, &diag);
    if (!oc_is_ok(r)) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    return record;
}

static void expect_refused(const char *folder, const oc_run_info *info, enum oc_code code)
{
    oc_record *record = NULL;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_record_open(&record, folder, info, true, &diag), code);
    CU_ASSERT_PTR_NULL(record);
    CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
}

static char *after_cases(const char *result)
{
    /* The head tells how often the run was resumed; the rest must not. */
    const char *at = strstr(result, "<environment");
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    return strdup(at);
}

static void a_resumed_run_ends_like_one_that_never_stopped(void)
{
    char folder[64];
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    char *straight = oc_sample_read(folder, "result.xml");
    const oc_run_info info = oc_sample_run_info();
    oc_record *record = resume(folder, &info);
    CU_ASSERT_TRUE(oc_record_has(record, PASS, "CARD.SAMPLE.00005", NULL, NULL));
    /* The runner notes its passes and compares the links again. */
    const oc_pass_info pass = oc_sample_pass(PASS, "inproc");
    OC_ASSERT_OK(oc_record_pass(record, &pass, &diag));
    OC_ASSERT_OK(oc_record_difference(record, "CARD.SAMPLE.00000", PASS, OC_VERDICT_PASS, "ssc-3.0/pcsc",
                                      OC_VERDICT_FAIL, &diag));
    OC_ASSERT_OK(oc_record_one_link(record, "CARD.SAMPLE.00001", PASS, "link.tpdu is false over pcsc", &diag));
    OC_ASSERT_OK(oc_record_finish(record, "2026-03-02T09:16:00+08:00", false, 1, &diag));
    oc_record_free(&record);
    char *resumed = oc_sample_read(folder, "result.xml");
    char *a = after_cases(straight);
    char *b = after_cases(resumed);
    CU_ASSERT_STRING_EQUAL(a, b);
    CU_ASSERT_PTR_NOT_NULL(strstr(resumed, "resumes=\"1\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(resumed, " budget-class=\"read-record\" budget-p99-ns=\"50000000\""));
    free(a);
    free(b);
    free(straight);
    free(resumed);
    oc_sample_remove(folder);
}

static void a_torn_case_is_run_again(void)
{
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "run.journal");
    oc_record *record = oc_sample_record(folder, false);
    oc_outcome outcome;
    oc_sample_outcome(&outcome, PASS, 900, OC_VERDICT_FAIL);
    OC_ASSERT_OK(oc_record_outcome(record, &outcome, NULL));
    oc_record_free(&record);
    char *journal = oc_sample_read(folder, "run.journal");
    OC_ASSERT_OK(oc_file_replace(path, oc_span_of(journal, strlen(journal) - 10), NULL));
    free(journal);
    const oc_run_info info = oc_sample_run_info();
    record = resume(folder, &info);
    CU_ASSERT_FALSE(oc_record_has(record, PASS, "CARD.SAMPLE.00900", NULL, NULL));
    CU_ASSERT_TRUE(oc_record_has(record, PASS, "CARD.SAMPLE.00005", NULL, NULL));
    OC_ASSERT_OK(oc_record_outcome(record, &outcome, NULL));
    oc_outcome_free(&outcome);
    size_t counts[OC_VERDICT_COUNT];
    oc_record_counts(record, counts);
    CU_ASSERT_EQUAL(counts[OC_VERDICT_FAIL], 5);
    oc_record_free(&record);
    oc_sample_remove(folder);
}

static void what_was_not_run_may_run_after_all(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_record *record = oc_sample_record(folder, false);
    oc_record_free(&record);
    const oc_run_info info = oc_sample_run_info();
    record = resume(folder, &info);
    enum oc_verdict verdict = OC_VERDICT_ERROR;
    CU_ASSERT_FALSE(oc_record_has(record, PASS, "CARD.SAMPLE.00002", &verdict, NULL));
    oc_outcome outcome;
    oc_sample_outcome(&outcome, PASS, 2, OC_VERDICT_PASS);
    OC_ASSERT_OK(oc_record_outcome(record, &outcome, NULL));
    oc_outcome_free(&outcome);
    CU_ASSERT_TRUE(oc_record_has(record, PASS, "CARD.SAMPLE.00002", &verdict, NULL));
    CU_ASSERT_EQUAL(verdict, OC_VERDICT_PASS);
    size_t counts[OC_VERDICT_COUNT];
    oc_record_counts(record, counts);
    CU_ASSERT_EQUAL(counts[OC_VERDICT_NOT_RUN], 1);
    CU_ASSERT_EQUAL(counts[OC_VERDICT_PASS], 6);
    oc_record_free(&record);
    oc_sample_remove(folder);
}

static void another_run_is_not_continued(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_record *record = oc_sample_record(folder, false);
    oc_record_free(&record);
    oc_run_info info = oc_sample_run_info();
    info.seed = 1;
    expect_refused(folder, &info, OC_E_USAGE);
    info = oc_sample_run_info();
    info.vector_count = 1;
    expect_refused(folder, &info, OC_E_USAGE);
    info = oc_sample_run_info();
    info.suite_version = "0.2.0";
    expect_refused(folder, &info, OC_E_USAGE);
    /* The order of the files says nothing. */
    info = oc_sample_run_info();
    const oc_file_digest turned[] = {info.vectors[1], info.vectors[0]};
    info.vectors = turned;
    record = resume(folder, &info);
    oc_record_free(&record);
    /* The refusals changed nothing. */
    info = oc_sample_run_info();
    record = resume(folder, &info);
    CU_ASSERT_TRUE(oc_record_has(record, PASS, "CARD.SAMPLE.00005", NULL, NULL));
    oc_record_free(&record);
    oc_sample_remove(folder);
}

static oc_result ignore(void *self, long line, off_t at, oc_span entry, oc_diag *diag)
{
    (void)self;
    (void)line;
    (void)at;
    (void)entry;
    (void)diag;
    return oc_ok();
}

/* Entries with a right checksum and a wrong content. */
static void strange_entries_are_refused(void)
{
    static const char *const entries[] = {
        "no XML",
        "<unknown/>",
        "<!DOCTYPE case [<!ENTITY e 'x'>]><case/>",
        "<run/>",
        "<run seed=\"-1\"/>",
        "<pass/>",
        "<pass id=\"p\"><empty-exchange-ns>1 x</empty-exchange-ns></pass>",
        "<case id=\"A\" pass=\"p\" verdict=\"PASS\" line=\"1\" duration-ns=\"1\"/>",
        "<case id=\"A\" verdict=\"PASS\" line=\"1\" duration-ns=\"1\"/>",
        "<case id=\"A\" pass=\"ssc-3.0/inproc\" verdict=\"GOOD\" line=\"1\" duration-ns=\"1\"/>",
        "<case id=\"A\" pass=\"ssc-3.0/inproc\" verdict=\"PASS\" line=\"1\" duration-ns=\"1\"><step/></case>",
        "<difference id=\"A\"/>",
        "<one-link/>",
    };
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        char folder[64];
        char path[128];
        oc_journal *journal = NULL;
        off_t at = 0;
        oc_sample_folder(folder);
        oc_sample_path(path, sizeof path, folder, "run.journal");
        oc_record *record = oc_sample_record(folder, false);
        oc_record_free(&record);
        OC_ASSERT_OK(oc_journal_open(&journal, path, true, ignore, NULL, NULL));
        OC_ASSERT_OK(oc_journal_write(journal, oc_span_text(entries[i]), &at, NULL));
        oc_journal_close(&journal);
        const oc_run_info info = oc_sample_run_info();
        expect_refused(folder, &info, OC_E_FORMAT);
        oc_sample_remove(folder);
    }
}

static void a_new_run_removes_the_old_result(void)
{
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    oc_sample_result(folder, false, 0);
    oc_record *record = oc_sample_record(folder, false);
    oc_record_free(&record);
    oc_buf content = {0};
    OC_ASSERT_CODE(oc_file_read(&content, path, 1, NULL), OC_E_NOT_FOUND);
    oc_buf_free(&content);
    oc_sample_remove(folder);
}

static void resuming_nothing_begins(void)
{
    char folder[64];
    oc_sample_folder(folder);
    const oc_run_info info = oc_sample_run_info();
    oc_record *record = resume(folder, &info);
    OC_ASSERT_OK(oc_record_finish(record, "e", true, 130, NULL));
    oc_record_free(&record);
    char *result = oc_sample_read(folder, "result.xml");
    CU_ASSERT_PTR_NOT_NULL(strstr(result, "resumes=\"0\""));
    free(result);
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a resumed run ends like one that never stopped", a_resumed_run_ends_like_one_that_never_stopped},
        {"a torn case is run again", a_torn_case_is_run_again},
        {"what was not run may run after all", what_was_not_run_may_run_after_all},
        {"another run is not continued", another_run_is_not_continued},
        {"strange entries are refused", strange_entries_are_refused},
        {"a new run removes the old result", a_new_run_removes_the_old_result},
        {"resuming nothing begins", resuming_nothing_begins},
        {NULL, NULL},
    };
    return oc_test_main("record: resume", rows);
}
