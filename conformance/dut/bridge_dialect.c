/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dut/bridge_dialect.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/arena.h"
#include "sim/base/text.h"
#include "sim/base/xml.h"
#include "sim/terminal/functions.h"

/* The schema is part of this library. */
extern const uint8_t oc_bridge_xsd[];
extern const size_t oc_bridge_xsd_size;

#define FUNCTIONS_MAX 64
#define SUCCESS_MAX 8

struct bridge_function {
    const oc_function *function;
    const char *called;
    const char *arguments; /* names apart by blanks; NULL: the prototype's */
};

struct oc_bridge_dialect {
    oc_arena arena;
    json_t *request;
    const char *result;
    const char *code;
    const char *out;
    json_t *success[SUCCESS_MAX];
    size_t success_count;
    struct bridge_function functions[FUNCTIONS_MAX];
    size_t function_count;
    bool is_complete; /* no other functions */
};

void oc_bridge_dialect_free(oc_bridge_dialect **dialect)
{
    if (*dialect != NULL) {
        json_decref((*dialect)->request);
        for (size_t i = 0; i < (*dialect)->success_count; i++) {
            json_decref((*dialect)->success[i]);
        }
        oc_arena_free(&(*dialect)->arena);
        free(*dialect);
        *dialect = NULL;
    }
}

static oc_result read_json(const oc_xml_doc *doc, const xmlNode *node, json_t **out, oc_diag *diag)
{
    oc_buf text = {0};
    json_error_t error = {.line = 0};
    oc_result r = oc_xml_text(&text, node);
    *out = oc_is_ok(r) ? json_loadb(text.len == 0 ? "" : (const char *)text.at, text.len,
                                    JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error)
                       : NULL;
    oc_buf_free(&text);
    OC_TRY(r);
    return *out == NULL ? oc_xml_fail(doc, node, diag, OC_E_FORMAT, "%s is no JSON: %s", oc_xml_name(node), error.text)
                        : oc_ok();
}

static oc_result read_function(oc_bridge_dialect *self, const oc_xml_doc *doc, const xmlNode *node, oc_diag *diag)
{
    const char *name = oc_xml_attr(node, "name");
    const char *called = oc_xml_attr(node, "called");
    const char *arguments = oc_xml_attr(node, "arguments");
    struct bridge_function *function = &self->functions[self->function_count++];
    function->function = oc_function_named(name);
    if (function->function == NULL || !oc_function_is_standard(function->function)) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "%s is no function of the standard", name);
    }
    self->is_complete = self->is_complete || called != NULL;
    function->called = called == NULL ? function->function->name : oc_arena_text(&self->arena, called);
    function->arguments = arguments == NULL ? NULL : oc_arena_text(&self->arena, arguments);
    return function->called == NULL || (arguments != NULL && function->arguments == NULL) ? oc_fail(OC_E_MEMORY)
                                                                                          : oc_ok();
}

