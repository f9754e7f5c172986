/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/proof.h"

#include <stdio.h>

#include "sim/host/cryptogram.h"

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
    oc_key_question question = {0};
    *proof = OC_PROOF_FIELD;
    if (!take_key(message, "DF04", "DTK", &question)) {
        return oc_ok();
    }
    uint8_t tac[4];
    enum oc_alg alg;
    OC_TRY(oc_cryptogram_mac4(keys, question, OC_KEY_TAC, oc_span_empty(), data, tac, &alg, diag));
    const oc_buf *claimed = oc_fields_get(message->in, "alg");
    if (claimed != NULL && claimed->at[0] != alg) {
        return oc_ok();
    }
    oc_span given = oc_message_value(message->form, message->in, "tac");
    *proof = oc_span_equal_secret(oc_span_of(tac, sizeof tac), given) ? OC_PROOF_RIGHT : OC_PROOF_WRONG;
    return oc_ok();
}

oc_result oc_proof_of_card(const oc_key_provider *keys, const struct oc_message *message, enum oc_proof *proof,
                           oc_diag *diag)
{
    oc_key_question question = {0};
    *proof = OC_PROOF_FIELD;
    if (!take_key(message, "SSSE", "IRK", &question)) {
        return oc_ok();
    }
    uint8_t cryptogram[8];
    OC_TRY(oc_cryptogram_auth(keys, question, oc_message_value(message->form, message->in, "challenge"),
                              oc_message_value(message->form, message->in, "text"), cryptogram, diag));
    oc_span given = oc_message_value(message->form, message->in, "cryptogram");
    *proof = oc_span_equal_secret(oc_span_of(cryptogram, 8), given) ? OC_PROOF_RIGHT : OC_PROOF_WRONG;
    return oc_ok();
}
