/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/mask_internal.h"

#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/base/text.h"

/* Shorter values would match by chance all over a trace. */
#define SECRET_MIN 3

struct secret {
    char *reference;
    oc_buf bytes;
};

struct secrets {
    struct secret *at;
    size_t count;
};

struct oc_mask {
    struct secrets secrets; /* the longest first */
    struct secrets values;  /* of all records: told by reference where they stand in a place for secrets */
    bool open;              /* nothing is masked */
    bool secret_tags[256];  /* of records whose value is secret whatever it is */
    /* Whether a secret may begin with these three bytes, by their hash: most places of most exchanges are passed with
     * one look. */
    uint8_t begins[65536 / 8];
    bool failed;
};

static unsigned hash_of_three(const uint8_t *at)
{
    uint32_t bytes = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
    return (uint32_t)(bytes * 0x9E3779B1U) >> 16; /* Knuth, multiplicative hashing: 2^32 over the golden ratio */
}

static size_t length_without_padding(oc_span value)
{
    size_t len = value.len;
    while (len > 0 && value.at[len - 1] == 0x00) {
        len--;
    }
    return len;
}

static void add(oc_mask *mask, struct secrets *to, const char *reference, oc_span value)
{
    struct secret *grown = realloc(to->at, (to->count + 1) * sizeof *grown);
    if (grown == NULL) {
        mask->failed = true;
        return;
    }
    to->at = grown;
    struct secret *secret = &grown[to->count++];
    *secret = (struct secret){.reference = strdup(reference)};
    if (secret->reference == NULL || !oc_is_ok(oc_buf_append(&secret->bytes, value))) {
        mask->failed = true;
    }
}

static bool has_digits_only(oc_span packed)
{
    for (size_t i = 0; i < packed.len; i++) {
        if ((packed.at[i] >> 4) > 9 || (packed.at[i] & 0x0F) > 9) {
            return false;
        }
    }
    return true;
}

static void add_secret(oc_mask *mask, const char *reference, oc_span value)
{
    if (value.len >= SECRET_MIN) {
        unsigned first = hash_of_three(value.at);
        mask->begins[first / 8] |= (uint8_t)(1u << first % 8);
        add(mask, &mask->secrets, reference, value);
    }
}

static void take_secret(void *context, const char *reference, oc_span value)
{
    oc_mask *mask = context;
    add_secret(mask, reference, value);
    oc_span bare = oc_span_slice(value, 0, length_without_padding(value));
    if (bare.len < value.len) {
        add_secret(mask, reference, bare); /* a terminal hands the name on without its padding */
    }
    if (strstr(reference, "pin") != NULL && has_digits_only(value)) {
        char digits[2 * 16 + 1];
        oc_hex_encode(digits, sizeof digits, value);
        add_secret(mask, reference, oc_span_text(digits));
    }
}

static void take_value(void *context, const char *reference, oc_span value)
{
    oc_mask *mask = context;
    add(mask, &mask->values, reference, value);
}

static int longest_first(const void *a, const void *b)
{
    const struct secret *left = a;
    const struct secret *right = b;
    return left->bytes.len < right->bytes.len ? 1 : left->bytes.len > right->bytes.len ? -1 : 0;
}

static void take_secret_tags(oc_mask *mask, const oc_profile *profile)
{
    size_t count = 0;
    const oc_profile_dir *dirs = oc_profile_dirs(profile, &count);
    for (size_t d = 0; d < count; d++) {
        for (size_t f = 0; f < dirs[d].files_count; f++) {
            const oc_profile_file *file = &dirs[d].files[f];
            for (size_t r = 0; r < file->records_count; r++) {
                mask->secret_tags[file->records[r].tag] |= file->records[r].secret;
            }
        }
    }
}

oc_result oc_mask_new(oc_mask **out, const oc_profile *profile, bool reveal)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    (*out)->open = profile == NULL || reveal;
    if (!(*out)->open) {
        take_secret_tags(*out, profile);
        oc_profile_secrets(profile, take_secret, *out);
        if ((*out)->secrets.count > 1) {
            qsort((*out)->secrets.at, (*out)->secrets.count, sizeof *(*out)->secrets.at, longest_first);
        }
        oc_profile_record_values(profile, take_value, *out);
    }
    if ((*out)->failed) {
        oc_mask_free(out);
        return oc_fail(OC_E_MEMORY);
    }
    return oc_ok();
}

oc_result oc_mask_new_blind(oc_mask **out)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    memset((*out)->secret_tags, true, sizeof(*out)->secret_tags);
    return oc_ok();
}

static void forget(struct secrets *secrets)
{
    for (size_t i = 0; i < secrets->count; i++) {
        free(secrets->at[i].reference);
        oc_buf_free(&secrets->at[i].bytes);
    }
    free(secrets->at);
}

void oc_mask_free(oc_mask **mask)
{
    if (*mask == NULL) {
        return;
    }
    forget(&(*mask)->secrets);
    forget(&(*mask)->values);
    free(*mask);
    *mask = NULL;
}

bool oc_mask_is_open(const oc_mask *mask)
{
    return mask->open;
}

