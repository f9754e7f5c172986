/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DIALECT_LINT_INTERNAL_H
#define OC_CONFORMANCE_DIALECT_LINT_INTERNAL_H

#include "conformance/dialect/lint.h"

#define OC_LINT_BUDGETS_MAX 64

/* The budget of a class as it was stated first. */
struct oc_lint_budget {
    const char *name;
    uint64_t p99_us;
    const char *file;
    long line;
};

/* What the files of the lint share. */
struct oc_lint {
    const oc_catalogue *catalogue;
    oc_lint_report *report;
    void *context;
    size_t findings;
    const oc_case *subject;
    const char *file; /* of the step in question, which may stand in a routine; NULL: that of the subject */
    struct oc_lint_budget budgets[OC_LINT_BUDGETS_MAX]; /* by class, as far as there is room */
    size_t budget_count;
    unsigned undeclared; /* what the positive case in question touches and does not say */
};

void oc_lint_finding(struct oc_lint *lint, long line, const char *format, ...) OC_PRINTF(3, 4);

/* Steps behind the stated failure of a negative are not run. */
size_t oc_lint_steps_run(const oc_case *subject);

/* Whether the term stands in the `if` of the case. */
bool oc_lint_asks_for(const oc_case *subject, const char *term);

/* Whether each fault meets an exchange, and what no answer comes to is written for it. */
void oc_lint_faults(struct oc_lint *lint, const oc_case *subject);

/* Whether the terminal has the functions of a call, and they take its arguments. */
void oc_lint_call(struct oc_lint *lint, const oc_step *step);

/* Whether an observe looks at steps that come before it, and its patterns can be met. */
void oc_lint_observe(struct oc_lint *lint, const oc_case *subject, size_t at);

/* Whether `touches` says what the steps change. */
void oc_lint_touches(struct oc_lint *lint, const oc_case *subject);

/* Whether each class of budget has one value in all vectors, and none is stated where nothing is measured. */
void oc_lint_budgets(struct oc_lint *lint, const oc_case *subject);

#endif
