/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dut/terminal_dut.h"
#include "sim/link/child.h"
#include "sim/link/io.h"
#include "tests/support/oc_test.h"

#define ANSWER_MS 30000
#define SILENCE_MS 300

struct mock {
    oc_child child;
    oc_lines lines;
    oc_terminal_dut *dut;
};

static struct mock open_mock(const char *way, const char *scheme, const char *dialect)
{
    struct mock mock = {0};
    char text[512];
    oc_span line;
    unsigned port = 0;
    oc_terminal_spec spec;
    oc_diag diag = {0};
    const oc_terminal_setup setup = {.timeout_ms = strcmp(way, "silent") == 0 ? SILENCE_MS : ANSWER_MS};
    snprintf(text, sizeof text, "exec tests/integration/terminal_dut/mock_bridge.py %s", way);
    OC_ASSERT_OK(oc_child_start(&mock.child, text, NULL));
    OC_ASSERT_OK(oc_lines_init(&mock.lines, mock.child.out_fd));
    OC_ASSERT_OK(oc_lines_next(&mock.lines, oc_deadline_in(ANSWER_MS), &line));
    CU_ASSERT_EQUAL_FATAL(sscanf((const char *)line.at, "%u", &port), 1);
    snprintf(text, sizeof text, "%s://127.0.0.1:%u/bridge,dialect=conformance/dut/bridges/%s.xml", scheme, port,
             dialect);
    OC_ASSERT_OK(oc_terminal_spec_parse(&spec, text, NULL));
    oc_result r = oc_terminal_dut_open(&mock.dut, &spec, &setup, &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s\n", diag.reason);
    }
    OC_ASSERT_OK(r);
    return mock;
}

static void close_mock(struct mock *mock)
{
    oc_terminal_dut_free(&mock->dut);
    oc_child_stop(&mock->child);
    oc_lines_free(&mock->lines);
}

static oc_breach call(struct mock *mock, const char *function, const char *const *pairs, oc_fields *answer)
{
    oc_fields args = {0};
    oc_breach breach;
    for (; pairs[0] != NULL; pairs += 2) {
        OC_ASSERT_OK(oc_fields_set_text(&args, pairs[0], pairs[1]));
    }
    OC_ASSERT_OK(oc_terminal_dut_begin(mock->dut, &breach, NULL));
    OC_ASSERT_OK(oc_terminal_dut_call(mock->dut, function, &args, answer, &breach, NULL));
    oc_fields_free(&args);
    return breach;
}

static void expect(const oc_fields *answer, const char *name, const char *text)
{
    oc_span value = oc_fields_span(answer, name);
    if (!oc_span_equal(value, oc_span_text(text))) {
        printf("\n    %s is \"%.*s\"\n", name, (int)value.len, (const char *)value.at);
        CU_FAIL("answer");
    }
}

static const char *const schemes[] = {"http", "ws"};
static const char *const read_args[] = {"type",      "1", "auth", "2",      "card-info", "a",
                                        "file-addr", "b", "pin",  "123456", NULL};
static const char *const basic[] = {"type", "9", NULL};

static void each_dialect_is_spoken(void)
{
    for (size_t i = 0; i < 2; i++) {
        oc_fields answer = {0};
        struct mock mock = open_mock("zero", schemes[i], "func-in");
        oc_breach breach = call(&mock, "iReadCard", read_args, &answer);
        CU_ASSERT_STRING_EQUAL(breach.text, "");
        expect(&answer, "code", "0");
        expect(&answer, "1", "{\"func\":\"iReadCard\",\"in\":[\"1\",\"2\",\"a\",\"b\"]}");
        expect(&answer, "2", "\xB2\xE2");
        /* The same connection again. */
        (void)call(&mock, "iReadCardBas", basic, &answer);
        expect(&answer, "1", "{\"func\":\"iReadCardBas\",\"in\":[\"9\"]}");
        close_mock(&mock);
        mock = open_mock("true", schemes[i], "function-parameters");
        (void)call(&mock, "iReadCard", read_args, &answer);
        expect(&answer, "code", "0");
        expect(&answer, "1",
               "{\"function\":\"iReadCard\",\"iType\":1,\"iAuthType\":2,\"pCardInfo\":\"a\",\"pFileAddr\":\"b\"}");
        (void)call(&mock, "iReadCardBas", basic, &answer);
        expect(&answer, "code", "false");
        close_mock(&mock);
        mock = open_mock("beijing", schemes[i], "beijing");
        (void)call(&mock, "iReadCard", read_args, &answer);
        expect(&answer, "code", "0");
        expect(&answer, "out", "{\"bizcode\":\"1005\",\"body\":\"1|2|a|b|123456|\"}");
        (void)call(&mock, "iReadCardBas", basic, &answer);
        expect(&answer, "code", "-22");
        breach = call(&mock, "iReadDebitRecord", basic, &answer);
        CU_ASSERT_EQUAL(breach.kind, OC_BREACH_MISSING);
        close_mock(&mock);
        oc_fields_free(&answer);
    }
}

