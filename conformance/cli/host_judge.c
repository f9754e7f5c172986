/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/host_judge.h"

#include <stdlib.h>

#include "conformance/cli/outputs.h"
#include "conformance/record/record.h"
#include "conformance/run/runner.h"
#include "reports/reports.h"
#include "sim/base/file.h"
#include "sim/host/json.h"

#define PASS "clients"

/* A settlement whose outcome its client does not know. */
struct doubt {
    char institution[13];
    char visit[31];
    char msgid[32];
};

/* Of clients that are in doubt at once; the oldest make room. */
#define DOUBTS_MAX 4096

struct oc_host_judge {
    const oc_cli *cli;
    char folder[PATH_MAX];
    oc_record *record;
    size_t count;
    struct doubt doubts[DOUBTS_MAX]; /* in no order; free where msgid is "" */
    size_t next_doubt;
};

oc_result oc_host_judge_open(oc_host_judge **out, const oc_cli *cli, const char *folder, const char *command_line,
                             oc_diag *diag)
{
    char started[40];
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, started, sizeof started);
    const oc_run_info info = {.suite_version = OC_VERSION,
                              .command_line = command_line,
                              .subject = "clients of the settlement back-end: observed / 结算后台的客户端",
                              .started = started};
    const oc_pass_info pass = {.id = PASS,
                               .profile = "settlement",
                               .profile_path = "",
                               .title_en = "Messages of clients",
                               .title_zh = "客户端报文",
                               .card = "none",
                               .transport = "http"};
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    (*out)->cli = cli;
    snprintf((*out)->folder, sizeof(*out)->folder, "%s", folder);
    oc_result r = oc_record_open(&(*out)->record, folder, &info, false, diag);
    r = oc_is_ok(r) ? oc_record_pass((*out)->record, &pass, diag) : r;
    if (!oc_is_ok(r)) {
        oc_record_free(&(*out)->record);
        free(*out);
        *out = NULL;
    }
    return r;
}

static const char *member(const json_t *input, const char *name)
{
    const char *text = json_string_value(json_object_get(json_object_get(input, "data"), name));
    return text == NULL ? "" : text;
}

static bool settles(const oc_med_judgement *judgement)
{
    return strcmp(judgement->infno, "2207") == 0 || strcmp(judgement->infno, "2304") == 0;
}

static bool cancels(const oc_med_judgement *judgement)
{
    return strcmp(judgement->infno, "2208") == 0 || strcmp(judgement->infno, "2305") == 0;
}

static const char *institution_of(const json_t *message)
{
    const char *text = json_string_value(json_object_get(message, "fixmedins_code"));
    return text == NULL ? "" : text;
}

/* F11: what a client does about an outcome that it does not know. True when it settles anew, blindly. */
static bool is_blind(oc_host_judge *judge, const json_t *message, const oc_med_judgement *judgement)
{
    const json_t *input = json_object_get(message, "input");
    const char *institution = institution_of(message);
    const char *taken_back = strcmp(judgement->infno, "2601") == 0 ? member(input, "omsgid") : "";
    bool blind = false;
    for (size_t i = 0; i < DOUBTS_MAX; i++) {
        struct doubt *doubt = &judge->doubts[i];
        if (doubt->msgid[0] == '\0' || strcmp(doubt->institution, institution) != 0) {
            continue;
        }
        bool same_visit = strcmp(member(input, "mdtrt_id"), doubt->visit) == 0;
        bool undone = judgement->booked && same_visit && cancels(judgement);
        if (undone || strcmp(judgement->msgid, doubt->msgid) == 0 || strcmp(taken_back, doubt->msgid) == 0) {
            doubt->msgid[0] = '\0';
        } else if (settles(judgement) && same_visit) {
            blind = true;
            doubt->msgid[0] = '\0'; /* said once */
        }
    }
    return blind;
}

static void remember(oc_host_judge *judge, const json_t *message, const oc_med_judgement *judgement)
{
    struct doubt *doubt = &judge->doubts[judge->next_doubt++ % DOUBTS_MAX];
    snprintf(doubt->institution, sizeof doubt->institution, "%.12s", institution_of(message));
    snprintf(doubt->visit, sizeof doubt->visit, "%.30s", member(json_object_get(message, "input"), "mdtrt_id"));
    snprintf(doubt->msgid, sizeof doubt->msgid, "%s", judgement->msgid);
}

static oc_outcome_evidence evidence_of(oc_arena *arena, const oc_med_finding *finding, const char *confidence)
{
    return (oc_outcome_evidence){
        .step = "message",
        .what = oc_arena_format(arena, "%s %s", oc_med_flaw_word(finding->flaw), finding->path),
        .expected = oc_arena_text(arena, finding->expected),
        .received = oc_arena_text(arena, finding->received),
        .first_difference = -1,
        .confidence = confidence};
}

static void decide(oc_outcome *outcome, const oc_med_finding *finding)
{
    const char *confidence = finding->source == 'B' ? "B" : finding->source == 'C' ? "C" : "P";
    /* Rules of the flow are attested (sheet 8), though the refusal of a single message is our reading. */
    bool ours = finding->source == 'P' && finding->flaw != OC_MED_FLAW_RULE;
    outcome->verdict = ours ? OC_VERDICT_DEVIATION : OC_VERDICT_FAIL;
    outcome->reason = oc_arena_format(&outcome->arena, "%s %s: expected %s", finding->path,
                                      oc_med_flaw_en(finding->flaw), finding->expected);
    outcome->has_evidence = true;
    outcome->evidence = evidence_of(&outcome->arena, finding, confidence);
}