static oc_result read_answer(oc_bridge_dialect *self, const oc_xml_doc *doc, const xmlNode *node, oc_diag *diag)
{
    const char *code = oc_xml_attr(node, "code");
    self->result = oc_arena_text(&self->arena, oc_xml_attr(node, "result"));
    self->code = oc_arena_text(&self->arena, code == NULL ? oc_xml_attr(node, "result") : code);
    self->out = oc_arena_text(&self->arena, oc_xml_attr(node, "out"));
    for (const xmlNode *at = oc_xml_child(node, "success"); at != NULL; at = oc_xml_next(at, "success")) {
        OC_TRY(read_json(doc, at, &self->success[self->success_count], diag));
        self->success_count++;
    }
    return self->result == NULL || self->code == NULL || self->out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result read_all(oc_bridge_dialect *self, const oc_xml_doc *doc, oc_diag *diag)
{
    oc_xml_schema *schema = NULL;
    const xmlNode *root = oc_xml_root(doc);
    OC_TRY(oc_xml_schema_parse(&schema, oc_span_of(oc_bridge_xsd, oc_bridge_xsd_size), "bridge.xsd", diag));
    oc_result r = oc_xml_validate(doc, schema, diag);
    oc_xml_schema_free(&schema);
    OC_TRY(r);
    OC_TRY(read_json(doc, oc_xml_child(root, "request"), &self->request, diag));
    OC_TRY(read_answer(self, doc, oc_xml_child(root, "answer"), diag));
    for (const xmlNode *at = oc_xml_child(root, "function"); at != NULL; at = oc_xml_next(at, "function")) {
        OC_TRY(read_function(self, doc, at, diag));
    }
    return oc_ok();
}

oc_result oc_bridge_dialect_load(oc_bridge_dialect **out, const char *path, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    *out = NULL;
    OC_TRY(oc_xml_load(&doc, path, NULL, diag));
    oc_bridge_dialect *self = calloc(1, sizeof *self);
    oc_result r = self == NULL ? oc_fail(OC_E_MEMORY) : read_all(self, doc, diag);
    oc_xml_free(&doc);
    if (!oc_is_ok(r)) {
        oc_bridge_dialect_free(&self);
    }
    *out = self;
    return r;
}

static struct bridge_function find(const oc_bridge_dialect *self, const char *name)
{
    for (size_t i = 0; i < self->function_count; i++) {
        if (strcmp(self->functions[i].function->name, name) == 0) {
            return self->functions[i];
        }
    }
    const oc_function *function = self->is_complete ? NULL : oc_function_named(name);
    bool known = function != NULL && oc_function_is_standard(function);
    return (struct bridge_function){.function = known ? function : NULL, .called = known ? function->name : NULL};
}

bool oc_bridge_dialect_has(const oc_bridge_dialect *dialect, const char *function)
{
    return find(dialect, function).function != NULL;
}

/* Requests. */

struct request {
    const struct bridge_function *function;
    json_t *texts; /* the arguments as UTF-8, by name */
};

static const char *text_of(const struct request *request, const char *name)
{
    const char *text = json_string_value(json_object_get(request->texts, name));
    return text == NULL ? "" : text;
}

/* Calls `put` with each argument's name in order. */
static void each_argument(const struct request *request,
                          void (*put)(void *context, const struct request *request, const char *name), void *context)
{
    const char *at = request->function->arguments;
    const oc_parameter *parameter = request->function->function->parameters;
    for (; at == NULL && parameter->name != NULL; parameter++) {
        if (parameter->kind != OC_PARAMETER_OUT) {
            put(context, request, parameter->name);
        }
    }
    while (at != NULL && *at != '\0') {
        char name[40];
        size_t len = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)(len < sizeof name ? len : sizeof name - 1), at);
        put(context, request, name);
        at += len + (at[len] == ' ' ? 1 : 0);
    }
}

static void put_list(void *context, const struct request *request, const char *name)
{
    json_array_append_new(context, json_string(text_of(request, name)));
}

static void put_joined(void *context, const struct request *request, const char *name)
{
    json_t **joined = context;
    json_t *longer = json_sprintf("%s%s|", json_string_value(*joined), text_of(request, name));
    json_decref(*joined);
    *joined = longer;
}

static void add_parameters(const struct request *request, json_t *object)
{
    for (const oc_parameter *at = request->function->function->parameters; at->name != NULL; at++) {
        const char *text = text_of(request, at->name);
        if (at->kind == OC_PARAMETER_INT) {
            json_object_set_new(object, at->c_name, json_integer(strtol(text, NULL, 10)));
        } else if (at->kind == OC_PARAMETER_IN) {
            json_object_set_new(object, at->c_name, json_string(text));
        }
    }
}

static json_t *fill(const struct request *request, json_t *template)
{
    const char *text = json_string_value(template);
    if (json_is_object(template)) {
        json_t *object = json_object();
        const char *name;
        json_t *value;
        json_object_foreach(template, name, value)
        {
            if (strcmp(name, "$parameters") == 0) {
                add_parameters(request, object);
            } else {
                json_object_set_new(object, name, fill(request, value));
            }
        }
        return object;
    }
    if (text == NULL || text[0] != '$') {
        return json_deep_copy(template);
    }
    if (strcmp(text, "$function") == 0) {
        return json_string(request->function->called);
    }
    if (strcmp(text, "$arguments") == 0) {
        json_t *list = json_array();
        each_argument(request, put_list, list);
        return list;
    }
    if (strcmp(text, "$joined") == 0) {
        json_t *joined = json_string("");
        each_argument(request, put_joined, &joined);
        return joined;
    }
    return json_string(text_of(request, text + 1));
}

