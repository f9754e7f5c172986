/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/profile/model.h"
#include "sim/profile/structure_attr.h"
#include "sim/profile/values.h"

#define FID_MF 0x3F00
#define SFI_MAX 0x1E  /* ISO/IEC 7816-4: 1 to 30 */
#define DF_NAME_MIN 5 /* ISO/IEC 7816-4: an AID has 5 to 16 bytes */
#define DF_NAME_MAX 16
#define RECORDS_MAX 254 /* ISO/IEC 7816-4: numbers 01 to FE */

static size_t count_children(const xmlNode *node, const char *name)
{
    size_t count = 0;
    for (const xmlNode *child = oc_xml_child(node, name); child != NULL; child = oc_xml_next(child, name)) {
        count++;
    }
    return count;
}

/* An array of at least one, so that NULL always means that memory is out. */
static oc_result array_of(struct loader *loader, size_t count, size_t size, void **out)
{
    *out = oc_arena_alloc(&loader->profile->arena, (count == 0 ? 1 : count) * size);
    return *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* A template's value is its items one after another, each with tag and length. */
static oc_result read_items(struct loader *loader, const xmlNode *node, const oc_profile_record *record, unsigned *len)
{
    void *memory = NULL;
    OC_TRY(array_of(loader, 1, sizeof(struct template), &memory));
    struct template *template = memory;
    OC_TRY(array_of(loader, count_children(node, "item"), sizeof(oc_profile_record), &memory));
    template->items = memory;
    template->record = record;
    template->next = loader->profile->templates;
    loader->profile->templates = template;
    *len = 0;
    for (const xmlNode *child = oc_xml_child(node, "item"); child != NULL; child = oc_xml_next(child, "item")) {
        oc_profile_record *item = &template->items[template->count++];
        unsigned item_tag = 0;
        unsigned item_len = 0;
        OC_TRY(oc_attr_hex(loader, child, "tag", 0, &item_tag));
        OC_TRY(oc_attr_number(loader, child, "len", 0, &item_len));
        OC_TRY(oc_attr_kind(loader, child, &item->kind));
        item->tag = (uint8_t)item_tag;
        item->len = (uint8_t)item_len;
        *len += 2 + item_len;
    }
    return oc_ok();
}

static oc_result read_record(struct loader *loader, const xmlNode *node, oc_profile_record *record)
{
    unsigned tag = 0;
    unsigned len = 0;
    OC_TRY(oc_attr_hex(loader, node, "tag", 0, &tag));
    bool is_template = oc_xml_child(node, "item") != NULL;
    if (is_template == (oc_xml_attr(node, "len") != NULL) || is_template == (oc_xml_attr(node, "kind") != NULL)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "record %02X needs either len and kind or items", tag);
    }
    if (is_template) {
        record->kind = OC_KIND_B;
        OC_TRY(read_items(loader, node, record, &len));
    } else {
        OC_TRY(oc_attr_kind(loader, node, &record->kind));
        OC_TRY(oc_attr_number(loader, node, "len", 0, &len));
    }
    if (len > OC_RECORD_MAX) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "record %02X has %u bytes; a record has at most %d", tag, len, OC_RECORD_MAX);
    }
    const char *secret = oc_xml_attr(node, "secret");
    record->tag = (uint8_t)tag;
    record->len = (uint8_t)len;
    record->secret = secret != NULL && (strcmp(secret, "true") == 0 || strcmp(secret, "1") == 0);
    return oc_ok();
}

static unsigned tag_of(const xmlNode *record)
{
    return (unsigned)strtoul(oc_xml_attr(record, "tag"), NULL, 16);
}

/* How often the record stands in its file, in a row. */
static oc_result times_of(struct loader *loader, const xmlNode *record, unsigned *out)
{
    bool wanted = true;
    OC_TRY(oc_attr_wanted(loader, record, &wanted));
    OC_TRY(oc_attr_number(loader, record, "count", 1, out));
    *out = wanted ? *out : 0;
    return oc_ok();
}

