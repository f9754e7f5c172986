/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build.h"

#include <stdio.h>
#include <stdlib.h>

#include "conformance/dialect/build_observe.h"
#include "conformance/dialect/functions.h"

const char *oc_build_row_attr(const oc_build *build, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; i < build->row_count; i++) {
        const char *own = oc_xml_attr(build->rows[i], name);
        found = own != NULL ? own : found;
    }
    return found;
}

const char *oc_build_row_id(const oc_build *build, const char *id)
{
    return build->row_key == NULL ? id : oc_arena_format(build->arena, "%s.%s", id, build->row_key);
}

/* What `name` stands for; NULL for no name of a row. What a later row says may name what an earlier one gives. */
static oc_result replacement_of(const oc_build *build, const char *name, const char **out)
{
    *out = NULL;
    for (size_t i = build->row_count; i-- > 0 && strcmp(name, OC_ROW_CONDITION) != 0;) {
        const char *raw = oc_xml_attr(build->rows[i], name);
        if (raw != NULL) {
            oc_build earlier = *build;
            earlier.row_count = i;
            return oc_build_text(&earlier, raw, out);
        }
    }
    return oc_ok();
}

oc_result oc_build_text(const oc_build *build, const char *raw, const char **out)
{
    oc_buf text = {0};
    oc_result r = oc_ok();
    for (const char *at = raw; *at != '\0' && oc_is_ok(r);) {
        size_t len = 0;
        while (*at == '$' && oc_name_char(at[1 + len])) {
            len++;
        }
        char name[64];
        const char *replacement = NULL;
        if (len > 0 && len < sizeof name) {
            memcpy(name, at + 1, len);
            name[len] = '\0';
            r = replacement_of(build, name, &replacement);
        }
        if (replacement != NULL) {
            r = oc_buf_append(&text, oc_span_text(replacement));
            at += 1 + len;
        } else if (oc_is_ok(r)) {
            r = oc_buf_append_byte(&text, (uint8_t)*at++);
        }
    }
    if (oc_is_ok(r)) {
        *out = oc_arena_text_n(build->arena, (const char *)text.at, text.len);
        r = *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    oc_buf_free(&text);
    return r;
}

oc_result oc_build_content(const oc_build *build, const xmlNode *node, const char **out)
{
    oc_buf raw = {0};
    oc_result r = oc_xml_text(&raw, node);
    if (oc_is_ok(r)) {
        r = oc_buf_append_byte(&raw, 0);
    }
    if (oc_is_ok(r)) {
        char *begin = (char *)raw.at;
        begin += strspn(begin, " \t\n\r");
        size_t len = strlen(begin);
        while (len > 0 && strchr(" \t\n\r", begin[len - 1]) != NULL) {
            begin[--len] = '\0';
        }
        r = oc_build_text(build, begin, out);
    }
    oc_buf_free(&raw);
    return r;
}

static oc_result value_of(const oc_build *build, const xmlNode *node, const char *text, oc_value *out)
{
    oc_result r = oc_value_read(out, build->arena, text, build->diag);
    if (!oc_is_ok(r)) {
        oc_diag_place(build->diag, oc_xml_doc_name(build->doc), oc_xml_line(node));
    }
    return r;
}

oc_result oc_build_value(const oc_build *build, const xmlNode *node, const char *attribute, oc_value *out,
                         bool *present)
{
    const char *raw = oc_xml_attr(node, attribute);
    *present = raw != NULL;
    if (raw == NULL) {
        return oc_ok();
    }
    const char *text;
    OC_TRY(oc_build_text(build, raw, &text));
    return value_of(build, node, text, out);
}

/* What a step of each kind is made of. */
struct kind_row {
    const char *element;
    enum oc_step_kind kind;
    const char *default_actor;
    const char *name_attribute; /* becomes step->name */
};

static const struct kind_row kinds[] = {
    {"apdu", OC_STEP_APDU, "card", NULL},     {"tpdu", OC_STEP_TPDU, "card", NULL},
    {"reset", OC_STEP_RESET, "card", "kind"}, {"let", OC_STEP_LET, "", "fn"},
    {"call", OC_STEP_CALL, "terminal", "fn"}, {"message", OC_STEP_MESSAGE, "host", "name"},
    {"issue", OC_STEP_ISSUE, "issuer", NULL}, {"advance", OC_STEP_ADVANCE, "", NULL},
    {"fault", OC_STEP_FAULT, "card", "kind"}, {"observe", OC_STEP_OBSERVE, "", NULL},
    {"prompt", OC_STEP_PROMPT, "", NULL},
};

static const struct kind_row *kind_of(const xmlNode *node)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (oc_xml_is(node, kinds[i].element)) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* Arguments while they are being collected. */
struct arguments {
    oc_argument at[OC_ARGUMENTS_MAX];
    size_t count;
};

static oc_result add_argument(const oc_build *build, const xmlNode *node, struct arguments *arguments,
                              const char *name, const char *text, bool literal)
{
    if (arguments->count == OC_ARGUMENTS_MAX) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_LIMIT, "more than %d arguments", OC_ARGUMENTS_MAX);
    }
    oc_argument *argument = &arguments->at[arguments->count++];
    *argument = (oc_argument){.name = oc_arena_text(build->arena, name)};
    if (literal) {
        argument->value.source = oc_arena_text(build->arena, text);
        return argument->value.source == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    }
    return value_of(build, node, text, &argument->value);
}

