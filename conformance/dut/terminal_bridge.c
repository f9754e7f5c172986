/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/dut/bridge_internal.h"
#include "conformance/dut/reach.h"
#include "conformance/dut/terminal_kinds.h"

struct bridge {
    oc_bridge_dialect *dialect;
    oc_bridge_way way;
    int timeout_ms;
    oc_buf request;
    oc_buf reply;
};

static bool bridge_has(const void *context, const char *function)
{
    const struct bridge *self = context;
    return oc_bridge_dialect_has(self->dialect, function);
}

static oc_result bridge_call(void *context, const char *function, const oc_fields *args, oc_fields *answer,
                             oc_breach *breach, oc_diag *diag)
{
    struct bridge *self = context;
    if (!bridge_has(self, function)) {
        oc_breach_note(breach, OC_BREACH_MISSING, "the bridge does not have the function %s", function);
        return oc_ok();
    }
    oc_buf_clear(&self->request);
    OC_TRY(oc_bridge_dialect_request(self->dialect, function, args, &self->request, diag));
    oc_result r = self->way.ask(self->way.self, oc_buf_span(&self->request), self->timeout_ms, &self->reply, breach,
                                diag);
    /* It may hold a PIN. */
    oc_wipe(self->request.at, self->request.len);
    OC_TRY(r);
    return breach->kind != OC_BREACH_NONE
               ? oc_ok()
               : oc_bridge_dialect_answer(self->dialect, function, oc_buf_span(&self->reply), answer, breach);
}

/* A bridge serves on: there is nothing to begin or end. */
static oc_result bridge_pass(void *context, oc_breach *breach, oc_diag *diag)
{
    (void)context, (void)breach, (void)diag;
    return oc_ok();
}

static void bridge_free(void *context)
{
    struct bridge *self = context;
    if (self->way.free != NULL) {
        self->way.free(self->way.self);
    }
    oc_bridge_dialect_free(&self->dialect);
    oc_buf_free(&self->request);
    oc_buf_free(&self->reply);
    free(self);
}

oc_result oc_terminal_bridge_open(oc_terminal_dut **out, const oc_terminal_spec *spec, const oc_terminal_setup *setup,
                                  oc_diag *diag)
{
    static const oc_terminal_dut_ops http = {.kind = "http",
                                             .begin = bridge_pass,
                                             .call = bridge_call,
                                             .end = bridge_pass,
                                             .has = bridge_has,
                                             .free = bridge_free};
    static const oc_terminal_dut_ops ws = {.kind = "ws",
                                           .begin = bridge_pass,
                                           .call = bridge_call,
                                           .end = bridge_pass,
                                           .has = bridge_has,
                                           .free = bridge_free};
    bool is_http = spec->kind == OC_TERMINAL_HTTP;
    *out = NULL;
    if (spec->dialect[0] == '\0') {
        return oc_diag_fail(
            diag, OC_E_USAGE,
            "%s: which JSON does the bridge speak? Add ,dialect=FILE; conformance/dut/bridges has some", spec->text);
    }
    struct bridge *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    self->timeout_ms = setup->timeout_ms;
    oc_result r = oc_bridge_dialect_load(&self->dialect, spec->dialect, diag);
    if (oc_is_ok(r)) {
        r = is_http ? oc_bridge_http(&self->way, spec->target, diag) : oc_bridge_ws(&self->way, spec->target, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_reach_url(spec->target, "the bridge", setup->timeout_ms, diag);
    }
    if (!oc_is_ok(r)) {
        bridge_free(self);
        return r;
    }
    return oc_terminal_dut_new(out, is_http ? &http : &ws, self);
}
