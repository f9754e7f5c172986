/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_PROFILE_STRUCTURE_ATTR_H
#define OC_PROFILE_STRUCTURE_ATTR_H

#include "sim/profile/model.h"

/* Attributes of a structure, whose values may stand in a setting: size="setting.ssse-ef07-size". */
#define OC_SETTING_PREFIX "setting."

struct oc_word {
    const char *word;
    unsigned value;
};

/* The attribute's text, a setting resolved; NULL when it is absent. */
OC_MUST_USE oc_result oc_attr_text(struct loader *loader, const xmlNode *node, const char *name, const char **out);
OC_MUST_USE oc_result oc_attr_number(struct loader *loader, const xmlNode *node, const char *name, unsigned absent,
                                     unsigned *out);
OC_MUST_USE oc_result oc_attr_hex(struct loader *loader, const xmlNode *node, const char *name, unsigned absent,
                                  unsigned *out);
/* One of the words of a table that ends with NULL. */
OC_MUST_USE oc_result oc_attr_word(struct loader *loader, const xmlNode *node, const char *name,
                                   const struct oc_word *words, unsigned *out);
OC_MUST_USE oc_result oc_attr_kind(struct loader *loader, const xmlNode *node, enum oc_kind *out);
OC_MUST_USE oc_result oc_attr_rule(struct loader *loader, const xmlNode *node, const char *name, const char *key_name,
                                   oc_profile_rule *out);
/* A condition: true when the setting that the attribute names is on. */
OC_MUST_USE oc_result oc_attr_condition(struct loader *loader, const xmlNode *node, const char *name, bool absent,
                                        bool *out);
/* False where `if` names a setting that is off, or `unless` one that is on: the element is not on this card. */
OC_MUST_USE oc_result oc_attr_wanted(struct loader *loader, const xmlNode *node, bool *out);
/* Value tokens, as bytes of the profile's arena. */
OC_MUST_USE oc_result oc_attr_bytes(struct loader *loader, const xmlNode *node, const char *tokens, oc_span *out);
/* The keys of a directory. */
OC_MUST_USE oc_result oc_structure_keys_read(struct loader *loader, const xmlNode *node, oc_profile_dir *dir);

#endif
