/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/profile/model.h"
#include "sim/profile/structure_attr.h"

/* The element psam: whose security module it is, and what it lacks. */

#define LEVELS 3
#define LEVEL_SHIFT 5 /* of a usage byte: the number of levels stands above the kind */
#define KIND_MASK 0x1Fu

static bool names_key(const oc_profile *profile, const oc_key_name *name)
{
    const oc_profile_dir *dir = oc_profile_dir_named(profile, name->dir);
    const oc_profile_key *key = dir == NULL ? NULL : oc_profile_key_named(dir, name->name, name->version);
    return key != NULL && key->usage != 0;
}

/* Keys divided by single blanks: the schema lets nothing else pass. */
static oc_result read_without(struct loader *loader, const xmlNode *node, const char *words)
{
    size_t count = 1;
    for (const char *at = words; *at != '\0'; at++) {
        count += *at == ' ';
    }
    oc_key_name *names = oc_arena_alloc(&loader->profile->arena, count * sizeof *names);
    if (names == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    loader->profile->psam.without = names;
    for (size_t i = 0; i < count; i++) {
        char word[32];
        int len = (int)strcspn(words, " ");
        snprintf(word, sizeof word, "%.*s", len, words);
        OC_TRY(oc_key_name_parse(&names[i], word));
        names[i].version = strchr(word, '#') == NULL ? 0 : names[i].version;
        if (!names_key(loader->profile, &names[i])) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                               "the structure has no key %s with a partner in the PSAM", word);
        }
        words += len + 1;
    }
    loader->profile->psam.without_count = count;
    return oc_ok();
}

static oc_result read_keys(struct loader *loader, const xmlNode *node)
{
    oc_profile_psam *psam = &loader->profile->psam;
    const char *algs = oc_xml_attr(node, "algs");
    if (algs != NULL) {
        psam->all_algs = true;
        psam->has_3des = strstr(algs, "3DES") != NULL;
        psam->has_sm4 = strstr(algs, "SM4") != NULL;
    }
    const char *without = oc_xml_attr(node, "without");
    return without == NULL ? oc_ok() : read_without(loader, node, without);
}

static bool has_keys_of(const oc_profile *profile, enum oc_alg alg)
{
    for (size_t d = 0; d < profile->dirs_count; d++) {
        for (size_t k = 0; k < profile->dirs[d].keys_count; k++) {
            if (profile->dirs[d].keys[k].usage != 0 && profile->dirs[d].keys[k].alg == alg) {
                return true;
            }
        }
    }
    return profile->alg == alg;
}

oc_result oc_psam_read(struct loader *loader, const xmlNode *profile)
{
    oc_profile_psam *psam = &loader->profile->psam;
    const xmlNode *node = oc_xml_child(profile, "psam");
    *psam = (oc_profile_psam){.level = LEVELS, .has_sm4 = has_keys_of(loader->profile, OC_ALG_SM4)};
    psam->has_3des = has_keys_of(loader->profile, OC_ALG_3DES);
    if (node == NULL) {
        return oc_ok();
    }
    psam->known = true;
    unsigned level = LEVELS;
    unsigned index = 0;
    unsigned tries = 0;
    const char *serial = oc_xml_attr(node, "serial");
    const char *pin = oc_xml_attr(node, "pin");
    OC_TRY(oc_attr_bytes(loader, node, oc_xml_attr(node, "terminal"), &psam->terminal));
    OC_TRY(oc_atr_read(loader, node, &psam->atr));
    OC_TRY(oc_attr_number(loader, node, "level", LEVELS, &level));
    OC_TRY(oc_attr_hex(loader, node, "index", 0x01, &index));
    OC_TRY(oc_attr_number(loader, node, "mac2-tries", 15, &tries));
    if (pin != NULL) {
        OC_TRY(oc_pin_read(loader, pin, &psam->pin));
    }
    psam->level = (uint8_t)level;
    psam->index = (uint8_t)index;
    psam->mac2_tries = (uint8_t)tries;
    psam->serial = serial == NULL ? 1 : (uint32_t)strtoul(serial, NULL, 16);
    return read_keys(loader, node);
}

const oc_profile_psam *oc_profile_psam_of(const oc_profile *profile)
{
    return &profile->psam;
}

static bool lacks(const oc_profile_psam *psam, const oc_key_name *name)
{
    for (size_t i = 0; i < psam->without_count; i++) {
        const oc_key_name *left_out = &psam->without[i];
        if (strcmp(left_out->dir, name->dir) == 0 && strcmp(left_out->name, name->name) == 0 &&
            (left_out->version == 0 || left_out->version == name->version)) {
            return true;
        }
    }
    return false;
}

uint8_t oc_profile_psam_usage(const oc_profile_psam *psam, const oc_profile_key *key)
{
    unsigned levels = key->usage >> LEVEL_SHIFT;
    if (key->usage == 0 || lacks(psam, &key->name)) {
        return 0;
    }
    levels = levels > psam->level ? psam->level : levels;
    return (uint8_t)(levels << LEVEL_SHIFT | (key->usage & KIND_MASK));
}
