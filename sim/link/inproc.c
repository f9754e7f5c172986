/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/link/io.h"
#include "sim/link/transports.h"

/* The response is written to `room` first: one copy of some bytes costs less than growing each caller's buffer to
 * the longest response. */
struct inproc {
    oc_endpoint endpoint;
    uint8_t room[OC_RESPONSE_MAX];
};

static oc_result card_failed(oc_result result, oc_diag *diag)
{
    return oc_diag_fail(diag, result.code, "the card in this process failed: %s", oc_code_sentence(result.code));
}

static oc_result inproc_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    (void)timeout_ms;
    struct inproc *inproc = self;
    uint8_t room[OC_ATR_MAX];
    oc_wr wr = oc_wr_of(room, sizeof room);
    oc_result result = inproc->endpoint.reset(inproc->endpoint.self, kind, &wr);
    if (!oc_is_ok(result)) {
        return card_failed(result, diag);
    }
    if (wr.bad) {
        return oc_diag_fail(diag, OC_E_GARBAGE, "the answer to reset is longer than %d bytes", OC_ATR_MAX);
    }
    return oc_buf_set(atr, oc_wr_span(&wr));
}

static oc_result inproc_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    (void)timeout_ms;
    struct inproc *inproc = self;
    oc_wr wr = oc_wr_of(inproc->room, sizeof inproc->room);
    oc_result result = inproc->endpoint.exchange(inproc->endpoint.self, command, &wr);
    if (!oc_is_ok(result)) {
        return card_failed(result, diag);
    }
    if (wr.bad) {
        return oc_diag_fail(diag, OC_E_GARBAGE, "the response is longer than %d bytes", OC_RESPONSE_MAX);
    }
    return oc_buf_set(response, oc_wr_span(&wr));
}

static void inproc_free(void *self)
{
    free(self);
}

oc_result oc_link_inproc(oc_link **out, oc_endpoint endpoint)
{
    static const oc_link_ops ops = {inproc_reset, inproc_transmit, inproc_free, NULL, NULL};
    static const oc_link_traits traits = {"inproc", true, true, OC_COMMAND_MAX};
    *out = NULL;
    struct inproc *inproc = malloc(sizeof *inproc);
    if (inproc == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    inproc->endpoint = endpoint;
    return oc_link_new(out, &ops, traits, inproc);
}
