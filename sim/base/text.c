/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/text.h"

#include <iconv.h>

bool oc_text_is_ascii(oc_span text)
{
    unsigned high = 0;
    for (size_t i = 0; i < text.len; i++) {
        high |= text.at[i] & 0x80u;
    }
    return high == 0;
}

/* What both encodings have in common, most of all texts, needs no converter, which takes longer to open than to run. */
static oc_result convert(oc_buf *out, const char *to, const char *from, oc_span in)
{
    if (oc_text_is_ascii(in)) {
        return oc_buf_append(out, in);
    }
    iconv_t cd = iconv_open(to, from);
    if (cd == (iconv_t)-1) {
        return oc_fail(OC_E_UNAVAILABLE);
    }
    size_t before = out->len;
    /* One GB18030 character has up to 4 bytes, as has one in UTF-8: 4 bytes for each input byte always do. */
    oc_result r = oc_buf_reserve(out, before + in.len * 4);
    if (oc_is_ok(r)) {
        char *source = (char *)(uintptr_t)in.at; /* iconv's prototype lacks the const it honours */
        size_t source_left = in.len;
        char *target = (char *)out->at + before;
        size_t target_left = out->room - before;
        if (iconv(cd, &source, &source_left, &target, &target_left) == (size_t)-1 || source_left != 0) {
            r = oc_fail(OC_E_FORMAT);
        } else {
            out->len = out->room - target_left;
        }
    }
    iconv_close(cd);
    return r;
}

oc_result oc_text_to_card(oc_buf *out, oc_span utf8)
{
    return convert(out, "GB18030", "UTF-8", utf8);
}

oc_result oc_text_from_card(oc_buf *out, oc_span gb18030)
{
    return convert(out, "UTF-8", "GB18030", gb18030);
}

bool oc_text_to_number(oc_span text, int64_t *out)
{
    bool negative = text.len > 0 && text.at[0] == '-';
    oc_span digits = oc_span_slice(text, negative ? 1 : 0, text.len - (negative ? 1 : 0));
    int64_t number = 0;
    if (digits.len == 0 || digits.len > 18) {
        return false;
    }
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9') {
            return false;
        }
        number = number * 10 + (digits.at[i] - '0');
    }
    *out = negative ? -number : number;
    return true;
}
