/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dut/driver_manifest_internal.h"
#include "sim/terminal/functions.h"

const oc_driver_call *oc_driver_manifest_function(const oc_driver_manifest *manifest, const char *name)
{
    for (size_t i = 0; i < manifest->function_count; i++) {
        if (strcmp(manifest->functions[i].function, name) == 0) {
            return &manifest->functions[i];
        }
    }
    return NULL;
}

oc_driver_calls oc_driver_manifest_functions(const oc_driver_manifest *manifest)
{
    return (oc_driver_calls){manifest->functions, manifest->function_count};
}

oc_driver_calls oc_driver_manifest_init(const oc_driver_manifest *manifest)
{
    return (oc_driver_calls){manifest->init, manifest->init_count};
}

oc_driver_calls oc_driver_manifest_exit(const oc_driver_manifest *manifest)
{
    return (oc_driver_calls){manifest->exit, manifest->exit_count};
}

oc_driver_calls oc_driver_manifest_keypad(const oc_driver_manifest *manifest)
{
    return (oc_driver_calls){manifest->keypad, manifest->keypad_count};
}

const char *const *oc_driver_manifest_environment(const oc_driver_manifest *manifest)
{
    return manifest->environment;
}

long long oc_driver_manifest_code(const oc_driver_manifest *manifest, long long code)
{
    for (size_t i = 0; i < manifest->code_count; i++) {
        if (manifest->codes[i].driver == code) {
            return manifest->codes[i].standard;
        }
    }
    return code;
}

unsigned oc_driver_manifest_long_bits(const oc_driver_manifest *manifest)
{
    return manifest->long_bits;
}

bool oc_driver_manifest_is_stdcall(const oc_driver_manifest *manifest)
{
    return !manifest->is_c_convention;
}

bool oc_driver_manifest_keeps(const oc_driver_manifest *manifest)
{
    return manifest->keeps;
}

/* Sentences of departures. */

static oc_result add(oc_buf *text, const char *more)
{
    return oc_buf_append(text, oc_span_text(more));
}

static oc_result add_listed(oc_buf *text, const char *more)
{
    if (text->len > 0) {
        OC_TRY(add(text, ", "));
    }
    return add(text, more);
}

static oc_result add_prototype(oc_buf *text, const oc_driver_call *call)
{
    static const char *const words[] = {
        [OC_DRIVER_INT] = "int",   [OC_DRIVER_IN] = "in",     [OC_DRIVER_OUT] = "out",
        [OC_DRIVER_SIZE] = "size", [OC_DRIVER_NULL] = "null", [OC_DRIVER_CALLBACK] = "callback",
        [OC_DRIVER_ROOM] = "room"};
    OC_TRY(add_listed(text, call->function));
    OC_TRY(add(text, "("));
    for (unsigned i = 0; i < call->count; i++) {
        const oc_driver_parameter *parameter = &call->parameters[i];
        OC_TRY(add(text, i == 0 ? "" : ", "));
        OC_TRY(add(text, parameter->from != NULL ? parameter->from : words[parameter->kind]));
    }
    return add(text, ")");
}

