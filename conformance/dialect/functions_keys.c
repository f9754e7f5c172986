/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/functions_impl.h"
#include "sim/crypto/ssc.h"

/* Positions of the parameters that these functions share: key, data, then icv, session and factors as declared. */
enum { KEY = 0, DATA = 1 };

oc_result oc_fn_ask(oc_call *call, const oc_key_question *question, bool short_mac, oc_buf *out, oc_diag *diag)
{
    uint8_t bytes[OC_KEY_ANSWER_MAX];
    oc_wr answer = oc_wr_of(bytes, sizeof bytes);
    OC_TRY(oc_key_provider_answer(call->world->keys, question, &answer, diag));
    oc_span s = oc_wr_span(&answer);
    uint8_t folded[4];
    if (short_mac && s.len == 16) {
        oc_ssc_fold4(s.at, folded);
        s = oc_span_of(folded, sizeof folded);
    } else if (short_mac) {
        s = oc_span_slice(s, 0, 4);
    }
    return oc_buf_append(out, s);
}

static oc_result take_factors(oc_key_question *question, oc_span factors, oc_diag *diag)
{
    if (factors.len % 8 != 0 || factors.len / 8 > OC_KEY_FACTORS_MAX) {
        return oc_diag_fail(diag, OC_E_FORMAT, "factors are one to three times 8 bytes");
    }
    question->factor_count = factors.len / 8;
    for (size_t i = 0; i < question->factor_count; i++) {
        question->factors[i] = oc_span_slice(factors, i * 8, 8);
    }
    return oc_ok();
}

/* Where the optional arguments stand; 0 for one that the function does not take. */
struct places {
    size_t icv;
    size_t session;
    size_t factors;
};

static oc_result ask(oc_call *call, enum oc_key_use use, const struct places *places, bool short_mac, oc_buf *out,
                     oc_diag *diag)
{
    oc_key_question question = {.use = use, .key = call->arguments[KEY].key, .data = oc_fn_span(call, DATA)};
    if (places->icv != 0) {
        question.icv = oc_fn_span(call, places->icv);
    }
    if (places->session != 0) {
        question.session = oc_fn_span(call, places->session);
    }
    OC_TRY(take_factors(&question, oc_fn_span(call, places->factors), diag));
    return oc_fn_ask(call, &question, short_mac, out, diag);
}

static const struct places of_cipher = {.session = 2, .factors = 3};
static const struct places of_mac = {.icv = 2, .session = 3, .factors = 4};
static const struct places of_tac = {.factors = 2};

oc_result oc_fn_encipher(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return ask(call, OC_KEY_ENCIPHER, &of_cipher, false, out, diag);
}

oc_result oc_fn_decipher(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return ask(call, OC_KEY_DECIPHER, &of_cipher, false, out, diag);
}

oc_result oc_fn_mac(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return ask(call, OC_KEY_MAC, &of_mac, false, out, diag);
}

oc_result oc_fn_mac4(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return ask(call, OC_KEY_MAC, &of_mac, true, out, diag);
}

oc_result oc_fn_retail_mac(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return ask(call, OC_KEY_RETAIL_MAC, &of_mac, false, out, diag);
}

oc_result oc_fn_tac(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return ask(call, OC_KEY_TAC, &of_tac, false, out, diag);
}

oc_result oc_fn_card_id_check(oc_call *call, oc_buf *out, oc_diag *diag)
{
    oc_key_question question = {.key = call->arguments[KEY].key, .data = oc_fn_span(call, DATA)};
    enum oc_alg alg;
    if (!oc_is_ok(oc_key_provider_alg(call->world->keys, &question.key, &alg))) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "key %s/%s version %u is not known", question.key.dir,
                            question.key.name, question.key.version);
    }
    question.use = alg == OC_ALG_SM4 ? OC_KEY_MAC : OC_KEY_RETAIL_MAC;
    return oc_fn_ask(call, &question, true, out, diag);
}
