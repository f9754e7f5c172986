/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge/session.h"

#include <stdlib.h>

enum { GET_RESPONSE = 0xC0, MORE_DATA = 0x61, WRONG_LE = 0x6C, HEADER = 4 };

oc_seen_bytes oc_seen_slice(oc_seen_bytes bytes, size_t offset, size_t length)
{
    oc_seen_bytes out = {.bytes = oc_span_slice(bytes.bytes, offset, length)};
    if (bytes.known.len > 0) {
        out.known = oc_span_slice(bytes.known, offset, length);
    }
    out.cut = bytes.cut && (offset > bytes.bytes.len || length > bytes.bytes.len - offset);
    return out;
}

bool oc_seen_is_known(oc_seen_bytes bytes)
{
    return !bytes.cut && (bytes.known.len == 0 || memchr(bytes.known.at, 0, bytes.known.len) == NULL);
}

oc_seen_bytes oc_seen_part(const oc_seen *seen, enum oc_part part)
{
    switch (part) {
    case OC_PART_COMMAND:
        return seen->command;
    case OC_PART_HEADER:
        return seen->header;
    case OC_PART_DATA:
        return seen->data;
    case OC_PART_LE:
        return (oc_seen_bytes){.bytes = oc_span_of(&seen->le, seen->has_le)};
    case OC_PART_ANSWER:
        return seen->answer;
    case OC_PART_SW:
        return seen->sw;
    }
    return (oc_seen_bytes){.cut = false};
}

/* Lengths of a command: ISO/IEC 7816-4 5.1 with the body of T=0 (P3 alone is Le; what follows Lc bytes of data is). */
static void split_command(oc_seen *seen)
{
    oc_seen_bytes command = seen->command;
    const uint8_t *at = command.bytes.at;
    size_t len = command.bytes.len;
    seen->has_header = len >= HEADER;
    seen->header = oc_seen_slice(command, 0, HEADER);
    if (len <= HEADER) {
        return;
    }
    bool extended = len >= 7 && at[4] == 0;
    size_t lc = extended ? (size_t)at[5] << 8 | at[6] : at[4];
    size_t begin = extended ? 7 : 5;
    if (len == begin) {
        seen->has_le = true;
        seen->le = at[len - 1];
        return;
    }
    seen->data = oc_seen_slice(command, begin, lc);
    size_t end = begin + seen->data.bytes.len;
    seen->has_le = seen->data.bytes.len == lc && len > end;
    seen->le = seen->has_le ? at[len - 1] : 0;
}

static void open_seen(oc_seen *out, const oc_raw_exchange *raw, size_t at)
{
    *out = (oc_seen){.actor = raw->actor,
                     .is_reset = raw->is_reset,
                     .reset = raw->reset,
                     .answered = !raw->failed,
                     .command = raw->command,
                     .first = at,
                     .last = at,
                     .previous = SIZE_MAX,
                     .next = SIZE_MAX};
    size_t len = raw->response.bytes.len;
    if (raw->is_reset) {
        out->answer = raw->response;
        return;
    }
    split_command(out);
    /* Behind a masked part of unknown length the status word still stands at the end. */
    size_t data = len >= 2 ? len - 2 : 0;
    out->answer = oc_seen_slice(raw->response, 0, data);
    out->answer.cut = raw->response.cut;
    out->sw = oc_seen_slice(raw->response, data, len >= 2 ? 2 : 0);
    out->sw.cut = false;
    out->answered = out->answered && len >= 2;
}

static bool joins(const oc_seen *open, const oc_raw_exchange *raw)
{
    oc_span command = raw->command.bytes;
    if (raw->is_reset || open->is_reset || !open->answered || command.len < 5) {
        return false;
    }
    uint8_t sw1 = open->sw.bytes.at[0];
    uint8_t sw2 = open->sw.bytes.at[1];
    if (sw1 == MORE_DATA) {
        return command.at[1] == GET_RESPONSE;
    }
    if (sw1 != WRONG_LE || !open->has_header) {
        return false;
    }
    /* The GET RESPONSE of a command may have been told its length too. */
    bool again = memcmp(command.at, open->header.bytes.at, HEADER) == 0 ||
                 (open->last > open->first && command.at[1] == GET_RESPONSE);
    return again && command.at[command.len - 1] == sw2;
}

/* Appends the answer of `raw`. */
static oc_result join(oc_session *session, oc_seen *open, const oc_raw_exchange *raw, size_t at)
{
    oc_seen more;
    open_seen(&more, raw, at);
    size_t len = open->answer.bytes.len;
    size_t all = len + more.answer.bytes.len;
    uint8_t *bytes = oc_arena_alloc(&session->arena, all + 1);
    uint8_t *known = oc_arena_alloc(&session->arena, all + 1);
    if (bytes == NULL || known == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    memset(known, 1, all + 1);
    const oc_seen_bytes parts[] = {open->answer, more.answer};
    for (size_t i = 0, to = 0; i < 2; to += parts[i].bytes.len, i++) {
        if (parts[i].bytes.len > 0) {
            memcpy(bytes + to, parts[i].bytes.at, parts[i].bytes.len);
        }
        if (parts[i].known.len > 0) {
            memcpy(known + to, parts[i].known.at, parts[i].known.len);
        }
    }
    open->answer = (oc_seen_bytes){
        .bytes = oc_span_of(bytes, all), .known = oc_span_of(known, all), .cut = open->answer.cut || more.answer.cut};
    open->sw = more.sw;
    open->answered = more.answered;
    open->last = at;
    return oc_ok();
}

static void chain(oc_session *session)
{
    size_t last[OC_PATTERN_ANYBODY] = {SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < session->count; i++) {
        size_t *previous = &last[session->at[i].actor];
        session->at[i].previous = *previous;
        if (*previous != SIZE_MAX) {
            session->at[*previous].next = i;
        }
        *previous = i;
    }
}

oc_result oc_session_build(oc_session *out, const oc_raw_exchange *raw, size_t count, bool as_raw)
{
    *out = (oc_session){0};
    out->at = calloc(count + 1, sizeof *out->at);
    if (out->at == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    size_t open[OC_PATTERN_ANYBODY] = {SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < count; i++) {
        size_t *mine = &open[raw[i].actor];
        if (!as_raw && *mine != SIZE_MAX && joins(&out->at[*mine], &raw[i])) {
            oc_result r = join(out, &out->at[*mine], &raw[i], i);
            if (!oc_is_ok(r)) {
                oc_session_free(out);
                return r;
            }
            continue;
        }
        *mine = out->count;
        open_seen(&out->at[out->count++], &raw[i], i);
    }
    chain(out);
    return oc_ok();
}

void oc_session_free(oc_session *session)
{
    free(session->at);
    oc_arena_free(&session->arena);
    *session = (oc_session){0};
}
