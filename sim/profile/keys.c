/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/crypto/ssc.h"
#include "sim/profile/model.h"

/* Lists are in this order: name first, as it differs soonest. */
static int compare(const struct named_key *at, const oc_key_name *name, enum oc_alg alg)
{
    int order = strcmp(at->name.name, name->name);
    if (order == 0) {
        order = strcmp(at->name.dir, name->dir);
    }
    if (order == 0) {
        order = at->name.version - name->version;
    }
    return order == 0 ? at->key.alg - (int)alg : order;
}

/* Where the key stands or would stand. */
static size_t place_of(const struct key_list *list, const oc_key_name *name, enum oc_alg alg)
{
    size_t from = 0;
    size_t to = list->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (compare(&list->at[middle], name, alg) < 0) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

const oc_key *oc_key_list_find(const struct key_list *list, const oc_key_name *name, enum oc_alg alg)
{
    size_t at = place_of(list, name, alg);
    return at < list->count && compare(&list->at[at], name, alg) == 0 ? &list->at[at].key : NULL;
}

static oc_result list_of(struct loader *loader, const xmlNode *parent, const char *element, struct key_list *list)
{
    size_t count = 1;
    for (const xmlNode *child = oc_xml_child(parent, element); child != NULL; child = oc_xml_next(child, element)) {
        count++;
    }
    list->at = oc_arena_alloc(&loader->profile->arena, count * sizeof *list->at);
    return list->at == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static void read_name(const xmlNode *node, oc_key_name *name)
{
    const char *version = oc_xml_attr(node, "version");
    snprintf(name->dir, sizeof name->dir, "%s", oc_xml_attr(node, "dir"));
    snprintf(name->name, sizeof name->name, "%s", oc_xml_attr(node, "name"));
    name->version = (uint8_t)(version == NULL ? 1 : version[0] - '0');
}

static oc_result add(struct loader *loader, const xmlNode *node, struct key_list *list, const oc_key_name *name,
                     enum oc_alg alg)
{
    if (oc_key_list_find(list, name, alg) != NULL) {
        return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "the %s key %s/%s version %u stands twice",
                           oc_alg_name(alg), name->dir, name->name, name->version);
    }
    const char *hex = oc_xml_attr(node, "value");
    oc_buf bytes = {0};
    struct named_key fresh = {.name = *name};
    oc_result r = oc_hex_decode(&bytes, hex, strlen(hex));
    if (oc_is_ok(r)) {
        r = oc_key_load(&fresh.key, (uint8_t)alg, oc_buf_span(&bytes));
    }
    oc_buf_free(&bytes);
    OC_TRY(r);
    size_t at = place_of(list, name, alg);
    memmove(&list->at[at + 1], &list->at[at], (list->count - at) * sizeof *list->at);
    list->at[at] = fresh;
    list->count++;
    oc_key_wipe(&fresh.key);
    return oc_ok();
}

oc_result oc_keys_read(struct loader *loader, const xmlNode *keys)
{
    struct key_list *roots = &loader->profile->roots;
    OC_TRY(list_of(loader, keys, "key", roots));
    for (const xmlNode *child = oc_xml_child(keys, "key"); child != NULL; child = oc_xml_next(child, "key")) {
        oc_key_name name = {0};
        read_name(child, &name);
        OC_TRY(add(loader, child, roots, &name,
                   strcmp(oc_xml_attr(child, "alg"), "SM4") == 0 ? OC_ALG_SM4 : OC_ALG_3DES));
    }
    return oc_ok();
}

static const oc_profile_key *structure_key(const oc_profile *profile, const oc_key_name *name)
{
    const oc_profile_dir *dir = oc_profile_dir_named(profile, name->dir);
    const oc_profile_key *key = dir == NULL ? NULL : oc_profile_key_named(dir, name->name, name->version);
    return key == NULL || key->kind == OC_KEY_KIND_PIN ? NULL : key;
}

oc_result oc_card_keys_read(struct loader *loader, const xmlNode *profile)
{
    struct key_list *list = &loader->profile->card_keys;
    OC_TRY(list_of(loader, profile, "card-key", list));
    for (const xmlNode *child = oc_xml_child(profile, "card-key"); child != NULL;
         child = oc_xml_next(child, "card-key")) {
        oc_key_name name = {0};
        read_name(child, &name);
        const oc_profile_key *key = structure_key(loader->profile, &name);
        if (key == NULL) {
            return oc_xml_fail(loader->doc, child, loader->diag, OC_E_FORMAT,
                               "the structure has no key %s/%s version %u", name.dir, name.name, name.version);
        }
        OC_TRY(add(loader, child, list, &name, key->alg));
    }
    return oc_ok();
}

oc_result oc_profile_derive(const oc_profile *profile, oc_crypto *crypto, const oc_key_name *name,
                            const oc_span *factors, size_t count, oc_key *key, oc_diag *diag)
{
    const oc_profile_key *placed = structure_key(profile, name);
    return oc_profile_derive_as(profile, crypto, name, placed == NULL ? profile->alg : placed->alg, factors, count,
                                key, diag);
}

oc_result oc_profile_derive_as(const oc_profile *profile, oc_crypto *crypto, const oc_key_name *name, enum oc_alg alg,
                               const oc_span *factors, size_t count, oc_key *key, oc_diag *diag)
{
    const oc_key *root = oc_key_list_find(&profile->roots, name, alg);
    if (root == NULL) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "profile %s has no %s root key %s/%s version %u", profile->id,
                            oc_alg_name(alg), name->dir, name->name, name->version);
    }
    if (count > OC_KEY_FACTORS_MAX) {
        return oc_diag_fail(diag, OC_E_LIMIT, "a key is derived by at most %d factors", OC_KEY_FACTORS_MAX);
    }
    return oc_ssc_diversify_all(crypto, root, factors, count, key);
}