static oc_result count_records(struct loader *loader, const xmlNode *node, const oc_profile_file *file,
                               unsigned *total)
{
    for (const xmlNode *child = oc_xml_child(node, "record"); child != NULL; child = oc_xml_next(child, "record")) {
        unsigned times = 0;
        OC_TRY(times_of(loader, child, &times));
        *total += times;
        if (*total > RECORDS_MAX) {
            return oc_xml_fail(loader->doc, child, loader->diag, OC_E_FORMAT, "%s has more than %d records",
                               file->name, RECORDS_MAX);
        }
    }
    return oc_ok();
}

static oc_result read_records(struct loader *loader, const xmlNode *node, oc_profile_file *file)
{
    unsigned total = 0;
    OC_TRY(count_records(loader, node, file, &total));
    void *memory = NULL;
    OC_TRY(array_of(loader, total, sizeof(oc_profile_record), &memory));
    oc_profile_record *records = memory;
    file->records = records;
    for (const xmlNode *child = oc_xml_child(node, "record"); child != NULL; child = oc_xml_next(child, "record")) {
        unsigned times = 0;
        OC_TRY(times_of(loader, child, &times));
        if (times > 0 && oc_profile_record_tagged(file, tag_of(child)) != NULL) {
            return oc_xml_fail(loader->doc, child, loader->diag, OC_E_FORMAT, "%s has two records with tag %02X",
                               file->name, tag_of(child));
        }
        while (times-- > 0) {
            OC_TRY(read_record(loader, child, &records[file->records_count]));
            file->records_count++;
        }
    }
    return oc_ok();
}

/* The body of a record file follows from its records; a size that is written must hold them. */
static oc_result settle_size(struct loader *loader, const xmlNode *node, oc_profile_file *file, unsigned record_length,
                             unsigned record_count)
{
    unsigned needed = record_length * record_count;
    for (size_t i = 0; i < file->records_count; i++) {
        needed += 2u + file->records[i].len;
    }
    unsigned size = needed;
    OC_TRY(oc_attr_number(loader, node, "size", needed, &size));
    if (size < needed) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "the records of %s take %u bytes, the file has only %u", file->name, needed, size);
    }
    bool is_dir = file->kind == OC_PERSO_DIR;
    if ((size == 0 && !is_dir) || size > UINT16_MAX) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "%s would have %u bytes; a file has 1 to 65535", file->name, size);
    }
    file->size = (uint16_t)size;
    return oc_ok();
}

static oc_result read_cyclic(struct loader *loader, const xmlNode *node, oc_profile_file *file, unsigned *length,
                             unsigned *count)
{
    OC_TRY(oc_attr_number(loader, node, "record-len", 0, length));
    OC_TRY(oc_attr_number(loader, node, "records", 0, count));
    bool cyclic = file->kind == OC_PERSO_CYCLIC;
    if (cyclic && (*length == 0 || *length > UINT8_MAX || *count == 0 || *count > 254)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "%s needs record-len (1 to 255) and records (1 to 254)", file->name);
    }
    if (!cyclic && (*length != 0 || *count != 0)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "%s is not cyclic: record-len and records have no meaning", file->name);
    }
    file->record_length = (uint8_t)*length;
    file->record_count = (uint8_t)*count;
    return oc_ok();
}

static oc_result read_file(struct loader *loader, const xmlNode *node, oc_profile_file *file)
{
    static const struct oc_word kinds[] = {{"transparent", OC_PERSO_TRANSPARENT},
                                           {"variable", OC_PERSO_VARIABLE},
                                           {"cyclic", OC_PERSO_CYCLIC},
                                           {"dir", OC_PERSO_DIR},
                                           {NULL, 0}};
    unsigned kind = 0;
    unsigned fill = 0;
    unsigned length = 0;
    unsigned count = 0;
    snprintf(file->name, sizeof file->name, "%s", oc_xml_attr(node, "name"));
    file->fid = (uint16_t)strtoul(file->name, NULL, 16);
    /* ssc-card 4.1: the SFI is the low byte of the identifier, where that is one. */
    file->sfi = (file->fid & 0xFF) <= SFI_MAX ? (uint8_t)file->fid : 0;
    OC_TRY(oc_attr_word(loader, node, "kind", kinds, &kind));
    file->kind = (enum oc_perso_kind)kind;
    OC_TRY(oc_attr_hex(loader, node, "fill", 0, &fill));
    file->fill = (uint8_t)fill;
    OC_TRY(oc_attr_rule(loader, node, "read", "read-key", &file->read));
    bool is_free = false;
    OC_TRY(oc_attr_condition(loader, node, "free-if", false, &is_free));
    if (is_free) {
        file->read = (oc_profile_rule){.rule = OC_RULE_FREE};
    }
    OC_TRY(oc_attr_rule(loader, node, "update", "update-key", &file->update));
    OC_TRY(read_cyclic(loader, node, file, &length, &count));
    if (file->kind != OC_PERSO_VARIABLE && oc_xml_child(node, "record") != NULL) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "only a variable file lists records, %s is %s", file->name, oc_xml_attr(node, "kind"));
    }
    OC_TRY(read_records(loader, node, file));
    return settle_size(loader, node, file, length, count);
}

