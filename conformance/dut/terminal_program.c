/* SPDX-License-Identifier: Apache-2.0 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/dut/terminal_program_internal.h"

#define HOST "onecard-driver-host"

/* Whether it can be called: its library exports it, or nobody can know. */
static bool program_has(const void *context, const char *function)
{
    const struct oc_terminal_program *self = context;
    const oc_driver_call *c = oc_driver_manifest_function(self->manifest, function);
    if (self->unusable.kind != OC_BREACH_NONE) {
        return false;
    }
    return self->is_driver_host ? c != NULL && oc_terminal_program_exports(self, c->symbol)
                                : oc_terminal_program_exports(self, function);
}

static const oc_breach *program_unusable(const void *context)
{
    const struct oc_terminal_program *self = context;
    return self->unusable.kind == OC_BREACH_NONE ? NULL : &self->unusable;
}

static bool program_runs(const void *context)
{
    const struct oc_terminal_program *self = context;
    return self->peer != NULL;
}

static oc_span program_printed(const void *context)
{
    const struct oc_terminal_program *self = context;
    return oc_buf_span(&self->printed);
}

/* The manifest's calls behind loading or before unloading; the first that fails ends them. */
static oc_result make_calls(struct oc_terminal_program *self, oc_driver_calls calls, const oc_fields *args,
                            const char *before, oc_breach *breach, oc_diag *diag)
{
    for (size_t i = 0; i < calls.count && breach->kind == OC_BREACH_NONE && self->peer != NULL; i++) {
        const oc_driver_call *call = &calls.at[i];
        struct oc_terminal_caller caller = {.function = call->function, .c = call, .args = args};
        if (before != NULL && call->before != NULL && strcmp(call->before, before) != 0) {
            continue;
        }
        oc_result r = oc_terminal_program_call(self, &caller, NULL, breach, diag);
        oc_line_answer_free(&caller.answer);
        OC_TRY(r);
        if (breach->kind == OC_BREACH_NONE && caller.code != 0) {
            oc_breach_note(breach, OC_BREACH_LOAD, "%s, which the manifest has called %s, returned %lld",
                           call->function, before != NULL ? "with the key pad entries" : "around the others",
                           caller.code);
        }
    }
    return oc_ok();
}

oc_result oc_terminal_program_initialise(struct oc_terminal_program *self, oc_breach *breach, oc_diag *diag)
{
    const oc_fields none = {0};
    if (self->is_initialised || !self->is_driver_host || breach->kind != OC_BREACH_NONE) {
        return oc_ok();
    }
    self->is_initialised = true;
    return make_calls(self, oc_driver_manifest_init(self->manifest), &none, NULL, breach, diag);
}

/* One that was there when the run began and is gone now has not borne the cases before. */
static oc_result start_again(struct oc_terminal_program *self, oc_breach *breach, oc_diag *diag)
{
    oc_diag reason = {0};
    OC_TRY(oc_terminal_program_stop(self, true, NULL));
    oc_result r = oc_terminal_program_start(self, breach, &reason);
    if (r.code == OC_E_UNAVAILABLE && self->spec.kind == OC_TERMINAL_TCP) {
        oc_breach_note(breach, OC_BREACH_LOAD, "%s", reason.reason);
        return oc_ok();
    }
    return oc_is_ok(r) ? r : oc_diag_fail(diag, r.code, "%s", reason.reason);
}

static oc_result program_begin(void *context, oc_breach *breach, oc_diag *diag)
{
    struct oc_terminal_program *self = context;
    if (self->unusable.kind != OC_BREACH_NONE) {
        *breach = self->unusable;
        return oc_ok();
    }
    bool goes_on = self->peer != NULL && (self->is_greeted || oc_driver_manifest_keeps(self->manifest));
    if (!goes_on) {
        OC_TRY(start_again(self, breach, diag));
    }
    self->is_greeted = false;
    return oc_terminal_program_initialise(self, breach, diag);
}

