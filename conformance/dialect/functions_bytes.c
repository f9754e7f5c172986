/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/functions_impl.h"
#include "sim/base/hex.h"
#include "sim/base/text.h"
#include "sim/crypto/pin_block.h"
#include "sim/crypto/ssc.h"

#define RANDOM_MAX 4096

oc_result oc_fn_bytes(oc_call *call, oc_buf *out, oc_diag *diag)
{
    (void)diag;
    return oc_buf_append(out, oc_fn_span(call, 0));
}

oc_result oc_fn_hex(oc_call *call, oc_buf *out, oc_diag *diag)
{
    (void)diag;
    oc_span data = oc_fn_span(call, 0);
    for (size_t i = 0; i < data.len; i++) {
        char two[3];
        oc_hex_encode(two, sizeof two, oc_span_slice(data, i, 1));
        OC_TRY(oc_buf_append(out, oc_span_text(two)));
    }
    return oc_ok();
}

oc_result oc_fn_unhex(oc_call *call, oc_buf *out, oc_diag *diag)
{
    oc_span text = oc_fn_span(call, 0);
    for (size_t i = 0; i < text.len; i += 2) {
        int high = oc_hex_digit((char)text.at[i]);
        int low = i + 1 < text.len ? oc_hex_digit((char)text.at[i + 1]) : -1;
        if (high < 0 || low < 0) {
            return oc_diag_fail(diag, OC_E_FORMAT, "no pair of hex digits at %zu", i);
        }
        OC_TRY(oc_buf_append_byte(out, (uint8_t)(high << 4 | low)));
    }
    return oc_ok();
}

oc_result oc_fn_xor(oc_call *call, oc_buf *out, oc_diag *diag)
{
    oc_span a = oc_fn_span(call, 0);
    oc_span b = oc_fn_span(call, 1);
    if (a.len != b.len) {
        return oc_diag_fail(diag, OC_E_FORMAT, "xor of %zu and %zu bytes", a.len, b.len);
    }
    for (size_t i = 0; i < a.len; i++) {
        OC_TRY(oc_buf_append_byte(out, a.at[i] ^ b.at[i]));
    }
    return oc_ok();
}

oc_result oc_fn_fold8(oc_call *call, oc_buf *out, oc_diag *diag)
{
    (void)diag;
    uint8_t folded[8];
    oc_ssc_fold8(oc_fn_span(call, 0).at, folded);
    return oc_buf_append(out, oc_span_of(folded, sizeof folded));
}

oc_result oc_fn_fold4(oc_call *call, oc_buf *out, oc_diag *diag)
{
    (void)diag;
    uint8_t folded[4];
    oc_ssc_fold4(oc_fn_span(call, 0).at, folded);
    return oc_buf_append(out, oc_span_of(folded, sizeof folded));
}

/* Unsigned big-endian at the width of the first operand. `sign` is +1 or -1. */
static oc_result combine(oc_call *call, int sign, oc_buf *out, oc_diag *diag)
{
    oc_span a = oc_fn_span(call, 0);
    oc_span b = oc_fn_span(call, 1);
    if (b.len > a.len) {
        return oc_diag_fail(diag, OC_E_FORMAT, "the second number is wider than the first");
    }
    size_t begin = out->len;
    OC_TRY(oc_buf_append(out, a));
    int carry = 0;
    for (size_t i = 0; i < a.len; i++) {
        int digit = out->at[begin + a.len - 1 - i] + carry;
        digit += i < b.len ? sign * b.at[b.len - 1 - i] : 0;
        carry = digit < 0 ? -1 : digit > 255 ? 1 : 0;
        out->at[begin + a.len - 1 - i] = (uint8_t)(digit & 0xFF);
    }
    return carry == 0 ? oc_ok() : oc_diag_fail(diag, OC_E_FORMAT, "the result does not fit in %zu bytes", a.len);
}

oc_result oc_fn_sum(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return combine(call, 1, out, diag);
}

oc_result oc_fn_difference(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return combine(call, -1, out, diag);
}

/* "10", "10.5" or "10.00" yuan to fen, without floating point. */
static oc_result parse_yuan(const char *text, uint32_t *fen)
{
    uint64_t whole = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        whole = whole * 10 + (uint64_t)(*at - '0');
        if (whole > UINT32_MAX / 100) {
            return oc_fail(OC_E_FORMAT);
        }
    }
    unsigned part = 0;
    size_t places = 0;
    if (at != text && *at == '.') {
        for (at++; *at >= '0' && *at <= '9' && places < 2; at++, places++) {
            part = part * 10 + (unsigned)(*at - '0');
        }
        part *= places == 1 ? 10 : 1;
    }
    uint64_t sum = whole * 100 + part;
    if (at == text || *at != '\0' || sum > UINT32_MAX) {
        return oc_fail(OC_E_FORMAT);
    }
    *fen = (uint32_t)sum;
    return oc_ok();
}

