/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build.h"

#include <stdio.h>
#include <stdlib.h>

static oc_result unknown_step(const oc_build *build, const xmlNode *node, const char *id)
{
    return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "the edit names step %s, which is not there", id);
}

/* Drops the step, or all steps of a routine of that name. */
static oc_result edit_drop(const oc_build *build, const xmlNode *edit, const char *id, oc_step_list *list)
{
    size_t len = strlen(id);
    bool found = false;
    for (size_t i = list->count; i-- > 0;) {
        const char *own = list->at[i].id;
        if (strcmp(own, id) == 0 || (strncmp(own, id, len) == 0 && own[len] == '.')) {
            oc_step_list_remove(list, i);
            found = true;
        }
    }
    return found ? oc_ok() : unknown_step(build, edit, id);
}

static oc_result edit_repeat(const oc_build *build, const xmlNode *edit, const char *id, oc_step_list *list)
{
    size_t at = oc_step_list_find(list, id);
    if (at == list->count) {
        return unknown_step(build, edit, id);
    }
    oc_step again = list->at[at];
    again.id = oc_arena_format(build->arena, "%s.2", id);
    return oc_step_list_insert(list, at + 1, &again);
}

static oc_value *apdu_part(oc_step *step, const char *name)
{
    struct {
        const char *name;
        oc_value *value;
    } parts[] = {{"cla", &step->cla}, {"ins", &step->ins},   {"p1", &step->p1},     {"p2", &step->p2},
                 {"le", &step->le},   {"data", &step->data}, {"bytes", &step->data}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(parts[i].name, name) == 0) {
            return parts[i].value;
        }
    }
    return NULL;
}

static oc_result set_argument(const oc_build *build, const xmlNode *edit, oc_step *step, const char *name,
                              const char *to)
{
    for (size_t i = 0; i < step->argument_count; i++) {
        oc_argument *argument = &step->arguments[i];
        if (strcmp(argument->name, name) != 0) {
            continue;
        }
        bool literal = argument->value.count == 0 && argument->value.source[0] != '\0';
        if (literal) {
            argument->value = (oc_value){.source = oc_arena_text(build->arena, to)};
            return oc_ok();
        }
        return oc_value_read(&argument->value, build->arena, to, build->diag);
    }
    if (step->kind == OC_STEP_ISSUE && step->argument_count < OC_ARGUMENTS_MAX) {
        step->arguments[step->argument_count++] = (oc_argument){oc_arena_text(build->arena, name),
                                                                {.source = oc_arena_text(build->arena, to)}};
        return oc_ok();
    }
    return oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT, "step %s has no part %s to set", step->id, name);
}

static oc_result edit_set(const oc_build *build, const xmlNode *edit, const char *id, oc_step_list *list)
{
    size_t at = oc_step_list_find(list, id);
    const char *raw = oc_xml_attr(edit, "to");
    if (at == list->count || raw == NULL) {
        return unknown_step(build, edit, id);
    }
    const char *to;
    OC_TRY(oc_build_text(build, raw, &to));
    oc_step *step = &list->at[at];
    const char *name = oc_xml_attr(edit, "set");
    if (name == NULL) {
        name = oc_xml_attr(edit, "send");
    }
    if (name == NULL || name[0] == '\0') {
        name = "data";
    }
    oc_value *part = step->kind == OC_STEP_APDU || step->kind == OC_STEP_TPDU ? apdu_part(step, name) : NULL;
    if (part == NULL) {
        return set_argument(build, edit, step, name, to);
    }
    if (strcmp(name, "le") == 0) {
        step->has_le = strcmp(to, "none") != 0;
        if (!step->has_le) {
            *part = (oc_value){0};
            return oc_ok();
        }
    }
    return oc_value_read(part, build->arena, to, build->diag);
}

static oc_result edit_before(const oc_build *build, const xmlNode *edit, const char *id, oc_step_list *list)
{
    size_t at = oc_step_list_find(list, id);
    if (at == list->count) {
        return unknown_step(build, edit, id);
    }
    oc_step_list inserted = {.ordinal = 900}; /* automatic ids that the twin's steps do not have */
    oc_result r = oc_build_steps(build, edit, false, &inserted);
    for (size_t i = 0; i < inserted.count && oc_is_ok(r); i++) {
        r = oc_step_list_insert(list, at + i, &inserted.at[i]);
    }
    oc_step_list_free(&inserted);
    return r;
}

struct edit_row {
    const char *attribute;
    oc_result (*apply)(const oc_build *build, const xmlNode *edit, const char *id, oc_step_list *list);
    const char *text;
};

static const struct edit_row edits[] = {
    {"drop", edit_drop, "without step"},
    {"repeat", edit_repeat, "repeating step"},
    {"before", edit_before, "with other steps before"},
    {"step", edit_set, "altering step"},
};

