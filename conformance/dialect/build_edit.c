/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build.h"

static oc_result unknown_step(const oc_build *build, const xmlNode *node, const char *id)
{
    return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "the edit names step %s, which is not there", id);
}

/* What an edit did to the steps. */
struct change {
    oc_step_list *list;
    size_t first; /* index of the first step that is another one now */
};

/* Drops the step, or all steps of a routine of that name. */
static oc_result edit_drop(const oc_build *build, const xmlNode *edit, const char *id, struct change *change)
{
    size_t len = strlen(id);
    bool found = false;
    for (size_t i = change->list->count; i-- > 0;) {
        const char *own = change->list->at[i].id;
        if (strcmp(own, id) == 0 || (strncmp(own, id, len) == 0 && own[len] == '.')) {
            oc_step_list_remove(change->list, i);
            change->first = i;
            found = true;
        }
    }
    return found ? oc_ok() : unknown_step(build, edit, id);
}

static oc_result edit_repeat(const oc_build *build, const xmlNode *edit, const char *id, struct change *change)
{
    size_t at = oc_step_list_find(change->list, id);
    if (at == change->list->count) {
        return unknown_step(build, edit, id);
    }
    oc_step again = change->list->at[at];
    again.id = oc_arena_format(build->arena, "%s.2", id);
    change->first = at + 1;
    return again.id == NULL ? oc_fail(OC_E_MEMORY) : oc_step_list_insert(change->list, at + 1, &again);
}

/* The part of a command; NULL for one that steps of this kind do not have. */
static oc_value *command_part(oc_step *step, const char *name)
{
    struct {
        enum oc_step_kind kind;
        const char *name;
        oc_value *value;
    } parts[] = {{OC_STEP_APDU, "cla", &step->cla},   {OC_STEP_APDU, "ins", &step->ins},
                 {OC_STEP_APDU, "p1", &step->p1},     {OC_STEP_APDU, "p2", &step->p2},
                 {OC_STEP_APDU, "le", &step->le},     {OC_STEP_APDU, "data", &step->data},
                 {OC_STEP_TPDU, "bytes", &step->data}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].kind == step->kind && strcmp(parts[i].name, name) == 0) {
            return parts[i].value;
        }
    }
    return NULL;
}

static oc_result no_change(const oc_build *build, const xmlNode *edit, const oc_step *step, const char *name)
{
    return oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT,
                       "the edit changes nothing: %s of step %s is that already", name, step->id);
}

