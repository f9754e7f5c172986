/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/cryptogram.h"

#include "sim/crypto/ssc.h"

#define BLOCK_MAX 16

oc_result oc_cryptogram_alg(const oc_key_provider *keys, const oc_key_name *key, enum oc_alg *alg, oc_diag *diag)
{
    oc_result r = oc_key_provider_alg(keys, key, alg);
    return r.code == OC_E_UNAVAILABLE
               ? oc_diag_fail(diag, r.code, "key %s/%s version %u is not there", key->dir, key->name, key->version)
               : r;
}

oc_result oc_cryptogram_auth(const oc_key_provider *keys, oc_key_question question, oc_span challenge, oc_span text,
                             uint8_t out[8], oc_diag *diag)
{
    enum oc_alg alg = OC_ALG_3DES;
    OC_TRY(oc_cryptogram_alg(keys, &question.key, &alg, diag));
    uint8_t padded[BLOCK_MAX] = {0};
    uint8_t block[BLOCK_MAX];
    oc_wr answer = oc_wr_of(block, sizeof block);
    memcpy(padded, text.at, 8);
    question.use = OC_KEY_ENCIPHER;
    question.session = challenge;
    question.data = oc_span_of(padded, oc_alg_block(alg));
    OC_TRY(oc_key_provider_answer(keys, &question, &answer, diag));
    if (alg == OC_ALG_SM4) {
        oc_ssc_fold8(block, out);
    } else {
        memcpy(out, block, 8);
    }
    return oc_ok();
}

oc_result oc_cryptogram_mac4(const oc_key_provider *keys, oc_key_question question, enum oc_key_use use,
                             oc_span session, oc_span data, uint8_t out[4], enum oc_alg *alg, oc_diag *diag)
{
    uint8_t block[BLOCK_MAX];
    oc_wr answer = oc_wr_of(block, sizeof block);
    question.use = use;
    question.session = session;
    question.data = data;
    OC_TRY(oc_key_provider_answer(keys, &question, &answer, diag));
    enum oc_alg form = answer.len == oc_alg_block(OC_ALG_SM4) ? OC_ALG_SM4 : OC_ALG_3DES;
    if (form == OC_ALG_SM4) {
        oc_ssc_fold4(block, out);
    } else {
        memcpy(out, block, 4);
    }
    if (alg != NULL) {
        *alg = form;
    }
    return oc_ok();
}
