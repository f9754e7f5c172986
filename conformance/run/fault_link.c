/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/fault_link.h"

#include <stdlib.h>

#include "conformance/run/wait.h"
#include "sim/base/clock.h"

struct faulty {
    oc_link *inner;
    oc_fault *fault;
};

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
    uint64_t end_ns = card->delay_us == 0 ? 0 : oc_clock_now_ns() + (uint64_t)card->delay_us * 1000u;
    oc_result r = outlive(card, card->card.exchange(card->card.self, command, response), response);
    if (end_ns != 0) {
        oc_wait_until(end_ns);
    }
    return r;
}

oc_endpoint oc_torn_endpoint(oc_torn_card *card)
{
    return (oc_endpoint){card, torn_reset, torn_exchange};
}

static oc_result inner_exchange(void *self, const oc_span *command, enum oc_reset kind, oc_buf *answer, oc_diag *diag)
{
    oc_link *inner = self;
    return command == NULL ? oc_link_reset(inner, kind, answer, diag)
                           : oc_link_transmit(inner, *command, answer, diag);
}

static oc_result exchange(struct faulty *faulty, const oc_span *command, enum oc_reset kind, int timeout_ms,
                          oc_buf *answer, oc_diag *diag)
{
    const oc_fault_card card = {faulty->inner, inner_exchange};
    oc_link_set_timeout(faulty->inner, timeout_ms);
    return oc_fault_exchange(faulty->fault, &card, command, kind, timeout_ms, answer, diag);
}

static oc_result faulty_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    return exchange(self, NULL, kind, timeout_ms, atr, diag);
}

static oc_result faulty_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    return exchange(self, &command, OC_RESET_COLD, timeout_ms, response, diag);
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
