/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dut/terminal_program_internal.h"

bool oc_terminal_program_exports(const struct oc_terminal_program *self, const char *symbol)
{
    bool found = !self->hello.exports_known;
    for (unsigned i = 0; i < self->hello.export_count && !found; i++) {
        found = strcmp(self->hello.exports[i], symbol) == 0;
    }
    return found;
}

/* The C result as a program sees it that was compiled with the declared width of long. */
static long long result_of(struct oc_terminal_program *self, const oc_driver_call *c, const oc_line_answer *answer)
{
    unsigned declared = oc_driver_manifest_long_bits(self->manifest);
    unsigned bits = declared != 0 ? declared : self->hello.long_bits;
    long long low = (long long)(int)(unsigned)((unsigned long long)answer->code & 0xFFFFFFFFu);
    if (bits == 64 && self->hello.pointer_bits == 64) {
        self->width_is_wrong = self->width_is_wrong || (low < 0 && answer->code == (low & 0xFFFFFFFFll));
    }
    bool takes_off = answer->popped == (long)(c->count * 4u) && c->count > 0;
    if (answer->popped >= 0 && c->count > 0 && self->hello.pointer_bits == 32) {
        self->convention_is_wrong = self->convention_is_wrong ||
                                    takes_off != oc_driver_manifest_is_stdcall(self->manifest);
    }
    return bits == 64 && self->hello.pointer_bits == 64 ? answer->code : low;
}

static void note_output(const struct oc_terminal_program *self, const char *function, const oc_line_answer *answer,
                        oc_breach *breach)
{
    if (answer->underrun > 0) {
        oc_breach_note(breach, OC_BREACH_OVERRUN, "%s: %s wrote %u bytes in front of the output buffer", function,
                       oc_terminal_program_who(self), answer->underrun);
    }
    if (answer->unterminated) {
        oc_breach_note(breach, OC_BREACH_UNTERMINATED, "%s: the output has no NUL within the %zu bytes of its buffer",
                       function, answer->out.len);
    }
}

static void note_error(const struct oc_terminal_program *self, const char *function, const oc_line_answer *answer,
                       oc_breach *breach)
{
    if (strcmp(answer->error, "no-such-function") == 0) {
        oc_breach_note(breach, OC_BREACH_MISSING, "%s does not have the function %s", oc_terminal_program_who(self),
                       function);
    } else if (answer->kind == OC_LINE_ERROR) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "%s: %s answered the error %s: %s", function,
                       oc_terminal_program_who(self), answer->error, answer->text);
    } else {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "%s: %s answered, but not with a code", function,
                       oc_terminal_program_who(self));
    }
}

/* A PIN belongs into the key pad and the card, and nowhere else. Four digits may come up by chance in a dump. */
static void check_leak(const struct oc_terminal_program *self, const oc_fields *args, size_t before,
                       const char *function, oc_breach *breach)
{
    static const char *const entries[] = {"pin", "old", "new", "again"};
    oc_span printed = oc_buf_span(&self->printed);
    /* What a buffer of the C library held back comes with a later call. */
    oc_span fresh = oc_span_slice(printed, before > 8 ? before - 8 : 0, printed.len);
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        oc_span entry = oc_fields_span(args, entries[i]);
        if (entry.len >= 4 && fresh.len >= entry.len && memmem(fresh.at, fresh.len, entry.at, entry.len) != NULL) {
            oc_breach_note(breach, OC_BREACH_LEAK, "%s: %s printed the key pad entry \"%s\" on its standard output",
                           function, oc_terminal_program_who(self), entries[i]);
        }
    }
}

const oc_driver_call *oc_terminal_program_c(const struct oc_terminal_program *self, const char *function)
{
    return self->is_driver_host ? oc_driver_manifest_function(self->manifest, function) : NULL;
}

static oc_line_caller line_of(const struct oc_terminal_program *self, const struct oc_terminal_caller *caller)
{
    return (oc_line_caller){.function = caller->function,
                            .c = caller->c,
                            .source = {.args = caller->args, .environment = self->environment}};
}

static oc_result write_question(struct oc_terminal_program *self, const struct oc_terminal_caller *caller,
                                const struct oc_terminal_caller *beside, oc_diag *diag)
{
    const oc_line_caller first = line_of(self, caller);
    oc_line_caller second;
    if (beside != NULL) {
        second = line_of(self, beside);
    }
    oc_buf_clear(&self->question);
    return oc_line_call(&self->question, ++self->id, &first, beside == NULL ? NULL : &second, self->timeout_ms, diag);
}

/* It holds the entries of the key pad. */
static void wipe_question(struct oc_terminal_program *self)
{
    oc_wipe(self->question.at, self->question.len);
    oc_buf_clear(&self->question);
}

