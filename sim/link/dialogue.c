/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/dialogue.h"

#include <stdlib.h>
#include <unistd.h>

#include "sim/link/child.h"
#include "sim/link/io.h"

struct oc_dialogue {
    oc_dialogue_peer peer;
    oc_child child;
    oc_lines lines;
    bool broken;   /* question and answer no longer pair up */
    bool answered; /* a line came: what runs is a program, whatever it does later */
};

static oc_result gone(oc_dialogue *dialogue, oc_diag *diag)
{
    const char *name = dialogue->peer.name;
    dialogue->broken = true;
    if (!dialogue->answered && oc_child_could_not_run(&dialogue->child)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the %s cannot be run; is its name right?", name);
    }
    char end[OC_CHILD_END_ROOM];
    char seen[OC_SEEN_ROOM];
    oc_child_describe_end(&dialogue->child, end);
    oc_span rest = oc_lines_rest(&dialogue->lines);
    oc_seen(seen, rest);
    if (rest.len > 0 && !dialogue->peer.is_secret) {
        return oc_diag_fail(diag, OC_E_GONE, "the %s %s after the unfinished line \"%s\"", name, end, seen);
    }
    return oc_diag_fail(diag, OC_E_GONE, "the %s %s", name, end);
}

oc_result oc_dialogue_garbage(const oc_dialogue *dialogue, const char *what, oc_span answer, oc_diag *diag)
{
    if (dialogue->peer.is_secret) {
        return oc_diag_fail(diag, OC_E_GARBAGE, "the %s %s", dialogue->peer.name, what);
    }
    char seen[OC_SEEN_ROOM];
    oc_seen(seen, answer);
    return oc_diag_fail(diag, OC_E_GARBAGE, "the %s %s: \"%s\"", dialogue->peer.name, what, seen);
}

static oc_result silent(oc_dialogue *dialogue, int timeout_ms, oc_diag *diag)
{
    dialogue->broken = true;
    size_t unfinished = oc_lines_rest(&dialogue->lines).len;
    if (unfinished > 0) {
        return oc_diag_fail(diag, OC_E_TIMEOUT, "the %s did not end its line of %zu characters so far within %d ms",
                            dialogue->peer.name, unfinished, timeout_ms);
    }
    return oc_diag_fail(diag, OC_E_TIMEOUT, "the %s gave no answer within %d ms", dialogue->peer.name, timeout_ms);
}

/* What lies in the pipe before a question is put answers none. It is thrown away, so that a program that only
 * greets can still be talked to. */
static oc_result check_quiet(oc_dialogue *dialogue, oc_diag *diag)
{
    oc_lines *lines = &dialogue->lines;
    oc_span rest = oc_lines_rest(lines);
    if (rest.len == 0) {
        ssize_t got = read(lines->fd, lines->room, OC_LINE_MAX);
        if (got == 0) {
            return gone(dialogue, diag);
        }
        rest = oc_span_of(lines->room, got > 0 ? (size_t)got : 0);
        lines->len = lines->used = 0;
    }
    if (rest.len == 0) {
        return oc_ok();
    }
    oc_result result = oc_dialogue_garbage(dialogue, "wrote without being asked", rest, diag);
    lines->len = lines->used = 0;
    return result;
}

oc_result oc_dialogue_ask(oc_dialogue *dialogue, oc_span question, int timeout_ms, oc_span *answer, oc_diag *diag)
{
    if (dialogue->broken) {
        return oc_diag_fail(diag, OC_E_GONE, "the %s was given up after an earlier failure", dialogue->peer.name);
    }
    OC_TRY(check_quiet(dialogue, diag));
    uint64_t deadline = oc_deadline_in(timeout_ms);
    oc_result result = oc_write_all(dialogue->child.in_fd, question, deadline);
    if (oc_is_ok(result)) {
        result = oc_lines_next(&dialogue->lines, deadline, answer);
    }
    if (result.code == OC_E_TIMEOUT) {
        return silent(dialogue, timeout_ms, diag);
    }
    if (result.code == OC_E_LIMIT) {
        dialogue->broken = true;
        return oc_dialogue_garbage(dialogue, "wrote a line without end", oc_lines_rest(&dialogue->lines), diag);
    }
    if (!oc_is_ok(result)) {
        return gone(dialogue, diag);
    }
    dialogue->answered = true;
    if (oc_lines_rest(&dialogue->lines).len > 0) {
        return oc_dialogue_garbage(dialogue, "wrote more than one line", *answer, diag);
    }
    return oc_ok();
}

oc_result oc_dialogue_open(oc_dialogue **out, oc_dialogue_peer peer, const char *command, oc_diag *diag)
{
    *out = NULL;
    oc_dialogue *dialogue = calloc(1, sizeof *dialogue);
    if (dialogue == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    dialogue->peer = peer;
    oc_result result = oc_child_start_confined(&dialogue->child, command, diag);
    if (oc_is_ok(result)) {
        result = oc_lines_init(&dialogue->lines, dialogue->child.out_fd);
    }
    if (!oc_is_ok(result)) {
        oc_dialogue_free(&dialogue);
    }
    *out = dialogue;
    return result;
}

void oc_dialogue_free(oc_dialogue **dialogue)
{
    if (*dialogue != NULL) {
        oc_child_stop(&(*dialogue)->child);
        oc_lines_free(&(*dialogue)->lines);
        free(*dialogue);
        *dialogue = NULL;
    }
}
