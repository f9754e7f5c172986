/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "conformance/dut/terminal_dut.h"
#include "sim/link/child.h"
#include "sim/link/io.h"
#include "tests/support/oc_test.h"

/* Long enough for any machine, where an answer is expected; short where silence is. */
#define ANSWER_MS 30000
#define SILENCE_MS 300

#define ANSWER(text) "read q; echo '{\"id\":1,\"hello\":\"t\"}'; read q; echo '" text "'; read q"

static oc_terminal_dut *open_spec(const char *text, int timeout_ms)
{
    static const char *const environment[] = {"TEST_SAYS=hello", NULL};
    const oc_terminal_setup setup = {
        .environment = environment, .timeout_ms = timeout_ms, .host_program = OC_DRIVER_HOST};
    oc_terminal_dut *dut = NULL;
    oc_terminal_spec spec;
    OC_ASSERT_OK(oc_terminal_spec_parse(&spec, text, NULL));
    OC_ASSERT_OK(oc_terminal_dut_open(&dut, &spec, &setup, NULL));
    return dut;
}

struct argument {
    const char *name;
    const char *value;
};

/* A case with one call; `answer` may be NULL. */
static oc_breach run_call(oc_terminal_dut *dut, const char *function, const struct argument *arguments,
                          oc_fields *answer)
{
    oc_fields args = {0};
    oc_fields own = {0};
    oc_breach breach[3] = {{0}};
    for (const struct argument *at = arguments; at != NULL && at->name != NULL; at++) {
        OC_ASSERT_OK(oc_fields_set_text(&args, at->name, at->value));
    }
    OC_ASSERT_OK(oc_terminal_dut_begin(dut, &breach[0], NULL));
    OC_ASSERT_OK(oc_terminal_dut_call(dut, function, &args, answer == NULL ? &own : answer, &breach[1], NULL));
    OC_ASSERT_OK(oc_terminal_dut_end(dut, &breach[2], NULL));
    oc_fields_free(&args);
    oc_fields_free(&own);
    return breach[0].kind != OC_BREACH_NONE ? breach[0] : breach[1].kind != OC_BREACH_NONE ? breach[1] : breach[2];
}

static void expect_field(const oc_fields *answer, const char *name, const char *text)
{
    oc_span value = oc_fields_span(answer, name);
    if (!oc_span_equal(value, oc_span_text(text))) {
        printf("\n    %s is \"%.*s\", not \"%s\"\n", name, (int)value.len, (const char *)value.at, text);
        CU_FAIL("field");
    }
}

static void expect_breach(const char *what, const oc_breach *breach, enum oc_breach_kind kind, const char *text)
{
    if (breach->kind != kind || strstr(breach->text, text) == NULL) {
        printf("\n    %s: %s \"%s\", not %s \"%s\"\n", what, oc_breach_name(breach->kind), breach->text,
               oc_breach_name(kind), text);
        CU_FAIL("breach");
    }
}

