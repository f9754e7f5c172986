/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/formats/facts.h"

#include <stdio.h>
#include <stdlib.h>

#include "reports/formats/facts_text.h"
#include "sim/base/visible.h"

/* How a verdict looks from outside; a DEVIATION fails a strict run. */
static const struct {
    enum oc_format_outcome outcome;
    const char *type;
} mapping[OC_REPORT_VERDICTS] = {
    [OC_REPORT_PASS] = {OC_FORMAT_PASSED, ""},
    [OC_REPORT_NOT_APPLICABLE] = {OC_FORMAT_SKIPPED, "not-applicable"},
    [OC_REPORT_NOT_RUN] = {OC_FORMAT_SKIPPED, "not-run"},
    [OC_REPORT_INCONCLUSIVE] = {OC_FORMAT_ERRORED, "inconclusive"},
    [OC_REPORT_DEVIATION] = {OC_FORMAT_WARNED, "deviation"},
    [OC_REPORT_FAIL] = {OC_FORMAT_FAILED, "conformance"},
    [OC_REPORT_ERROR] = {OC_FORMAT_ERRORED, "infra"},
};

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

/* Letters, digits, '-' and '_' only: dots make levels in class names. */
static void slug_of(char *slug, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        bool fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
        slug[i] = fine ? c : '_';
    }
    slug[len] = '\0';
}

static char *new_slug(oc_arena *arena, const char *text, size_t len)
{
    char *slug = oc_arena_text_n(arena, text, len);
    if (slug != NULL) {
        slug_of(slug, text, len);
    }
    return slug;
}

static bool slug_taken(const oc_format_pass *passes, size_t count, const char *slug)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(passes[i].slug, slug) == 0) {
            return true;
        }
    }
    return false;
}

/* With a number behind it where an earlier pass has the same. */
static const char *pass_slug(oc_arena *arena, const oc_format_pass *passes, size_t count, const char *id)
{
    const char *plain = new_slug(arena, id, strlen(id));
    const char *slug = plain;
    for (size_t number = count + 1; slug != NULL && slug_taken(passes, count, slug); number++) {
        slug = oc_arena_format(arena, "%s-pass-%zu", plain, number);
    }
    return slug;
}

