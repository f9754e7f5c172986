/* SPDX-License-Identifier: Apache-2.0 */
/* Medical purchase with the PSAM (ssc-card sheet 7 and 8). */
#include <stdio.h>

#include "sim/terminal/info.h"

#define TYPE_PURCHASE 0x32
#define LOG_LENGTH 28

/* "own|pooled|YYYYMMDDhhmmss|": yuan; without a date the terminal's clock. */
oc_result oc_step_pay_info(struct oc_call *call)
{
    struct oc_transaction *t = &call->session->transaction;
    oc_span rest = oc_call_arg(call, "pay-info");
    oc_span own;
    oc_span pooled;
    oc_span time;
    if (!oc_info_take(&rest, '|', &own) || !oc_info_take(&rest, '|', &pooled) || !oc_info_take(&rest, '|', &time) ||
        rest.len != 0) {
        return oc_call_end(call, OC_CODE_PARAMETER);
    }
    if (time.len == 0) {
        oc_clock_bcd7(call->parts->clock, t->time);
    } else if (!oc_info_time(time, t->time)) {
        return oc_call_end(call, OC_CODE_INPUT);
    }
    bool right = oc_info_yuan(own, &t->own) && oc_info_yuan(pooled, &t->pooled);
    return right ? oc_ok() : oc_call_end(call, OC_CODE_INPUT);
}

static void write_amounts(oc_wr *wr, const struct oc_transaction *t)
{
    oc_wr_u32(wr, t->own);
    oc_wr_u32(wr, t->cash);
    oc_wr_u32(wr, t->pooled);
}

oc_result oc_step_debit_init(struct oc_call *call)
{
    struct oc_transaction *t = &call->session->transaction;
    uint8_t data[19];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_u8(&wr, t->index);
    write_amounts(&wr, t);
    oc_wr_bytes(&wr, oc_span_of(call->session->terminal_number, sizeof call->session->terminal_number));
    const oc_apdu init = {
        .cla = 0xB0, .ins = 0x28, .p1 = 0x01, .p2 = 0x01, .data = oc_wr_span(&wr), .has_le = true, .le = 22};
    OC_TRY(oc_call_card_for(call, &init, 22));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    oc_rd rd = oc_rd_of(oc_call_data(call));
    (void)oc_rd_bytes(&rd, 14); /* account state before the purchase */
    oc_rd_copy(&rd, t->seq, sizeof t->seq);
    t->version = oc_rd_u8(&rd);
    t->alg = oc_rd_u8(&rd);
    oc_rd_copy(&rd, t->random, sizeof t->random);
    return oc_ok();
}

/* INIT SAM FOR PURCHASE with the card's factor, and the city's where the PSAM is to derive two levels. */
static oc_result ask_mac1(struct oc_call *call, bool city)
{
    const struct oc_transaction *t = &call->session->transaction;
    uint8_t data[44];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_bytes(&wr, oc_span_of(t->random, sizeof t->random));
    oc_wr_bytes(&wr, oc_span_of(t->seq, sizeof t->seq));
    write_amounts(&wr, t);
    oc_wr_u8(&wr, TYPE_PURCHASE);
    oc_wr_bytes(&wr, oc_span_of(t->time, sizeof t->time));
    oc_wr_u8(&wr, t->version);
    oc_wr_u8(&wr, t->alg);
    oc_wr_bytes(&wr, oc_span_of(call->session->card.factor, sizeof call->session->card.factor));
    oc_wr_bytes(&wr, oc_span_of(call->session->card.city, city ? sizeof call->session->card.city : 0));
    const oc_apdu init = {.cla = 0x80, .ins = 0x70, .p1 = 0x01, .data = oc_wr_span(&wr), .has_le = true, .le = 8};
    return oc_call_psam(call, &init);
}

/* A PSAM of province level takes card and city factor; one of a city, which has no such key, the card's alone
 * (ssc-card sheet 8 has both forms; trying them in this order is a project choice). 9403 to both: no debit. */
oc_result oc_step_debit_mac1(struct oc_call *call)
{
    struct oc_transaction *t = &call->session->transaction;
    OC_TRY(ask_mac1(call, true));
    if (call->sw.value == OC_SW_KEY_INDEX) {
        OC_TRY(ask_mac1(call, false));
    }
    if (call->sw.value == OC_SW_NOT_SUPPORTED) {
        return oc_call_end(call, OC_CODE_PSAM_ALGORITHM);
    }
    if (!oc_sw_ok(call->sw)) {
        return oc_call_end_sw(call);
    }
    if (oc_call_data(call).len != sizeof t->serial + sizeof t->mac1) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    memcpy(t->serial, call->response->at, 4);
    memcpy(t->mac1, call->response->at + 4, 4);
    return oc_ok();
}

