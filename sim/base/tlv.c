/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/tlv.h"

#define TLV_DEPTH_MAX 8

static uint32_t read_tag(oc_rd *rd, bool *constructed)
{
    uint32_t tag = oc_rd_u8(rd);
    *constructed = (tag & 0x20) != 0;
    if ((tag & 0x1F) != 0x1F) {
        return tag;
    }
    for (int i = 0; i < 2; i++) {
        uint8_t more = oc_rd_u8(rd);
        tag = tag << 8 | more;
        if ((more & 0x80) == 0) {
            return tag;
        }
    }
    rd->bad = true;
    return 0;
}

static size_t read_length(oc_rd *rd)
{
    uint8_t first = oc_rd_u8(rd);
    if (first < 0x80) {
        return first;
    }
    size_t bytes = first & 0x7Fu;
    if (bytes == 0 || bytes > 3) {
        rd->bad = true;
        return 0;
    }
    size_t len = 0;
    for (size_t i = 0; i < bytes; i++) {
        len = len << 8 | oc_rd_u8(rd);
    }
    return len;
}

bool oc_tlv_next(oc_rd *rd, oc_tlv *out)
{
    if (rd->bad || rd->rest.len == 0) {
        return false;
    }
    out->tag = read_tag(rd, &out->constructed);
    size_t len = read_length(rd);
    out->value = oc_rd_bytes(rd, len);
    return !rd->bad;
}

static bool find(oc_span data, uint32_t tag, oc_span *value, int depth)
{
    oc_rd rd = oc_rd_of(data);
    oc_tlv tlv;
    while (oc_tlv_next(&rd, &tlv)) {
        if (tlv.tag == tag) {
            *value = tlv.value;
            return true;
        }
        if (tlv.constructed && depth < TLV_DEPTH_MAX && find(tlv.value, tag, value, depth + 1)) {
            return true;
        }
    }
    return false;
}

bool oc_tlv_find(oc_span data, uint32_t tag, oc_span *value)
{
    return find(data, tag, value, 0);
}

void oc_tlv_write(oc_wr *wr, uint32_t tag, oc_span value)
{
    for (int shift = 16; shift >= 0; shift -= 8) {
        if (shift == 0 || tag >> shift != 0) {
            oc_wr_u8(wr, (uint8_t)(tag >> shift));
        }
    }
    if (value.len >= 0x10000) {
        wr->bad = true;
        return;
    }
    if (value.len < 0x80) {
        oc_wr_u8(wr, (uint8_t)value.len);
    } else if (value.len < 0x100) {
        oc_wr_u8(wr, 0x81);
        oc_wr_u8(wr, (uint8_t)value.len);
    } else {
        oc_wr_u8(wr, 0x82);
        oc_wr_u16(wr, (uint16_t)value.len);
    }
    oc_wr_bytes(wr, value);
}

bool oc_record_tlv_next(oc_rd *rd, oc_tlv *out)
{
    if (rd->bad || rd->rest.len == 0) {
        return false;
    }
    out->tag = oc_rd_u8(rd);
    out->constructed = false;
    size_t len = oc_rd_u8(rd);
    out->value = oc_rd_bytes(rd, len);
    return !rd->bad;
}