/* An entry of the key pad: that it is a parameter is a departure of its own kind. */
static bool is_entry(const oc_driver_parameter *parameter)
{
    static const char *const entries[] = {"pin", "old", "new", "again"};
    for (size_t i = 0; parameter->from != NULL && i < sizeof entries / sizeof entries[0]; i++) {
        if (strcmp(parameter->from, entries[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_standard(const oc_driver_call *call)
{
    const oc_parameter *at = oc_function_named(call->function)->parameters;
    for (unsigned i = 0; i < call->count; i++) {
        const oc_driver_parameter *parameter = &call->parameters[i];
        if (is_entry(parameter)) {
            continue;
        }
        bool same_kind = at->name != NULL && ((at->kind == OC_PARAMETER_OUT && parameter->kind == OC_DRIVER_OUT) ||
                                              (at->kind == OC_PARAMETER_INT && parameter->kind == OC_DRIVER_INT) ||
                                              (at->kind == OC_PARAMETER_IN && parameter->kind == OC_DRIVER_IN));
        bool same_source = same_kind && (parameter->kind == OC_DRIVER_OUT ||
                                         (parameter->from != NULL && strcmp(parameter->from, at->name) == 0));
        if (!same_source) {
            return false;
        }
        at++;
    }
    return at->name == NULL;
}

static bool takes_pin(const oc_driver_call *call)
{
    bool takes = false;
    for (unsigned i = 0; i < call->count; i++) {
        takes = takes || is_entry(&call->parameters[i]);
    }
    return takes;
}

static oc_result say_parameters(const oc_driver_manifest *manifest, oc_buf *text)
{
    for (size_t i = 0; i < manifest->function_count; i++) {
        if (!is_standard(&manifest->functions[i])) {
            OC_TRY(add_prototype(text, &manifest->functions[i]));
        }
    }
    return oc_ok();
}

static oc_result say_pin(const oc_driver_manifest *manifest, oc_buf *text)
{
    for (size_t i = 0; i < manifest->function_count; i++) {
        if (takes_pin(&manifest->functions[i])) {
            OC_TRY(add_listed(text, manifest->functions[i].function));
        }
    }
    return oc_ok();
}

static oc_result say_symbols(const oc_driver_manifest *manifest, oc_buf *text)
{
    char line[160];
    for (size_t i = 0; i < manifest->function_count; i++) {
        const oc_driver_call *call = &manifest->functions[i];
        if (strcmp(call->function, call->symbol) != 0) {
            snprintf(line, sizeof line, "%s is exported as %s", call->function, call->symbol);
            OC_TRY(add_listed(text, line));
        }
    }
    return oc_ok();
}

static oc_result say_absent(const oc_driver_manifest *manifest, oc_buf *text)
{
    for (size_t i = 0; i < manifest->absent_count; i++) {
        OC_TRY(add_listed(text, manifest->absent[i]));
    }
    return oc_ok();
}

static oc_result say_calls(oc_buf *text, oc_driver_calls calls)
{
    for (size_t i = 0; i < calls.count; i++) {
        OC_TRY(add_prototype(text, &calls.at[i]));
    }
    return oc_ok();
}

static oc_result say_init(const oc_driver_manifest *manifest, oc_buf *text)
{
    OC_TRY(say_calls(text, oc_driver_manifest_init(manifest)));
    return say_calls(text, oc_driver_manifest_exit(manifest));
}

static oc_result say_keypad(const oc_driver_manifest *manifest, oc_buf *text)
{
    return say_calls(text, oc_driver_manifest_keypad(manifest));
}

static oc_result say_codes(const oc_driver_manifest *manifest, oc_buf *text)
{
    char line[80];
    for (size_t i = 0; i < manifest->code_count; i++) {
        const struct oc_driver_code *code = &manifest->codes[i];
        if (code->driver != code->standard) {
            snprintf(line, sizeof line, "%lld for %lld", code->driver, code->standard);
            OC_TRY(add_listed(text, line));
        }
    }
    return oc_ok();
}

static oc_result say_long(const oc_driver_manifest *manifest, oc_buf *text)
{
    return manifest->long_bits == 0    ? oc_ok()
           : manifest->long_bits == 32 ? add(text, "results have 32 bits")
                                       : add(text, "results have 64 bits");
}

static oc_result say_convention(const oc_driver_manifest *manifest, oc_buf *text)
{
    return manifest->is_c_convention ? add(text, "functions are called by C's convention") : oc_ok();
}

static oc_result say_buffer(const oc_driver_manifest *manifest, oc_buf *text)
{
    char line[160];
    if (manifest->buffer != 0) {
        snprintf(line, sizeof line, "%u bytes", manifest->buffer);
        OC_TRY(add(text, line));
    }
    for (size_t i = 0; i < manifest->function_count; i++) {
        const oc_driver_call *call = &manifest->functions[i];
        if (call->buffer != (manifest->buffer == 0 ? OC_DRIVER_BUFFER : manifest->buffer)) {
            snprintf(line, sizeof line, "%s %u bytes", call->function, call->buffer);
            OC_TRY(add_listed(text, line));
        }
    }
    return oc_ok();
}

static oc_result say_items(const oc_driver_manifest *manifest, oc_buf *text)
{
    return manifest->items == 11 ? oc_ok() : add(text, "iReadCardBas returns 9 items");
}

oc_result oc_driver_manifest_departures(const oc_driver_manifest *manifest, oc_fields *answer)
{
    static const struct {
        const char *field;
        oc_result (*say)(const oc_driver_manifest *manifest, oc_buf *text);
    } topics[] = {{"departure-parameters", say_parameters},
                  {"departure-symbols", say_symbols},
                  {"departure-absent", say_absent},
                  {"departure-init", say_init},
                  {"departure-pin", say_pin},
                  {"departure-keypad", say_keypad},
                  {"departure-codes", say_codes},
                  {"departure-long", say_long},
                  {"departure-convention", say_convention},
                  {"departure-buffer", say_buffer},
                  {"departure-items", say_items}};
    char count[12];
    unsigned departures = 0;
    oc_buf text = {0};
    oc_result r = oc_ok();
    for (size_t i = 0; i < sizeof topics / sizeof topics[0] && oc_is_ok(r); i++) {
        oc_buf_clear(&text);
        r = topics[i].say(manifest, &text);
        departures += text.len > 0;
        if (oc_is_ok(r)) {
            r = oc_fields_set(answer, topics[i].field, oc_buf_span(&text));
        }
    }
    oc_buf_free(&text);
    OC_TRY(r);
    snprintf(count, sizeof count, "%u", departures);
    return oc_fields_set_text(answer, "departures", count);
}
