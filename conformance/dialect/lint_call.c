/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "conformance/dialect/lint_internal.h"
#include "conformance/dut/terminal_dut.h"
#include "sim/terminal/functions.h"

/* An argument of the second caller alone is called as his function has it, with this behind it. */
#define SECOND "-2"

static bool is_entry(const char *name, size_t len)
{
    static const char *const entries[] = {"pin", "old", "new", "again", "keypad", "initial-pin"};
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (strlen(entries[i]) == len && memcmp(entries[i], name, len) == 0) {
            return true;
        }
    }
    return false;
}

static void check_argument(struct oc_lint *lint, const oc_step *step, const oc_function *first,
                           const oc_function *second, const char *name)
{
    char own[OC_FIELD_NAME_MAX];
    size_t len = strlen(name);
    size_t head = len > strlen(SECOND) ? len - strlen(SECOND) : 0;
    if (second == NULL || head == 0 || strcmp(name + head, SECOND) != 0) {
        if (!oc_function_takes(first, name) && (second == NULL || !oc_function_takes(second, name))) {
            oc_lint_finding(lint, step->line, "%s takes no argument %s", step->name, name);
        }
        return;
    }
    snprintf(own, sizeof own, "%.*s", (int)head, name);
    if (is_entry(name, head)) {
        oc_lint_finding(lint, step->line, "both callers have the same key pad: %s is for neither", name);
    } else if (!oc_function_takes(second, own)) {
        oc_lint_finding(lint, step->line, "%s takes no argument %s", step->second, own);
    }
}

static void check_beside(struct oc_lint *lint, const oc_step *step, const oc_function *second)
{
    const char *term = strcmp(step->beside, "thread") == 0 ? "terminal.two-threads" : "terminal.two-processes";
    if (!oc_lint_asks_for(lint->subject, term)) {
        oc_lint_finding(lint, step->line, "a second caller in another %s needs the term %s in the condition",
                        step->beside, term);
    }
    if (second == NULL) {
        oc_lint_finding(lint, step->line, "the terminal has no function %s", step->second);
    }
}

void oc_lint_call(struct oc_lint *lint, const oc_step *step)
{
    const oc_function *first = oc_function_named(step->name);
    const oc_function *second = step->second == NULL ? NULL : oc_function_named(step->second);
    if (strcmp(step->name, OC_TERMINAL_DESCRIBE) == 0) {
        if (step->argument_count > 0 || !oc_lint_asks_for(lint->subject, "not terminal.virtual")) {
            oc_lint_finding(lint, step->line, "describe takes no argument, and needs the term not terminal.virtual");
        }
        return;
    }
    if (step->beside != NULL) {
        check_beside(lint, step, second);
    }
    if (first == NULL) {
        oc_lint_finding(lint, step->line, "the terminal has no function %s", step->name);
        return;
    }
    for (size_t i = 0; i < step->argument_count; i++) {
        check_argument(lint, step, first, second, step->arguments[i].name);
    }
}