static oc_outcome outcome_of_client(void)
{
    return (oc_outcome){
        .pass = PASS, .area = "host", .file = "", .rev = 1, .touches = "none", .verdict = OC_VERDICT_PASS};
}

static oc_result record(oc_host_judge *judge, const oc_med_judgement *judgement, bool blind, oc_diag *diag)
{
    static const oc_med_finding second = {.flaw = OC_MED_FLAW_RULE,
                                          .source = 'P',
                                          .path = "F11",
                                          .expected = "2601 or the same message again before another settlement",
                                          .received = "a second settlement with a new msgid"};
    const oc_med_finding *fault = oc_med_first_fault(&judgement->findings);
    oc_outcome outcome = outcome_of_client();
    const char *infno = judgement->infno[0] == '\0' ? "unknown" : judgement->infno;
    outcome.id = oc_arena_format(&outcome.arena, "MESSAGE.%06zu.%s", ++judge->count, infno);
    outcome.title_en = oc_arena_format(&outcome.arena, "Message %zu: %s", judge->count, infno);
    outcome.title_zh = oc_arena_format(&outcome.arena, "第%zu条报文：%s", judge->count, infno);
    if (blind) {
        decide(&outcome, &second);
    } else if (fault != NULL) {
        decide(&outcome, fault);
    } else if (judgement->findings.count > 0) {
        decide(&outcome, &judgement->findings.at[0]);
    }
    oc_result r = oc_record_outcome(judge->record, &outcome, diag);
    oc_outcome_free(&outcome);
    return r;
}

oc_result oc_host_judge_note(oc_host_judge *judge, oc_span request, const oc_med_judgement *judgement, bool hidden,
                             oc_diag *diag)
{
    json_t *message = NULL;
    oc_result parsed = oc_json_parse(&message, request, NULL);
    bool blind = oc_is_ok(parsed) && is_blind(judge, message, judgement);
    if (oc_is_ok(parsed) && hidden && judgement->booked && settles(judgement)) {
        remember(judge, message, judgement);
    }
    json_decref(message);
    return record(judge, judgement, blind, diag);
}

/* A client that took an answer at its word that it could not trust. What it should have noticed is our reading. */
static oc_result record_doubt(oc_host_judge *judge, const struct doubt *doubt, oc_diag *diag)
{
    static const oc_med_finding open = {
        .flaw = OC_MED_FLAW_RULE,
        .source = 'P',
        .path = "F11",
        .expected = "2601, 2208 or the same message again after an answer that tells no outcome",
        .received = "nothing"};
    oc_outcome outcome = outcome_of_client();
    outcome.id = oc_arena_format(&outcome.arena, "DOUBT.%s", doubt->msgid);
    outcome.title_en = oc_arena_format(&outcome.arena, "The doubtful settlement %s", doubt->msgid);
    outcome.title_zh = oc_arena_format(&outcome.arena, "结果不明的结算%s", doubt->msgid);
    decide(&outcome, &open);
    outcome.verdict = OC_VERDICT_DEVIATION;
    judge->count++;
    oc_result r = oc_record_outcome(judge->record, &outcome, diag);
    oc_outcome_free(&outcome);
    return r;
}

static oc_result record_doubts(oc_host_judge *judge, oc_diag *diag)
{
    for (size_t i = 0; i < DOUBTS_MAX; i++) {
        if (judge->doubts[i].msgid[0] != '\0') {
            OC_TRY(record_doubt(judge, &judge->doubts[i], diag));
        }
    }
    return oc_ok();
}

static oc_result write_reports(const oc_host_judge *judge, oc_diag *diag)
{
    char result[PATH_MAX];
    OC_TRY(oc_file_join(result, sizeof result, judge->folder, "result.xml"));
    OC_TRY(oc_cli_write_reports(judge->cli, judge->folder, &(oc_report_inputs){0}, NULL, diag));
    return oc_report_summary(stdout, result, judge->cli->lang, false, diag);
}

oc_result oc_host_judge_close(oc_host_judge **judge, int *code, oc_diag *diag)
{
    size_t counts[OC_VERDICT_COUNT];
    char ended[40];
    oc_clock now = oc_clock_wall();
    if (*judge == NULL) {
        return oc_ok();
    }
    oc_clock_format(&now, ended, sizeof ended);
    oc_result r = record_doubts(*judge, diag);
    oc_record_counts((*judge)->record, counts);
    *code = (*judge)->count == 0 ? OC_EXIT_NOTHING : oc_run_exit_code(counts, 0, false, false);
    oc_record_set_planned((*judge)->record, (*judge)->count);
    r = oc_is_ok(r) ? oc_record_finish((*judge)->record, ended, false, *code, diag) : r;
    r = oc_is_ok(r) ? write_reports(*judge, diag) : r;
    oc_record_free(&(*judge)->record);
    free(*judge);
    *judge = NULL;
    return r;
}
