/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build_observe.h"

bool oc_demand_checks(const oc_demand *demand)
{
    return demand->has_eq || demand->has_len || demand->min > 0 || demand->has_max || demand->has_below ||
           demand->rest_none;
}

static bool any_demand_checks(const oc_demand *demands, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (oc_demand_checks(&demands[i])) {
            return true;
        }
    }
    return false;
}

bool oc_sw_accepts_all(const oc_expect *expect)
{
    for (size_t i = 0; i < expect->sw_count; i++) {
        if (strcmp(expect->sw[i], "????") == 0) {
            return true;
        }
    }
    return false;
}

/* Whether anything can fail the expectation. */
static bool expects_something(const oc_step *step)
{
    const oc_expect *expect = &step->expect;
    bool data = expect->has_data &&
                (oc_demand_checks(&expect->data) || expect->field_count > 0 || expect->object_count > 0);
    switch (step->kind) {
    case OC_STEP_APDU:
    case OC_STEP_TPDU:
        return data || oc_expects_silence(expect) || !oc_sw_accepts_all(expect);
    case OC_STEP_RESET:
    case OC_STEP_LET:
        return data || oc_expects_silence(expect);
    case OC_STEP_CALL:
    case OC_STEP_MESSAGE:
        return expect->answer_count == 0 || any_demand_checks(expect->answers, expect->answer_count);
    case OC_STEP_OBSERVE:
        return oc_observation_checks(step->observation);
    case OC_STEP_ISSUE:
    case OC_STEP_ADVANCE:
    case OC_STEP_FAULT:
    case OC_STEP_PROMPT:
        return false;
    }
    return false;
}

/* A negative passes for the reason it gives only if its edit can reach the step, and the step can fail. */
static oc_result check_expectation(const oc_build *build, const xmlNode *expect, const oc_step_list *list,
                                   size_t first, const oc_case *negative)
{
    const oc_step *step = &list->at[negative->expected_step];
    if (negative->expected_step < first) {
        return oc_xml_fail(build->doc, expect, build->diag, OC_E_FORMAT,
                           "the edit is behind step %s, and so cannot change what it does", step->id);
    }
    if (!expects_something(step)) {
        return oc_xml_fail(build->doc, expect, build->diag, OC_E_FORMAT, "the expectation of step %s accepts anything",
                           step->id);
    }
    return oc_ok();
}

/* Puts the stated failure in the place of the step's own expectations. */
static oc_result set_expectation(const oc_build *build, const xmlNode *node, oc_step_list *list, size_t first,
                                 oc_case *negative)
{
    const xmlNode *expect = oc_xml_child(node, "expect");
    const char *raw = expect == NULL ? NULL : oc_xml_attr(expect, "step");
    if (raw == NULL || oc_xml_next(expect, "expect") != NULL) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a negative needs one <expect step=..>");
    }
    const char *id;
    OC_TRY(oc_build_text(build, raw, &id));
    size_t at = oc_step_list_find(list, id);
    if (at == list->count) {
        return oc_xml_fail(build->doc, expect, build->diag, OC_E_FORMAT,
                           "the expectation is of step %s, which is not there after the edit", id);
    }
    oc_step *step = &list->at[at];
    negative->expected_step = at;
    OC_TRY(oc_build_expect(build, expect, step->kind, &step->expect));
    if (step->kind == OC_STEP_OBSERVE) {
        OC_TRY(oc_build_observed_instead(build, expect, &step->observation));
    }
    step->routine = NULL;
    return check_expectation(build, expect, list, first, negative);
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
    const char *requirement = oc_xml_attr(node, "req");
    if (id == NULL || because == NULL) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a negative needs id and because");
    }
    negative->plain_id = oc_arena_text(build->arena, id);
    negative->id = oc_build_row_id(build, negative->plain_id);
    negative->because = oc_arena_text(build->arena, because);
    negative->dut = oc_xml_attr(node, "dut") == NULL ? NULL : oc_arena_text(build->arena, oc_xml_attr(node, "dut"));
    negative->condition = negative->because;
    negative->requirement = NULL;
    if (requirement != NULL) {
        OC_TRY(oc_build_text(build, requirement, &negative->requirement));
    }
    const xmlNode *edit = oc_xml_child(node, "edit");
    if (edit == NULL || oc_xml_next(edit, "edit") != NULL) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a negative has exactly one edit");
    }
    oc_step_list list = {0};
    size_t first = 0;
    oc_result r = oc_ok();
    for (size_t i = 0; i < positive->step_count && oc_is_ok(r); i++) {
        r = oc_step_list_insert(&list, i, &positive->steps[i]);
    }
    if (oc_is_ok(r)) {
        r = oc_build_edit(build, edit, &list, &first, &negative->edit_text);
    }
    if (oc_is_ok(r)) {
        r = set_expectation(build, node, &list, first, negative);
    }
    if (oc_is_ok(r)) {
        r = oc_build_keep_steps(build, node, &list, &negative->steps, &negative->step_count);
    }
    oc_step_list_free(&list);
    return oc_is_ok(r) ? oc_build_covers(build, node, negative) : r;
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
        OC_TRY(oc_build_count_case(build, n));
        OC_TRY(build_negative(build, n, positive, &negatives[count++]));
    }
    positive->negatives = negatives;
    positive->negative_count = count;
    return oc_ok();
}
