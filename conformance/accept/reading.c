/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/reading.h"

#include "sim/base/tlv.h"
#include "sim/crypto/pin_block.h"
#include "sim/link/apdu.h"

enum { SELECT = 0xA4, READ_RECORD = 0xB2, READ_BINARY = 0xB0, VERIFY = 0x20 };

#define MF 0x3F00
#define BY_NAME 0x04
#define CURRENT_EF_BY_NUMBER 0x04

bool oc_sw_selected(oc_sw sw)
{
    return oc_sw_ok(sw) || sw.value >> 8 == 0x61;
}

oc_span oc_read_trimmed(oc_span value)
{
    while (value.len > 0 && (value.at[value.len - 1] == 0x00 || value.at[value.len - 1] == 0xFF)) {
        value.len--;
    }
    return value;
}

struct reader {
    oc_reading *reading;
    oc_link *link;
    oc_diag *diag;
    oc_buf data; /* of the last answer */
};

static oc_result send(struct reader *reader, uint8_t ins, uint8_t p1, uint8_t p2, oc_span data, bool has_le, oc_sw *sw)
{
    oc_apdu apdu = {.ins = ins, .p1 = p1, .p2 = p2, .data = data, .has_le = has_le};
    return oc_apdu_transmit(reader->link, &apdu, &reader->data, sw, reader->diag);
}

static oc_result select_fid(struct reader *reader, uint16_t fid, bool has_le, oc_sw *sw)
{
    const uint8_t bytes[] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    return send(reader, SELECT, 0, 0, oc_span_of(bytes, sizeof bytes), has_le, sw);
}

/* A directory of the environment by its identifier, any other by its name. */
static oc_result select_dir(struct reader *reader, const oc_profile_dir *dir, oc_sw *sw)
{
    if (dir->parent_fid != MF) {
        return select_fid(reader, dir->fid, true, sw);
    }
    OC_TRY(send(reader, SELECT, BY_NAME, 0, dir->df_name, true, sw));
    if (sw->value == OC_SW_FILE_NOT_FOUND && dir->alias.len > 0) {
        return send(reader, SELECT, BY_NAME, 0, dir->alias, true, sw);
    }
    return oc_ok();
}

/* The directory that this one lies in, or NULL for one below the MF. */
static const oc_profile_dir *parent_of(const oc_profile *profile, const oc_profile_dir *dir)
{
    size_t count = 0;
    const oc_profile_dir *dirs = oc_profile_dirs(profile, &count);
    for (size_t i = 0; i < count; i++) {
        if (dirs[i].fid == dir->parent_fid && dirs[i].parent_fid == MF) {
            return &dirs[i];
        }
    }
    return NULL;
}

static oc_result enter(struct reader *reader, const oc_profile_dir *dir, oc_sw *sw)
{
    const oc_profile_dir *parent = parent_of(reader->reading->profile, dir);
    if (parent != NULL) {
        OC_TRY(select_dir(reader, parent, sw));
        if (!oc_sw_selected(*sw)) {
            return oc_ok();
        }
    }
    return select_dir(reader, dir, sw);
}

