/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>

#include "conformance/mutate/score.h"
#include "sim/base/file.h"

static void write_score(oc_xml_out *out, const oc_campaign *campaign, enum oc_mutant_actor actor)
{
    const oc_mutant_score score = oc_campaign_score(campaign, actor);
    if (score.mutants == 0) {
        return;
    }
    oc_out_open(out, "score");
    oc_out_attribute(out, "of", actor == OC_MUTANT_ACTORS ? "all" : oc_mutant_actor_name(actor));
    oc_out_number(out, "mutants", score.mutants);
    for (int status = 0; status <= OC_MUTANT_ERROR; status++) {
        oc_out_number(out, oc_mutant_status_name((enum oc_mutant_status)status), score.of[status]);
    }
    oc_out_number(out, "by-requirement", score.by_requirement);
    oc_out_number(out, "by-check", score.by_check);
    oc_out_number(out, "by-case", score.by_case);
    oc_out_number(out, "unrelated", score.unrelated);
    oc_out_number(out, "permyriad", oc_mutant_score_permyriad(&score));
    oc_out_close(out);
    oc_out_raw(out, "\n", 1);
}

static void write_group(oc_xml_out *out, const oc_campaign_group *group)
{
    oc_out_open(out, "right");
    oc_out_attribute(out, "actor", oc_mutant_actor_name(group->actor));
    oc_out_attribute(out, "run", group->run->name);
    oc_out_number(out, "cases", group->right.count);
    oc_out_number(out, "judged", group->right.judged);
    oc_out_number(out, "wall-ms", group->wall_ms);
    oc_out_number(out, "cpu-ms", group->cpu_ms);
    for (size_t i = 0; i < group->profiles->count; i++) {
        oc_out_text(out, "profile", group->profiles->at[i]);
    }
    oc_out_close(out);
    oc_out_raw(out, "\n", 1);
}

static void write_idle(oc_xml_out *out, const oc_idle_group *group)
{
    oc_out_open(out, "idle");
    oc_out_attribute(out, "group", group->name == NULL ? "all" : group->name);
    oc_out_number(out, "cases", group->cases);
    oc_out_number(out, "idle", group->idle);
    oc_out_number(out, "unbroken", group->unbroken);
    oc_out_close(out);
    oc_out_raw(out, "\n", 1);
}

static void write_content(oc_xml_out *out, const oc_campaign *campaign, const oc_idle *idle)
{
    for (int actor = 0; actor <= OC_MUTANT_ACTORS; actor++) {
        write_score(out, campaign, (enum oc_mutant_actor)actor);
    }
    for (size_t i = 0; i < campaign->group_count; i++) {
        write_group(out, &campaign->groups[i]);
    }
    for (size_t i = 0; i < campaign->count; i++) {
        if (campaign->done[i]) {
            oc_mutant_outcome_write(out, &campaign->outcomes[i], campaign->mutants[i]);
            oc_out_raw(out, "\n", 1);
        }
    }
    for (size_t i = 0; idle != NULL && i < idle->group_count; i++) {
        write_idle(out, &idle->groups[i]);
    }
    if (idle != NULL) {
        write_idle(out, &idle->total);
    }
}

static oc_result write_record(oc_buf *text, const oc_campaign *campaign, const oc_campaign_plan *plan,
                              const char *began, const oc_idle *idle)
{
    oc_entry_out entry = {.to = text};
    oc_xml_out out = {.entry = &entry};
    oc_result r = oc_buf_append(text, oc_span_text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
    oc_out_open(&out, "mutation");
    oc_out_attribute(&out, "xmlns", "urn:onecard:mutation:1");
    oc_out_attribute(&out, "suite", OC_VERSION);
    oc_out_attribute(&out, "began", began);
    oc_out_number(&out, "jobs", plan->jobs);
    oc_out_flag(&out, "quick", plan->quick);
    oc_out_flag(&out, "interrupted", campaign->interrupted);
    oc_out_raw(&out, "\n", 1);
    write_content(&out, campaign, idle);
    oc_out_close(&out);
    oc_result ended = oc_out_end(&out);
    return oc_is_ok(r) ? ended : r;
}

/* The texts are ids and words, without commas and quotes. */
static oc_result add_line(oc_buf *text, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        OC_TRY(oc_buf_append(text, oc_span_text(i == 0 ? "" : ",")));
        OC_TRY(oc_buf_append(text, oc_span_text(cells[i])));
    }
    return oc_buf_append(text, oc_span_text("\n"));
}

static oc_result write_row(oc_buf *text, const oc_mutant *mutant, const oc_mutant_outcome *outcome,
                           const oc_kill *kill)
{
    const char *related = kill == NULL ? "" : oc_mutant_may_violate(mutant, kill->requirement) ? "true" : "false";
    const char *const cells[] = {mutant->id,
                                 oc_mutant_actor_name(mutant->actor),
                                 mutant->violates,
                                 oc_mutant_status_name(outcome->status),
                                 kill == NULL ? "" : kill->id,
                                 kill == NULL ? "" : kill->pass,
                                 kill == NULL ? "" : kill->requirement,
                                 kill == NULL ? "" : oc_report_verdict_name(kill->verdict),
                                 related};
    return add_line(text, cells, sizeof cells / sizeof cells[0]);
}

static oc_result write_matrix(oc_buf *text, const oc_campaign *campaign)
{
    static const char *const head[] = {"mutant", "actor",       "violates", "status", "case",
                                       "pass",   "requirement", "verdict",  "related"};
    OC_TRY(add_line(text, head, sizeof head / sizeof head[0]));
    for (size_t i = 0; i < campaign->count; i++) {
        const oc_mutant_outcome *outcome = &campaign->outcomes[i];
        for (size_t k = 0; campaign->done[i] && k < outcome->count; k++) {
            OC_TRY(write_row(text, campaign->mutants[i], outcome, &outcome->kills[k]));
        }
        if (campaign->done[i] && outcome->count == 0) {
            OC_TRY(write_row(text, campaign->mutants[i], outcome, NULL));
        }
    }
    return oc_ok();
}

static oc_result put_file(const oc_campaign_plan *plan, const char *name, const oc_buf *text, oc_diag *diag)
{
    char path[PATH_MAX];
    OC_TRY(oc_file_join(path, sizeof path, plan->output, name));
    return oc_file_replace(path, oc_buf_span(text), diag);
}

oc_result oc_campaign_write(const oc_campaign *campaign, const oc_campaign_plan *plan, const char *began,
                            oc_diag *diag)
{
    oc_idle idle = {0};
    oc_buf record = {0};
    oc_buf matrix = {0};
    oc_result r = plan->quick ? oc_ok() : oc_idle_count(&idle, campaign);
    if (oc_is_ok(r)) {
        r = write_record(&record, campaign, plan, began, plan->quick ? NULL : &idle);
    }
    if (oc_is_ok(r)) {
        r = write_matrix(&matrix, campaign);
    }
    if (oc_is_ok(r)) {
        r = put_file(plan, "mutation.xml", &record, diag);
    }
    if (oc_is_ok(r)) {
        r = put_file(plan, "matrix.csv", &matrix, diag);
    }
    oc_buf_free(&record);
    oc_buf_free(&matrix);
    oc_idle_free(&idle);
    return r;
}
