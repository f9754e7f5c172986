/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/profile/profile.h"

#include <stdlib.h>

#include "sim/crypto/ssc.h"
#include "sim/profile/model.h"

void oc_profile_free(oc_profile **profile)
{
    if (*profile == NULL) {
        return;
    }
    oc_arena_free(&(*profile)->arena);
    oc_wipe(*profile, sizeof **profile);
    free(*profile);
    *profile = NULL;
}

const char *oc_profile_id(const oc_profile *profile)
{
    return profile->id;
}

const char *oc_profile_path(const oc_profile *profile)
{
    return profile->path;
}

const char *oc_profile_title(const oc_profile *profile, const char *lang)
{
    const char *zh = profile->title_zh != NULL ? profile->title_zh : profile->title_en;
    const char *en = profile->title_en != NULL ? profile->title_en : profile->title_zh;
    const char *title = strcmp(lang, "zh") == 0 ? zh : en;
    return title != NULL ? title : profile->id;
}

unsigned oc_profile_generation(const oc_profile *profile)
{
    return profile->generation;
}

enum oc_alg oc_profile_alg(const oc_profile *profile)
{
    return profile->alg;
}

oc_span oc_profile_atr(const oc_profile *profile)
{
    return profile->atr;
}

oc_span oc_profile_transport_bytes(const oc_profile *profile)
{
    return profile->transport;
}

oc_result oc_profile_transport_key(const oc_profile *profile, oc_key *key)
{
    if (profile->transport.len == 0) {
        return oc_fail(OC_E_UNAVAILABLE);
    }
    return oc_key_load(key, (uint8_t)profile->alg, profile->transport);
}

bool oc_profile_can_issue(const oc_profile *profile)
{
    char missing[64];
    return oc_profile_missing(profile, missing, sizeof missing) == NULL;
}

const oc_profile_dir *oc_profile_dirs(const oc_profile *profile, size_t *count)
{
    *count = profile->dirs_count;
    return profile->dirs;
}

const oc_profile_dir *oc_profile_dir_named(const oc_profile *profile, const char *name)
{
    for (size_t i = 0; i < profile->dirs_count; i++) {
        if (strcmp(profile->dirs[i].name, name) == 0) {
            return &profile->dirs[i];
        }
    }
    return NULL;
}

const char *oc_profile_setting(const oc_profile *profile, const char *name)
{
    int index = oc_setting_index(name);
    return index < 0 ? NULL : profile->settings[index];
}

uint8_t oc_profile_key_options(const oc_profile *profile, const oc_profile_key *key)
{
    static const struct {
        const char *setting, *value;
        enum oc_key_option option;
    } options[] = {
        {"purchase-session", "card-sequence", OC_KEY_OPTION_CARD_SEQUENCE},
        {"purchase-mac1", "zero", OC_KEY_OPTION_MAC1_ZERO},
        {"initial-pin-pays", "off", OC_KEY_OPTION_OWN_PIN_ONLY},
    };
    unsigned bits = 0;
    for (size_t i = 0; i < sizeof options / sizeof options[0] && key->kind == OC_KEY_KIND_PURCHASE; i++) {
        bool chosen = strcmp(oc_profile_setting(profile, options[i].setting), options[i].value) == 0;
        bits |= chosen ? (unsigned)options[i].option : 0u;
    }
    return (uint8_t)bits;
}

/* The arrays of a profile are constant to its readers, but stand in the profile's own writable memory. */
oc_profile_file *oc_profile_file_named(const oc_profile_dir *dir, const char *name)
{
    for (size_t i = 0; i < dir->files_count; i++) {
        if (strcmp(dir->files[i].name, name) == 0) {
            return (oc_profile_file *)(uintptr_t)&dir->files[i];
        }
    }
    return NULL;
}

oc_profile_record *oc_profile_record_tagged(const oc_profile_file *file, unsigned tag)
{
    for (size_t i = 0; i < file->records_count; i++) {
        if (file->records[i].tag == tag) {
            return (oc_profile_record *)(uintptr_t)&file->records[i];
        }
    }
    return NULL;
}

/* Version 0 takes the first. */
const oc_profile_key *oc_profile_key_named(const oc_profile_dir *dir, const char *name, unsigned version)
{
    for (size_t i = 0; i < dir->keys_count; i++) {
        if (strcmp(dir->keys[i].name.name, name) == 0 && (version == 0 || dir->keys[i].name.version == version)) {
            return &dir->keys[i];
        }
    }
    return NULL;
}

bool oc_profile_factor_card(const oc_profile *profile, uint8_t out[8])
{
    return oc_atr_factor(profile->atr, out);
}

bool oc_profile_factor_city(const oc_profile *profile, uint8_t out[8])
{
    return profile->area.len != 0 && oc_is_ok(oc_ssc_city_factor(profile->area, out));
}

bool oc_profile_factor_province(const oc_profile *profile, uint8_t out[8])
{
    return profile->area.len != 0 && oc_is_ok(oc_ssc_province_factor(profile->area, out));
}

const oc_profile_pki *oc_profile_pki_of(const oc_profile *profile)
{
    return profile->pki;
}

bool oc_profile_is_template(const oc_profile *profile, const oc_profile_record *record)
{
    for (const struct template *template = profile->templates; template != NULL; template = template->next) {
        if (template->record == record) {
            return true;
        }
    }
    return false;
}
