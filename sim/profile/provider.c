/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/profile/model.h"

/* The card's own keys are derived once, at the first question that needs them. */
struct place {
    const oc_profile_key *key;
    bool known; /* the profile holds the key or its root */
    bool ready;
    oc_key card;
};

struct provider {
    const oc_profile *profile;
    oc_crypto *crypto;
    oc_span factors[OC_KEY_FACTORS_MAX]; /* province, city, card */
    uint8_t factor_bytes[OC_KEY_FACTORS_MAX][8];
    bool has_factors;
    size_t count;
    struct place places[]; /* in the order of their names */
};

static int compare_names(const oc_key_name *a, const oc_key_name *b)
{
    int order = strcmp(a->name, b->name);
    if (order == 0) {
        order = strcmp(a->dir, b->dir);
    }
    return order == 0 ? a->version - b->version : order;
}

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;
    return compare_names(&left->key->name, &right->key->name);
}

static int compare_to_place(const void *name, const void *place)
{
    const struct place *at = place;
    return compare_names(name, &at->key->name);
}

static struct place *place_of(struct provider *self, const oc_key_name *name)
{
    return bsearch(name, self->places, self->count, sizeof self->places[0], compare_to_place);
}

static oc_result no_key(const struct provider *self, const oc_key_name *name, oc_diag *diag)
{
    return oc_diag_fail(diag, OC_E_UNAVAILABLE, "key %s/%s version %u is not known in profile %s", name->dir,
                        name->name, name->version, self->profile->id);
}

static bool is_known(const struct provider *self, const oc_profile_key *key)
{
    return oc_key_list_find(&self->profile->card_keys, &key->name, key->alg) != NULL ||
           oc_key_list_find(&self->profile->roots, &key->name, key->alg) != NULL;
}

static oc_result alg_of(void *context, const oc_key_name *name, enum oc_alg *alg)
{
    struct provider *self = context;
    const struct place *place = place_of(self, name);
    if (place == NULL || !place->known) {
        return oc_fail(OC_E_UNAVAILABLE);
    }
    *alg = place->key->alg;
    return oc_ok();
}

static oc_result card_key(struct provider *self, struct place *place, oc_diag *diag)
{
    if (place->ready) {
        return oc_ok();
    }
    const oc_key *own = oc_key_list_find(&self->profile->card_keys, &place->key->name, place->key->alg);
    if (own != NULL) {
        place->card = *own;
    } else if (self->has_factors) {
        OC_TRY(oc_profile_derive(self->profile, self->crypto, &place->key->name, self->factors, OC_KEY_FACTORS_MAX,
                                 &place->card, diag));
    } else {
        return no_key(self, &place->key->name, diag);
    }
    place->ready = true;
    return oc_ok();
}

static oc_result answer(void *context, const oc_key_question *question, oc_wr *out, oc_diag *diag)
{
    struct provider *self = context;
    struct place *place = place_of(self, &question->key);
    if (place == NULL || !place->known) {
        return no_key(self, &question->key, diag);
    }
    if (question->factor_count == 0) {
        OC_TRY(card_key(self, place, diag));
        return oc_key_answer_with(self->crypto, &place->card, question, out);
    }
    oc_key key;
    OC_TRY(oc_profile_derive(self->profile, self->crypto, &question->key, question->factors, question->factor_count,
                             &key, diag));
    oc_result r = oc_key_answer_with(self->crypto, &key, question, out);
    oc_key_wipe(&key);
    return r;
}

static void take_card(void *context, const oc_key_card *card)
{
    struct provider *self = context;
    if (!self->has_factors) {
        memcpy(self->factor_bytes, card->factors, sizeof self->factor_bytes);
        self->has_factors = true;
    }
}

static void provider_free(void *context)
{
    struct provider *self = context;
    oc_wipe(self, sizeof *self + self->count * sizeof self->places[0]);
    free(self);
}

static void take_factors(struct provider *self)
{
    self->has_factors = oc_profile_factor_province(self->profile, self->factor_bytes[0]) &&
                        oc_profile_factor_city(self->profile, self->factor_bytes[1]) &&
                        oc_profile_factor_card(self->profile, self->factor_bytes[2]);
    for (size_t i = 0; i < OC_KEY_FACTORS_MAX; i++) {
        self->factors[i] = oc_span_of(self->factor_bytes[i], sizeof self->factor_bytes[i]);
    }
}

oc_result oc_profile_key_provider(oc_key_provider *out, const oc_profile *profile, oc_crypto *crypto)
{
    static const oc_key_provider_ops ops = {"profile", alg_of, answer, take_card, provider_free};
    *out = (oc_key_provider){0};
    size_t count = 0;
    for (size_t i = 0; i < profile->dirs_count; i++) {
        count += profile->dirs[i].keys_count;
    }
    struct provider *self = calloc(1, sizeof *self + count * sizeof self->places[0]);
    if (self == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    self->profile = profile;
    self->crypto = crypto;
    take_factors(self);
    for (size_t i = 0; i < profile->dirs_count; i++) {
        for (size_t k = 0; k < profile->dirs[i].keys_count; k++) {
            const oc_profile_key *key = &profile->dirs[i].keys[k];
            if (key->kind != OC_KEY_KIND_PIN) {
                self->places[self->count++] = (struct place){.key = key, .known = is_known(self, key)};
            }
        }
    }
    if (self->count > 1) {
        qsort(self->places, self->count, sizeof self->places[0], compare_places);
    }
    *out = (oc_key_provider){&ops, self};
    return oc_ok();
}
