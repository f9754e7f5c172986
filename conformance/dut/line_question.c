/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/dut/line_message.h"
#include "sim/base/hex.h"
#include "sim/base/text.h"

#define PROTOCOL 1

/* Key pad entries: an argument of the vectors and the member of "keypad". */
static const struct {
    const char *argument;
    const char *member;
} entries[] = {{"pin", "pin"}, {"old", "old"}, {"new", "new"}, {"again", "again"}, {"keypad", "action"}};

static const char *entry_member(const char *argument)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (strcmp(entries[i].argument, argument) == 0) {
            return entries[i].member;
        }
    }
    return NULL;
}

static oc_result append_json(oc_buf *out, json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    if (text == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_buf_append(out, oc_span_text(text));
    /* It may hold a PIN. */
    oc_wipe(text, strlen(text));
    free(text);
    return oc_is_ok(r) ? oc_buf_append_byte(out, '\n') : r;
}

oc_result oc_line_hello(oc_buf *out, int id, const oc_driver_manifest *manifest)
{
    json_t *functions = json_array();
    json_t *line = json_pack("{s:i, s:s, s:i, s:o}", "id", id, "hello", "onecard", "protocol", PROTOCOL, "functions",
                             functions);
    oc_driver_calls calls = oc_driver_manifest_functions(manifest);
    for (size_t i = 0; i < calls.count; i++) {
        json_array_append_new(functions, json_string(calls.at[i].symbol));
    }
    oc_result r = line == NULL ? oc_fail(OC_E_MEMORY) : append_json(out, line);
    json_decref(line);
    return r;
}

static json_t *hex_json(const char *prefix, oc_span bytes)
{
    size_t head = strlen(prefix);
    char *text = malloc(head + 2 * bytes.len + 1);
    if (text == NULL) {
        return NULL;
    }
    memcpy(text, prefix, head);
    oc_hex_encode(text + head, 2 * bytes.len + 1, bytes);
    json_t *value = json_string(text);
    oc_wipe(text, head + 2 * bytes.len);
    free(text);
    return value;
}

/* As text where it is text, else as hex under the other name. */
static oc_result add_argument(json_t *texts, json_t *hexes, const char *name, oc_span value)
{
    oc_buf utf8 = {0};
    bool has_nul = value.len > 0 && memchr(value.at, 0, value.len) != NULL;
    if (!has_nul && oc_is_ok(oc_text_from_card(&utf8, value))) {
        json_object_set_new(texts, name, json_stringn((const char *)utf8.at, utf8.len));
        oc_buf_free(&utf8);
        return oc_ok();
    }
    json_object_set_new(hexes, name, hex_json("", value));
    oc_buf_free(&utf8);
    return oc_ok();
}

static oc_result add_entries(json_t *keypad, const oc_fields *args, oc_diag *diag)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        const oc_buf *value = oc_fields_get(args, entries[i].argument);
        /* The second entry of a new PIN is the same as the first, unless it is said to differ. */
        if (value == NULL && strcmp(entries[i].argument, "again") == 0) {
            value = oc_fields_get(args, "new");
        }
        json_t *text = value == NULL ? NULL : json_stringn(value->len == 0 ? "" : (const char *)value->at, value->len);
        if (value != NULL && text == NULL) {
            return oc_diag_fail(diag, OC_E_FORMAT, "the key pad entry %s is no text", entries[i].argument);
        }
        if (text != NULL) {
            json_object_set_new(keypad, entries[i].member, text);
        }
    }
    return oc_ok();
}

static oc_result add_named(json_t *line, const oc_fields *args)
{
    json_t *texts = json_object();
    json_t *hexes = json_object();
    for (size_t i = 0; i < args->count; i++) {
        if (entry_member(args->at[i].name) == NULL) {
            OC_TRY(add_argument(texts, hexes, args->at[i].name, oc_buf_span(&args->at[i].value)));
        }
    }
    json_object_set_new(line, "args", texts);
    if (json_object_size(hexes) > 0) {
        json_object_set(line, "args_hex", hexes);
    }
    json_decref(hexes);
    return oc_ok();
}

static oc_result add_keypad(json_t *line, const oc_fields *args, oc_diag *diag)
{
    json_t *keypad = json_object();
    oc_result r = add_entries(keypad, args, diag);
    if (json_object_size(keypad) > 0) {
        json_object_set(line, "keypad", keypad);
    }
    json_decref(keypad);
    return r;
}

/* A word of the argument "null", which names parameters that get a null pointer. */
static bool is_null(const oc_fields *args, const char *name)
{
    oc_span list = oc_fields_span(args, "null");
    size_t len = strlen(name);
    for (size_t at = 0; at + len <= list.len; at++) {
        bool begins = at == 0 || list.at[at - 1] == ' ';
        bool ends = at + len == list.len || list.at[at + len] == ' ';
        if (begins && ends && memcmp(list.at + at, name, len) == 0) {
            return true;
        }
    }
    return false;
}

