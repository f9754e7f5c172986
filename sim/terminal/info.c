/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/info.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/base/tlv.h"

/* Bytes of the GB18030 character that begins here: 1, 2 or 4. */
static size_t character(oc_span text)
{
    if (text.at[0] < 0x81) {
        return 1;
    }
    return text.len > 1 && text.at[1] >= '0' && text.at[1] <= '9' ? 4 : 2;
}

bool oc_info_take(oc_span *rest, char mark, oc_span *item)
{
    size_t at = 0;
    while (at < rest->len && rest->at[at] != (uint8_t)mark) {
        at += character(oc_span_slice(*rest, at, SIZE_MAX));
    }
    if (at >= rest->len) {
        return false;
    }
    *item = oc_span_slice(*rest, 0, at);
    *rest = oc_span_slice(*rest, at + 1, SIZE_MAX);
    return true;
}

bool oc_info_all_hex(oc_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (oc_hex_digit((char)text.at[i]) < 0) {
            return false;
        }
    }
    return true;
}

bool oc_info_all_digits(oc_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
    }
    return true;
}

oc_span oc_info_trim(oc_span value)
{
    while (value.len > 0 && (value.at[value.len - 1] == 0x00 || value.at[value.len - 1] == 0xFF)) {
        value.len--;
    }
    return value;
}

bool oc_info_is_plain(oc_span text)
{
    while (text.len > 0) {
        uint8_t c = text.at[0];
        if (c < 0x20 || c == 0x7F || c == '|' || c == '$' || c == '^') {
            return false;
        }
        size_t len = character(text);
        if (len > text.len) {
            return false; /* a cut character would swallow the mark behind it */
        }
        text = oc_span_slice(text, len, SIZE_MAX);
    }
    return true;
}

oc_result oc_info_append_text(struct oc_call *call, oc_buf *out, oc_span value)
{
    oc_span text = oc_info_trim(value);
    return oc_info_is_plain(text) ? oc_buf_append(out, text) : oc_call_end(call, OC_CODE_CHARACTER);
}

oc_result oc_info_append_hex(oc_buf *out, oc_span value)
{
    for (size_t i = 0; i < value.len; i++) {
        char two[3];
        oc_hex_encode(two, sizeof two, oc_span_slice(value, i, 1));
        OC_TRY(oc_buf_append(out, oc_span_text(two)));
    }
    return oc_ok();
}

oc_result oc_info_append_digits(oc_buf *out, oc_span value)
{
    size_t before = out->len;
    OC_TRY(oc_info_append_hex(out, value));
    while (out->len > before && out->at[out->len - 1] == 'F') {
        out->len--;
    }
    return oc_ok();
}

oc_result oc_info_read_record(struct oc_call *call, uint8_t sfi, uint8_t tag, oc_span *value)
{
    *value = oc_span_empty();
    const oc_apdu read = {.ins = 0xB2, .p1 = tag, .p2 = (uint8_t)(sfi << 3), .has_le = true};
    OC_TRY(oc_call_card_for(call, &read, OC_ANY_LENGTH));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    oc_rd rd = oc_rd_of(oc_call_data(call));
    oc_tlv tlv;
    if (!oc_record_tlv_next(&rd, &tlv) || tlv.tag != tag || !oc_rd_done(&rd)) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    *value = tlv.value;
    return oc_ok();
}

bool oc_info_yuan(oc_span text, uint32_t *fen)
{
    uint64_t sum = 0;
    size_t whole = 0;
    size_t decimals = 0;
    bool point = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (c == '.' && !point && whole > 0) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || decimals == 2 || whole == 10) {
            return false;
        }
        sum = sum * 10 + (uint64_t)(c - '0');
        decimals += point;
        whole += !point;
    }
    if (whole == 0 || (point && decimals == 0)) {
        return false;
    }
    for (; decimals < 2; decimals++) {
        sum *= 10;
    }
    *fen = (uint32_t)sum;
    return sum <= UINT32_MAX;
}

void oc_info_print_yuan(char *out, size_t room, uint32_t fen)
{
    snprintf(out, room, "%" PRIu32 ".%02" PRIu32, fen / 100, fen % 100);
}

bool oc_info_time(oc_span text, uint8_t out[7])
{
    if (text.len != 14 || !oc_info_all_digits(text)) {
        return false;
    }
    char iso[32];
    const char *t = (const char *)text.at;
    snprintf(iso, sizeof iso, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", t, t + 4, t + 6, t + 8, t + 10, t + 12);
    oc_clock clock;
    if (!oc_is_ok(oc_clock_parse(&clock, iso))) {
        return false;
    }
    oc_clock_bcd7(&clock, out);
    return true;
}