static oc_result keep_arguments(const oc_build *build, const struct arguments *arguments, oc_step *step)
{
    if (arguments->count == 0) {
        return oc_ok();
    }
    size_t size = arguments->count * sizeof *arguments->at;
    oc_argument *kept = oc_arena_alloc(build->arena, size);
    if (kept == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    memcpy(kept, arguments->at, size);
    step->arguments = kept;
    step->argument_count = arguments->count;
    return oc_ok();
}

/* <let fn=".." key=".." data=".."/>: every attribute but id and fn is an argument; the function's table tells which
 * are numbers and which are values. */
static oc_result take_let(const oc_build *build, const xmlNode *node, const oc_step *step, struct arguments *arguments)
{
    const oc_function *function = oc_function_find(step->name);
    if (function == NULL) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "no function is called %s", step->name);
    }
    for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        if (attribute->ns != NULL || strcmp(name, "id") == 0 || strcmp(name, "fn") == 0) {
            continue; /* xml:lang and the like are nobody's argument */
        }
        const oc_parameter *parameter = oc_function_parameter(function, name);
        if (parameter == NULL) {
            return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "function %s has no argument %s",
                               step->name, name);
        }
        const char *text;
        OC_TRY(oc_build_text(build, oc_xml_attr(node, name), &text));
        bool literal = parameter->kind == OC_ARGUMENT_NUMBER || parameter->kind == OC_ARGUMENT_TEXT;
        OC_TRY(add_argument(build, node, arguments, name, text, literal));
    }
    const oc_parameter *parameter;
    for (size_t i = 0; (parameter = oc_function_parameter_at(function, i)) != NULL; i++) {
        if (parameter->required && oc_xml_attr(node, parameter->name) == NULL) {
            return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "function %s needs the argument %s",
                               step->name, parameter->name);
        }
    }
    return oc_ok();
}

static oc_result take_sends(const oc_build *build, const xmlNode *node, struct arguments *arguments)
{
    for (const xmlNode *send = oc_xml_child(node, "send"); send != NULL; send = oc_xml_next(send, "send")) {
        const char *text;
        const char *name;
        const char *raw = oc_xml_attr(send, "name");
        OC_TRY(oc_build_text(build, raw == NULL ? "" : raw, &name));
        OC_TRY(oc_build_content(build, send, &text));
        OC_TRY(add_argument(build, send, arguments, name, text, false));
    }
    return oc_ok();
}

static oc_result take_apdu(const oc_build *build, const xmlNode *node, oc_step *step)
{
    struct {
        const char *attribute;
        oc_value *value;
    } bytes[] = {{"cla", &step->cla}, {"ins", &step->ins}, {"p1", &step->p1}, {"p2", &step->p2}};
    bool present;
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
        OC_TRY(oc_build_value(build, node, bytes[i].attribute, bytes[i].value, &present));
        if (!present) {
            return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "an apdu needs cla, ins, p1 and p2");
        }
    }
    OC_TRY(oc_build_value(build, node, "le", &step->le, &step->has_le));
    OC_TRY(oc_build_value(build, node, "data", &step->data, &present));
    const xmlNode *send = oc_xml_child(node, "send");
    if (send == NULL) {
        return oc_ok();
    }
    const char *text;
    OC_TRY(oc_build_content(build, send, &text));
    return value_of(build, send, text, &step->data);
}