static oc_result take_texts(json_t *texts, const oc_fields *args, oc_diag *diag)
{
    oc_buf utf8 = {0};
    oc_result r = oc_ok();
    for (size_t i = 0; i < args->count && oc_is_ok(r); i++) {
        oc_buf_clear(&utf8);
        r = oc_text_from_card(&utf8, oc_buf_span(&args->at[i].value));
        json_t *text = oc_is_ok(r) ? json_stringn(utf8.len == 0 ? "" : (const char *)utf8.at, utf8.len) : NULL;
        if (text == NULL || strlen(json_string_value(text)) != utf8.len) {
            json_decref(text);
            r = oc_diag_fail(diag, OC_E_FORMAT, "the argument %s is no text, and a bridge takes nothing else",
                             args->at[i].name);
        } else {
            json_object_set_new(texts, args->at[i].name, text);
        }
    }
    oc_buf_free(&utf8);
    return r;
}

oc_result oc_bridge_dialect_request(const oc_bridge_dialect *dialect, const char *name, const oc_fields *args,
                                    oc_buf *out, oc_diag *diag)
{
    const struct bridge_function function = find(dialect, name);
    struct request request = {.function = &function, .texts = json_object()};
    oc_result r = function.function == NULL ? oc_fail(OC_E_NOT_FOUND) : take_texts(request.texts, args, diag);
    if (oc_is_ok(r)) {
        json_t *filled = fill(&request, dialect->request);
        char *text = json_dumps(filled, JSON_COMPACT);
        r = text == NULL ? oc_fail(OC_E_MEMORY) : oc_buf_append(out, oc_span_text(text));
        free(text);
        json_decref(filled);
    }
    json_decref(request.texts);
    return r;
}

/* Replies. */

/* The member at "a.b". */
static const json_t *follow(const json_t *object, const char *path)
{
    while (object != NULL && *path != '\0') {
        char name[64];
        size_t len = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)(len < sizeof name ? len : sizeof name - 1), path);
        object = json_object_get(object, name);
        path += len + (path[len] == '.' ? 1 : 0);
    }
    return object;
}

static bool take_number(const json_t *value, long long *number)
{
    const char *text = json_string_value(value);
    char *end = NULL;
    *number = text != NULL ? strtoll(text, &end, 10) : json_integer_value(value);
    return text != NULL ? end != text && *end == '\0' : json_is_integer(value);
}

static oc_result take_reply(const oc_bridge_dialect *dialect, const json_t *reply, oc_span out, oc_fields *answer)
{
    const json_t *result = follow(reply, dialect->result);
    bool succeeded = false;
    long long code = 0;
    for (size_t i = 0; i < dialect->success_count; i++) {
        succeeded = succeeded || json_equal(result, dialect->success[i]);
    }
    if (succeeded) {
        return oc_terminal_answer_set(answer, 0, out);
    }
    bool numbered = take_number(follow(reply, dialect->code), &code) && code != 0;
    OC_TRY(oc_terminal_answer_set(answer, numbered ? code : -1, out));
    if (numbered) {
        return oc_ok();
    }
    char *text = json_dumps(result, JSON_COMPACT | JSON_ENCODE_ANY);
    oc_result r = text == NULL ? oc_fail(OC_E_MEMORY) : oc_fields_set_text(answer, "code", text);
    free(text);
    return r;
}

oc_result oc_bridge_dialect_answer(const oc_bridge_dialect *dialect, const char *function, oc_span reply,
                                   oc_fields *answer, oc_breach *breach)
{
    json_t *object = json_loadb(reply.len == 0 ? "" : (const char *)reply.at, reply.len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *text = follow(object, dialect->out);
    oc_buf out = {0};
    oc_result r = oc_ok();
    if (!json_is_object(object)) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "%s: the bridge answered no JSON object, %zu bytes", function,
                       reply.len);
    } else if (follow(object, dialect->result) == NULL) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "%s: the answer of the bridge has no member %s", function,
                       dialect->result);
    } else if (text != NULL && !json_is_string(text) && !json_is_null(text)) {
        oc_breach_note(breach, OC_BREACH_GARBAGE, "%s: the member %s of the answer is no text", function,
                       dialect->out);
    } else if (json_is_string(text) &&
               !oc_is_ok(oc_text_to_card(&out, oc_span_of(json_string_value(text), json_string_length(text))))) {
        oc_breach_note(breach, OC_BREACH_ENCODING, "%s: the member %s cannot be written in GB18030", function,
                       dialect->out);
    } else {
        r = take_reply(dialect, object, oc_buf_span(&out), answer);
    }
    oc_buf_free(&out);
    json_decref(object);
    return r;
}
