/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/pattern.h"

#include "sim/base/hex.h"

#define PARTS_MAX 64
#define CHOICES_MAX 32
#define TOKEN_MAX 4096

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The token at *at, behind blanks; quoted text is one. False at the end. */
static bool next_token(const char **at, const char **token, size_t *len)
{
    while (blank(**at)) {
        (*at)++;
    }
    *token = *at;
    bool quoted = **at == '\'';
    for (*at += quoted; **at != '\0' && (quoted || !blank(**at)); (*at)++) {
        if (quoted && **at == '\'') {
            (*at)++;
            break;
        }
    }
    *len = (size_t)(*at - *token);
    return *len > 0;
}

static bool is_wild_digit(char c)
{
    return c == '?' || c == 'x';
}

/* Digits and wildcards alone, at least one of these. */
static bool is_wild(const char *token, size_t len)
{
    bool wild = false;
    for (size_t i = 0; i < len; i++) {
        wild = wild || is_wild_digit(token[i]);
        if (!is_wild_digit(token[i]) && oc_hex_digit(token[i]) < 0) {
            return false;
        }
    }
    return wild;
}

static oc_result read_wild(oc_glob_part *out, oc_arena *arena, const char *token, size_t len, oc_diag *diag)
{
    if (len % 2 != 0) {
        return oc_diag_fail(diag, OC_E_FORMAT, "%.*s: an odd number of digits", len > 60 ? 60 : (int)len, token);
    }
    uint8_t *bytes = oc_arena_alloc(arena, len / 2 + 1);
    uint8_t *mask = oc_arena_alloc(arena, len / 2 + 1);
    if (bytes == NULL || mask == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < len; i++) {
        unsigned shift = i % 2 == 0 ? 4 : 0;
        if (!is_wild_digit(token[i])) {
            bytes[i / 2] |= (uint8_t)(oc_hex_digit(token[i]) << shift);
            mask[i / 2] |= (uint8_t)(0xF << shift);
        }
    }
    *out = (oc_glob_part){
        .kind = OC_GLOB_BYTES, .bytes = oc_span_of(bytes, len / 2), .mask = oc_span_of(mask, len / 2)};
    return oc_ok();
}

static oc_result read_part(oc_glob_part *out, oc_arena *arena, const char *token, size_t len, oc_diag *diag)
{
    *out = (oc_glob_part){.kind = OC_GLOB_STAR};
    if (len == 1 && *token == '*') {
        return oc_ok();
    }
    if (is_wild(token, len)) {
        return read_wild(out, arena, token, len, diag);
    }
    char word[TOKEN_MAX];
    if (len >= sizeof word) {
        return oc_diag_fail(diag, OC_E_LIMIT, "a token of %zu characters", len);
    }
    memcpy(word, token, len);
    word[len] = '\0';
    out->kind = OC_GLOB_VALUE;
    OC_TRY(oc_value_read(&out->value, arena, word, diag));
    if (out->value.count == 1 && out->value.tokens[0].kind == OC_TOKEN_KEY) {
        return oc_diag_fail(diag, OC_E_FORMAT, "a key has no bytes to compare: %s", word);
    }
    return oc_ok();
}

static oc_result keep_parts(oc_glob *out, oc_arena *arena, const oc_glob_part *parts, size_t count)
{
    oc_glob_part *kept = oc_arena_alloc(arena, (count + 1) * sizeof *kept);
    if (kept == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (count > 0) {
        memcpy(kept, parts, count * sizeof *kept);
    }
    *out = (oc_glob){kept, count};
    return oc_ok();
}

oc_result oc_glob_read(oc_glob *out, oc_arena *arena, const char *source, oc_diag *diag)
{
    oc_glob_part parts[PARTS_MAX];
    size_t count = 0;
    const char *token;
    size_t len;
    for (const char *at = source; next_token(&at, &token, &len);) {
        if (count == PARTS_MAX) {
            return oc_diag_fail(diag, OC_E_LIMIT, "more than %d tokens", PARTS_MAX);
        }
        OC_TRY(read_part(&parts[count++], arena, token, len, diag));
    }
    return keep_parts(out, arena, parts, count);
}

/* How many bytes the part is known to have; SIZE_MAX where only a case tells. */
static size_t part_length(const oc_glob_part *part)
{
    if (part->kind == OC_GLOB_BYTES) {
        return part->bytes.len;
    }
    if (part->kind == OC_GLOB_STAR || part->value.count != 1) {
        return SIZE_MAX;
    }
    const oc_token *token = &part->value.tokens[0];
    return token->kind == OC_TOKEN_BYTES ? token->bytes.len : token->sliced ? token->length : SIZE_MAX;
}

static bool is_word(const char *token, size_t len, const char *word)
{
    return len == strlen(word) && strncmp(token, word, len) == 0;
}

static oc_result read_choice(oc_glob *out, oc_arena *arena, const char *token, size_t len, size_t length,
                             oc_diag *diag)
{
    oc_glob_part part;
    OC_TRY(read_part(&part, arena, token, len, diag));
    size_t known = part_length(&part);
    if (part.kind == OC_GLOB_STAR || (known != SIZE_MAX && known != length)) {
        return oc_diag_fail(diag, OC_E_FORMAT, "%.*s is not of %zu byte%s", len > 60 ? 60 : (int)len, token, length,
                            length == 1 ? "" : "s");
    }
    return keep_parts(out, arena, &part, 1);
}

oc_result oc_choice_read(oc_choice *out, oc_arena *arena, const char *source, size_t length, oc_diag *diag)
{
    oc_glob globs[CHOICES_MAX];
    const char *token;
    size_t len;
    *out = (oc_choice){.given = true};
    for (const char *at = source; next_token(&at, &token, &len);) {
        bool first = out->count == 0 && !out->none && !out->negated;
        if (first && is_word(token, len, "not")) {
            out->negated = true;
        } else if (is_word(token, len, "none")) {
            out->none = true;
        } else if (out->count == CHOICES_MAX) {
            return oc_diag_fail(diag, OC_E_LIMIT, "more than %d alternatives", CHOICES_MAX);
        } else {
            OC_TRY(read_choice(&globs[out->count++], arena, token, len, length, diag));
        }
    }
    if (out->count == 0 && !out->none) {
        return oc_diag_fail(diag, OC_E_FORMAT, "\"%.40s\" names no alternative", source);
    }
    oc_glob *kept = oc_arena_alloc(arena, (out->count + 1) * sizeof *kept);
    if (kept == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (out->count > 0) {
        memcpy(kept, globs, out->count * sizeof *kept);
    }
    out->any = kept;
    return oc_ok();
}

bool oc_pattern_checks(const oc_pattern *pattern)
{
    bool compares = false;
    for (size_t i = 0; i < pattern->take_count; i++) {
        compares = compares || pattern->takes[i].fresh || pattern->takes[i].same;
    }
    return pattern->kind != OC_PATTERN_MAY || pattern->has_times || compares;
}

bool oc_observation_checks(const oc_observation *observation)
{
    bool checks = observation->rest_none;
    for (size_t i = 0; i < observation->count; i++) {
        checks = checks || oc_pattern_checks(&observation->patterns[i]);
    }
    return checks;
}
