/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/hex.h"

int oc_hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return -1;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

oc_result oc_hex_decode(oc_buf *out, const char *text, size_t len)
{
    size_t before = out->len;
    for (size_t i = 0; i < len;) {
        if (blank(text[i])) {
            i++;
            continue;
        }
        int high = oc_hex_digit(text[i]);
        int low = i + 1 < len ? oc_hex_digit(text[i + 1]) : -1;
        if (high < 0 || low < 0) {
            out->len = before;
            return oc_fail(OC_E_FORMAT);
        }
        oc_result r = oc_buf_append_byte(out, (uint8_t)(high << 4 | low));
        if (!oc_is_ok(r)) {
            out->len = before;
            return r;
        }
        i += 2;
    }
    return oc_ok();
}

static bool occurs_at(oc_span text, size_t at, oc_span bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        while (i > 0 && at < text.len && (blank((char)text.at[at]) || text.at[at] == ':')) {
            at++;
        }
        if (at + 2 > text.len || oc_hex_digit((char)text.at[at]) != bytes.at[i] >> 4 ||
            oc_hex_digit((char)text.at[at + 1]) != (bytes.at[i] & 0x0F)) {
            return false;
        }
        at += 2;
    }
    return bytes.len > 0;
}

bool oc_hex_occurs(oc_span text, oc_span bytes)
{
    bool found = false;
    for (size_t at = 0; at < text.len && !found; at++) {
        found = occurs_at(text, at, bytes);
    }
    return found;
}

/* Two digits of every byte, so that the loop has one look-up and one store a byte. */
#define HEX_1(high, low)                                                                                              \
    {                                                                                                                 \
        (high), (low)                                                                                                 \
    }
#define HEX_16(high)                                                                                                  \
    HEX_1(high, '0'), HEX_1(high, '1'), HEX_1(high, '2'), HEX_1(high, '3'), HEX_1(high, '4'), HEX_1(high, '5'),       \
        HEX_1(high, '6'), HEX_1(high, '7'), HEX_1(high, '8'), HEX_1(high, '9'), HEX_1(high, 'A'), HEX_1(high, 'B'),   \
        HEX_1(high, 'C'), HEX_1(high, 'D'), HEX_1(high, 'E'), HEX_1(high, 'F')

void oc_hex_encode(char *out, size_t room, oc_span s)
{
    static const char digits[256][2] = {HEX_16('0'), HEX_16('1'), HEX_16('2'), HEX_16('3'), HEX_16('4'), HEX_16('5'),
                                        HEX_16('6'), HEX_16('7'), HEX_16('8'), HEX_16('9'), HEX_16('A'), HEX_16('B'),
                                        HEX_16('C'), HEX_16('D'), HEX_16('E'), HEX_16('F')};
    size_t count = room < 2 ? 0 : (room - 1) / 2 < s.len ? (room - 1) / 2 : s.len;
    for (size_t i = 0; i < count; i++) {
        memcpy(out + 2 * i, digits[s.at[i]], 2);
    }
    if (room > 0) {
        out[2 * count] = '\0';
    }
}
