/* SPDX-License-Identifier: Apache-2.0 */
/* Limits, thresholds and comparisons as a pipeline sees them. Whatever is asserted of time holds on any machine: a card
 * that waits 20 ms takes 20 ms or more. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "tests/integration/cli_kit.h"

#define READ "--profile", OC_CARD_3, "-k", "^FLOW\\.AUT-1\\.READ$", "vectors/flows"

static oc_cli_kit kit;

static char *file_text(const char *name)
{
    char path[PATH_MAX];
    oc_buf text = {0};
    oc_diag diag = {0};
    oc_temp_path(path, kit.out, name);
    OC_ASSERT_OK(oc_file_read(&text, path, OC_BUF_MAX, &diag));
    char *copy = strndup((const char *)text.at, text.len);
    oc_buf_free(&text);
    return copy;
}

/* Runs, and looks for `part` in what was said and for the exit code in the record. */
static void expect_run(const char *const *arguments, int code, const char *part)
{
    oc_program program;
    char attribute[32];
    oc_kit_command(&program, &kit, "run", arguments);
    CU_ASSERT_EQUAL(program.code, code);
    CU_ASSERT_TRUE(part == NULL || strstr(oc_program_out(&program), part) != NULL);
    char *record = file_text("result.xml");
    snprintf(attribute, sizeof attribute, " exit-code=\"%d\"", code);
    CU_ASSERT_PTR_NOT_NULL(strstr(record, attribute));
    free(record);
    oc_program_free(&program);
}

static void thresholds_decide_the_exit_code(void)
{
    expect_run(OC_ARGS("--threshold", "tx.aut-1.read:min>=0ms", READ), 0, NULL);
    expect_run(OC_ARGS("--threshold", "tx.aut-1.read:min>=0ms", "--threshold", "tx.aut-1.read:max<1ns", READ), 5,
               "latency missed: threshold tx.aut-1.read:max<1ns");
    expect_run(OC_ARGS("--threshold", "tx.nothing:max<1s", READ), 5, "names nothing that was measured");
    char *page = file_text("report.html");
    CU_ASSERT_PTR_NOT_NULL(strstr(page, "tx.nothing:max&lt;1s"));
    free(page);
}

static void write_limits(char path[PATH_MAX], const char *value)
{
    oc_temp_path(path, kit.folder, "limits.xml");
    FILE *out = fopen(path, "we");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    fprintf(
        out,
        "<limits xmlns='urn:onecard:limits:1' id='t'><rule id='DR1' kind='max' confidence='0.95' minimum-n='2' "
        "guard-band='none' clock='any'/><limit id='read' scope='tx.aut-1.read' statistic='max' value='%s' unit='ms' "
        "rule='DR1' source='S' status='house'/></limits>",
        value);
    fclose(out);
}

/* A card that waits breaks the limit at its first transaction; with too few samples a kept one stays open. */
static void a_scripted_stall_breaks_a_limit(void)
{
    char limits[PATH_MAX];
    write_limits(limits, "15");
    expect_run(OC_ARGS("--limits", limits, "--card-delay-us", "20000", READ), 5,
               "latency missed: read max <= 15 ms for FLOW.AUT-1.READ");
    char *record = file_text("result.xml");
    CU_ASSERT_PTR_NOT_NULL(strstr(record, "<limits id=\"t\" file=\"limits.xml\" sha256=\""));
    free(record);
    write_limits(limits, "3600000");
    expect_run(OC_ARGS("--limits", limits, READ), 6, "latency undecided: read max <= 3600000 ms");
    expect_run(OC_ARGS("--limits", limits, "--repeat", "2", READ), 0, NULL);
}

