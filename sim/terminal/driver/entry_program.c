/* SPDX-License-Identifier: Apache-2.0 */
/* The key pad as a program of its own: a dialogue on a screen, say, or the tool of a key pad's maker. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/link/child.h"
#include "sim/link/io.h"
#include "sim/terminal/driver/entries.h"

#define PRINTED_MAX 64
#define COMMAND_ROOM (PATH_MAX + 64)
#define END_MS 1000

enum { STATUS_TYPED = 0, STATUS_CANCELLED = 1, STATUS_TIMED_OUT = 2 };

/* Reads until the program closes its output. */
static oc_result read_all(int fd, uint64_t deadline, oc_wr *out)
{
    for (;;) {
        uint8_t chunk[PRINTED_MAX];
        OC_TRY(oc_wait_fd(fd, POLLIN, -1, deadline));
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        if (got <= 0) {
            oc_wipe(chunk, sizeof chunk);
            return got == 0 ? oc_ok() : oc_fail(OC_E_IO);
        }
        oc_wr_bytes(out, oc_span_of(chunk, (size_t)got));
        oc_wipe(chunk, sizeof chunk);
    }
}

static oc_span first_line(const oc_wr *out)
{
    size_t len = 0;
    while (len < out->len && out->at[len] != '\n' && out->at[len] != '\r') {
        len++;
    }
    return oc_span_of(out->at, len);
}

/* The exit status, or -1. An application may let nobody wait for its children: what was printed has to do then. */
static int status_of(const oc_child *child, const oc_wr *out)
{
    siginfo_t info = {0};
    if (!oc_process_ended(child->pid, END_MS)) {
        return -1;
    }
    if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT) != 0) {
        return out->len > 0 ? STATUS_TYPED : STATUS_CANCELLED;
    }
    return info.si_code == CLD_EXITED ? info.si_status : -1;
}

static enum oc_keypad_outcome fail(oc_result noted)
{
    (void)noted; /* the reason is in the diag */
    return OC_KEYPAD_FAILED;
}

static enum oc_keypad_outcome judge(const oc_child *child, const oc_wr *out, oc_wr *typed, oc_diag *diag)
{
    char end[OC_CHILD_END_ROOM];
    if (out->bad) {
        return fail(
            oc_diag_fail(diag, OC_E_LIMIT, "the key pad program printed more than %d characters", PRINTED_MAX));
    }
    switch (status_of(child, out)) {
    case STATUS_TYPED:
        oc_wr_bytes(typed, first_line(out));
        return OC_KEYPAD_ENTERED;
    case STATUS_CANCELLED:
        return OC_KEYPAD_CANCELLED;
    case STATUS_TIMED_OUT:
        return OC_KEYPAD_TIMED_OUT;
    default:
        oc_child_describe_end(child, end);
        return fail(oc_diag_fail(diag, OC_E_UNAVAILABLE, "the key pad program %s", end));
    }
}

enum oc_keypad_outcome oc_driver_ask_program(const char *program, const char *entry, int timeout_ms, oc_wr *typed,
                                             oc_diag *diag)
{
    char command[COMMAND_ROOM];
    uint8_t room[PRINTED_MAX];
    oc_child child;
    oc_wr out = oc_wr_of(room, sizeof room);
    if (snprintf(command, sizeof command, "ONECARD_ENTRY=%s; export ONECARD_ENTRY; %s", entry, program) >=
        (int)sizeof command) {
        return fail(oc_diag_fail(diag, OC_E_LIMIT, "the command of the key pad program is too long"));
    }
    oc_result r = oc_child_start(&child, command, diag);
    if (!oc_is_ok(r)) {
        return OC_KEYPAD_FAILED;
    }
    r = read_all(child.out_fd, oc_deadline_in(timeout_ms), &out);
    enum oc_keypad_outcome outcome = r.code == OC_E_TIMEOUT ? OC_KEYPAD_TIMED_OUT
                                     : oc_is_ok(r)          ? judge(&child, &out, typed, diag)
                                                            : OC_KEYPAD_FAILED;
    oc_child_stop(&child);
    oc_wipe(room, sizeof room);
    return outcome;
}
