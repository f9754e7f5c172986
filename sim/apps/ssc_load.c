/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/ssc_purse.h"
#include "sim/crypto/ssc.h"

/* Load of the personal account (ssc-card sheet 7, 11 rows 1 to 3). */

static const uint8_t session_tail[2] = {0x80, 0x00};

/* amount || type || terminal: the middle of both MACs and the TAC. */
static void write_order(const oc_ssc_state *state, oc_wr *wr)
{
    oc_wr_u32(wr, state->amounts[0]);
    oc_wr_u8(wr, OC_SSC_TYPE_LOAD);
    oc_wr_bytes(wr, oc_span_of(state->terminal, sizeof state->terminal));
}

static oc_result answer_init(oc_card_context *context, const oc_ssc_purse *purse, const oc_stored_key *key)
{
    oc_ssc_state *state = context->state;
    OC_TRY(oc_card_random(context->card, state->random, sizeof state->random));
    oc_key session;
    OC_TRY(oc_ssc_transaction_session(context, key, state->random, purse->loads, session_tail, &session));
    uint8_t data[16];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_u32(&wr, purse->account);
    write_order(state, &wr);
    uint8_t mac1[OC_SSC_MAC];
    oc_result r = oc_ssc_mac4(context->crypto, &session, oc_span_empty(), oc_wr_span(&wr), mac1);
    oc_key_wipe(&session);
    OC_TRY(r);
    oc_wr_u32(&context->out, purse->account);
    oc_wr_u16(&context->out, purse->loads);
    oc_wr_u8(&context->out, key->version);
    oc_wr_u8(&context->out, key->alg);
    oc_wr_bytes(&context->out, oc_span_of(state->random, sizeof state->random));
    oc_wr_bytes(&context->out, oc_span_of(mac1, sizeof mac1));
    state->pending = OC_SSC_LOAD;
    return oc_ok();
}

static oc_result init_with(oc_card_context *context, const oc_stored_key *key, const oc_stored_key *tac,
                           oc_ssc_purse *purse, oc_ef *log)
{
    (void)tac;
    (void)log;
    const oc_ssc_state *state = context->state;
    if (purse->loads == UINT16_MAX) {
        return oc_card_answer(context, OC_SW_COUNTER);
    }
    if (state->amounts[0] > UINT32_MAX - purse->account) {
        return oc_card_answer(context, OC_SW_CONDITIONS);
    }
    return answer_init(context, purse, key);
}

oc_result oc_ssc_init_load(oc_card_context *context)
{
    oc_ssc_state *state = context->state;
    *state = (oc_ssc_state){.pending = OC_SSC_NOTHING};
    oc_rd rd = oc_rd_of(context->body);
    state->index = oc_rd_u8(&rd);
    state->amounts[0] = oc_rd_u32(&rd);
    oc_rd_copy(&rd, state->terminal, sizeof state->terminal);
    return oc_ssc_transact(context, OC_SSC_NOTHING, OC_KEY_KIND_LOAD, init_with);
}

/* MAC2 over amount || type || terminal || date || time under the session key. */
static oc_result check_mac2(oc_card_context *context, const oc_stored_key *key, const oc_ssc_purse *purse, bool *right)
{
    const oc_ssc_state *state = context->state;
    oc_key session;
    OC_TRY(oc_ssc_transaction_session(context, key, state->random, purse->loads, session_tail, &session));
    uint8_t data[24];
    oc_wr wr = oc_wr_of(data, sizeof data);
    write_order(state, &wr);
    oc_wr_bytes(&wr, oc_span_slice(context->body, 0, OC_SSC_DATE_TIME));
    uint8_t mac2[OC_SSC_MAC];
    oc_result r = oc_ssc_mac4(context->crypto, &session, oc_span_empty(), oc_wr_span(&wr), mac2);
    oc_key_wipe(&session);
    *right = oc_span_equal_secret(oc_span_slice(context->body, OC_SSC_DATE_TIME, OC_SSC_MAC),
                                  oc_span_of(mac2, sizeof mac2));
    return r;
}

/* Everything is computed before anything is written. */
static oc_result credit(oc_card_context *context, oc_ssc_purse *purse, const oc_stored_key *tac_key, oc_ef *log)
{
    const oc_ssc_state *state = context->state;
    oc_span date_time = oc_span_slice(context->body, 0, OC_SSC_DATE_TIME);
    uint16_t number = purse->loads;
    purse->account += state->amounts[0];
    purse->loads++;
    uint8_t data[32];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_u32(&wr, purse->account);
    oc_wr_u16(&wr, number);
    write_order(state, &wr);
    oc_wr_bytes(&wr, date_time);
    uint8_t tac[OC_SSC_MAC];
    OC_TRY(oc_ssc_tac(context, tac_key, oc_wr_span(&wr), tac));
    purse->last = (oc_ssc_last){.type = OC_SSC_TYPE_LOAD, .number = number};
    memcpy(purse->last.tac, tac, sizeof tac);
    OC_TRY(oc_ssc_log(context, log, number, OC_SSC_TYPE_LOAD, state, date_time));
    OC_TRY(oc_ssc_purse_store(context, purse));
    oc_wr_bytes(&context->out, oc_span_of(tac, sizeof tac));
    return oc_ok();
}

static oc_result credit_with(oc_card_context *context, const oc_stored_key *key, const oc_stored_key *tac,
                             oc_ssc_purse *purse, oc_ef *log)
{
    if (!oc_span_is_digits(oc_span_slice(context->body, 0, OC_SSC_DATE_TIME))) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    bool right;
    OC_TRY(check_mac2(context, key, purse, &right));
    return right ? credit(context, purse, tac, log) : oc_card_answer(context, OC_SW_MAC_INVALID);
}

oc_result oc_ssc_credit(oc_card_context *context)
{
    return oc_ssc_transact(context, OC_SSC_LOAD, OC_KEY_KIND_LOAD, credit_with);
}
