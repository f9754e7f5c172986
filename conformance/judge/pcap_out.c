/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge/pcap_out.h"

#include "sim/base/file.h"

/* Tags of exported PDUs (Wireshark, exported_pdu_tlvs.h). */
enum { TAG_END = 0, TAG_DISSECTOR = 12, TAG_PROTOCOL_TEXT = 33, TAG_DIRECTION = 35 };
enum { SENT = 0, RECEIVED = 1 };
#define MAGIC_NS 0xA1B23C4Du
#define LINK_UPPER_PDU 252
#define SNAP 262144
#define GAP_NS 1000000 /* between sessions (project choice) */

static oc_result put32(oc_buf *out, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24)};
    return oc_buf_append(out, oc_span_of(bytes, sizeof bytes));
}

static oc_result put16_big(oc_buf *out, size_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 8), (uint8_t)value};
    return oc_buf_append(out, oc_span_of(bytes, sizeof bytes));
}

/* Values are filled up to four bytes. */
static oc_result put_tag(oc_buf *out, size_t tag, oc_span value)
{
    size_t padded = (value.len + 3) / 4 * 4;
    OC_TRY(put16_big(out, tag));
    OC_TRY(put16_big(out, padded));
    OC_TRY(oc_buf_append(out, value));
    for (size_t i = value.len; i < padded; i++) {
        OC_TRY(oc_buf_append_byte(out, 0));
    }
    return oc_ok();
}

static oc_result put_tags(oc_buf *out, const oc_raw_exchange *raw, uint8_t direction, bool masked)
{
    static const char *const names[2][2] = {{"card", "card masked"}, {"PSAM", "PSAM masked"}};
    const uint8_t way[] = {0, 0, 0, direction};
    /* That dissector takes every answer that begins like an answer to reset for one. */
    oc_span answer = raw->response.bytes;
    bool like_atr = direction == RECEIVED && answer.len > 2 && (answer.at[0] == 0x3B || answer.at[0] == 0x3F);
    const char *dissector = raw->is_reset ? "iso7816.atr" : like_atr ? "data" : "iso7816";
    OC_TRY(put_tag(out, TAG_DISSECTOR, oc_span_text(dissector)));
    OC_TRY(put_tag(out, TAG_DIRECTION, oc_span_of(way, sizeof way)));
    OC_TRY(put_tag(out, TAG_PROTOCOL_TEXT, oc_span_text(names[raw->actor == OC_PATTERN_PSAM][masked])));
    return put_tag(out, TAG_END, oc_span_empty());
}

static oc_result put_packet(oc_buf *out, oc_buf *packet, const oc_raw_exchange *raw, uint8_t direction, uint64_t ns)
{
    const oc_seen_bytes *bytes = direction == SENT ? &raw->command : &raw->response;
    oc_buf_clear(packet);
    OC_TRY(put_tags(packet, raw, direction, !oc_seen_is_known(*bytes)));
    OC_TRY(oc_buf_append(packet, bytes->bytes));
    OC_TRY(put32(out, (uint32_t)(ns / 1000000000)));
    OC_TRY(put32(out, (uint32_t)(ns % 1000000000)));
    OC_TRY(put32(out, (uint32_t)packet->len));
    OC_TRY(put32(out, (uint32_t)packet->len));
    return oc_buf_append(out, oc_buf_span(packet));
}

static oc_result put_head(oc_buf *out)
{
    const uint8_t version[] = {2, 0, 4, 0};
    OC_TRY(put32(out, MAGIC_NS));
    OC_TRY(oc_buf_append(out, oc_span_of(version, sizeof version)));
    OC_TRY(put32(out, 0));
    OC_TRY(put32(out, 0));
    OC_TRY(put32(out, SNAP));
    return put32(out, LINK_UPPER_PDU);
}

static oc_result put_session(oc_buf *out, oc_buf *packet, const oc_capture *capture, const oc_capture_session *session,
                             uint64_t *origin)
{
    uint64_t last = *origin;
    for (size_t i = 0; i < session->count; i++) {
        const oc_raw_exchange *raw = &capture->at[session->first + i];
        if (!raw->is_reset) {
            OC_TRY(put_packet(out, packet, raw, SENT, *origin + raw->begin_ns));
        }
        if (!raw->failed) {
            OC_TRY(put_packet(out, packet, raw, RECEIVED, *origin + raw->end_ns));
        }
        last = *origin + raw->end_ns > last ? *origin + raw->end_ns : last;
    }
    *origin = last + GAP_NS;
    return oc_ok();
}

oc_result oc_pcap_append(const oc_capture *capture, oc_buf *out)
{
    oc_buf packet = {0};
    uint64_t origin = 0;
    oc_result r = put_head(out);
    for (size_t i = 0; i < capture->session_count && oc_is_ok(r); i++) {
        r = put_session(out, &packet, capture, &capture->sessions[i], &origin);
    }
    oc_buf_free(&packet);
    return r;
}

oc_result oc_pcap_write(const oc_capture *capture, const char *path, oc_diag *diag)
{
    oc_buf out = {0};
    oc_result r = oc_pcap_append(capture, &out);
    if (oc_is_ok(r)) {
        r = oc_file_replace(path, oc_buf_span(&out), diag);
    }
    oc_buf_free(&out);
    return r;
}
