/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/fault.h"

#include <inttypes.h>
#include <stdio.h>

#include "conformance/run/wait.h"

#define STATUS_WORD_LEN 2

static bool is_waiting(const oc_fault *fault)
{
    return fault->order.kind != OC_FAULT_NONE && !fault->order.met;
}

oc_result oc_fault_arm(oc_fault *fault, const oc_fault_order *order, oc_span data)
{
    if (order->kind == OC_FAULT_PIECES) {
        fault->pieces = order->value;
        fault->pieces_unmet = true;
        return oc_ok();
    }
    if (order->kind == OC_FAULT_TAKE_OUT || order->kind == OC_FAULT_PUT_IN || order->kind == OC_FAULT_SWAP) {
        fault->absent = order->kind == OC_FAULT_TAKE_OUT;
        fault->unpowered = true;
        return oc_ok();
    }
    fault->missed = fault->missed || is_waiting(fault);
    fault->order = *order;
    return oc_buf_set(&fault->data, data);
}

void oc_fault_clear(oc_fault *fault)
{
    fault->order = (oc_fault_order){0};
    fault->pieces = 0;
    fault->pieces_unmet = false;
    fault->missed = false;
    fault->absent = false;
    fault->unpowered = false;
    fault->silent = false;
    fault->text[0] = '\0';
    oc_buf_clear(&fault->data);
    oc_buf_clear(&fault->held);
}

const char *oc_fault_unmet(const oc_fault *fault)
{
    return is_waiting(fault) || fault->missed ? "the fault did not strike: it met no exchange"
           : fault->pieces_unmet ? "the fault did not strike: it met no answer to break in pieces in the exchanges"
                                 : NULL;
}

void oc_fault_free(oc_fault *fault)
{
    oc_buf_free(&fault->data);
    oc_buf_free(&fault->held);
}

static oc_result no_answer(oc_fault *fault, enum oc_code code, oc_diag *diag, const char *text)
{
    fault->silent = true;
    snprintf(fault->text, sizeof fault->text, "%s", text);
    return oc_diag_fail(diag, code, "no answer, through a fault: %s", text);
}

static bool fits(const oc_fault_order *order, const oc_span *command)
{
    if (command == NULL) {
        return order->at_len == 0 && order->kind != OC_FAULT_SW && order->kind != OC_FAULT_DATA &&
               order->kind != OC_FAULT_CUT;
    }
    for (size_t i = 0; i < order->at_len; i++) {
        if (i >= command->len || (command->at[i] & order->at_mask[i]) != order->at[i]) {
            return false;
        }
    }
    return true;
}

/* The order for this exchange; NONE while others go by first. */
static oc_fault_order take_order(oc_fault *fault, const oc_span *command)
{
    oc_fault_order order = fault->order;
    fault->silent = false;
    fault->text[0] = '\0';
    if (order.kind == OC_FAULT_NONE || !fits(&order, command)) {
        return (oc_fault_order){0};
    }
    if (order.skip > 0) {
        fault->order.skip--;
        return (oc_fault_order){0};
    }
    if (order.times > 1) {
        fault->order.times--;
        fault->order.met = true;
    } else {
        fault->order = (oc_fault_order){0};
    }
    return order;
}

/* An answer that came, and what a fault makes of it. */
struct spoiling {
    oc_fault *fault;
    const oc_fault_order *order;
    int timeout_ms;
    oc_buf *answer;
    oc_diag *diag;
};

static oc_result mute(const struct spoiling *spoiling)
{
    spoiling->fault->unpowered = true;
    return no_answer(spoiling->fault, OC_E_TIMEOUT, spoiling->diag, "mute");
}

