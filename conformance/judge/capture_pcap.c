/* SPDX-License-Identifier: Apache-2.0 */
/* pcap (microseconds, nanoseconds, either byte order) and pcapng: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. */
#include "conformance/judge/packet.h"

#define INTERFACES_MAX 64
#define PACKET_BYTES_MAX 262144u

enum { BLOCK_INTERFACE = 1, BLOCK_SIMPLE = 3, BLOCK_ENHANCED = 6, OPTION_RESOLUTION = 9 };
#define BLOCK_SECTION 0x0A0D0D0Au

struct file {
    oc_packets packets;
    bool big_endian;
    struct {
        unsigned link;
        uint8_t resolution; /* if_tsresol: a power of ten, or of two with the first bit */
    } interfaces[INTERFACES_MAX];
    size_t interface_count;
};

static uint32_t number(const struct file *file, const uint8_t *at, size_t len)
{
    uint32_t value = 0;
    for (size_t i = 0; i < len; i++) {
        value = value << 8 | at[file->big_endian ? i : len - 1 - i];
    }
    return value;
}

static oc_result read_classic(struct file *file, oc_span content)
{
    oc_rd rd = oc_rd_of(content);
    oc_span head = oc_rd_bytes(&rd, 24);
    if (rd.bad) {
        return oc_packet_fail(&file->packets, "the file ends in its header");
    }
    file->big_endian = head.at[0] == 0xA1;
    uint64_t unit = number(file, head.at, 4) == 0xA1B23C4Du ? 1 : 1000;
    unsigned link = number(file, head.at + 20, 4) & 0xFFFF;
    while (rd.rest.len > 0) {
        file->packets.number++;
        oc_span stamp = oc_rd_bytes(&rd, 16);
        size_t len = rd.bad ? 0 : number(file, stamp.at + 8, 4);
        oc_span data = oc_rd_bytes(&rd, len);
        if (rd.bad || len > PACKET_BYTES_MAX) {
            return oc_packet_fail(&file->packets, "it runs past the end of the file");
        }
        uint64_t ns = number(file, stamp.at, 4) * UINT64_C(1000000000) + number(file, stamp.at + 4, 4) * unit;
        OC_TRY(oc_packet_take(&file->packets, link, ns, data));
    }
    return oc_ok();
}

static oc_result take_interface(struct file *file, oc_span body)
{
    if (body.len < 8 || file->interface_count == INTERFACES_MAX) {
        return oc_packet_fail(&file->packets, "an interface block that is none, or one too many");
    }
    size_t at = file->interface_count++;
    file->interfaces[at].link = number(file, body.at, 2);
    file->interfaces[at].resolution = 6;
    oc_rd rd = oc_rd_of(oc_span_slice(body, 8, body.len));
    while (!rd.bad && rd.rest.len >= 4) {
        oc_span head = oc_rd_bytes(&rd, 4);
        size_t len = number(file, head.at + 2, 2);
        oc_span value = oc_rd_bytes(&rd, len);
        (void)oc_rd_bytes(&rd, (4 - len % 4) % 4);
        if (!rd.bad && number(file, head.at, 2) == OPTION_RESOLUTION && len == 1) {
            file->interfaces[at].resolution = value.at[0];
        }
    }
    return oc_ok();
}

static uint64_t to_ns(uint64_t ticks, uint8_t resolution)
{
    if ((resolution & 0x80) != 0) {
        unsigned shift = resolution & 0x7F;
        return shift >= 64 ? 0 : (uint64_t)((double)ticks / (double)(UINT64_C(1) << shift) * 1e9);
    }
    for (; resolution < 9; resolution++) {
        ticks *= 10;
    }
    for (; resolution > 9 && ticks > 0; resolution--) {
        ticks /= 10;
    }
    return ticks;
}

static oc_result take_enhanced(struct file *file, oc_span body)
{
    file->packets.number++;
    if (body.len < 20) {
        return oc_packet_fail(&file->packets, "a packet block too short for one");
    }
    size_t interface = number(file, body.at, 4);
    size_t len = number(file, body.at + 12, 4);
    if (interface >= file->interface_count || len > body.len - 20) {
        return oc_packet_fail(&file->packets, "an unknown interface, or a packet past the end of its block");
    }
    uint64_t ticks = (uint64_t)number(file, body.at + 4, 4) << 32 | number(file, body.at + 8, 4);
    return oc_packet_take(&file->packets, file->interfaces[interface].link,
                          to_ns(ticks, file->interfaces[interface].resolution), oc_span_slice(body, 20, len));
}

static oc_result take_simple(struct file *file, oc_span body)
{
    file->packets.number++;
    if (body.len < 4 || file->interface_count == 0) {
        return oc_packet_fail(&file->packets, "a packet block too short for one, or before its interface");
    }
    size_t len = number(file, body.at, 4);
    return oc_packet_take(&file->packets, file->interfaces[0].link, 0,
                          oc_span_slice(body, 4, len < body.len - 4 ? len : body.len - 4));
}

static oc_result take_section(struct file *file, oc_span block)
{
    if (block.len < 16) {
        return oc_packet_fail(&file->packets, "the file ends in its header");
    }
    file->big_endian = block.at[8] == 0x1A;
    file->interface_count = 0;
    return block.at[8] == 0x1A || block.at[8] == 0x4D ? oc_ok() : oc_packet_fail(&file->packets, "no byte order");
}

static oc_result read_next_generation(struct file *file, oc_span content)
{
    while (content.len > 0) {
        if (content.len < 12) {
            return oc_packet_fail(&file->packets, "the file ends in a block");
        }
        bool section = number(file, content.at, 4) == BLOCK_SECTION;
        if (section) {
            OC_TRY(take_section(file, content));
        }
        uint32_t kind = number(file, content.at, 4);
        size_t len = number(file, content.at + 4, 4);
        if (len < 12 || len % 4 != 0 || len > content.len) {
            return oc_packet_fail(&file->packets, "a block that runs past the end of the file");
        }
        oc_span body = oc_span_slice(content, 8, len - 12);
        oc_result r = kind == BLOCK_INTERFACE  ? take_interface(file, body)
                      : kind == BLOCK_ENHANCED ? take_enhanced(file, body)
                      : kind == BLOCK_SIMPLE   ? take_simple(file, body)
                                               : oc_ok();
        OC_TRY(r);
        content = oc_span_slice(content, len, content.len);
    }
    return oc_ok();
}

oc_result oc_capture_pcap(oc_capture *capture, oc_span content, oc_diag *diag)
{
    struct file file = {.packets = {.capture = capture, .diag = diag}};
    bool next = content.at[0] == 0x0A;
    capture->format = next ? "pcapng" : "pcap";
    OC_TRY(next ? read_next_generation(&file, content) : read_classic(&file, content));
    return oc_packet_end(&file.packets);
}
