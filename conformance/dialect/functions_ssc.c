/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/functions_impl.h"
#include "sim/crypto/ssc.h"

/* The cryptograms of the social security card, as questions to the key provider. Sources: ssc-card sheet 6.5, 6.6,
 * 7 and 11; formulas with worked examples in vectors/README.md. */

enum { ALG = 0, KEY = 1 };
#define TYPE_LOAD 0x31

static oc_result checked_alg(oc_call *call, enum oc_alg *alg, oc_diag *diag)
{
    const oc_key_name *key = &call->arguments[KEY].key;
    if (!oc_is_ok(oc_key_provider_alg(call->world->keys, key, alg))) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "key %s/%s version %u is not known", key->dir, key->name,
                            key->version);
    }
    uint8_t told = oc_fn_span(call, ALG).at[0];
    if (told != *alg) {
        return oc_diag_fail(diag, OC_E_FORMAT, "algorithm %02X is named, but key %s/%s is a key of %s", told, key->dir,
                            key->name, oc_alg_name(*alg));
    }
    return oc_ok();
}

static oc_result authenticate(oc_call *call, oc_buf *out, oc_diag *diag)
{
    enum { CHALLENGE = 2, TEXT = 3 };
    enum oc_alg alg;
    OC_TRY(checked_alg(call, &alg, diag));
    uint8_t text[16] = {0};
    memcpy(text, oc_fn_span(call, TEXT).at, 8);
    oc_key_question question = {.use = OC_KEY_ENCIPHER,
                                .key = call->arguments[KEY].key,
                                .session = oc_fn_span(call, CHALLENGE),
                                .data = oc_span_of(text, oc_alg_block(alg))};
    oc_buf answer = {0};
    oc_result r = oc_fn_ask(call, &question, false, &answer, diag);
    uint8_t cryptogram[8];
    if (oc_is_ok(r) && alg == OC_ALG_SM4) {
        oc_ssc_fold8(answer.at, cryptogram);
    } else if (oc_is_ok(r)) {
        memcpy(cryptogram, answer.at, sizeof cryptogram);
    }
    oc_buf_free(&answer);
    OC_TRY(r);
    return oc_buf_append(out, oc_span_of(cryptogram, sizeof cryptogram));
}

oc_result oc_fn_internal_auth(oc_call *call, oc_buf *out, oc_diag *diag)
{
    return authenticate(call, out, diag);
}

oc_result oc_fn_external_auth(oc_call *call, oc_buf *out, oc_diag *diag)
{
    enum { TEXT = 3 };
    OC_TRY(authenticate(call, out, diag));
    return oc_buf_append(out, oc_fn_span(call, TEXT));
}

/* A 4-byte MAC over the arguments at `order` (0 ends it; TYPE_LOAD stands for that byte). */
static oc_result mac_over(oc_call *call, enum oc_key_use use, oc_span session, const uint8_t *order, oc_buf *out,
                          oc_diag *diag)
{
    uint8_t data[64];
    oc_wr wr = oc_wr_of(data, sizeof data);
    for (; *order != 0; order++) {
        if (*order == TYPE_LOAD) {
            oc_wr_u8(&wr, TYPE_LOAD);
        } else {
            oc_wr_bytes(&wr, oc_fn_span(call, *order));
        }
    }
    enum oc_alg alg;
    OC_TRY(checked_alg(call, &alg, diag));
    oc_key_question question = {
        .use = use, .key = call->arguments[KEY].key, .session = session, .data = oc_wr_span(&wr)};
    return oc_fn_ask(call, &question, true, out, diag);
}

/* Load: random || sequence || 80 00 (ssc-card 7). */
static oc_span load_session(oc_call *call, size_t rnd, size_t seq, uint8_t room[8])
{
    oc_wr wr = oc_wr_of(room, 8);
    oc_wr_bytes(&wr, oc_fn_span(call, rnd));
    oc_wr_bytes(&wr, oc_fn_span(call, seq));
    oc_wr_u16(&wr, 0x8000);
    return oc_wr_span(&wr);
}

/* Purchase: random || sequence || low two bytes of the terminal's serial (ssc-card 7). */
static oc_span purchase_session(oc_call *call, size_t rnd, size_t seq, size_t serial, uint8_t room[8])
{
    oc_wr wr = oc_wr_of(room, 8);
    oc_wr_bytes(&wr, oc_fn_span(call, rnd));
    oc_wr_bytes(&wr, oc_fn_span(call, seq));
    oc_wr_bytes(&wr, oc_span_slice(oc_fn_span(call, serial), 2, 2));
    return oc_wr_span(&wr);
}

oc_result oc_fn_load_mac1(oc_call *call, oc_buf *out, oc_diag *diag)
{
    enum { BALANCE = 2, AMOUNT, TERMINAL, RND, SEQ };
    static const uint8_t order[] = {BALANCE, AMOUNT, TYPE_LOAD, TERMINAL, 0};
    uint8_t room[8];
    return mac_over(call, OC_KEY_MAC, load_session(call, RND, SEQ, room), order, out, diag);
}

oc_result oc_fn_load_mac2(oc_call *call, oc_buf *out, oc_diag *diag)
{
    enum { AMOUNT = 2, TERMINAL, TIME, RND, SEQ };
    static const uint8_t order[] = {AMOUNT, TYPE_LOAD, TERMINAL, TIME, 0};
    uint8_t room[8];
    return mac_over(call, OC_KEY_MAC, load_session(call, RND, SEQ, room), order, out, diag);
}

oc_result oc_fn_load_tac(oc_call *call, oc_buf *out, oc_diag *diag)
{
    enum { BALANCE = 2, SEQ, AMOUNT, TERMINAL, TIME };
    static const uint8_t order[] = {BALANCE, SEQ, AMOUNT, TYPE_LOAD, TERMINAL, TIME, 0};
    return mac_over(call, OC_KEY_TAC, oc_span_empty(), order, out, diag);
}

oc_result oc_fn_purchase_mac1(oc_call *call, oc_buf *out, oc_diag *diag)
{
    enum { OWN = 2, CASH, POOLED, TYPE, TERMINAL, SERIAL, TIME, RND, SEQ };
    static const uint8_t order[] = {OWN, CASH, POOLED, TYPE, TERMINAL, TIME, 0};
    uint8_t room[8];
    return mac_over(call, OC_KEY_MAC, purchase_session(call, RND, SEQ, SERIAL, room), order, out, diag);
}

oc_result oc_fn_purchase_mac2(oc_call *call, oc_buf *out, oc_diag *diag)
{
    enum { OWN = 2, CASH, POOLED, SERIAL, RND, SEQ };
    static const uint8_t order[] = {OWN, CASH, POOLED, 0};
    uint8_t room[8];
    return mac_over(call, OC_KEY_MAC, purchase_session(call, RND, SEQ, SERIAL, room), order, out, diag);
}

oc_result oc_fn_purchase_tac(oc_call *call, oc_buf *out, oc_diag *diag)
{
    enum { OWN = 2, CASH, POOLED, TYPE, TERMINAL, SERIAL, TIME };
    static const uint8_t order[] = {OWN, CASH, POOLED, TYPE, TERMINAL, SERIAL, TIME, 0};
    return mac_over(call, OC_KEY_TAC, oc_span_empty(), order, out, diag);
}
