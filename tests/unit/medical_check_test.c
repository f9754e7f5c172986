/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/oc_test.h"

static oc_region *region;

static const char *flaw_in(const char *infno, bool request, const char *content)
{
    static char text[160];
    oc_med_findings findings = {0};
    json_t *json = json_loads(content, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(json);
    oc_med_check_content(oc_region_message(region, infno), request, json, &findings);
    json_decref(json);
    snprintf(text, sizeof text, "%s%s%s", findings.count == 0 ? "" : oc_med_flaw_word(findings.at[0].flaw),
             findings.count == 0 ? "" : " ", findings.count == 0 ? "" : findings.at[0].path);
    return text;
}

static void content_is_held_against_the_table(void)
{
    static const struct {
        const char *content;
        const char *flaw;
    } rows[] = {
        {"{\"data\":{\"psn_no\":\"1\",\"mdtrt_id\":\"M1\",\"chrg_bchno\":\"0000\"}}", ""},
        {"{\"data\":[{\"psn_no\":\"1\",\"mdtrt_id\":\"M1\",\"chrg_bchno\":\"0000\"}]}", "type data"},
        {"{\"data\":{\"psn_no\":\"1\",\"mdtrt_id\":\"M1\"}}", "missing data.chrg_bchno"},
        {"{\"data\":{\"psn_no\":\"1\",\"mdtrt_id\":\"M1\",\"chrg_bchno\":\"\"}}", "missing data.chrg_bchno"},
        {"{\"data\":{\"psn_no\":\"1\",\"mdtrt_id\":\"M1\",\"chrg_bchno\":null}}", "missing data.chrg_bchno"},
        {"{\"data\":{\"psn_no\":\"1\",\"mdtrt_id\":\"M1\",\"chrg_bchno\":7}}", "type data.chrg_bchno"},
        {"{\"data\":{\"psn_no\":\"1\",\"mdtrt_id\":\"M1\",\"chrg_bchno\":\"0123456789012345678901234567890\"}}",
         "too-long data.chrg_bchno"},
        {"{\"data\":{\"psn_no\":\"1\",\"mdtrt_id\":\"M1\",\"chrg_bchno\":"
         "\"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十\"}}",
         ""},
        {"{\"data\":{\"psn_no\":\"1\",\"mdtrt_id\":\"M1\",\"chrg_bchno\":\"1\",\"x\":1}}", "unknown data.x"},
        {"{}", "missing data"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_STRING_EQUAL(flaw_in("2205", true, rows[i].content), rows[i].flaw);
    }
}

static const char *with(const char *field, const char *value)
{
    static char text[1024];
    snprintf(text, sizeof text, "{\"data\":{\"mdtrt_cert_type\":\"02\",\"mdtrt_cert_no\":\"1\",\"%s\":%s}}", field,
             value);
    return text;
}

static void types_are_told_apart(void)
{
    static const struct {
        const char *field;
        const char *value;
        const char *flaw;
    } rows[] = {
        {"begntime", "\"2026-02-28 23:59:59\"", ""},
        {"begntime", "\"2026-02-29 23:59:59\"", "type data.begntime"},
        {"begntime", "\"2024-02-29 23:59:59\"", ""},
        {"begntime", "\"2026-13-01 00:00:00\"", "type data.begntime"},
        {"begntime", "\"2026-01-01 24:00:00\"", "type data.begntime"},
        {"begntime", "\"2026-01-01\"", "type data.begntime"},
        {"psn_cert_type", "\"01\"", ""},
        {"psn_cert_type", "\"77\"", "dictionary data.psn_cert_type"},
        {"mdtrt_cert_type", "\"03\"", "missing data.card_sn"},
        {"mdtrt_cert_type", "\"00\"", "dictionary data.mdtrt_cert_type"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_STRING_EQUAL(flaw_in("1101", true, with(rows[i].field, rows[i].value)), rows[i].flaw);
    }
}

static void answers_have_tables_too(void)
{
    CU_ASSERT_STRING_EQUAL(flaw_in("9001", false, "{\"signinoutb\":{\"sign_time\":\"2026-01-01 00:00:00\"}}"),
                           "missing signinoutb.sign_no");
    CU_ASSERT_STRING_EQUAL(flaw_in("3201", false, "{\"stmtinfo\":{\"setl_optins\":\"310000\",\"stmt_rslt\":\"2\"}}"),
                           "dictionary stmtinfo.stmt_rslt");
}

static void personal_data_is_not_shown(void)
{
    oc_med_findings findings = {0};
    json_t *json = json_loads(
        "{\"data\":{\"mdtrt_cert_type\":\"02\",\"mdtrt_cert_no\":\"1\",\"psn_name\":"
        "\"示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示例示\"}}",
        0, NULL);
    oc_med_check_content(oc_region_message(region, "1101"), true, json, &findings);
    json_decref(json);
    CU_ASSERT_EQUAL_FATAL(findings.count, 1);
    CU_ASSERT_STRING_EQUAL(findings.at[0].received, "51 characters");
}

static bool refuses(const char *xml, const char *reason)
{
    char folder[] = "/tmp/onecard-region-XXXXXX";
    char path[64];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a-region.xml", folder);
    oc_region *bad = NULL;
    oc_diag diag = {0};
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(xml, file);
    fclose(file);
    bool refused = !oc_is_ok(oc_region_load(&bad, path, "vectors/schema", &diag)) && diag.line >= 0 &&
                   (strstr(diag.reason, reason) != NULL || strstr(diag.file, reason) != NULL);
    if (!refused) {
        printf("\n%s:%ld: %s\n", diag.file, diag.line, diag.reason);
    }
    remove(path);
    rmdir(folder);
    oc_region_free(&bad);
    return refused;
}

#define HEAD "<region xmlns=\"urn:onecard:region:1\" id=\"x\" admdvs=\"310000\""
#define TAIL                                                                                                          \
    "<title xml:lang=\"en\">x</title><rules/><signature scheme=\"none\"/>"                                            \
    "<persons seed=\"1\" admdvs=\"310101\" balance-fen=\"1\" count=\"1\"/></region>"

static void bad_regions_are_refused(void)
{
    CU_ASSERT_TRUE(refuses(HEAD ">" TAIL, "either messages or a region"));
    CU_ASSERT_TRUE(refuses(HEAD " messages=\"nowhere.xml\">" TAIL, "nowhere"));
    CU_ASSERT_TRUE(refuses(HEAD " messages=\"../x.xml\">" TAIL, "messages"));
    CU_ASSERT_TRUE(refuses(HEAD " based-on=\"a-region.xml\">" TAIL, "based on one another"));
    CU_ASSERT_TRUE(refuses("<region/>", "region"));
    CU_ASSERT_TRUE(refuses("<!DOCTYPE a [<!ENTITY e \"x\">]><region>&e;</region>", ""));
}

int main(void)
{
    static const oc_test_row rows[] = {{"content is held against the table", content_is_held_against_the_table},
                                       {"types are told apart", types_are_told_apart},
                                       {"answers have tables, too", answers_have_tables_too},
                                       {"personal data is not shown", personal_data_is_not_shown},
                                       {"bad regions are refused", bad_regions_are_refused},
                                       {NULL, NULL}};
    oc_diag diag = {0};
    if (!oc_is_ok(oc_region_load(&region, "vectors/regions/national.xml", "vectors/schema", &diag))) {
        printf("%s:%ld: %s\n", diag.file, diag.line, diag.reason);
        return 1;
    }
    int code = oc_test_main("medical check", rows);
    oc_region_free(&region);
    return code;
}
