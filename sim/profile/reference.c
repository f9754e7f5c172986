/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/base/text.h"
#include "sim/base/tlv.h"
#include "sim/profile/model.h"
#include "sim/profile/values.h"

#define PART_MAX 16
#define PARTS_MAX 4

/* A reference taken apart: "SSSE/EF06/09.text" has three parts and the form "text". */
struct reference {
    char part[PARTS_MAX][PART_MAX];
    size_t count;
    char form[8];
};

static bool take_apart(struct reference *out, const char *text)
{
    *out = (struct reference){0};
    const char *dot = strchr(text, '.');
    size_t len = dot == NULL ? strlen(text) : (size_t)(dot - text);
    if (dot != NULL) {
        if (strlen(dot + 1) >= sizeof out->form || dot[1] == '\0') {
            return false;
        }
        snprintf(out->form, sizeof out->form, "%s", dot + 1);
    }
    while (len > 0) {
        size_t part = strcspn(text, "/.");
        part = part < len ? part : len;
        if (part == 0 || part >= PART_MAX || out->count == PARTS_MAX) {
            return false;
        }
        memcpy(out->part[out->count++], text, part);
        text += part;
        len -= part;
        if (len > 0) { /* a slash: something has to follow it */
            text++;
            len--;
            if (len == 0) {
                return false;
            }
        }
    }
    return out->count > 0;
}

static oc_result known(oc_buf *out, oc_span value)
{
    return value.len == 0 ? oc_fail(OC_E_NOT_FOUND) : oc_buf_append(out, value);
}

static oc_result factor(const oc_profile *profile, const char *level, oc_buf *out)
{
    uint8_t bytes[8];
    bool has = strcmp(level, "card") == 0       ? oc_profile_factor_card(profile, bytes)
               : strcmp(level, "city") == 0     ? oc_profile_factor_city(profile, bytes)
               : strcmp(level, "province") == 0 ? oc_profile_factor_province(profile, bytes)
                                                : false;
    return has ? oc_buf_append(out, oc_span_of(bytes, sizeof bytes)) : oc_fail(OC_E_NOT_FOUND);
}

static oc_result append_serial(const oc_profile *profile, oc_buf *out)
{
    uint8_t bytes[4];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_u32(&wr, profile->psam.serial);
    return oc_buf_append(out, oc_wr_span(&wr));
}

static oc_result of_pki(const oc_profile_pki *pki, const char *name, oc_buf *out)
{
    if (pki == NULL) {
        return oc_fail(OC_E_NOT_FOUND);
    }
    const struct {
        const char *name;
        oc_span value;
    } plain[] = {
        {"root", pki->root},
        {"foreign", pki->foreign},
        {"pin", pki->user_pin},
        {"wrong-pin", pki->wrong_pin},
        {"admin-pin", pki->administrator_pin},
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (strcmp(plain[i].name, name) == 0) {
            return known(out, plain[i].value);
        }
    }
    return oc_fail(OC_E_NOT_FOUND);
}

/* References of one part, and those that begin with one of these words. */
static oc_result global(const oc_profile *profile, const struct reference *reference, oc_buf *out, bool *mine)
{
    const struct {
        const char *name;
        oc_span value;
    } plain[] = {
        {"pin", profile->pin},
        {"initial-pin", profile->initial_pin},
        {"wrong-pin", profile->wrong_pin},
        {"psam-atr", profile->psam.atr},
        {"psam-pin", profile->psam.pin},
        {"area", profile->area},
        {"terminal", profile->psam.terminal},
        {"atr", profile->atr},
    };
    const char *first = reference->part[0];
    *mine = true;
    if (reference->count == 1) {
        for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
            if (strcmp(plain[i].name, first) == 0) {
                return known(out, plain[i].value);
            }
        }
        if (profile->psam.known && strcmp(first, "psam-index") == 0) {
            return oc_buf_append_byte(out, profile->psam.index);
        }
        if (profile->psam.known && strcmp(first, "psam-serial") == 0) {
            return append_serial(profile, out);
        }
        return strcmp(first, "alg") == 0 ? oc_buf_append_byte(out, (uint8_t)profile->alg) : oc_fail(OC_E_NOT_FOUND);
    }
    if (strcmp(first, "factor") == 0 && reference->count == 2) {
        return factor(profile, reference->part[1], out);
    }
    if (strcmp(first, "pki") == 0 && reference->count == 2) {
        return of_pki(profile->pki, reference->part[1], out);
    }
    if (strcmp(first, "atr") == 0) {
        oc_span historical;
        bool has = reference->count == 2 && strcmp(reference->part[1], "historical") == 0 &&
                   oc_atr_historical(profile->atr, &historical);
        return has ? oc_buf_append(out, historical) : oc_fail(OC_E_NOT_FOUND);
    }
    *mine = false;
    return oc_ok();
}

