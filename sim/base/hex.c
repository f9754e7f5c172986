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

/* The two digits of each byte, one behind the other: one look-up and one store a byte. */
#define WITH_HIGH(h) h "0" h "1" h "2" h "3" h "4" h "5" h "6" h "7" h "8" h "9" h "A" h "B" h "C" h "D" h "E" h "F"

void oc_hex_encode(char *out, size_t room, oc_span s)
{
    static const char digits[] = WITH_HIGH("0") WITH_HIGH("1") WITH_HIGH("2") WITH_HIGH("3") WITH_HIGH("4")
        WITH_HIGH("5") WITH_HIGH("6") WITH_HIGH("7") WITH_HIGH("8") WITH_HIGH("9") WITH_HIGH("A") WITH_HIGH("B")
            WITH_HIGH("C") WITH_HIGH("D") WITH_HIGH("E") WITH_HIGH("F");
    size_t count = room < 2 ? 0 : (room - 1) / 2 < s.len ? (room - 1) / 2 : s.len;
    for (size_t i = 0; i < count; i++) {
        memcpy(out + 2 * i, digits + 2 * (size_t)s.at[i], 2);
    }
    if (room > 0) {
        out[2 * count] = '\0';
    }
}