/* The twin shares the arguments, so the changed ones are a copy. */
static oc_result replace_argument(const oc_build *build, oc_step *step, size_t at, const oc_value *value)
{
    oc_argument *copy = oc_arena_alloc(build->arena, step->argument_count * sizeof *copy);
    if (copy == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    memcpy(copy, step->arguments, step->argument_count * sizeof *copy);
    copy[at].value = *value;
    step->arguments = copy;
    return oc_ok();
}

/* A field that a message does not name is sent with its sample by the virtual hospital; an edit names it. */
static oc_result add_argument(const oc_build *build, oc_step *step, const char *name, const char *to)
{
    oc_argument *grown = oc_arena_alloc(build->arena, (step->argument_count + 1) * sizeof *grown);
    oc_value value = {.source = oc_arena_text(build->arena, to)};
    const char *kept = oc_arena_text(build->arena, name);
    if (grown == NULL || value.source == NULL || kept == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(oc_value_read(&value, build->arena, to, build->diag));
    for (size_t i = 0; i < step->argument_count; i++) {
        grown[i] = step->arguments[i];
    }
    grown[step->argument_count++] = (oc_argument){.name = kept, .value = value};
    step->arguments = grown;
    return oc_ok();
}

static oc_result set_argument(const oc_build *build, const xmlNode *edit, oc_step *step, const char *name,
                              const char *to)
{
    for (size_t i = 0; i < step->argument_count; i++) {
        const oc_argument *argument = &step->arguments[i];
        if (strcmp(argument->name, name) != 0) {
            continue;
        }
        oc_value value = {.source = oc_arena_text(build->arena, to)};
        bool literal = argument->value.count == 0 && argument->value.source[0] != '\0';
        if (!literal) {
            OC_TRY(oc_value_read(&value, build->arena, to, build->diag));
        }
        if (value.source == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        return oc_value_same(&value, &argument->value) ? no_change(build, edit, step, name)
                                                       : replace_argument(build, step, i, &value);
    }
    bool may_be_added = strchr(name, '.') != NULL || strcmp(name, "body") == 0;
    if (step->kind == OC_STEP_MESSAGE && may_be_added && step->argument_count < OC_ARGUMENTS_MAX) {
        return add_argument(build, step, name, to);
    }
    return oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT, "step %s has no part %s to set", step->id, name);
}

static oc_result set_part(const oc_build *build, const xmlNode *edit, oc_step *step, oc_value *part, const char *name,
                          const char *to)
{
    bool is_le = strcmp(name, "le") == 0;
    bool has_le = is_le ? strcmp(to, "none") != 0 : step->has_le;
    oc_value value = {0};
    if (!is_le || has_le) {
        OC_TRY(oc_value_read(&value, build->arena, to, build->diag));
    }
    if (has_le == step->has_le && oc_value_same(&value, part)) {
        return no_change(build, edit, step, name);
    }
    step->has_le = has_le;
    *part = value;
    return oc_ok();
}

static oc_result edit_set(const oc_build *build, const xmlNode *edit, const char *id, struct change *change)
{
    size_t at = oc_step_list_find(change->list, id);
    if (at == change->list->count) {
        return unknown_step(build, edit, id);
    }
    const char *to;
    OC_TRY(oc_build_text(build, oc_xml_attr(edit, "to"), &to));
    oc_step *step = &change->list->at[at];
    change->first = at;
    const char *raw = oc_xml_attr(edit, "set");
    const char *name;
    OC_TRY(oc_build_text(build, raw != NULL ? raw : oc_xml_attr(edit, "send"), &name));
    if (name[0] == '\0') {
        name = "data";
    }
    oc_value *part = command_part(step, name);
    return part == NULL ? set_argument(build, edit, step, name, to) : set_part(build, edit, step, part, name, to);
}

static oc_result edit_before(const oc_build *build, const xmlNode *edit, const char *id, struct change *change)
{
    size_t at = oc_step_list_find(change->list, id);
    if (at == change->list->count) {
        return unknown_step(build, edit, id);
    }
    change->first = at;
    oc_step_list inserted = {.ordinal = 900}; /* automatic ids that the twin's steps do not have */
    oc_result r = oc_build_steps(build, edit, false, &inserted);
    if (oc_is_ok(r) && inserted.count == 0) {
        r = oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT, "no steps to put before %s", id);
    }
    for (size_t i = 0; i < inserted.count && oc_is_ok(r); i++) {
        r = oc_step_list_insert(change->list, at + i, &inserted.at[i]);
    }
    oc_step_list_free(&inserted);
    return r;
}

static const struct edit_row {
    const char *attribute;
    oc_result (*apply)(const oc_build *build, const xmlNode *edit, const char *id, struct change *change);
    const char *text;
    bool sets;  /* takes set or send, and to */
    bool holds; /* steps inside */
} edits[] = {
    {"drop", edit_drop, "without step", false, false},
    {"repeat", edit_repeat, "repeating step", false, false},
    {"before", edit_before, "with other steps before", false, true},
    {"step", edit_set, "altering step", true, false},
};

/* The one thing that an edit does; a second one would be passed over, and the negative would not test what it says. */
static oc_result row_of(const oc_build *build, const xmlNode *edit, const struct edit_row **out)
{
    *out = NULL;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        if (oc_xml_attr(edit, edits[i].attribute) == NULL) {
            continue;
        }
        if (*out != NULL) {
            return oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT, "an edit with both %s and %s",
                               (*out)->attribute, edits[i].attribute);
        }
        *out = &edits[i];
    }
    if (*out == NULL) {
        return oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT, "an edit without drop, repeat, step or before");
    }
    bool set = oc_xml_attr(edit, "set") != NULL;
    bool send = oc_xml_attr(edit, "send") != NULL;
    bool to = oc_xml_attr(edit, "to") != NULL;
    if ((*out)->sets && (set == send || !to)) {
        return oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT, "an edit of a step takes set or send, and to");
    }
    if (!(*out)->sets && (set || send || to)) {
        return oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT, "an edit with %s sets nothing",
                           (*out)->attribute);
    }
    if (!(*out)->holds && oc_xml_child(edit, NULL) != NULL) {
        return oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT, "an edit with %s has no steps inside",
                           (*out)->attribute);
    }
    return oc_ok();
}

oc_result oc_build_edit(const oc_build *build, const xmlNode *edit, oc_step_list *list, size_t *first,
                        const char **text)
{
    const struct edit_row *row;
    OC_TRY(row_of(build, edit, &row));
    const char *id;
    OC_TRY(oc_build_text(build, oc_xml_attr(edit, row->attribute), &id));
    *text = oc_arena_format(build->arena, "%s %s", row->text, id);
    struct change change = {.list = list};
    oc_result r = row->apply(build, edit, id, &change);
    *first = change.first;
    if (r.code == OC_E_LIMIT) {
        return oc_xml_fail(build->doc, edit, build->diag, OC_E_LIMIT, "more than %d steps", OC_STEPS_MAX);
    }
    if (!oc_is_ok(r)) {
        oc_diag_place(build->diag, oc_xml_doc_name(build->doc), oc_xml_line(edit));
    }
    return r;
}
