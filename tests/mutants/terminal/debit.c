/* SPDX-License-Identifier: Apache-2.0 */
/* Debits. */
#include "sim/terminal/info.h"
#include "tests/mutants/terminal/seam.h"

#define AMOUNT 4
#define DATA_MAX 64

MUTANT_WRAPS(bool, oc_info_yuan, oc_span text, uint32_t *fen);
MUTANT_WRAPS(bool, oc_info_time, oc_span text, uint8_t out[7]);

/* How an amount that is none is understood all the same. */
bool __wrap_oc_info_yuan(oc_span text, uint32_t *fen)
{
    if (mutant_is("terminal.debit.minus-dropped") && text.len > 0 && text.at[0] == '-') {
        return __real_oc_info_yuan(oc_span_slice(text, 1, SIZE_MAX), fen);
    }
    if (mutant_is("terminal.debit.empty-is-zero") && text.len == 0) {
        *fen = 0;
        return true;
    }
    if (mutant_is("terminal.debit.third-decimal-dropped") && text.len > 4 && text.at[text.len - 4] == '.') {
        return __real_oc_info_yuan(oc_span_slice(text, 0, text.len - 1), fen);
    }
    if (mutant_is("terminal.debit.exponent-ignored") && text.len > 0) {
        const uint8_t *mark = memchr(text.at, 'e', text.len);
        mark = mark == NULL ? memchr(text.at, 'E', text.len) : mark;
        return __real_oc_info_yuan(mark == NULL ? text : oc_span_of(text.at, (size_t)(mark - text.at)), fen);
    }
    return __real_oc_info_yuan(text, fen);
}

/* Digits are enough. */
bool __wrap_oc_info_time(oc_span text, uint8_t out[7])
{
    if (!mutant_is("terminal.debit.any-time") || text.len != 14 || !oc_info_all_digits(text)) {
        return __real_oc_info_time(text, out);
    }
    for (size_t i = 0; i < 7; i++) {
        out[i] = (uint8_t)((text.at[2 * i] & 0x0F) << 4 | (text.at[2 * i + 1] & 0x0F));
    }
    return true;
}

/* Where the three amounts, own, cash and pooled, stand in the data of the command: behind the key index on the card,
 * behind random and counter on the PSAM. 0: nowhere. */
static size_t amounts_at(const struct terminal_exchange *x)
{
    if (x->is_psam ? x->apdu->ins != INS_PSAM_INIT_PURCHASE : x->apdu->ins != INS_INITIALIZE) {
        return 0;
    }
    size_t at = x->is_psam ? 6 : 1;
    return x->apdu->data.len >= at + 3 * AMOUNT && x->apdu->data.len <= DATA_MAX ? at : 0;
}

static oc_result exchange_altered(const struct terminal_exchange *x, void (*alter)(uint8_t *amounts))
{
    size_t at = amounts_at(x);
    if (at == 0) {
        return terminal_right_exchange(x);
    }
    uint8_t data[DATA_MAX];
    memcpy(data, x->apdu->data.at, x->apdu->data.len);
    alter(data + at);
    return terminal_exchange_with(x, oc_span_of(data, x->apdu->data.len));
}

static void each_amount(uint8_t *amounts, uint32_t (*alter)(uint32_t fen))
{
    for (unsigned i = 0; i < 3; i++, amounts += AMOUNT) {
        oc_rd rd = oc_rd_of(oc_span_of(amounts, AMOUNT));
        oc_wr wr = oc_wr_of(amounts, AMOUNT);
        oc_wr_u32(&wr, alter(oc_rd_u32(&rd)));
    }
}

static void swap_amounts(uint8_t *amounts)
{
    uint8_t own[AMOUNT];
    memcpy(own, amounts, AMOUNT);
    memcpy(amounts, amounts + 2 * AMOUNT, AMOUNT);
    memcpy(amounts + 2 * AMOUNT, own, AMOUNT);
}

static uint32_t whole_yuan(uint32_t fen)
{
    return fen / 100 * 100;
}

static uint32_t yuan_for_fen(uint32_t fen)
{
    return fen / 100;
}

static void drop_fen(uint8_t *amounts)
{
    each_amount(amounts, whole_yuan);
}

static void divide(uint8_t *amounts)
{
    each_amount(amounts, yuan_for_fen);
}

static oc_result amounts_swapped(const struct terminal_exchange *x)
{
    return exchange_altered(x, swap_amounts);
}

static oc_result fen_dropped(const struct terminal_exchange *x)
{
    return exchange_altered(x, drop_fen);
}

static oc_result fen_are_yuan(const struct terminal_exchange *x)
{
    return exchange_altered(x, divide);
}

/* Whatever the PSAM says of the card's MAC2. */
static oc_result mac2_ignored(const struct terminal_exchange *x)
{
    OC_TRY(terminal_right_exchange(x));
    return x->is_psam && x->apdu->ins == INS_PSAM_CHECK_MAC2 ? terminal_make_answer(x, oc_span_empty(), OC_SW_OK)
                                                             : oc_ok();
}

/* The answer was lost: once more, to be sure. */
static oc_result lost_retried(const struct terminal_exchange *x)
{
    oc_result r = terminal_right_exchange(x);
    bool is_lost = !oc_is_ok(r) && !x->is_psam && x->apdu->ins == INS_DEBIT;
    return is_lost ? terminal_right_exchange(x) : r;
}

static oc_result sent_twice(const struct terminal_exchange *x)
{
    OC_TRY(terminal_right_exchange(x));
    if (x->is_psam || x->apdu->ins != INS_DEBIT) {
        return oc_ok();
    }
    oc_buf data = {0};
    oc_sw sw;
    struct terminal_exchange further = *x;
    further.data = &data;
    further.sw = &sw;
    oc_result r = terminal_right_exchange(&further);
    oc_buf_free(&data);
    return r;
}

