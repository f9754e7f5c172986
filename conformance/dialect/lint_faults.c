/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/build.h"
#include "conformance/dialect/lint_internal.h"

/* A fault is armed for one exchange with one card, and what takes the power leaves the card dead until it is reset
 * (vectors/README.md, "Faults"). */
struct line {
    const char *actor;
    const oc_step *armed; /* the fault that waits, or NULL */
    oc_fault_order order; /* its order */
    const oc_step *dead;  /* the step that left the card without power, or NULL */
};

/* With skip or at, the run finds out what it meets. */
static bool surely_met(const oc_fault_order *order)
{
    return order->skip == 0 && order->at_len == 0;
}

static void arm(struct oc_lint *lint, struct line *line, const oc_step *step)
{
    oc_diag diag = {0};
    if (line->armed != NULL && surely_met(&line->order)) {
        oc_lint_finding(lint, step->line, "fault %s takes the place of %s, which met no exchange", step->id,
                        line->armed->id);
    }
    if (!oc_is_ok(oc_step_fault(step, &line->order, &diag))) {
        oc_lint_finding(lint, step->line, "%s", diag.reason); /* an edit can make it so */
        return;
    }
    const char *term = strcmp(line->actor, "psam") == 0 ? "psam.tear" : "link.tear";
    if (line->order.kind == OC_FAULT_TEAR && !oc_lint_asks_for(lint->subject, term)) {
        oc_lint_finding(lint, step->line, "a tear needs the term %s in the condition", term);
    }
    if (oc_fault_strikes_at_once(line->order.kind)) {
        line->armed = NULL;
        line->dead = line->order.kind == OC_FAULT_PIECES ? line->dead : step;
        return;
    }
    line->armed = step;
}

/* An exchange of this step with the card; a step of many exchanges may meet a fault in any of them. */
static void exchange(struct oc_lint *lint, struct line *line, const oc_step *step)
{
    bool may_be_silent = step->expect.no_answer;
    const oc_step *armed = line->armed;
    bool strikes = armed != NULL && surely_met(&line->order);
    if (line->dead != NULL && step->kind != OC_STEP_RESET) {
        oc_lint_finding(lint, step->line, "the %s has no power after step %s: it must be reset first", line->actor,
                        line->dead->id);
    }
    if (may_be_silent && (armed == NULL || !oc_fault_silences(line->order.kind))) {
        oc_lint_finding(lint, step->line, "step %s may have no answer, but no fault takes it away", step->id);
    }
    bool silent = strikes && (line->order.kind == OC_FAULT_REMOVE || line->order.kind == OC_FAULT_MUTE);
    if (silent && !oc_expects_silence(&step->expect)) {
        oc_lint_finding(lint, step->line, "fault %s leaves step %s without an answer: it needs no-answer alone",
                        armed->id, step->id);
    }
    line->dead = may_be_silent ? step : NULL;
    line->armed = strikes ? NULL : armed;
}

static void follow(struct oc_lint *lint, struct line *line, const oc_step *step)
{
    bool own = strcmp(step->actor, line->actor) == 0;
    switch (step->kind) {
    case OC_STEP_FAULT:
        if (own) {
            arm(lint, line, step);
        }
        return;
    case OC_STEP_APDU:
    case OC_STEP_TPDU:
    case OC_STEP_RESET:
        if (own) {
            exchange(lint, line, step);
        }
        return;
    case OC_STEP_CALL:
    case OC_STEP_ISSUE:
        /* As many exchanges as the function or the issuer takes. Both begin with a reset. */
        line->armed = NULL;
        line->dead = step->expect.no_answer ? step : NULL;
        return;
    case OC_STEP_LET:
    case OC_STEP_MESSAGE:
    case OC_STEP_ADVANCE:
    case OC_STEP_OBSERVE:
    case OC_STEP_PROMPT:
        return;
    }
}

void oc_lint_faults(struct oc_lint *lint, const oc_case *subject)
{
    static const char *const actors[] = {"card", "psam"};
    for (size_t a = 0; a < sizeof actors / sizeof actors[0]; a++) {
        struct line line = {.actor = actors[a]};
        for (size_t i = 0; i < oc_lint_steps_run(subject); i++) {
            lint->file = subject->steps[i].file;
            follow(lint, &line, &subject->steps[i]);
        }
        if (line.armed != NULL && surely_met(&line.order)) {
            lint->file = line.armed->file;
            oc_lint_finding(lint, line.armed->line, "fault %s meets no exchange", line.armed->id);
        }
    }
    for (size_t i = 0; i < subject->restore_count; i++) {
        lint->file = subject->restore[i].file;
        if (subject->restore[i].kind == OC_STEP_FAULT) {
            oc_lint_finding(lint, subject->restore[i].line, "a fault while the card is restored");
        }
    }
    lint->file = NULL;
}
