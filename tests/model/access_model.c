/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/model/access_model.h"

#include <stdlib.h>

#define NONE SIZE_MAX
#define FID_MF 0x3F00
#define CONTENT 512 /* bytes that are looked at: a short offset and a short length reach no further */
#define RECORD 256
#define PIN_MAX 8

/* One record as it stands now, tag and length before it; of a cyclic file the record alone. */
struct record {
    size_t len;
    uint8_t at[RECORD];
};

struct file {
    const oc_profile_file *is;
    struct record *records;
    size_t count;
    uint8_t content[CONTENT];
};

struct key {
    const oc_profile_key *is;
    unsigned left;
};

struct dir {
    const oc_profile_dir *is;
    size_t parent; /* or OC_MODEL_MF */
    struct file *files;
    struct key *keys;
};

struct oc_model {
    const oc_profile *profile;
    struct dir *dirs;
    size_t count;
    size_t at;      /* current directory, or OC_MODEL_MF */
    size_t current; /* current file, an index, or NONE */
    bool pin;
    bool ssse_keys[128];  /* authenticated, by key id */
    bool local_keys[128]; /* those of the current directory, by key id less 128 */
    size_t challenge;     /* bytes of the one that waits */
    uint8_t pin_value[PIN_MAX];
    size_t pin_len;
};

static void *need(size_t count, size_t size)
{
    void *at = calloc(count == 0 ? 1 : count, size);
    if (at == NULL) {
        abort();
    }
    return at;
}

static void write_record(struct record *record, uint8_t tag, oc_span value)
{
    record->at[0] = tag;
    record->at[1] = (uint8_t)value.len;
    if (value.len > 0) {
        memcpy(record->at + 2, value.at, value.len);
    }
    record->len = value.len + 2;
}

static void fill_file(struct file *file)
{
    const oc_profile_file *is = file->is;
    size_t room = is->records_count > is->record_count ? is->records_count : is->record_count;
    file->records = need(room, sizeof *file->records);
    for (size_t i = 0; i < is->records_count; i++) {
        write_record(&file->records[file->count++], is->records[i].tag, is->records[i].value);
    }
    memset(file->content, is->fill, sizeof file->content);
    size_t len = is->content.len < CONTENT ? is->content.len : CONTENT;
    if (len > 0) {
        memcpy(file->content, is->content.at, len);
    }
}

static void fill_dir(oc_model *model, size_t d, const oc_profile_dir *dirs)
{
    struct dir *dir = &model->dirs[d];
    dir->is = &dirs[d];
    dir->parent = OC_MODEL_MF;
    for (size_t i = 0; i < d; i++) {
        if (dirs[i].fid == dirs[d].parent_fid && dirs[i].is_ddf) {
            dir->parent = i;
        }
    }
    dir->files = need(dir->is->files_count, sizeof *dir->files);
    for (size_t f = 0; f < dir->is->files_count; f++) {
        dir->files[f].is = &dir->is->files[f];
        fill_file(&dir->files[f]);
    }
    dir->keys = need(dir->is->keys_count, sizeof *dir->keys);
    for (size_t k = 0; k < dir->is->keys_count; k++) {
        dir->keys[k] = (struct key){&dir->is->keys[k], dir->is->keys[k].tries};
    }
}

oc_model *oc_model_new(const oc_profile *profile)
{
    oc_model *model = need(1, sizeof *model);
    model->profile = profile;
    const oc_profile_dir *dirs = oc_profile_dirs(profile, &model->count);
    model->dirs = need(model->count, sizeof *model->dirs);
    for (size_t d = 0; d < model->count; d++) {
        fill_dir(model, d, dirs);
    }
    oc_buf pin = {0};
    if (!oc_is_ok(oc_profile_value(profile, "pin", &pin)) || pin.len > PIN_MAX) {
        abort();
    }
    memcpy(model->pin_value, pin.at, pin.len);
    model->pin_len = pin.len;
    oc_buf_free(&pin);
    oc_model_reset(model);
    return model;
}

