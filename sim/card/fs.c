/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/fs.h"

/* Header of any file: kind(1) sfi(1) fid(2) next sibling(4), then
 *   directory  parent(4) first child(4) first key(4) name lengths(2) blocked(1) 0(1) names(4) application data(4)
 *   EF         read(2) update(2) size(2) record length(1) records(1) fill(1) count(1) newest(1) 0(1) used(2) 0(2)
 *              body(4) */
enum {
    AT_FID = 2,
    AT_NEXT = 4,
    AT_PARENT = 8,
    AT_CHILD = 12,
    AT_KEY = 16,
    AT_EF_COUNT = 17,
    AT_BLOCKED = 22,
    AT_APP_DATA = 28,
    AT_NAMES = 24,
    EF_STATE_LEN = 5,
    AT_FREE = 60,   /* in the chip's own area: the next free address */
    DIR_ENTRIES = 2 /* header, names */
};

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static const uint8_t *header(const oc_nvm *nvm, uint32_t file)
{
    return oc_nvm_view(nvm, file, OC_FS_ENTRY);
}

static bool dir_kind(uint8_t kind)
{
    return kind == OC_PERSO_DDF || kind == OC_PERSO_ADF;
}

static oc_result write32(oc_nvm *nvm, uint32_t at, uint32_t value)
{
    uint8_t bytes[4];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_u32(&wr, value);
    return oc_nvm_write(nvm, at, oc_wr_span(&wr));
}

oc_result oc_fs_format(oc_nvm *nvm)
{
    OC_TRY(write32(nvm, AT_FREE, OC_FS_MF));
    oc_dir mf = {.kind = OC_PERSO_DDF, .fid = OC_FS_FID_MF, .parent = OC_FS_NONE};
    return oc_fs_add_dir(nvm, &mf);
}

size_t oc_fs_room(const oc_nvm *nvm)
{
    uint32_t next = get32(oc_nvm_view(nvm, AT_FREE, 4));
    return next < nvm->capacity ? nvm->capacity - next : 0;
}

oc_result oc_fs_take(oc_nvm *nvm, size_t len, uint32_t *at)
{
    size_t whole = (len + OC_FS_ENTRY - 1) / OC_FS_ENTRY * OC_FS_ENTRY;
    if (whole > oc_fs_room(nvm)) {
        return oc_fail(OC_E_LIMIT);
    }
    *at = get32(oc_nvm_view(nvm, AT_FREE, 4));
    return write32(nvm, AT_FREE, *at + (uint32_t)whole);
}

bool oc_fs_is_dir(const oc_nvm *nvm, uint32_t file)
{
    return dir_kind(header(nvm, file)[0]);
}

void oc_fs_load_ef(const oc_nvm *nvm, uint32_t file, oc_ef *out)
{
    const uint8_t *h = header(nvm, file);
    *out = (oc_ef){.at = file,
                   .kind = h[0],
                   .sfi = h[1],
                   .fid = get16(h + AT_FID),
                   .read = {h[8], h[9]},
                   .update = {h[10], h[11]},
                   .size = get16(h + 12),
                   .record_length = h[14],
                   .records_max = h[15],
                   .fill = h[16],
                   .count = h[AT_EF_COUNT],
                   .newest = h[18],
                   .used = get16(h + 20),
                   .body = get32(h + 24)};
}

void oc_fs_load_dir(const oc_nvm *nvm, uint32_t file, oc_dir *out)
{
    const uint8_t *h = header(nvm, file);
    *out = (oc_dir){.at = file,
                    .kind = h[0],
                    .dir_sfi = h[1],
                    .fid = get16(h + AT_FID),
                    .parent = get32(h + AT_PARENT),
                    .first_child = get32(h + AT_CHILD),
                    .first_key = get32(h + AT_KEY),
                    .data = get32(h + AT_APP_DATA),
                    .blocked = h[AT_BLOCKED],
                    .name_len = {h[20], h[21]}};
    memcpy(out->names, oc_nvm_view(nvm, get32(h + AT_NAMES), sizeof out->names), sizeof out->names);
}

uint32_t oc_fs_first_key(const oc_nvm *nvm, uint32_t dir)
{
    return get32(header(nvm, dir) + AT_KEY);
}

uint32_t oc_fs_data(const oc_nvm *nvm, uint32_t dir)
{
    return get32(header(nvm, dir) + AT_APP_DATA);
}

