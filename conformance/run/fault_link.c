/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/fault_link.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct faulty {
    oc_link *inner;
    oc_fault *fault;
};

void oc_fault_arm(oc_fault *fault, const oc_fault_order *order)
{
    fault->order = *order;
}

void oc_fault_clear(oc_fault *fault)
{
    fault->order = (oc_fault_order){0};
    fault->unpowered = false;
    fault->silent = false;
    fault->text[0] = '\0';
}

/* Stands in the place of an answer where a reader waits for one; it does not reach the terminal. */
static const uint8_t nothing[] = {0x3B, 0x00};

static oc_result outlive(oc_torn_card *card, oc_result r, oc_wr *out)
{
    if (r.code != OC_E_GONE || !card->armed) {
        return r;
    }
    card->torn = true;
    *out = oc_wr_of(out->at, out->room);
    oc_wr_bytes(out, oc_span_of(nothing, sizeof nothing));
    return oc_ok();
}

static oc_result torn_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    oc_torn_card *card = self;
    return outlive(card, card->card.reset(card->card.self, kind, atr), atr);
}

static oc_result torn_exchange(void *self, oc_span command, oc_wr *response)
{
    oc_torn_card *card = self;
    return outlive(card, card->card.exchange(card->card.self, command, response), response);
}

oc_endpoint oc_torn_endpoint(oc_torn_card *card)
{
    return (oc_endpoint){card, torn_reset, torn_exchange};
}

static oc_result no_answer(oc_fault *fault, enum oc_code code, oc_diag *diag, const char *text)
{
    fault->silent = true;
    snprintf(fault->text, sizeof fault->text, "%s", text);
    return oc_diag_fail(diag, code, "no answer, through a fault: %s", text);
}

/* The order for this exchange; NONE while others go by first. */
static oc_fault_order take_order(oc_fault *fault, bool is_reset)
{
    oc_fault_order order = fault->order;
    fault->silent = false;
    fault->text[0] = '\0';
    if (order.kind == OC_FAULT_NONE || (is_reset && order.kind == OC_FAULT_SW)) {
        return (oc_fault_order){0};
    }
    if (order.skip > 0) {
        fault->order.skip--;
        return (oc_fault_order){0};
    }
    fault->order = (oc_fault_order){0};
    return order;
}

static void wait_ms(uint32_t ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
}

/* What the fault makes of an answer that came. */
static oc_result spoil(oc_fault *fault, const oc_fault_order *order, int timeout_ms, oc_buf *answer, oc_diag *diag)
{
    size_t at = order->value;
    switch (order->kind) {
    case OC_FAULT_MUTE:
        fault->unpowered = true;
        return no_answer(fault, OC_E_TIMEOUT, diag, "mute");
    case OC_FAULT_DELAY:
        snprintf(fault->text, sizeof fault->text, "delay-ms %u", (unsigned)order->value);
        if (order->value >= (uint32_t)timeout_ms) {
            wait_ms((uint32_t)timeout_ms);
            char text[sizeof fault->text];
            memcpy(text, fault->text, sizeof text);
            return no_answer(fault, OC_E_TIMEOUT, diag, text);
        }
        wait_ms(order->value);
        return oc_ok();
    case OC_FAULT_SW: {
        snprintf(fault->text, sizeof fault->text, "sw %04X", (unsigned)order->value);
        const uint8_t sw[] = {(uint8_t)(order->value >> 8), (uint8_t)order->value};
        return oc_buf_set(answer, oc_span_of(sw, sizeof sw));
    }
    case OC_FAULT_GARBLE:
        at = at < answer->len ? at : answer->len - 1;
        snprintf(fault->text, sizeof fault->text, "garble %zu", at);
        answer->at[at] ^= 0xFF;
        return oc_ok();
    case OC_FAULT_NONE:
    case OC_FAULT_TEAR:
    case OC_FAULT_REMOVE:
        break;
    }
    return oc_ok();
}

/* One exchange: `command` NULL for a reset. */
static oc_result inner_exchange(struct faulty *faulty, const oc_span *command, enum oc_reset kind, oc_buf *answer,
                                oc_diag *diag)
{
    return command == NULL ? oc_link_reset(faulty->inner, kind, answer, diag)
                           : oc_link_transmit(faulty->inner, *command, answer, diag);
}

/* The tear is for this exchange alone: a command that writes less completes. */
static oc_result tear(struct faulty *faulty, const oc_fault_order *order, const oc_span *command, enum oc_reset kind,
                      oc_buf *answer, oc_diag *diag)
{
    oc_fault *fault = faulty->fault;
    const oc_tearing *tearing = &fault->tearing;
    char text[sizeof fault->text];
    if (tearing->arm == NULL) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "this card cannot be torn");
    }
    uint64_t before = tearing->arm(tearing->self, order->value);
    oc_result r = inner_exchange(faulty, command, kind, answer, diag);
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

static oc_result strike(struct faulty *faulty, const oc_fault_order *order, const oc_span *command, enum oc_reset kind,
                        int timeout_ms, oc_buf *answer, oc_diag *diag)
{
    oc_fault *fault = faulty->fault;
    oc_link_set_timeout(faulty->inner, timeout_ms);
    if (order->kind == OC_FAULT_REMOVE) {
        fault->unpowered = true;
        return no_answer(fault, OC_E_GONE, diag, "remove");
    }
    if (order->kind == OC_FAULT_TEAR) {
        return tear(faulty, order, command, kind, answer, diag);
    }
    OC_TRY(inner_exchange(faulty, command, kind, answer, diag));
    return spoil(fault, order, timeout_ms, answer, diag);
}

/* A card that lost its power knows only the cold reset. */
static oc_result faulty_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    struct faulty *faulty = self;
    const oc_fault_order order = take_order(faulty->fault, true);
    enum oc_reset own = faulty->fault->unpowered ? OC_RESET_COLD : kind;
    faulty->fault->unpowered = false;
    return strike(faulty, &order, NULL, own, timeout_ms, atr, diag);
}

static oc_result faulty_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    struct faulty *faulty = self;
    if (faulty->fault->unpowered) {
        return no_answer(faulty->fault, OC_E_GONE, diag, "no power");
    }
    const oc_fault_order order = take_order(faulty->fault, false);
    return strike(faulty, &order, &command, OC_RESET_COLD, timeout_ms, response, diag);
}

static enum oc_protocol faulty_protocol(void *self)
{
    const struct faulty *faulty = self;
    return oc_link_protocol(faulty->inner);
}

static void faulty_free(void *self)
{
    struct faulty *faulty = self;
    oc_link_free(&faulty->inner);
    free(faulty);
}

oc_result oc_fault_link(oc_link **out, oc_link *inner, oc_fault *fault)
{
    static const oc_link_ops ops = {faulty_reset, faulty_transmit, faulty_free, faulty_protocol, NULL};
    *out = NULL;
    struct faulty *faulty = malloc(sizeof *faulty);
    if (faulty == NULL) {
        oc_link_free(&inner);
        return oc_fail(OC_E_MEMORY);
    }
    *faulty = (struct faulty){inner, fault};
    return oc_link_new(out, &ops, oc_link_traits_of(inner), faulty);
}
