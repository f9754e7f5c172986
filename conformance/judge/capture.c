/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge/capture.h"

#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/base/hex.h"

oc_result oc_capture_session_begin(oc_capture *capture, const char *name)
{
    if (capture->session_count > 0 && capture->sessions[capture->session_count - 1].count == 0) {
        capture->session_count--;
    }
    if (capture->session_count == capture->session_room) {
        size_t room = capture->session_room == 0 ? 16 : capture->session_room * 2;
        oc_capture_session *grown = realloc(capture->sessions, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        capture->sessions = grown;
        capture->session_room = room;
    }
    const char *kept = oc_arena_text(&capture->arena, name);
    capture->sessions[capture->session_count++] = (oc_capture_session){kept, capture->count, 0};
    return kept == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

oc_result oc_capture_add(oc_capture *capture, const oc_raw_exchange *exchange)
{
    if (capture->count == OC_CAPTURE_EXCHANGES_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    if (capture->count == capture->room) {
        size_t room = capture->room == 0 ? 256 : capture->room * 2;
        oc_raw_exchange *grown = realloc(capture->at, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        capture->at = grown;
        capture->room = room;
    }
    if (capture->session_count == 0) {
        OC_TRY(oc_capture_session_begin(capture, capture->name));
    }
    capture->at[capture->count++] = *exchange;
    capture->sessions[capture->session_count - 1].count++;
    return oc_ok();
}

void oc_capture_free(oc_capture *capture)
{
    oc_arena_free(&capture->arena);
    free(capture->at);
    free(capture->sessions);
    *capture = (oc_capture){0};
}

static bool begins(oc_span content, const char *text)
{
    return content.len >= strlen(text) && memcmp(content.at, text, strlen(text)) == 0;
}

static bool holds(oc_span content, const char *text)
{
    oc_span head = oc_span_slice(content, 0, 65536);
    return memmem(head.at, head.len, text, strlen(text)) != NULL;
}

static bool is_pcap(oc_span content)
{
    static const uint8_t magics[][4] = {{0xA1, 0xB2, 0xC3, 0xD4},
                                        {0xD4, 0xC3, 0xB2, 0xA1},
                                        {0xA1, 0xB2, 0x3C, 0x4D},
                                        {0x4D, 0x3C, 0xB2, 0xA1},
                                        {0x0A, 0x0D, 0x0D, 0x0A}};
    for (size_t i = 0; i < sizeof magics / sizeof magics[0] && content.len >= 4; i++) {
        if (memcmp(content.at, magics[i], 4) == 0) {
            return true;
        }
    }
    return false;
}

static oc_result read_format(oc_capture *out, oc_span content, const oc_log_map *map, oc_diag *diag)
{
    if (content.len == 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "the file is empty");
    }
    if (map != NULL) {
        return oc_capture_log(out, content, map, diag);
    }
    if (is_pcap(content)) {
        return oc_capture_pcap(out, content, diag);
    }
    if (begins(content, "onecard-journal ")) {
        return oc_capture_journal(out, content, diag);
    }
    if (begins(content, "<?xml") || begins(content, "<result")) {
        return oc_capture_result(out, content, diag);
    }
    if (begins(content, "{")) {
        return oc_capture_events(out, content, diag);
    }
    if (holds(content, "@>|")) {
        return oc_capture_spy(out, content, diag);
    }
    return oc_diag_fail(diag, OC_E_FORMAT,
                        "no result.xml, run.journal, events, pcsc-spy log or pcap: a log of another form needs --map");
}

oc_result oc_capture_read(oc_capture *out, oc_span content, const oc_log_map *map, oc_diag *diag)
{
    oc_result r = read_format(out, content, map, diag);
    if (oc_is_ok(r) && out->count == 0) {
        r = oc_diag_fail(diag, OC_E_FORMAT,
                         out->calls_only && out->format[0] != 'p'
                             ? "no exchange that a call of a terminal caused is in it"
                             : "no exchange with a card is in it");
    }
    if (r.code == OC_E_LIMIT) {
        r = oc_diag_fail(diag, OC_E_LIMIT, "more than %zu exchanges", OC_CAPTURE_EXCHANGES_MAX);
    }
    if (!oc_is_ok(r)) {
        oc_diag_place(diag, out->name, 0);
    }
    return r;
}

oc_result oc_capture_load(oc_capture *out, const char *path, const oc_log_map *map, oc_diag *diag)
{
    oc_buf content = {0};
    oc_result r = oc_file_read(&content, path, OC_CAPTURE_BYTES_MAX, diag);
    if (oc_is_ok(r)) {
        out->name = oc_arena_text(&out->arena, path);
        r = out->name == NULL ? oc_fail(OC_E_MEMORY) : oc_capture_read(out, oc_buf_span(&content), map, diag);
    }
    oc_buf_free(&content);
    return r;
}
