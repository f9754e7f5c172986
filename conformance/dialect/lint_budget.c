/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/lint_internal.h"

/* A class is judged by all its steps together, so it has one budget. */
static void check_class(struct oc_lint *lint, const oc_step *step)
{
    for (size_t i = 0; i < lint->budget_count; i++) {
        const struct oc_lint_budget *first = &lint->budgets[i];
        if (strcmp(first->name, step->budget_class) != 0) {
            continue;
        }
        if (first->p99_us != step->budget_p99_us) {
            oc_lint_finding(lint, step->line, "the budget of class %s is another one at %s:%ld", first->name,
                            first->file, first->line);
        }
        return;
    }
    if (lint->budget_count == OC_LINT_BUDGETS_MAX) {
        oc_lint_finding(lint, step->line, "more than %d classes of budgets", OC_LINT_BUDGETS_MAX);
        return;
    }
    lint->budgets[lint->budget_count++] = (struct oc_lint_budget){step->budget_class, step->budget_p99_us, step->file,
                                                                  step->line};
}

void oc_lint_budgets(struct oc_lint *lint, const oc_case *subject)
{
    for (size_t i = 0; i < subject->step_count; i++) {
        const oc_step *step = &subject->steps[i];
        if (step->budget_class != NULL) {
            lint->file = step->file;
            check_class(lint, step);
        }
    }
    for (size_t i = 0; i < subject->restore_count; i++) {
        if (subject->restore[i].budget_class != NULL && subject->restore[i].routine == NULL) {
            oc_lint_finding(lint, subject->restore[i].line, "a budget while the card is restored");
        }
    }
    lint->file = NULL;
}
