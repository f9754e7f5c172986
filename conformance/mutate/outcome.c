/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/mutate/outcome.h"

#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/base/xml.h"

static const char *const status_names[] = {"killed", "survived", "equivalent", "contradicted", "error"};
/* A mutant that thousands of cases find, with a line of 200 bytes for each. */
static const oc_xml_limits limits = {.bytes = (size_t)64 * 1024 * 1024, .depth = 8};

const char *oc_mutant_status_name(enum oc_mutant_status status)
{
    return status_names[status];
}

void oc_mutant_outcome_free(oc_mutant_outcome *outcome)
{
    free(outcome->kills);
    oc_arena_free(&outcome->arena);
    *outcome = (oc_mutant_outcome){0};
}

static oc_result add(oc_mutant_outcome *out, const char *pass, const char *id, const char *requirement,
                     enum oc_report_verdict verdict, bool about)
{
    oc_kill *kill = &out->kills[out->count];
    *kill = (oc_kill){oc_arena_text(&out->arena, pass), oc_arena_text(&out->arena, id),
                      oc_arena_text(&out->arena, requirement), verdict, about};
    out->count++;
    return kill->pass == NULL || kill->id == NULL || kill->requirement == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result make_room(oc_mutant_outcome *out, size_t count)
{
    out->kills = calloc(count + 1, sizeof *out->kills);
    return out->kills == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static bool is_about(const oc_verdict_case *one, const char *requirement)
{
    bool about = one->broken != NULL && strcmp(one->broken, requirement) == 0;
    for (size_t i = 0; i < one->requirement_count && !about; i++) {
        about = strcmp(one->requirements[i], requirement) == 0;
    }
    return about;
}

oc_result oc_mutant_outcome_take(oc_mutant_outcome *out, const oc_verdicts *judged, const oc_mutant *mutant)
{
    OC_TRY(make_room(out, judged->count));
    out->judged = judged->judged;
    for (size_t i = 0; i < judged->count; i++) {
        const oc_verdict_case *one = &judged->cases[i];
        const char *first = one->requirement_count > 0 ? one->requirements[0] : "";
        if (oc_verdicts_mismatch(one)) {
            OC_TRY(add(out, one->pass, one->id, one->broken != NULL ? one->broken : first, one->verdict,
                       is_about(one, mutant->violates)));
        }
    }
    for (size_t i = 0; i < judged->count && out->count == 0 && out->error == NULL; i++) {
        const oc_verdict_case *one = &judged->cases[i];
        if (one->verdict == OC_REPORT_ERROR) {
            out->error = oc_arena_format(&out->arena, "%s: %s", one->id, one->reason == NULL ? "" : one->reason);
        }
    }
    return oc_ok();
}

void oc_mutant_outcome_weigh(oc_mutant_outcome *outcome, const oc_mutant *mutant)
{
    bool is_equivalent = mutant->equivalent_en != NULL;
    outcome->by_requirement = outcome->by_check = outcome->by_case = false;
    outcome->unrelated = 0;
    for (size_t i = 0; i < outcome->count; i++) {
        const oc_kill *kill = &outcome->kills[i];
        bool by_case = oc_mutant_killer(mutant, kill->id); /* oc_mutant_check: it is about the requirement */
        outcome->by_requirement = outcome->by_requirement || kill->about || by_case;
        outcome->by_check = outcome->by_check || strcmp(kill->requirement, mutant->violates) == 0;
        outcome->by_case = outcome->by_case || by_case;
        outcome->unrelated += !oc_mutant_may_violate(mutant, kill->requirement);
    }
    outcome->status = outcome->count > 0       ? is_equivalent ? OC_MUTANT_CONTRADICTED : OC_MUTANT_KILLED
                      : outcome->error != NULL ? OC_MUTANT_ERROR
                      : is_equivalent          ? OC_MUTANT_EQUIVALENT
                                               : OC_MUTANT_SURVIVED;
}

static void write_kill(oc_xml_out *out, const oc_kill *kill, const oc_mutant *mutant)
{
    oc_out_open(out, "kill");
    oc_out_attribute(out, "pass", kill->pass);
    oc_out_attribute(out, "case", kill->id);
    oc_out_attribute(out, "requirement", kill->requirement);
    oc_out_attribute(out, "verdict", oc_report_verdict_name(kill->verdict));
    oc_out_flag(out, "about", kill->about);
    oc_out_flag(out, "related", oc_mutant_may_violate(mutant, kill->requirement));
    oc_out_close(out);
}

void oc_mutant_outcome_write(oc_xml_out *out, const oc_mutant_outcome *outcome, const oc_mutant *mutant)
{
    oc_out_open(out, "mutant");
    oc_out_attribute(out, "xmlns", "urn:onecard:mutation:1");
    oc_out_attribute(out, "id", mutant->id);
    oc_out_attribute(out, "actor", oc_mutant_actor_name(mutant->actor));
    oc_out_attribute(out, "violates", mutant->violates);
    oc_out_attribute(out, "killed-by", mutant->killed_by);
    oc_out_attribute(out, "at", mutant->at_seam ? "seam" : "point");
    oc_out_attribute(out, "status", oc_mutant_status_name(outcome->status));
    oc_out_flag(out, "by-requirement", outcome->by_requirement);
    oc_out_flag(out, "by-check", outcome->by_check);
    oc_out_flag(out, "by-case", outcome->by_case);
    oc_out_number(out, "judged", outcome->judged);
    oc_out_number(out, "kills", outcome->count);
    oc_out_number(out, "unrelated", outcome->unrelated);
    oc_out_number(out, "wall-ms", outcome->wall_ms);
    oc_out_number(out, "cpu-ms", outcome->cpu_ms);
    oc_out_attribute(out, "key", outcome->key);
    oc_out_text_in(out, "title", "zh", mutant->title_zh);
    oc_out_text_in(out, "title", "en", mutant->title_en);
    oc_out_text_in(out, "equivalent", "zh", mutant->equivalent_zh);
    oc_out_text_in(out, "equivalent", "en", mutant->equivalent_en);
    oc_out_text(out, "error", outcome->error);
    for (size_t i = 0; i < outcome->count; i++) {
        write_kill(out, &outcome->kills[i], mutant);
    }
    oc_out_close(out);
}

oc_result oc_mutant_outcome_save(const oc_mutant_outcome *outcome, const oc_mutant *mutant, const char *path,
                                 oc_diag *diag)
{
    oc_buf text = {0};
    oc_entry_out entry = {.to = &text};
    oc_xml_out out = {.entry = &entry};
    oc_mutant_outcome_write(&out, outcome, mutant);
    oc_result r = oc_out_end(&out);
    if (oc_is_ok(r)) {
        r = oc_file_replace(path, oc_buf_span(&text), diag);
    }
    oc_buf_free(&text);
    return r;
}

static oc_result read_kills(oc_mutant_outcome *out, const oc_xml_doc *doc, oc_diag *diag)
{
    const xmlNode *root = oc_xml_root(doc);
    size_t count = 0;
    for (const xmlNode *n = oc_xml_child(root, "kill"); n != NULL; n = oc_xml_next(n, "kill")) {
        count++;
    }
    OC_TRY(make_room(out, count));
    for (const xmlNode *n = oc_xml_child(root, "kill"); n != NULL; n = oc_xml_next(n, "kill")) {
        enum oc_report_verdict verdict;
        if (!oc_report_verdict_parse(oc_xml_attr(n, "verdict"), &verdict)) {
            return oc_xml_fail(doc, n, diag, OC_E_FORMAT, "no verdict");
        }
        OC_TRY(add(out, oc_xml_attr(n, "pass"), oc_xml_attr(n, "case"), oc_xml_attr(n, "requirement"), verdict,
                   strcmp(oc_xml_attr(n, "about"), "true") == 0));
    }
    return oc_ok();
}

static oc_result read_outcome(oc_mutant_outcome *out, const oc_mutant *mutant, const oc_xml_doc *doc, oc_diag *diag)
{
    const xmlNode *root = oc_xml_root(doc);
    const xmlNode *error = oc_xml_child(root, "error");
    if (!oc_xml_is(root, "mutant") || strcmp(oc_xml_attr(root, "id"), mutant->id) != 0) {
        return oc_xml_fail(doc, root, diag, OC_E_FORMAT, "this is not about %s", mutant->id);
    }
    oc_wr key = oc_wr_of(out->key, sizeof out->key - 1);
    oc_wr_bytes(&key, oc_span_text(oc_xml_attr(root, "key")));
    out->judged = strtoul(oc_xml_attr(root, "judged"), NULL, 10);
    out->wall_ms = strtoul(oc_xml_attr(root, "wall-ms"), NULL, 10);
    out->cpu_ms = strtoul(oc_xml_attr(root, "cpu-ms"), NULL, 10);
    if (error != NULL) {
        out->error = oc_arena_text(&out->arena, error->children == NULL ? "" : (const char *)error->children->content);
    }
    return read_kills(out, doc, diag);
}

oc_result oc_mutant_outcome_load(oc_mutant_outcome *out, const oc_mutant *mutant, const char *path,
                                 const oc_xml_schema *schema, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    *out = (oc_mutant_outcome){0};
    oc_result r = oc_xml_load(&doc, path, &limits, diag);
    if (oc_is_ok(r)) {
        r = oc_xml_validate(doc, schema, diag);
    }
    if (oc_is_ok(r)) {
        r = read_outcome(out, mutant, doc, diag);
    }
    oc_xml_free(&doc);
    if (!oc_is_ok(r)) {
        oc_mutant_outcome_free(out);
        return r;
    }
    oc_mutant_outcome_weigh(out, mutant);
    return r;
}