/* A debit that failed is simply made again. */
static oc_result call_repeated(const struct terminal_order *order)
{
    OC_TRY(terminal_right_call(order));
    oc_span code = oc_fields_span(order->answer, "code");
    return strcmp(order->function, "iDoDebit") == 0 && code.len > 4 && code.at[0] == '-' ? terminal_right_call(order)
                                                                                         : oc_ok();
}

/* The card has it; the PSAM is asked afterwards, and the debit of a card that was not paid is success. */
static oc_result failure_is_success(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->code = call->code == -(int)OC_SW_MAC_INVALID ? OC_CODE_OK : call->code;
    return oc_ok();
}

/* What was given in pPayInfo makes room for the terminal's own clock. */
static oc_result own_time(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    oc_clock_bcd7(call->parts->clock, call->session->transaction.time);
    call->session->transaction.time[6] ^= 0x01;
    return oc_ok();
}

/* 0.01 yuan is added for the service. */
static oc_result one_fen_more(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->session->transaction.own += call->session->transaction.own > 0;
    return oc_ok();
}

static oc_result pooled_from_card(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->session->transaction.own += call->session->transaction.pooled;
    call->session->transaction.pooled = 0;
    return oc_ok();
}

/* pPayInfo may stop after the amounts. */
static oc_result time_optional(const struct terminal_order *order)
{
    oc_span rest = oc_fields_span(order->args, "pay-info");
    oc_span whole = rest;
    oc_span item;
    unsigned items = 0;
    while (oc_info_take(&rest, '|', &item)) {
        items++;
    }
    if (!terminal_is_in("iDoDebit") || items != 2 || rest.len != 0) {
        return terminal_right_call(order);
    }
    oc_buf text = {0};
    oc_result r = oc_buf_set(&text, whole);
    r = oc_is_ok(r) ? oc_buf_append_byte(&text, '|') : r;
    r = oc_is_ok(r) ? terminal_call_with(order, "pay-info", oc_buf_span(&text)) : r;
    oc_buf_free(&text);
    return r;
}

static oc_result terminal_unnamed(struct oc_call *call, oc_step *right)
{
    memset(call->session->terminal_number, 0, sizeof call->session->terminal_number);
    return right(call);
}

static oc_result tac_made_up(const char *function, oc_fields *answer)
{
    return strcmp(function, "iDoDebit") == 0 ? terminal_set_item(answer, 9, oc_span_text("00000000")) : oc_ok();
}

static oc_result mac2_is_tac(const char *function, oc_fields *answer)
{
    static const uint8_t zeros[4];
    return strcmp(function, "iDoDebit") == 0 && oc_fields_get(answer, "tac") != NULL
               ? oc_fields_set(answer, "tac", oc_span_of(zeros, sizeof zeros))
               : oc_ok();
}

/* The PIN is looked at after the money is gone. */
static oc_result pin_last(struct oc_call *call, oc_step *right)
{
    OC_TRY(oc_step_debit_init(call));
    return oc_call_ended(call) ? oc_ok() : right(call);
}

#define ONLY_DEBIT .only = "iDoDebit"

static const struct mutant rows[] = {
    {.id = "terminal.debit.minus-dropped"},
    {.id = "terminal.debit.empty-is-zero"},
    {.id = "terminal.debit.third-decimal-dropped"},
    {.id = "terminal.debit.exponent-ignored"},
    {.id = "terminal.debit.any-time"},
    {.id = "terminal.debit.amounts-swapped", TERMINAL(.exchange = amounts_swapped, ONLY_DEBIT)},
    {.id = "terminal.debit.fen-dropped", TERMINAL(.exchange = fen_dropped, ONLY_DEBIT)},
    {.id = "terminal.debit.fen-are-yuan", TERMINAL(.exchange = fen_are_yuan, ONLY_DEBIT)},
    {.id = "terminal.debit.mac2-ignored", TERMINAL(.exchange = mac2_ignored)},
    {.id = "terminal.debit.mac2-not-checked", TERMINAL(.steps = {WITHOUT(oc_step_debit_confirm)})},
    {.id = "terminal.debit.lost-retried", TERMINAL(.exchange = lost_retried)},
    {.id = "terminal.debit.sent-twice", TERMINAL(.exchange = sent_twice)},
    {.id = "terminal.debit.call-repeated", TERMINAL(.call = call_repeated)},
    {.id = "terminal.debit.failure-is-success", TERMINAL(.steps = {{oc_step_debit, failure_is_success}})},
    {.id = "terminal.debit.own-time", TERMINAL(.steps = {{oc_step_pay_info, own_time}})},
    {.id = "terminal.debit.one-fen-more", TERMINAL(.steps = {{oc_step_pay_info, one_fen_more}})},
    {.id = "terminal.debit.pooled-from-card", TERMINAL(.steps = {{oc_step_pay_info, pooled_from_card}})},
    {.id = "terminal.debit.time-optional", TERMINAL(.call = time_optional)},
    {.id = "terminal.debit.terminal-unnamed", TERMINAL(.steps = {{oc_step_debit_init, terminal_unnamed}})},
    {.id = "terminal.debit.tac-printed-wrong", TERMINAL(.answer = tac_made_up)},
    {.id = "terminal.debit.tac-made-up", TERMINAL(.answer = mac2_is_tac)},
    {.id = "terminal.debit.no-pin", TERMINAL(.steps = {WITHOUT(oc_step_verify_pin)}, ONLY_DEBIT)},
    {.id = "terminal.debit.begun-before-pin", TERMINAL(.steps = {{oc_step_verify_pin, pin_last}}, ONLY_DEBIT)},
};
MUTANT_TABLE(rows);
