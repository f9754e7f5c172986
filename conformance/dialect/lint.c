/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/lint_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/dialect/terms.h"
#include "sim/crypto/key_provider.h"

void oc_lint_finding(struct oc_lint *lint, long line, const char *format, ...)
{
    char reason[400];
    int head = snprintf(reason, sizeof reason, "%s: ", lint->subject->id);
    size_t used = head < 0 ? 0 : (size_t)head < sizeof reason ? (size_t)head : sizeof reason - 1;
    va_list args;
    va_start(args, format);
    vsnprintf(reason + used, sizeof reason - used, format, args);
    va_end(args);
    lint->findings++;
    lint->report(lint->context, lint->file != NULL ? lint->file : lint->subject->file, line, reason);
}

/* Names that have a value at this point of a case. */
struct names {
    const char **at;
    size_t count;
    size_t room;
};

static void add_name(struct names *names, const char *name)
{
    if (name == NULL || name[0] == '\0') {
        return;
    }
    if (names->count == names->room) {
        size_t room = names->room == 0 ? 64 : names->room * 2;
        const char **grown = realloc(names->at, room * sizeof *grown);
        if (grown == NULL) {
            return; /* a finding too many then, never one too few */
        }
        names->at = grown;
        names->room = room;
    }
    names->at[names->count++] = name;
}

