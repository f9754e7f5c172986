/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/clock.h"
#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* Long enough for any machine, where an answer is expected; short where silence is. */
#define ANSWER_MS 60000
#define SILENCE_MS 100
#define SELECT_MF "00A40000023F00"

static oc_link *open_child(const char *command, int timeout_ms)
{
    oc_link *link = NULL;
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_link_exec(&link, command, &diag));
    oc_link_set_timeout(link, timeout_ms);
    return link;
}

/* Asks once and compares the outcome and a part of its reason. */
static void expect(oc_link *link, const char *command_hex, enum oc_code code, const char *reason)
{
    oc_buf response = {0};
    oc_diag diag = {0};
    oc_result result = oc_link_transmit(link, oc_test_hex(command_hex), &response, &diag);
    OC_ASSERT_CODE(result, code);
    if (strstr(diag.reason, reason) == NULL) {
        printf("\n    \"%s\" does not contain \"%s\"\n", diag.reason, reason);
        CU_FAIL("reason");
    }
    oc_buf_free(&response);
}

static void expect_one(const char *child, int timeout_ms, enum oc_code code, const char *reason)
{
    oc_link *link = open_child(child, timeout_ms);
    expect(link, SELECT_MF, code, reason);
    oc_link_free(&link);
}

static void resets_and_commands_are_lines(void)
{
    oc_link *link = open_child(
        "while read line; do case $line in R) echo 3B00;; W) echo 3B01FF;; *) echo ${line}9000;;"
        " esac; done",
        ANSWER_MS);
    oc_buf out = {0};
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_COLD, &out, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&out), "3B00");
    OC_ASSERT_OK(oc_link_reset(link, OC_RESET_WARM, &out, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&out), "3B01FF");
    OC_ASSERT_OK(oc_link_transmit(link, oc_test_hex(SELECT_MF), &out, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&out), SELECT_MF "9000");
    OC_ASSERT_OK(oc_link_transmit(link, oc_span_empty(), &out, NULL));
    OC_ASSERT_BYTES(oc_buf_span(&out), "9000");
    oc_buf_free(&out);
    oc_link_free(&link);
}

static void line_ends_and_case_do_not_matter(void)
{
    expect_one("read line; printf '6a82\\r\\n'; read line", ANSWER_MS, OC_E_OK, "");
}

static void longest_command_and_response(void)
{
    oc_link *link = open_child("read line; printf '%0131068d9000\\n' 0; read line", ANSWER_MS);
    oc_buf command = {0};
    oc_buf response = {0};
    OC_ASSERT_OK(oc_buf_reserve(&command, 65544));
    memset(command.at, 0, 65544);
    command.len = 65544;
    /* dash's builtin read takes the line byte by byte, but it takes it. */
    OC_ASSERT_OK(oc_link_transmit(link, oc_buf_span(&command), &response, NULL));
    CU_ASSERT_EQUAL(response.len, 65536);
    OC_ASSERT_OK(oc_buf_reserve(&command, 65545));
    command.at[65544] = 0;
    command.len = 65545;
    OC_ASSERT_CODE(oc_link_transmit(link, oc_buf_span(&command), &response, NULL), OC_E_LIMIT);
    oc_buf_free(&command);
    oc_buf_free(&response);
    oc_link_free(&link);
}

static void exits_are_named(void)
{
    expect_one("read line; exit 3", ANSWER_MS, OC_E_GONE, "exited with status 3");
    expect_one("exit 0", ANSWER_MS, OC_E_GONE, "exited with status 0");
    expect_one("read line; kill -SEGV $$", ANSWER_MS, OC_E_GONE, "signal 11 (SIGSEGV)");
    expect_one("read line; exec 2>/dev/null; sh -c 'kill -ABRT $$'; exit $?", ANSWER_MS, OC_E_GONE, "SIGABRT");
    expect_one("read line; printf 90; exit 4", ANSWER_MS, OC_E_GONE, "after the unfinished line \"90\"");
    expect_one("no-such-program-anywhere 2>/dev/null", ANSWER_MS, OC_E_UNAVAILABLE, "cannot be run");
}

static void gone_stays_gone(void)
{
    oc_link *link = open_child("read line; exit 3", ANSWER_MS);
    expect(link, SELECT_MF, OC_E_GONE, "status 3");
    expect(link, SELECT_MF, OC_E_GONE, "earlier failure");
    oc_link_free(&link);
}

static void silence_is_a_timeout(void)
{
    oc_link *link = open_child("read line; read line; read line", SILENCE_MS);
    uint64_t begin = oc_clock_now_ns();
    expect(link, SELECT_MF, OC_E_TIMEOUT, "no answer within 100 ms");
    CU_ASSERT_TRUE(oc_clock_now_ns() - begin >= SILENCE_MS * 1000000ull);
    /* A late answer must not be taken for the next one. */
    expect(link, SELECT_MF, OC_E_GONE, "earlier failure");
    oc_link_free(&link);
    expect_one("read line; printf 900; read line", SILENCE_MS, OC_E_TIMEOUT, "3 characters");
}

