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

void oc_hex_encode(char *out, size_t room, oc_span s)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t n = 0;
    for (size_t i = 0; i < s.len && n + 2 < room; i++) {
        out[n++] = digits[s.at[i] >> 4];
        out[n++] = digits[s.at[i] & 0x0F];
    }
    if (room > 0) {
        out[n] = '\0';
    }
}