static oc_result in_form(const char *form, const oc_profile_record *record, oc_buf *out)
{
    if (form[0] == '\0') {
        return oc_buf_append(out, record->value);
    }
    if (strcmp(form, "tlv") == 0) {
        OC_TRY(oc_buf_append_byte(out, record->tag));
        OC_TRY(oc_buf_append_byte(out, record->len));
        return oc_buf_append(out, record->value);
    }
    oc_span trimmed = oc_value_trimmed(record->kind, record->value);
    if (strcmp(form, "text") == 0) {
        return oc_buf_append(out, trimmed);
    }
    if (strcmp(form, "utf8") == 0 && record->kind == OC_KIND_AN) {
        return oc_text_from_card(out, trimmed);
    }
    return oc_fail(OC_E_NOT_FOUND);
}

static bool tag_of(const char *text, unsigned *tag)
{
    if (strlen(text) != 2 || oc_hex_digit(text[0]) < 0 || oc_hex_digit(text[1]) < 0) {
        return false;
    }
    *tag = (unsigned)(oc_hex_digit(text[0]) << 4 | oc_hex_digit(text[1]));
    return true;
}

/* An item inside a template record. */
static oc_result item(const oc_profile_record *record, unsigned tag, const char *form, oc_buf *out)
{
    oc_rd rd = oc_rd_of(record->value);
    oc_tlv found;
    while (oc_record_tlv_next(&rd, &found)) {
        if (found.tag == tag) {
            oc_profile_record inner = {.tag = (uint8_t)tag, .len = (uint8_t)found.value.len, .value = found.value};
            inner.kind = OC_KIND_B;
            return in_form(form, &inner, out);
        }
    }
    return oc_fail(OC_E_NOT_FOUND);
}

/* "43" is the first record with that tag, "43-2" the second. */
static const oc_profile_record *record_of(const oc_profile_file *file, const char *text)
{
    char tag_text[3];
    unsigned tag = 0;
    snprintf(tag_text, sizeof tag_text, "%.2s", text);
    bool plain = strlen(text) == 2;
    bool numbered = strlen(text) == 4 && text[2] == '-' && text[3] >= '1' && text[3] <= '9';
    if ((!plain && !numbered) || !tag_of(tag_text, &tag)) {
        return NULL;
    }
    const oc_profile_record *record = oc_profile_record_tagged(file, tag);
    size_t further = plain ? 0 : (size_t)(text[3] - '1');
    const oc_profile_record *end = file->records + file->records_count;
    if (record == NULL || further >= (size_t)(end - record) || record[further].tag != tag) {
        return NULL;
    }
    return record + further;
}

/* All records one after another, as READ RECORD with P2 = 05 returns them. */
static oc_result all_records(const oc_profile_file *file, oc_buf *out)
{
    for (size_t i = 0; i < file->records_count; i++) {
        if (!file->records[i].known) {
            return oc_fail(OC_E_NOT_FOUND);
        }
        OC_TRY(in_form("tlv", &file->records[i], out));
    }
    return file->records_count == 0 ? oc_fail(OC_E_NOT_FOUND) : oc_ok();
}

static oc_result in_file(const oc_profile_file *file, const struct reference *reference, oc_buf *out)
{
    const char *last = reference->part[2];
    unsigned tag = 0;
    if (reference->form[0] == '\0' && reference->count == 3 && strcmp(last, "size") == 0) {
        OC_TRY(oc_buf_append_byte(out, (uint8_t)(file->size >> 8)));
        return oc_buf_append_byte(out, (uint8_t)file->size);
    }
    if (reference->form[0] == '\0' && reference->count == 3 && strcmp(last, "count") == 0) {
        return file->records_count == 0 ? oc_fail(OC_E_NOT_FOUND)
                                        : oc_buf_append_byte(out, (uint8_t)file->records_count);
    }
    if (reference->form[0] == '\0' && reference->count == 3 && strcmp(last, "records") == 0) {
        return all_records(file, out);
    }
    if (reference->form[0] == '\0' && reference->count == 3 && strcmp(last, "content") == 0) {
        /* Known and empty has a pointer, unknown has none. */
        return file->content.at == NULL ? oc_fail(OC_E_NOT_FOUND) : oc_buf_append(out, file->content);
    }
    const oc_profile_record *record = record_of(file, last);
    if (record == NULL || !record->known) {
        return oc_fail(OC_E_NOT_FOUND);
    }
    if (reference->count == 3) {
        return in_form(reference->form, record, out);
    }
    return tag_of(reference->part[3], &tag) ? item(record, tag, reference->form, out) : oc_fail(OC_E_NOT_FOUND);
}

