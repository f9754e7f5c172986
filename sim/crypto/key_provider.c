/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/key_provider.h"

#include <stdio.h>

#include "sim/crypto/ssc.h"

#define VERSION_MAX 4

static bool copy_part(char *out, size_t room, const char *from, size_t len)
{
    if (len == 0 || len >= room || memchr(from, '/', len) != NULL || memchr(from, '#', len) != NULL) {
        return false;
    }
    memcpy(out, from, len);
    out[len] = '\0';
    return true;
}

oc_result oc_key_name_parse(oc_key_name *out, const char *text)
{
    *out = (oc_key_name){.version = 1};
    const char *slash = strchr(text, '/');
    if (slash == NULL) {
        return oc_fail(OC_E_FORMAT);
    }
    const char *hash = strchr(slash, '#');
    size_t name_len = hash == NULL ? strlen(slash + 1) : (size_t)(hash - slash - 1);
    if (!copy_part(out->dir, sizeof out->dir, text, (size_t)(slash - text)) ||
        !copy_part(out->name, sizeof out->name, slash + 1, name_len)) {
        return oc_fail(OC_E_FORMAT);
    }
    if (hash != NULL) {
        if (hash[1] < '1' || hash[1] > '0' + VERSION_MAX || hash[2] != '\0') {
            return oc_fail(OC_E_FORMAT);
        }
        out->version = (uint8_t)(hash[1] - '0');
    }
    return oc_ok();
}

oc_result oc_key_provider_alg(const oc_key_provider *provider, const oc_key_name *key, enum oc_alg *alg)
{
    return provider->ops->alg_of(provider->self, key, alg);
}

bool oc_key_provider_has(const oc_key_provider *provider, const oc_key_name *key)
{
    enum oc_alg alg;
    return oc_is_ok(oc_key_provider_alg(provider, key, &alg));
}

oc_result oc_key_provider_answer(const oc_key_provider *provider, const oc_key_question *question, oc_wr *answer,
                                 oc_diag *diag)
{
    return provider->ops->answer(provider->self, question, answer, diag);
}

void oc_key_provider_take_card(const oc_key_provider *provider, const oc_key_card *card)
{
    if (provider->ops->take_card != NULL) {
        provider->ops->take_card(provider->self, card);
    }
}

void oc_key_provider_close(oc_key_provider *provider)
{
    if (provider->ops != NULL && provider->ops->free != NULL) {
        provider->ops->free(provider->self);
    }
    *provider = (oc_key_provider){0};
}

static oc_result none_alg(void *self, const oc_key_name *key, enum oc_alg *alg)
{
    (void)self;
    (void)key;
    (void)alg;
    return oc_fail(OC_E_UNAVAILABLE);
}

static oc_result none_answer(void *self, const oc_key_question *question, oc_wr *answer, oc_diag *diag)
{
    (void)self;
    (void)answer;
    return oc_diag_fail(diag, OC_E_UNAVAILABLE, "no key provider: key %s/%s version %u is not known",
                        question->key.dir, question->key.name, question->key.version);
}

oc_key_provider oc_key_provider_none(void)
{
    static const oc_key_provider_ops ops = {"none", none_alg, none_answer, NULL, NULL};
    return (oc_key_provider){&ops, NULL};
}

static oc_result answer_under(oc_crypto *crypto, const oc_key *key, const oc_key_question *question, oc_wr *answer)
{
    uint8_t block[16];
    size_t size = oc_alg_block((enum oc_alg)key->alg);
    switch (question->use) {
    case OC_KEY_ENCIPHER:
    case OC_KEY_DECIPHER: {
        if (question->data.len > answer->room - answer->len) {
            return oc_fail(OC_E_LIMIT);
        }
        uint8_t *out = answer->at + answer->len;
        OC_TRY(question->use == OC_KEY_ENCIPHER ? oc_encipher(crypto, key, question->data, out)
                                                : oc_decipher(crypto, key, question->data, out));
        answer->len += question->data.len;
        return oc_ok();
    }
    case OC_KEY_MAC:
        OC_TRY(oc_cbc_mac(crypto, key, question->icv, question->data, block));
        break;
    case OC_KEY_RETAIL_MAC:
        OC_TRY(oc_retail_mac(crypto, key, question->icv, question->data, block));
        size = 8;
        break;
    case OC_KEY_TAC: {
        oc_key tac_key;
        OC_TRY(oc_ssc_tac_key(key, &tac_key));
        oc_result r = oc_cbc_mac(crypto, &tac_key, question->icv, question->data, block);
        oc_key_wipe(&tac_key);
        OC_TRY(r);
        break;
    }
    }
    oc_wr_bytes(answer, oc_span_of(block, size));
    return answer->bad ? oc_fail(OC_E_LIMIT) : oc_ok();
}

oc_result oc_key_answer_with(oc_crypto *crypto, const oc_key *key, const oc_key_question *question, oc_wr *answer)
{
    if (question->session.len == 0) {
        return answer_under(crypto, key, question, answer);
    }
    oc_key session;
    OC_TRY(oc_ssc_session(crypto, key, question->session, &session));
    oc_result r = answer_under(crypto, &session, question, answer);
    oc_key_wipe(&session);
    return r;
}
