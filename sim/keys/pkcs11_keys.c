/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/crypto/ssc.h"
#include "sim/keys/outside.h"
#include "sim/keys/token.h"

/* Root keys in a PKCS#11 token. The first level of diversification is enciphered in the token, which is all that it has
 * to be able to do; the keys below it live in this process, for one card, as long as the provider. */

struct place {
    const oc_profile_key *key;
    bool has_object;
    bool has_card_key;
    unsigned long object;
    oc_key card_key;
};

struct pkcs11_keys {
    oc_outside outside;
    oc_crypto *crypto;
    oc_token *token;
    size_t count;
    struct place places[]; /* each key that was asked for; room for all of the profile */
};

static struct place *place_of(struct pkcs11_keys *self, const oc_profile_key *key)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->places[i].key == key) {
            return &self->places[i];
        }
    }
    struct place *place = &self->places[self->count++];
    *place = (struct place){.key = key};
    return place;
}

static oc_result named(oc_result r, oc_diag *diag, const oc_key_name *key, const char *why)
{
    return r.code == OC_E_OK
               ? r
               : oc_diag_fail(diag, r.code, "key %s/%s version %u: %s", key->dir, key->name, key->version, why);
}

/* The key at the end of the question's factors. */
static oc_result derive(struct pkcs11_keys *self, struct place *place, const oc_key_question *question, oc_key *key,
                        oc_diag *diag)
{
    const char *why = "";
    char label[40];
    if (question->factor_count == 0) {
        return oc_outside_lacks(diag, &question->key, "the card's diversification factors are not known");
    }
    if (!place->has_object) {
        snprintf(label, sizeof label, "%s/%s#%u", question->key.dir, question->key.name, question->key.version);
        oc_result r = oc_token_find(self->token, label, place->key->alg, &place->object, &why);
        OC_TRY(named(r, diag, &question->key, why));
        place->has_object = true;
    }
    uint8_t block[OC_KEY_SIZE];
    uint8_t child[OC_KEY_SIZE];
    OC_TRY(oc_ssc_diversify_input(question->factors[0], block));
    oc_result r = oc_token_encipher(self->token, place->object, place->key->alg, oc_span_of(block, sizeof block),
                                    child, &why);
    OC_TRY(named(r, diag, &question->key, why));
    oc_key first;
    r = oc_key_load(&first, (uint8_t)place->key->alg, oc_span_of(child, sizeof child));
    oc_wipe(child, sizeof child);
    if (oc_is_ok(r)) {
        r = oc_ssc_diversify_all(self->crypto, &first, question->factors + 1, question->factor_count - 1, key);
    }
    oc_key_wipe(&first);
    return r;
}

static oc_result pkcs11_alg(void *context, const oc_key_name *name, enum oc_alg *alg)
{
    const struct pkcs11_keys *self = context;
    const oc_profile_key *key;
    OC_TRY(oc_outside_find(&self->outside, name, &key, NULL));
    *alg = key->alg;
    return oc_ok();
}

static oc_result pkcs11_answer(void *context, const oc_key_question *question, oc_wr *answer, oc_diag *diag)
{
    struct pkcs11_keys *self = context;
    const oc_profile_key *named_key;
    OC_TRY(oc_outside_find(&self->outside, &question->key, &named_key, diag));
    struct place *place = place_of(self, named_key);
    const oc_key_question complete = oc_outside_complete(&self->outside, question);
    if (question->factor_count > 0) {
        oc_key key;
        OC_TRY(derive(self, place, &complete, &key, diag));
        oc_result r = oc_key_answer_with(self->crypto, &key, question, answer);
        oc_key_wipe(&key);
        return r;
    }
    if (!place->has_card_key) {
        OC_TRY(derive(self, place, &complete, &place->card_key, diag));
        place->has_card_key = true;
    }
    return oc_key_answer_with(self->crypto, &place->card_key, question, answer);
}

static void pkcs11_take_card(void *context, const oc_key_card *card)
{
    struct pkcs11_keys *self = context;
    oc_outside_take_card(&self->outside, card);
}

static void pkcs11_free(void *context)
{
    struct pkcs11_keys *self = context;
    oc_token_free(&self->token);
    oc_wipe(self->places, self->count * sizeof self->places[0]);
    free(self);
}

oc_result oc_keys_pkcs11(oc_key_provider *out, const char *uri, const oc_keys_parts *parts, oc_diag *diag)
{
    static const oc_key_provider_ops ops = {"pkcs11", pkcs11_alg, pkcs11_answer, pkcs11_take_card, pkcs11_free};
    *out = (oc_key_provider){0};
    size_t count = 0;
    size_t dirs_count = 0;
    const oc_profile_dir *dirs = oc_profile_dirs(parts->profile, &dirs_count);
    for (size_t i = 0; i < dirs_count; i++) {
        count += dirs[i].keys_count;
    }
    struct pkcs11_keys *self = calloc(1, sizeof *self + count * sizeof self->places[0]);
    if (self == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    self->outside = oc_outside_of(parts->profile);
    self->crypto = parts->crypto;
    oc_result r = oc_token_open(&self->token, uri, diag);
    if (!oc_is_ok(r)) {
        pkcs11_free(self);
        return r;
    }
    *out = (oc_key_provider){&ops, self};
    return oc_ok();
}
