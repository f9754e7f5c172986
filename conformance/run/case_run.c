/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/call_run.h"

#include <stdio.h>

#include "sim/base/atr.h"

static oc_result scope_capture(void *self, const char *name, oc_buf *out)
{
    const oc_case_run *run = self;
    const oc_buf *value = oc_fields_get(&run->captures, name);
    return value == NULL ? oc_fail(OC_E_NOT_FOUND) : oc_buf_append(out, oc_buf_span(value));
}

static oc_result scope_profile(void *self, const char *reference, oc_buf *out)
{
    const oc_case_run *run = self;
    const oc_profile *profile = oc_world_profile(run->executor->world);
    oc_span contact = oc_profile_atr(profile);
    bool contactless = oc_atr_is_contactless(oc_world_atr(run->executor->world));
    if (contactless && contact.len > 0 && strcmp(reference, "atr") == 0) {
        uint8_t room[OC_ATR_MAX];
        oc_wr wr = oc_wr_of(room, sizeof room);
        oc_atr_write_contactless(contact, &wr);
        return oc_buf_append(out, oc_wr_span(&wr));
    }
    return oc_profile_value(profile, reference, out);
}

static oc_result take_capture(void *context, const char *name, oc_span value)
{
    oc_case_run *run = context;
    return oc_fields_set(&run->captures, name, value);
}

/* What goes wrong while the card is restored is told beside what went wrong before: it may not be as it was. */
static void worsen(oc_case_run *run, enum oc_verdict verdict, const char *reason)
{
    oc_outcome *outcome = run->outcome;
    if (run->phase[0] == 'r') {
        outcome->verdict = oc_verdict_worse(outcome->verdict, OC_VERDICT_INCONCLUSIVE);
        outcome->reason = oc_arena_format(&outcome->arena, "%s%sthe card was not restored: %s",
                                          outcome->reason == NULL ? "" : outcome->reason,
                                          outcome->reason == NULL ? "" : "; ", reason);
        return;
    }
    enum oc_verdict worse = oc_verdict_worse(outcome->verdict, verdict);
    if (worse != outcome->verdict || outcome->reason == NULL) {
        outcome->verdict = worse;
        outcome->reason = reason;
    }
}

static char confidence_of(const oc_executor *executor, const char *requirement)
{
    bool sm4 = oc_profile_alg(oc_world_profile(executor->world)) == OC_ALG_SM4;
    return (sm4 ? oc_catalogue_sm4_confidence : oc_catalogue_confidence)(executor->catalogue, requirement);
}

/* The requirement that a mismatch is counted against, and whether it is firm enough for a FAIL. */
static enum oc_verdict verdict_of_mismatch(const oc_case_run *run, oc_outcome_evidence *evidence)
{
    const oc_case *subject = run->subject;
    if (evidence->requirement == NULL) {
        evidence->requirement = subject->requirement;
    }
    if (evidence->requirement == NULL && subject->requirement_count > 0) {
        evidence->requirement = subject->requirements[0].id;
    }
    char confidence = evidence->requirement == NULL ? 0 : confidence_of(run->executor, evidence->requirement);
    evidence->confidence = confidence == 'A' ? "A" : confidence == 'B' ? "B" : confidence == 'C' ? "C" : "P";
    for (size_t i = 0; i < subject->requirement_count; i++) {
        if (subject->requirements[i].choice && evidence->requirement != NULL &&
            strcmp(subject->requirements[i].id, evidence->requirement) == 0) {
            return OC_VERDICT_DEVIATION;
        }
    }
    return confidence == 'A' ? OC_VERDICT_FAIL : OC_VERDICT_DEVIATION;
}

