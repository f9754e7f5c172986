/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/hex.h"
#include "sim/link/child.h"
#include "sim/link/io.h"
#include "sim/link/transports.h"

struct exec {
    oc_child child;
    oc_lines lines;
    bool broken;   /* question and answer no longer pair up */
    bool answered; /* a line came: what runs is a program, whatever it does later */
    char line[2 * OC_COMMAND_MAX + 2];
};

static oc_result gone(struct exec *exec, oc_diag *diag)
{
    exec->broken = true;
    if (!exec->answered && oc_child_could_not_run(&exec->child)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the card program cannot be run; is its name right?");
    }
    char end[OC_CHILD_END_ROOM];
    char seen[OC_SEEN_ROOM];
    oc_child_describe_end(&exec->child, end);
    oc_span rest = oc_lines_rest(&exec->lines);
    oc_seen(seen, rest);
    if (rest.len > 0) {
        return oc_diag_fail(diag, OC_E_GONE, "the card program %s after the unfinished line \"%s\"", end, seen);
    }
    return oc_diag_fail(diag, OC_E_GONE, "the card program %s", end);
}

static oc_result garbage(oc_diag *diag, const char *what, oc_span bytes)
{
    char seen[OC_SEEN_ROOM];
    oc_seen(seen, bytes);
    return oc_diag_fail(diag, OC_E_GARBAGE, "the card program %s: \"%s\"", what, seen);
}

static oc_result silent(struct exec *exec, int timeout_ms, oc_diag *diag)
{
    exec->broken = true;
    size_t unfinished = oc_lines_rest(&exec->lines).len;
    if (unfinished > 0) {
        return oc_diag_fail(diag, OC_E_TIMEOUT,
                            "the card program did not end its line of %zu characters so far within %d ms", unfinished,
                            timeout_ms);
    }
    return oc_diag_fail(diag, OC_E_TIMEOUT, "the card program gave no answer within %d ms", timeout_ms);
}

/* What lies in the pipe before a question is put answers none. It is thrown away, so that a program that only
 * greets can still be talked to. */
static oc_result check_quiet(struct exec *exec, oc_diag *diag)
{
    oc_span rest = oc_lines_rest(&exec->lines);
    oc_lines *lines = &exec->lines;
    if (rest.len == 0) {
        ssize_t got = read(lines->fd, lines->room, OC_LINE_MAX);
        if (got == 0) {
            return gone(exec, diag);
        }
        rest = oc_span_of(lines->room, got > 0 ? (size_t)got : 0);
        lines->len = lines->used = 0;
    }
    if (rest.len == 0) {
        return oc_ok();
    }
    oc_result result = garbage(diag, "wrote without being asked", rest);
    lines->len = lines->used = 0;
    return result;
}

static oc_result ask(struct exec *exec, oc_span question, int timeout_ms, oc_buf *answer, oc_diag *diag)
{
    if (exec->broken) {
        return oc_diag_fail(diag, OC_E_GONE, "the card program was given up after an earlier failure");
    }
    OC_TRY(check_quiet(exec, diag));
    uint64_t deadline = oc_deadline_in(timeout_ms);
    oc_span line;
    oc_result result = oc_write_all(exec->child.in_fd, question, deadline);
    if (oc_is_ok(result)) {
        result = oc_lines_next(&exec->lines, deadline, &line);
    }
    if (result.code == OC_E_TIMEOUT) {
        return silent(exec, timeout_ms, diag);
    }
    if (result.code == OC_E_LIMIT) {
        exec->broken = true;
        return garbage(diag, "wrote a line without end", oc_lines_rest(&exec->lines));
    }
    if (!oc_is_ok(result)) {
        return gone(exec, diag);
    }
    exec->answered = true;
    if (oc_lines_rest(&exec->lines).len > 0) {
        return garbage(diag, "wrote more than one line", line);
    }
    oc_buf_clear(answer);
    if (!oc_is_ok(oc_hex_decode(answer, (const char *)line.at, line.len)) || answer->len > OC_RESPONSE_MAX) {
        return garbage(diag, "did not answer in hex", line);
    }
    return oc_ok();
}

static oc_result exec_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    return ask(self, oc_span_text(kind == OC_RESET_COLD ? "R\n" : "W\n"), timeout_ms, atr, diag);
}

static oc_result exec_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    struct exec *exec = self;
    oc_hex_encode(exec->line, sizeof exec->line - 1, command);
    exec->line[2 * command.len] = '\n';
    return ask(exec, oc_span_of(exec->line, 2 * command.len + 1), timeout_ms, response, diag);
}

static void exec_free(void *self)
{
    struct exec *exec = self;
    oc_child_stop(&exec->child);
    oc_lines_free(&exec->lines);
    oc_wipe(exec, sizeof *exec);
    free(exec);
}

oc_result oc_link_exec(oc_link **out, const char *command, oc_diag *diag)
{
    static const oc_link_ops ops = {exec_reset, exec_transmit, exec_free};
    static const oc_link_traits traits = {"exec", true, true, OC_COMMAND_MAX};
    *out = NULL;
    struct exec *exec = calloc(1, sizeof *exec);
    if (exec == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result result = oc_child_start(&exec->child, command, diag);
    if (oc_is_ok(result)) {
        result = oc_lines_init(&exec->lines, exec->child.out_fd);
    }
    if (!oc_is_ok(result)) {
        exec_free(exec);
        return result;
    }
    return oc_link_new(out, &ops, traits, exec);
}