static oc_result read_files(struct loader *loader, const xmlNode *node, oc_profile_dir *dir)
{
    void *memory = NULL;
    OC_TRY(array_of(loader, count_children(node, "file"), sizeof(oc_profile_file), &memory));
    oc_profile_file *files = memory;
    dir->files = files;
    for (const xmlNode *child = oc_xml_child(node, "file"); child != NULL; child = oc_xml_next(child, "file")) {
        bool wanted = true;
        OC_TRY(oc_attr_wanted(loader, child, &wanted));
        if (!wanted) {
            continue;
        }
        if (oc_profile_file_named(dir, oc_xml_attr(child, "name")) != NULL) {
            return oc_xml_fail(loader->doc, child, loader->diag, OC_E_FORMAT, "%s has two files %s", dir->name,
                               oc_xml_attr(child, "name"));
        }
        OC_TRY(read_file(loader, child, &files[dir->files_count]));
        dir->files_count++;
    }
    return oc_ok();
}

/* "sx1" in the setting stands for the name 'sx1.sh.社会保障' (ssc-card 3); a second word is the alias. */
static oc_result environment_names(struct loader *loader, const xmlNode *node, const char *words, oc_profile_dir *dir)
{
    oc_span *names[] = {&dir->df_name, &dir->alias};
    for (size_t i = 0; i < 2 && *words != '\0'; i++) {
        size_t len = strcspn(words, " ");
        char tokens[64];
        snprintf(tokens, sizeof tokens, "'%.*s.sh.社会保障'", (int)len, words);
        OC_TRY(oc_attr_bytes(loader, node, tokens, names[i]));
        words += len + strspn(words + len, " ");
    }
    return oc_ok();
}

static oc_result read_names(struct loader *loader, const xmlNode *node, oc_profile_dir *dir)
{
    const char *text = oc_xml_attr(node, "df-name");
    if (strncmp(text, OC_SETTING_PREFIX, strlen(OC_SETTING_PREFIX)) == 0) {
        OC_TRY(oc_attr_text(loader, node, "df-name", &text));
        OC_TRY(environment_names(loader, node, text, dir));
    } else {
        OC_TRY(oc_attr_bytes(loader, node, text, &dir->df_name));
    }
    if (dir->df_name.len < DF_NAME_MIN || dir->df_name.len > DF_NAME_MAX) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "the name of %s has %zu bytes; it has %d to %d", dir->name, dir->df_name.len, DF_NAME_MIN,
                           DF_NAME_MAX);
    }
    return oc_ok();
}

static oc_result read_place(struct loader *loader, const xmlNode *node, oc_profile_dir *dir)
{
    char *end = NULL;
    const char *fid = oc_xml_attr(node, "fid");
    dir->fid = (uint16_t)strtoul(fid == NULL ? dir->name : fid, &end, 16);
    if (*end != '\0' || (fid == NULL && strlen(dir->name) != 4)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s needs a fid: its name is none",
                           dir->name);
    }
    dir->is_ddf = strcmp(oc_xml_attr(node, "kind"), "ddf") == 0;
    dir->parent_fid = FID_MF;
    const char *parent = oc_xml_attr(node, "parent");
    if (parent != NULL) {
        const oc_profile_dir *above = oc_profile_dir_named(loader->profile, parent);
        if (above == NULL) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                               "the parent %s of %s must stand before it", parent, dir->name);
        }
        dir->parent_fid = above->fid;
    }
    unsigned sfi = 0;
    OC_TRY(oc_attr_hex(loader, node, "dir-sfi", 0, &sfi));
    dir->dir_sfi = (uint8_t)sfi;
    const char *label = oc_xml_attr(node, "label");
    snprintf(dir->label, sizeof dir->label, "%s", label == NULL ? dir->name : label);
    return oc_ok();
}

