/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/io.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/clock.h"

#define NS_PER_MS 1000000u

uint64_t oc_deadline_in(int timeout_ms)
{
    return oc_clock_now_ns() + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0) * NS_PER_MS;
}

int oc_deadline_left(uint64_t deadline)
{
    if (deadline == OC_NO_DEADLINE) {
        return -1;
    }
    uint64_t now = oc_clock_now_ns();
    if (now >= deadline) {
        return 0;
    }
    uint64_t ms = (deadline - now + NS_PER_MS - 1) / NS_PER_MS;
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

oc_result oc_wait_fd(int fd, short events, int stop_fd, uint64_t deadline)
{
    for (;;) {
        /* poll(2) passes over negative descriptors. */
        struct pollfd fds[2] = {{.fd = fd, .events = events}, {.fd = stop_fd, .events = POLLIN}};
        int left = oc_deadline_left(deadline);
        int ready = poll(fds, 2, left);
        if (ready < 0 && errno != EINTR) {
            return oc_fail(OC_E_IO);
        }
        if (ready > 0 && fds[1].revents != 0) {
            return oc_fail(OC_E_GONE);
        }
        if (ready > 0) {
            return oc_ok();
        }
        if (left == 0) {
            return oc_fail(OC_E_TIMEOUT);
        }
    }
}

static oc_result write_unguarded(int fd, oc_span bytes, uint64_t deadline)
{
    while (bytes.len > 0) {
        ssize_t written = write(fd, bytes.at, bytes.len);
        if (written > 0) {
            bytes = oc_span_slice(bytes, (size_t)written, bytes.len);
        } else if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            OC_TRY(oc_wait_fd(fd, POLLOUT, -1, deadline));
        } else if (written < 0 && errno != EINTR) {
            return oc_fail(errno == EPIPE ? OC_E_GONE : OC_E_IO);
        }
    }
    return oc_ok();
}

/* A pipe has no MSG_NOSIGNAL, and the signal's disposition belongs to the program: SIGPIPE is held back in this
 * thread and the one that our own write raised is taken off. */
oc_result oc_write_all(int fd, oc_span bytes, uint64_t deadline)
{
    sigset_t pipe_signal;
    sigset_t pending;
    sigset_t before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    sigpending(&pending);
    oc_result result = write_unguarded(fd, bytes, deadline);
    if (result.code == OC_E_GONE && sigismember(&pending, SIGPIPE) == 0) {
        sigtimedwait(&pipe_signal, NULL, &(struct timespec){0});
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return result;
}

oc_result oc_lines_init(oc_lines *lines, int fd)
{
    *lines = (oc_lines){.fd = fd, .room = malloc(OC_LINE_MAX)};
    return lines->room != NULL ? oc_ok() : oc_fail(OC_E_MEMORY);
}

void oc_lines_free(oc_lines *lines)
{
    if (lines->room != NULL) {
        oc_wipe(lines->room, OC_LINE_MAX);
    }
    free(lines->room);
    *lines = (oc_lines){.fd = -1};
}

/* Takes more from the stream. */
static oc_result fill(oc_lines *lines, uint64_t deadline)
{
    for (;;) {
        if (deadline != OC_NO_DEADLINE) {
            OC_TRY(oc_wait_fd(lines->fd, POLLIN, -1, deadline));
        }
        ssize_t got = read(lines->fd, lines->room + lines->len, OC_LINE_MAX - lines->len);
        if (got > 0) {
            lines->len += (size_t)got;
            return oc_ok();
        }
        if (got == 0) {
            return oc_fail(OC_E_GONE);
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            OC_TRY(oc_wait_fd(lines->fd, POLLIN, -1, deadline));
        } else if (errno != EINTR) {
            return oc_fail(OC_E_IO);
        }
    }
}

oc_result oc_lines_next(oc_lines *lines, uint64_t deadline, oc_span *line)
{
    if (lines->used > 0) {
        memmove(lines->room, lines->room + lines->used, lines->len - lines->used);
        lines->len -= lines->used;
        lines->used = 0;
    }
    size_t searched = 0;
    for (;;) {
        char *end = memchr(lines->room + searched, '\n', lines->len - searched);
        if (end != NULL) {
            size_t len = (size_t)(end - lines->room);
            lines->used = len + 1;
            *line = oc_span_of(lines->room, len > 0 && end[-1] == '\r' ? len - 1 : len);
            return oc_ok();
        }
        if (lines->len == OC_LINE_MAX) {
            return oc_fail(OC_E_LIMIT);
        }
        searched = lines->len;
        OC_TRY(fill(lines, deadline));
    }
}

oc_span oc_lines_rest(const oc_lines *lines)
{
    return oc_span_of(lines->room + lines->used, lines->len - lines->used);
}

void oc_seen(char out[OC_SEEN_ROOM], oc_span bytes)
{
    size_t len = bytes.len < 40 ? bytes.len : 40;
    for (size_t i = 0; i < len; i++) {
        bool printable = bytes.at[i] >= 0x20 && bytes.at[i] < 0x7F;
        out[i] = printable ? (char)bytes.at[i] : '.';
    }
    memcpy(out + len, bytes.len > len ? "..." : "", bytes.len > len ? 4 : 1);
}