static oc_span variable(const char *const *environment, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i++) {
        if (strncmp(environment[i], name, len) == 0 && environment[i][len] == '=') {
            return oc_span_text(environment[i] + len + 1);
        }
    }
    const char *value = getenv(name);
    return oc_span_text(value == NULL ? "" : value);
}

static oc_span argument_value(const oc_driver_parameter *parameter, const oc_line_source *source)
{
    if (strncmp(parameter->from, "env:", 4) == 0) {
        return variable(source->environment, parameter->from + 4);
    }
    if (strcmp(parameter->from, "again") == 0 && oc_fields_get(source->args, "again") == NULL) {
        return oc_fields_span(source->args, "new");
    }
    return oc_fields_span(source->args, parameter->from);
}

static oc_result int_json(json_t **out, oc_span text, const char *name, oc_diag *diag)
{
    char digits[24];
    char line[32];
    char *end = NULL;
    snprintf(digits, sizeof digits, "%.*s", (int)(text.len < sizeof digits ? text.len : 0), (const char *)text.at);
    long number = strtol(digits, &end, 10);
    if (text.len > 0 && (*end != '\0' || end == digits)) {
        return oc_diag_fail(diag, OC_E_FORMAT, "the argument %s is no number, and the function takes one", name);
    }
    snprintf(line, sizeof line, "int %ld", number);
    *out = json_string(line);
    return oc_ok();
}

static oc_result in_json(json_t **out, const oc_driver_parameter *parameter, const oc_line_source *source)
{
    if (parameter->value == NULL) {
        *out = hex_json("in ", argument_value(parameter, source));
        return oc_ok();
    }
    oc_buf bytes = {0};
    oc_result r = oc_text_to_card(&bytes, oc_span_text(parameter->value));
    *out = hex_json("in ", oc_buf_span(&bytes));
    oc_buf_free(&bytes);
    return r;
}

static oc_result parameter_json(json_t **out, const oc_driver_call *c, const oc_driver_parameter *parameter,
                                const oc_line_source *source, oc_diag *diag)
{
    char line[32];
    const char *name = parameter->from == NULL ? "" : parameter->from;
    bool null = (parameter->from != NULL && is_null(source->args, name)) ||
                (parameter->kind == OC_DRIVER_OUT && is_null(source->args, "out"));
    switch (null ? OC_DRIVER_NULL : parameter->kind) {
    case OC_DRIVER_INT:
        return int_json(out,
                        parameter->value != NULL ? oc_span_text(parameter->value) : argument_value(parameter, source),
                        name, diag);
    case OC_DRIVER_IN:
        return in_json(out, parameter, source);
    case OC_DRIVER_OUT:
        snprintf(line, sizeof line, "out %u", c->buffer);
        break;
    case OC_DRIVER_ROOM:
        snprintf(line, sizeof line, "room %u", parameter->size);
        break;
    case OC_DRIVER_SIZE:
        snprintf(line, sizeof line, "size");
        break;
    case OC_DRIVER_CALLBACK:
        snprintf(line, sizeof line, "keypad");
        break;
    case OC_DRIVER_NULL:
        snprintf(line, sizeof line, "null");
        break;
    }
    *out = json_string(line);
    return oc_ok();
}

static oc_result add_c(json_t *line, const oc_driver_call *c, const oc_line_source *source, oc_diag *diag)
{
    json_t *list = json_array();
    oc_result r = oc_ok();
    for (unsigned i = 0; i < c->count && oc_is_ok(r); i++) {
        json_t *parameter = NULL;
        r = parameter_json(&parameter, c, &c->parameters[i], source, diag);
        if (oc_is_ok(r) && json_array_append_new(list, parameter) != 0) {
            r = oc_fail(OC_E_MEMORY);
        }
    }
    if (strcmp(c->symbol, c->function) != 0) {
        json_object_set_new(line, "symbol", json_string(c->symbol));
    }
    json_object_set_new(line, "c", list);
    return r;
}

static oc_result add_caller(json_t *object, const oc_line_caller *caller, oc_diag *diag)
{
    if (object == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    json_object_set_new(object, "call", json_string(caller->function));
    OC_TRY(add_named(object, caller->source.args));
    return caller->c == NULL ? oc_ok() : add_c(object, caller->c, &caller->source, diag);
}

oc_result oc_line_call(oc_buf *out, int id, const oc_line_caller *caller, const oc_line_caller *beside, int timeout_ms,
                       oc_diag *diag)
{
    json_t *line = json_pack("{s:i}", "id", id);
    oc_result r = add_caller(line, caller, diag);
    r = oc_is_ok(r) ? add_keypad(line, caller->source.args, diag) : r;
    if (oc_is_ok(r)) {
        json_object_set_new(line, "timeout_ms", json_integer(timeout_ms));
    }
    if (oc_is_ok(r) && beside != NULL) {
        json_t *second = json_object();
        r = add_caller(second, beside, diag);
        json_object_set_new(line, "beside", second);
    }
    r = oc_is_ok(r) ? append_json(out, line) : r;
    json_decref(line);
    return r;
}
