/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/assess.h"

#include "conformance/judge/match.h"
#include "conformance/run/assess_internal.h"
#include "conformance/run/observe.h"
#include "sim/base/hex.h"

#define RECORDED_MAX 20000 /* exchanges of a capture that the record shows */
#define ATR_TEXT 80

static const char *const observed_only = "observed, not provoked / 仅观察，未激发";

static void fill_head(oc_outcome *out, const char *pass, const char *id, const char *file, long line)
{
    *out = (oc_outcome){.id = id,
                        .pass = pass,
                        .area = "session",
                        .file = file,
                        .line = line,
                        .rev = 1,
                        .touches = "none",
                        .condition = "observed",
                        .title_en = "",
                        .title_zh = "",
                        .verdict = OC_VERDICT_PASS};
}

static const char *text_or_masked(const oc_assessor *assessor, oc_arena *arena, const oc_raw_exchange *raw,
                                  bool answer)
{
    const char *text = answer ? raw->response_text : raw->command_text;
    if (text != NULL) {
        return text;
    }
    if (raw->is_reset && !answer) {
        return raw->reset == OC_RESET_WARM ? "reset warm" : "reset cold";
    }
    return answer ? oc_mask_response(assessor->mask, arena, raw->command.bytes, raw->response.bytes)
                  : oc_mask_command(assessor->mask, arena, raw->command.bytes);
}

static bool write_exchanges(const oc_assessor *assessor, const oc_capture *capture, const oc_capture_session *session,
                            oc_arena *arena, size_t count, oc_outcome_step *step)
{
    oc_outcome_exchange *exchanges = oc_arena_alloc(arena, (count + 1) * sizeof *exchanges);
    uint64_t origin = count > 0 ? capture->at[session->first].begin_ns : 0;
    for (size_t i = 0; exchanges != NULL && i < count; i++) {
        const oc_raw_exchange *raw = &capture->at[session->first + i];
        exchanges[i] = (oc_outcome_exchange){
            .actor = raw->actor == OC_PATTERN_PSAM ? "psam" : "card",
            .command = text_or_masked(assessor, arena, raw, false),
            .response = raw->failed ? NULL : text_or_masked(assessor, arena, raw, true),
            .begin_ns = raw->begin_ns < origin ? 0 : raw->begin_ns - origin,
            .duration_ns = raw->end_ns < raw->begin_ns ? 0 : raw->end_ns - raw->begin_ns};
    }
    *step = (oc_outcome_step){.id = session->name,
                              .kind = "call",
                              .actor = "terminal",
                              .phase = "steps",
                              .note = observed_only,
                              .exchanges = exchanges,
                              .exchange_count = exchanges == NULL ? 0 : count};
    return exchanges != NULL;
}

static oc_result note_trace(const oc_assessor *assessor, const oc_capture *capture, const char *pass,
                            oc_record *record, oc_diag *diag)
{
    oc_outcome out;
    fill_head(&out, pass, OC_TRACE_ID, "", 0);
    out.title_en = "The trace: observed, not provoked";
    out.title_zh = "会话记录：仅观察，未激发";
    oc_outcome_step *steps = oc_arena_alloc(&out.arena, (capture->session_count + 1) * sizeof *steps);
    bool whole = steps != NULL;
    size_t left = RECORDED_MAX;
    for (size_t i = 0; whole && i < capture->session_count && left > 0; i++) {
        const oc_capture_session *session = &capture->sessions[i];
        size_t count = session->count < left ? session->count : left;
        whole = write_exchanges(assessor, capture, session, &out.arena, count, &steps[out.step_count++]);
        left -= count;
    }
    out.steps = steps;
    if (left == 0 && capture->count > RECORDED_MAX) {
        out.reason = oc_arena_format(&out.arena, "the record shows the first %d of %zu exchanges", RECORDED_MAX,
                                     capture->count);
    }
    oc_result r = whole ? oc_record_outcome(record, &out, diag) : oc_fail(OC_E_MEMORY);
    oc_outcome_free(&out);
    return r;
}

static oc_result note_pass(const oc_assessor *assessor, const oc_capture *capture, const char *pass, oc_record *record,
                           oc_diag *diag)
{
    char atr[ATR_TEXT] = "";
    for (size_t i = 0; i < capture->count && atr[0] == '\0'; i++) {
        const oc_raw_exchange *raw = &capture->at[i];
        if (raw->is_reset && raw->actor == OC_PATTERN_CARD && oc_seen_is_known(raw->response)) {
            oc_hex_encode(atr, sizeof atr, raw->response.bytes);
        }
    }
    const oc_profile *profile = assessor->profile;
    const oc_pass_info info = {.id = pass,
                               .profile = profile == NULL ? "unknown" : oc_profile_id(profile),
                               .profile_path = profile == NULL ? "" : oc_profile_path(profile),
                               .title_en = "Recorded session: observed, not provoked",
                               .title_zh = "录制的会话：仅观察，未激发",
                               .card = capture->name,
                               .transport = capture->format,
                               .atr = atr[0] == '\0' ? NULL : atr};
    return oc_record_pass(record, &info, diag);
}

