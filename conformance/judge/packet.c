/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge/packet.h"

enum {
    TAG_END = 0,
    TAG_DISSECTOR = 12,
    TAG_PROTOCOL_TEXT = 33,
    TAG_DIRECTION = 35,
    GSMTAP_PORT = 4729,
    GSMTAP_SIM = 4,
    GSMTAP_ATR = 1,
    PROTOCOL_UDP = 17
};

oc_result oc_packet_fail(const oc_packets *packets, const char *reason)
{
    return oc_diag_fail(packets->diag, OC_E_FORMAT, "packet %zu: %s", packets->number, reason);
}

static uint16_t be16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

/* Of a packet that says so, zeros are masked bytes. */
static oc_seen_bytes keep(const oc_packets *packets, oc_span bytes, bool masked)
{
    oc_arena *arena = &packets->capture->arena;
    oc_seen_bytes kept = {.bytes = oc_arena_bytes(arena, bytes)};
    uint8_t *known = masked ? oc_arena_alloc(arena, bytes.len + 1) : NULL;
    for (size_t i = 0; known != NULL && i < kept.bytes.len; i++) {
        known[i] = bytes.at[i] != 0;
    }
    kept.known = oc_span_of(known, known == NULL ? 0 : kept.bytes.len);
    return kept;
}

struct packet {
    uint64_t ns;
    oc_span bytes;
    enum oc_pattern_actor actor;
    bool masked;
};

oc_result oc_packet_end(oc_packets *packets)
{
    if (!packets->waiting) {
        return oc_ok();
    }
    packets->waiting = false;
    packets->command.failed = true;
    packets->command.end_ns = packets->command.begin_ns;
    return oc_capture_add(packets->capture, &packets->command);
}

static oc_result take_atr(oc_packets *packets, const struct packet *packet)
{
    OC_TRY(oc_packet_end(packets));
    const oc_raw_exchange reset = {.is_reset = true,
                                   .actor = packet->actor,
                                   .failed = packet->bytes.len == 0,
                                   .response = keep(packets, packet->bytes, packet->masked),
                                   .begin_ns = packet->ns,
                                   .end_ns = packet->ns,
                                   .place = packets->number};
    return oc_capture_add(packets->capture, &reset);
}

static oc_result take_command(oc_packets *packets, const struct packet *packet)
{
    OC_TRY(oc_packet_end(packets));
    packets->waiting = true;
    packets->command = (oc_raw_exchange){.actor = packet->actor,
                                         .command = keep(packets, packet->bytes, packet->masked),
                                         .begin_ns = packet->ns,
                                         .place = packets->number};
    return oc_ok();
}

static oc_result take_answer(oc_packets *packets, const struct packet *packet)
{
    if (!packets->waiting) {
        return oc_ok(); /* the capture began in the middle */
    }
    packets->waiting = false;
    packets->command.failed = packet->bytes.len < 2;
    packets->command.response = keep(packets, packet->bytes, packet->masked);
    packets->command.end_ns = packet->ns < packets->command.begin_ns ? packets->command.begin_ns : packet->ns;
    return oc_capture_add(packets->capture, &packets->command);
}

static void take_text(char out[OC_PACKET_TEXT_MAX], oc_span value)
{
    size_t len = value.len < OC_PACKET_TEXT_MAX ? value.len : 0;
    if (len > 0) {
        memcpy(out, value.at, len);
    }
    out[len] = '\0';
}

struct tags {
    char dissector[OC_PACKET_TEXT_MAX];
    char text[OC_PACKET_TEXT_MAX]; /* of the protocol column */
    int direction;                 /* 0 to the card, 1 from it, -1 nobody says */
};

/* Tags of two bytes, lengths of two bytes, up to the tag 0 (Wireshark, exported_pdu_tlvs.h). */
static oc_result read_tags(const oc_packets *packets, oc_rd *rd, struct tags *out)
{
    *out = (struct tags){.direction = -1};
    for (;;) {
        oc_span head = oc_rd_bytes(rd, 4);
        if (rd->bad) {
            break;
        }
        unsigned tag = be16(head.at);
        oc_span value = oc_rd_bytes(rd, be16(head.at + 2));
        if (rd->bad || tag == TAG_END) {
            break;
        }
        if (tag == TAG_DISSECTOR || tag == TAG_PROTOCOL_TEXT) {
            take_text(tag == TAG_DISSECTOR ? out->dissector : out->text, value);
        } else if (tag == TAG_DIRECTION && value.len == 4) {
            out->direction = value.at[3];
        }
    }
    return rd->bad ? oc_packet_fail(packets, "its tags run past its end") : oc_ok();
}

