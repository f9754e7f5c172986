/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/proof.h"

#include <stdio.h>

#include "sim/crypto/ssc.h"

#define VERSION_MAX 4

/* Factors in the order of computation: province, city, card (ssc-card sheet 6.3). The card's is the innermost; a
 * province or city without it names no card. */
static bool take_factors(const struct oc_message *message, oc_key_question *question)
{
    static const char *const order[OC_KEY_FACTORS_MAX] = {"province", "city", "factor"};
    for (size_t i = 0; i < OC_KEY_FACTORS_MAX; i++) {
        const oc_buf *value = oc_fields_get(message->in, order[i]);
        if (value != NULL) {
            question->factors[question->factor_count++] = oc_buf_span(value);
        } else if (question->factor_count > 0) {
            return false; /* levels follow one another without a hole */
        }
    }
    return true;
}

static bool take_key(const struct oc_message *message, const char *dir, const char *name, oc_key_question *question)
{
    uint8_t version = oc_message_value(message->form, message->in, "version").at[0];
    snprintf(question->key.dir, sizeof question->key.dir, "%s", dir);
    snprintf(question->key.name, sizeof question->key.name, "%s", name);
    question->key.version = version;
    return version >= 1 && version <= VERSION_MAX && take_factors(message, question);
}

oc_result oc_proof_of_tac(const oc_key_provider *keys, const struct oc_message *message, oc_span data,
                          enum oc_proof *proof, oc_diag *diag)
{
    oc_key_question question = {.use = OC_KEY_TAC, .data = data};
    *proof = OC_PROOF_FIELD;
    if (!take_key(message, "DF04", "DTK", &question)) {
        return oc_ok();
    }
    uint8_t block[16];
    oc_wr answer = oc_wr_of(block, sizeof block);
    OC_TRY(oc_key_provider_answer(keys, &question, &answer, diag));
    enum oc_alg alg = answer.len == oc_alg_block(OC_ALG_SM4) ? OC_ALG_SM4 : OC_ALG_3DES;
    const oc_buf *claimed = oc_fields_get(message->in, "alg");
    if (claimed != NULL && claimed->at[0] != alg) {
        return oc_ok();
    }
    uint8_t tac[4];
    if (alg == OC_ALG_SM4) {
        oc_ssc_fold4(block, tac);
    } else {
        memcpy(tac, block, sizeof tac);
    }
    oc_span given = oc_message_value(message->form, message->in, "tac");
    *proof = oc_span_equal_secret(oc_span_of(tac, sizeof tac), given) ? OC_PROOF_RIGHT : OC_PROOF_WRONG;
    return oc_ok();
}

oc_result oc_proof_of_card(const oc_key_provider *keys, const struct oc_message *message, enum oc_proof *proof,
                           oc_diag *diag)
{
    oc_key_question question = {.use = OC_KEY_ENCIPHER,
                                .session = oc_message_value(message->form, message->in, "challenge")};
    *proof = OC_PROOF_FIELD;
    if (!take_key(message, "SSSE", "IRK", &question)) {
        return oc_ok();
    }
    enum oc_alg alg = OC_ALG_3DES;
    oc_result r = oc_key_provider_alg(keys, &question.key, &alg);
    if (!oc_is_ok(r)) {
        return oc_diag_fail(diag, r.code, "key SSSE/IRK version %u is not there", question.key.version);
    }
    uint8_t text[16] = {0};
    memcpy(text, oc_message_value(message->form, message->in, "text").at, 8);
    question.data = oc_span_of(text, oc_alg_block(alg));
    uint8_t block[16];
    oc_wr answer = oc_wr_of(block, sizeof block);
    OC_TRY(oc_key_provider_answer(keys, &question, &answer, diag));
    uint8_t cryptogram[8];
    if (alg == OC_ALG_SM4) {
        oc_ssc_fold8(block, cryptogram);
    } else {
        memcpy(cryptogram, block, sizeof cryptogram);
    }
    oc_span given = oc_message_value(message->form, message->in, "cryptogram");
    *proof = oc_span_equal_secret(oc_span_of(cryptogram, 8), given) ? OC_PROOF_RIGHT : OC_PROOF_WRONG;
    return oc_ok();
}
