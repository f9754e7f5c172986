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
    bool failed;
};

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

const char *oc_mask_bytes(const oc_mask *mask, oc_arena *arena, oc_span bytes)
{
    oc_buf text = {0};
    bool failed = false;
    for (size_t i = 0; i < bytes.len && !failed;) {
        const struct secret *secret = secret_at(mask, oc_span_slice(bytes, i, bytes.len - i));
        if (secret != NULL) {
            failed = !append_reference(&text, secret);
            i += secret->bytes.len;
            continue;
        }
        char digits[3];
        oc_hex_encode(digits, sizeof digits, oc_span_of(bytes.at + i, 1));
        failed = !oc_is_ok(oc_buf_append(&text, oc_span_text(digits)));
        i++;
    }
    return keep(arena, &text, failed);
}

static bool printable(oc_span utf8)
{
    for (size_t i = 0; i < utf8.len; i++) {
        if (utf8.at[i] < 0x20 || utf8.at[i] == 0x7F) {
            return false;
        }
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
    for (size_t i = 0; i < bytes.len && !failed;) {
        const struct secret *secret = secret_at(mask, oc_span_slice(bytes, i, bytes.len - i));
        failed = secret != NULL ? !append_reference(&text, secret) : !oc_is_ok(oc_buf_append_byte(&text, bytes.at[i]));
        i += secret != NULL ? secret->bytes.len : 1;
    }
    failed = failed || !oc_is_ok(oc_buf_append_byte(&text, '\''));
    return keep(arena, &text, failed);
}