static oc_result delay(const struct spoiling *spoiling)
{
    oc_fault *fault = spoiling->fault;
    uint32_t ms = spoiling->order->value;
    char text[sizeof fault->text];
    snprintf(text, sizeof text, "delay-ms %u", (unsigned)ms);
    if (ms >= (uint32_t)spoiling->timeout_ms) {
        oc_wait_ms((uint32_t)spoiling->timeout_ms);
        return no_answer(fault, OC_E_TIMEOUT, spoiling->diag, text);
    }
    oc_wait_ms(ms);
    memcpy(fault->text, text, sizeof text);
    return oc_ok();
}

static oc_result put_sw(const struct spoiling *spoiling)
{
    unsigned value = (unsigned)spoiling->order->value;
    const uint8_t sw[] = {(uint8_t)(value >> 8), (uint8_t)value};
    snprintf(spoiling->fault->text, sizeof spoiling->fault->text, "sw %04X", value);
    return oc_buf_set(spoiling->answer, oc_span_of(sw, sizeof sw));
}

static oc_result garble(const struct spoiling *spoiling)
{
    oc_buf *answer = spoiling->answer;
    size_t at = spoiling->order->value < answer->len ? spoiling->order->value : answer->len - 1;
    snprintf(spoiling->fault->text, sizeof spoiling->fault->text, "garble %zu", at);
    answer->at[at] ^= 0xFF;
    return oc_ok();
}

/* Other data before the card's own status word. */
static oc_result put_data(const struct spoiling *spoiling)
{
    oc_buf *answer = spoiling->answer;
    oc_fault *fault = spoiling->fault;
    uint8_t sw[STATUS_WORD_LEN];
    snprintf(fault->text, sizeof fault->text, "data, %zu bytes", fault->data.len);
    memcpy(sw, answer->at + answer->len - sizeof sw, sizeof sw);
    OC_TRY(oc_buf_set(answer, oc_buf_span(&fault->data)));
    return oc_buf_append(answer, oc_span_of(sw, sizeof sw));
}

static oc_result cut_data(const struct spoiling *spoiling)
{
    oc_buf *answer = spoiling->answer;
    size_t bytes = spoiling->order->value;
    size_t len = answer->len - STATUS_WORD_LEN;
    snprintf(spoiling->fault->text, sizeof spoiling->fault->text, "cut to %zu of %zu bytes", bytes, len);
    if (bytes < len) {
        memmove(answer->at + bytes, answer->at + len, STATUS_WORD_LEN);
        answer->len = bytes + STATUS_WORD_LEN;
    }
    return oc_ok();
}

static oc_result put_answer(const struct spoiling *spoiling)
{
    oc_fault *fault = spoiling->fault;
    snprintf(fault->text, sizeof fault->text, "answer, %zu bytes", fault->data.len);
    return oc_buf_set(spoiling->answer, oc_buf_span(&fault->data));
}

static oc_result spoil(oc_fault *fault, const oc_fault_order *order, int timeout_ms, oc_buf *answer, oc_diag *diag)
{
    static oc_result (*const by_kind[])(const struct spoiling *spoiling) = {
        [OC_FAULT_MUTE] = mute,         [OC_FAULT_DELAY] = delay,   [OC_FAULT_SW] = put_sw,
        [OC_FAULT_GARBLE] = garble,     [OC_FAULT_DATA] = put_data, [OC_FAULT_CUT] = cut_data,
        [OC_FAULT_ANSWER] = put_answer,
    };
    return by_kind[order->kind](&(struct spoiling){fault, order, timeout_ms, answer, diag});
}

/* The tear is for this exchange alone: a command that writes less completes. */
static oc_result tear(oc_fault *fault, const oc_fault_card *card, const oc_fault_order *order, const oc_span *command,
                      enum oc_reset kind, oc_buf *answer, oc_diag *diag)
{
    const oc_tearing *tearing = &fault->tearing;
    char text[sizeof fault->text];
    if (tearing->arm == NULL) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "this card cannot be torn");
    }
    uint64_t before = tearing->arm(tearing->self, order->value);
    oc_result r = card->exchange(card->self, command, kind, answer, diag);
    bool torn = false;
    uint64_t written = tearing->disarm(tearing->self, &torn) - before;
    snprintf(text, sizeof text, "tear-after-bytes %u: %" PRIu64 " bytes written", (unsigned)order->value, written);
    if (torn) {
        fault->unpowered = true;
        return no_answer(fault, OC_E_GONE, diag, text);
    }
    snprintf(fault->text, sizeof fault->text, "%s", text);
    return r;
}