/* What <issue> takes. Both stand in the step, so that an edit finds what it changes. */
static oc_result take_issue(const oc_build *build, const xmlNode *node, struct arguments *arguments)
{
    static const struct {
        const char *name;
        const char *otherwise;
    } rows[] = {{"fault", "right"}, {"pin", "profile"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *raw = oc_xml_attr(node, rows[i].name);
        const char *text;
        OC_TRY(oc_build_text(build, raw == NULL ? rows[i].otherwise : raw, &text));
        OC_TRY(add_argument(build, node, arguments, rows[i].name, text, true));
    }
    return oc_ok();
}

/* Its numbers stand in the step as they are written, so that an edit finds them. */
static oc_result take_fault(const oc_build *build, const xmlNode *node, struct arguments *arguments)
{
    static const char *const names[] = {"bytes", "ms", "sw", "offset", "skip", "times", "at", "card", "data"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *raw = oc_xml_attr(node, names[i]);
        const char *text;
        if (raw != NULL) {
            OC_TRY(oc_build_text(build, raw, &text));
            OC_TRY(add_argument(build, node, arguments, names[i], text, strcmp(names[i], "data") != 0));
        }
    }
    return oc_ok();
}

/* Its text in both languages; the actor that it is for needs no other. */
static oc_result take_prompt(const oc_build *build, const xmlNode *node, oc_step *step)
{
    for (const xmlNode *text = oc_xml_child(node, "text"); text != NULL; text = oc_xml_next(text, "text")) {
        const char *language = oc_xml_attr(text, "xml:lang");
        OC_TRY(oc_build_content(build, text,
                                language != NULL && strcmp(language, "zh") == 0 ? &step->name_zh : &step->name));
    }
    const char *until = oc_xml_attr(node, "until");
    if (until != NULL) {
        OC_TRY(oc_build_text(build, until, &step->until));
    }
    return step->name != NULL && step->name_zh != NULL
               ? oc_ok()
               : oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a prompt needs its text in zh and en");
}

static oc_result take_beside(const oc_build *build, const xmlNode *node, oc_step *step)
{
    const char *beside = oc_xml_attr(node, "beside");
    const char *second = oc_xml_attr(node, "second");
    if (beside == NULL) {
        return second == NULL ? oc_ok()
                              : oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT,
                                            "second says what the caller of beside calls, and there is none");
    }
    step->second = step->name;
    OC_TRY(oc_build_text(build, beside, &step->beside));
    return second == NULL ? oc_ok() : oc_build_text(build, second, &step->second);
}

static oc_result take_body(const oc_build *build, const xmlNode *node, oc_step *step, struct arguments *arguments)
{
    bool present;
    switch (step->kind) {
    case OC_STEP_APDU:
        return take_apdu(build, node, step);
    case OC_STEP_TPDU:
        return oc_build_value(build, node, "bytes", &step->data, &present);
    case OC_STEP_LET:
        return take_let(build, node, step, arguments);
    case OC_STEP_CALL:
        OC_TRY(take_beside(build, node, step));
        return take_sends(build, node, arguments);
    case OC_STEP_MESSAGE:
        return take_sends(build, node, arguments);
    case OC_STEP_ISSUE:
        return take_issue(build, node, arguments);
    case OC_STEP_ADVANCE: {
        const char *seconds = oc_xml_attr(node, "seconds");
        step->seconds = seconds == NULL ? 0 : strtol(seconds, NULL, 10);
        return oc_ok();
    }
    case OC_STEP_FAULT:
        return take_fault(build, node, arguments);
    case OC_STEP_OBSERVE:
        return oc_build_observation(build, node, &step->observation);
    case OC_STEP_PROMPT:
        return take_prompt(build, node, step);
    case OC_STEP_RESET:
        return oc_ok();
    }
    return oc_fail(OC_E_INTERNAL);
}

static oc_result check_fault(const oc_build *build, const xmlNode *node, const oc_step *step)
{
    oc_fault_order order;
    oc_result r = step->kind == OC_STEP_FAULT ? oc_step_fault(step, &order, build->diag) : oc_ok();
    if (!oc_is_ok(r)) {
        oc_diag_place(build->diag, oc_xml_doc_name(build->doc), oc_xml_line(node));
    }
    return r;
}

