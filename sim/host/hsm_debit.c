/* SPDX-License-Identifier: Apache-2.0 */
/* Debit with the HSM in the PSAM's place (ssc-terminal sheet 4.8; ssc-card sheet 7). */
#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/host/cryptogram.h"
#include "sim/host/hsm_read.h"
#include "sim/keys/terminal_keys.h"

#define AMOUNT 4
#define AMOUNTS (3 * AMOUNT)
#define MAC 4
#define TAC_KEY "DF04/DTK"

enum item { ALGORITHM, ADDRESS, RANDOM, COUNTER, SUMS, TYPE, TERMINAL, TIME };

static const struct oc_hsm_layout layout = {
    "step1",
    8,
    8,
    {{"the algorithm", OC_HSM_ALGORITHM, 0, 0, false},
     {"the key address", OC_HSM_HEX, OC_KEY_ADDRESS_LEN, OC_KEY_ADDRESS_LEN, false},
     {"the pseudo-random number", OC_HSM_HEX, 8, 8, false},
     {"the card's counter", OC_HSM_HEX, 4, 4, false},
     {"the amounts", OC_HSM_HEX, 2 * 2 * AMOUNT, 2 * AMOUNTS, false},
     {"the transaction type", OC_HSM_HEX, 2, 2, false},
     {"the terminal number", OC_HSM_HEX, 12, 12, false},
     {"date and time", OC_HSM_DIGITS, 14, 14, false}},
};

/* A debit as the step tells it. */
struct debit {
    struct oc_hsm_string step1;
    struct oc_hsm_card card;
    oc_key_question purchase;
    uint8_t session[8]; /* random || counter || low half of the terminal's serial, which is the counter again */
    uint8_t serial[4];
    uint8_t amounts[AMOUNTS];
    uint8_t tail[14]; /* type, terminal, date and time */
};

static void take_numbers(struct debit *debit)
{
    const oc_span *items = debit->step1.items;
    size_t sums = items[SUMS].len / 2;
    oc_hsm_bytes(items[RANDOM], debit->session, 4);
    oc_hsm_bytes(items[COUNTER], debit->session + 4, 2);
    oc_hsm_bytes(items[COUNTER], debit->session + 6, 2);
    oc_hsm_bytes(items[COUNTER], debit->serial + 2, 2);
    /* Two amounts: the personal one, which comes first, is 0. */
    oc_hsm_bytes(items[SUMS], debit->amounts + AMOUNTS - sums, sums);
    oc_hsm_bytes(items[TYPE], debit->tail, 1);
    oc_hsm_bytes(items[TERMINAL], debit->tail + 1, 6);
    oc_hsm_bytes(items[TIME], debit->tail + 7, 7);
}

static oc_result read_debit(struct oc_hsm_call *call, struct debit *debit)
{
    *debit = (struct debit){0};
    OC_TRY(oc_hsm_read(call, &layout, &debit->step1));
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    size_t sums = debit->step1.items[SUMS].len / 2;
    if (sums % AMOUNT != 0) {
        return oc_hsm_refuse(call, "step1: the amounts have %zu characters, neither 16 nor 24", 2 * sums);
    }
    uint8_t version;
    if (oc_key_address_find(debit->step1.items[ADDRESS], &version) != &oc_terminal_key_dpk) {
        return oc_hsm_refuse(call, "step1: the key address is not that of %s", oc_terminal_key_dpk.name);
    }
    oc_span business = oc_fields_span(call->message->in, "business");
    if (business.len > 0 && !oc_span_equal(business, oc_span_text("07"))) {
        return oc_hsm_refuse(call, "field 'business' does not fit key %s", oc_terminal_key_dpk.name);
    }
    take_numbers(debit);
    OC_TRY(oc_hsm_card_of_fields(call, &debit->card));
    return oc_hsm_refused(call)
               ? oc_ok()
               : oc_hsm_ask(call, &debit->card, oc_terminal_key_dpk.name, version, debit->step1.alg, &debit->purchase);
}