bool oc_mask_has_secret_tag(const oc_mask *mask, uint8_t tag)
{
    return mask->secret_tags[tag];
}

static const struct secret *whole(const struct secrets *secrets, oc_span bytes)
{
    for (size_t i = 0; i < secrets->count; i++) {
        if (oc_span_equal(oc_buf_span(&secrets->at[i].bytes), bytes)) {
            return &secrets->at[i];
        }
    }
    return NULL;
}

bool oc_mask_knows(const oc_mask *mask, oc_span bytes)
{
    return whole(&mask->secrets, bytes) != NULL;
}

const char *oc_mask_value_reference(const oc_mask *mask, oc_span bytes)
{
    const struct secret *value = whole(&mask->values, bytes);
    return value == NULL ? NULL : value->reference;
}

static bool may_begin(const oc_mask *mask, const uint8_t *at)
{
    unsigned first = hash_of_three(at);
    return (mask->begins[first / 8] >> first % 8 & 1) != 0;
}

static const struct secret *secret_at(const oc_mask *mask, oc_span rest)
{
    for (size_t i = 0; i < mask->secrets.count; i++) {
        const struct secret *secret = &mask->secrets.at[i];
        if (secret->bytes.len <= rest.len && memcmp(secret->bytes.at, rest.at, secret->bytes.len) == 0) {
            return secret;
        }
    }
    return NULL;
}

/* How many bytes stand before the next secret, which *found receives; NULL: there is none. */
static size_t before_secret(const oc_mask *mask, oc_span bytes, const struct secret **found)
{
    *found = NULL;
    for (size_t at = 0; at + SECRET_MIN <= bytes.len; at++) {
        if (may_begin(mask, bytes.at + at) &&
            (*found = secret_at(mask, oc_span_of(bytes.at + at, bytes.len - at))) != NULL) {
            return at;
        }
    }
    return bytes.len;
}

static char *as_hex(oc_arena *arena, oc_span bytes)
{
    char *text = oc_arena_alloc(arena, 2 * bytes.len + 1);
    if (text != NULL) {
        oc_hex_encode(text, 2 * bytes.len + 1, bytes);
    }
    return text;
}

static const char *keep(oc_arena *arena, oc_buf *text, bool failed)
{
    const char *kept = failed ? NULL : oc_arena_text_n(arena, (const char *)text->at, text->len);
    oc_buf_free(text);
    return kept;
}

static bool append_reference(oc_buf *text, const struct secret *secret)
{
    return oc_is_ok(oc_buf_append(text, oc_span_text("{@"))) &&
           oc_is_ok(oc_buf_append(text, oc_span_text(secret->reference))) && oc_is_ok(oc_buf_append_byte(text, '}'));
}

static bool append_hex(oc_buf *text, oc_span bytes)
{
    size_t len = 2 * bytes.len;
    if (!oc_is_ok(oc_buf_reserve(text, text->len + len + 1))) {
        return false;
    }
    oc_hex_encode((char *)text->at + text->len, len + 1, bytes);
    text->len += len;
    return true;
}

const char *oc_mask_bytes(const oc_mask *mask, oc_arena *arena, oc_span bytes)
{
    const struct secret *secret;
    size_t bare = before_secret(mask, bytes, &secret);
    if (secret == NULL) {
        return as_hex(arena, bytes);
    }
    oc_buf text = {0};
    bool failed = false;
    while (secret != NULL && !failed) {
        failed = !append_hex(&text, oc_span_slice(bytes, 0, bare)) || !append_reference(&text, secret);
        bytes = oc_span_slice(bytes, bare + secret->bytes.len, bytes.len);
        bare = before_secret(mask, bytes, &secret);
    }
    return keep(arena, &text, failed || !append_hex(&text, bytes));
}

static bool printable(oc_span utf8)
{
    for (size_t i = 0; i < utf8.len; i++) {
        if (utf8.at[i] < 0x20 || utf8.at[i] == 0x7F) {
            return false;
        }
    }
    if (oc_text_is_ascii(utf8)) {
        return true;
    }
    /* Valid UTF-8 is what converts to GB18030, which covers all of Unicode. */
    oc_buf converted = {0};
    bool valid = oc_is_ok(oc_text_to_card(&converted, utf8));
    oc_buf_free(&converted);
    return valid;
}

const char *oc_mask_text(const oc_mask *mask, oc_arena *arena, oc_span bytes)
{
    if (bytes.len == 0 || !printable(bytes)) {
        return oc_mask_bytes(mask, arena, bytes);
    }
    oc_buf text = {0};
    bool failed = !oc_is_ok(oc_buf_append_byte(&text, '\''));
    while (bytes.len > 0 && !failed) {
        const struct secret *secret;
        size_t bare = before_secret(mask, bytes, &secret);
        failed = !oc_is_ok(oc_buf_append(&text, oc_span_slice(bytes, 0, bare))) ||
                 (secret != NULL && !append_reference(&text, secret));
        bytes = oc_span_slice(bytes, bare + (secret == NULL ? 0 : secret->bytes.len), bytes.len);
    }
    failed = failed || !oc_is_ok(oc_buf_append_byte(&text, '\''));
    return keep(arena, &text, failed);
}
