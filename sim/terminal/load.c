/* SPDX-License-Identifier: Apache-2.0 */
/* Load of the personal account (ssc-card sheet 7, 11 rows 1 to 3). The bank's side, which knows the load key, is a key
 * provider: it checks the card's MAC1 and makes MAC2. */
#include <stdio.h>

#include "sim/terminal/info.h"

#define TYPE_LOAD '1'
#define KEY_INDEX 0x01

oc_result oc_step_load_args(struct oc_call *call)
{
    if (call->parts->load_keys.ops == NULL) {
        return oc_call_end(call, OC_CODE_NOT_SUPPORTED);
    }
    oc_span amount = oc_call_arg(call, "amount");
    if (amount.len != 4) {
        return oc_call_end(call, OC_CODE_INPUT);
    }
    oc_rd rd = oc_rd_of(amount);
    call->session->transaction.own = oc_rd_u32(&rd);
    oc_clock_bcd7(call->parts->clock, call->session->transaction.time);
    return oc_ok();
}

/* A load MAC under the session key for random || sequence || 8000. */
static oc_result ask_mac(struct oc_call *call, oc_span data, uint8_t mac[4])
{
    const struct oc_transaction *t = &call->session->transaction;
    uint8_t session[8];
    oc_wr wr = oc_wr_of(session, sizeof session);
    oc_wr_bytes(&wr, oc_span_of(t->random, sizeof t->random));
    oc_wr_bytes(&wr, oc_span_of(t->seq, sizeof t->seq));
    oc_wr_u16(&wr, 0x8000);
    oc_key_question question = {.use = OC_KEY_MAC, .session = oc_wr_span(&wr), .data = data};
    snprintf(question.key.dir, sizeof question.key.dir, "DF04");
    snprintf(question.key.name, sizeof question.key.name, "DLK");
    question.key.version = t->version;
    uint8_t block[16];
    oc_wr answer = oc_wr_of(block, sizeof block);
    OC_TRY(oc_key_provider_answer(&call->parts->load_keys, &question, &answer, call->diag));
    if (answer.len == sizeof block) {
        oc_ssc_fold4(block, mac);
    } else {
        memcpy(mac, block, 4);
    }
    return oc_ok();
}

static void write_order(oc_wr *wr, const struct oc_call *call)
{
    oc_wr_u32(wr, call->session->transaction.own);
    oc_wr_u8(wr, TYPE_LOAD);
    oc_wr_bytes(wr, oc_span_of(call->session->terminal_number, sizeof call->session->terminal_number));
}

static oc_result check_mac1(struct oc_call *call)
{
    struct oc_transaction *t = &call->session->transaction;
    uint8_t data[24];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_bytes(&wr, oc_span_of(t->balance, sizeof t->balance));
    write_order(&wr, call);
    uint8_t expected[4];
    OC_TRY(ask_mac(call, oc_wr_span(&wr), expected));
    bool right = oc_span_equal_secret(oc_span_of(expected, 4), oc_span_of(t->mac1, 4));
    return right ? oc_ok() : oc_call_end(call, -(int)OC_SW_MAC_INVALID);
}

oc_result oc_step_load_init(struct oc_call *call)
{
    struct oc_transaction *t = &call->session->transaction;
    uint8_t data[11];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_u8(&wr, KEY_INDEX);
    oc_wr_u32(&wr, t->own);
    oc_wr_bytes(&wr, oc_span_of(call->session->terminal_number, sizeof call->session->terminal_number));
    const oc_apdu init = {.cla = 0xB0, .ins = 0x28, .p2 = 0x01, .data = oc_wr_span(&wr), .has_le = true, .le = 16};
    OC_TRY(oc_call_card_for(call, &init, 16));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    oc_rd rd = oc_rd_of(oc_call_data(call));
    oc_rd_copy(&rd, t->balance, sizeof t->balance);
    oc_rd_copy(&rd, t->seq, sizeof t->seq);
    t->version = oc_rd_u8(&rd);
    t->alg = oc_rd_u8(&rd);
    oc_rd_copy(&rd, t->random, sizeof t->random);
    oc_rd_copy(&rd, t->mac1, sizeof t->mac1);
    return check_mac1(call);
}

static oc_result answer_load(struct oc_call *call)
{
    const struct oc_transaction *t = &call->session->transaction;
    oc_rd rd = oc_rd_of(oc_span_of(t->balance, sizeof t->balance));
    uint8_t balance[4];
    oc_wr wr = oc_wr_of(balance, sizeof balance);
    oc_wr_u32(&wr, oc_rd_u32(&rd) + t->own);
    OC_TRY(oc_fields_set(call->answer, "balance", oc_span_of(balance, sizeof balance)));
    OC_TRY(oc_fields_set(call->answer, "seq", oc_span_of(t->seq, sizeof t->seq)));
    OC_TRY(oc_fields_set(call->answer, "tac", oc_call_data(call)));
    OC_TRY(oc_fields_set(call->answer, "time", oc_span_of(t->time, sizeof t->time)));
    return oc_fields_set(call->answer, "terminal",
                         oc_span_of(call->session->terminal_number, sizeof call->session->terminal_number));
}

oc_result oc_step_load_credit(struct oc_call *call)
{
    struct oc_transaction *t = &call->session->transaction;
    uint8_t room[24];
    oc_wr wr = oc_wr_of(room, sizeof room);
    write_order(&wr, call);
    oc_wr_bytes(&wr, oc_span_of(t->time, sizeof t->time));
    OC_TRY(ask_mac(call, oc_wr_span(&wr), t->mac2));
    uint8_t data[11];
    wr = oc_wr_of(data, sizeof data);
    oc_wr_bytes(&wr, oc_span_of(t->time, sizeof t->time));
    oc_wr_bytes(&wr, oc_span_of(t->mac2, sizeof t->mac2));
    const oc_apdu credit = {.cla = 0xB0, .ins = 0x2A, .data = oc_wr_span(&wr), .has_le = true, .le = 4};
    OC_TRY(oc_call_card_for(call, &credit, 4));
    return oc_call_ended(call) ? oc_ok() : answer_load(call);
}