static oc_result apply_edit(const oc_build *build, const xmlNode *edit, oc_step_list *list, oc_case *negative)
{
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        const char *raw = oc_xml_attr(edit, edits[i].attribute);
        if (raw == NULL) {
            continue;
        }
        const char *id;
        OC_TRY(oc_build_text(build, raw, &id));
        negative->edit_text = oc_arena_format(build->arena, "%s %s", edits[i].text, id);
        oc_result r = edits[i].apply(build, edit, id, list);
        if (!oc_is_ok(r)) {
            oc_diag_place(build->diag, oc_xml_doc_name(build->doc), oc_xml_line(edit));
        }
        return r;
    }
    return oc_xml_fail(build->doc, edit, build->diag, OC_E_FORMAT, "an edit without drop, repeat, step or before");
}

static oc_result keep_steps(const oc_build *build, const oc_step_list *list, const oc_step **out, size_t *count)
{
    oc_step *kept = oc_arena_alloc(build->arena, (list->count + 1) * sizeof *kept);
    if (kept == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (list->count > 0) {
        memcpy(kept, list->at, list->count * sizeof *kept);
    }
    *out = kept;
    *count = list->count;
    return oc_ok();
}

/* Puts the stated failure in the place of the step's own expectations. */
static oc_result set_expectation(const oc_build *build, const xmlNode *node, oc_step_list *list, oc_case *negative)
{
    const xmlNode *expect = oc_xml_child(node, "expect");
    const char *raw = expect == NULL ? NULL : oc_xml_attr(expect, "step");
    if (raw == NULL) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a negative needs <expect step=..>");
    }
    const char *id;
    OC_TRY(oc_build_text(build, raw, &id));
    size_t at = oc_step_list_find(list, id);
    if (at == list->count) {
        return unknown_step(build, expect, id);
    }
    negative->expected_step = at;
    const char *requirement = oc_xml_attr(node, "req");
    OC_TRY(oc_build_expect(build, expect, &list->at[at].expect));
    if (requirement != NULL && list->at[at].expect.sw_requirement == NULL) {
        list->at[at].expect.sw_requirement = oc_arena_text(build->arena, requirement);
    }
    list->at[at].routine = NULL;
    return oc_ok();
}

static oc_result build_negative(const oc_build *build, const xmlNode *node, const oc_case *positive, oc_case *negative)
{
    *negative = *positive;
    negative->twin = positive;
    negative->negatives = NULL;
    negative->negative_count = 0;
    negative->official = NULL;
    negative->budget_p99_us = 0;
    negative->line = oc_xml_line(node);
    const char *id = oc_xml_attr(node, "id");
    const char *because = oc_xml_attr(node, "because");
    const char *dut = oc_xml_attr(node, "dut");
    const char *key = build->row == NULL ? NULL : oc_xml_attr(build->row, "key");
    if (id == NULL || because == NULL) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a negative needs id and because");
    }
    negative->plain_id = oc_arena_text(build->arena, id);
    negative->id = key == NULL ? negative->plain_id : oc_arena_format(build->arena, "%s.%s", id, key);
    negative->because = oc_arena_text(build->arena, because);
    negative->negative_dut = dut == NULL ? NULL : oc_arena_text(build->arena, dut);
    const xmlNode *edit = oc_xml_child(node, "edit");
    if (edit == NULL || oc_xml_next(edit, "edit") != NULL) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a negative has exactly one edit");
    }
    oc_step_list list = {0};
    oc_result r = oc_ok();
    for (size_t i = 0; i < positive->step_count && oc_is_ok(r); i++) {
        r = oc_step_list_insert(&list, i, &positive->steps[i]);
    }
    if (oc_is_ok(r)) {
        r = apply_edit(build, edit, &list, negative);
    }
    if (oc_is_ok(r)) {
        r = set_expectation(build, node, &list, negative);
    }
    if (oc_is_ok(r)) {
        r = keep_steps(build, &list, &negative->steps, &negative->step_count);
    }
    oc_step_list_free(&list);
    return r;
}

oc_result oc_build_negatives(const oc_build *build, const xmlNode *node, oc_case *positive)
{
    size_t count = 0;
    for (const xmlNode *n = oc_xml_child(node, "negative"); n != NULL; n = oc_xml_next(n, "negative")) {
        count++;
    }
    if (count == 0) {
        return oc_ok();
    }
    oc_case *negatives = oc_arena_alloc(build->arena, count * sizeof *negatives);
    if (negatives == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    count = 0;
    for (const xmlNode *n = oc_xml_child(node, "negative"); n != NULL; n = oc_xml_next(n, "negative")) {
        OC_TRY(build_negative(build, n, positive, &negatives[count++]));
    }
    positive->negatives = negatives;
    positive->negative_count = count;
    return oc_ok();
}
