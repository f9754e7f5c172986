/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/value.h"

#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/base/text.h"

#define TOKENS_MAX 64

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool oc_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static oc_result parse_text(oc_token *token, oc_arena *arena, const char **at, oc_diag *diag)
{
    const char *begin = *at + 1;
    const char *end = strchr(begin, '\'');
    if (end == NULL) {
        return oc_diag_fail(diag, OC_E_FORMAT, "text without its closing quote: %.40s", *at);
    }
    oc_buf bytes = {0};
    oc_result r = oc_text_to_card(&bytes, oc_span_of(begin, (size_t)(end - begin)));
    if (oc_is_ok(r)) {
        token->kind = OC_TOKEN_BYTES;
        token->bytes = oc_arena_bytes(arena, oc_buf_span(&bytes));
        *at = end + 1;
    } else {
        r = oc_diag_fail(diag, OC_E_FORMAT, "text that GB18030 cannot carry: %.*s", (int)(end - begin), begin);
    }
    oc_buf_free(&bytes);
    return r;
}

static oc_result parse_slice(oc_token *token, const char **at, oc_diag *diag)
{
    char *end = NULL;
    const char *begin = *at;
    unsigned long offset = strtoul(begin + 1, &end, 10);
    if (end == begin + 1 || *end != ':') {
        return oc_diag_fail(diag, OC_E_FORMAT, "a slice is written [offset:length] in decimal: %.40s", begin);
    }
    const char *second = end + 1;
    unsigned long length = strtoul(second, &end, 10);
    if (end == second || *end != ']' || offset > 65535 || length > 65535) {
        return oc_diag_fail(diag, OC_E_FORMAT, "a slice is written [offset:length] in decimal: %.40s", begin);
    }
    token->sliced = true;
    token->offset = offset;
    token->length = length;
    *at = end + 1;
    return oc_ok();
}

static oc_result parse_capture(oc_token *token, oc_arena *arena, const char **at, oc_diag *diag)
{
    const char *begin = *at + 1;
    const char *end = begin;
    while (oc_name_char(*end)) {
        end++;
    }
    if (end == begin) {
        return oc_diag_fail(diag, OC_E_FORMAT, "$ without a name: %.40s", *at);
    }
    token->kind = OC_TOKEN_CAPTURE;
    token->name = oc_arena_text_n(arena, begin, (size_t)(end - begin));
    *at = end;
    return *end == '[' ? parse_slice(token, at, diag) : oc_ok();
}

static oc_result parse_key(oc_token *token, oc_arena *arena, const char *begin, size_t len, oc_diag *diag)
{
    const char *hash = memchr(begin, '#', len);
    size_t head = hash == NULL ? len : (size_t)(hash - begin);
    token->kind = OC_TOKEN_KEY;
    if (hash == NULL || head + 1 == len || hash[1] != '$') {
        token->name = oc_arena_text_n(arena, begin, len);
        return oc_ok();
    }
    const char *name = hash + 2;
    size_t name_len = len - head - 2;
    for (size_t i = 0; i < name_len; i++) {
        if (!oc_name_char(name[i])) {
            name_len = 0;
        }
    }
    if (name_len == 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "a version is a digit or $ and a name: key:%.*s", (int)len, begin);
    }
    token->name = oc_arena_text_n(arena, begin, head);
    token->version = oc_arena_text_n(arena, name, name_len);
    return oc_ok();
}

static oc_result parse_word(oc_token *token, oc_arena *arena, const char **at, oc_diag *diag)
{
    const char *begin = *at;
    const char *end = begin;
    while (*end != '\0' && !blank(*end)) {
        end++;
    }
    size_t len = (size_t)(end - begin);
    *at = end;
    if (*begin == '@' && len > 1) {
        token->kind = OC_TOKEN_PROFILE;
        token->name = oc_arena_text_n(arena, begin + 1, len - 1);
        return oc_ok();
    }
    if (len > 4 && strncmp(begin, "key:", 4) == 0) {
        return parse_key(token, arena, begin + 4, len - 4, diag);
    }
    oc_buf bytes = {0};
    oc_result r = oc_hex_decode(&bytes, begin, len);
    if (oc_is_ok(r)) {
        token->kind = OC_TOKEN_BYTES;
        token->bytes = oc_arena_bytes(arena, oc_buf_span(&bytes));
    } else {
        r = oc_diag_fail(diag, OC_E_FORMAT, "%.*s: not hex with an even number of digits, nor another token",
                         len > 60 ? 60 : (int)len, begin);
    }
    oc_buf_free(&bytes);
    return r;
}

