/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/trace.h"

#include <stdlib.h>

#include "sim/base/clock.h"

/* A step that floods is cut here; the last exchange is what matters. */
#define EXCHANGES_MAX 4096

void oc_trace_begin(oc_trace *trace, oc_arena *arena, size_t steps, const oc_mask *mask, const oc_fault *card_fault,
                    const oc_fault *psam_fault)
{
    *trace = (oc_trace){.arena = arena,
                        .steps = oc_arena_alloc(arena, steps * sizeof *trace->steps),
                        .step_room = steps,
                        .mask = mask,
                        .card_fault = card_fault,
                        .psam_fault = psam_fault,
                        .origin_ns = oc_clock_now_ns()};
    trace->end_ns = trace->origin_ns;
}

bool oc_trace_end(oc_trace *trace, oc_outcome *outcome)
{
    outcome->duration_ns = trace->end_ns - trace->origin_ns;
    outcome->steps = trace->steps;
    outcome->step_count = trace->step_count;
    free(trace->exchanges);
    trace->exchanges = NULL;
    return !trace->failed;
}

static void close_step(oc_trace *trace, oc_outcome_step *step)
{
    if (step->duration_ns == 0) {
        step->duration_ns = trace->exchange_ns;
    }
    if (trace->faulted) {
        step->latency_class = NULL; /* a time that the fault made */
    }
    oc_events_step(trace->events, trace->head, step);
    trace->exchange_count = 0;
    trace->exchange_ns = 0;
    trace->faulted = false;
}

void oc_trace_pass_by(oc_trace *trace, const oc_outcome_step *step)
{
    oc_outcome_step told = *step;
    close_step(trace, &told);
}

static bool make_room(oc_trace *trace)
{
    if (trace->steps != NULL && trace->step_count < trace->step_room) {
        return true;
    }
    size_t room = 2 * trace->step_room + 1;
    oc_outcome_step *grown = oc_arena_alloc(trace->arena, room * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    if (trace->step_count > 0) {
        memcpy(grown, trace->steps, trace->step_count * sizeof *grown);
    }
    trace->steps = grown;
    trace->step_room = room;
    return true;
}

void oc_trace_step(oc_trace *trace, const oc_outcome_step *step)
{
    if (!make_room(trace)) {
        trace->failed = true;
        return;
    }
    oc_outcome_step *kept = &trace->steps[trace->step_count++];
    *kept = *step;
    size_t size = trace->exchange_count * sizeof *trace->exchanges;
    oc_outcome_exchange *exchanges = oc_arena_alloc(trace->arena, size);
    if (exchanges == NULL) {
        trace->failed = true;
    } else {
        if (size > 0) {
            memcpy(exchanges, trace->exchanges, size);
        }
        kept->exchanges = exchanges;
        kept->exchange_count = trace->exchange_count;
    }
    close_step(trace, kept);
}

static void note(oc_trace *trace, const char *actor, const char *fault, bool silent, const oc_exchange *exchange)
{
    oc_witness_note(trace->witness, actor, exchange);
    if (trace->exchange_count == EXCHANGES_MAX) {
        trace->exchange_count--;
    }
    if (trace->exchange_count == trace->exchange_room) {
        size_t room = trace->exchange_room == 0 ? 16 : trace->exchange_room * 2;
        oc_outcome_exchange *grown = realloc(trace->exchanges, room * sizeof *grown);
        if (grown == NULL) {
            trace->failed = true;
            return;
        }
        trace->exchanges = grown;
        trace->exchange_room = room;
    }
    uint64_t duration = exchange->end_ns - exchange->begin_ns;
    const char *command = exchange->is_reset ? (exchange->reset == OC_RESET_COLD ? "reset cold" : "reset warm")
                                             : oc_mask_command(trace->mask, trace->arena, exchange->command);
    const char *response = exchange->failed
                               ? NULL
                               : oc_mask_response(trace->mask, trace->arena, exchange->command, exchange->response);
    trace->exchanges[trace->exchange_count++] = (oc_outcome_exchange){
        .actor = actor,
        .command = command,
        .response = response,
        .fault = fault[0] == '\0' ? NULL : oc_arena_text(trace->arena, fault),
        .begin_ns = exchange->begin_ns < trace->origin_ns ? 0 : exchange->begin_ns - trace->origin_ns,
        .duration_ns = duration};
    oc_events_exchange(trace->events, trace->head, trace->step, &trace->exchanges[trace->exchange_count - 1]);
    bool failed = exchange->failed && !silent;
    trace->card_failed = failed && strcmp(actor, "card") == 0;
    trace->psam_failed = failed && strcmp(actor, "psam") == 0;
    trace->faulted = trace->faulted || fault[0] != '\0';
    trace->exchange_ns += duration;
    trace->end_ns = exchange->end_ns;
}

void oc_trace_card(void *context, const oc_exchange *exchange)
{
    oc_trace *trace = context;
    note(trace, "card", trace->card_fault->text, trace->card_fault->silent, exchange);
}

void oc_trace_psam(void *context, const oc_exchange *exchange)
{
    oc_trace *trace = context;
    note(trace, "psam", trace->psam_fault->text, trace->psam_fault->silent, exchange);
}

void oc_trace_logged(oc_trace *trace, const oc_logged_exchange *one)
{
    note(trace, one->actor, one->fault, one->silent, &one->exchange);
}