static bool has_name(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->at[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static void check_value(struct oc_lint *lint, const struct names *names, const oc_value *value, long line)
{
    for (size_t i = 0; i < value->count; i++) {
        const oc_token *token = &value->tokens[i];
        oc_key_name key;
        if (token->kind == OC_TOKEN_CAPTURE && !has_name(names, token->name)) {
            oc_lint_finding(lint, line, "$%s is used before it has a value", token->name);
        } else if (token->kind == OC_TOKEN_KEY && !oc_is_ok(oc_key_name_parse(&key, token->name))) {
            oc_lint_finding(lint, line, "key:%s is not of the form key:DIR/NAME#version", token->name);
        }
        if (token->version != NULL && !has_name(names, token->version)) {
            oc_lint_finding(lint, line, "$%s is used before it has a value", token->version);
        }
    }
}

static void check_requirement(struct oc_lint *lint, const char *requirement, long line)
{
    if (requirement != NULL && oc_catalogue_confidence(lint->catalogue, requirement) == 0) {
        oc_lint_finding(lint, line, "requirement %s is not in the catalogue", requirement);
    }
}

static void check_demand(struct oc_lint *lint, struct names *names, const oc_demand *demand)
{
    check_value(lint, names, &demand->eq, demand->line);
    check_value(lint, names, &demand->other, demand->line);
    check_value(lint, names, &demand->mask, demand->line);
    check_requirement(lint, demand->requirement, demand->line);
    for (size_t i = 0; i < demand->child_count; i++) {
        check_demand(lint, names, &demand->children[i]);
    }
    add_name(names, demand->capture);
}

static void check_expect(struct oc_lint *lint, struct names *names, const oc_expect *expect, long line)
{
    check_requirement(lint, expect->sw_requirement, line);
    if (expect->has_data) {
        check_demand(lint, names, &expect->data);
    }
    for (size_t i = 0; i < expect->field_count; i++) {
        check_demand(lint, names, &expect->fields[i]);
    }
    for (size_t i = 0; i < expect->object_count; i++) {
        check_demand(lint, names, &expect->objects[i]);
    }
    for (size_t i = 0; i < expect->answer_count; i++) {
        check_demand(lint, names, &expect->answers[i]);
    }
}

static void check_choice(struct oc_lint *lint, const struct names *names, const oc_choice *choice, long line)
{
    for (size_t i = 0; i < choice->count; i++) {
        for (size_t k = 0; k < choice->any[i].count; k++) {
            check_value(lint, names, &choice->any[i].parts[k].value, line);
        }
    }
}

/* A pattern may use what any of the same observation takes, whichever comes first. */
static void check_patterns(struct oc_lint *lint, struct names *names, const oc_observation *observation)
{
    for (size_t i = 0; i < observation->count; i++) {
        for (size_t k = 0; k < observation->patterns[i].take_count; k++) {
            add_name(names, observation->patterns[i].takes[k].name);
        }
    }
    for (size_t i = 0; i < observation->count; i++) {
        const oc_pattern *pattern = &observation->patterns[i];
        const oc_choice *choices[] = {&pattern->cla, &pattern->ins,  &pattern->p1,     &pattern->p2,     &pattern->le,
                                      &pattern->sw,  &pattern->data, &pattern->answer, &pattern->command};
        for (size_t k = 0; k < sizeof choices / sizeof choices[0]; k++) {
            check_choice(lint, names, choices[k], pattern->line);
        }
        check_requirement(lint, pattern->requirement, pattern->line);
    }
}

bool oc_lint_asks_for(const oc_case *subject, const char *term)
{
    return subject->applicability != NULL && strstr(subject->applicability, term) != NULL;
}

static void check_kind(struct oc_lint *lint, const oc_step *step)
{
    if (step->kind == OC_STEP_TPDU && !oc_lint_asks_for(lint->subject, "link.raw-tpdu") &&
        !oc_lint_asks_for(lint->subject, "link.t1")) {
        oc_lint_finding(lint, step->line, "a tpdu needs the term link.raw-tpdu, or link.t1, in the condition");
    }
    if (step->kind == OC_STEP_ISSUE && !oc_lint_asks_for(lint->subject, "card.virtual")) {
        oc_lint_finding(lint, step->line, "issuing needs the term card.virtual in the condition");
    }
    if (step->kind == OC_STEP_ISSUE && (lint->subject->touches & OC_TOUCH_LIFECYCLE) == 0) {
        oc_lint_finding(lint, step->line, "issuing touches the lifecycle, which the case does not declare");
    }
    if (step->kind == OC_STEP_CALL) {
        oc_lint_call(lint, step);
    }
    if (step->kind == OC_STEP_CALL && !oc_lint_asks_for(lint->subject, "terminal")) {
        oc_lint_finding(lint, step->line, "a call needs the term terminal in the condition");
    }
    if (strcmp(step->actor, "psam") == 0 && !oc_lint_asks_for(lint->subject, "psam")) {
        oc_lint_finding(lint, step->line, "a step to the PSAM needs the term psam in the condition");
    }
    if (step->kind == OC_STEP_MESSAGE && !oc_lint_asks_for(lint->subject, "host.ledger") &&
        !oc_lint_asks_for(lint->subject, "host.medical")) {
        oc_lint_finding(lint, step->line,
                        "a message to the host needs the term host.ledger or host.medical in the condition");
    }
}

static void check_steps(struct oc_lint *lint, struct names *names, const oc_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const oc_step *step = &steps[i];
        lint->file = step->file;
        const oc_value *values[] = {&step->cla, &step->ins, &step->p1, &step->p2, &step->le, &step->data};
        for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
            check_value(lint, names, values[v], step->line);
        }
        for (size_t a = 0; a < step->argument_count; a++) {
            check_value(lint, names, &step->arguments[a].value, step->line);
        }
        check_kind(lint, step);
        check_expect(lint, names, &step->expect, step->line);
        if (step->kind == OC_STEP_OBSERVE) {
            check_patterns(lint, names, step->observation);
        }
        if (step->kind == OC_STEP_LET) {
            add_name(names, step->own_id);
        }
    }
    lint->file = NULL;
}

static oc_result declared_term(void *context, const oc_term *term, bool *value)
{
    *value = true;
    return oc_catalogue_has_term(context, term->name, term->argument[0] != '\0') ? oc_ok() : oc_fail(OC_E_NOT_FOUND);
}

