/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/call_run.h"
#include "conformance/run/conclude.h"

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
    bool untold = run->breached || run->step->beside != NULL || (run->times.by_hand && run->times.exchanges == 0);
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
            oc_conclude_worse(run, OC_VERDICT_INCONCLUSIVE,
                              oc_arena_format(&run->outcome->arena, "%s%s%s%s with the %s",
                                              step == NULL ? "" : "step ", step == NULL ? "" : step,
                                              step == NULL ? "" : ": ", unmet, faulted[i]));
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

static oc_outcome_step begin_record(const oc_case_run *run)
{
    const oc_step *step = run->step;
    return (oc_outcome_step){.id = step->id,
                             .kind = kind_names[step->kind],
                             .actor = step->actor,
                             .phase = run->phase,
                             .budget_class = step->budget_class,
                             .budget_p99_ns = step->budget_p99_us * 1000};
}

/* What the step, done, leaves in the record. */
static void end_record(oc_case_run *run, uint64_t begin_ns, oc_outcome_step *recorded)
{
    if (is_timed(run->step)) {
        recorded->duration_ns = oc_clock_now_ns() - begin_ns;
        run->latency_class = run->step->name;
    }
    if (run->times.whole_ns > 0 || run->times.by_hand) {
        record_times(run, recorded);
    }
    recorded->latency_class = run->latency_class;
    recorded->note = run->note;
    recorded->answers = run->answers;
    recorded->answer_count = run->answer_count;
}

/* The running step, once. `unrecorded`: unless it goes wrong. False when the case ends here. */
static bool run_once(oc_case_run *run, bool unrecorded)
{
    run->trace->step = run->step->id;
    run->note = NULL;
    run->answers = NULL;
    run->answer_count = 0;
    bool fits = true;
    oc_outcome_evidence evidence = {0};
    oc_diag diag = {0};
    oc_outcome_step recorded = begin_record(run);
    run->latency_class = NULL;
    run->times = (oc_call_times){0};
    uint64_t begin_ns = oc_clock_now_ns();
    oc_result r = note_ahead(run, &diag);
    if (oc_is_ok(r)) {
        r = oc_step_run(run, &fits, &evidence, &diag);
    }
    end_record(run, begin_ns, &recorded);
    (unrecorded && oc_is_ok(r) && fits ? oc_trace_pass_by : oc_trace_step)(run->trace, &recorded);
    if (!oc_is_ok(r)) {
        oc_conclude_error(run, r, &diag);
        return false;
    }
    if (makes_exchanges(run->step) && run->phase[0] == 's' && !run->breached && !check_faults(run, run->step->id)) {
        return false;
    }
    if (!fits) {
        if (run->breached) {
            oc_call_conclude(run, &evidence);
        } else {
            oc_conclude_mismatch(run, &evidence);
        }
    }
    return fits;
}

/* A step that is done a thousand times does not fill the record: it holds the first time, the last, and the one that
 * was not as expected. */
static bool run_times(oc_case_run *run)
{
    const oc_step *step = run->step;
    oc_step again = *step;
    const oc_recorded *recorded = oc_world_recorded(run->executor->world);
    bool good = run_once(run, false);
    for (unsigned n = 2; n <= step->times && good; n++) {
        const char *id = oc_arena_format(&run->outcome->arena, "%s.%u", step->id, n);
        again.id = id == NULL ? step->id : id;
        if (recorded != NULL && !oc_recorded_has(recorded, again.id)) {
            continue;
        }
        run->step = &again;
        good = run_once(run, n < step->times);
    }
    run->step = step;
    return good;
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
        if (!run_times(run)) {
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
        oc_conclude_worse(
            run, OC_VERDICT_ERROR,
            oc_arena_text(&run->outcome->arena, diag.reason[0] == '\0' ? oc_code_sentence(r.code) : diag.reason));
    }
}

/* Also after the link failed, or a fault took the power: a card that can be reached again is put right. */
static void restore(oc_case_run *run)
{
    run->phase = "restore";
    oc_diag diag = {0};
    if ((run->link_failed || run->unpowered) && !oc_is_ok(oc_world_recover(run->executor->world, &diag))) {
        oc_conclude_worse(
            run, OC_VERDICT_INCONCLUSIVE,
            oc_arena_text(&run->outcome->arena, diag.reason[0] == '\0' ? "it cannot be reached" : diag.reason));
        return;
    }
    if (run_steps(run, run->subject->restore, run->subject->restore_count) && run->unsettled) {
        settle(run);
    }
}

static void end(oc_case_run *run)
{
    oc_fields_free(&run->captures);
    oc_buf_free(&run->value);
    oc_buf_free(&run->answer);
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
            oc_conclude_worse(run, OC_VERDICT_ERROR, "memory ran out");
            break;
        }
    }
    restore(run);
    end(run);
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
    end(run);
}
