/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "conformance/dialect/build.h"

oc_result oc_touches_parse(unsigned *out, const char *text, oc_diag *diag)
{
    static const struct {
        const char *word;
        unsigned bit;
    } words[] = {{"none", 0},
                 {"volatile", OC_TOUCH_VOLATILE},
                 {"counters", OC_TOUCH_COUNTERS},
                 {"records", OC_TOUCH_RECORDS},
                 {"purse", OC_TOUCH_PURSE},
                 {"keys", OC_TOUCH_KEYS},
                 {"lifecycle", OC_TOUCH_LIFECYCLE}};
    *out = 0;
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, " ,");
        bool known = len == 0;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (len == strlen(words[i].word) && strncmp(at, words[i].word, len) == 0) {
                *out |= words[i].bit;
                known = true;
            }
        }
        if (!known) {
            return oc_diag_fail(diag, OC_E_FORMAT, "%.*s is nothing a case can touch", (int)len, at);
        }
        at += len;
        at += strspn(at, " ,");
    }
    return oc_ok();
}

static oc_result take_titles(const oc_build *build, const xmlNode *node, oc_case *out)
{
    out->title_en = out->title_zh = "";
    for (const xmlNode *n = oc_xml_child(node, "title"); n != NULL; n = oc_xml_next(n, "title")) {
        const char *lang = oc_xml_attr(n, "xml:lang");
        const char **slot = lang != NULL && lang[0] == 'z' ? &out->title_zh : &out->title_en;
        OC_TRY(oc_build_content(build, n, slot));
    }
    const xmlNode *purpose = oc_xml_child(node, "purpose");
    return purpose == NULL ? oc_ok() : oc_build_content(build, purpose, &out->purpose);
}

static oc_result take_requirements(const oc_build *build, const xmlNode *node, oc_case *out)
{
    size_t count = 0;
    for (const xmlNode *n = oc_xml_child(node, "req"); n != NULL; n = oc_xml_next(n, "req")) {
        count++;
    }
    oc_case_req *requirements = oc_arena_alloc(build->arena, (count + 1) * sizeof *requirements);
    if (requirements == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (const xmlNode *n = oc_xml_child(node, "req"); n != NULL; n = oc_xml_next(n, "req")) {
        oc_case_req *requirement = &requirements[out->requirement_count++];
        const char *strength = oc_xml_attr(n, "strength");
        requirement->choice = strength != NULL && strcmp(strength, "choice") == 0;
        OC_TRY(oc_build_content(build, n, &requirement->id));
    }
    out->requirements = requirements;
    return oc_ok();
}

static oc_result take_head(const oc_build *build, const xmlNode *node, const char *area, oc_case *out)
{
    const char *id = oc_xml_attr(node, "id");
    const char *touches = oc_xml_attr(node, "touches");
    const char *state = oc_xml_attr(node, "state");
    const char *rev = oc_xml_attr(node, "rev");
    const char *official = oc_xml_attr(node, "official");
    const char *clock = oc_xml_attr(node, "clock");
    const char *budget = oc_xml_attr(node, "budget-p99-us");
    const char *condition = oc_build_row_attr(build, OC_ROW_CONDITION);
    if (condition == NULL) {
        condition = oc_xml_attr(node, OC_ROW_CONDITION);
    }
    if (id == NULL) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a case without id");
    }
    out->plain_id = oc_arena_text(build->arena, id);
    out->id = oc_build_row_id(build, out->plain_id);
    out->is_flow = oc_xml_is(node, "flow");
    out->area = oc_arena_text(build->arena, out->is_flow ? "flow" : area);
    out->retired = state != NULL && strcmp(state, "retired") == 0;
    out->rev = rev == NULL ? 1 : (unsigned)strtoul(rev, NULL, 10);
    if (official != NULL) {
        OC_TRY(oc_build_text(build, official, &out->official));
    }
    out->condition = oc_arena_text(build->arena, condition == NULL ? OC_CONDITION_STATED : condition);
    out->clock = clock == NULL ? NULL : oc_arena_text(build->arena, clock);
    out->budget_p99_us = budget == NULL ? 0 : strtoull(budget, NULL, 10);
    out->touches_text = oc_arena_text(build->arena, touches == NULL ? "none" : touches);
    out->file = build->file;
    out->line = oc_xml_line(node);
    oc_result r = oc_touches_parse(&out->touches, out->touches_text, build->diag);
    if (!oc_is_ok(r)) {
        oc_diag_place(build->diag, out->file, out->line);
    }
    return r;
}

static oc_result take_steps(const oc_build *build, const xmlNode *node, const xmlNode *parent, const xmlNode *lets,
                            const oc_step **out, size_t *count)
{
    oc_step_list list = {0};
    oc_result r = oc_build_steps(build, lets, true, &list);
    if (oc_is_ok(r)) {
        r = oc_build_steps(build, parent, false, &list);
    }
    if (oc_is_ok(r)) {
        r = oc_build_keep_steps(build, node, &list, out, count);
    }
    oc_step_list_free(&list);
    return r;
}

oc_result oc_build_count_case(const oc_build *build, const xmlNode *node)
{
    if (build->totals->cases == OC_CASES_MAX) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_LIMIT, "more than %d cases and negatives",
                           OC_CASES_MAX);
    }
    build->totals->cases++;
    return oc_ok();
}

oc_result oc_build_case(const oc_build *build, const xmlNode *node, const char *area, oc_case **out)
{
    OC_TRY(oc_build_count_case(build, node));
    oc_case *made = oc_arena_alloc(build->arena, sizeof *made);
    if (made == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(take_head(build, node, area, made));
    OC_TRY(take_titles(build, node, made));
    OC_TRY(take_requirements(build, node, made));
    const xmlNode *applicability = oc_xml_child(node, "if");
    if (applicability != NULL) {
        OC_TRY(oc_build_content(build, applicability, &made->applicability));
    }
    OC_TRY(take_steps(build, node, oc_xml_child(node, "steps"), node, &made->steps, &made->step_count));
    OC_TRY(take_steps(build, node, oc_xml_child(node, "restore"), NULL, &made->restore, &made->restore_count));
    OC_TRY(oc_build_covers(build, node, made));
    OC_TRY(oc_build_negatives(build, node, made));
    *out = made;
    return oc_ok();
}
