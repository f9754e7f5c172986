/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/crypto/ssc.h"
#include "sim/profile/model.h"

/* Numbers with a check character (ssc-card 5). Real cards in use may hold anything; what we issue may not. */
struct checked_number {
    const char *file;
    uint8_t tag;
    size_t len;
    const char *what;
    char (*check)(oc_span first);
};

static const struct checked_number checked[] = {
    {"SSSE/EF05", 0x07, 9, "card number", oc_ssc_card_number_check},
    {"SSSE/EF06", 0x08, 18, "ID number", oc_ssc_id_number_check},
};

oc_result oc_check_number(struct loader *loader, const xmlNode *node, const char *file,
                          const oc_profile_record *record)
{
    for (size_t i = 0; i < sizeof checked / sizeof checked[0]; i++) {
        const struct checked_number *rule = &checked[i];
        if (strcmp(rule->file, file) != 0 || rule->tag != record->tag || record->len != rule->len) {
            continue;
        }
        char expected = rule->check(oc_span_slice(record->value, 0, rule->len - 1));
        if (expected == 0) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT, "the %s has characters it cannot have",
                               rule->what);
        }
        if (record->value.at[rule->len - 1] != (uint8_t)expected) {
            return oc_xml_fail(loader->doc, node, loader->diag, OC_E_FORMAT,
                               "the check character of the %s should be '%c'", rule->what, expected);
        }
    }
    return oc_ok();
}

static bool records_known(const oc_profile_dir *dir, char *out, size_t room)
{
    for (size_t f = 0; f < dir->files_count; f++) {
        for (size_t r = 0; r < dir->files[f].records_count; r++) {
            if (!dir->files[f].records[r].known) {
                snprintf(out, room, "%s/%s/%02X", dir->name, dir->files[f].name, dir->files[f].records[r].tag);
                return false;
            }
        }
    }
    return true;
}

static bool keys_known(const oc_profile *profile, const oc_profile_dir *dir, char *out, size_t room)
{
    for (size_t k = 0; k < dir->keys_count; k++) {
        const oc_profile_key *key = &dir->keys[k];
        if (key->kind != OC_KEY_KIND_PIN && oc_key_list_find(&profile->roots, &key->name, key->alg) == NULL) {
            snprintf(out, room, "the %s root key %s/%s version %u", oc_alg_name(key->alg), dir->name, key->name.name,
                     key->name.version);
            return false;
        }
    }
    return true;
}

/* What the certificate application is issued with. */
static bool pki_known(const oc_profile *profile, char *out, size_t room)
{
    static const oc_profile_pki nothing;
    const oc_profile_pki *pki = profile->pki == NULL ? &nothing : profile->pki;
    const char *missing = pki->root.len == 0 || pki->root_key.len == 0 || pki->root_name == NULL
                              ? "the root of the pki with its name and key"
                          : pki->user_pin.len == 0 || pki->administrator_pin.len == 0 ? "both PINs of the pki"
                          : pki->not_after == 0                                       ? "the validity of the pki"
                                                                                      : NULL;
    if (missing != NULL) {
        snprintf(out, room, "%s", missing);
    }
    return missing == NULL;
}

const char *oc_profile_missing(const oc_profile *profile, char *out, size_t room)
{
    const struct {
        oc_span value;
        const char *what;
    } parts[] = {
        {profile->atr, "the chip's atr"},          {profile->transport, "the chip's transport-key"},
        {profile->area, "the city's area"},        {profile->pin, "the PIN's value"},
        {profile->initial_pin, "the initial PIN"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].value.len == 0) {
            snprintf(out, room, "%s", parts[i].what);
            return out;
        }
    }
    if (profile->dirs_count == 0) {
        snprintf(out, room, "the structure");
        return out;
    }
    for (size_t i = 0; i < profile->dirs_count; i++) {
        if (!records_known(&profile->dirs[i], out, room) || !keys_known(profile, &profile->dirs[i], out, room)) {
            return out;
        }
    }
    if (oc_profile_dir_named(profile, OC_PKI_DIR) != NULL && !pki_known(profile, out, room)) {
        return out;
    }
    return NULL;
}

/* The data element of a file that is named at the beginning of `missing`, or the profile itself. */
static const xmlNode *place_of(const xmlNode *profile, const char *missing)
{
    for (const xmlNode *node = oc_xml_child(profile, "data"); node != NULL; node = oc_xml_next(node, "data")) {
        const char *file = oc_xml_attr(node, "file");
        if (strncmp(missing, file, strlen(file)) == 0) {
            return node;
        }
    }
    return profile;
}

/* ssc-card 5: the card id code begins with the city. */
static oc_result check_city(struct loader *loader, const xmlNode *profile)
{
    const oc_profile_dir *ssse = oc_profile_dir_named(loader->profile, "SSSE");
    const oc_profile_file *file = ssse == NULL ? NULL : oc_profile_file_named(ssse, "EF05");
    const oc_profile_record *record = file == NULL ? NULL : oc_profile_record_tagged(file, 0x01);
    if (record == NULL || record->len < 3) {
        return oc_ok();
    }
    char city[7];
    snprintf(city, sizeof city, "%02X%02X%02X", record->value.at[0], record->value.at[1], record->value.at[2]);
    if (!oc_span_equal(oc_span_text(city), loader->profile->area)) {
        return oc_xml_fail(loader->doc, place_of(profile, "SSSE/EF05"), loader->diag, OC_E_FORMAT,
                           "the card id code begins with %s, the city's area is %.6s", city,
                           (const char *)loader->profile->area.at);
    }
    return oc_ok();
}

oc_result oc_check_complete(struct loader *loader, const xmlNode *profile)
{
    if (!loader->profile->issues) {
        return oc_ok();
    }
    char missing[64];
    if (oc_profile_missing(loader->profile, missing, sizeof missing) != NULL) {
        return oc_xml_fail(loader->doc, place_of(profile, missing), loader->diag, OC_E_FORMAT,
                           "to issue a card, the profile must give %s", missing);
    }
    return check_city(loader, profile);
}