void oc_model_free(oc_model *model)
{
    for (size_t d = 0; d < model->count; d++) {
        for (size_t f = 0; f < model->dirs[d].is->files_count; f++) {
            free(model->dirs[d].files[f].records);
        }
        free(model->dirs[d].files);
        free(model->dirs[d].keys);
    }
    free(model->dirs);
    free(model);
}

size_t oc_model_dir(const oc_model *model)
{
    return model->at;
}

/* The PIN and the keys with low ids belong to the DDF around the current directory. */
static size_t environment(const oc_model *model, size_t dir)
{
    while (dir != OC_MODEL_MF && !model->dirs[dir].is->is_ddf) {
        dir = model->dirs[dir].parent;
    }
    return dir;
}

void oc_model_reset(oc_model *model)
{
    model->at = OC_MODEL_MF;
    model->current = NONE;
    model->pin = false;
    model->challenge = 0;
    memset(model->ssse_keys, 0, sizeof model->ssse_keys);
    memset(model->local_keys, 0, sizeof model->local_keys);
}

static void enter(oc_model *model, size_t dir)
{
    model->current = NONE;
    if (dir == model->at) {
        return;
    }
    memset(model->local_keys, 0, sizeof model->local_keys);
    model->ssse_keys[0] = false;
    if (environment(model, dir) != environment(model, model->at)) {
        model->pin = false;
        model->challenge = 0;
        memset(model->ssse_keys, 0, sizeof model->ssse_keys);
    }
    model->at = dir;
}

unsigned oc_model_select_name(oc_model *model, oc_span name)
{
    for (size_t d = 0; d < model->count; d++) {
        const oc_profile_dir *is = model->dirs[d].is;
        if (oc_span_equal(is->df_name, name) || (is->alias.len > 0 && oc_span_equal(is->alias, name))) {
            enter(model, d);
            return 0x9000;
        }
    }
    return 0x6A82;
}

static size_t file_of(const struct dir *dir, unsigned fid, unsigned sfi)
{
    for (size_t f = 0; f < dir->is->files_count; f++) {
        if (sfi == 0 ? dir->is->files[f].fid == fid : dir->is->files[f].sfi == sfi) {
            return f;
        }
    }
    return NONE;
}

static size_t directory_in(const oc_model *model, size_t parent, uint16_t fid)
{
    for (size_t d = 0; d < model->count; d++) {
        if (model->dirs[d].parent == parent && model->dirs[d].is->fid == fid) {
            return d;
        }
    }
    return NONE;
}

/* What is in the current directory comes first, then itself, then each directory above and those in it. */
unsigned oc_model_select_fid(oc_model *model, uint16_t fid)
{
    if (fid == FID_MF) {
        enter(model, OC_MODEL_MF);
        return 0x9000;
    }
    size_t file = model->at == OC_MODEL_MF ? NONE : file_of(&model->dirs[model->at], fid, 0);
    if (file != NONE) {
        model->current = file;
        return 0x9000;
    }
    size_t found = directory_in(model, model->at, fid);
    for (size_t above = model->at; found == NONE && above != OC_MODEL_MF;) {
        if (model->dirs[above].is->fid == fid) {
            found = above;
            break;
        }
        above = model->dirs[above].parent;
        found = directory_in(model, above, fid);
    }
    if (found == NONE) {
        return 0x6A82;
    }
    enter(model, found);
    return 0x9000;
}

unsigned oc_model_challenge(oc_model *model, size_t len)
{
    if (len != 4 && len != 8 && len != 16) {
        return 0x6700;
    }
    model->challenge = len;
    return 0x9000;
}

static struct key *pin_key(oc_model *model)
{
    size_t env = environment(model, model->at);
    for (size_t k = 0; env != OC_MODEL_MF && k < model->dirs[env].is->keys_count; k++) {
        if (model->dirs[env].is->keys[k].kind == OC_KEY_KIND_PIN) {
            return &model->dirs[env].keys[k];
        }
    }
    return NULL;
}

