/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/lint_internal.h"

/* Steps that exchange nothing with a card. */
static bool is_silent(const oc_step *step)
{
    return step->kind == OC_STEP_LET || step->kind == OC_STEP_ADVANCE || step->kind == OC_STEP_FAULT ||
           step->kind == OC_STEP_OBSERVE || step->kind == OC_STEP_MESSAGE;
}

static void check_of(struct oc_lint *lint, const oc_case *subject, size_t at)
{
    const oc_step *step = &subject->steps[at];
    for (size_t i = 0; i < step->observation->of_count; i++) {
        const char *id = step->observation->of[i];
        size_t found = 0;
        while (found < at && strcmp(subject->steps[found].id, id) != 0) {
            found++;
        }
        if (found == at) {
            oc_lint_finding(lint, step->line, "step %s observes %s, which is no step before it", step->id, id);
        } else if (is_silent(&subject->steps[found])) {
            oc_lint_finding(lint, step->line, "step %s observes %s, which exchanges nothing with a card", step->id,
                            id);
        }
    }
}

/* True when the pattern fits every command to its actor. */
static bool fits_all(const oc_pattern *pattern)
{
    const oc_choice *choices[] = {&pattern->cla, &pattern->ins,  &pattern->p1,     &pattern->p2,     &pattern->le,
                                  &pattern->sw,  &pattern->data, &pattern->answer, &pattern->command};
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        if (choices[i]->given) {
            return false;
        }
    }
    return pattern->event == OC_PATTERN_COMMAND;
}

static bool can_meet(enum oc_pattern_actor a, enum oc_pattern_actor b)
{
    return a == b || a == OC_PATTERN_ANYBODY || b == OC_PATTERN_ANYBODY;
}

static void check_never(struct oc_lint *lint, const oc_observation *observation, const oc_pattern *pattern)
{
    if (pattern->sw.none && !pattern->sw.negated && pattern->sw.count == 0 && pattern->answer.given) {
        oc_lint_finding(lint, pattern->line, "%s is never met: where no answer came, none can be compared",
                        pattern->text);
    }
    uint64_t places = pattern->after | pattern->before;
    bool reachable = places == 0 || !pattern->directly;
    const char *other = "";
    for (size_t i = 0; i < observation->count; i++) {
        const oc_pattern *named = &observation->patterns[i];
        uint64_t bit = UINT64_C(1) << i;
        if ((pattern->except & bit) != 0 && fits_all(named) && named->except == 0 &&
            (named->actor == pattern->actor || named->actor == OC_PATTERN_ANYBODY)) {
            oc_lint_finding(lint, pattern->line, "%s is never met: %s fits every exchange", pattern->text,
                            named->text);
        }
        if ((places & bit) != 0) {
            reachable = reachable || can_meet(named->actor, pattern->actor);
            other = named->id;
        }
    }
    if (!reachable) {
        oc_lint_finding(lint, pattern->line, "%s is never met: the exchange next to it is with another card than %s",
                        pattern->text, other);
    }
}

/* In a fixed order, a must cannot be asked for before one that stands in front of it. */
static void check_order(struct oc_lint *lint, const oc_observation *observation, size_t at)
{
    const oc_pattern *pattern = &observation->patterns[at];
    for (size_t i = 0; i < observation->count && observation->fixed && pattern->kind == OC_PATTERN_MUST; i++) {
        uint64_t bit = UINT64_C(1) << i;
        bool must = observation->patterns[i].kind == OC_PATTERN_MUST;
        if (must && ((i < at && (pattern->before & bit) != 0) || (i > at && (pattern->after & bit) != 0))) {
            oc_lint_finding(lint, pattern->line, "%s is never met in the order of its observation", pattern->text);
        }
    }
}

void oc_lint_observe(struct oc_lint *lint, const oc_case *subject, size_t at)
{
    const oc_step *step = &subject->steps[at];
    if (step->kind != OC_STEP_OBSERVE) {
        return;
    }
    lint->file = step->file;
    const oc_observation *observation = step->observation;
    check_of(lint, subject, at);
    if (!oc_observation_checks(observation)) {
        oc_lint_finding(lint, step->line, "step %s observes nothing that can fail", step->id);
    }
    for (size_t i = 0; i < observation->count; i++) {
        const oc_pattern *pattern = &observation->patterns[i];
        check_never(lint, observation, pattern);
        check_order(lint, observation, i);
        if (pattern->kind != OC_PATTERN_MAY && pattern->requirement == NULL && subject->requirement == NULL) {
            oc_lint_finding(lint, pattern->line, "%s names no requirement, nor does its observe", pattern->text);
        }
    }
    lint->file = NULL;
}