static bool uses_keypad(const oc_fields *args)
{
    static const char *const entries[] = {"pin", "old", "new", "again", "keypad"};
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (oc_fields_get(args, entries[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* A PIN that a vendor's own call hands over stands in front of the function that needs it. */
static oc_result type_before(struct oc_terminal_program *self, const char *function, const oc_fields *args,
                             oc_breach *breach, oc_diag *diag)
{
    oc_driver_calls calls = oc_driver_manifest_keypad(self->manifest);
    return calls.count > 0 && uses_keypad(args) ? make_calls(self, calls, args, function, breach, diag) : oc_ok();
}

oc_result oc_terminal_caller_answer(const struct oc_terminal_caller *caller, oc_fields *answer)
{
    return caller->answer.kind == OC_LINE_CODE
               ? oc_terminal_answer_set(answer, caller->code, oc_buf_span(&caller->answer.out))
               : oc_ok();
}

/* Whether the call can be made at all; else a breach says why not. */
static bool may_call(const struct oc_terminal_program *self, const char *function, oc_breach *breach)
{
    if (self->unusable.kind != OC_BREACH_NONE) {
        *breach = self->unusable;
    } else if (!program_has(self, function)) {
        oc_breach_note(breach, OC_BREACH_MISSING, "%s does not have the function %s", oc_terminal_program_who(self),
                       function);
    } else if (self->peer == NULL) {
        oc_breach_note(breach, OC_BREACH_EXIT, "%s: %s is gone since an earlier call", function,
                       oc_terminal_program_who(self));
    }
    return breach->kind == OC_BREACH_NONE;
}

oc_result oc_terminal_program_order(struct oc_terminal_program *self, const oc_terminal_order *order,
                                    struct oc_terminal_caller *caller, oc_breach *breach, oc_diag *diag)
{
    *caller = (struct oc_terminal_caller){
        .function = order->function, .c = oc_terminal_program_c(self, order->function), .args = order->args};
    if (!may_call(self, order->function, breach) || caller->c == NULL) {
        return oc_ok();
    }
    return type_before(self, order->function, order->args, breach, diag);
}

static oc_result program_call(void *context, const char *function, const oc_fields *args, oc_fields *answer,
                              oc_breach *breach, oc_diag *diag)
{
    struct oc_terminal_program *self = context;
    const oc_terminal_order order = {.function = function, .args = args, .answer = answer};
    struct oc_terminal_caller caller;
    OC_TRY(oc_terminal_program_order(self, &order, &caller, breach, diag));
    if (breach->kind != OC_BREACH_NONE) {
        return oc_ok();
    }
    oc_result r = oc_terminal_program_call(self, &caller, NULL, breach, diag);
    r = oc_is_ok(r) ? oc_terminal_caller_answer(&caller, answer) : r;
    oc_line_answer_free(&caller.answer);
    return r;
}

/* At the end of a case, when what it loads has been loaded. */
static oc_result look_at_modules(const struct oc_terminal_program *self)
{
    return self->peer == NULL ? oc_ok() : oc_module_log_look(self->modules, oc_peer_process(self->peer));
}

oc_result oc_terminal_program_close(struct oc_terminal_program *self, oc_breach *breach, oc_diag *diag)
{
    const oc_fields none = {0};
    if (self->peer == NULL) {
        return oc_ok();
    }
    OC_TRY(look_at_modules(self));
    if (self->is_driver_host && self->is_initialised) {
        OC_TRY(make_calls(self, oc_driver_manifest_exit(self->manifest), &none, NULL, breach, diag));
    }
    return oc_terminal_program_stop(self, false, breach);
}

static oc_result program_end(void *context, oc_breach *breach, oc_diag *diag)
{
    struct oc_terminal_program *self = context;
    OC_TRY(oc_terminal_program_leave(self, breach, diag));
    return oc_driver_manifest_keeps(self->manifest) ? look_at_modules(self)
                                                    : oc_terminal_program_close(self, breach, diag);
}

static void program_free(void *context)
{
    struct oc_terminal_program *self = context;
    oc_terminal_program_drop(&self->beside);
    oc_peer_free(&self->peer);
    oc_driver_manifest_free(&self->manifest);
    oc_line_answer_free(&self->hello);
    oc_buf_free(&self->printed);
    oc_buf_free(&self->question);
    oc_arena_free(&self->arena);
    free(self);
}

static oc_result keep_environment(struct oc_terminal_program *self, const char *const *environment)
{
    size_t count = 0;
    while (environment != NULL && environment[count] != NULL) {
        count++;
    }
    const char **copy = oc_arena_alloc(&self->arena, (count + 1) * sizeof *copy);
    self->environment = copy;
    for (size_t i = 0; copy != NULL && i < count; i++) {
        copy[i] = oc_arena_text(&self->arena, environment[i]);
        if (copy[i] == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
    }
    return copy == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* Beside this program, unless somebody says where. */
static oc_result find_host(struct oc_terminal_program *self, const char *given, oc_diag *diag)
{
    const char *said = given != NULL ? given : getenv("ONECARD_DRIVER_HOST");
    if (said != NULL) {
        snprintf(self->host, sizeof self->host, "%s", said);
    } else {
        char own[PATH_MAX];
        ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
        own[len > 0 ? len : 0] = '\0';
        if (strlen(own) + sizeof HOST + 1 < sizeof self->host) {
            snprintf(self->host, sizeof self->host, "%.*s/" HOST, (int)(PATH_MAX - sizeof HOST - 2), dirname(own));
        }
    }
    return access(self->host, X_OK) == 0
               ? oc_ok()
               : oc_diag_fail(diag, OC_E_UNAVAILABLE,
                              "%s is not there; ONECARD_DRIVER_HOST can name the program " HOST, self->host);
}

static oc_result load_manifest(struct oc_terminal_program *self, oc_diag *diag)
{
    char beside[PATH_MAX];
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", self->library);
    if (self->spec.manifest[0] != '\0') {
        return oc_driver_manifest_load(&self->manifest, self->spec.manifest, diag);
    }
    int len = snprintf(beside, sizeof beside, "%s/driver.xml", dirname(path));
    bool is_there = self->spec.kind == OC_TERMINAL_DRIVER && len > 0 && (size_t)len < sizeof beside &&
                    access(beside, F_OK) == 0;
    return is_there ? oc_driver_manifest_load(&self->manifest, beside, diag)
                    : oc_driver_manifest_default(&self->manifest);
}

/* What of it is the harness's own: the driver host, and the libraries that stand in for readers, which are the first on
 * the way of the loader. */
static oc_result tell_modules(struct oc_terminal_program *self, const oc_terminal_setup *setup)
{
    static const char way[] = "LD_LIBRARY_PATH=";
    char folder[PATH_MAX];
    bool is_driver = self->spec.kind == OC_TERMINAL_DRIVER;
    self->modules = setup->modules;
    if (self->modules == NULL || self->spec.kind == OC_TERMINAL_TCP) {
        return oc_ok();
    }
    OC_TRY(oc_module_log_tell(self->modules, is_driver ? self->library : NULL, self->host));
    for (const char *const *at = self->environment; *at != NULL; at++) {
        if (strncmp(*at, way, sizeof way - 1) == 0) {
            const char *first = *at + sizeof way - 1;
            snprintf(folder, sizeof folder, "%.*s/", (int)strcspn(first, ":"), first);
            OC_TRY(oc_module_log_tell(self->modules, NULL, folder));
        }
    }
    return oc_ok();
}

static oc_result prepare(struct oc_terminal_program *self, const oc_terminal_setup *setup, oc_diag *diag)
{
    self->timeout_ms = setup->timeout_ms;
    if (self->spec.kind == OC_TERMINAL_DRIVER && realpath(self->spec.target, self->library) == NULL) {
        /* What is missing is told by the driver host, which needs a path. */
        snprintf(self->library, sizeof self->library, "%s%s", strchr(self->spec.target, '/') == NULL ? "./" : "",
                 self->spec.target);
    }
    OC_TRY(keep_environment(self, setup->environment));
    if (self->spec.kind != OC_TERMINAL_TCP) {
        OC_TRY(find_host(self, setup->host_program, diag));
    }
    OC_TRY(load_manifest(self, diag));
    OC_TRY(tell_modules(self, setup));
    OC_TRY(oc_terminal_program_start(self, &self->unusable, diag));
    return look_at_modules(self);
}

oc_result oc_terminal_program_open(oc_terminal_dut **out, const oc_terminal_spec *spec, const oc_terminal_setup *setup,
                                   oc_diag *diag)
{
#define OPS(kind)                                                                                                     \
    {                                                                                                                 \
        kind, program_begin, program_call, program_end, program_has, oc_terminal_program_describe, program_unusable,  \
            program_printed, oc_terminal_program_beside, oc_terminal_program_can_beside, program_runs, program_free   \
    }
    static const oc_terminal_dut_ops driver = OPS("driver");
    static const oc_terminal_dut_ops exec = OPS("exec");
    static const oc_terminal_dut_ops tcp = OPS("tcp");
#undef OPS
    struct oc_terminal_program *self = calloc(1, sizeof *self);
    *out = NULL;
    if (self == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    self->spec = *spec;
    oc_result r = prepare(self, setup, diag);
    if (!oc_is_ok(r)) {
        program_free(self);
        return r;
    }
    const oc_terminal_dut_ops *ops = spec->kind == OC_TERMINAL_DRIVER ? &driver
                                     : spec->kind == OC_TERMINAL_EXEC ? &exec
                                                                      : &tcp;
    return oc_terminal_dut_new(out, ops, self);
}
