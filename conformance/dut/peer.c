/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/peer.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/dut/peer_internal.h"
#include "sim/link/child.h"
#include "sim/link/io.h"

/* A child that has seen the end of its input gets so long to leave by itself; a warden so long to clear up. */
#define LEAVE_MS 500
#define REPORT_MS 5000
/* How long the warden may take to end before it is woken, and how often that is tried. */
#define WARDEN_MS 500
#define WARDEN_TRIES 20
#define READ_SIZE 65536
/* POSIX PIPE_BUF of Linux: written whole or not at all. */
#define PIPE_WHOLE 4096
#define CONVERSATION_FAILED "the conversation with the terminal failed"

oc_result oc_peer_new(oc_peer **out)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    **out = (oc_peer){.to = -1, .from = -1, .printed = -1, .control = -1, .report = -1, .room = malloc(READ_SIZE)};
    if ((*out)->room == NULL) {
        oc_peer_free(out);
        return oc_fail(OC_E_MEMORY);
    }
    return oc_ok();
}

static void close_one(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

static void take_members(oc_peer_end *end, const json_t *object)
{
    const char *ended = json_string_value(json_object_get(object, "ended"));
    const char *name = json_string_value(json_object_get(object, "name"));
    end->known = true;
    end->by_signal = strcmp(ended, "signal") == 0;
    end->number = (int)json_integer_value(json_object_get(object, "number"));
    end->left = (unsigned)json_integer_value(json_object_get(object, "left"));
    snprintf(end->name, sizeof end->name, "%s", name == NULL ? "" : name);
}

bool oc_peer_take_end(oc_peer *peer, oc_span line)
{
    if (line.len < 9 || memcmp(line.at, "{\"ended\":", 9) != 0) {
        return false;
    }
    json_t *object = json_loadb((const char *)line.at, line.len, JSON_REJECT_DUPLICATES, NULL);
    bool is_end = json_is_string(json_object_get(object, "ended"));
    if (is_end) {
        take_members(&peer->end, object);
    }
    json_decref(object);
    return is_end;
}

oc_result oc_peer_note_printed(oc_peer *peer, oc_span bytes)
{
    peer->printed_total += bytes.len;
    size_t room = OC_PEER_PRINTED_KEPT - peer->text.len;
    return oc_buf_append(&peer->text, oc_span_slice(bytes, 0, room < bytes.len ? room : bytes.len));
}

/* One read from a descriptor that does not block. Closes it at its end. */
static oc_result read_some(const oc_peer *peer, int *fd, oc_span *got)
{
    ssize_t len = read(*fd, peer->room, READ_SIZE);
    *got = oc_span_of(peer->room, len > 0 ? (size_t)len : 0);
    if (len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR)) {
        close_one(fd);
    }
    return oc_ok();
}

static oc_result drain_printed(oc_peer *peer)
{
    oc_span got;
    OC_TRY(read_some(peer, &peer->printed, &got));
    return oc_peer_note_printed(peer, got);
}

/* Writes a part of `question` without blocking; false when nobody reads it. */
static bool put_some(const oc_peer *peer, oc_span *question)
{
    if (peer->is_socket) {
        ssize_t put = send(peer->to, question->at, question->len, MSG_NOSIGNAL | MSG_DONTWAIT);
        *question = oc_span_slice(*question, put > 0 ? (size_t)put : 0, question->len);
        return put >= 0 || errno == EAGAIN || errno == EINTR;
    }
    size_t len = question->len < PIPE_WHOLE ? question->len : PIPE_WHOLE;
    oc_result r = oc_write_all(peer->to, oc_span_slice(*question, 0, len), oc_deadline_in(0));
    *question = oc_span_slice(*question, oc_is_ok(r) ? len : 0, question->len);
    return oc_is_ok(r) || r.code == OC_E_TIMEOUT;
}

/* Throws away the line handed out last; true when another one is complete. */
static bool next_line(oc_peer *peer, oc_span *line)
{
    if (peer->taken > 0) {
        memmove(peer->lines.at, peer->lines.at + peer->taken, peer->lines.len - peer->taken);
        peer->lines.len -= peer->taken;
        peer->taken = 0;
    }
    const uint8_t *lf = peer->lines.len == 0 ? NULL : memchr(peer->lines.at, '\n', peer->lines.len);
    if (lf == NULL) {
        return false;
    }
    size_t len = (size_t)(lf - peer->lines.at);
    peer->taken = len + 1;
    *line = oc_span_of(peer->lines.at, len > 0 && peer->lines.at[len - 1] == '\r' ? len - 1 : len);
    return true;
}

/* Waits for the warden's report and for the rest of what was printed. */
static oc_result await_end(oc_peer *peer, int wait_ms)
{
    uint64_t deadline = oc_deadline_in(wait_ms);
    oc_buf told = {0};
    oc_span got;
    oc_result r = oc_ok();
    while (oc_is_ok(r) && (peer->report >= 0 || peer->printed >= 0)) {
        struct pollfd polled[2] = {{.fd = peer->report, .events = POLLIN}, {.fd = peer->printed, .events = POLLIN}};
        int left = oc_deadline_left(deadline);
        if (poll(polled, 2, left) == 0 && left == 0) {
            break;
        }
        if (polled[0].revents != 0) {
            r = read_some(peer, &peer->report, &got);
            r = oc_is_ok(r) ? oc_buf_append(&told, got) : r;
        }
        if (oc_is_ok(r) && polled[1].revents != 0) {
            r = drain_printed(peer);
        }
    }
    if (told.len > 0) {
        (void)oc_peer_take_end(peer, oc_buf_span(&told));
    }
    oc_buf_free(&told);
    return r;
}

