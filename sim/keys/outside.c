/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/keys/outside.h"

oc_outside oc_outside_of(const oc_profile *profile)
{
    static const char *const references[OC_KEY_FACTORS_MAX] = {"factor/province", "factor/city", "factor/card"};
    oc_outside outside = {.profile = profile, .has_card = true};
    for (size_t i = 0; i < OC_KEY_FACTORS_MAX; i++) {
        oc_buf value = {0};
        bool known = oc_is_ok(oc_profile_value(profile, references[i], &value)) &&
                     value.len == sizeof outside.card.factors[i];
        if (known) {
            memcpy(outside.card.factors[i], value.at, value.len);
        }
        outside.has_card = outside.has_card && known;
        oc_buf_free(&value);
    }
    return outside;
}

void oc_outside_take_card(oc_outside *outside, const oc_key_card *card)
{
    if (!outside->has_card) {
        outside->card = *card;
        outside->has_card = true;
    }
}

oc_result oc_outside_lacks(oc_diag *diag, const oc_key_name *key, const char *why)
{
    return oc_diag_fail(diag, OC_E_UNAVAILABLE, "key %s/%s version %u: %s", key->dir, key->name, key->version, why);
}

oc_result oc_outside_find(const oc_outside *outside, const oc_key_name *name, const oc_profile_key **key,
                          oc_diag *diag)
{
    const oc_profile_dir *dir = oc_profile_dir_named(outside->profile, name->dir);
    for (size_t i = 0; dir != NULL && i < dir->keys_count; i++) {
        const oc_profile_key *at = &dir->keys[i];
        if (at->kind != OC_KEY_KIND_PIN && at->name.version == name->version &&
            strcmp(at->name.name, name->name) == 0) {
            *key = at;
            return oc_ok();
        }
    }
    *key = NULL;
    return oc_outside_lacks(diag, name, "the profile's card has no such key");
}

oc_key_question oc_outside_complete(const oc_outside *outside, const oc_key_question *question)
{
    oc_key_question complete = *question;
    if (complete.factor_count == 0 && outside->has_card) {
        complete.factor_count = OC_KEY_FACTORS_MAX;
        for (size_t i = 0; i < OC_KEY_FACTORS_MAX; i++) {
            complete.factors[i] = oc_span_of(outside->card.factors[i], sizeof outside->card.factors[i]);
        }
    }
    return complete;
}

size_t oc_outside_answer_len(const oc_key_question *question, enum oc_alg alg)
{
    switch (question->use) {
    case OC_KEY_ENCIPHER:
    case OC_KEY_DECIPHER:
        return question->data.len;
    case OC_KEY_RETAIL_MAC:
        return oc_alg_block(OC_ALG_3DES);
    case OC_KEY_MAC:
    case OC_KEY_TAC:
        break;
    }
    return oc_alg_block(alg);
}