uint32_t oc_fs_parent(const oc_nvm *nvm, uint32_t dir)
{
    return get32(header(nvm, dir) + AT_PARENT);
}

static uint32_t first_child(const oc_nvm *nvm, uint32_t dir)
{
    return get32(header(nvm, dir) + AT_CHILD);
}

uint32_t oc_fs_next(const oc_nvm *nvm, uint32_t file)
{
    return get32(header(nvm, file) + AT_NEXT);
}

uint32_t oc_fs_names(const oc_nvm *nvm, uint32_t dir)
{
    return get32(header(nvm, dir) + AT_NAMES);
}

uint32_t oc_fs_child(const oc_nvm *nvm, uint32_t dir, uint16_t fid)
{
    uint32_t file = first_child(nvm, dir);
    while (file != OC_FS_NONE) {
        const uint8_t *h = header(nvm, file);
        if (get16(h + AT_FID) == fid) {
            return file;
        }
        file = get32(h + AT_NEXT);
    }
    return OC_FS_NONE;
}

uint32_t oc_fs_child_by_sfi(const oc_nvm *nvm, uint32_t dir, uint8_t sfi)
{
    uint32_t file = sfi == 0 ? OC_FS_NONE : first_child(nvm, dir);
    while (file != OC_FS_NONE) {
        const uint8_t *h = header(nvm, file);
        if (h[1] == sfi && !dir_kind(h[0])) {
            return file;
        }
        file = get32(h + AT_NEXT);
    }
    return OC_FS_NONE;
}

/* Depth is bounded by OC_FS_DEPTH_MAX when directories are made. */
static uint32_t named(const oc_nvm *nvm, uint32_t dir, oc_span name, unsigned *which)
{
    const uint8_t *h = header(nvm, dir);
    const uint8_t *names = oc_nvm_view(nvm, get32(h + AT_NAMES), (size_t)OC_FS_NAMES * OC_FS_NAME_MAX);
    for (unsigned i = 0; i < OC_FS_NAMES; i++) {
        if (h[20 + i] == name.len && memcmp(names + (size_t)i * OC_FS_NAME_MAX, name.at, name.len) == 0) {
            *which = i;
            return dir;
        }
    }
    for (uint32_t file = get32(h + AT_CHILD); file != OC_FS_NONE; file = get32(header(nvm, file) + AT_NEXT)) {
        uint32_t found = oc_fs_is_dir(nvm, file) ? named(nvm, file, name, which) : OC_FS_NONE;
        if (found != OC_FS_NONE) {
            return found;
        }
    }
    return OC_FS_NONE;
}

uint32_t oc_fs_by_name(const oc_nvm *nvm, oc_span name, unsigned *which)
{
    return name.len == 0 || name.len > OC_FS_NAME_MAX ? OC_FS_NONE : named(nvm, OC_FS_MF, name, which);
}

uint32_t oc_fs_resolve(const oc_nvm *nvm, uint32_t dir, uint16_t fid)
{
    if (fid == OC_FS_FID_MF) {
        return OC_FS_MF;
    }
    uint32_t found = oc_fs_child(nvm, dir, fid);
    for (uint32_t above = dir; found == OC_FS_NONE && above != OC_FS_NONE; above = oc_fs_parent(nvm, above)) {
        if (get16(header(nvm, above) + AT_FID) == fid) {
            return above;
        }
        if (above != dir) {
            uint32_t file = oc_fs_child(nvm, above, fid);
            found = file != OC_FS_NONE && oc_fs_is_dir(nvm, file) ? file : OC_FS_NONE;
        }
    }
    return found;
}

uint32_t oc_fs_environment(const oc_nvm *nvm, uint32_t dir)
{
    while (dir != OC_FS_MF && dir != OC_FS_NONE && header(nvm, dir)[0] != OC_PERSO_DDF) {
        dir = oc_fs_parent(nvm, dir);
    }
    return dir == OC_FS_NONE ? OC_FS_MF : dir;
}

unsigned oc_fs_depth(const oc_nvm *nvm, uint32_t dir)
{
    unsigned depth = 0;
    while (dir != OC_FS_MF && dir != OC_FS_NONE) {
        dir = oc_fs_parent(nvm, dir);
        depth++;
    }
    return depth;
}