static oc_result keep(struct reader *reader, oc_span *out)
{
    *out = oc_arena_bytes(&reader->reading->arena, oc_buf_span(&reader->data));
    return reader->data.len > 0 && out->at == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static void take_apart(oc_read_record *record)
{
    oc_rd rd = oc_rd_of(record->raw);
    oc_tlv tlv;
    record->is_tlv = oc_record_tlv_next(&rd, &tlv) && oc_rd_done(&rd);
    if (record->is_tlv) {
        record->tag = (uint8_t)tlv.tag;
        record->value = tlv.value;
    }
}

/* All records of the current EF, by number. */
static oc_result read_records(struct reader *reader, oc_read_file *file)
{
    oc_read_record *records = oc_arena_alloc(&reader->reading->arena, OC_READ_RECORDS_MAX * sizeof *records);
    if (records == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    file->records = records;
    file->count = 0;
    for (unsigned number = 1; number <= OC_READ_RECORDS_MAX; number++) {
        OC_TRY(send(reader, READ_RECORD, (uint8_t)number, CURRENT_EF_BY_NUMBER, oc_span_empty(), true, &file->end));
        if (!oc_sw_ok(file->end)) {
            break;
        }
        oc_read_record *record = &records[file->count++];
        OC_TRY(keep(reader, &record->raw));
        take_apart(record);
    }
    file->cut_short = file->end.value != OC_SW_RECORD_NOT_FOUND;
    return oc_ok();
}

/* One read that changes nothing: the first record, or the first byte. */
static oc_result try_plain(struct reader *reader, oc_read_file *file)
{
    oc_apdu apdu = {.ins = READ_RECORD, .p1 = 1, .p2 = CURRENT_EF_BY_NUMBER, .has_le = true};
    if (file->file->kind == OC_PERSO_TRANSPARENT) {
        apdu = (oc_apdu){.ins = READ_BINARY, .has_le = true, .le = 1};
    }
    file->tried_plain = true;
    return oc_apdu_transmit(reader->link, &apdu, &reader->data, &file->plain, reader->diag);
}

static bool holds_records(const oc_profile_file *file)
{
    return file->kind == OC_PERSO_VARIABLE || file->kind == OC_PERSO_FIXED || file->kind == OC_PERSO_CYCLIC;
}

static oc_result read_plain(struct reader *reader, oc_read_file *file)
{
    OC_TRY(select_fid(reader, file->file->fid, false, &file->select));
    if (!oc_sw_selected(file->select)) {
        return oc_ok();
    }
    OC_TRY(try_plain(reader, file));
    if (file->file->read.rule == OC_RULE_FREE && holds_records(file->file)) {
        file->readable = true;
        return read_records(reader, file);
    }
    return oc_ok();
}

static bool in_environment(const oc_profile *profile, const oc_profile_dir *dir)
{
    const oc_profile_dir *parent = parent_of(profile, dir);
    return strcmp((parent == NULL ? dir : parent)->name, "SSSE") == 0;
}

static oc_result read_dir(struct reader *reader, const oc_profile_dir *dir)
{
    oc_reading *reading = reader->reading;
    oc_read_dir *found = &reading->dirs[reading->dir_count++];
    found->dir = dir;
    OC_TRY(enter(reader, dir, &found->select));
    if (strcmp(dir->name, "SSSE") == 0) {
        OC_TRY(keep(reader, &reading->fci));
    }
    for (size_t i = 0; i < dir->files_count; i++) {
        oc_read_file *file = &reading->files[reading->file_count++];
        *file = (oc_read_file){.dir = dir,
                               .file = &dir->files[i],
                               .in_environment = in_environment(reading->profile, dir),
                               .select = oc_sw_of(OC_SW_FILE_NOT_FOUND)};
        if (oc_sw_selected(found->select)) {
            OC_TRY(read_plain(reader, file));
        }
    }
    return oc_ok();
}

static oc_result read_all(struct reader *reader)
{
    oc_reading *reading = reader->reading;
    size_t dirs = 0;
    const oc_profile_dir *dir = oc_profile_dirs(reading->profile, &dirs);
    size_t files = 0;
    for (size_t i = 0; i < dirs; i++) {
        files += dir[i].files_count;
    }
    reading->dirs = oc_arena_alloc(&reading->arena, (dirs + 1) * sizeof *reading->dirs);
    reading->files = oc_arena_alloc(&reading->arena, (files + 1) * sizeof *reading->files);
    if (reading->dirs == NULL || reading->files == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(oc_link_reset(reader->link, OC_RESET_COLD, &reader->data, reader->diag));
    OC_TRY(keep(reader, &reading->atr));
    for (size_t i = 0; i < dirs; i++) {
        OC_TRY(read_dir(reader, &dir[i]));
    }
    return oc_ok();
}

oc_result oc_reading_take(oc_reading *out, oc_link *link, const oc_profile *profile, oc_diag *diag)
{
    *out = (oc_reading){.profile = profile};
    struct reader reader = {.reading = out, .link = link, .diag = diag};
    oc_result r = read_all(&reader);
    oc_buf_free(&reader.data);
    return r;
}

/* PIN alone, or PIN where a key would do as well. */
static bool opens_with_pin(const oc_profile_file *file)
{
    return holds_records(file) && (file->read.rule == OC_RULE_PIN || file->read.rule == OC_RULE_PIN_OR_KEY);
}

static oc_result read_with_pin(struct reader *reader)
{
    oc_reading *reading = reader->reading;
    const oc_profile_dir *inside = NULL;
    for (size_t i = 0; i < reading->file_count; i++) {
        oc_read_file *file = &reading->files[i];
        if (!file->in_environment || !opens_with_pin(file->file) || !oc_sw_selected(file->select)) {
            continue;
        }
        oc_sw sw = oc_sw_of(OC_SW_OK);
        if (inside != file->dir) {
            OC_TRY(select_dir(reader, file->dir, &sw));
            inside = file->dir;
        }
        if (oc_sw_selected(sw)) {
            OC_TRY(select_fid(reader, file->file->fid, false, &sw));
        }
        if (oc_sw_selected(sw)) {
            file->readable = true;
            file->with_pin = true;
            OC_TRY(read_records(reader, file));
        }
    }
    return oc_ok();
}

static oc_result present(struct reader *reader, const char *digits)
{
    oc_reading *reading = reader->reading;
    const oc_profile_dir *ssse = oc_profile_dir_named(reading->profile, "SSSE");
    oc_sw sw = oc_sw_of(OC_SW_FILE_NOT_FOUND);
    OC_TRY(oc_link_reset(reader->link, OC_RESET_COLD, &reader->data, reader->diag));
    if (ssse != NULL) {
        OC_TRY(select_dir(reader, ssse, &sw));
    }
    if (!oc_sw_selected(sw)) {
        return oc_ok();
    }
    oc_buf packed = {0};
    oc_result r = oc_pin_pack(&packed, oc_span_text(digits));
    if (oc_is_ok(r)) {
        reading->pin_tried = true;
        r = send(reader, VERIFY, 0, 0, oc_buf_span(&packed), false, &reading->pin);
    }
    oc_buf_free(&packed);
    return r;
}

oc_result oc_reading_with_pin(oc_reading *reading, oc_link *link, const char *digits, oc_diag *diag)
{
    struct reader reader = {.reading = reading, .link = link, .diag = diag};
    oc_result r = present(&reader, digits);
    if (oc_is_ok(r) && reading->pin_tried && oc_sw_ok(reading->pin)) {
        r = read_with_pin(&reader);
    }
    oc_buf_free(&reader.data);
    return r;
}

void oc_reading_free(oc_reading *reading)
{
    oc_arena_free(&reading->arena);
    *reading = (oc_reading){0};
}

const oc_read_file *oc_reading_file(const oc_reading *reading, const char *dir, const char *file)
{
    for (size_t i = 0; i < reading->file_count; i++) {
        const oc_read_file *one = &reading->files[i];
        if (strcmp(one->dir->name, dir) == 0 && strcmp(one->file->name, file) == 0) {
            return one;
        }
    }
    return NULL;
}

const oc_read_record *oc_reading_record(const oc_reading *reading, const char *dir, const char *file, unsigned tag)
{
    const oc_read_file *found = oc_reading_file(reading, dir, file);
    for (size_t i = 0; found != NULL && i < found->count; i++) {
        if (found->records[i].is_tlv && found->records[i].tag == tag) {
            return &found->records[i];
        }
    }
    return NULL;
}

oc_span oc_reading_value(const oc_reading *reading, const char *file, unsigned tag)
{
    const oc_read_record *record = oc_reading_record(reading, "SSSE", file, tag);
    return record == NULL ? oc_span_empty() : record->value;
}
