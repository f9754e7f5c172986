/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/tlv.h"
#include "sim/profile/model.h"
#include "sim/profile/structure_attr.h"
#include "sim/profile/values.h"

/* ISO/IEC 7816-4 8.2.1.1: application template, identifier and label; 70 around it on social security cards
 * (ssc-card 4.2). */
#define TAG_ENTRY 0x70
#define TAG_TEMPLATE 0x61
#define TAG_AID 0x4F
#define TAG_LABEL 0x50

static oc_result keep(struct loader *loader, oc_buf *bytes, oc_span *out)
{
    *out = oc_arena_bytes(&loader->profile->arena, oc_buf_span(bytes));
    oc_buf_free(bytes);
    return out->at == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* Adds file and line to a reason that the value's parser noted. */
static oc_result placed(struct loader *loader, const xmlNode *node, oc_result r)
{
    if (!oc_is_ok(r)) {
        oc_diag_place(loader->diag, oc_xml_doc_name(loader->doc), oc_xml_line(node));
    }
    return r;
}

static const struct template *template_of(const oc_profile *profile, const oc_profile_record *record)
{
    const struct template *template = profile->templates;
    while (template != NULL && template->record != record) {
        template = template->next;
    }
    return template;
}

static const xmlNode *item_tagged(const xmlNode *node, unsigned tag)
{
    const xmlNode *item = oc_xml_child(node, "item");
    while (item != NULL && strtoul(oc_xml_attr(item, "tag"), NULL, 16) != tag) {
        item = oc_xml_next(item, "item");
    }
    return item;
}

static oc_result write_items(struct loader *loader, const xmlNode *node, const struct template *template, oc_buf *out)
{
    size_t given = 0;
    for (const xmlNode *item = oc_xml_child(node, "item"); item != NULL; item = oc_xml_next(item, "item")) {
        given++;
    }
    if (given != template->count) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "record %02X is made of %zu items, %zu are given", template->record->tag, template->count,
                           given);
    }
    for (size_t i = 0; i < template->count; i++) {
        const oc_profile_record *item = &template->items[i];
        const xmlNode *source = item_tagged(node, item->tag);
        if (source == NULL) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "record %02X lacks its item %02X",
                               template->record->tag, item->tag);
        }
        OC_TRY(oc_buf_append_byte(out, item->tag));
        OC_TRY(oc_buf_append_byte(out, item->len));
        OC_TRY(placed(loader, source,
                      oc_value_of_kind(out, item->kind, item->len, oc_xml_attr(source, "value"), loader->diag)));
    }
    return oc_ok();
}

static oc_result write_value(struct loader *loader, const xmlNode *node, const oc_profile_record *record, oc_buf *out)
{
    const char *value = oc_xml_attr(node, "value");
    const struct template *template = template_of(loader->profile, record);
    bool has_items = oc_xml_child(node, "item") != NULL;
    if ((value != NULL) == has_items || (has_items && template == NULL)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "record %02X needs either a value%s",
                           record->tag, template == NULL ? ", it has no items" : " or its items");
    }
    if (has_items) {
        return write_items(loader, node, template, out);
    }
    return placed(loader, node, oc_value_of_kind(out, record->kind, record->len, value, loader->diag));
}

static oc_result read_record(struct loader *loader, const xmlNode *node, const char *path, const oc_profile_file *file)
{
    unsigned tag = 0;
    OC_TRY(oc_attr_hex(loader, node, "tag", 0, &tag));
    oc_profile_record *record = oc_profile_record_tagged(file, tag);
    if (record == NULL || file->kind != OC_PERSO_VARIABLE) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s has no record with tag %02X", path, tag);
    }
    /* A repeated record is given as often as it stands in the file, in its order. */
    const oc_profile_record *end = file->records + file->records_count;
    while (record->known && record + 1 < end && record[1].tag == record->tag) {
        record++;
    }
    if (record->known) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "record %02X of %s is given too often", tag,
                           path);
    }
    oc_buf bytes = {0};
    oc_result r = write_value(loader, node, record, &bytes);
    if (!oc_is_ok(r)) {
        oc_buf_free(&bytes);
        return r;
    }
    OC_TRY(keep(loader, &bytes, &record->value));
    record->known = true;
    return loader->profile->issues ? oc_check_number(loader, node, path, record) : oc_ok();
}

