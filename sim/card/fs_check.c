/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"

/* Is a memory that came from outside one that this operating system could have written? Everything that the file system
 * follows is looked at once: lists lead downwards and so end, what they name lies in the memory. */

static bool place(const oc_nvm *nvm, uint32_t at, size_t len)
{
    return at >= OC_FS_MF && at % OC_FS_ENTRY == 0 && at < nvm->capacity && len <= nvm->capacity - at;
}

static bool records_sound(const oc_ef *ef)
{
    if (ef->kind == OC_PERSO_CYCLIC || ef->kind == OC_PERSO_FIXED) {
        return ef->record_length > 0 && ef->records_max > 0 && ef->count <= ef->records_max &&
               ef->newest < ef->records_max && (size_t)ef->record_length * ef->records_max <= ef->size;
    }
    return ef->used <= ef->size;
}

static bool ef_sound(const oc_nvm *nvm, uint32_t file)
{
    oc_ef ef;
    oc_fs_load_ef(nvm, file, &ef);
    return place(nvm, ef.body, ef.size) && records_sound(&ef);
}

/* Newer keys come first and lie higher. */
static bool keys_sound(const oc_nvm *nvm, uint32_t first)
{
    uint32_t above = nvm->capacity;
    for (uint32_t at = first; at != OC_FS_NONE; at = oc_key_next(nvm, at)) {
        if (!place(nvm, at, OC_FS_ENTRY) || at >= above) {
            return false;
        }
        above = at;
    }
    return true;
}

static bool dir_sound(const oc_nvm *nvm, uint32_t file, uint32_t parent, unsigned depth);

/* Newer files come first and lie higher; all lie above their directory. */
static bool children_sound(const oc_nvm *nvm, const oc_dir *dir, unsigned depth)
{
    uint32_t above = nvm->capacity;
    for (uint32_t file = dir->first_child; file != OC_FS_NONE; file = oc_fs_next(nvm, file)) {
        if (!place(nvm, file, OC_FS_ENTRY) || file >= above || file <= dir->at) {
            return false;
        }
        above = file;
        if (!(oc_fs_is_dir(nvm, file) ? dir_sound(nvm, file, dir->at, depth + 1) : ef_sound(nvm, file))) {
            return false;
        }
    }
    return true;
}

static bool dir_sound(const oc_nvm *nvm, uint32_t file, uint32_t parent, unsigned depth)
{
    if (depth > OC_FS_DEPTH_MAX || !oc_fs_is_dir(nvm, file) || !place(nvm, oc_fs_names(nvm, file), OC_FS_ENTRY)) {
        return false;
    }
    oc_dir dir;
    oc_fs_load_dir(nvm, file, &dir);
    bool names = dir.name_len[0] <= OC_FS_NAME_MAX && dir.name_len[1] <= OC_FS_NAME_MAX;
    bool data = dir.data == OC_FS_NONE || place(nvm, dir.data, OC_FS_ENTRY);
    return names && data && dir.parent == parent && keys_sound(nvm, dir.first_key) && children_sound(nvm, &dir, depth);
}

bool oc_card_memory_sound(const oc_nvm *nvm)
{
    uint8_t atr_len = *oc_nvm_view(nvm, OC_CHIP_ATR_LEN, 1);
    return atr_len >= 2 && atr_len <= OC_ATR_MAX && dir_sound(nvm, OC_FS_MF, OC_FS_NONE, 0);
}
