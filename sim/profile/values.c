/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/profile/values.h"

#include "sim/base/hex.h"
#include "sim/base/text.h"

#define VALUE_MAX 65535

/* A token from quote to quote. */
static oc_result text_token(oc_buf *out, const char **at, oc_diag *diag)
{
    const char *begin = *at + 1;
    const char *end = strchr(begin, '\'');
    if (end == NULL) {
        return oc_diag_fail(diag, OC_E_FORMAT, "the text %s has no closing quote", *at);
    }
    *at = end + 1;
    if (!oc_is_ok(oc_text_to_card(out, oc_span_of(begin, (size_t)(end - begin))))) {
        return oc_diag_fail(diag, OC_E_FORMAT, "GB18030 cannot carry the text '%.*s'", (int)(end - begin), begin);
    }
    return oc_ok();
}

static oc_result hex_token(oc_buf *out, const char **at, oc_diag *diag)
{
    const char *begin = *at;
    *at += strcspn(begin, " \t\r\n'");
    int len = (int)(*at - begin);
    if (*begin == '$' || *begin == '@' || strncmp(begin, "key:", 4) == 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "'%.*s': a profile's values are hex and 'text' only", len, begin);
    }
    if (!oc_is_ok(oc_hex_decode(out, begin, (size_t)len))) {
        return oc_diag_fail(diag, OC_E_FORMAT, "'%.*s' is neither whole bytes in hex nor 'text'", len, begin);
    }
    return oc_ok();
}

oc_result oc_value_parse(oc_buf *out, const char *tokens, oc_diag *diag)
{
    const char *at = tokens;
    for (;;) {
        at += strspn(at, " \t\r\n");
        if (*at == '\0') {
            return oc_ok();
        }
        OC_TRY(*at == '\'' ? text_token(out, &at, diag) : hex_token(out, &at, diag));
        if (out->len > VALUE_MAX) {
            return oc_diag_fail(diag, OC_E_LIMIT, "a value is longer than %u bytes", VALUE_MAX);
        }
    }
}

/* Digits of packed kinds may be odd in number; some items hold hex (the provider id in the card id code). */
static oc_result digits(oc_buf *out, const char *tokens, oc_diag *diag)
{
    bool high = true;
    for (const char *at = tokens; *at != '\0'; at++) {
        if (strchr(" \t\r\n", *at) != NULL) {
            continue;
        }
        int digit = oc_hex_digit(*at);
        if (digit < 0) {
            return oc_diag_fail(diag, OC_E_FORMAT, "'%s' is not packed digits", tokens);
        }
        if (high) {
            OC_TRY(oc_buf_append_byte(out, (uint8_t)(digit << 4 | 0x0F)));
        } else {
            out->at[out->len - 1] = (uint8_t)((out->at[out->len - 1] & 0xF0) | digit);
        }
        high = !high;
    }
    return oc_ok();
}

oc_result oc_value_of_kind(oc_buf *out, enum oc_kind kind, size_t len, const char *tokens, oc_diag *diag)
{
    size_t before = out->len;
    OC_TRY(kind == OC_KIND_CN ? digits(out, tokens, diag) : oc_value_parse(out, tokens, diag));
    if (out->len - before > len) {
        return oc_diag_fail(diag, OC_E_FORMAT, "the value has %zu bytes, its place only %zu", out->len - before, len);
    }
    while (out->len - before < len) {
        OC_TRY(oc_buf_append_byte(out, kind == OC_KIND_CN ? 0xFF : 0x00));
    }
    return oc_ok();
}

oc_span oc_value_trimmed(enum oc_kind kind, oc_span value)
{
    uint8_t fill = kind == OC_KIND_CN ? 0xFF : 0x00;
    while (value.len > 0 && value.at[value.len - 1] == fill) {
        value.len--;
    }
    return value;
}