/* The record holds what the page needs: the limits file is gone by now. */
static void the_page_follows_from_the_record(void)
{
    char limits[PATH_MAX];
    char record[PATH_MAX];
    char format[PATH_MAX + 32];
    oc_program program;
    write_limits(limits, "15");
    expect_run(OC_ARGS("--limits", limits, "--card-delay-us", "20000", READ), 5, NULL);
    remove(limits);
    oc_temp_path(record, kit.out, "result.xml");
    snprintf(format, sizeof format, "html=%s/again.html", kit.out);
    oc_kit_command(&program, &kit, "report", OC_ARGS("--format", format, record));
    CU_ASSERT_EQUAL(program.code, 0);
    oc_program_free(&program);
    char *once = file_text("report.html");
    char *again = file_text("again.html");
    CU_ASSERT_STRING_EQUAL(once, again);
    CU_ASSERT_PTR_NOT_NULL(strstr(once, "超出限值"));
    free(once);
    free(again);
}

static void bad_limits_stop_before_the_run(void)
{
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--threshold", "tx.a:p95<1", READ), "threshold tx.a:p95<1"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--limits", "vectors/terms.xml", READ), "terms.xml"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--limits", "/nowhere/limits.xml", READ), "/nowhere/limits.xml"),
                    2);
}

static void records_are_compared(void)
{
    oc_program program;
    char record[PATH_MAX];
    char other[PATH_MAX];
    expect_run(OC_ARGS(READ), 0, NULL);
    oc_temp_path(record, kit.out, "result.xml");
    oc_temp_path(other, kit.out, "base.xml");
    CU_ASSERT_EQUAL(rename(record, other), 0);
    expect_run(OC_ARGS("--profile", OC_CARD_3, "-k", "^FLOW\\.AUT-1\\.", "--baseline", other, "vectors/flows"), 0,
               NULL);
    char *page = file_text("report.html");
    CU_ASSERT_PTR_NOT_NULL(strstr(page, "id=\"comparison\""));
    free(page);
    oc_kit_command(&program, &kit, "compare", OC_ARGS(other, record));
    CU_ASSERT_EQUAL(program.code, 0); /* cases were added */
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "no regression"));
    oc_program_free(&program);
    oc_kit_command(&program, &kit, "compare", OC_ARGS("--json", record, other));
    CU_ASSERT_EQUAL(program.code, 1); /* cases are missing */
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "\"regression\": true"));
    oc_program_free(&program);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "compare", OC_ARGS(record), "two records"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "compare", OC_ARGS(record, "vectors/terms.xml"), "terms.xml"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "compare", OC_ARGS(record, "/nowhere.xml"), "/nowhere.xml"), 2);
}

/* One of two parts has nothing of the flow and misses the threshold; together they keep it. */
static void parts_are_judged_together(void)
{
    char parts[2][PATH_MAX];
    int codes = 0;
    oc_program program;
    for (unsigned i = 0; i < 2; i++) {
        oc_cli_kit part = kit;
        oc_temp_path(parts[i], kit.folder, i == 0 ? "part-1" : "part-2");
        memcpy(part.out, parts[i], sizeof part.out);
        oc_kit_command(&program, &part, "run",
                       OC_ARGS("--shard", i == 0 ? "1/2" : "2/2", "--threshold", "tx.aut-1.read:max<100000s",
                               "--profile", OC_CARD_3, "-k", "^FLOW\\.AUT-1\\.", "vectors/flows"));
        codes += program.code;
        oc_program_free(&program);
    }
    CU_ASSERT_EQUAL(codes, 5);
    oc_kit_command(&program, &kit, "merge", OC_ARGS("-o", kit.out, parts[0], parts[1]));
    CU_ASSERT_EQUAL(program.code, 0);
    oc_program_free(&program);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"thresholds decide the exit code", thresholds_decide_the_exit_code},
        {"a scripted stall breaks a limit", a_scripted_stall_breaks_a_limit},
        {"the page follows from the record", the_page_follows_from_the_record},
        {"bad limits stop before the run", bad_limits_stop_before_the_run},
        {"records are compared", records_are_compared},
        {"parts are judged together", parts_are_judged_together},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("onecard: latency", rows);
    oc_kit_close(&kit);
    return code;
}
