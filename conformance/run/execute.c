/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/execute.h"

#include <stdio.h>

#include "conformance/run/call_run.h"
#include "conformance/run/host_asks.h"
#include "conformance/run/plan.h"
#include "sim/base/atr.h"

static void fill_head(const oc_executor *executor, const oc_case *subject, oc_outcome *out)
{
    *out = (oc_outcome){.id = subject->id,
                        .pass = executor->pass,
                        .area = subject->area,
                        .file = subject->file,
                        .line = subject->line,
                        .rev = subject->rev,
                        .official = subject->official,
                        .twin = subject->twin == NULL ? NULL : subject->twin->id,
                        .because = subject->because,
                        .dut = subject->dut,
                        .condition = subject->condition,
                        .requirements = subject->covers,
                        .requirement_count = subject->cover_count,
                        .title_en = subject->title_en,
                        .title_zh = subject->title_zh,
                        .touches = subject->touches_text,
                        .is_flow = subject->is_flow,
                        .budget_p99_ns = subject->budget_p99_us * 1000,
                        .verdict = OC_VERDICT_PASS};
}

static void conclude(oc_outcome *out, enum oc_verdict verdict, const char *reason)
{
    out->verdict = verdict;
    out->reason = oc_arena_text(&out->arena, reason);
}

void oc_execute_skip(const oc_executor *executor, const oc_case *subject, enum oc_verdict verdict, const char *reason,
                     oc_outcome *outcome)
{
    fill_head(executor, subject, outcome);
    conclude(outcome, verdict, reason);
}

/* Whether the case can be judged at all; otherwise the outcome is concluded. */
/* Cases are for the contact interface unless they say something of the other one; without contacts a card refuses
 * what they do, unless its profile has it otherwise. */
static bool is_for_contact(const oc_executor *executor, const oc_case *subject)
{
    const char *write = oc_profile_setting(oc_world_profile(executor->world), "contactless-write");
    return (write == NULL || strcmp(write, "on") != 0) && strcmp(subject->plain_id, OC_SANITY_ID) != 0 &&
           (subject->applicability == NULL || (strstr(subject->applicability, "link.contactless") == NULL &&
                                               strstr(subject->applicability, "link.any-interface") == NULL));
}

static bool may_run(oc_executor *executor, const oc_case *subject, enum oc_verdict twin_verdict, oc_outcome *out)
{
    if (subject->twin != NULL && twin_verdict != OC_VERDICT_PASS) {
        bool same = twin_verdict == OC_VERDICT_NOT_APPLICABLE || twin_verdict == OC_VERDICT_NOT_RUN;
        out->verdict = same ? twin_verdict : OC_VERDICT_INCONCLUSIVE;
        out->reason = oc_arena_format(&out->arena, "its positive twin %s is %s", subject->twin->id,
                                      oc_verdict_name(twin_verdict));
        return false;
    }
    oc_world_meet(executor->world);
    if (oc_atr_is_contactless(oc_world_atr(executor->world)) && is_for_contact(executor, subject)) {
        conclude(out, OC_VERDICT_NOT_APPLICABLE, "link.contactless is true: the case is for the contact interface");
        return false;
    }
    char undeclared[OC_ICS_REASON_MAX];
    if (oc_ics_excludes(executor->ics, subject, oc_world_term, executor->world, undeclared)) {
        conclude(out, OC_VERDICT_NOT_APPLICABLE, undeclared);
        return false;
    }
    const char *missing = NULL;
    if (!oc_call_all_there(executor->world, subject, &missing)) {
        out->verdict = OC_VERDICT_NOT_APPLICABLE;
        out->reason = oc_arena_format(&out->arena,
                                      "terminal.has(%s) is false: the terminal under test does not offer it", missing);
        return false;
    }
    const char *ours = oc_world_host_is_virtual(executor->world) ? NULL : oc_host_asks_for_ours(subject);
    if (ours != NULL) {
        out->verdict = OC_VERDICT_NOT_APPLICABLE;
        out->reason = oc_arena_format(&out->arena, "host.virtual is false: the case asks for %s", ours);
        return false;
    }
    if (subject->applicability != NULL) {
        bool applies = false;
        char decided[400];
        oc_diag diag = {0};
        oc_result r = oc_condition_evaluate(subject->applicability, oc_world_term, executor->world, &applies, decided,
                                            sizeof decided, &diag);
        if (!oc_is_ok(r) || !applies) {
            conclude(out, oc_is_ok(r) ? OC_VERDICT_NOT_APPLICABLE : OC_VERDICT_ERROR,
                     oc_is_ok(r) ? decided : diag.reason);
            return false;
        }
    }
    oc_diag diag = {0};
    oc_result keys = oc_world_check_restore(executor->world, subject, &diag);
    if (!oc_is_ok(keys)) {
        bool lacks = keys.code == OC_E_UNAVAILABLE;
        out->verdict = lacks ? OC_VERDICT_NOT_RUN : OC_VERDICT_ERROR;
        out->reason = oc_arena_format(&out->arena, "the card could not be restored: %s",
                                      diag.reason[0] == '\0' ? oc_code_sentence(keys.code) : diag.reason);
        return false;
    }
    const char *reason = NULL;
    if (!oc_world_card_is_virtual(executor->world) && !oc_interlock_allows(subject, executor->allowed, &reason)) {
        conclude(out, OC_VERDICT_NOT_RUN, reason);
        return false;
    }
    return true;
}

