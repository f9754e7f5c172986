/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/terminal_dut.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/dut/terminal_kinds.h"

struct oc_terminal_dut {
    const oc_terminal_dut_ops *ops;
    void *self;
};

const char *oc_breach_name(enum oc_breach_kind kind)
{
    static const char *const names[] = {
#define OC_BREACH_NAME(name, sentence) #name,
        OC_BREACHES(OC_BREACH_NAME)
#undef OC_BREACH_NAME
    };
    return (size_t)kind < sizeof names / sizeof names[0] ? names[kind] : "UNKNOWN";
}

void oc_breach_note(oc_breach *breach, enum oc_breach_kind kind, const char *format, ...)
{
    if (breach == NULL || breach->kind != OC_BREACH_NONE) {
        return;
    }
    va_list args;
    va_start(args, format);
    breach->kind = kind;
    vsnprintf(breach->text, sizeof breach->text, format, args);
    va_end(args);
}

oc_result oc_terminal_dut_new(oc_terminal_dut **out, const oc_terminal_dut_ops *ops, void *self)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        ops->free(self);
        return oc_fail(OC_E_MEMORY);
    }
    **out = (oc_terminal_dut){.ops = ops, .self = self};
    return oc_ok();
}

oc_result oc_terminal_dut_open(oc_terminal_dut **out, const oc_terminal_spec *spec, const oc_terminal_setup *setup,
                               oc_diag *diag)
{
    *out = NULL;
    switch (spec->kind) {
    case OC_TERMINAL_DRIVER:
    case OC_TERMINAL_EXEC:
    case OC_TERMINAL_TCP:
        return oc_terminal_program_open(out, spec, setup, diag);
    case OC_TERMINAL_MANUAL:
        return oc_terminal_manual_open(out, spec, setup);
    case OC_TERMINAL_WS:
    case OC_TERMINAL_HTTP:
        return oc_terminal_bridge_open(out, spec, setup, diag);
    case OC_TERMINAL_VIRTUAL:
        break;
    }
    return oc_diag_fail(diag, OC_E_UNAVAILABLE, "no terminal of this kind can be opened: %s", spec->text);
}

void oc_terminal_dut_free(oc_terminal_dut **dut)
{
    if (*dut != NULL) {
        (*dut)->ops->free((*dut)->self);
        free(*dut);
        *dut = NULL;
    }
}

const oc_breach *oc_terminal_dut_unusable(const oc_terminal_dut *dut)
{
    return dut->ops->unusable == NULL ? NULL : dut->ops->unusable(dut->self);
}

oc_result oc_terminal_dut_begin(oc_terminal_dut *dut, oc_breach *breach, oc_diag *diag)
{
    *breach = (oc_breach){0};
    return dut->ops->begin(dut->self, breach, diag);
}

oc_result oc_terminal_dut_end(oc_terminal_dut *dut, oc_breach *breach, oc_diag *diag)
{
    *breach = (oc_breach){0};
    return dut->ops->end(dut->self, breach, diag);
}

static void check_encoding(const oc_fields *answer, const char *function, oc_breach *breach)
{
    oc_span out = oc_fields_span(answer, "out");
    size_t good = oc_terminal_text_len(out);
    if (good < out.len) {
        oc_breach_note(breach, OC_BREACH_ENCODING, "the output of %s is no GB18030 text from byte %zu on (%02X)",
                       function, good, out.at[good]);
    }
}

oc_result oc_terminal_dut_call(oc_terminal_dut *dut, const char *function, const oc_fields *args, oc_fields *answer,
                               oc_breach *breach, oc_diag *diag)
{
    *breach = (oc_breach){0};
    oc_fields_free(answer);
    if (strcmp(function, OC_TERMINAL_DESCRIBE) == 0) {
        OC_TRY(oc_fields_set_text(answer, "code", "0"));
        OC_TRY(oc_fields_set_text(answer, "kind", dut->ops->kind));
        return dut->ops->describe == NULL ? oc_ok() : dut->ops->describe(dut->self, answer); /* others: no departure */
    }
    OC_TRY(dut->ops->call(dut->self, function, args, answer, breach, diag));
    check_encoding(answer, function, breach);
    return oc_ok();
}

oc_result oc_terminal_dut_beside(oc_terminal_dut *dut, const oc_beside *beside, oc_breach *breach, oc_diag *diag)
{
    *breach = (oc_breach){0};
    for (size_t i = 0; i < OC_BESIDE_CALLERS; i++) {
        oc_fields_free(beside->callers[i].answer);
    }
    if (!oc_terminal_dut_can_beside(dut, beside->place)) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "nobody can call this terminal twice at the same time");
    }
    OC_TRY(dut->ops->beside(dut->self, beside, breach, diag));
    for (size_t i = 0; i < OC_BESIDE_CALLERS; i++) {
        check_encoding(beside->callers[i].answer, beside->callers[i].function, breach);
    }
    return oc_ok();
}

bool oc_terminal_dut_can_beside(const oc_terminal_dut *dut, enum oc_beside_place place)
{
    return dut->ops->can_beside != NULL && dut->ops->can_beside(dut->self, place);
}

bool oc_terminal_dut_has(const oc_terminal_dut *dut, const char *function)
{
    return dut->ops->has == NULL || strcmp(function, OC_TERMINAL_DESCRIBE) == 0 || dut->ops->has(dut->self, function);
}

bool oc_terminal_dut_runs(const oc_terminal_dut *dut)
{
    return dut->ops->runs == NULL || dut->ops->runs(dut->self);
}

oc_span oc_terminal_dut_printed(const oc_terminal_dut *dut)
{
    return dut->ops->printed == NULL ? oc_span_empty() : dut->ops->printed(dut->self);
}

const char *oc_terminal_dut_kind(const oc_terminal_dut *dut)
{
    return dut->ops->kind;
}