oc_result oc_fn_fen(oc_call *call, oc_buf *out, oc_diag *diag)
{
    uint32_t fen = 0;
    if (!oc_is_ok(parse_yuan(call->arguments[0].text, &fen))) {
        return oc_diag_fail(diag, OC_E_FORMAT, "%s is no amount in yuan", call->arguments[0].text);
    }
    uint8_t bytes[4];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_u32(&wr, fen);
    return oc_buf_append(out, oc_wr_span(&wr));
}

oc_result oc_fn_now_bcd7(oc_call *call, oc_buf *out, oc_diag *diag)
{
    (void)diag;
    uint8_t bcd[7];
    oc_clock_bcd7(&call->world->run->clock, bcd);
    return oc_buf_append(out, oc_span_of(bcd, sizeof bcd));
}

oc_result oc_fn_random(oc_call *call, oc_buf *out, oc_diag *diag)
{
    size_t len = call->arguments[0].number;
    if (len > RANDOM_MAX) {
        return oc_diag_fail(diag, OC_E_LIMIT, "random gives at most %d bytes", RANDOM_MAX);
    }
    uint8_t bytes[RANDOM_MAX];
    oc_random random;
    oc_run_context_random(call->world->run, call->let_id, &random);
    OC_TRY(oc_random_bytes(&random, bytes, len));
    return oc_buf_append(out, oc_span_of(bytes, len));
}

oc_result oc_fn_pin_block(oc_call *call, oc_buf *out, oc_diag *diag)
{
    size_t block = call->arguments[1].number;
    if (!oc_is_ok(oc_pin_block(out, oc_fn_span(call, 0), block))) {
        return oc_diag_fail(diag, OC_E_FORMAT, "this PIN does not fit a block of %zu bytes", block);
    }
    return oc_ok();
}

oc_result oc_fn_sm3(oc_call *call, oc_buf *out, oc_diag *diag)
{
    (void)diag;
    uint8_t digest[32];
    OC_TRY(oc_sm3(call->world->crypto, oc_fn_span(call, 0), digest));
    return oc_buf_append(out, oc_span_of(digest, sizeof digest));
}

static oc_result check_character(char check, oc_buf *out, oc_diag *diag)
{
    if (check == 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "a number with a character that has no value");
    }
    return oc_buf_append_byte(out, (uint8_t)check);
}

oc_result oc_fn_card_number_check(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return check_character(oc_ssc_card_number_check(oc_fn_span(call, 0)), out, diag);
}

oc_result oc_fn_id_number_check(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return check_character(oc_ssc_id_number_check(oc_fn_span(call, 0)), out, diag);
}

/* Packed digits, then F to the end (ssc-card sheet 4.1). */
static bool is_packed_digits(oc_span data)
{
    bool ended = false;
    for (size_t i = 0; i < 2 * data.len; i++) {
        unsigned digit = i % 2 == 0 ? data.at[i / 2] >> 4 : data.at[i / 2] & 0x0Fu;
        if (digit > 9 ? digit != 0x0F : ended) {
            return false;
        }
        ended = digit > 9;
    }
    return true;
}

/* GB18030 without control characters, then 00 to the end (ssc-card sheet 4.1). */
static bool is_card_text(oc_span data)
{
    while (data.len > 0 && data.at[data.len - 1] == 0x00) {
        data.len--;
    }
    for (size_t i = 0; i < data.len; i++) {
        if (data.at[i] < 0x20 || data.at[i] == 0x7F) {
            return false;
        }
    }
    oc_buf text = {0};
    bool is_text = oc_is_ok(oc_text_from_card(&text, data));
    oc_buf_free(&text);
    return is_text;
}

oc_result oc_fn_is_kind(oc_call *call, oc_buf *out, oc_diag *diag)
{
    const char *kind = call->arguments[0].text;
    oc_span data = oc_fn_span(call, 1);
    bool cn = strcmp(kind, "cn") == 0;
    bool an = strcmp(kind, "an") == 0;
    if (!cn && !an && strcmp(kind, "b") != 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "%s is no kind: cn, an or b", kind);
    }
    bool holds = cn ? is_packed_digits(data) : an ? is_card_text(data) : true;
    return oc_buf_append_byte(out, holds ? 0x01 : 0x00);
}