/* Keeps the worst of the sessions, and tells of the first that is as bad. */
static void take_finding(struct oc_assessment *all, const struct oc_finding *one, const char *session)
{
    if (one->kind > all->worst.kind) {
        all->worst = *one;
        all->session = session;
        all->times = 0;
    }
    all->times += one->kind == all->worst.kind;
}

static enum oc_verdict verdict_of(const oc_assessor *assessor, const oc_session_rule *rule,
                                  const struct oc_finding *finding, char *confidence)
{
    const char *requirement = finding->evidence.requirement != NULL ? finding->evidence.requirement
                                                                    : rule->requirement;
    bool sm4 = assessor->profile != NULL && oc_profile_alg(assessor->profile) == OC_ALG_SM4;
    *confidence = (sm4 ? oc_catalogue_sm4_confidence : oc_catalogue_confidence)(assessor->catalogue, requirement);
    switch (finding->kind) {
    case OC_FINDING_NOTHING:
        return OC_VERDICT_NOT_APPLICABLE;
    case OC_FINDING_HOLDS:
        return OC_VERDICT_PASS;
    case OC_FINDING_OPEN:
        return OC_VERDICT_INCONCLUSIVE;
    case OC_FINDING_BROKEN:
        return *confidence == 'A' ? OC_VERDICT_FAIL : OC_VERDICT_DEVIATION;
    }
    return OC_VERDICT_ERROR;
}

static void conclude(const oc_assessor *assessor, const oc_session_rule *rule, const struct oc_assessment *all,
                     size_t sessions, oc_outcome *out)
{
    static const char *const names[] = {"A", "B", "C", "P"};
    const struct oc_finding *finding = &all->worst;
    char confidence = 0;
    out->verdict = verdict_of(assessor, rule, finding, &confidence);
    if (out->verdict == OC_VERDICT_PASS) {
        return;
    }
    if (finding->kind == OC_FINDING_NOTHING) {
        out->reason = finding->reason != NULL ? finding->reason : "nothing in the trace is of this rule";
        return;
    }
    out->reason = oc_arena_format(&out->arena, "%s, in %zu of %zu sessions, first in %s: %s", observed_only,
                                  all->times, sessions, all->session, finding->reason == NULL ? "" : finding->reason);
    out->has_evidence = finding->has_evidence;
    out->evidence = finding->evidence;
    out->evidence.step = all->session;
    out->evidence.requirement = finding->evidence.requirement != NULL ? finding->evidence.requirement
                                                                      : rule->requirement;
    out->evidence.confidence = names[confidence == 'A' ? 0 : confidence == 'B' ? 1 : confidence == 'C' ? 2 : 3];
}

static oc_result assess_rule(const oc_assessor *assessor, const oc_capture *capture, const oc_session_rule *rule,
                             const char *pass, oc_record *record, oc_diag *diag)
{
    oc_outcome out;
    struct oc_assessment all = {.worst = {.kind = OC_FINDING_NOTHING}};
    fill_head(&out, pass, rule->id, rule->file, rule->line);
    out.title_en = rule->title_en;
    out.title_zh = rule->title_zh;
    out.requirements = &rule->requirement;
    out.requirement_count = 1;
    oc_result r = oc_ok();
    for (size_t i = 0; i < capture->session_count && oc_is_ok(r); i++) {
        const oc_capture_session *session = &capture->sessions[i];
        struct oc_finding finding = {.kind = OC_FINDING_NOTHING};
        r = oc_assess_session(assessor, rule, capture->at + session->first, session->count, &out.arena, &finding,
                              diag);
        take_finding(&all, &finding, session->name);
        if (i == 0 && finding.kind == OC_FINDING_NOTHING) {
            all.worst.reason = finding.reason;
        }
    }
    if (oc_is_ok(r)) {
        conclude(assessor, rule, &all, capture->session_count, &out);
        r = oc_record_outcome(record, &out, diag);
    }
    oc_outcome_free(&out);
    return r;
}

oc_result oc_assess(const oc_assessor *assessor, const oc_capture *capture, const char *pass, oc_record *record,
                    size_t *count, oc_diag *diag)
{
    OC_TRY(note_pass(assessor, capture, pass, record, diag));
    OC_TRY(note_trace(assessor, capture, pass, record, diag));
    ++*count;
    for (size_t i = 0; i < oc_rules_count(assessor->rules); i++) {
        OC_TRY(assess_rule(assessor, capture, oc_rules_at(assessor->rules, i), pass, record, diag));
        ++*count;
    }
    return oc_ok();
}
