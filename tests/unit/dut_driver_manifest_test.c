/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dut/driver_manifest.h"
#include "tests/support/oc_test.h"

#define HEAD "<driver xmlns=\"urn:onecard:driver:1\">\n"
#define TAIL "</driver>"

static oc_driver_manifest *parse(const char *text)
{
    oc_driver_manifest *manifest = NULL;
    oc_diag diag = {0};
    oc_result r = oc_driver_manifest_parse(&manifest, oc_span_text(text), "driver.xml", &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s\n", diag.reason);
    }
    OC_ASSERT_OK(r);
    return manifest;
}

static void expect_departures(const oc_driver_manifest *manifest, const char *const *pairs, const char *count)
{
    oc_fields answer = {0};
    OC_ASSERT_OK(oc_driver_manifest_departures(manifest, &answer));
    for (; pairs[0] != NULL; pairs += 2) {
        oc_span text = oc_fields_span(&answer, pairs[0]);
        if (!oc_span_equal(text, oc_span_text(pairs[1]))) {
            printf("\n    %s is \"%.*s\"\n", pairs[0], (int)text.len, (const char *)text.at);
            CU_FAIL("departure");
        }
    }
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "departures"), oc_span_text(count)));
    oc_fields_free(&answer);
}

static void the_default_is_the_standard(void)
{
    static const char *const none[] = {"departure-parameters", "", "departure-items", "", NULL};
    oc_driver_manifest *manifest = NULL;
    OC_ASSERT_OK(oc_driver_manifest_default(&manifest));
    const oc_driver_call *call = oc_driver_manifest_function(manifest, "iReadCard");
    CU_ASSERT_PTR_NOT_NULL_FATAL(call);
    CU_ASSERT_EQUAL(call->count, 5);
    CU_ASSERT_EQUAL(call->parameters[0].kind, OC_DRIVER_INT);
    CU_ASSERT_STRING_EQUAL(call->parameters[3].from, "file-addr");
    CU_ASSERT_EQUAL(call->parameters[4].kind, OC_DRIVER_OUT);
    CU_ASSERT_EQUAL(call->buffer, OC_DRIVER_BUFFER);
    /* The project's own functions are no driver's. */
    CU_ASSERT_PTR_NULL(oc_driver_manifest_function(manifest, "iAuthCard"));
    CU_ASSERT_EQUAL(oc_driver_manifest_functions(manifest).count, 25);
    CU_ASSERT_EQUAL(oc_driver_manifest_code(manifest, -14), -14);
    CU_ASSERT_EQUAL(oc_driver_manifest_long_bits(manifest), 0);
    CU_ASSERT_TRUE(oc_driver_manifest_is_stdcall(manifest));
    CU_ASSERT_FALSE(oc_driver_manifest_keeps(manifest));
    expect_departures(manifest, none, "0");
    oc_driver_manifest_free(&manifest);
}

static void a_manifest_that_says_nothing_is_the_default(void)
{
    static const char *const none[] = {"departure-buffer", "", NULL};
    oc_driver_manifest *manifest = parse(HEAD TAIL);
    expect_departures(manifest, none, "0");
    oc_driver_manifest_free(&manifest);
    manifest = parse(HEAD "<function name=\"iVerifyPIN\"><int from=\"type\"/><out/></function>" TAIL);
    expect_departures(manifest, none, "0");
    oc_driver_manifest_free(&manifest);
}

static const char full[] = HEAD
    "<title xml:lang=\"en\">a driver</title><abi long=\"32\" convention=\"c\"/><buffer size=\"1024\"/>"
    "<basic items=\"9\"/><process keep=\"yes\"/><environment name=\"A\" value=\"b c\"/>"
    "<code driver=\"1\" standard=\"0\"/><code driver=\"0\" standard=\"-11\"/>"
    "<init><call function=\"iOpenDev\"><in value=\"USB1\"/><in from=\"env:X\"/></call></init>"
    "<exit><call function=\"iCloseDev\"/></exit>"
    "<keypad><call function=\"iPKBInputPIN\" before=\"iReadCard\"><in from=\"pin\"/></call></keypad>"
    "<function name=\"iVerifyPIN\"><int from=\"type\"/><in from=\"pin\"/><out/><size/></function>"
    "<function name=\"iReadCardBas\" symbol=\"ReadCardBas2\" buffer=\"2048\"/>"
    "<absent function=\"iDoDebit_HSM_Step1\"/><absent function=\"PKI_SignData\"/>" TAIL;

