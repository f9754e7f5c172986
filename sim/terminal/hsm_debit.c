/* SPDX-License-Identifier: Apache-2.0 */
/* Debit with MAC1 from the HSM (ssc-terminal sheet 4.8). */
#include "sim/terminal/hsm_side.h"
#include "sim/terminal/info.h"

#define TYPE_PURCHASE 0x32

/* A PSAM would name the city's purchase key; without one it is the first (project choice). */
oc_result oc_step_hsm_purchase_key(struct oc_call *call)
{
    call->session->transaction.index = oc_terminal_key_dpk.id;
    return oc_ok();
}

static oc_result ask_debit(struct oc_call *call, oc_buf *out)
{
    const struct oc_transaction *t = &call->session->transaction;
    static const uint8_t type = TYPE_PURCHASE;
    uint8_t amounts[12];
    oc_wr wr = oc_wr_of(amounts, sizeof amounts);
    oc_wr_u32(&wr, t->own);
    oc_wr_u32(&wr, t->cash);
    oc_wr_u32(&wr, t->pooled);
    OC_TRY(oc_terminal_hsm_put_key(call, out, &oc_terminal_key_dpk, t->version));
    OC_TRY(oc_terminal_hsm_put_hex(out, oc_span_of(t->random, sizeof t->random)));
    OC_TRY(oc_terminal_hsm_put_hex(out, oc_span_of(t->seq, sizeof t->seq)));
    OC_TRY(oc_terminal_hsm_put_hex(out, oc_wr_span(&wr)));
    OC_TRY(oc_terminal_hsm_put_hex(out, oc_span_of(&type, 1)));
    OC_TRY(oc_terminal_hsm_put_hex(out,
                                   oc_span_of(call->session->terminal_number, sizeof call->session->terminal_number)));
    return oc_terminal_hsm_put_hex(out, oc_span_of(t->time, sizeof t->time));
}

oc_result oc_step_hsm_ask_debit(struct oc_call *call)
{
    oc_buf out = {0};
    return oc_terminal_hsm_answer(call, &out, ask_debit(call, &out));
}

/* pKey: terminal serial|date and time|MAC1|. */
oc_result oc_step_hsm_take_debit(struct oc_call *call)
{
    struct oc_transaction *t = &call->session->transaction;
    oc_span rest = oc_call_arg(call, "key-data");
    oc_span items[3];
    uint8_t time[sizeof t->time];
    for (size_t i = 0; i < 3; i++) {
        if (!oc_info_take(&rest, '|', &items[i])) {
            return oc_call_end(call, OC_CODE_PARAMETER);
        }
    }
    if (rest.len != 0) {
        return oc_call_end(call, OC_CODE_PARAMETER);
    }
    OC_TRY(oc_terminal_hsm_take(call, items[0], t->serial, sizeof t->serial));
    if (!oc_call_ended(call)) {
        OC_TRY(oc_terminal_hsm_take(call, items[1], time, sizeof time));
    }
    if (!oc_call_ended(call)) {
        OC_TRY(oc_terminal_hsm_take(call, items[2], t->mac1, sizeof t->mac1));
    }
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    /* the date and time of Step1 and no other: they are in MAC1, in the TAC and in the log */
    return memcmp(time, t->time, sizeof time) == 0 ? oc_ok() : oc_call_end(call, OC_CODE_INPUT);
}

/* For the HSM, which has no PSAM's counters to keep but can check the card by it. */
oc_result oc_step_hsm_answer_mac2(struct oc_call *call)
{
    const struct oc_transaction *t = &call->session->transaction;
    return oc_fields_set(call->answer, "mac2", oc_span_of(t->mac2, sizeof t->mac2));
}