static unsigned compare_pin(oc_model *model, struct key *key, oc_span pin)
{
    if (key->left == 0) {
        return 0x6983;
    }
    if (!oc_span_equal(pin, oc_span_of(model->pin_value, model->pin_len))) {
        model->pin = false;
        return 0x63C0 + --key->left;
    }
    key->left = key->is->tries;
    return 0x9000;
}

unsigned oc_model_verify(oc_model *model, oc_span pin)
{
    struct key *key = pin_key(model);
    if (key == NULL) {
        return 0x6A88;
    }
    if (pin.len == 0) {
        return model->pin ? 0x9000 : key->left == 0 ? 0x6983 : 0x63C0 + key->left;
    }
    if (pin.len != model->pin_len) {
        return 0x6700;
    }
    unsigned sw = compare_pin(model, key, pin);
    model->pin = model->pin || sw == 0x9000;
    return sw;
}

unsigned oc_model_change_pin(oc_model *model, oc_span old_pin, oc_span new_pin)
{
    struct key *key = pin_key(model);
    if (key == NULL) {
        return 0x6A88;
    }
    if (old_pin.len != model->pin_len || new_pin.len != model->pin_len) {
        return 0x6700;
    }
    unsigned sw = compare_pin(model, key, old_pin);
    if (sw == 0x9000) {
        memcpy(model->pin_value, new_pin.at, new_pin.len);
    }
    return sw;
}

/* High ids and 00, the master key, belong to the current directory. */
static size_t owner_of(const oc_model *model, uint8_t id)
{
    return id >= 0x80 || id == 0 ? model->at : environment(model, model->at);
}

static struct key *find_key(oc_model *model, uint8_t id, uint8_t version)
{
    size_t dir = owner_of(model, id);
    struct key *master = NULL;
    for (size_t k = 0; dir != OC_MODEL_MF && k < model->dirs[dir].is->keys_count; k++) {
        struct key *key = &model->dirs[dir].keys[k];
        if (key->is->id != id || key->is->name.version != version) {
            continue;
        }
        if (key->is->kind == OC_KEY_KIND_EXTERNAL) {
            return key;
        }
        master = key->is->kind == OC_KEY_KIND_MASTER ? key : master;
    }
    return master;
}

unsigned oc_model_authenticate(oc_model *model, uint8_t id, uint8_t version, bool right, size_t dir)
{
    struct key *key = find_key(model, id, version);
    if (key == NULL) {
        return 0x6A88;
    }
    if (key->is->tries != 0 && key->left == 0) {
        return 0x6983;
    }
    if (model->challenge != 8) {
        return 0x6984;
    }
    model->challenge = 0;
    bool *passed = id >= 0x80 ? &model->local_keys[id - 0x80] : &model->ssse_keys[id];
    size_t owner = owner_of(model, id);
    *passed = right && owner == dir;
    if (*passed) {
        key->left = key->is->tries;
        return 0x9000;
    }
    if (key->is->tries == 0) {
        return 0x63CF;
    }
    return 0x63C0 + --key->left;
}

static bool allowed(const oc_model *model, const oc_profile_rule *rule)
{
    bool key = rule->key_id >= 0x80 ? model->local_keys[rule->key_id - 0x80] : model->ssse_keys[rule->key_id];
    switch (rule->rule) {
    case OC_RULE_FREE:
        return true;
    case OC_RULE_PIN:
        return model->pin;
    case OC_RULE_KEY:
        return key;
    case OC_RULE_PIN_AND_KEY:
        return model->pin && key;
    case OC_RULE_PIN_OR_KEY:
        return model->pin || key;
    case OC_RULE_NEVER:
    default:
        return false;
    }
}

