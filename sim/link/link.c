/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/link.h"

#include <stdlib.h>

#include "sim/base/atr.h"
#include "sim/base/clock.h"

#define DEFAULT_TIMEOUT_MS 10000
/* Header of a command, ISO/IEC 7816-4 5.1: CLA INS P1 P2. */
#define HEADER_LEN 4
/* An answer to reset has at least TS and T0 (ISO/IEC 7816-3 8.2). */
#define ATR_MIN 2
#define STATUS_WORD_LEN 2

struct oc_link {
    const oc_link_ops *ops;
    void *self;
    oc_link_traits traits;
    enum oc_protocol protocol;
    bool prefers_t1;
    int timeout_ms;
    oc_link_observer *observer;
    void *observer_context;
};

oc_result oc_link_new(oc_link **out, const oc_link_ops *ops, oc_link_traits traits, void *self)
{
    *out = NULL;
    oc_link *link = calloc(1, sizeof *link);
    if (link == NULL) {
        ops->free(self);
        return oc_fail(OC_E_MEMORY);
    }
    link->ops = ops;
    link->self = self;
    link->traits = traits;
    link->timeout_ms = DEFAULT_TIMEOUT_MS;
    *out = link;
    return oc_ok();
}

void oc_link_free(oc_link **link)
{
    if (link == NULL || *link == NULL) {
        return;
    }
    (*link)->ops->free((*link)->self);
    free(*link);
    *link = NULL;
}

oc_link_traits oc_link_traits_of(const oc_link *link)
{
    return link->traits;
}

enum oc_protocol oc_link_protocol(const oc_link *link)
{
    return link->protocol;
}

void oc_link_prefer_t1(oc_link *link)
{
    link->prefers_t1 = true;
    if (link->ops->prefer != NULL) {
        link->ops->prefer(link->self, OC_PROTOCOL_T1);
    }
}

void oc_link_set_timeout(oc_link *link, int timeout_ms)
{
    link->timeout_ms = timeout_ms;
}

void oc_link_observe(oc_link *link, oc_link_observer *observer, void *context)
{
    link->observer = observer;
    link->observer_context = context;
}

/* The clock costs more than a short exchange in this process: it is read only for someone who looks. */
static uint64_t now_ns(const oc_link *link)
{
    return link->observer == NULL ? 0 : oc_clock_now_ns();
}

static void observe(const oc_link *link, oc_exchange *exchange, oc_result result, const oc_buf *response)
{
    if (link->observer == NULL) {
        return;
    }
    exchange->failed = !oc_is_ok(result);
    exchange->response = exchange->failed ? oc_span_empty() : oc_buf_span(response);
    link->observer(link->observer_context, exchange);
}

static oc_result agree(oc_link *link, oc_span atr, oc_diag *diag)
{
    bool t1 = oc_atr_protocol(atr) == 1;
    if (link->prefers_t1 && !t1 && !oc_atr_offers(atr, 1)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "the card's answer to reset does not offer T=1");
    }
    t1 = t1 || link->prefers_t1;
    link->protocol = link->ops->protocol != NULL ? link->ops->protocol(link->self)
                     : t1                        ? OC_PROTOCOL_T1
                                                 : OC_PROTOCOL_T0;
    return oc_ok();
}

oc_result oc_link_reset(oc_link *link, enum oc_reset kind, oc_buf *atr, oc_diag *diag)
{
    oc_buf_clear(atr);
    oc_exchange exchange = {.is_reset = true, .reset = kind};
    exchange.begin_ns = now_ns(link);
    oc_result result = link->ops->reset(link->self, kind, link->timeout_ms, atr, diag);
    exchange.end_ns = now_ns(link);
    if (oc_is_ok(result) && (atr->len < ATR_MIN || atr->len > OC_ATR_MAX)) {
        result = oc_diag_fail(diag, OC_E_GARBAGE, "the answer to reset has %zu bytes, not %d to %d", atr->len, ATR_MIN,
                              OC_ATR_MAX);
    }
    if (oc_is_ok(result)) {
        result = agree(link, oc_buf_span(atr), diag);
    }
    observe(link, &exchange, result, atr);
    return result;
}

static oc_result check_command(const oc_link *link, size_t len, oc_diag *diag)
{
    if (len < HEADER_LEN && !link->traits.short_commands) {
        return oc_diag_fail(diag, OC_E_LIMIT, "the %s link cannot carry a command of %zu bytes, under %d",
                            link->traits.transport, len, HEADER_LEN);
    }
    if (len > link->traits.command_max) {
        return oc_diag_fail(diag, OC_E_LIMIT, "the %s link cannot carry a command of %zu bytes, over %zu",
                            link->traits.transport, len, link->traits.command_max);
    }
    return oc_ok();
}

oc_result oc_link_transmit(oc_link *link, oc_span command, oc_buf *response, oc_diag *diag)
{
    OC_TRY(check_command(link, command.len, diag));
    oc_buf_clear(response);
    oc_exchange exchange = {.command = command};
    exchange.begin_ns = now_ns(link);
    oc_result result = link->ops->transmit(link->self, command, link->timeout_ms, response, diag);
    exchange.end_ns = now_ns(link);
    if (oc_is_ok(result) && response->len < STATUS_WORD_LEN) {
        result = oc_diag_fail(diag, OC_E_GARBAGE, "the response has %zu bytes, too few for a status word",
                              response->len);
    }
    observe(link, &exchange, result, response);
    return result;
}