/* The header is complete before the directory points to it. */
static oc_result link_child(oc_nvm *nvm, uint32_t parent, uint32_t file, oc_span head)
{
    OC_TRY(oc_nvm_write(nvm, file, head));
    return parent == OC_FS_NONE ? oc_ok() : write32(nvm, parent + AT_CHILD, file);
}

oc_result oc_fs_add_ef(oc_nvm *nvm, uint32_t parent, oc_ef *ef)
{
    OC_TRY(oc_fs_take(nvm, OC_FS_ENTRY, &ef->at));
    OC_TRY(oc_fs_take(nvm, ef->size, &ef->body));
    OC_TRY(oc_nvm_fill_new(nvm, ef->body, ef->fill, ef->size));
    uint8_t bytes[OC_FS_ENTRY];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_u8(&wr, ef->kind);
    oc_wr_u8(&wr, ef->sfi);
    oc_wr_u16(&wr, ef->fid);
    oc_wr_u32(&wr, first_child(nvm, parent));
    oc_wr_u8(&wr, ef->read.rule);
    oc_wr_u8(&wr, ef->read.key_id);
    oc_wr_u8(&wr, ef->update.rule);
    oc_wr_u8(&wr, ef->update.key_id);
    oc_wr_u16(&wr, ef->size);
    oc_wr_u8(&wr, ef->record_length);
    oc_wr_u8(&wr, ef->records_max);
    oc_wr_u8(&wr, ef->fill);
    oc_wr_fill(&wr, 0, 7); /* no records yet */
    oc_wr_u32(&wr, ef->body);
    return link_child(nvm, parent, ef->at, oc_wr_span(&wr));
}

static oc_result store_dir(oc_nvm *nvm, const oc_dir *dir, uint32_t next, uint32_t names)
{
    OC_TRY(oc_nvm_write(nvm, names, oc_span_of(dir->names, sizeof dir->names)));
    uint8_t bytes[OC_FS_ENTRY];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_u8(&wr, dir->kind);
    oc_wr_u8(&wr, dir->dir_sfi);
    oc_wr_u16(&wr, dir->fid);
    oc_wr_u32(&wr, next);
    oc_wr_u32(&wr, dir->parent);
    oc_wr_u32(&wr, dir->first_child);
    oc_wr_u32(&wr, dir->first_key);
    oc_wr_bytes(&wr, oc_span_of(dir->name_len, sizeof dir->name_len));
    oc_wr_u8(&wr, dir->blocked);
    oc_wr_u8(&wr, 0);
    oc_wr_u32(&wr, names);
    oc_wr_u32(&wr, dir->data);
    return oc_nvm_write(nvm, dir->at, oc_wr_span(&wr));
}

oc_result oc_fs_add_dir(oc_nvm *nvm, oc_dir *dir)
{
    OC_TRY(oc_fs_take(nvm, (size_t)DIR_ENTRIES * OC_FS_ENTRY, &dir->at));
    uint32_t next = dir->parent == OC_FS_NONE ? OC_FS_NONE : first_child(nvm, dir->parent);
    OC_TRY(store_dir(nvm, dir, next, dir->at + OC_FS_ENTRY));
    return dir->parent == OC_FS_NONE ? oc_ok() : write32(nvm, dir->parent + AT_CHILD, dir->at);
}

oc_result oc_fs_store_dir(oc_nvm *nvm, const oc_dir *dir)
{
    return store_dir(nvm, dir, get32(header(nvm, dir->at) + AT_NEXT), dir->at + OC_FS_ENTRY);
}

uint8_t oc_fs_blocked(const oc_nvm *nvm, uint32_t dir)
{
    return header(nvm, dir)[AT_BLOCKED];
}

oc_result oc_fs_set_blocked(oc_nvm *nvm, uint32_t dir, uint8_t blocked)
{
    return oc_nvm_write(nvm, dir + AT_BLOCKED, oc_span_of(&blocked, 1));
}

oc_result oc_fs_set_first_key(oc_nvm *nvm, uint32_t dir, uint32_t key)
{
    return write32(nvm, dir + AT_KEY, key);
}

oc_result oc_fs_store_ef_state(oc_nvm *nvm, const oc_ef *ef)
{
    uint8_t bytes[EF_STATE_LEN];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_u8(&wr, ef->count);
    oc_wr_u8(&wr, ef->newest);
    oc_wr_u8(&wr, 0);
    oc_wr_u16(&wr, ef->used);
    return oc_nvm_write(nvm, ef->at + AT_EF_COUNT, oc_wr_span(&wr));
}