static void conclude_mismatch(oc_case_run *run, oc_outcome_evidence *evidence)
{
    const oc_case *subject = run->subject;
    oc_arena *arena = &run->outcome->arena;
    enum oc_verdict verdict = verdict_of_mismatch(run, evidence);
    const char *what = oc_arena_format(arena, "step %s: %s: expected %s, received %s", run->step->id, evidence->what,
                                       evidence->expected, evidence->received);
    if (run->step->routine != NULL) {
        verdict = OC_VERDICT_INCONCLUSIVE;
        what = oc_arena_format(arena, "the preparation %s did not succeed: %s", run->step->routine,
                               what == NULL ? "" : what);
    } else if (subject->twin != NULL && run->at < subject->expected_step) {
        verdict = OC_VERDICT_INCONCLUSIVE;
        what = oc_arena_format(arena, "before the step in question: %s", what == NULL ? "" : what);
    } else if (subject->dut != NULL && !oc_world_is_under_test(run->executor->world, subject->dut)) {
        verdict = OC_VERDICT_INCONCLUSIVE;
        what = oc_arena_format(arena, "the %s, which is not under test, did not notice: %s", subject->dut,
                               what == NULL ? "" : what);
    }
    evidence->step = run->step->id;
    if (!run->outcome->has_evidence) {
        run->outcome->has_evidence = true;
        run->outcome->evidence = *evidence;
    }
    worsen(run, verdict, what == NULL ? "" : what);
}

static bool is_link_failure(enum oc_code code)
{
    return code == OC_E_GONE || code == OC_E_TIMEOUT || code == OC_E_GARBAGE || code == OC_E_IO;
}

static enum oc_verdict verdict_of_error(const oc_case_run *run, enum oc_code code)
{
    if (code == OC_E_NOT_FOUND) {
        return OC_VERDICT_NOT_APPLICABLE; /* the profile does not know a value */
    }
    if (code == OC_E_UNAVAILABLE) {
        return OC_VERDICT_NOT_RUN;
    }
    if (code == OC_E_FORMAT || code == OC_E_LIMIT) {
        return OC_VERDICT_INCONCLUSIVE;
    }
    bool card = is_link_failure(code) && run->trace->card_failed;
    return card && oc_world_card_is_ours_to_judge(run->executor->world) ? OC_VERDICT_FAIL : OC_VERDICT_ERROR;
}

static void conclude_error(oc_case_run *run, oc_result r, const oc_diag *diag)
{
    oc_arena *arena = &run->outcome->arena;
    const char *reason = oc_arena_format(arena, "step %s: %s", run->step->id,
                                         diag->reason[0] == '\0' ? oc_code_sentence(r.code) : diag->reason);
    if (is_link_failure(r.code) && run->trace->psam_failed) {
        oc_world_psam_failed(run->executor->world);
    }
    if (is_link_failure(r.code) && run->trace->card_failed) {
        run->link_failed = true;
        run->outcome->link_failed = true;
        oc_world_card_failed(run->executor->world);
        if (!run->outcome->has_evidence) {
            run->outcome->has_evidence = true;
            run->outcome->evidence = (oc_outcome_evidence){.step = run->step->id,
                                                           .what = "link",
                                                           .expected = "an answer",
                                                           .received = reason,
                                                           .first_difference = -1};
        }
    }
    worsen(run, verdict_of_error(run, r.code), reason);
}

static const char *const kind_names[] = {
    [OC_STEP_APDU] = "apdu",       [OC_STEP_TPDU] = "tpdu",       [OC_STEP_RESET] = "reset",
    [OC_STEP_LET] = "let",         [OC_STEP_CALL] = "call",       [OC_STEP_MESSAGE] = "message",
    [OC_STEP_ISSUE] = "issue",     [OC_STEP_ADVANCE] = "advance", [OC_STEP_FAULT] = "fault",
    [OC_STEP_OBSERVE] = "observe", [OC_STEP_PROMPT] = "prompt",
};

/* What reads, selects or asks for a random number leaves nothing behind. */
static bool may_change(const oc_step *step)
{
    static const char *const harmless[] = {"A4", "B0", "B2", "C0", "84", "88"};
    if (step->kind == OC_STEP_LET || step->kind == OC_STEP_RESET || step->kind == OC_STEP_ADVANCE ||
        step->kind == OC_STEP_FAULT || step->kind == OC_STEP_OBSERVE || step->kind == OC_STEP_PROMPT) {
        return false;
    }
    for (size_t i = 0; step->kind == OC_STEP_APDU && i < sizeof harmless / sizeof harmless[0]; i++) {
        if (step->ins.source != NULL && strcmp(step->ins.source, harmless[i]) == 0) {
            return false;
        }
    }
    return true;
}