/* One wait and what it brought. */
static oc_result turn(oc_peer *peer, oc_span *question, int left, bool *gone)
{
    struct pollfd polled[3] = {{.fd = peer->from, .events = POLLIN},
                               {.fd = peer->printed, .events = POLLIN},
                               {.fd = question->len > 0 ? peer->to : -1, .events = POLLOUT}};
    if (poll(polled, 3, left) < 0 && errno != EINTR) {
        return oc_fail(OC_E_IO);
    }
    if (polled[1].revents != 0) {
        OC_TRY(drain_printed(peer));
    }
    if (polled[2].revents != 0 && !put_some(peer, question)) {
        /* What it said before it went may still be there. */
        *question = oc_span_empty();
    }
    if (polled[0].revents != 0) {
        oc_span got;
        OC_TRY(read_some(peer, &peer->from, &got));
        OC_TRY(oc_buf_append(&peer->lines, got));
    }
    *gone = peer->from < 0;
    return oc_ok();
}

static oc_result converse(oc_peer *peer, oc_span question, int timeout_ms, enum oc_peer_said *said, oc_span *line)
{
    uint64_t deadline = oc_deadline_in(timeout_ms);
    bool gone = peer->from < 0;
    for (;;) {
        if (question.len == 0 && next_line(peer, line)) {
            *said = oc_peer_take_end(peer, *line) ? OC_PEER_GONE : OC_PEER_LINE;
            return oc_ok();
        }
        if (peer->lines.len > OC_PEER_LINE_MAX || peer->printed_total > OC_PEER_PRINTED_MAX) {
            *said = OC_PEER_FLOOD;
            return oc_ok();
        }
        if (gone) {
            *said = OC_PEER_GONE;
            *line = oc_buf_span(&peer->lines);
            return await_end(peer, REPORT_MS);
        }
        int left = oc_deadline_left(deadline);
        if (left == 0) {
            *said = OC_PEER_SILENT;
            *line = oc_buf_span(&peer->lines);
            return oc_ok();
        }
        OC_TRY(turn(peer, &question, left, &gone));
    }
}

oc_result oc_peer_tell(oc_peer *peer, oc_span question, int timeout_ms, oc_diag *diag)
{
    uint64_t deadline = oc_deadline_in(timeout_ms);
    bool gone = peer->from < 0;
    /* Whoever reads too little of it, or floods meanwhile, is found when his answer is waited for. */
    while (question.len > 0 && !gone && oc_deadline_left(deadline) > 0 && peer->lines.len <= OC_PEER_LINE_MAX &&
           peer->printed_total <= OC_PEER_PRINTED_MAX) {
        oc_result r = turn(peer, &question, oc_deadline_left(deadline), &gone);
        if (!oc_is_ok(r)) {
            return oc_diag_fail(diag, r.code, CONVERSATION_FAILED);
        }
    }
    return oc_ok();
}

oc_result oc_peer_ask(oc_peer *peer, oc_span question, int timeout_ms, enum oc_peer_said *said, oc_span *line,
                      oc_diag *diag)
{
    *line = oc_span_empty();
    oc_result r = converse(peer, question, timeout_ms, said, line);
    return oc_is_ok(r) ? r : oc_diag_fail(diag, r.code, CONVERSATION_FAILED);
}

/* The warden, too, so that nothing of it is left when this returns. */
static void end_child(oc_peer *peer, bool at_once)
{
    if (!at_once) {
        (void)await_end(peer, LEAVE_MS);
    }
    close_one(&peer->control);
    if (!peer->end.known) {
        (void)await_end(peer, REPORT_MS);
    }
    close_one(&peer->report);
    /* Whom it watches may have stopped it. */
    for (unsigned i = 0; !oc_process_ended(peer->warden, WARDEN_MS); i++) {
        kill(peer->warden, i < WARDEN_TRIES ? SIGCONT : SIGKILL);
    }
    while (waitpid(peer->warden, NULL, 0) < 0 && errno == EINTR) {
    }
    peer->warden = 0;
}

void oc_peer_stop(oc_peer *peer, bool at_once)
{
    if (peer->is_socket) {
        peer->to = -1;
    }
    close_one(&peer->to);
    if (peer->warden > 0) {
        end_child(peer, at_once);
    }
    close_one(&peer->from);
    close_one(&peer->printed);
}

void oc_peer_free(oc_peer **peer)
{
    if (*peer != NULL) {
        oc_peer_stop(*peer, false);
        free((*peer)->room);
        oc_buf_free(&(*peer)->lines);
        oc_buf_free(&(*peer)->text);
        free(*peer);
        *peer = NULL;
    }
}

const oc_peer_end *oc_peer_ended(const oc_peer *peer)
{
    return &peer->end;
}

pid_t oc_peer_process(const oc_peer *peer)
{
    return peer->warden;
}

oc_span oc_peer_printed(const oc_peer *peer)
{
    return oc_buf_span(&peer->text);
}