static void judge_answer(struct oc_terminal_program *self, struct oc_terminal_caller *caller, oc_breach *breach)
{
    const oc_line_answer *answer = &caller->answer;
    if (answer->kind != OC_LINE_CODE) {
        note_error(self, caller->function, answer, breach);
        return;
    }
    long long code = answer->is_raw && caller->c != NULL ? result_of(self, caller->c, answer) : answer->code;
    caller->code = oc_driver_manifest_code(self->manifest, code);
    note_output(self, caller->function, answer, breach);
}

/* With the question that stands in self->question, or one that was put. */
static oc_result hear(struct oc_terminal_program *self, struct oc_terminal_caller *caller,
                      struct oc_terminal_caller *beside, oc_breach *breach, oc_diag *diag)
{
    size_t before = self->printed.len;
    oc_result r = oc_terminal_program_ask(self, caller->function, &caller->answer,
                                          beside == NULL ? NULL : &beside->answer, breach, diag);
    wipe_question(self);
    OC_TRY(r);
    if (self->peer != NULL) {
        judge_answer(self, caller, breach);
        if (beside != NULL && caller->answer.kind == OC_LINE_CODE) {
            judge_answer(self, beside, breach);
        }
    }
    check_leak(self, caller->args, before, caller->function, breach);
    return oc_ok();
}

oc_result oc_terminal_program_call(struct oc_terminal_program *self, struct oc_terminal_caller *caller,
                                   struct oc_terminal_caller *beside, oc_breach *breach, oc_diag *diag)
{
    caller->answer = (oc_line_answer){.kind = OC_LINE_NONSENSE};
    if (beside != NULL) {
        beside->answer = (oc_line_answer){.kind = OC_LINE_NONSENSE};
    }
    OC_TRY(write_question(self, caller, beside, diag));
    return hear(self, caller, beside, breach, diag);
}

oc_result oc_terminal_program_put(struct oc_terminal_program *self, const struct oc_terminal_caller *caller,
                                  oc_diag *diag)
{
    OC_TRY(write_question(self, caller, NULL, diag));
    oc_result r = oc_peer_tell(self->peer, oc_buf_span(&self->question), self->timeout_ms, diag);
    wipe_question(self);
    return r;
}

oc_result oc_terminal_program_get(struct oc_terminal_program *self, struct oc_terminal_caller *caller,
                                  oc_breach *breach, oc_diag *diag)
{
    caller->answer = (oc_line_answer){.kind = OC_LINE_NONSENSE};
    return hear(self, caller, NULL, breach, diag);
}

/* Names of the standard's functions that should be there and are not. */
static oc_result list_missing(const struct oc_terminal_program *self, oc_buf *out)
{
    oc_driver_calls calls = oc_driver_manifest_functions(self->manifest);
    for (size_t i = 0; i < calls.count; i++) {
        if (!oc_terminal_program_exports(self, calls.at[i].symbol)) {
            OC_TRY(oc_buf_append(out, oc_span_text(out->len == 0 ? "" : ", ")));
            OC_TRY(oc_buf_append(out, oc_span_text(calls.at[i].symbol)));
        }
    }
    return oc_ok();
}

static oc_result set_number(oc_fields *answer, const char *name, unsigned number)
{
    char text[12];
    snprintf(text, sizeof text, "%u", number);
    return oc_fields_set_text(answer, name, text);
}

oc_result oc_terminal_program_describe(void *context, oc_fields *answer)
{
    const struct oc_terminal_program *self = context;
    oc_buf missing = {0};
    bool loaded = self->unusable.kind == OC_BREACH_NONE;
    OC_TRY(oc_fields_set_text(answer, "code", loaded ? "0" : "-5"));
    OC_TRY(oc_fields_set_text(answer, "text", self->unusable.text));
    OC_TRY(oc_fields_set_text(answer, "name", self->hello.name));
    OC_TRY(set_number(answer, "pointer", self->hello.pointer_bits));
    OC_TRY(set_number(answer, "long", self->hello.long_bits));
    OC_TRY(oc_fields_set_text(answer, "abi-long",
                              self->width_is_wrong ? "a negative result came with 32 bits where long has 64" : ""));
    OC_TRY(
        oc_fields_set_text(answer, "abi-convention",
                           self->convention_is_wrong ? "functions take their parameters by another convention" : ""));
    oc_result r = loaded ? list_missing(self, &missing) : oc_ok();
    r = oc_is_ok(r) ? oc_fields_set(answer, "missing", oc_buf_span(&missing)) : r;
    oc_buf_free(&missing);
    OC_TRY(r);
    return oc_driver_manifest_departures(self->manifest, answer);
}
