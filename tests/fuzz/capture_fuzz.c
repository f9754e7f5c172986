/* SPDX-License-Identifier: Apache-2.0 */
/* The readers of captures, each by the first byte of the input; what they accept is joined, written and shown. */
#include "conformance/judge/capture.h"
#include "conformance/judge/pcap_out.h"
#include "conformance/run/show.h"
#include "tests/fuzz/fuzz.h"

#define MAP                                                                                                           \
    "<log-map><line kind='command' match='^> (.*)$' command='1'/><line kind='answer' match='^&lt; (.*)$' "            \
    "answer='1'/><line kind='exchange' match='([0-9A-F]+)/([0-9A-F]+)' command='1' answer='2'/></log-map>"

static oc_log_map *map;
static oc_mask *mask;
static FILE *nowhere;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    nowhere = fopen("/dev/null", "w");
    FUZZ_DEMAND(nowhere != NULL && oc_is_ok(oc_mask_new_blind(&mask)));
    FUZZ_DEMAND(oc_is_ok(oc_log_map_parse(&map, oc_span_text(MAP), "map", NULL)));
    return 0;
}

static oc_result read_as(oc_capture *capture, uint8_t kind, oc_span content, oc_diag *diag)
{
    switch (kind) {
    case 'x':
        return oc_capture_result(capture, content, diag);
    case 'j':
        return oc_capture_journal(capture, content, diag);
    case 'e':
        return oc_capture_events(capture, content, diag);
    case 's':
        return oc_capture_spy(capture, content, diag);
    case 'l':
        return oc_capture_log(capture, content, map, diag);
    default:
        return oc_capture_read(capture, content, NULL, diag);
    }
}

static void join(const oc_capture *capture, const oc_capture_session *one, bool as_raw)
{
    oc_session session;
    FUZZ_DEMAND(one->first + one->count <= capture->count);
    FUZZ_DEMAND(oc_is_ok(oc_session_build(&session, capture->at + one->first, one->count, as_raw)));
    FUZZ_DEMAND(session.count <= one->count && (!as_raw || session.count == one->count));
    for (size_t i = 0; i < session.count; i++) {
        const oc_seen *seen = &session.at[i];
        FUZZ_DEMAND(seen->answer.known.len == 0 || seen->answer.known.len == seen->answer.bytes.len);
        FUZZ_DEMAND(seen->sw.bytes.len == 0 || seen->sw.bytes.len == 2);
    }
    oc_session_free(&session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    oc_capture capture = {.name = "fuzz"};
    oc_diag diag = {0};
    if (size < 2) {
        return 0;
    }
    oc_result r = read_as(&capture, data[0], oc_span_of(data + 1, size - 1), &diag);
    FUZZ_DEMAND(oc_is_ok(r) || diag.reason[0] != '\0' || r.code == OC_E_LIMIT);
    for (size_t i = 0; i < capture.session_count && capture.count > 0 && oc_is_ok(r); i++) {
        join(&capture, &capture.sessions[i], false);
        join(&capture, &capture.sessions[i], true);
    }
    if (oc_is_ok(r)) {
        oc_buf pcap = {0};
        oc_show show = {.out = nowhere, .lang = "en", .mask = mask};
        FUZZ_DEMAND(oc_is_ok(oc_pcap_append(&capture, &pcap)));
        oc_show_capture(&show, &capture);
        oc_show_free(&show);
        oc_buf_free(&pcap);
    }
    oc_capture_free(&capture);
    return 0;
}
