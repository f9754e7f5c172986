/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/host/medical/region_internal.h"

const char *oc_region_id(const oc_region *region)
{
    return region->id;
}

const char *oc_region_admdvs(const oc_region *region)
{
    return region->admdvs;
}

const oc_med_rules *oc_region_rules(const oc_region *region)
{
    return &region->rules;
}

enum oc_med_signature oc_region_signature(const oc_region *region)
{
    return region->signature;
}

const char *oc_region_user_id(const oc_region *region)
{
    return region->user_id;
}

const char *oc_region_app_id(const oc_region *region)
{
    return region->app_id;
}

const char *oc_region_secret(const oc_region *region)
{
    return region->secret;
}

const char *oc_region_signing_seed(const oc_region *region)
{
    return region->signing_seed;
}

const char *oc_region_card_field(const oc_region *region, const char *field)
{
    return strcmp(field, "card_sn") == 0 ? region->card_from : region->number_from;
}

const oc_med_message *oc_region_message(const oc_region *region, const char *infno)
{
    for (size_t i = 0; i < region->message_count; i++) {
        const oc_med_message *message = &region->messages[i];
        if (strcmp(message->infno, infno) == 0 || (message->also != NULL && strcmp(message->also, infno) == 0)) {
            return message;
        }
    }
    return NULL;
}

const oc_med_message *oc_region_message_at(const oc_region *region, size_t at)
{
    return at < region->message_count ? &region->messages[at] : NULL;
}

const oc_med_node *oc_region_request(const oc_region *region)
{
    return &region->request;
}

const oc_med_node *oc_region_response(const oc_region *region)
{
    return &region->response;
}

const oc_med_dictionary *oc_region_dictionary(const oc_region *region, const char *id)
{
    for (size_t i = 0; i < region->dictionary_count; i++) {
        if (strcmp(region->dictionaries[i].id, id) == 0) {
            return &region->dictionaries[i];
        }
    }
    return NULL;
}

const oc_med_code *oc_med_dictionary_find(const oc_med_dictionary *dictionary, const char *code)
{
    for (size_t i = 0; i < dictionary->count; i++) {
        if (strcmp(dictionary->codes[i].code, code) == 0) {
            return &dictionary->codes[i];
        }
    }
    return NULL;
}

const oc_med_benefit *oc_region_benefit(const oc_region *region, const char *insutype, const char *med_type)
{
    for (size_t i = 0; i < region->benefit_count; i++) {
        const oc_med_benefit *benefit = &region->benefits[i];
        if (strcmp(benefit->insutype, insutype) == 0 && strcmp(benefit->med_type, med_type) == 0) {
            return benefit;
        }
    }
    return NULL;
}

const oc_med_serious *oc_region_serious(const oc_region *region, const char *insutype)
{
    for (size_t i = 0; i < region->serious_count; i++) {
        if (strcmp(region->serious[i].insutype, insutype) == 0) {
            return &region->serious[i];
        }
    }
    return NULL;
}

static int by_code(const void *key, const void *item)
{
    return strcmp((const char *)key, ((const oc_med_item *)item)->code);
}

const oc_med_item *oc_region_item(const oc_region *region, const char *code)
{
    return region->item_count == 0
               ? NULL
               : bsearch(code, region->items, region->item_count, sizeof region->items[0], by_code);
}

const oc_med_institution *oc_region_institution(const oc_region *region, const char *code)
{
    for (size_t i = 0; i < region->institution_count; i++) {
        if (strcmp(region->institutions[i].code, code) == 0) {
            return &region->institutions[i];
        }
    }
    return NULL;
}

const oc_med_persons *oc_region_persons(const oc_region *region)
{
    return &region->persons;
}

bool oc_med_listed(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = list; len > 0 && (at = strstr(at, word)) != NULL; at += len) {
        if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0')) {
            return true;
        }
    }
    return false;
}