static void codes_beside_the_success_are_taken(void)
{
    oc_fields answer = {0};
    struct mock mock = open_mock("code", "http", "func-in");
    (void)call(&mock, "iVerifyPIN", basic, &answer);
    expect(&answer, "code", "-51");
    close_mock(&mock);
    oc_fields_free(&answer);
}

static void bridges_that_misbehave_are_told(void)
{
    static const struct {
        const char *way;
        enum oc_breach_kind kind;
        const char *text;
        bool http_only;
    } rows[] = {{"garbage", OC_BREACH_GARBAGE, "no JSON object", false},
                {"empty", OC_BREACH_GARBAGE, "no member success", false},
                {"silent", OC_BREACH_HANG, "no answer within 300 ms", false},
                {"flood", OC_BREACH_FLOOD, "more than 1048576 bytes", false},
                {"hang-up", OC_BREACH_EXIT, "hung up", false},
                {"status", OC_BREACH_GARBAGE, "HTTP status 500", true}};
    for (size_t i = 0; i < 2 * (sizeof rows / sizeof rows[0]); i++) {
        size_t row = i / 2;
        oc_fields answer = {0};
        if (rows[row].http_only && i % 2 == 1) {
            continue;
        }
        struct mock mock = open_mock(rows[row].way, schemes[i % 2], "func-in");
        /* Twice: what failed is made anew. */
        for (int k = 0; k < 2; k++) {
            oc_breach breach = call(&mock, "iReadCardBas", basic, &answer);
            if (breach.kind != rows[row].kind || strstr(breach.text, rows[row].text) == NULL) {
                printf("\n    %s %s: %s \"%s\"\n", schemes[i % 2], rows[row].way, oc_breach_name(breach.kind),
                       breach.text);
                CU_FAIL("breach");
            }
        }
        close_mock(&mock);
        oc_fields_free(&answer);
    }
}

static void nobody_there_is_told(void)
{
    for (size_t i = 0; i < 2; i++) {
        oc_fields answer = {0};
        struct mock mock = open_mock("zero", schemes[i], "func-in");
        oc_child_stop(&mock.child);
        oc_breach breach = call(&mock, "iReadCardBas", basic, &answer);
        CU_ASSERT_EQUAL(breach.kind, OC_BREACH_LOAD);
        oc_terminal_dut_free(&mock.dut);
        oc_lines_free(&mock.lines);
        oc_fields_free(&answer);
    }
}

static void nobody_at_the_begin_is_no_terminal(void)
{
    static const struct {
        const char *target;
        enum oc_code code;
        const char *reason;
    } rows[] = {{"http://127.0.0.1:1/x", OC_E_UNAVAILABLE, "cannot be reached: nobody serves at 127.0.0.1 port 1"},
                {"http://[::1]:1/x", OC_E_UNAVAILABLE, "cannot be reached: nobody serves at ::1 port 1"},
                {"ws://127.0.0.1:1/x", OC_E_UNAVAILABLE, "cannot be reached: nobody serves at 127.0.0.1 port 1"},
                {"http://", OC_E_USAGE, "is no URL"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        oc_terminal_dut *dut = NULL;
        oc_terminal_spec spec;
        oc_diag diag = {0};
        const oc_terminal_setup setup = {.timeout_ms = ANSWER_MS};
        snprintf(text, sizeof text, "%s,dialect=conformance/dut/bridges/func-in.xml", rows[i].target);
        OC_ASSERT_OK(oc_terminal_spec_parse(&spec, text, NULL));
        OC_ASSERT_CODE(oc_terminal_dut_open(&dut, &spec, &setup, &diag), rows[i].code);
        CU_ASSERT_PTR_NULL(dut);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, rows[i].reason));
    }
}

static void a_dialect_is_needed(void)
{
    oc_terminal_dut *dut = NULL;
    oc_terminal_spec spec;
    oc_diag diag = {0};
    const oc_terminal_setup setup = {.timeout_ms = ANSWER_MS};
    OC_ASSERT_OK(oc_terminal_spec_parse(&spec, "http://127.0.0.1:1/", NULL));
    OC_ASSERT_CODE(oc_terminal_dut_open(&dut, &spec, &setup, &diag), OC_E_USAGE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "dialect=FILE"));
    OC_ASSERT_OK(
        oc_terminal_spec_parse(&spec, "http://h/,dialect=tests/integration/terminal_dut/odd_driver.xml", NULL));
    OC_ASSERT_CODE(oc_terminal_dut_open(&dut, &spec, &setup, NULL), OC_E_FORMAT);
}

int main(void)
{
    static const oc_test_row rows[] = {{"dialects", each_dialect_is_spoken},
                                       {"codes", codes_beside_the_success_are_taken},
                                       {"misbehaving", bridges_that_misbehave_are_told},
                                       {"nobody any more", nobody_there_is_told},
                                       {"nobody at the begin", nobody_at_the_begin_is_no_terminal},
                                       {"dialect needed", a_dialect_is_needed},
                                       {NULL, NULL}};
    return oc_test_main("terminal_bridge", rows);
}