static void check_condition(struct oc_lint *lint, const oc_case *subject)
{
    if (subject->applicability == NULL) {
        return;
    }
    bool value;
    oc_diag diag = {0};
    /* The catalogue is only read through the context pointer. */
    oc_result r = oc_condition_evaluate(subject->applicability, declared_term, (void *)(uintptr_t)lint->catalogue,
                                        &value, NULL, 0, &diag);
    if (!oc_is_ok(r)) {
        oc_lint_finding(lint, subject->line, "%s", diag.reason);
    }
}

size_t oc_lint_steps_run(const oc_case *subject)
{
    return subject->twin != NULL ? subject->expected_step + 1 : subject->step_count;
}

static void check_case(struct oc_lint *lint, const oc_case *subject)
{
    lint->subject = subject;
    if (subject->retired) {
        return;
    }
    struct names names = {0};
    check_condition(lint, subject);
    for (size_t i = 0; i < subject->requirement_count; i++) {
        check_requirement(lint, subject->requirements[i].id, subject->line);
    }
    if (subject->title_en[0] == '\0' || subject->title_zh[0] == '\0') {
        oc_lint_finding(lint, subject->line, "a title in Chinese and one in English are needed");
    }
    if (subject->twin == NULL && oc_catalogue_is_retired(lint->catalogue, subject->plain_id)) {
        oc_lint_finding(lint, subject->line, "this id belonged to a retired case");
    }
    check_requirement(lint, subject->requirement, subject->line);
    oc_lint_touches(lint, subject);
    size_t run = oc_lint_steps_run(subject);
    check_steps(lint, &names, subject->steps, run);
    check_steps(lint, &names, subject->restore, subject->restore_count);
    oc_lint_faults(lint, subject);
    if (subject->twin == NULL) {
        oc_lint_budgets(lint, subject);
    }
    for (size_t i = 0; i < run; i++) {
        oc_lint_observe(lint, subject, i);
    }
    for (size_t i = 0; i < subject->restore_count; i++) {
        if (subject->restore[i].kind == OC_STEP_OBSERVE) {
            oc_lint_finding(lint, subject->restore[i].line, "an observe while the card is restored");
        }
    }
    free(names.at);
    for (size_t i = 0; i < subject->negative_count; i++) {
        check_case(lint, &subject->negatives[i]);
    }
}

struct id_at {
    const char *id;
    const oc_case *at;
};

static int by_id(const void *a, const void *b)
{
    const struct id_at *left = a;
    const struct id_at *right = b;
    return strcmp(left->id, right->id);
}

static void check_unique(struct oc_lint *lint, const oc_vectors *vectors)
{
    size_t total = 0;
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        total += 1 + oc_vectors_case(vectors, i)->negative_count;
    }
    struct id_at *ids = calloc(total + 1, sizeof *ids);
    if (ids == NULL) {
        return;
    }
    size_t n = 0;
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        const oc_case *subject = oc_vectors_case(vectors, i);
        ids[n++] = (struct id_at){subject->id, subject};
        for (size_t k = 0; k < subject->negative_count; k++) {
            ids[n++] = (struct id_at){subject->negatives[k].id, &subject->negatives[k]};
        }
    }
    qsort(ids, n, sizeof *ids, by_id);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(ids[i].id, ids[i - 1].id) == 0) {
            lint->subject = ids[i].at;
            oc_lint_finding(lint, ids[i].at->line, "the id stands at %s:%ld too", ids[i - 1].at->file,
                            ids[i - 1].at->line);
        }
    }
    free(ids);
}

size_t oc_lint(const oc_vectors *vectors, const oc_catalogue *catalogue, oc_lint_report *report, void *context)
{
    struct oc_lint lint = {.catalogue = catalogue, .report = report, .context = context};
    check_unique(&lint, vectors);
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        check_case(&lint, oc_vectors_case(vectors, i));
    }
    return lint.findings;
}