static oc_result parse_token(oc_token *token, oc_arena *arena, const char **at, oc_diag *diag)
{
    if (**at == '\'') {
        return parse_text(token, arena, at, diag);
    }
    if (**at == '$') {
        return parse_capture(token, arena, at, diag);
    }
    return parse_word(token, arena, at, diag);
}

oc_result oc_value_read(oc_value *out, oc_arena *arena, const char *source, oc_diag *diag)
{
    oc_token tokens[TOKENS_MAX];
    size_t count = 0;
    const char *at = source;
    for (;;) {
        while (blank(*at)) {
            at++;
        }
        if (*at == '\0') {
            break;
        }
        if (count == TOKENS_MAX) {
            return oc_diag_fail(diag, OC_E_LIMIT, "a value of more than %d tokens", TOKENS_MAX);
        }
        tokens[count] = (oc_token){0};
        OC_TRY(parse_token(&tokens[count], arena, &at, diag));
        if (*at != '\0' && !blank(*at)) {
            return oc_diag_fail(diag, OC_E_FORMAT, "tokens are separated by blanks: %.40s", at);
        }
        count++;
    }
    oc_token *kept = oc_arena_alloc(arena, (count + 1) * sizeof *kept);
    out->source = oc_arena_text(arena, source);
    if (kept == NULL || out->source == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    memcpy(kept, tokens, count * sizeof *kept);
    out->tokens = kept;
    out->count = count;
    return oc_ok();
}

static oc_result capture_bytes(const oc_token *token, const oc_scope *scope, oc_buf *out, oc_diag *diag)
{
    size_t before = out->len;
    oc_result r = scope->capture(scope->self, token->name, out);
    if (r.code == OC_E_NOT_FOUND) {
        return oc_diag_fail(diag, OC_E_FORMAT, "$%s has no value", token->name);
    }
    OC_TRY(r);
    if (!token->sliced) {
        return oc_ok();
    }
    size_t len = out->len - before;
    if (token->offset > len || token->length > len - token->offset) {
        return oc_diag_fail(diag, OC_E_LIMIT, "$%s[%zu:%zu] lies outside its %zu bytes", token->name, token->offset,
                            token->length, len);
    }
    memmove(out->at + before, out->at + before + token->offset, token->length);
    out->len = before + token->length;
    return oc_ok();
}

static oc_result profile_bytes(const oc_token *token, const oc_scope *scope, oc_buf *out, oc_diag *diag)
{
    oc_result r = scope->profile(scope->self, token->name, out);
    return r.code == OC_E_NOT_FOUND
               ? oc_diag_fail(diag, OC_E_NOT_FOUND, "the card profile does not know @%s", token->name)
               : r;
}

oc_result oc_value_bytes(const oc_value *value, const oc_scope *scope, oc_buf *out, oc_diag *diag)
{
    for (size_t i = 0; i < value->count; i++) {
        const oc_token *token = &value->tokens[i];
        switch (token->kind) {
        case OC_TOKEN_BYTES:
            OC_TRY(oc_buf_append(out, token->bytes));
            break;
        case OC_TOKEN_CAPTURE:
            OC_TRY(capture_bytes(token, scope, out, diag));
            break;
        case OC_TOKEN_PROFILE:
            OC_TRY(profile_bytes(token, scope, out, diag));
            break;
        case OC_TOKEN_KEY:
            return oc_diag_fail(diag, OC_E_USAGE, "key:%s stands where bytes are needed", token->name);
        }
    }
    return oc_ok();
}