/* Before the card is changed, it is written down what has to be put right, should this run be killed. */
static oc_result note_ahead(oc_case_run *run, oc_diag *diag)
{
    oc_unrestored *unrestored = oc_world_unrestored(run->executor->world);
    if (unrestored == NULL || run->subject->restore_count == 0 || run->phase[0] == 'r' || !may_change(run->step)) {
        return oc_ok();
    }
    run->unsettled = true;
    return oc_unrestored_note(unrestored, run->subject->id, &run->captures, diag);
}

static bool has_values(const oc_case_run *run, const oc_value *value)
{
    for (size_t i = 0; i < value->count; i++) {
        if (value->tokens[i].kind == OC_TOKEN_CAPTURE &&
            oc_fields_get(&run->captures, value->tokens[i].name) == NULL) {
            return false;
        }
    }
    return true;
}

/* A killed run had not read yet what this step would put back, and so had not written over it. */
static bool has_nothing_to_restore(const oc_case_run *run)
{
    const oc_step *step = run->step;
    bool whole = has_values(run, &step->data);
    for (size_t i = 0; i < step->argument_count; i++) {
        whole = whole && has_values(run, &step->arguments[i].value);
    }
    return run->resumed && !whole;
}

static bool is_timed(const oc_step *step)
{
    return step->kind == OC_STEP_MESSAGE ||
           (step->kind == OC_STEP_CALL && strcmp(step->name, OC_TERMINAL_DESCRIBE) != 0);
}

/* A terminal under test is timed from the call to its return, without what the harness does around it. */
static void record_times(oc_case_run *run, oc_outcome_step *recorded)
{
    bool untold = run->breached || (run->times.by_hand && run->times.exchanges == 0);
    run->latency_class = untold ? NULL : oc_arena_format(&run->outcome->arena, "terminal %s", run->step->name);
    recorded->duration_ns = run->times.whole_ns;
    recorded->has_parts = true;
    recorded->card_ns = run->times.card_ns;
    recorded->link_ns = run->times.link_ns;
}

static const char *const faulted[] = {"card", "psam"};

/* A fault that struck nothing tried nothing. */
static bool check_faults(oc_case_run *run, const char *step)
{
    bool all_struck = true;
    for (size_t i = 0; i < sizeof faulted / sizeof faulted[0]; i++) {
        const char *unmet = oc_fault_unmet(oc_world_fault(run->executor->world, faulted[i]));
        if (unmet != NULL) {
            all_struck = false;
            worsen(run, OC_VERDICT_INCONCLUSIVE,
                   oc_arena_format(&run->outcome->arena, "%s%s%s%s with the %s", step == NULL ? "" : "step ",
                                   step == NULL ? "" : step, step == NULL ? "" : ": ", unmet, faulted[i]));
        }
    }
    return all_struck;
}

/* A call makes exchanges as it likes, and may end before the one that a fault waits for. What it answered then says
 * nothing of the fault. */
static bool makes_exchanges(const oc_step *step)
{
    return step->kind == OC_STEP_CALL || step->kind == OC_STEP_ISSUE;
}

