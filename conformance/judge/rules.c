/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/judge/rules.h"

#include <stdlib.h>

#include "conformance/dialect/build_observe.h"

#define RULES_MAX 512
#define FILES_MAX 16

struct oc_rules {
    oc_arena arena;
    oc_xml_doc *docs[FILES_MAX];
    size_t doc_count;
    oc_build_totals totals;
    oc_session_rule at[RULES_MAX];
    size_t count;
};

oc_result oc_rules_new(oc_rules **out)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

void oc_rules_free(oc_rules **rules)
{
    if (*rules == NULL) {
        return;
    }
    for (size_t i = 0; i < (*rules)->doc_count; i++) {
        oc_xml_free(&(*rules)->docs[i]);
    }
    oc_arena_free(&(*rules)->arena);
    free(*rules);
    *rules = NULL;
}

size_t oc_rules_count(const oc_rules *rules)
{
    return rules->count;
}

const oc_session_rule *oc_rules_at(const oc_rules *rules, size_t at)
{
    return at < rules->count ? &rules->at[at] : NULL;
}

static oc_result take_titles(const oc_build *build, const xmlNode *node, oc_session_rule *out)
{
    out->title_en = out->title_zh = "";
    for (const xmlNode *title = oc_xml_child(node, "title"); title != NULL; title = oc_xml_next(title, "title")) {
        const char *lang = oc_xml_attr(title, "xml:lang");
        const char **text = lang != NULL && strncmp(lang, "zh", 2) == 0 ? &out->title_zh : &out->title_en;
        OC_TRY(oc_build_content(build, title, text));
    }
    return oc_ok();
}

/* of="shown again": which patterns. */
static uint64_t named_patterns(const oc_observation *observation, const char *ids)
{
    uint64_t set = 0;
    for (const char *at = ids; *(at += strspn(at, " ")) != '\0';) {
        size_t len = strcspn(at, " ");
        for (size_t i = 0; i < observation->count; i++) {
            const char *id = observation->patterns[i].id;
            set |= strlen(id) == len && strncmp(id, at, len) == 0 ? UINT64_C(1) << i : 0;
        }
        at += len;
    }
    return set;
}

static oc_result take_proof(const oc_build *build, const xmlNode *node, oc_session_rule *out)
{
    const xmlNode *prove = oc_xml_child(node, "prove");
    if (prove == NULL) {
        return oc_ok();
    }
    bool has_value;
    bool has_equals;
    const char *ids = oc_xml_attr(prove, "of");
    OC_TRY(oc_build_value(build, prove, "value", &out->value, &has_value));
    OC_TRY(oc_build_value(build, prove, "equals", &out->equals, &has_equals));
    out->proves = ids == NULL ? 0 : named_patterns(out->observation, ids);
    if (!has_value || !has_equals || out->proves == 0) {
        return oc_xml_fail(build->doc, prove, build->diag, OC_E_FORMAT,
                           "a proof needs of (patterns of its rule), value and equals");
    }
    oc_step_list list = {0};
    oc_result r = oc_build_steps(build, prove, true, &list);
    if (oc_is_ok(r)) {
        r = oc_build_keep_steps(build, prove, &list, &out->lets, &out->let_count);
    }
    oc_step_list_free(&list);
    return r;
}

static oc_result add_rule(oc_rules *rules, const oc_build *build, const xmlNode *node)
{
    const char *id = oc_xml_attr(node, "id");
    const char *requirement = oc_xml_attr(node, "req");
    if (rules->count == RULES_MAX) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_LIMIT, "more than %d rules", RULES_MAX);
    }
    if (id == NULL || requirement == NULL) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "a rule needs id and req");
    }
    for (size_t i = 0; i < rules->count; i++) {
        if (strcmp(rules->at[i].id, id) == 0) {
            return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "two rules are called %s", id);
        }
    }
    oc_session_rule *rule = &rules->at[rules->count];
    *rule = (oc_session_rule){.id = oc_arena_text(build->arena, id),
                              .requirement = oc_arena_text(build->arena, requirement),
                              .file = build->file,
                              .line = oc_xml_line(node)};
    if (rule->id == NULL || rule->requirement == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(take_titles(build, node, rule));
    OC_TRY(oc_build_observation(build, node, &rule->observation));
    OC_TRY(take_proof(build, node, rule));
    if (rule->proves == 0 && !oc_observation_checks(rule->observation)) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_FORMAT, "nothing can break rule %s", id);
    }
    rules->count++;
    return oc_ok();
}

static oc_result validate(const oc_xml_doc *doc, const char *schema_path, oc_diag *diag)
{
    oc_xml_schema *schema = NULL;
    OC_TRY(oc_xml_schema_new(&schema, schema_path, diag));
    oc_result r = oc_xml_validate(doc, schema, diag);
    oc_xml_schema_free(&schema);
    return r;
}

oc_result oc_rules_add(oc_rules *rules, const char *path, const char *schema_path, oc_diag *diag)
{
    if (rules->doc_count == FILES_MAX) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "more than %d files of rules", FILES_MAX);
    }
    oc_xml_doc **doc = &rules->docs[rules->doc_count];
    OC_TRY(oc_xml_load(doc, path, NULL, diag));
    rules->doc_count++;
    const xmlNode *root = oc_xml_root(*doc);
    if (!oc_xml_is(root, "rules")) {
        return oc_xml_fail(*doc, root, diag, OC_E_FORMAT, "this is no file of rules");
    }
    if (schema_path != NULL) {
        OC_TRY(validate(*doc, schema_path, diag));
    }
    oc_build build = {.arena = &rules->arena,
                      .totals = &rules->totals,
                      .doc = *doc,
                      .file = oc_arena_text(&rules->arena, path),
                      .diag = diag};
    for (const xmlNode *node = oc_xml_child(root, "rule"); node != NULL; node = oc_xml_next(node, "rule")) {
        OC_TRY(add_rule(rules, &build, node));
    }
    return oc_ok();
}
