/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/profile/model.h"

struct tour {
    const oc_profile *profile;
    oc_crypto *crypto;
    oc_profile_key_visit *visit;
    void *context;
    oc_span factors[OC_KEY_FACTORS_MAX];
    size_t factor_count;
};

static void show(const struct tour *tour, const oc_key_name *name, const oc_key *key)
{
    char text[sizeof name->dir + sizeof name->name + sizeof "key:/"];
    snprintf(text, sizeof text, "key:%s/%s", name->dir, name->name);
    tour->visit(tour->context, text, key);
}

static void show_derived(const struct tour *tour, const struct named_key *root)
{
    for (size_t count = 1; count <= tour->factor_count; count++) {
        oc_key key;
        if (oc_is_ok(oc_profile_derive_as(tour->profile, tour->crypto, &root->name, (enum oc_alg)root->key.alg,
                                          tour->factors, count, &key, NULL))) {
            show(tour, &root->name, &key);
            oc_key_wipe(&key);
        }
    }
}

void oc_profile_keys_visit(const oc_profile *profile, oc_crypto *crypto, oc_profile_key_visit *visit, void *context)
{
    uint8_t bytes[OC_KEY_FACTORS_MAX][8];
    struct tour tour = {.profile = profile, .crypto = crypto, .visit = visit, .context = context};
    bool known[] = {oc_profile_factor_province(profile, bytes[0]), oc_profile_factor_city(profile, bytes[1]),
                    oc_profile_factor_card(profile, bytes[2])};
    while (tour.factor_count < OC_KEY_FACTORS_MAX && known[tour.factor_count]) {
        tour.factors[tour.factor_count] = oc_span_of(bytes[tour.factor_count], sizeof bytes[0]);
        tour.factor_count++;
    }
    for (size_t i = 0; i < profile->card_keys.count; i++) {
        show(&tour, &profile->card_keys.at[i].name, &profile->card_keys.at[i].key);
    }
    for (size_t i = 0; i < profile->roots.count; i++) {
        show(&tour, &profile->roots.at[i].name, &profile->roots.at[i].key);
        show_derived(&tour, &profile->roots.at[i]);
    }
}
