/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "reports/reports.h"
#include "sim/base/file.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

static char *summary(const char *folder, const char *lang, bool color)
{
    char result[128];
    char *text = NULL;
    size_t size = 0;
    oc_diag diag = {0};
    oc_sample_path(result, sizeof result, folder, "result.xml");
    FILE *out = open_memstream(&text, &size);
    OC_ASSERT_OK(oc_report_summary(out, result, lang, color, &diag));
    fclose(out);
    return text;
}

static const char *last_line(const char *text)
{
    size_t at = strlen(text) - 1;
    CU_ASSERT_EQUAL(text[at], '\n');
    while (at > 0 && text[at - 1] != '\n') {
        at--;
    }
    return text + at;
}

static void the_last_line_counts(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    char *text = summary(folder, "en", false);
    /* 5 passes and 2 deviations; 4 failures, 2 errors, 2 inconclusive and a difference; 2 and 2 skipped. */
    CU_ASSERT_STRING_EQUAL(last_line(text), "7 passed, 9 failed, 4 skipped\n");
    free(text);
    oc_sample_result(folder, true, 0);
    text = summary(folder, "zh", false);
    CU_ASSERT_STRING_EQUAL(last_line(text), "5 passed, 11 failed, 4 skipped\n");
    free(text);
    oc_sample_remove(folder);
}

static void failures_show_both_values(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    char *text = summary(folder, "en", false);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "Does not conform"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "fail  CARD.SAMPLE.00005  Medical basic data"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "      expected  9000\n      received  6982\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "card/auth.xml:15"));
    CU_ASSERT_PTR_NULL(strchr(text, '\x1b'));
    CU_ASSERT_PTR_NULL(strstr(text, "\xe2\x80\xae"));
    free(text);
    text = summary(folder, "zh", false);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "不符合"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "验证PIN后可读医保基本数据"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "期望      9000"));
    free(text);
    text = summary(folder, "en", true);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "\x1b[31mDoes not conform\x1b[0m"));
    free(text);
    oc_sample_remove(folder);
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[512];
    oc_sample_path(path, sizeof path, folder, name);
    OC_ASSERT_OK(oc_file_replace(path, oc_span_text(text), NULL));
}

static void put_requirements(const char *folder)
{
    put(folder, "r.xml",
        "<requirements xmlns=\"urn:onecard:requirements:1\" area=\"card\">"
        "<requirement id=\"SSC.SELECT.NAME\" doc=\"D\" clause=\"1\" level=\"MUST\" confidence=\"A\">"
        "<text xml:lang=\"zh\">按名称选择</text><text xml:lang=\"en\">Select by name</text></requirement>"
        "<requirement id=\"SSC.DF04.EF05.READ\" doc=\"D\" clause=\"2\" level=\"MUST\" confidence=\"B\">"
        "<text xml:lang=\"zh\">读</text><text xml:lang=\"en\">Read</text></requirement>"
        "<requirement id=\"SSC.NO.CASE\" doc=\"D\" clause=\"3\" level=\"MAY\" confidence=\"P\">"
        "<text xml:lang=\"zh\">无</text><text xml:lang=\"en\">Nothing looks at this</text></requirement>"
        "<requirement id=\"SSC.PRINT\" doc=\"D\" clause=\"4\" level=\"MAY\" confidence=\"P\">"
        "<text xml:lang=\"zh\">目测</text><text xml:lang=\"en\">Only by eye</text><untested "
        "xml:lang=\"zh\">印在卡面</untested>"
        "<untested xml:lang=\"en\">It is printed on the card</untested></requirement>"
        "</requirements>");
}

static const char *const about_one[] = {"SSC.SELECT.NAME", "SSC.DF04.EF05.READ"};
static const char *const about_other[] = {"SSC.UNKNOWN"};
static const oc_covering cases[] = {{"CARD.ONE", "stated", about_one, 2},
                                    {"CARD.ONE.NOT", "wrong-pin", about_one, 1},
                                    {"CARD.ONE.OTHER", "duplicate", about_other, 1},
                                    {"CARD.ONE", "stated", about_one, 2}}; /* another row */
#define CASES (sizeof cases / sizeof cases[0])

