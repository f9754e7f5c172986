/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/ssc.h"
#include "sim/psam/psam_internal.h"

/* BF DE INIT FOR DESCRYPT and 80 FA DES CRYPT (ssc-card sheet 8). */

/* P1 of 80 FA, bit by bit. */
enum { CRYPT_MAC = 0x01, CRYPT_MORE = 0x02, CRYPT_ICV = 0x04 };

/* Kinds of ssc-card sheet 6.1. The PSAM's own keys (0, 1) serve no terminal, and a purchase key serves 80 70 only, or
 * 80 FA could forge MAC1. What 3 to 5 may do has no source: secure messaging enciphers and MACs (project choice). */
static const uint8_t uses_of_kind[OC_PSAM_KIND_LAST + 1] = {
    [3] = OC_PSAM_ENCIPHER | OC_PSAM_MAC, /* PIN unblock */
    [4] = OC_PSAM_ENCIPHER | OC_PSAM_MAC, /* PIN reload */
    [5] = OC_PSAM_ENCIPHER | OC_PSAM_MAC, /* maintenance of the user card */
    [6] = OC_PSAM_MAC,
    [7] = OC_PSAM_ENCIPHER,
    [8] = OC_PSAM_ENCIPHER | OC_PSAM_MAC,
};

oc_sw oc_psam_ready(const oc_card_context *context)
{
    oc_stored_key pin;
    oc_key_query query = {OC_KEY_KIND_PIN, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    bool asks = !oc_card_pin_verified(context->card) && oc_key_find(context->nvm, context->environment, &query, &pin);
    return oc_sw_of(asks ? OC_SW_SECURITY_STATUS : OC_SW_OK);
}

bool oc_psam_find_key(const oc_card_context *context, const oc_key_query *query, oc_stored_key *key)
{
    return oc_key_find(context->nvm, context->dir, query, key) ||
           oc_key_find(context->nvm, context->environment, query, key);
}

oc_result oc_psam_session(const oc_card_context *context, const oc_stored_key *stored, oc_span factors, oc_span input,
                          oc_key *session)
{
    oc_span order[OC_PSAM_FACTORS_MAX];
    size_t count = factors.len / OC_PSAM_FACTOR;
    if (count > OC_PSAM_FACTORS_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = oc_span_slice(factors, (count - 1 - i) * OC_PSAM_FACTOR, OC_PSAM_FACTOR);
    }
    oc_key root;
    oc_key key;
    OC_TRY(oc_key_use(stored, &root));
    oc_result r = oc_ssc_diversify_all(context->crypto, &root, order, count, &key);
    if (oc_is_ok(r)) {
        r = oc_ssc_session(context->crypto, &key, input, session);
    }
    oc_key_wipe(&root);
    oc_key_wipe(&key);
    return r;
}

/* One usage and id may exist in both algorithms; the length of the body tells which is meant, as the random number
 * is one block. 9000, 6A88 or 6700. */
static oc_sw find_for_length(const oc_card_context *context, size_t factors_len, oc_stored_key *key)
{
    static const enum oc_alg algs[] = {OC_ALG_3DES, OC_ALG_SM4};
    unsigned sw = OC_SW_KEY_NOT_FOUND;
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        oc_key_query query = {OC_KEY_KIND_PSAM, context->p2, OC_KEY_ANY, context->p1, OC_KEY_ANY, (int)algs[i]};
        if (oc_psam_find_key(context, &query, key)) {
            if (context->body.len == factors_len + oc_alg_block(algs[i])) {
                return oc_sw_of(OC_SW_OK);
            }
            sw = OC_SW_WRONG_LENGTH;
        }
    }
    return oc_sw_of(sw);
}

static void forget_temporary(oc_psam_state *state)
{
    oc_key_wipe(&state->temporary);
    oc_wipe(state->chain, sizeof state->chain);
    state->temporary_ready = false;
    state->uses = 0;
    state->group = 0;
}