static bool is_wrong_length(const oc_buf *answer)
{
    return answer->len == STATUS_WORD_LEN && answer->at[0] == 0x6C;
}

/* Where the order names its command, it is the whole answer that is spoilt, and 6Cxx is none yet. */
static oc_result strike_answer(oc_fault *fault, const oc_fault_card *card, const oc_fault_order *order,
                               const oc_span *command, enum oc_reset kind, int timeout_ms, oc_buf *answer,
                               oc_diag *diag)
{
    OC_TRY(card->exchange(card->self, command, kind, answer, diag));
    bool waited = false;
    if (order->at_len > 0 && is_wrong_length(answer)) {
        fault->order = *order;
        return oc_ok();
    }
    if (order->at_len > 0) {
        OC_TRY(oc_fault_gather(card, answer, &waited, diag));
    }
    OC_TRY(spoil(fault, order, timeout_ms, answer, diag));
    return order->kind == OC_FAULT_ANSWER ? oc_ok() : oc_fault_give(fault, answer, waited);
}

/* Data that wait behind 61xx are given in pieces. */
static oc_result break_up(oc_fault *fault, const oc_fault_card *card, oc_buf *answer, oc_diag *diag)
{
    bool waited = false;
    OC_TRY(oc_fault_gather(card, answer, &waited, diag));
    if (waited && answer->len - STATUS_WORD_LEN > fault->pieces) {
        fault->pieces_unmet = false;
        snprintf(fault->text, sizeof fault->text, "pieces %u", (unsigned)fault->pieces);
    }
    return oc_fault_give(fault, answer, waited);
}

static oc_result strike(oc_fault *fault, const oc_fault_card *card, const oc_fault_order *order,
                        const oc_span *command, enum oc_reset kind, int timeout_ms, oc_buf *answer, oc_diag *diag)
{
    if (order->kind == OC_FAULT_NONE) {
        OC_TRY(card->exchange(card->self, command, kind, answer, diag));
        return fault->pieces > 0 && command != NULL ? break_up(fault, card, answer, diag) : oc_ok();
    }
    if (order->kind == OC_FAULT_REMOVE) {
        fault->unpowered = true;
        return no_answer(fault, OC_E_GONE, diag, "remove");
    }
    return (order->kind == OC_FAULT_TEAR ? tear(fault, card, order, command, kind, answer, diag)
                                         : strike_answer(fault, card, order, command, kind, timeout_ms, answer, diag));
}

oc_result oc_fault_exchange(oc_fault *fault, const oc_fault_card *card, const oc_span *command, enum oc_reset kind,
                            int timeout_ms, oc_buf *answer, oc_diag *diag)
{
    if (fault->absent) {
        return no_answer(fault, OC_E_GONE, diag, "no card");
    }
    if (command != NULL && fault->unpowered) {
        return no_answer(fault, OC_E_GONE, diag, "no power");
    }
    if (command != NULL) {
        bool served = false;
        OC_TRY(oc_fault_held(fault, *command, answer, &served));
        if (served) {
            return oc_ok();
        }
    }
    const oc_fault_order order = take_order(fault, command);
    /* A card that lost its power knows only the cold reset. */
    enum oc_reset own = fault->unpowered ? OC_RESET_COLD : kind;
    fault->unpowered = false;
    if (command == NULL) {
        oc_buf_clear(&fault->held);
    }
    return strike(fault, card, &order, command, own, timeout_ms, answer, diag);
}
