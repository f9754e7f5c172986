/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/link/transports.h"
#include "tests/support/oc_test.h"

/* Answers resets with 3B00 and 3B01FF, commands with themselves and 9000; FF... is an error of the simulator. */
static oc_result echo_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    oc_wr_bytes(atr, oc_test_hex(kind == OC_RESET_COLD ? "3B00" : "3B01FF"));
    return oc_ok();
}

static oc_result echo_exchange(void *self, oc_span command, oc_wr *response)
{
    (void)self;
    if (command.len > 0 && command.at[0] == 0xFF) {
        return oc_fail(OC_E_CRYPTO);
    }
    oc_wr_bytes(response, command);
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

static const oc_endpoint echo = {NULL, echo_reset, echo_exchange};

/* Serves `input` from a file and compares all output, the result and a part of the reason. */
static void serve(const char *input, size_t len, const char *output, enum oc_code code, const char *reason)
{
    FILE *in = tmpfile();
    FILE *out = tmpfile();
    CU_ASSERT_PTR_NOT_NULL_FATAL(in);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    CU_ASSERT_EQUAL(write(fileno(in), input, len), (ssize_t)len);
    CU_ASSERT_EQUAL(lseek(fileno(in), 0, SEEK_SET), 0);
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_serve_stdio(echo, fileno(in), fileno(out), &diag), code);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, reason));
    char seen[256] = "";
    ssize_t got = pread(fileno(out), seen, sizeof seen - 1, 0);
    CU_ASSERT_EQUAL(got, (ssize_t)strlen(output));
    CU_ASSERT_STRING_EQUAL(seen, output);
    fclose(in);
    fclose(out);
}

static void serve_text(const char *input, const char *output, enum oc_code code, const char *reason)
{
    serve(input, strlen(input), output, code, reason);
}

static void answers_line_by_line(void)
{
    serve_text("R\nW\n00a4\r\n00 A4 00 00\n\n", "3B00\n3B01FF\n00A49000\n00A400009000\n9000\n", OC_E_OK, "");
    serve_text("", "", OC_E_OK, "");
}

static void garbage_ends_the_service(void)
{
    serve_text("R\nhello\nR\n", "3B00\n", OC_E_GARBAGE, "\"hello\" is neither");
    serve_text("RR\n", "", OC_E_GARBAGE, "\"RR\"");
    serve_text("123\n", "", OC_E_GARBAGE, "\"123\"");
    serve_text("r\n", "", OC_E_GARBAGE, "\"r\"");
    serve_text("R\n00A4", "3B00\n", OC_E_GARBAGE, "\"00A4\" has no end");
    serve("00\0A4\n", 6, "", OC_E_GARBAGE, "\"00.A4\"");
}

static void endless_line_ends_the_service(void)
{
    size_t len = 300000;
    char *flood = malloc(len);
    CU_ASSERT_PTR_NOT_NULL_FATAL(flood);
    memset(flood, '0', len);
    serve(flood, len, "", OC_E_GARBAGE, "does not end");
    free(flood);
}

static void failing_card_ends_the_service(void)
{
    serve_text("R\nFF00\nR\n", "3B00\n", OC_E_CRYPTO, "the card failed");
}

static void a_reader_that_left_raises_no_signal(void)
{
    int in[2];
    int out[2];
    CU_ASSERT_EQUAL_FATAL(pipe(in), 0);
    CU_ASSERT_EQUAL_FATAL(pipe(out), 0);
    CU_ASSERT_EQUAL(write(in[1], "R\n", 2), 2);
    close(in[1]);
    close(out[0]);
    signal(SIGPIPE, SIG_DFL);
    OC_ASSERT_CODE(oc_serve_stdio(echo, in[0], out[1], NULL), OC_E_GONE);
    sigset_t pending;
    sigpending(&pending);
    CU_ASSERT_EQUAL(sigismember(&pending, SIGPIPE), 0);
    close(in[0]);
    close(out[1]);
}

int main(void)
{
    static const oc_test_row rows[] = {{"line by line", answers_line_by_line},
                                       {"garbage", garbage_ends_the_service},
                                       {"endless line", endless_line_ends_the_service},
                                       {"failing card", failing_card_ends_the_service},
                                       {"reader that left", a_reader_that_left_raises_no_signal},
                                       {NULL, NULL}};
    return oc_test_main("link_stdio", rows);
}