/* The items of pOutInfo. No source shows them (ssc-terminal sheet 4.8): a project choice, those of the card's log record
 * in its order, then what the back-end needs to check the debit. */
static oc_result print_debit(const struct oc_call *call, oc_buf *out)
{
    const struct oc_transaction *t = &call->session->transaction;
    const uint32_t amounts[] = {t->own, t->cash, t->pooled};
    const oc_span numbers[] = {oc_span_of(t->serial, sizeof t->serial), oc_span_of(t->tac, sizeof t->tac)};
    char text[24];
    snprintf(text, sizeof text, "%u|%c|", (unsigned)t->seq[0] << 8 | t->seq[1], TYPE_PURCHASE);
    OC_TRY(oc_buf_append(out, oc_span_text(text)));
    OC_TRY(oc_info_append_hex(out, oc_span_of(call->session->terminal_number, sizeof call->session->terminal_number)));
    OC_TRY(oc_buf_append_byte(out, '|'));
    OC_TRY(oc_info_append_hex(out, oc_span_of(t->time, sizeof t->time)));
    OC_TRY(oc_buf_append_byte(out, '|'));
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        oc_info_print_yuan(text, sizeof text, amounts[i]);
        OC_TRY(oc_buf_append(out, oc_span_text(text)));
        OC_TRY(oc_buf_append_byte(out, '|'));
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        OC_TRY(oc_info_append_hex(out, numbers[i]));
        OC_TRY(oc_buf_append_byte(out, '|'));
    }
    return oc_ok();
}

static oc_result answer_out(struct oc_call *call)
{
    oc_buf out = {0};
    oc_result r = print_debit(call, &out);
    r = oc_is_ok(r) ? oc_fields_set(call->answer, "out", oc_buf_span(&out)) : r;
    oc_buf_free(&out);
    return r;
}

/* What the back-end needs. It is set as soon as the card has debited, whatever comes after. */
static oc_result answer_debit(struct oc_call *call)
{
    const struct oc_transaction *t = &call->session->transaction;
    uint8_t amounts[12];
    oc_wr wr = oc_wr_of(amounts, sizeof amounts);
    write_amounts(&wr, t);
    const struct {
        const char *name;
        oc_span value;
    } fields[] = {
        {"tac", oc_span_of(t->tac, sizeof t->tac)},
        {"seq", oc_span_of(t->seq, sizeof t->seq)},
        {"serial", oc_span_of(t->serial, sizeof t->serial)},
        {"terminal", oc_span_of(call->session->terminal_number, sizeof call->session->terminal_number)},
        {"time", oc_span_of(t->time, sizeof t->time)},
        {"own", oc_span_of(amounts, 4)},
        {"cash", oc_span_of(amounts + 4, 4)},
        {"pooled", oc_span_of(amounts + 8, 4)},
        {"version", oc_span_of(&t->version, 1)},
        {"alg", oc_span_of(&t->alg, 1)},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        OC_TRY(oc_fields_set(call->answer, fields[i].name, fields[i].value));
    }
    return answer_out(call);
}

oc_result oc_step_debit(struct oc_call *call)
{
    struct oc_transaction *t = &call->session->transaction;
    uint8_t data[15];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_bytes(&wr, oc_span_of(t->serial, sizeof t->serial));
    oc_wr_bytes(&wr, oc_span_of(t->time, sizeof t->time));
    oc_wr_bytes(&wr, oc_span_of(t->mac1, sizeof t->mac1));
    const oc_apdu debit = {.cla = 0xB0, .ins = 0x2C, .p1 = 0x01, .data = oc_wr_span(&wr), .has_le = true, .le = 8};
    OC_TRY(oc_call_card_for(call, &debit, 8));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    memcpy(t->tac, call->response->at, 4);
    memcpy(t->mac2, call->response->at + 4, 4);
    return answer_debit(call);
}

oc_result oc_step_debit_confirm(struct oc_call *call)
{
    const struct oc_transaction *t = &call->session->transaction;
    const oc_apdu credit = {.cla = 0x80, .ins = 0x72, .data = oc_span_of(t->mac2, sizeof t->mac2)};
    return oc_call_psam_for(call, &credit, 0);
}

/* The card's newest log record. The debit stands without it too. */
oc_result oc_step_debit_log(struct oc_call *call)
{
    const oc_apdu read = {.ins = 0xB2, .p1 = 0x01, .p2 = 0x08 << 3 | 0x04, .has_le = true, .le = LOG_LENGTH};
    OC_TRY(oc_call_card(call, &read));
    call->code = OC_CODE_OK; /* also when the card is gone by now */
    return oc_fields_set(call->answer, "log", oc_sw_ok(call->sw) ? oc_call_data(call) : oc_span_empty());
}
