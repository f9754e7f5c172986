/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/dut/terminal_program_internal.h"
#include "sim/base/terminal_code.h"

/* Two callers at once: two threads of one program, which it makes itself of one question, or two programs of the same
 * kind, each with a question of its own. */

#define CALLERS OC_BESIDE_CALLERS

bool oc_terminal_program_can_beside(const void *context, enum oc_beside_place place)
{
    const struct oc_terminal_program *self = context;
    /* Over TCP one harness is served after the other. */
    return place == OC_BESIDE_THREAD ? self->hello.callers >= CALLERS : self->spec.kind != OC_TERMINAL_TCP;
}

void oc_terminal_program_drop(struct oc_terminal_program **beside)
{
    struct oc_terminal_program *self = *beside;
    if (self != NULL) {
        oc_peer_free(&self->peer);
        oc_line_answer_free(&self->hello);
        oc_buf_free(&self->printed);
        oc_buf_free(&self->question);
        free(self);
    }
    *beside = NULL;
}

oc_result oc_terminal_program_leave(struct oc_terminal_program *self, oc_breach *breach, oc_diag *diag)
{
    oc_result r = self->beside == NULL ? oc_ok() : oc_terminal_program_close(self->beside, breach, diag);
    oc_terminal_program_drop(&self->beside);
    return r;
}

/* The same library or command, manifest and environment; these stay the first one's. */
static oc_result start_second(struct oc_terminal_program *self, oc_breach *breach, oc_diag *diag)
{
    struct oc_terminal_program *second = self->beside;
    if (second != NULL && second->peer != NULL) {
        return oc_ok();
    }
    OC_TRY(oc_terminal_program_leave(self, breach, diag));
    second = calloc(1, sizeof *second);
    if (second == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    self->beside = second;
    second->spec = self->spec;
    second->environment = self->environment;
    second->timeout_ms = self->timeout_ms;
    second->manifest = self->manifest;
    second->modules = self->modules;
    memcpy(second->host, self->host, sizeof second->host);
    memcpy(second->library, self->library, sizeof second->library);
    OC_TRY(oc_terminal_program_start(second, breach, diag));
    return oc_terminal_program_initialise(second, breach, diag);
}

static oc_result call_threads(struct oc_terminal_program *self, struct oc_terminal_caller callers[CALLERS],
                              oc_breach *breach, oc_diag *diag)
{
    return oc_terminal_program_call(self, &callers[0], &callers[1], breach, diag);
}

static oc_result call_processes(struct oc_terminal_program *programs[CALLERS],
                                struct oc_terminal_caller callers[CALLERS], oc_breach *breach, oc_diag *diag)
{
    for (size_t i = 0; i < CALLERS; i++) {
        OC_TRY(oc_terminal_program_put(programs[i], &callers[i], diag));
    }
    for (size_t i = 0; i < CALLERS; i++) {
        OC_TRY(oc_terminal_program_get(programs[i], &callers[i], breach, diag));
    }
    return oc_ok();
}

static unsigned count_busy(const struct oc_terminal_caller callers[CALLERS])
{
    unsigned busy = 0;
    for (size_t i = 0; i < CALLERS; i++) {
        busy += callers[i].answer.kind == OC_LINE_CODE && callers[i].code == OC_CODE_READER;
    }
    return busy;
}

/* As a program does that is told to: it calls again, now alone. */
static oc_result call_again(struct oc_terminal_program *self, const oc_terminal_order *order,
                            struct oc_terminal_caller *caller, oc_breach *breach, oc_diag *diag)
{
    oc_line_answer_free(&caller->answer);
    OC_TRY(oc_terminal_program_order(self, order, caller, breach, diag));
    return breach->kind != OC_BREACH_NONE ? oc_ok() : oc_terminal_program_call(self, caller, NULL, breach, diag);
}

static oc_result give_answers(const oc_beside *beside, const struct oc_terminal_caller callers[CALLERS], unsigned busy)
{
    char text[12];
    snprintf(text, sizeof text, "%u", busy);
    for (size_t i = 0; i < CALLERS; i++) {
        OC_TRY(oc_terminal_caller_answer(&callers[i], beside->callers[i].answer));
    }
    return oc_fields_set_text(beside->callers[0].answer, "busy", text);
}

static oc_result call_both(struct oc_terminal_program *programs[CALLERS], const oc_beside *beside,
                           struct oc_terminal_caller callers[CALLERS], oc_breach *breach, oc_diag *diag)
{
    for (size_t i = 0; i < CALLERS && breach->kind == OC_BREACH_NONE; i++) {
        OC_TRY(oc_terminal_program_order(programs[i], &beside->callers[i], &callers[i], breach, diag));
    }
    if (breach->kind != OC_BREACH_NONE) {
        return oc_ok();
    }
    OC_TRY(beside->place == OC_BESIDE_THREAD ? call_threads(programs[0], callers, breach, diag)
                                             : call_processes(programs, callers, breach, diag));
    unsigned busy = count_busy(callers);
    for (size_t i = 0; i < CALLERS && busy == 1 && breach->kind == OC_BREACH_NONE; i++) {
        if (callers[i].code == OC_CODE_READER) {
            OC_TRY(call_again(programs[i], &beside->callers[i], &callers[i], breach, diag));
            break;
        }
    }
    return give_answers(beside, callers, busy);
}

oc_result oc_terminal_program_beside(void *context, const oc_beside *beside, oc_breach *breach, oc_diag *diag)
{
    struct oc_terminal_program *self = context;
    struct oc_terminal_caller callers[CALLERS] = {{0}};
    bool apart = beside->place == OC_BESIDE_PROCESS;
    if (apart && self->unusable.kind == OC_BREACH_NONE) {
        OC_TRY(start_second(self, breach, diag));
    }
    struct oc_terminal_program *programs[CALLERS] = {self, apart && self->beside != NULL ? self->beside : self};
    oc_result r = call_both(programs, beside, callers, breach, diag);
    for (size_t i = 0; i < CALLERS; i++) {
        oc_line_answer_free(&callers[i].answer);
    }
    return r;
}