static void use_fake_terminal(const char *spec)
{
    const struct argument basic[] = {{"type", "1"}, {NULL, NULL}};
    const struct argument good[] = {{"type", "1"}, {"pin", "286719"}, {NULL, NULL}};
    const struct argument quoted[] = {{"type", "1"}, {"auth", "2"}, {"card-info", "it's $HOME|`x`|"}, {NULL, NULL}};
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_spec(spec, ANSWER_MS);
    CU_ASSERT_PTR_NULL(oc_terminal_dut_unusable(dut));
    oc_breach breach = run_call(dut, "iReadCardBas", basic, &answer);
    expect_breach(spec, &breach, OC_BREACH_NONE, "");
    expect_field(&answer, "code", "0");
    expect_field(&answer, "2", "\xB2\xE2\xCA\xD4"); /* GB18030 */
    expect_field(&answer, "3", "type=1");
    (void)run_call(dut, "iVerifyPIN", good, &answer);
    expect_field(&answer, "code", "0");
    (void)run_call(dut, "iVerifyPIN", basic, &answer);
    expect_field(&answer, "code", "-51");
    (void)run_call(dut, "iReadCard", quoted, &answer);
    expect_field(&answer, "code", "-22");
    expect_field(&answer, "text", "输入与卡内不符 card-info=it's $HOME|`x`|");
    breach = run_call(dut, "iReloadPIN", basic, &answer);
    expect_breach(spec, &breach, OC_BREACH_MISSING, "the program does not have the function iReloadPIN");
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

static void shell_example_works(void)
{
    use_fake_terminal("exec:FUNCTIONS='iReadCardBas iReadCard iVerifyPIN iReloadPIN' "
                      "conformance/dut/examples/adapter.sh tests/integration/terminal_dut/fake_terminal.sh");
}

static void python_example_works(void)
{
    const struct argument wrong[] = {{"type", "9"}, {NULL, NULL}};
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_spec("exec:conformance/dut/examples/adapter.py " OC_NASTY "/nasty_behave.so",
                                     ANSWER_MS);
    oc_breach breach = run_call(dut, "iReadCardBas", wrong, &answer);
    expect_breach("adapter.py", &breach, OC_BREACH_NONE, "");
    expect_field(&answer, "code", "-14");
    expect_field(&answer, "1", "330100");
    CU_ASSERT_TRUE(oc_terminal_dut_has(dut, "iReadCardBas"));
    CU_ASSERT_FALSE(oc_terminal_dut_has(dut, "iReloadPIN"));
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

static void nonsense_is_one_breach(void)
{
    static const struct {
        const char *command;
        enum oc_breach_kind kind;
        const char *text;
        int timeout_ms;
    } rows[] = {
        {"echo hello; read q", OC_BREACH_LOAD, "answered \"hello\"; it is no JSON object", ANSWER_MS},
        {"no-such-program-anywhere", OC_BREACH_LOAD, "ended its process with status 127", ANSWER_MS},
        {"read q; read q; read q", OC_BREACH_LOAD, "no answer within 300 ms", SILENCE_MS},
        {"yes", OC_BREACH_LOAD, "answered \"y\"", ANSWER_MS},
        {"tr '\\0' A </dev/zero", OC_BREACH_FLOOD, "printed or answered more than", ANSWER_MS},
        {"yes >&2", OC_BREACH_FLOOD, "printed or answered more than", ANSWER_MS},
        {ANSWER("{\"id\":2,\"code\":0}"), OC_BREACH_NONE, "", ANSWER_MS},
        {ANSWER("{\"id\":3,\"code\":0}"), OC_BREACH_GARBAGE, "its \"id\" is not that of the question", ANSWER_MS},
        {ANSWER("{\"id\":2,\"code\":\"0\"}"), OC_BREACH_GARBAGE, "it has no whole number \"code\"", ANSWER_MS},
        {ANSWER("{\"id\":2,\"code\":1.5}"), OC_BREACH_GARBAGE, "it has no whole number \"code\"", ANSWER_MS},
        {ANSWER("{\"id\":2,\"code\":0,\"out_hex\":\"ABC\"}"), OC_BREACH_GARBAGE, "is no hex", ANSWER_MS},
        {ANSWER("{\"id\":2,\"code\":0,\"out\":7}"), OC_BREACH_GARBAGE, "\"out\" is no text", ANSWER_MS},
        {ANSWER("{\"id\":2,\"code\":0"), OC_BREACH_GARBAGE, "it is no JSON object", ANSWER_MS},
        {ANSWER("[]"), OC_BREACH_GARBAGE, "it is no JSON object", ANSWER_MS},
        {ANSWER("{\"id\":2,\"hello\":\"again\"}"), OC_BREACH_GARBAGE, "but not with a code", ANSWER_MS},
        {ANSWER("{\"id\":2,\"error\":\"busy\",\"text\":\"later\"}"), OC_BREACH_GARBAGE, "the error busy: later",
         ANSWER_MS},
        {ANSWER("{\"id\":2,\"error\":\"no-such-function\"}"), OC_BREACH_MISSING, "iReadCardBas", ANSWER_MS},
        {ANSWER("{\"id\":2,\"code\":0,\"out_hex\":\"CE\"}"), OC_BREACH_ENCODING, "from byte 0 on (CE)", ANSWER_MS},
        {"read q; echo '{\"id\":1,\"hello\":\"t\"}'; read q; kill -SEGV $$", OC_BREACH_CRASH, "SIGSEGV", ANSWER_MS},
        {"read q; echo '{\"id\":1,\"hello\":\"t\"}'; read q; exit 3", OC_BREACH_EXIT, "with status 3", ANSWER_MS},
        {"read q; echo '{\"id\":1,\"hello\":\"t\"}'; read q; read q", OC_BREACH_HANG, "no answer", SILENCE_MS},
        {"read q; echo '{\"id\":1,\"hello\":\"t\"}'; read q; printf '{'; read q", OC_BREACH_HANG,
         "did not end its line of 1 characters", SILENCE_MS},
        {"sleep 1000 & read q; echo '{\"id\":1,\"hello\":\"t\"}'; read q; echo '{\"id\":2,\"code\":0}'; read q",
         OC_BREACH_LEFTOVER, "the program left 1 process running behind it", ANSWER_MS},
        {"read q; echo '{\"id\":1,\"hello\":\"t\"}'; read q; echo \"$q\" >&2; echo '{\"id\":2,\"code\":0}'; read q",
         OC_BREACH_LEAK, "printed the key pad entry \"pin\"", ANSWER_MS},
    };
    const struct argument arguments[] = {{"type", "1"}, {"pin", "286719"}, {NULL, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char spec[OC_TERMINAL_SPEC_ROOM];
        snprintf(spec, sizeof spec, "exec:%s", rows[i].command);
        oc_terminal_dut *dut = open_spec(spec, rows[i].timeout_ms);
        oc_breach breach = run_call(dut, "iReadCardBas", arguments, NULL);
        expect_breach(rows[i].command, &breach, rows[i].kind, rows[i].text);
        CU_ASSERT_PTR_NULL(strstr(breach.text, "286719"));
        oc_terminal_dut_free(&dut);
    }
}

static void the_environment_reaches_the_program(void)
{
    oc_fields answer = {0};
    oc_terminal_dut *dut = open_spec("exec:" ANSWER("{\"id\":2,\"code\":0,\"out\":\"'$TEST_SAYS'\"}"), ANSWER_MS);
    (void)run_call(dut, "iReadCardBas", NULL, &answer);
    expect_field(&answer, "out", "hello");
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

/* What no text can hold goes as hex, and a key pad entry is no argument. */
static void arguments_are_told_apart(void)
{
    oc_fields args = {0};
    oc_fields answer = {0};
    oc_breach breach;
    oc_terminal_dut *dut = open_spec(
        "exec:read q; echo '{\"id\":1,\"hello\":\"t\"}'; read -r q; echo \"$q\" >&2; echo '{\"id\":2,\"code\":0}'; "
        "read q",
        ANSWER_MS);
    OC_ASSERT_OK(oc_fields_set(&args, "file-addr", oc_test_hex("4100")));
    OC_ASSERT_OK(oc_fields_set(&args, "write-data", oc_test_hex("B2E2")));
    OC_ASSERT_OK(oc_fields_set(&args, "card-info", oc_test_hex("CE")));
    OC_ASSERT_OK(oc_fields_set_text(&args, "new", "12"));
    OC_ASSERT_OK(oc_fields_set_text(&args, "keypad", "cancel"));
    OC_ASSERT_OK(oc_terminal_dut_begin(dut, &breach, NULL));
    OC_ASSERT_OK(oc_terminal_dut_call(dut, "iChangePIN", &args, &answer, &breach, NULL));
    OC_ASSERT_OK(oc_terminal_dut_end(dut, &breach, NULL));
    oc_span line = oc_terminal_dut_printed(dut);
    static const char expected[] =
        "{\"id\":2,\"call\":\"iChangePIN\",\"args\":{\"write-data\":\"测\"},"
        "\"args_hex\":{\"file-addr\":\"4100\",\"card-info\":\"CE\"},"
        "\"keypad\":{\"new\":\"12\",\"again\":\"12\",\"action\":\"cancel\"},\"timeout_ms\":30000}\n";
    if (!oc_span_equal(line, oc_span_text(expected))) {
        printf("\n    %.*s", (int)line.len, (const char *)line.at);
        CU_FAIL("line");
    }
    oc_fields_free(&args);
    oc_fields_free(&answer);
    oc_terminal_dut_free(&dut);
}

/* A driver host that serves a library; the port that it chose. */
static unsigned start_server(oc_child *child, oc_lines *lines, const char *way)
{
    char command[1024];
    oc_span line;
    unsigned port = 0;
    snprintf(command, sizeof command, "exec %s --listen 0 " OC_NASTY "/nasty_%s.so", OC_DRIVER_HOST, way);
    OC_ASSERT_OK(oc_child_start(child, command, NULL));
    OC_ASSERT_OK(oc_lines_init(lines, child->out_fd));
    OC_ASSERT_OK(oc_lines_next(lines, oc_deadline_in(ANSWER_MS), &line));
    CU_ASSERT_EQUAL_FATAL(sscanf((const char *)line.at, "listening on port %u", &port), 1);
    return port;
}

static void expect_over_tcp(const char *way, enum oc_breach_kind kind, const char *text, const char *printed)
{
    const struct argument arguments[] = {{"type", "1"}, {"pin", "286719"}, {NULL, NULL}};
    oc_child child;
    oc_lines lines;
    char spec[64];
    snprintf(spec, sizeof spec, "tcp:127.0.0.1:%u", start_server(&child, &lines, way));
    oc_terminal_dut *dut = open_spec(spec, strcmp(way, "hang") == 0 ? SILENCE_MS : ANSWER_MS);
    /* Twice: one harness after the other is served, each with a driver of its own. */
    for (int i = 0; i < 2; i++) {
        oc_breach breach = run_call(dut, "iReadCardBas", arguments, NULL);
        expect_breach(way, &breach, kind, text);
        oc_span said = oc_terminal_dut_printed(dut);
        CU_ASSERT_TRUE(oc_span_equal(said, oc_span_text(printed)));
    }
    oc_terminal_dut_free(&dut);
    oc_lines_free(&lines);
    oc_child_stop(&child);
}

static void drivers_are_tested_over_tcp(void)
{
    expect_over_tcp("behave", OC_BREACH_NONE, "", "");
    expect_over_tcp("crash", OC_BREACH_CRASH, "iReadCardBas: the terminal was killed by signal 11 (SIGSEGV)", "");
    expect_over_tcp("leave_at_once", OC_BREACH_EXIT, "with status 7", "");
    expect_over_tcp("hang", OC_BREACH_HANG, "no answer within 300 ms", "");
    expect_over_tcp("overrun", OC_BREACH_OVERRUN, "behind the 65536 bytes", "");
    expect_over_tcp("print_some", OC_BREACH_NONE, "", "{\"id\":2,\"code\":0}\n");
    expect_over_tcp("print_pin", OC_BREACH_LEAK, "\"pin\"", "PIN 286719\n");
}

static void nobody_there_is_told(void)
{
    oc_terminal_spec spec;
    oc_terminal_dut *dut = NULL;
    oc_diag diag = {0};
    const oc_terminal_setup setup = {.timeout_ms = ANSWER_MS};
    OC_ASSERT_OK(oc_terminal_spec_parse(&spec, "tcp:127.0.0.1:1", NULL));
    OC_ASSERT_CODE(oc_terminal_dut_open(&dut, &spec, &setup, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NULL(dut);
    CU_ASSERT_STRING_EQUAL(diag.reason, "the terminal cannot be reached: nobody serves at 127.0.0.1 port 1");
}

static void one_that_goes_away_is_a_breach(void)
{
    oc_child child;
    oc_lines lines;
    char spec[64];
    snprintf(spec, sizeof spec, "tcp:127.0.0.1:%u", start_server(&child, &lines, "behave"));
    oc_terminal_dut *dut = open_spec(spec, ANSWER_MS);
    oc_breach breach = run_call(dut, "iReadCardBas", NULL, NULL);
    CU_ASSERT_EQUAL(breach.kind, OC_BREACH_NONE);
    oc_lines_free(&lines);
    oc_child_stop(&child);
    OC_ASSERT_OK(oc_terminal_dut_begin(dut, &breach, NULL));
    expect_breach("gone", &breach, OC_BREACH_LOAD, "the terminal cannot be reached: nobody serves at");
    oc_terminal_dut_free(&dut);
}

int main(void)
{
    static const oc_test_row rows[] = {{"shell", shell_example_works},
                                       {"python", python_example_works},
                                       {"nonsense", nonsense_is_one_breach},
                                       {"environment", the_environment_reaches_the_program},
                                       {"arguments", arguments_are_told_apart},
                                       {"tcp", drivers_are_tested_over_tcp},
                                       {"nobody", nobody_there_is_told},
                                       {"gone", one_that_goes_away_is_a_breach},
                                       {NULL, NULL}};
    return oc_test_main("terminal_program", rows);
}
