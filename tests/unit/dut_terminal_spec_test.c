/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/terminal_spec.h"
#include "tests/support/oc_test.h"

static void every_form_is_taken_apart(void)
{
    static const struct {
        const char *text;
        enum oc_terminal_kind kind;
        const char *target;
        const char *manifest;
        const char *dialect;
        unsigned port;
    } rows[] = {
        {"virtual", OC_TERMINAL_VIRTUAL, "", "", "", 0},
        {"manual", OC_TERMINAL_MANUAL, "", "", "", 0},
        {"manual,seconds=60", OC_TERMINAL_MANUAL, "", "", "", 0},
        {"driver:a/b.so", OC_TERMINAL_DRIVER, "a/b.so", "", "", 0},
        {"driver:b.so,manifest=m,1.xml", OC_TERMINAL_DRIVER, "b.so", "m,1.xml", "", 0},
        {"exec:a b, manifest=c", OC_TERMINAL_EXEC, "a b, manifest=c", "", "", 0},
        {"tcp:host:7777", OC_TERMINAL_TCP, "host", "", "", 7777},
        {"tcp:[::1]:1,manifest=x.xml", OC_TERMINAL_TCP, "::1", "x.xml", "", 1},
        {"ws://localhost:80/a", OC_TERMINAL_WS, "ws://localhost:80/a", "", "", 0},
        {"ws:wss://h/,dialect=d.xml", OC_TERMINAL_WS, "wss://h/", "", "d.xml", 0},
        {"http:http://h/", OC_TERMINAL_HTTP, "http://h/", "", "", 0},
        {"https://h/?a=b", OC_TERMINAL_HTTP, "https://h/?a=b", "", "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_terminal_spec spec;
        OC_ASSERT_OK(oc_terminal_spec_parse(&spec, rows[i].text, NULL));
        CU_ASSERT_EQUAL(spec.kind, rows[i].kind);
        CU_ASSERT_STRING_EQUAL(spec.text, rows[i].text);
        CU_ASSERT_STRING_EQUAL(spec.target, rows[i].target);
        CU_ASSERT_STRING_EQUAL(spec.manifest, rows[i].manifest);
        CU_ASSERT_STRING_EQUAL(spec.dialect, rows[i].dialect);
        CU_ASSERT_EQUAL(spec.port, rows[i].port);
        CU_ASSERT_EQUAL(spec.seconds, strstr(rows[i].text, "seconds=60") != NULL ? 60 : 0);
    }
}

static void others_are_usage(void)
{
    static const char *const wrong[] = {"",
                                        "pcsc:x",
                                        "driver:",
                                        "driver:,manifest=x",
                                        "exec:",
                                        "tcp:host",
                                        "tcp:h:0",
                                        "tcp:h:65536",
                                        "tcp:h:12a",
                                        "tcp::1",
                                        "ws:",
                                        "virtual ",
                                        "tcp:h:",
                                        "manual,seconds=0",
                                        "manual,seconds=86401",
                                        "manual,seconds=1s",
                                        "manual,",
                                        "manual,minutes=1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        oc_terminal_spec spec;
        oc_diag diag = {0};
        OC_ASSERT_CODE(oc_terminal_spec_parse(&spec, wrong[i], &diag), OC_E_USAGE);
        CU_ASSERT_TRUE(diag.reason[0] != '\0');
    }
    char room[OC_TERMINAL_SPEC_ROOM + 8] = {0};
    memset(room, 'a', sizeof room - 1);
    oc_terminal_spec spec;
    OC_ASSERT_CODE(oc_terminal_spec_parse(&spec, room, NULL), OC_E_USAGE);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"forms", every_form_is_taken_apart}, {"usage", others_are_usage}, {NULL, NULL}};
    return oc_test_main("dut_terminal_spec", rows);
}