oc_result oc_psam_init_descrypt(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    forget_temporary(state);
    uint8_t uses = uses_of_kind[context->p1 & OC_PSAM_KIND_MASK];
    size_t factors_len = (size_t)(context->p1 >> 5) * OC_PSAM_FACTOR;
    oc_stored_key key;
    oc_sw sw = oc_psam_ready(context);
    sw = oc_sw_ok(sw) && uses == 0 ? oc_sw_of(OC_SW_CONDITIONS) : sw;
    sw = oc_sw_ok(sw) ? find_for_length(context, factors_len, &key) : sw;
    if (!oc_sw_ok(sw)) {
        return oc_card_answer(context, sw.value);
    }
    oc_result r = oc_psam_session(context, &key, oc_span_slice(context->body, 0, factors_len),
                                  oc_span_slice(context->body, factors_len, OC_PSAM_BLOCK_MAX), &state->temporary);
    oc_wipe(&key, sizeof key);
    state->uses = uses;
    state->temporary_ready = oc_is_ok(r);
    return r;
}

static oc_result encipher(oc_card_context *context, size_t block)
{
    oc_psam_state *state = context->state;
    if (context->body.len == 0 || context->body.len % block != 0) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    uint8_t out[OC_CARD_DATA_MAX];
    OC_TRY(oc_encipher(context->crypto, &state->temporary, context->body, out));
    oc_wr_bytes(&context->out, oc_span_of(out, context->body.len));
    return oc_ok();
}

/* CBC over blocks that the terminal has padded, across commands; the last block is the answer. */
static oc_result mac(oc_card_context *context, size_t block)
{
    oc_psam_state *state = context->state;
    oc_span data = context->body;
    bool has_icv = (context->p1 & CRYPT_ICV) != 0;
    if (data.len % block != 0 || data.len < (has_icv ? 2 * block : block)) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    if (has_icv) {
        memcpy(state->chain, data.at, block);
        data = oc_span_slice(data, block, data.len);
    } else if (state->group == 0) {
        memset(state->chain, 0, sizeof state->chain);
    }
    for (; data.len > 0; data = oc_span_slice(data, block, data.len)) {
        for (size_t i = 0; i < block; i++) {
            state->chain[i] ^= data.at[i];
        }
        OC_TRY(oc_encipher(context->crypto, &state->temporary, oc_span_of(state->chain, block), state->chain));
    }
    if ((context->p1 & CRYPT_MORE) == 0) {
        oc_wr_bytes(&context->out, oc_span_of(state->chain, block));
    }
    return oc_ok();
}

/* A group goes on as it began; an ICV can only stand at its beginning. */
static bool fits_group(const oc_psam_state *state, uint8_t p1)
{
    unsigned use = (p1 & CRYPT_MAC) != 0 ? OC_PSAM_MAC : OC_PSAM_ENCIPHER;
    return state->group == 0 || (state->group == use && (p1 & CRYPT_ICV) == 0);
}

oc_result oc_psam_descrypt(oc_card_context *context)
{
    oc_psam_state *state = context->state;
    bool macs = (context->p1 & CRYPT_MAC) != 0;
    uint8_t use = macs ? OC_PSAM_MAC : OC_PSAM_ENCIPHER;
    if (!state->temporary_ready) {
        return oc_card_answer(context, OC_SW_NOT_ACCEPTED);
    }
    if ((state->uses & use) == 0 || !fits_group(state, context->p1)) {
        return oc_card_answer(context, OC_SW_CONDITIONS);
    }
    size_t block = oc_alg_block((enum oc_alg)state->temporary.alg);
    OC_TRY(macs ? mac(context, block) : encipher(context, block));
    if (!oc_sw_ok(context->sw)) {
        return oc_ok();
    }
    if ((context->p1 & CRYPT_MORE) != 0) {
        state->group = use;
    } else {
        forget_temporary(state);
    }
    return oc_ok();
}