static bool begin(oc_executor *executor, const oc_case *subject, oc_outcome *out)
{
    const char *seed_id = subject->twin != NULL ? subject->twin->id : subject->id;
    oc_run_context context = oc_run_context_of(executor->seed, seed_id);
    if (subject->clock != NULL && !oc_is_ok(oc_clock_parse(&context.clock, subject->clock))) {
        conclude(out, OC_VERDICT_ERROR, "the case's clock is no time with a zone");
        return false;
    }
    oc_diag diag = {0};
    oc_result r = oc_world_begin(executor->world, &context, &diag);
    if (!oc_is_ok(r)) {
        bool psam = oc_world_psam_is_dead(executor->world);
        if (!psam) {
            oc_world_card_failed(executor->world);
        }
        out->link_failed = true;
        bool ours = !psam && oc_world_card_is_ours_to_judge(executor->world) && r.code != OC_E_UNAVAILABLE;
        out->verdict = ours ? OC_VERDICT_FAIL : OC_VERDICT_ERROR;
        out->reason = oc_arena_format(&out->arena, "the %s cannot be reset: %s", psam ? "PSAM" : "card",
                                      diag.reason[0] == '\0' ? oc_code_sentence(r.code) : diag.reason);
        return false;
    }
    return true;
}

static bool observes(const oc_case *subject)
{
    for (size_t i = 0; i < subject->step_count; i++) {
        if (subject->steps[i].kind == OC_STEP_OBSERVE) {
            return true;
        }
    }
    return false;
}

/* `captures` NULL: the whole case; else its restore steps alone. */
static void execute(oc_executor *executor, const oc_case *subject, const oc_fields *captures, oc_outcome *outcome)
{
    oc_witness *witness = NULL;
    if (observes(subject) && !oc_is_ok(oc_witness_new(&witness))) {
        conclude(outcome, OC_VERDICT_ERROR, "memory ran out");
        return;
    }
    oc_trace trace;
    oc_trace_begin(&trace, &outcome->arena, subject->step_count + subject->restore_count + 1, executor->mask,
                   oc_world_fault(executor->world, "card"), oc_world_fault(executor->world, "psam"));
    trace.witness = witness;
    trace.events = executor->events;
    trace.head = outcome;
    trace.step = "reset";
    oc_events_case_started(executor->events, outcome);
    oc_witness_step(witness, SIZE_MAX);
    oc_world_observe(executor->world, oc_trace_card, oc_trace_psam, &trace);
    if (begin(executor, subject, outcome)) {
        oc_case_run run = {.executor = executor, .subject = subject, .outcome = outcome, .trace = &trace};
        oc_outcome_step opening = {.id = "reset", .kind = "reset", .actor = "card", .phase = "steps"};
        oc_trace_step(&trace, &opening);
        if (captures == NULL) {
            oc_case_run_all(&run);
        } else {
            oc_case_run_restore(&run, captures);
        }
    }
    oc_world_observe(executor->world, NULL, NULL, NULL);
    oc_witness_free(&witness);
    if (!oc_trace_end(&trace, outcome)) {
        outcome->verdict = oc_verdict_worse(outcome->verdict, OC_VERDICT_ERROR);
        outcome->reason = "memory ran out while the trace was kept";
    }
}

void oc_execute(oc_executor *executor, const oc_case *subject, enum oc_verdict twin_verdict, oc_outcome *outcome)
{
    fill_head(executor, subject, outcome);
    outcome->arena = executor->spare;
    executor->spare = (oc_arena){0};
    if (may_run(executor, subject, twin_verdict, outcome)) {
        execute(executor, subject, NULL, outcome);
    }
    outcome->waiver = oc_waivers_match(executor->waivers, outcome);
}

void oc_execute_done(oc_executor *executor, oc_outcome *outcome)
{
    oc_arena_free(&executor->spare);
    oc_arena_clear(&outcome->arena);
    executor->spare = outcome->arena;
    *outcome = (oc_outcome){0};
}

void oc_execute_recorded(oc_executor *executor, const oc_case *subject, oc_outcome *outcome)
{
    fill_head(executor, subject, outcome);
    execute(executor, subject, NULL, outcome);
}

void oc_execute_restore(oc_executor *executor, const oc_case *subject, const oc_fields *captures, oc_outcome *outcome)
{
    fill_head(executor, subject, outcome);
    execute(executor, subject, captures, outcome);
}
