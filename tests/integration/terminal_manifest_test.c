/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dut/terminal_dut.h"
#include "tests/support/oc_program.h"
#include "tests/support/oc_test.h"

#define ANSWER_MS 30000

static oc_terminal_dut *open_odd(const char *reader)
{
    char variable[64];
    const char *const environment[] = {variable, NULL};
    const oc_terminal_setup setup = {
        .environment = environment, .timeout_ms = ANSWER_MS, .host_program = OC_DRIVER_HOST};
    oc_terminal_dut *dut = NULL;
    oc_terminal_spec spec;
    snprintf(variable, sizeof variable, "TEST_READER=%s", reader);
    OC_ASSERT_OK(oc_terminal_spec_parse(
        &spec, "driver:" OC_NASTY "/odd_driver.so,manifest=tests/integration/terminal_dut/odd_driver.xml", NULL));
    OC_ASSERT_OK(oc_terminal_dut_open(&dut, &spec, &setup, NULL));
    CU_ASSERT_PTR_NULL(oc_terminal_dut_unusable(dut));
    return dut;
}

/* One call of a case; `pairs` are names and values. */
static oc_breach call(oc_terminal_dut *dut, const char *function, const char *const *pairs, oc_fields *answer)
{
    oc_fields args = {0};
    oc_breach breach;
    for (; pairs[0] != NULL; pairs += 2) {
        OC_ASSERT_OK(oc_fields_set_text(&args, pairs[0], pairs[1]));
    }
    OC_ASSERT_OK(oc_terminal_dut_call(dut, function, &args, answer, &breach, NULL));
    oc_fields_free(&args);
    return breach;
}

static void expect(oc_terminal_dut *dut, const char *function, const char *const *pairs, const char *code,
                   const char *out)
{
    oc_fields answer = {0};
    oc_breach breach = call(dut, function, pairs, &answer);
    CU_ASSERT_STRING_EQUAL(breach.text, "");
    oc_span said = oc_fields_span(&answer, "out");
    if (!oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text(code)) ||
        !oc_span_equal(said, oc_span_text(out))) {
        printf("\n    %s: %.*s\n", function, (int)said.len, (const char *)said.at);
        CU_FAIL("answer");
    }
    oc_fields_free(&answer);
}

static void a_driver_is_called_as_it_wants(void)
{
    static const char *const basic[] = {"type", "1", NULL};
    static const char *const other[] = {"type", "2", NULL};
    static const char *const pin[] = {"type", "1", "pin", "286719", NULL};
    static const char *const read[] = {"type", "1", "auth", "1", "file-addr", "SSSEEF06", "pin", "286719", NULL};
    static const char *const read_on[] = {"type", "1", "auth", "1", "file-addr", "SSSEEF06", NULL};
    static const char *const change[] = {"type", "1", "old", "1111", "new", "22222", NULL};
    static const char *const differ[] = {"type", "1", "old", "1111", "new", "22222", "again", "3", NULL};
    static const char *const cancel[] = {"type", "1", "keypad", "timeout", NULL};
    static const char *const reload[] = {"new", "22222", NULL};
    static const char *const null[] = {"type", "1", "null", "file-addr card-info", NULL};
    static const char *const null_out[] = {"type", "1", "null", "out", NULL};
    static const char *const null_none[] = {"type", "1", "null", "card", NULL};
    oc_breach breach;
    oc_terminal_dut *dut = open_odd("reader 7");
    OC_ASSERT_OK(oc_terminal_dut_begin(dut, &breach, NULL));
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    expect(dut, "iReadCardBas", basic, "0", "1|2|3|4|5|6|7|8|100|");
    expect(dut, "iReadCardBas", other, "-14", "1|2|3|4|5|6|7|8|100|");
    expect(dut, "iVerifyPIN", pin, "0", "286719 7");
    expect(dut, "iReadCard", read, "0", "286719 SSSEEF06");
    expect(dut, "iReadCard", read_on, "0", " SSSEEF06");
    expect(dut, "iChangePIN", change, "0", "4 5 5 1111 22222 22222");
    expect(dut, "iChangePIN", differ, "0", "4 5 1 1111 22222 3");
    expect(dut, "iChangePIN", cancel, "-32", "-32 -32 -32   ");
    expect(dut, "iReloadPIN", reload, "0", "22222 22222 none odd value\n");
    expect(dut, "iWriteCard", null, "-14", "");
    expect(dut, "iWriteCard", null_out, "-14", "");
    expect(dut, "iWriteCard", null_none, "0", "");
    CU_ASSERT_FALSE(oc_terminal_dut_has(dut, "iUnblockPIN"));
    CU_ASSERT_TRUE(oc_terminal_dut_has(dut, "iReadCardBas"));
    OC_ASSERT_OK(oc_terminal_dut_end(dut, &breach, NULL));
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    CU_ASSERT_TRUE(oc_span_equal(oc_terminal_dut_printed(dut), oc_span_text("closed\n")));
    oc_terminal_dut_free(&dut);
}

static void an_init_call_that_fails_is_told(void)
{
    oc_breach breach;
    oc_terminal_dut *dut = open_odd("reader 8");
    OC_ASSERT_OK(oc_terminal_dut_begin(dut, &breach, NULL));
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_LOAD);
    CU_ASSERT_STRING_EQUAL(breach.text, "iOpenDev, which the manifest has called around the others, returned -11");
    oc_terminal_dut_free(&dut);
}

static void departures_are_findings(void)
{
    static const char *const none[] = {NULL};
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_odd("reader 7");
    (void)call(dut, "describe", none, &answer);
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "code"), oc_span_text("0")));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "departures"), oc_span_text("10")));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "departure-pin"), oc_span_text("iVerifyPIN")));
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

/* The one beside the library is found, and what is wrong with it ends the run before it begins. */
static void a_manifest_lies_beside_the_library(void)
{
    const oc_terminal_setup setup = {.timeout_ms = ANSWER_MS, .host_program = OC_DRIVER_HOST};
    char folder[PATH_MAX];
    char path[PATH_MAX];
    oc_terminal_dut *dut = NULL;
    oc_terminal_spec spec;
    oc_diag diag = {0};
    oc_temp_make(folder);
    oc_temp_path(path, folder, "driver.xml");
    oc_temp_write(folder, "driver.xml", "<driver xmlns=\"urn:onecard:driver:1\">\n<basic items=\"10\"/>\n</driver>");
    char text[PATH_MAX + 32];
    snprintf(text, sizeof text, "driver:%s/driver.so", folder);
    OC_ASSERT_OK(oc_terminal_spec_parse(&spec, text, NULL));
    OC_ASSERT_CODE(oc_terminal_dut_open(&dut, &spec, &setup, &diag), OC_E_FORMAT);
    CU_ASSERT_STRING_EQUAL(diag.file, path);
    CU_ASSERT_EQUAL(diag.line, 2);
    oc_temp_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {{"calls", a_driver_is_called_as_it_wants},
                                       {"init", an_init_call_that_fails_is_told},
                                       {"departures", departures_are_findings},
                                       {"beside", a_manifest_lies_beside_the_library},
                                       {NULL, NULL}};
    return oc_test_main("terminal_manifest", rows);
}
