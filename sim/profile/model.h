/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_PROFILE_MODEL_H
#define OC_PROFILE_MODEL_H

#include "sim/base/arena.h"
#include "sim/base/atr.h"
#include "sim/base/xml.h"
#include "sim/profile/profile.h"
#include "sim/profile/settings.h"

/* Inside of a profile, for the sources of this folder. */

struct named_key {
    oc_key_name name;
    oc_key key;
};

struct key_list {
    struct named_key *at;
    size_t count;
};

/* The items that a template record is made of, in order. */
struct template
{
    const oc_profile_record *record;
    oc_profile_record *items;
    size_t count;
    struct template *next;
};

struct oc_profile {
    oc_arena arena; /* owns every span and text below */
    const char *id;
    const char *path;
    const char *title_en;
    const char *title_zh;
    unsigned generation;
    enum oc_alg alg;
    bool issues; /* use="issue": everything has to be known */
    const char *settings[OC_SETTINGS_COUNT];
    oc_profile_dir *dirs;
    size_t dirs_count;
    struct template *templates;
    struct key_list roots;     /* the ministry's keys, of either algorithm */
    struct key_list card_keys; /* the card's own, where the hierarchy is not known */
    oc_span atr;
    oc_span transport;
    oc_span area; /* 6 ASCII digits */
    oc_profile_psam psam;
    oc_span pin;
    oc_span initial_pin;
    oc_span wrong_pin;
    oc_profile_pki *pki; /* or NULL */
};

/* A profile while it is read. */
struct loader {
    oc_profile *profile;
    const oc_xml_doc *doc; /* the file that is being read now */
    oc_diag *diag;
};

/* One function a part of the file; each is in the source of that name. */
OC_MUST_USE oc_result oc_structure_read(struct loader *loader, const xmlNode *structure);
OC_MUST_USE oc_result oc_keys_read(struct loader *loader, const xmlNode *keys);
OC_MUST_USE oc_result oc_card_keys_read(struct loader *loader, const xmlNode *profile);
OC_MUST_USE oc_result oc_psam_read(struct loader *loader, const xmlNode *profile);
OC_MUST_USE oc_result oc_pki_read(struct loader *loader, const xmlNode *pki);
OC_MUST_USE oc_result oc_data_read(struct loader *loader, const xmlNode *profile);
OC_MUST_USE oc_result oc_dir_file_fill(struct loader *loader);
/* What a profile that issues has to have besides: everything known, numbers that hold together. */
OC_MUST_USE oc_result oc_check_complete(struct loader *loader, const xmlNode *profile);
OC_MUST_USE oc_result oc_check_number(struct loader *loader, const xmlNode *node, const char *file,
                                      const oc_profile_record *record);
/* NULL when everything is known that issuing takes; else writes what is not. */
const char *oc_profile_missing(const oc_profile *profile, char *out, size_t room);

/* Shared by the readers. */
OC_MUST_USE oc_result oc_atr_read(struct loader *loader, const xmlNode *node, oc_span *out);
OC_MUST_USE oc_result oc_pin_read(struct loader *loader, const char *digits, oc_span *out);

/* Packs a PIN; makes a wrong one of the same length that is not `other` either (NULL where there is none). */
OC_MUST_USE oc_result oc_pin_read(struct loader *loader, const char *digits, oc_span *out);
OC_MUST_USE oc_result oc_wrong_pin_make(struct loader *loader, const char *pin, const char *other, oc_span *out);

/* Shared lookups. */
/* While a profile is read, its own arrays may be written through these. */
oc_profile_file *oc_profile_file_named(const oc_profile_dir *dir, const char *name);
const oc_profile_key *oc_profile_key_named(const oc_profile_dir *dir, const char *name, unsigned version);
oc_profile_record *oc_profile_record_tagged(const oc_profile_file *file, unsigned tag);
const oc_key *oc_key_list_find(const struct key_list *list, const oc_key_name *name, enum oc_alg alg);
/* The factor of the card, city or province; false when what it is made of is not known. */
bool oc_profile_factor_card(const oc_profile *profile, uint8_t out[8]);
bool oc_profile_factor_city(const oc_profile *profile, uint8_t out[8]);
bool oc_profile_factor_province(const oc_profile *profile, uint8_t out[8]);

static inline bool oc_key_name_equal(const oc_key_name *a, const oc_key_name *b)
{
    return a->version == b->version && strcmp(a->dir, b->dir) == 0 && strcmp(a->name, b->name) == 0;
}

/* The PSAM's own keys stand among the roots under this directory name. */
#define OC_PSAM_DIR "PSAM"

/* Tag, length and value travel in the 255 data bytes of one command. */
#define OC_RECORD_MAX 253

#endif