static oc_result refuse_twin(struct loader *loader, const xmlNode *node, const oc_profile_dir *dir)
{
    for (size_t i = 0; i < loader->profile->dirs_count; i++) {
        const oc_profile_dir *other = &loader->profile->dirs[i];
        if (strcmp(other->name, dir->name) == 0 || (other->fid == dir->fid && other->parent_fid == dir->parent_fid) ||
            oc_span_equal(other->df_name, dir->df_name)) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "%s and %s share a name, fid or df-name",
                               other->name, dir->name);
        }
    }
    return oc_ok();
}

static oc_result read_directory(struct loader *loader, const xmlNode *node, oc_profile_dir *dir)
{
    snprintf(dir->name, sizeof dir->name, "%s", oc_xml_attr(node, "name"));
    if (strcmp(dir->name, OC_PSAM_DIR) == 0) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "PSAM is no directory of a card");
    }
    OC_TRY(read_place(loader, node, dir));
    OC_TRY(read_names(loader, node, dir));
    OC_TRY(refuse_twin(loader, node, dir));
    OC_TRY(oc_structure_keys_read(loader, node, dir));
    OC_TRY(read_files(loader, node, dir));
    return oc_ok();
}

/* Rules name keys of their own directory, or else of the one around it (ssc-card 6.1: ids with bit 8 set are local,
 * the others belong to the SSSE). */
static oc_result settle_rule(struct loader *loader, const xmlNode *node, const oc_profile_dir *dir,
                             oc_profile_rule *rule)
{
    if (rule->key_name[0] == '\0') {
        return oc_ok();
    }
    const oc_profile_key *key = oc_profile_key_named(dir, rule->key_name, 0);
    for (size_t i = 0; key == NULL && i < loader->profile->dirs_count; i++) {
        if (loader->profile->dirs[i].fid == dir->parent_fid) {
            key = oc_profile_key_named(&loader->profile->dirs[i], rule->key_name, 0);
        }
    }
    if (key == NULL) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "there is no key %s in %s", rule->key_name,
                           dir->name);
    }
    rule->key_id = key->id;
    return oc_ok();
}

static oc_result settle_rules(struct loader *loader, const xmlNode *node, oc_profile_dir *dir)
{
    for (const xmlNode *child = oc_xml_child(node, "file"); child != NULL; child = oc_xml_next(child, "file")) {
        bool wanted = true;
        OC_TRY(oc_attr_wanted(loader, child, &wanted));
        if (wanted) {
            oc_profile_file *file = oc_profile_file_named(dir, oc_xml_attr(child, "name"));
            OC_TRY(settle_rule(loader, child, dir, &file->read));
            OC_TRY(settle_rule(loader, child, dir, &file->update));
        }
    }
    return oc_ok();
}

oc_result oc_structure_read(struct loader *loader, const xmlNode *structure)
{
    const char *generation = oc_xml_attr(structure, "generation");
    if (generation != NULL && (unsigned)(generation[0] - '0') != loader->profile->generation / 10) {
        return oc_xml_fail(loader->doc, structure, loader->diag, OC_E_FORMAT,
                           "this is the structure of generation %s, the profile is of %u.%u", generation,
                           loader->profile->generation / 10, loader->profile->generation % 10);
    }
    void *memory = NULL;
    OC_TRY(array_of(loader, count_children(structure, "directory"), sizeof(oc_profile_dir), &memory));
    loader->profile->dirs = memory;
    for (const xmlNode *child = oc_xml_child(structure, "directory"); child != NULL;
         child = oc_xml_next(child, "directory")) {
        bool wanted = true;
        OC_TRY(oc_attr_wanted(loader, child, &wanted));
        if (!wanted) {
            continue;
        }
        oc_profile_dir *dir = &loader->profile->dirs[loader->profile->dirs_count];
        OC_TRY(read_directory(loader, child, dir));
        loader->profile->dirs_count++;
        OC_TRY(settle_rules(loader, child, dir));
    }
    return oc_ok();
}