/* Link type 252. */
static oc_result take_upper_pdu(oc_packets *packets, uint64_t ns, oc_span data)
{
    oc_rd rd = oc_rd_of(data);
    struct tags tags;
    OC_TRY(read_tags(packets, &rd, &tags));
    bool psam = strncmp(tags.text, "PSAM", 4) == 0;
    bool own = psam || strncmp(tags.text, "card", 4) == 0;
    const struct packet packet = {.ns = ns,
                                  .bytes = rd.rest,
                                  .actor = psam ? OC_PATTERN_PSAM : OC_PATTERN_CARD,
                                  .masked = own && strstr(tags.text, " masked") != NULL};
    if (strcmp(tags.dissector, "iso7816.atr") == 0) {
        return take_atr(packets, &packet);
    }
    if (strcmp(tags.dissector, "iso7816") != 0 && !(own && strcmp(tags.dissector, "data") == 0)) {
        return oc_ok();
    }
    bool command = tags.direction == 0 || (tags.direction < 0 && !packets->waiting);
    return command ? take_command(packets, &packet) : take_answer(packets, &packet);
}

/* Commands whose P3 is the length of what the card is sent: ISO/IEC 7816-4 and those of the card (ssc-card sheet 7). */
static bool sends_data(const uint8_t *header)
{
    static const uint8_t sending[] = {0x10, 0x12, 0x14, 0x16, 0x18, 0x1E, 0x20, 0x24, 0x28, 0x2A, 0x2C, 0x32, 0x5E,
                                      0x70, 0x72, 0x82, 0x88, 0xA2, 0xA4, 0xC2, 0xD4, 0xD6, 0xDC, 0xDE, 0xE2, 0xFA};
    return memchr(sending, header[1], sizeof sending) != NULL;
}

/* GSMTAP of a SIM: the whole exchange in one packet, header, data of either direction, status word; or an ATR. */
static oc_result take_gsmtap(oc_packets *packets, uint64_t ns, oc_span data)
{
    if (data.len < 16 || data.at[2] != GSMTAP_SIM) {
        return oc_ok();
    }
    size_t head = (size_t)data.at[1] * 4;
    uint8_t kind = data.at[12];
    if (head < 16 || head > data.len) {
        return oc_packet_fail(packets, "a GSMTAP header longer than its packet");
    }
    oc_span body = oc_span_slice(data, head, data.len);
    if (kind == GSMTAP_ATR) {
        return take_atr(packets, &(const struct packet){.ns = ns, .bytes = body});
    }
    if (body.len < 5) {
        return oc_packet_fail(packets, "GSMTAP with less than a command's header");
    }
    size_t sent = sends_data(body.at) ? body.at[4] : 0;
    size_t command = 5 + sent <= body.len ? 5 + sent : 5;
    OC_TRY(take_command(packets, &(const struct packet){.ns = ns, .bytes = oc_span_slice(body, 0, command)}));
    return take_answer(packets, &(const struct packet){.ns = ns, .bytes = oc_span_slice(body, command, body.len)});
}

static oc_result take_ip(oc_packets *packets, uint64_t ns, oc_span data)
{
    if (data.len < 20 || data.at[0] >> 4 != 4) {
        return oc_ok();
    }
    size_t head = (size_t)(data.at[0] & 0x0F) * 4;
    size_t total = be16(data.at + 2);
    if (head < 20 || total < head || total > data.len) {
        return oc_packet_fail(packets, "an IP packet whose lengths contradict each other");
    }
    oc_span udp = oc_span_slice(data, head, total - head);
    if (data.at[9] != PROTOCOL_UDP || udp.len < 8 ||
        (be16(udp.at + 2) != GSMTAP_PORT && be16(udp.at) != GSMTAP_PORT)) {
        return oc_ok();
    }
    return take_gsmtap(packets, ns, oc_span_slice(udp, 8, udp.len));
}

oc_result oc_packet_take(oc_packets *packets, unsigned link, uint64_t ns, oc_span data)
{
    switch (link) {
    case OC_LINK_UPPER_PDU:
        return take_upper_pdu(packets, ns, data);
    case OC_LINK_RAW_IP:
    case OC_LINK_IPV4:
        return take_ip(packets, ns, data);
    case OC_LINK_ETHERNET:
        return data.len >= 14 && be16(data.at + 12) == 0x0800 ? take_ip(packets, ns, oc_span_slice(data, 14, data.len))
                                                              : oc_ok();
    default:
        return oc_diag_fail(packets->diag, OC_E_FORMAT,
                            "packet %zu: link type %u; 252 (upper PDU), 1, 101 and 228 (GSMTAP over UDP) are read",
                            packets->number, link);
    }
}