static char *coverage(const char *requirements, const char *result)
{
    char *text = NULL;
    size_t size = 0;
    oc_diag diag = {0};
    FILE *out = open_memstream(&text, &size);
    oc_result r = oc_report_coverage(out, requirements, cases, CASES, result, "en", &diag);
    if (!oc_is_ok(r)) {
        fprintf(stderr, "%s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    OC_ASSERT_OK(r);
    fclose(out);
    return text;
}

static void coverage_lists_what_no_case_is_about(void)
{
    char requirements[64];
    char results[64];
    char result[128];
    oc_sample_folder(requirements);
    oc_sample_folder(results);
    put_requirements(requirements);
    oc_sample_result(results, false, 0);
    oc_sample_path(result, sizeof result, results, "result.xml");
    char *text = coverage(requirements, NULL);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(text, "    conditions: stated, wrong-pin\n      CARD.ONE (2 rows)\n      CARD.ONE.NOT\n"));
    const char *without = strstr(text, "Untested requirements, and why:");
    CU_ASSERT_PTR_NOT_NULL_FATAL(without);
    CU_ASSERT_PTR_NOT_NULL(strstr(without, "Nothing looks at this\n        no case, and no reason stated"));
    CU_ASSERT_PTR_NOT_NULL(strstr(without, "Only by eye\n        It is printed on the card"));
    CU_ASSERT_PTR_NULL(strstr(without, "SSC.SELECT.NAME"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "Requirements: 4; with a case: 2; untested: 2, without a reason: 1; named by "
                                        "cases but in no file: 1\n"));
    CU_ASSERT_STRING_EQUAL(last_line(text), "Pairs of requirement and condition: declared: 4\n");
    free(text);
    text = coverage(requirements, result);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "CARD.SAMPLE.00005"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "not in this run"));
    free(text);
    oc_sample_remove(requirements);
    oc_sample_remove(results);
}

/* A case that stopped over one requirement proves nothing against its others. */
static void a_failure_counts_against_its_own_requirement(void)
{
    char requirements[64];
    char results[64];
    char result[128];
    oc_diag diag = {0};
    oc_record *record = NULL;
    oc_outcome outcome;
    oc_sample_folder(requirements);
    oc_sample_folder(results);
    put_requirements(requirements);
    const oc_run_info info = oc_sample_run_info();
    const oc_pass_info pass = oc_sample_pass("p", "inproc");
    OC_ASSERT_OK(oc_record_open(&record, results, &info, false, &diag));
    OC_ASSERT_OK(oc_record_pass(record, &pass, &diag));
    oc_sample_outcome(&outcome, "p", 1, OC_VERDICT_FAIL);
    OC_ASSERT_OK(oc_record_outcome(record, &outcome, &diag));
    oc_outcome_free(&outcome);
    OC_ASSERT_OK(oc_record_finish(record, "e", false, 1, &diag));
    oc_record_free(&record);
    oc_sample_path(result, sizeof result, results, "result.xml");
    char *text = coverage(requirements, result);
    const char *name = strstr(text, "SSC.SELECT.NAME ");
    const char *read = strstr(text, "SSC.DF04.EF05.READ ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(read);
    CU_ASSERT_TRUE(strstr(name, "inconclusive") < read);
    CU_ASSERT_PTR_NOT_NULL(strstr(read, "fail"));
    free(text);
    oc_sample_remove(requirements);
    oc_sample_remove(results);
}

static void broken_requirement_files_are_named(void)
{
    char folder[64];
    oc_diag diag = {0};
    FILE *out = fopen("/dev/null", "w");
    oc_sample_folder(folder);
    put(folder, "r.xml", "<requirements xmlns=\"urn:onecard:requirements:1\"><requirement/></requirements>");
    OC_ASSERT_CODE(oc_report_coverage(out, folder, NULL, 0, NULL, "en", &diag), OC_E_FORMAT);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.file, "r.xml"));
    oc_diag_clear(&diag);
    put(folder, "r.xml", "<other/>");
    OC_ASSERT_CODE(oc_report_coverage(out, folder, NULL, 0, NULL, "en", &diag), OC_E_FORMAT);
    oc_diag_clear(&diag);
    OC_ASSERT_CODE(oc_report_coverage(out, "/nowhere", NULL, 0, NULL, "en", &diag), OC_E_NOT_FOUND);
    fclose(out);
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"the last line counts", the_last_line_counts},
        {"failures show both values", failures_show_both_values},
        {"coverage lists what no case is about", coverage_lists_what_no_case_is_about},
        {"a failure counts against its own requirement", a_failure_counts_against_its_own_requirement},
        {"broken requirement files are named", broken_requirement_files_are_named},
        {NULL, NULL},
    };
    return oc_test_main("reports: text", rows);
}
