/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/ssc_purse.h"
#include "sim/crypto/ssc.h"

/* Medical purchase (ssc-card sheet 7, 11 rows 4 to 6). A is paid from the personal account, B by the person,
 * C from the pooled fund. */

#define SERIAL 4

static void write_amounts(const oc_ssc_state *state, oc_wr *wr)
{
    for (size_t i = 0; i < OC_SSC_AMOUNTS; i++) {
        oc_wr_u32(wr, state->amounts[i]);
    }
}

/* Nobody but the holder may pay: the PIN of the issuing must have been changed (setting initial-pin-pays). */
static bool pin_is_initial(const oc_card_context *context)
{
    oc_stored_key pin;
    oc_key_query query = {OC_KEY_KIND_PIN, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    bool initial = oc_key_find(context->nvm, context->environment, &query, &pin) &&
                   (pin.options & OC_KEY_OPTION_INITIAL_PIN) != 0;
    oc_wipe(&pin, sizeof pin);
    return initial;
}

static oc_result init_with(oc_card_context *context, const oc_stored_key *key, const oc_stored_key *tac,
                           oc_ssc_purse *purse, oc_ef *log)
{
    (void)tac;
    (void)log;
    oc_ssc_state *state = context->state;
    if (purse->purchases == UINT16_MAX) {
        return oc_card_answer(context, OC_SW_COUNTER);
    }
    if ((key->options & OC_KEY_OPTION_OWN_PIN_ONLY) != 0 && pin_is_initial(context)) {
        return oc_card_answer(context, OC_SW_CONDITIONS);
    }
    if (state->amounts[0] > purse->account) {
        return oc_card_answer(context, OC_SW_BALANCE);
    }
    OC_TRY(oc_card_random(context->card, state->random, sizeof state->random));
    oc_ssc_purse_write(purse, &context->out);
    oc_wr_u16(&context->out, purse->purchases);
    oc_wr_u8(&context->out, key->version);
    oc_wr_u8(&context->out, key->alg);
    oc_wr_bytes(&context->out, oc_span_of(state->random, sizeof state->random));
    state->pending = OC_SSC_PURCHASE;
    return oc_ok();
}

oc_result oc_ssc_init_purchase(oc_card_context *context)
{
    oc_ssc_state *state = context->state;
    *state = (oc_ssc_state){.pending = OC_SSC_NOTHING};
    oc_rd rd = oc_rd_of(context->body);
    state->index = oc_rd_u8(&rd);
    for (size_t i = 0; i < OC_SSC_AMOUNTS; i++) {
        state->amounts[i] = oc_rd_u32(&rd);
    }
    oc_rd_copy(&rd, state->terminal, sizeof state->terminal);
    return oc_ssc_transact(context, OC_SSC_NOTHING, OC_KEY_KIND_PURCHASE, init_with);
}

/* MAC1 over A || B || C || type || terminal || date-time, and MAC2 over A || B || C, both under the session key of
 * random || number || low half of the terminal's serial. Options of the key: the number a second time instead of the
 * serial; A taken as 0 in MAC1 alone. */
static oc_result transaction_macs(oc_card_context *context, const oc_stored_key *key, uint16_t number,
                                  uint8_t mac1[OC_SSC_MAC], uint8_t mac2[OC_SSC_MAC])
{
    const oc_ssc_state *state = context->state;
    const uint8_t again[2] = {(uint8_t)(number >> 8), (uint8_t)number};
    bool card_sequence = (key->options & OC_KEY_OPTION_CARD_SEQUENCE) != 0;
    oc_key session;
    OC_TRY(oc_ssc_transaction_session(context, key, state->random, number,
                                      card_sequence ? again : context->body.at + SERIAL - 2, &session));
    uint8_t data[32];
    oc_wr wr = oc_wr_of(data, sizeof data);
    write_amounts(state, &wr);
    oc_result r = oc_ssc_mac4(context->crypto, &session, oc_span_empty(), oc_wr_span(&wr), mac2);
    if ((key->options & OC_KEY_OPTION_MAC1_ZERO) != 0) {
        memset(data, 0, sizeof state->amounts[0]);
    }
    oc_wr_u8(&wr, OC_SSC_TYPE_PURCHASE);
    oc_wr_bytes(&wr, oc_span_of(state->terminal, sizeof state->terminal));
    oc_wr_bytes(&wr, oc_span_slice(context->body, SERIAL, OC_SSC_DATE_TIME));
    if (oc_is_ok(r)) {
        r = oc_ssc_mac4(context->crypto, &session, oc_span_empty(), oc_wr_span(&wr), mac1);
    }
    oc_key_wipe(&session);
    return r;
}

/* TAC over A || B || C || type || terminal || terminal serial || date-time. */
static oc_result transaction_tac(oc_card_context *context, const oc_stored_key *tac_key, uint8_t tac[OC_SSC_MAC])
{
    const oc_ssc_state *state = context->state;
    uint8_t data[32];
    oc_wr wr = oc_wr_of(data, sizeof data);
    write_amounts(state, &wr);
    oc_wr_u8(&wr, OC_SSC_TYPE_PURCHASE);
    oc_wr_bytes(&wr, oc_span_of(state->terminal, sizeof state->terminal));
    oc_wr_bytes(&wr, oc_span_slice(context->body, 0, SERIAL + OC_SSC_DATE_TIME));
    return oc_ssc_tac(context, tac_key, oc_wr_span(&wr), tac);
}

/* The sums of a year start again when the terminal's date is in another year, an earlier one too: the card has no clock
 * to know better (ssc-card sheet 11 row 6). False when one would overflow. */
static bool apply(oc_ssc_purse *purse, const oc_ssc_state *state, uint16_t year)
{
    if (purse->year != year) {
        purse->year = year;
        purse->pooled = 0;
        purse->personal = 0;
    }
    if (state->amounts[1] > UINT32_MAX - purse->personal || state->amounts[2] > UINT32_MAX - purse->pooled) {
        return false;
    }
    purse->account -= state->amounts[0];
    purse->personal += state->amounts[1];
    purse->pooled += state->amounts[2];
    purse->purchases++;
    return true;
}

static oc_result debit_with(oc_card_context *context, const oc_stored_key *key, const oc_stored_key *tac_key,
                            oc_ssc_purse *purse, oc_ef *log)
{
    const oc_ssc_state *state = context->state;
    oc_span date_time = oc_span_slice(context->body, SERIAL, OC_SSC_DATE_TIME);
    if (!oc_span_is_digits(date_time)) {
        return oc_card_answer(context, OC_SW_WRONG_DATA);
    }
    uint16_t number = purse->purchases;
    uint8_t mac1[OC_SSC_MAC];
    uint8_t mac2[OC_SSC_MAC];
    uint8_t tac[OC_SSC_MAC];
    OC_TRY(transaction_macs(context, key, number, mac1, mac2));
    if (!oc_span_equal_secret(oc_span_slice(context->body, SERIAL + OC_SSC_DATE_TIME, OC_SSC_MAC),
                              oc_span_of(mac1, sizeof mac1))) {
        return oc_card_answer(context, OC_SW_MAC_INVALID);
    }
    if (!apply(purse, state, (uint16_t)(date_time.at[0] << 8 | date_time.at[1]))) {
        return oc_card_answer(context, OC_SW_CONDITIONS);
    }
    OC_TRY(transaction_tac(context, tac_key, tac));
    purse->last = (oc_ssc_last){.type = OC_SSC_TYPE_PURCHASE, .number = number};
    memcpy(purse->last.mac, mac2, sizeof mac2);
    memcpy(purse->last.tac, tac, sizeof tac);
    OC_TRY(oc_ssc_log(context, log, number, OC_SSC_TYPE_PURCHASE, state, date_time));
    OC_TRY(oc_ssc_purse_store(context, purse));
    oc_wr_bytes(&context->out, oc_span_of(tac, sizeof tac));
    oc_wr_bytes(&context->out, oc_span_of(mac2, sizeof mac2));
    return oc_ok();
}

oc_result oc_ssc_debit(oc_card_context *context)
{
    return oc_ssc_transact(context, OC_SSC_PURCHASE, OC_KEY_KIND_PURCHASE, debit_with);
}