oc_result oc_format_run_take(oc_format_run *out, oc_arena *arena, const xmlNode *result)
{
    *out = (oc_format_run){.result = result};
    out->strict = is_true(oc_xml_attr(result, "strict"));
    out->interrupted = is_true(oc_xml_attr(result, "interrupted"));
    out->exit_code = strtoul(oc_xml_attr(result, "exit-code"), NULL, 10);
    out->planned = strtoull(oc_xml_attr(result, "planned"), NULL, 10);
    size_t count = 0;
    for (const xmlNode *pass = oc_xml_child(result, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        count++;
    }
    oc_format_pass *passes = oc_arena_alloc(arena, (count + 1) * sizeof *passes);
    if (passes == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (const xmlNode *pass = oc_xml_child(result, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        const char *id = oc_xml_attr(pass, "id");
        const char *slug = pass_slug(arena, passes, out->pass_count, id);
        if (slug == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        passes[out->pass_count++] = (oc_format_pass){id, slug};
    }
    for (const xmlNode *one = oc_xml_child(result, "difference"); one != NULL; one = oc_xml_next(one, "difference")) {
        out->differences++;
    }
    out->passes = passes;
    return oc_ok();
}

/* onecard.PASS.AREA.GROUP, the group being the first two parts of the id. */
static const char *classname_of(oc_arena *arena, const oc_format_case *one)
{
    const char *area = oc_xml_attr(one->node, "area");
    area = area == NULL || area[0] == '\0' ? "all" : area;
    size_t group = strcspn(one->id, ".");
    if (one->id[group] == '.') {
        group += 1 + strcspn(one->id + group + 1, ".");
    }
    const char *area_slug = new_slug(arena, area, strlen(area));
    const char *group_slug = new_slug(arena, one->id, group);
    return area_slug == NULL || group_slug == NULL
               ? NULL
               : oc_arena_format(arena, "onecard.%s.%s.%s", one->pass->slug, area_slug, group_slug);
}

static const char *keep(oc_arena *arena, const oc_buf *text)
{
    return oc_arena_text_n(arena, (const char *)text->at, text->len);
}

static const char *name_of(oc_arena *arena, const oc_format_case *one)
{
    const char *repeat = oc_xml_attr(one->node, "repeat");
    oc_buf name = {0};
    oc_buf title = {0};
    bool made = oc_is_ok(oc_visible_text(&name, one->id)) && oc_is_ok(oc_format_title(&title, one->node));
    if (made && title.len > 0) {
        made = oc_is_ok(oc_buf_append_byte(&name, ' ')) && oc_is_ok(oc_buf_append(&name, oc_buf_span(&title)));
    }
    if (made && repeat != NULL && strtoul(repeat, NULL, 10) > 1) {
        made = oc_is_ok(oc_buf_append(&name, oc_span_text(" [rep="))) &&
               oc_is_ok(oc_buf_append(&name, oc_span_text(repeat))) && oc_is_ok(oc_buf_append_byte(&name, ']'));
    }
    const char *kept = made ? keep(arena, &name) : NULL;
    oc_buf_free(&name);
    oc_buf_free(&title);
    return kept;
}

/* "waiver W-1 until 2027-01-31: ", before the reason of the failure that it accepts. */
static bool put_waiver(oc_buf *out, const oc_format_run *run, const oc_format_case *one)
{
    const char *id = oc_xml_attr(one->node, "waiver");
    const xmlNode *waiver = id == NULL ? NULL : oc_xml_child(run->result, "waiver");
    while (waiver != NULL && strcmp(oc_xml_attr(waiver, "id"), id) != 0) {
        waiver = oc_xml_next(waiver, "waiver");
    }
    char text[200];
    if (waiver == NULL) {
        return true;
    }
    snprintf(text, sizeof text, "waiver %.64s until %.10s: ", id, oc_xml_attr(waiver, "until"));
    return oc_is_ok(oc_visible_text(out, text));
}

static const char *message_of(oc_arena *arena, const oc_format_run *run, const oc_format_case *one)
{
    oc_buf text = {0};
    const char *kept = "";
    if (one->verdict != OC_REPORT_PASS) {
        bool good = put_waiver(&text, run, one) && oc_is_ok(oc_format_reason(&text, one->node));
        kept = good ? keep(arena, &text) : NULL;
    }
    oc_buf_free(&text);
    return kept;
}

static const char *file_of(oc_arena *arena, const xmlNode *node)
{
    oc_buf text = {0};
    const char *kept = oc_is_ok(oc_format_safe_path(&text, oc_xml_attr(node, "file"))) ? keep(arena, &text) : NULL;
    oc_buf_free(&text);
    return kept;
}

static const oc_format_pass *pass_of(const oc_format_run *run, const char *id)
{
    for (size_t i = 0; i < run->pass_count; i++) {
        if (strcmp(run->passes[i].id, id) == 0) {
            return &run->passes[i];
        }
    }
    return NULL;
}

oc_result oc_format_case_take(oc_format_case *out, oc_arena *arena, const oc_format_run *run, const xmlNode *node)
{
    *out = (oc_format_case){.node = node, .id = oc_xml_attr(node, "id"), .line = oc_xml_attr(node, "line")};
    out->pass = pass_of(run, oc_xml_attr(node, "pass"));
    if (out->pass == NULL || !oc_report_verdict_parse(oc_xml_attr(node, "verdict"), &out->verdict)) {
        return oc_fail(OC_E_INTERNAL); /* the reader has seen to both */
    }
    out->outcome = mapping[out->verdict].outcome;
    out->type = mapping[out->verdict].type;
    if (run->strict && out->outcome == OC_FORMAT_WARNED) {
        out->outcome = OC_FORMAT_FAILED;
    }
    if (oc_xml_attr(node, "waiver") != NULL && out->outcome == OC_FORMAT_FAILED) {
        out->outcome = OC_FORMAT_SKIPPED; /* somebody accepted it: the run does not fail of it */
        out->type = "waived";
    }
    out->duration_ns = strtoull(oc_xml_attr(node, "duration-ns"), NULL, 10);
    out->classname = classname_of(arena, out);
    out->name = name_of(arena, out);
    out->message = message_of(arena, run, out);
    out->file = file_of(arena, node);
    return out->classname == NULL || out->name == NULL || out->message == NULL || out->file == NULL
               ? oc_fail(OC_E_MEMORY)
               : oc_ok();
}

uint64_t oc_format_missing(const oc_format_run *run)
{
    return run->planned > run->end.planned_cases ? run->planned - run->end.planned_cases : 0;
}

bool oc_format_step_decided(const oc_format_case *one, const xmlNode *step)
{
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    const char *decided = evidence == NULL ? NULL : oc_xml_attr(evidence, "step");
    const char *id = oc_xml_attr(step, "id");
    return decided != NULL && id != NULL && strcmp(decided, id) == 0;
}