oc_result oc_hsm_debit(struct oc_hsm_call *call)
{
    struct debit debit;
    OC_TRY(read_debit(call, &debit));
    if (oc_hsm_refused(call)) {
        return oc_ok();
    }
    uint8_t data[AMOUNTS + sizeof debit.tail];
    memcpy(data, debit.amounts, AMOUNTS);
    if (call->service->mac1_zero) {
        memset(data, 0, AMOUNT);
    }
    memcpy(data + AMOUNTS, debit.tail, sizeof debit.tail);
    uint8_t mac1[MAC];
    OC_TRY(oc_cryptogram_mac4(&call->service->keys, debit.purchase, OC_KEY_MAC,
                              oc_span_of(debit.session, sizeof debit.session), oc_span_of(data, sizeof data), mac1,
                              NULL, call->diag));
    char pkey[64] = "";
    oc_hsm_append_hex(pkey, sizeof pkey, oc_span_of(debit.serial, sizeof debit.serial));
    strcat(pkey, "|");
    oc_hsm_append_hex(pkey, sizeof pkey, oc_span_of(debit.tail + 7, 7));
    strcat(pkey, "|");
    oc_hsm_append_hex(pkey, sizeof pkey, oc_span_of(mac1, sizeof mac1));
    strcat(pkey, "|");
    OC_TRY(oc_fields_set_text(call->answer, "result", "accepted"));
    return oc_fields_set_text(call->answer, "pkey", pkey);
}

/* Compares what the card answered; says in the answer which of the two is wrong. */
static oc_result judge(struct oc_hsm_call *call, const char *field, const uint8_t right[MAC])
{
    uint8_t given[MAC];
    oc_hsm_bytes(oc_fields_span(call->message->in, field), given, sizeof given);
    if (oc_span_equal_secret(oc_span_of(given, sizeof given), oc_span_of(right, MAC))) {
        return oc_ok();
    }
    OC_TRY(oc_fields_set_text(call->answer, "result", "refused"));
    return oc_fields_set_text(call->answer, "reason", field);
}

static oc_result check_form(struct oc_hsm_call *call, const char *field)
{
    struct oc_hsm_string text;
    const struct oc_hsm_layout one = {field, 1, 1, {{"the value", OC_HSM_HEX, 2 * MAC, 2 * MAC, false}}};
    return oc_hsm_read(call, &one, &text);
}

/* MAC2 over the amounts under the session key; TAC over amounts, type, terminal, serial, date and time. */
static oc_result check_both(struct oc_hsm_call *call, const struct debit *debit)
{
    uint8_t right[MAC];
    oc_key_question tac_key;
    OC_TRY(oc_cryptogram_mac4(&call->service->keys, debit->purchase, OC_KEY_MAC,
                              oc_span_of(debit->session, sizeof debit->session), oc_span_of(debit->amounts, AMOUNTS),
                              right, NULL, call->diag));
    OC_TRY(judge(call, "mac2", right));
    OC_TRY(oc_hsm_ask(call, &debit->card, TAC_KEY, 1, debit->step1.alg, &tac_key));
    if (call->answer->count > 0 || oc_hsm_refused(call)) {
        return oc_ok();
    }
    uint8_t data[AMOUNTS + sizeof debit->tail + sizeof debit->serial];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_bytes(&wr, oc_span_of(debit->amounts, AMOUNTS));
    oc_wr_bytes(&wr, oc_span_of(debit->tail, 7));
    oc_wr_bytes(&wr, oc_span_of(debit->serial, sizeof debit->serial));
    oc_wr_bytes(&wr, oc_span_of(debit->tail + 7, 7));
    OC_TRY(oc_cryptogram_mac4(&call->service->keys, tac_key, OC_KEY_TAC, oc_span_empty(), oc_wr_span(&wr), right, NULL,
                              call->diag));
    OC_TRY(judge(call, "tac", right));
    return call->answer->count > 0 ? oc_ok() : oc_fields_set_text(call->answer, "result", "accepted");
}

oc_result oc_hsm_debit_check(struct oc_hsm_call *call)
{
    struct debit debit;
    OC_TRY(read_debit(call, &debit));
    if (!oc_hsm_refused(call)) {
        OC_TRY(check_form(call, "mac2"));
    }
    if (!oc_hsm_refused(call)) {
        OC_TRY(check_form(call, "tac"));
    }
    return oc_hsm_refused(call) ? oc_ok() : check_both(call, &debit);
}