static oc_result read_content(struct loader *loader, const xmlNode *node, const char *path, oc_profile_file *file)
{
    if (file->kind != OC_PERSO_TRANSPARENT) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s is made of records", path);
    }
    if (file->content.at != NULL) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "the content of %s is given twice", path);
    }
    OC_TRY(oc_attr_bytes(loader, node, oc_xml_attr(node, "value"), &file->content));
    if (file->content.len > file->size) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "the content has %zu bytes, %s only %u",
                           file->content.len, path, file->size);
    }
    return oc_ok();
}

oc_result oc_data_read(struct loader *loader, const xmlNode *profile)
{
    for (const xmlNode *node = oc_xml_child(profile, "data"); node != NULL; node = oc_xml_next(node, "data")) {
        const char *path = oc_xml_attr(node, "file");
        const char *slash = strchr(path, '/');
        char dir_name[12];
        snprintf(dir_name, sizeof dir_name, "%.*s", (int)(slash - path), path);
        const oc_profile_dir *dir = oc_profile_dir_named(loader->profile, dir_name);
        oc_profile_file *file = dir == NULL ? NULL : oc_profile_file_named(dir, slash + 1);
        if (file == NULL) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "the structure has no file %s", path);
        }
        for (const xmlNode *child = oc_xml_child(node, NULL); child != NULL; child = oc_xml_next(child, NULL)) {
            OC_TRY(oc_xml_is(child, "record") ? read_record(loader, child, path, file)
                                              : read_content(loader, child, path, file));
        }
    }
    return oc_ok();
}

/* 70 len 61 len 4F len AID 50 len label. */
static oc_result entry_of(struct loader *loader, const oc_profile_dir *dir, oc_profile_record *record)
{
    uint8_t inner[64];
    uint8_t outer[72];
    oc_wr fields = oc_wr_of(inner, sizeof inner);
    oc_tlv_write(&fields, TAG_AID, dir->df_name);
    oc_tlv_write(&fields, TAG_LABEL, oc_span_text(dir->label));
    oc_wr entry = oc_wr_of(outer, sizeof outer);
    oc_tlv_write(&entry, TAG_TEMPLATE, oc_wr_span(&fields));
    if (fields.bad || entry.bad) {
        return oc_fail(OC_E_INTERNAL); /* names and labels have at most 16 bytes each */
    }
    record->tag = TAG_ENTRY;
    record->len = (uint8_t)entry.len;
    record->kind = OC_KIND_B;
    record->known = true;
    record->value = oc_arena_bytes(&loader->profile->arena, oc_wr_span(&entry));
    return record->value.at == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result fill(struct loader *loader, const oc_profile_dir *dir, oc_profile_file *file)
{
    oc_profile *profile = loader->profile;
    oc_profile_record *records = oc_arena_alloc(&profile->arena, profile->dirs_count * sizeof *records);
    if (records == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    file->records = records;
    unsigned size = 0;
    for (size_t i = 0; i < profile->dirs_count; i++) {
        if (profile->dirs[i].parent_fid == dir->fid) {
            oc_profile_record *record = &records[file->records_count++];
            OC_TRY(entry_of(loader, &profile->dirs[i], record));
            size += 2u + record->len;
        }
    }
    /* A size that is written leaves room for applications to come; 32 directories cannot outgrow the type. */
    file->size = size > file->size ? (uint16_t)size : file->size;
    return oc_ok();
}

oc_result oc_dir_file_fill(struct loader *loader)
{
    for (size_t i = 0; i < loader->profile->dirs_count; i++) {
        const oc_profile_dir *dir = &loader->profile->dirs[i];
        for (size_t f = 0; f < dir->files_count; f++) {
            if (dir->files[f].kind == OC_PERSO_DIR) {
                OC_TRY(fill(loader, dir, oc_profile_file_named(dir, dir->files[f].name)));
            }
        }
    }
    return oc_ok();
}