/* The file meant, which becomes the current one, if it is of the right kind and the rule holds. */
static unsigned open_file(oc_model *model, uint8_t sfi, bool records, bool update, struct file **out)
{
    size_t f = model->current;
    if (sfi != 0) {
        f = model->at == OC_MODEL_MF ? NONE : file_of(&model->dirs[model->at], 0, sfi);
        if (f == NONE) {
            return 0x6A82;
        }
        model->current = f;
    }
    if (f == NONE) {
        return 0x6986;
    }
    *out = &model->dirs[model->at].files[f];
    if (((*out)->is->kind != OC_PERSO_TRANSPARENT) != records) {
        return 0x6981;
    }
    return allowed(model, update ? &(*out)->is->update : &(*out)->is->read) ? 0x9000 : 0x6982;
}

static struct record *find_record(const struct file *file, bool by_number, uint8_t p1)
{
    for (size_t i = 0; i < file->count; i++) {
        bool cyclic = file->is->kind == OC_PERSO_CYCLIC;
        if (by_number ? i + 1 == p1 : !cyclic && file->records[i].at[0] == p1) {
            return &file->records[i];
        }
    }
    return NULL;
}

unsigned oc_model_read_record(oc_model *model, uint8_t sfi, bool by_number, uint8_t p1, oc_span *data)
{
    struct file *file = NULL;
    unsigned sw = open_file(model, sfi, true, false, &file);
    if (sw != 0x9000) {
        return sw;
    }
    const struct record *record = find_record(file, by_number, p1);
    if (record == NULL) {
        return 0x6A83;
    }
    *data = oc_span_of(record->at, record->len);
    return 0x9000;
}

/* The newest record is number 1; the oldest goes. */
static unsigned push(struct file *file, bool by_number, uint8_t p1, oc_span data)
{
    if (!by_number || p1 != 1) {
        return 0x6981;
    }
    if (data.len != file->is->record_length) {
        return 0x6700;
    }
    if (file->count < file->is->record_count) {
        file->count++;
    }
    memmove(file->records + 1, file->records, (file->count - 1) * sizeof *file->records);
    memcpy(file->records[0].at, data.at, data.len);
    file->records[0].len = data.len;
    return 0x9000;
}

unsigned oc_model_update_record(oc_model *model, uint8_t sfi, bool by_number, uint8_t p1, oc_span data)
{
    struct file *file = NULL;
    unsigned sw = open_file(model, sfi, true, true, &file);
    if (sw != 0x9000) {
        return sw;
    }
    if (file->is->kind == OC_PERSO_CYCLIC) {
        return push(file, by_number, p1, data);
    }
    struct record *record = find_record(file, by_number, p1);
    if (record == NULL) {
        return 0x6A83;
    }
    if (data.len != record->len || data.at[0] != record->at[0] || data.at[1] != record->at[1]) {
        return 0x6A80;
    }
    memcpy(record->at, data.at, data.len);
    return 0x9000;
}

unsigned oc_model_read_binary(oc_model *model, uint8_t sfi, uint8_t offset, size_t len, oc_span *data)
{
    struct file *file = NULL;
    unsigned sw = open_file(model, sfi, false, false, &file);
    if (sw != 0x9000) {
        return sw;
    }
    if (offset >= file->is->size) {
        return 0x6B00;
    }
    size_t left = file->is->size - (size_t)offset;
    if (len > left) {
        return 0x6C00 + (unsigned)left;
    }
    *data = oc_span_of(file->content + offset, len);
    return 0x9000;
}

unsigned oc_model_update_binary(oc_model *model, uint8_t sfi, uint8_t offset, oc_span data)
{
    struct file *file = NULL;
    unsigned sw = open_file(model, sfi, false, true, &file);
    if (sw != 0x9000) {
        return sw;
    }
    if (offset >= file->is->size) {
        return 0x6B00;
    }
    if (data.len > file->is->size - (size_t)offset) {
        return 0x6A84;
    }
    memcpy(file->content + offset, data.at, data.len);
    return 0x9000;
}