static bool run_steps(oc_case_run *run, const oc_step *steps, size_t count)
{
    for (run->at = 0; run->at < count; run->at++) {
        run->step = &steps[run->at];
        oc_witness_step(run->trace->witness, run->phase[0] == 's' ? run->at : SIZE_MAX);
        run->trace->step = run->step->id;
        if (has_nothing_to_restore(run)) {
            continue;
        }
        run->note = NULL;
        bool fits = true;
        oc_outcome_evidence evidence = {0};
        oc_diag diag = {0};
        oc_outcome_step recorded = {
            .id = run->step->id, .kind = kind_names[run->step->kind], .actor = run->step->actor, .phase = run->phase};
        run->latency_class = NULL;
        run->times = (oc_call_times){0};
        uint64_t begin_ns = oc_clock_now_ns();
        oc_result r = note_ahead(run, &diag);
        if (oc_is_ok(r)) {
            r = oc_step_run(run, &fits, &evidence, &diag);
        }
        if (is_timed(run->step)) {
            recorded.duration_ns = oc_clock_now_ns() - begin_ns;
            run->latency_class = run->step->name;
        }
        if (run->times.whole_ns > 0 || run->times.by_hand) {
            record_times(run, &recorded);
        }
        recorded.latency_class = run->latency_class;
        recorded.note = run->note;
        oc_trace_step(run->trace, &recorded);
        if (!oc_is_ok(r)) {
            conclude_error(run, r, &diag);
            return false;
        }
        if (makes_exchanges(run->step) && run->phase[0] == 's' && !run->breached &&
            !check_faults(run, run->step->id)) {
            return false;
        }
        if (!fits) {
            if (run->breached) {
                oc_call_conclude(run, &evidence);
            } else {
                conclude_mismatch(run, &evidence);
            }
            return false;
        }
        if (run->subject->twin != NULL && run->phase[0] == 's' && run->at == run->subject->expected_step) {
            return true; /* what had to be refused was refused */
        }
    }
    return true;
}

/* No fault strikes what restores the card. */
static void end_faults(oc_case_run *run)
{
    for (size_t i = 0; i < sizeof faulted / sizeof faulted[0]; i++) {
        oc_fault *fault = oc_world_fault(run->executor->world, faulted[i]);
        run->unpowered = run->unpowered || fault->unpowered;
        fault->order = (oc_fault_order){0};
        fault->pieces_unmet = false;
        fault->missed = false;
    }
}

static void settle(oc_case_run *run)
{
    oc_diag diag = {0};
    oc_result r = oc_unrestored_done(oc_world_unrestored(run->executor->world), run->subject->id, &diag);
    if (!oc_is_ok(r)) {
        worsen(run, OC_VERDICT_ERROR,
               oc_arena_text(&run->outcome->arena, diag.reason[0] == '\0' ? oc_code_sentence(r.code) : diag.reason));
    }
}

/* Also after the link failed, or a fault took the power: a card that can be reached again is put right. */
static void restore(oc_case_run *run)
{
    run->phase = "restore";
    oc_diag diag = {0};
    if ((run->link_failed || run->unpowered) && !oc_is_ok(oc_world_recover(run->executor->world, &diag))) {
        worsen(run, OC_VERDICT_INCONCLUSIVE,
               oc_arena_text(&run->outcome->arena, diag.reason[0] == '\0' ? "it cannot be reached" : diag.reason));
        return;
    }
    if (run_steps(run, run->subject->restore, run->subject->restore_count) && run->unsettled) {
        settle(run);
    }
}

static void prepare(oc_case_run *run)
{
    run->scope = (oc_scope){run, scope_capture, scope_profile};
    run->judge = (oc_judge){.scope = &run->scope,
                            .mask = run->executor->mask,
                            .arena = &run->outcome->arena,
                            .capture = take_capture,
                            .context = run};
}

void oc_case_run_restore(oc_case_run *run, const oc_fields *captures)
{
    prepare(run);
    run->unsettled = true;
    run->resumed = true;
    for (size_t i = 0; i < captures->count; i++) {
        if (!oc_is_ok(oc_fields_set(&run->captures, captures->at[i].name, oc_buf_span(&captures->at[i].value)))) {
            run->phase = "restore";
            worsen(run, OC_VERDICT_ERROR, "memory ran out");
            break;
        }
    }
    restore(run);
    oc_fields_free(&run->captures);
}

void oc_case_run_all(oc_case_run *run)
{
    prepare(run);
    run->phase = "steps";
    (void)run_steps(run, run->subject->steps, run->subject->step_count);
    (void)check_faults(run, NULL);
    end_faults(run);
    if (run->subject->restore_count > 0) {
        restore(run);
    }
    oc_call_end(run);
    oc_fields_free(&run->captures);
}