static oc_result of_key(const oc_profile_dir *dir, const struct reference *reference, oc_buf *out)
{
    char text[sizeof dir->name + PART_MAX];
    oc_key_name name;
    snprintf(text, sizeof text, "%s/%s", dir->name, reference->part[1]);
    if (!oc_is_ok(oc_key_name_parse(&name, text))) {
        return oc_fail(OC_E_NOT_FOUND);
    }
    bool any = strchr(reference->part[1], '#') == NULL;
    const oc_profile_key *key = oc_profile_key_named(dir, name.name, any ? 0 : name.version);
    if (key == NULL) {
        return oc_fail(OC_E_NOT_FOUND);
    }
    const struct {
        const char *name;
        uint8_t value;
    } facts[] = {
        {"id", key->id},           {"version", key->name.version}, {"usage", key->usage},
        {"psam-id", key->psam_id}, {"index", key->index},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (strcmp(facts[i].name, reference->part[2]) == 0) {
            return oc_buf_append_byte(out, facts[i].value);
        }
    }
    return oc_fail(OC_E_NOT_FOUND);
}

static oc_result in_dir(const oc_profile_dir *dir, const struct reference *reference, oc_buf *out)
{
    const char *second = reference->part[1];
    bool plain = reference->form[0] == '\0';
    if (reference->count == 2 && plain && strcmp(second, "name") == 0) {
        return oc_buf_append(out, dir->df_name);
    }
    if (reference->count == 2 && plain && strcmp(second, "alias") == 0) {
        return known(out, dir->alias);
    }
    if (reference->count == 2 && plain && strcmp(second, "fid") == 0) {
        OC_TRY(oc_buf_append_byte(out, (uint8_t)(dir->fid >> 8)));
        return oc_buf_append_byte(out, (uint8_t)dir->fid);
    }
    if (reference->count < 3) {
        return oc_fail(OC_E_NOT_FOUND);
    }
    const oc_profile_file *file = oc_profile_file_named(dir, second);
    if (file != NULL) {
        return in_file(file, reference, out);
    }
    return reference->count == 3 && plain ? of_key(dir, reference, out) : oc_fail(OC_E_NOT_FOUND);
}

static oc_result plain_value(const oc_profile *profile, const struct reference *reference, oc_buf *out)
{
    bool mine = false;
    if (reference->form[0] == '\0') {
        oc_result r = global(profile, reference, out, &mine);
        if (mine) {
            return r;
        }
    }
    const oc_profile_dir *dir = oc_profile_dir_named(profile, reference->part[0]);
    return dir == NULL ? oc_fail(OC_E_NOT_FOUND) : in_dir(dir, reference, out);
}

/* As terminals write it: two hex digits a byte; of packed digits without their filling. */
static oc_result as_digits(oc_span value, bool without_filling, oc_buf *out)
{
    for (size_t i = 0; i < value.len; i++) {
        char two[3];
        oc_hex_encode(two, sizeof two, oc_span_slice(value, i, 1));
        OC_TRY(oc_buf_append(out, oc_span_text(two)));
    }
    while (without_filling && out->len > 0 && out->at[out->len - 1] == 'F') {
        out->len--;
    }
    return oc_ok();
}

oc_result oc_profile_value(const oc_profile *profile, const char *text, oc_buf *out)
{
    struct reference reference;
    if (!take_apart(&reference, text)) {
        return oc_fail(OC_E_NOT_FOUND);
    }
    bool digits = strcmp(reference.form, "digits") == 0;
    if (!digits && strcmp(reference.form, "hex") != 0) {
        return plain_value(profile, &reference, out);
    }
    reference.form[0] = '\0';
    oc_buf value = {0};
    oc_buf written = {0};
    oc_result r = plain_value(profile, &reference, &value);
    r = oc_is_ok(r) ? as_digits(oc_buf_span(&value), digits, &written) : r;
    r = oc_is_ok(r) ? oc_buf_append(out, oc_buf_span(&written)) : r;
    oc_buf_free(&value);
    oc_buf_free(&written);
    return r;
}