static void garbage_is_shown(void)
{
    expect_one("read line; echo hello; read line", ANSWER_MS, OC_E_GARBAGE, "\"hello\"");
    expect_one("read line; printf 'a\\tb\\001c\\n'; read line", ANSWER_MS, OC_E_GARBAGE, "\"a.b.c\"");
    expect_one("read line; echo 900; read line", ANSWER_MS, OC_E_GARBAGE, "\"900\"");
    expect_one("read line; echo 90; read line", ANSWER_MS, OC_E_GARBAGE, "too few");
    expect_one("read line; printf '9000\\n9000\\n'; read line", ANSWER_MS, OC_E_GARBAGE, "more than one line");
    expect_one("read line; printf '%060d\\n' 0 | tr 0 z; read line", ANSWER_MS, OC_E_GARBAGE,
               "\"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz...\"");
}

static void unasked_lines_are_garbage(void)
{
    oc_link *link = open_child("read line; echo 9000; echo 6A82; read line; echo 9000; read line", ANSWER_MS);
    oc_buf response = {0};
    oc_diag diag = {0};
    /* The second line comes with the first or behind it. */
    oc_result first = oc_link_transmit(link, oc_test_hex(SELECT_MF), &response, &diag);
    if (oc_is_ok(first)) {
        first = oc_link_transmit(link, oc_test_hex(SELECT_MF), &response, &diag);
    }
    CU_ASSERT_TRUE(first.code == OC_E_GARBAGE || oc_span_equal(oc_buf_span(&response), oc_test_hex("6A82")));
    oc_buf_free(&response);
    oc_link_free(&link);
}

static void floods_end(void)
{
    expect_one("read line; tr '\\0' A </dev/zero", ANSWER_MS, OC_E_GARBAGE, "line without end: \"AAAA");
    expect_one("yes garbage", ANSWER_MS, OC_E_GARBAGE, "garbage");
}

static void children_that_ignore_signals_end(void)
{
    oc_link *link = open_child("trap '' TERM; while :; do sleep 1000; done 2>/dev/null", SILENCE_MS);
    expect(link, SELECT_MF, OC_E_TIMEOUT, "no answer");
    oc_link_free(&link);
}

/* Reads the process id that a child answers as 8 hex digits in front of 9000. */
static pid_t grandchild_of(oc_link *link)
{
    oc_buf response = {0};
    OC_ASSERT_OK(oc_link_transmit(link, oc_test_hex(SELECT_MF), &response, NULL));
    oc_rd rd = oc_rd_of(oc_buf_span(&response));
    uint32_t pid = oc_rd_u32(&rd);
    oc_buf_free(&response);
    return (pid_t)pid;
}

static void the_whole_group_ends(void)
{
    /* The orphan becomes this process's child; one that lived on would end this test by its time limit. */
    CU_ASSERT_EQUAL_FATAL(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    oc_link *link = open_child("sleep 1000 & read line; printf '%08X9000\\n' $!; read line", ANSWER_MS);
    pid_t sleeper = grandchild_of(link);
    CU_ASSERT_EQUAL(kill(sleeper, 0), 0);
    oc_link_free(&link);
    int status = 0;
    CU_ASSERT_EQUAL(waitpid(sleeper, &status, 0), sleeper);
    CU_ASSERT_TRUE(WIFSIGNALED(status));
}

static unsigned failures_observed;

static void note_failure(void *context, const oc_exchange *exchange)
{
    CU_ASSERT_PTR_EQUAL(context, &failures_observed);
    CU_ASSERT_TRUE(exchange->end_ns >= exchange->begin_ns);
    if (exchange->failed) {
        CU_ASSERT_EQUAL(exchange->response.len, 0);
        failures_observed++;
    }
}

static void failures_are_observed(void)
{
    oc_link *link = open_child("exit 1", ANSWER_MS);
    failures_observed = 0;
    oc_link_observe(link, note_failure, &failures_observed);
    expect(link, SELECT_MF, OC_E_GONE, "status 1");
    CU_ASSERT_EQUAL(failures_observed, 1);
    oc_link_free(&link);
}

static void standard_descriptors_may_be_closed(void)
{
    int saved = dup(STDIN_FILENO);
    close(STDIN_FILENO);
    expect_one("read line; echo 9000; read line", ANSWER_MS, OC_E_OK, "");
    if (saved >= 0) {
        dup2(saved, STDIN_FILENO);
        close(saved);
    }
}

int main(void)
{
    static const oc_test_row rows[] = {{"lines", resets_and_commands_are_lines},
                                       {"line ends", line_ends_and_case_do_not_matter},
                                       {"longest", longest_command_and_response},
                                       {"exits", exits_are_named},
                                       {"gone", gone_stays_gone},
                                       {"silence", silence_is_a_timeout},
                                       {"garbage", garbage_is_shown},
                                       {"unasked lines", unasked_lines_are_garbage},
                                       {"floods", floods_end},
                                       {"signals ignored", children_that_ignore_signals_end},
                                       {"group", the_whole_group_ends},
                                       {"observer", failures_are_observed},
                                       {"closed descriptors", standard_descriptors_may_be_closed},
                                       {NULL, NULL}};
    return oc_test_main("link_exec", rows);
}
