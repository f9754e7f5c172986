/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/guarded_link.h"

#include <stdlib.h>

struct guarded {
    oc_link *inner;
    oc_watch *watch;
};

static oc_result guarded_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    struct guarded *guarded = self;
    oc_link_set_timeout(guarded->inner, timeout_ms);
    oc_guard_follow(&guarded->watch->guard, oc_span_empty(), oc_sw_of(0));
    return oc_link_reset(guarded->inner, kind, atr, diag);
}

static oc_result guarded_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    struct guarded *guarded = self;
    oc_watch *watch = guarded->watch;
    oc_presentation presentation = oc_guard_presentation(&watch->guard, command, watch->wrong);
    if (!oc_guard_permits(&watch->guard, &presentation)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "not sent: it could leave the card's %s with fewer than two tries",
                            presentation.reference == OC_GUARD_PIN ? "PIN" : "key");
    }
    oc_link_set_timeout(guarded->inner, timeout_ms);
    oc_result r = oc_link_transmit(guarded->inner, command, response, diag);
    bool answered = oc_is_ok(r) && response->len >= 2;
    oc_sw sw = oc_sw_of(answered ? (unsigned)response->at[response->len - 2] << 8 | response->at[response->len - 1]
                                 : 0);
    oc_guard_learn(&watch->guard, &presentation, answered, sw);
    oc_guard_follow(&watch->guard, command, sw);
    if (presentation.reference >= 0 && watch->ledger != NULL) {
        oc_result kept = oc_sample_ledger_keep(watch->ledger, &watch->guard, diag);
        return oc_is_ok(r) ? kept : r;
    }
    return r;
}

static enum oc_protocol guarded_protocol(void *self)
{
    const struct guarded *guarded = self;
    return oc_link_protocol(guarded->inner);
}

static void guarded_free(void *self)
{
    struct guarded *guarded = self;
    oc_link_free(&guarded->inner);
    free(guarded);
}

oc_result oc_guarded_link(oc_link **out, oc_link *inner, oc_watch *watch)
{
    static const oc_link_ops ops = {guarded_reset, guarded_transmit, guarded_free, guarded_protocol, NULL};
    *out = NULL;
    struct guarded *guarded = malloc(sizeof *guarded);
    if (guarded == NULL) {
        oc_link_free(&inner);
        return oc_fail(OC_E_MEMORY);
    }
    *guarded = (struct guarded){inner, watch};
    return oc_link_new(out, &ops, oc_link_traits_of(inner), guarded);
}