static void everything_can_depart(void)
{
    static const char *const all[] = {"departure-parameters",
                                      "iVerifyPIN(type, pin, out, size)",
                                      "departure-symbols",
                                      "iReadCardBas is exported as ReadCardBas2",
                                      "departure-absent",
                                      "iDoDebit_HSM_Step1, PKI_SignData",
                                      "departure-init",
                                      "iOpenDev(in, env:X), iCloseDev()",
                                      "departure-pin",
                                      "iVerifyPIN",
                                      "departure-keypad",
                                      "iPKBInputPIN(pin)",
                                      "departure-codes",
                                      "1 for 0, 0 for -11",
                                      "departure-long",
                                      "results have 32 bits",
                                      "departure-convention",
                                      "functions are called by C's convention",
                                      "departure-buffer",
                                      "1024 bytes, iReadCardBas 2048 bytes",
                                      "departure-items",
                                      "iReadCardBas returns 9 items",
                                      NULL};
    oc_driver_manifest *manifest = parse(full);
    expect_departures(manifest, all, "11");
    CU_ASSERT_PTR_NULL(oc_driver_manifest_function(manifest, "PKI_SignData"));
    CU_ASSERT_STRING_EQUAL(oc_driver_manifest_function(manifest, "PKI_VerifySign")->function, "PKI_VerifySign");
    CU_ASSERT_EQUAL(oc_driver_manifest_code(manifest, 1), 0);
    CU_ASSERT_EQUAL(oc_driver_manifest_code(manifest, 0), -11);
    CU_ASSERT_EQUAL(oc_driver_manifest_code(manifest, -2), -2);
    CU_ASSERT_STRING_EQUAL(oc_driver_manifest_environment(manifest)[0], "A=b c");
    CU_ASSERT_PTR_NULL(oc_driver_manifest_environment(manifest)[1]);
    CU_ASSERT_STRING_EQUAL(oc_driver_manifest_keypad(manifest).at[0].before, "iReadCard");
    CU_ASSERT_TRUE(oc_driver_manifest_keeps(manifest));
    oc_driver_manifest_free(&manifest);
}

static void wrong_ones_are_told_by_line(void)
{
    static const struct {
        const char *text;
        long line;
        const char *reason;
    } rows[] = {
        {"<driver/>", 1, ""},
        {HEAD "<nonsense/>" TAIL, 2, "nonsense"},
        {HEAD "<abi long=\"16\"/>" TAIL, 2, "16"},
        {HEAD "<buffer size=\"65537\"/>" TAIL, 2, "65537"},
        {HEAD "<function name=\"iScan\"/>" TAIL, 2, "iScan is no function of the standard"},
        {HEAD "<function name=\"iVerifyPIN\"><out/>\n<out/></function>" TAIL, 2, "one output buffer"},
        {HEAD "<function name=\"iVerifyPIN\">\n<int/></function>" TAIL, 3, "either from or value"},
        {HEAD "<function name=\"iVerifyPIN\">\n<int from=\"type\" value=\"1\"/></function>" TAIL, 3, "either from or"},
        {HEAD "<function name=\"iVerifyPIN\">\n<int value=\"1x\"/></function>" TAIL, 3, "1x is no whole number"},
        {HEAD "\n<absent function=\"iScan\"/>" TAIL, 3, "iScan"},
        {HEAD "<absent function=\"iVerifyPIN\"/>\n<absent function=\"iVerifyPIN\"/>" TAIL, 3, "absent twice"},
        {HEAD "<code driver=\"1\" standard=\"0\"/>" TAIL, 1, "what the driver's 0 is"},
        {HEAD "<code driver=\"1\" standard=\"-1\"/><code driver=\"1\" standard=\"-2\"/>" TAIL, 2, "twice"},
        {HEAD "<init><call function=\"a\" before=\"iVerifyPIN\"/></init>" TAIL, 2, "belongs to keypad only"},
        {HEAD "<keypad><call function=\"a\" before=\"iScan\"/></keypad>" TAIL, 2, "iScan is no function"},
        {HEAD "<init><call/></init>" TAIL, 2, "function"},
        {"<!DOCTYPE driver>" HEAD TAIL, 1, "DOCTYPE"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_driver_manifest *manifest = NULL;
        oc_diag diag = {0};
        OC_ASSERT_CODE(oc_driver_manifest_parse(&manifest, oc_span_text(rows[i].text), "driver.xml", &diag),
                       OC_E_FORMAT);
        CU_ASSERT_PTR_NULL(manifest);
        CU_ASSERT_STRING_EQUAL(diag.file, "driver.xml");
        if (diag.line != rows[i].line || strstr(diag.reason, rows[i].reason) == NULL) {
            printf("\n    %zu: line %ld, %s\n", i, diag.line, diag.reason);
            CU_FAIL("diag");
        }
    }
}

int main(void)
{
    static const oc_test_row rows[] = {{"default", the_default_is_the_standard},
                                       {"nothing", a_manifest_that_says_nothing_is_the_default},
                                       {"everything", everything_can_depart},
                                       {"wrong", wrong_ones_are_told_by_line},
                                       {NULL, NULL}};
    return oc_test_main("dut_driver_manifest", rows);
}