static oc_result take_id(const oc_build *build, const xmlNode *node, const char *prefix, oc_step_list *list,
                         oc_step *step)
{
    const char *id = oc_xml_attr(node, "id");
    list->ordinal++;
    const char *own = id != NULL ? id : oc_arena_format(build->arena, "%s%u", oc_xml_name(node), list->ordinal);
    step->id = prefix == NULL ? oc_arena_text(build->arena, own) : oc_arena_format(build->arena, "%s.%s", prefix, own);
    step->own_id = oc_arena_text(build->arena, own);
    if (step->id == NULL || step->own_id == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (id != NULL && prefix == NULL && oc_step_list_find(list, step->id) < list->count) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "two steps are called %s", step->id);
    }
    return oc_ok();
}

static oc_result build_step(const oc_build *build, const xmlNode *node, const struct kind_row *row,
                            const char *routine, oc_step_list *list)
{
    oc_step step = {.kind = row->kind, .routine = routine, .times = 1, .file = build->file, .line = oc_xml_line(node)};
    const char *actor = oc_xml_attr(node, "to");
    step.actor = actor == NULL ? row->default_actor : oc_arena_text(build->arena, actor);
    if (row->name_attribute != NULL) {
        const char *name = oc_xml_attr(node, row->name_attribute);
        OC_TRY(oc_build_text(build, name == NULL ? "" : name, &step.name));
    }
    OC_TRY(take_id(build, node, routine, list, &step));
    struct arguments arguments = {.count = 0};
    OC_TRY(take_body(build, node, &step, &arguments));
    OC_TRY(keep_arguments(build, &arguments, &step));
    OC_TRY(check_fault(build, node, &step));
    OC_TRY(oc_build_times(build, node, &step));
    OC_TRY(oc_build_budget(build, node, &step));
    OC_TRY(oc_build_expect(build, node, row->kind, &step.expect));
    oc_result r = oc_step_list_insert(list, list->count, &step);
    return r.code == OC_E_LIMIT
               ? oc_xml_fail(build->doc, node, build->diag, OC_E_LIMIT, "more than %d steps", OC_STEPS_MAX)
               : r;
}

static oc_result build_below(const oc_build *build, const xmlNode *parent, const char *routine, bool lets_only,
                             int depth, oc_step_list *list);

static oc_result put_routine(const oc_build *build, const xmlNode *node, int depth, oc_step_list *list)
{
    const char *raw = oc_xml_attr(node, "routine");
    const char *id = NULL;
    if (raw != NULL) {
        OC_TRY(oc_build_text(build, raw, &id));
    }
    if (depth >= OC_ROUTINE_DEPTH_MAX) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "routines use each other more than %d deep",
                           OC_ROUTINE_DEPTH_MAX);
    }
    for (size_t i = 0; id != NULL && i < build->routine_count; i++) {
        if (strcmp(build->routines[i].id, id) == 0) {
            oc_build inside = *build;
            inside.doc = build->routines[i].doc;
            inside.file = build->routines[i].file;
            const char *name = oc_arena_text(build->arena, id);
            return build_below(&inside, build->routines[i].node, name, false, depth + 1, list);
        }
    }
    return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "no routine is called %s", id == NULL ? "" : id);
}

static oc_result build_below(const oc_build *build, const xmlNode *parent, const char *routine, bool lets_only,
                             int depth, oc_step_list *list)
{
    for (const xmlNode *node = oc_xml_child(parent, NULL); node != NULL; node = oc_xml_next(node, NULL)) {
        if (oc_xml_is(node, "use") && !lets_only) {
            OC_TRY(put_routine(build, node, depth, list));
            continue;
        }
        const struct kind_row *row = kind_of(node);
        if (row != NULL && (!lets_only || row->kind == OC_STEP_LET)) {
            OC_TRY(build_step(build, node, row, routine, list));
        }
    }
    return oc_ok();
}

oc_result oc_build_steps(const oc_build *build, const xmlNode *parent, bool lets_only, oc_step_list *list)
{
    return parent == NULL ? oc_ok() : build_below(build, parent, NULL, lets_only, 0, list);
}
