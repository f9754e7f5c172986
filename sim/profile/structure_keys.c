/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/profile/structure_attr.h"

#define TRIES_MAX 15

struct key_kind {
    const char *word;
    enum oc_key_kind kind;
    bool counted; /* wrong uses are counted against the setting key-tries */
};

static const struct key_kind kinds[] = {
    {"master", OC_KEY_KIND_MASTER, true},           {"pin", OC_KEY_KIND_PIN, true},
    {"maintenance", OC_KEY_KIND_MAINTENANCE, true}, {"load", OC_KEY_KIND_LOAD, false},
    {"purchase", OC_KEY_KIND_PURCHASE, false},      {"tac", OC_KEY_KIND_TAC, false},
    {"external", OC_KEY_KIND_EXTERNAL, true},       {"internal", OC_KEY_KIND_INTERNAL, false},
};

static const struct key_kind *kind_of(const char *word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].word, word) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

static unsigned default_tries(const struct loader *loader, const struct key_kind *kind)
{
    const char *setting = kind->kind == OC_KEY_KIND_PIN ? "pin-tries" : "key-tries";
    return kind->counted ? (unsigned)strtoul(oc_profile_setting(loader->profile, setting), NULL, 10) : 0;
}

static bool is_twin(const oc_profile_key *a, const oc_profile_key *b)
{
    return a->name.version == b->name.version &&
           (strcmp(a->name.name, b->name.name) == 0 || (a->kind == b->kind && a->id == b->id && a->index == b->index));
}

/* Two keys with one partner in the PSAM. */
static bool is_psam_twin(const oc_profile_key *a, const oc_profile_key *b)
{
    return a->usage != 0 && a->usage == b->usage && a->psam_id == b->psam_id && a->index == b->index &&
           a->name.version == b->name.version && a->alg == b->alg;
}

static const oc_profile_key *psam_twin(const oc_profile *profile, const oc_profile_key *key)
{
    /* The directory that is being read stands behind the counted ones. */
    for (size_t d = 0; d <= profile->dirs_count; d++) {
        for (size_t k = 0; k < profile->dirs[d].keys_count; k++) {
            if (is_psam_twin(&profile->dirs[d].keys[k], key)) {
                return &profile->dirs[d].keys[k];
            }
        }
    }
    return NULL;
}

static oc_result add_key(struct loader *loader, const xmlNode *node, oc_profile_dir *dir, oc_profile_key *keys,
                         const oc_profile_key *key)
{
    for (size_t i = 0; i < dir->keys_count; i++) {
        if (is_twin(&keys[i], key)) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                               "%s has two keys %s, or two of one kind and id, in version %u", dir->name,
                               key->name.name, key->name.version);
        }
    }
    const oc_profile_key *twin = psam_twin(loader->profile, key);
    if (twin != NULL) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "%s/%s and %s/%s name the same partner key in the PSAM", twin->name.dir, twin->name.name,
                           dir->name, key->name.name);
    }
    keys[dir->keys_count++] = *key;
    return oc_ok();
}

static oc_result read_key(struct loader *loader, const xmlNode *node, const oc_profile_dir *dir, oc_profile_key *key)
{
    const struct key_kind *kind = kind_of(oc_xml_attr(node, "kind"));
    unsigned id = 0;
    unsigned usage = 0;
    unsigned psam_id = 0;
    unsigned index = 0;
    snprintf(key->name.dir, sizeof key->name.dir, "%s", dir->name);
    snprintf(key->name.name, sizeof key->name.name, "%s", oc_xml_attr(node, "name"));
    if (kind == NULL) {
        return oc_fail(OC_E_INTERNAL); /* the schema lets only these words pass */
    }
    OC_TRY(oc_attr_hex(loader, node, "id", 0, &id));
    OC_TRY(oc_attr_hex(loader, node, "usage", 0, &usage));
    OC_TRY(oc_attr_hex(loader, node, "psam-id", 0, &psam_id));
    OC_TRY(oc_attr_hex(loader, node, "index", 0, &index));
    unsigned tries = 0;
    OC_TRY(oc_attr_number(loader, node, "tries", default_tries(loader, kind), &tries));
    unsigned levels = usage >> 5;
    if (tries > TRIES_MAX || levels > 3 || (usage != 0 && levels == 0)) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                           "%s: at most 15 tries; a PSAM usage names 1 to 3 levels in its upper three bits",
                           key->name.name);
    }
    key->kind = kind->kind;
    key->id = (uint8_t)id;
    key->usage = (uint8_t)usage;
    key->psam_id = (uint8_t)psam_id;
    key->index = (uint8_t)index;
    key->tries = (uint8_t)tries;
    const char *alg = oc_xml_attr(node, "alg");
    key->alg = alg == NULL ? loader->profile->alg : strcmp(alg, "SM4") == 0 ? OC_ALG_SM4 : OC_ALG_3DES;
    return oc_ok();
}

oc_result oc_structure_keys_read(struct loader *loader, const xmlNode *node, oc_profile_dir *dir)
{
    size_t count = 1;
    for (const xmlNode *child = oc_xml_child(node, "key"); child != NULL; child = oc_xml_next(child, "key")) {
        count += (strlen(oc_xml_attr(child, "versions") == NULL ? "1" : oc_xml_attr(child, "versions")) + 1) / 2;
    }
    oc_profile_key *keys = oc_arena_alloc(&loader->profile->arena, count * sizeof *keys);
    if (keys == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    dir->keys = keys;
    for (const xmlNode *child = oc_xml_child(node, "key"); child != NULL; child = oc_xml_next(child, "key")) {
        const char *versions = oc_xml_attr(child, "versions");
        oc_profile_key key = {0};
        bool wanted = true;
        OC_TRY(oc_attr_wanted(loader, child, &wanted));
        if (!wanted) {
            continue;
        }
        OC_TRY(read_key(loader, child, dir, &key));
        for (const char *v = versions == NULL ? "1" : versions; *v != '\0'; v++) {
            if (*v != ' ') {
                key.name.version = (uint8_t)(*v - '0');
                OC_TRY(add_key(loader, child, dir, keys, &key));
            }
        }
    }
    return oc_ok();
}
