/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <sys/stat.h>

#include "reports/reports.h"
#include "sim/base/file.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

/* Every reader of records gives one clear error and leaves no output. */
static void expect_refused(const char *folder, enum oc_code code)
{
    char path[128];
    char out[128];
    oc_diag diag = {0};
    struct stat st;
    oc_sample_path(path, sizeof path, folder, "result.xml");
    oc_sample_path(out, sizeof out, folder, "out");
    OC_ASSERT_CODE(oc_report_write("html", &(oc_report_inputs){.result_path = path, .data_folder = "."}, out, &diag),
                   code);
    CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
    CU_ASSERT_NOT_EQUAL(diag.file[0], '\0');
    OC_ASSERT_CODE(oc_report_write("junit", &(oc_report_inputs){.result_path = path, .data_folder = "."}, out, NULL),
                   code);
    CU_ASSERT_NOT_EQUAL(stat(out, &st), 0);
    FILE *nowhere = fopen("/dev/null", "w");
    OC_ASSERT_CODE(oc_report_summary(nowhere, path, "en", false, NULL), code);
    OC_ASSERT_CODE(oc_report_coverage(nowhere, "vectors/requirements", NULL, 0, path, "en", NULL), code);
    fclose(nowhere);
}

static void put(const char *folder, const char *text)
{
    char path[128];
    oc_sample_path(path, sizeof path, folder, "result.xml");
    OC_ASSERT_OK(oc_file_replace(path, oc_span_text(text), NULL));
}

static void foreign_files_are_refused(void)
{
    static const char *const texts[] = {
        "",
        "no XML at all",
        "<result/>",
        "<result xmlns=\"urn:onecard:result:2\"/>",
        "<result xmlns=\"urn:onecard:result:1\"/>",
        "<testsuites/>",
        "<!DOCTYPE result [<!ENTITY a \"b\">]><result xmlns=\"urn:onecard:result:1\">&a;</result>",
        "<!DOCTYPE result SYSTEM \"http://127.0.0.1/x\"><result xmlns=\"urn:onecard:result:1\"/>",
    };
    char folder[64];
    oc_sample_folder(folder);
    expect_refused(folder, OC_E_NOT_FOUND);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put(folder, texts[i]);
        expect_refused(folder, OC_E_FORMAT);
    }
    oc_sample_remove(folder);
}

static void cut_records_are_refused(void)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    char *whole = oc_sample_read(folder, "result.xml");
    size_t len = strlen(whole);
    for (size_t cut = 1; cut < len; cut += len / 37 + 1) {
        char kept = whole[cut];
        whole[cut] = '\0';
        put(folder, whole);
        expect_refused(folder, OC_E_FORMAT);
        whole[cut] = kept;
    }
    free(whole);
    oc_sample_remove(folder);
}

/* Replaces the first `from` by `to` (of the same length). */
static void expect_change_refused(const char *from, const char *to)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    char *whole = oc_sample_read(folder, "result.xml");
    char *at = strstr(whole, from);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    CU_ASSERT_EQUAL_FATAL(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    put(folder, whole);
    expect_refused(folder, OC_E_FORMAT);
    free(whole);
    oc_sample_remove(folder);
}

static void changed_records_are_refused(void)
{
    expect_change_refused("verdict=\"FAIL\" area", "verdict=\"PASS\" area");                   /* the counts tell */
    expect_change_refused("verdict=\"FAIL\" area", "verdict=\"GOOD\" area");                   /* no verdict */
    expect_change_refused("<case id=\"CARD.SAMPLE.00001\"", "<case id=\"CARD.SAMPLE.00003\""); /* there twice */
    expect_change_refused("pass=\"ssc-3.0/inproc\" verdict", "pass=\"ssc-3.1/inproc\" verdict");
    expect_change_refused("<case ", "<fall ");
    expect_change_refused("planned=\"19\"", "planned=\"x9\"");
    expect_change_refused("<pass id=\"ssc-3.0/inproc\"", "<pass id=\"ssc-3.0/pcsc\"  ");
}

static void what_is_no_file_is_refused(void)
{
    oc_diag diag = {0};
    OC_ASSERT_CODE(
        oc_report_write("html", &(oc_report_inputs){.result_path = "tests", .data_folder = "."}, "/dev/null/x", &diag),
        OC_E_IO);
    oc_diag_clear(&diag);
    OC_ASSERT_CODE(oc_report_write("pdf", &(oc_report_inputs){.result_path = "x", .data_folder = "."}, "y", &diag),
                   OC_E_USAGE);
}

static void an_old_report_stands_when_a_new_one_fails(void)
{
    char folder[64];
    char path[128];
    char out[128];
    oc_sample_folder(folder);
    oc_sample_result(folder, false, 0);
    oc_sample_path(path, sizeof path, folder, "result.xml");
    oc_sample_path(out, sizeof out, folder, "out.html");
    OC_ASSERT_OK(oc_file_replace(out, oc_span_text("old"), NULL));
    OC_ASSERT_CODE(
        oc_report_write("html", &(oc_report_inputs){.result_path = path, .data_folder = "/nowhere"}, out, NULL),
        OC_E_NOT_FOUND);
    char *kept = oc_sample_read(folder, "out.html");
    CU_ASSERT_STRING_EQUAL(kept, "old");
    free(kept);
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"foreign files are refused", foreign_files_are_refused},
        {"cut records are refused", cut_records_are_refused},
        {"changed records are refused", changed_records_are_refused},
        {"what is no file is refused", what_is_no_file_is_refused},
        {"an old report stands when a new one fails", an_old_report_stands_when_a_new_one_fails},
        {NULL, NULL},
    };
    return oc_test_main("reports: refused records", rows);
}
