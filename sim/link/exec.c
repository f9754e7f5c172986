/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/base/hex.h"
#include "sim/link/dialogue.h"
#include "sim/link/io.h"
#include "sim/link/transports.h"

struct exec {
    oc_dialogue *dialogue;
    char line[2 * OC_COMMAND_MAX + 2];
};

static oc_result ask(struct exec *exec, oc_span question, int timeout_ms, oc_buf *answer, oc_diag *diag)
{
    oc_span line;
    OC_TRY(oc_dialogue_ask(exec->dialogue, question, timeout_ms, &line, diag));
    oc_buf_clear(answer);
    if (!oc_is_ok(oc_hex_decode(answer, (const char *)line.at, line.len)) || answer->len > OC_RESPONSE_MAX) {
        return oc_dialogue_garbage(exec->dialogue, "did not answer in hex", line, diag);
    }
    return oc_ok();
}

static oc_result exec_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    return ask(self, oc_span_text(kind == OC_RESET_COLD ? "R\n" : "W\n"), timeout_ms, atr, diag);
}

static oc_result exec_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    struct exec *exec = self;
    oc_hex_encode(exec->line, sizeof exec->line - 1, command);
    exec->line[2 * command.len] = '\n';
    return ask(exec, oc_span_of(exec->line, 2 * command.len + 1), timeout_ms, response, diag);
}

static void exec_free(void *self)
{
    struct exec *exec = self;
    oc_dialogue_free(&exec->dialogue);
    oc_wipe(exec, sizeof *exec);
    free(exec);
}

oc_result oc_link_exec(oc_link **out, const char *command, oc_diag *diag)
{
    static const oc_link_ops ops = {exec_reset, exec_transmit, exec_free, NULL, NULL};
    static const oc_link_traits traits = {"exec", true, true, OC_COMMAND_MAX};
    static const oc_dialogue_peer card = {.name = "card program"};
    *out = NULL;
    struct exec *exec = calloc(1, sizeof *exec);
    if (exec == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result result = oc_dialogue_open(&exec->dialogue, card, command, diag);
    if (!oc_is_ok(result)) {
        exec_free(exec);
        return result;
    }
    return oc_link_new(out, &ops, traits, exec);
}
