/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/plan.h"

#include <regex.h>
#include <stdlib.h>

#include "conformance/dialect/terms.h"
#include "conformance/dut/terminal_dut.h"
#include "conformance/run/operator_order.h"
#include "sim/terminal/functions.h"

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; at != NULL && *at != '\0'; at += strspn(at, " ,")) {
        size_t part = strcspn(at, " ,");
        if (part == len && strncmp(at, word, len) == 0) {
            return true;
        }
        at += part;
    }
    return false;
}

static oc_result tag_term(void *context, const oc_term *term, bool *value)
{
    const oc_case *subject = context;
    static const char *const areas[] = {"card", "terminal", "host", "flow"};
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++) {
        if (strcmp(term->name, areas[i]) == 0) {
            *value = strcmp(subject->area, areas[i]) == 0;
            return oc_ok();
        }
    }
    if (strcmp(term->name, "negative") == 0) {
        *value = subject->negative_count > 0;
        return oc_ok();
    }
    if (strcmp(term->name, "official") == 0) {
        *value = subject->official != NULL &&
                 (term->argument[0] == '\0' || strcmp(subject->official, term->argument) == 0);
        return oc_ok();
    }
    if (strcmp(term->name, "req") == 0) {
        *value = false;
        for (size_t i = 0; i < subject->cover_count; i++) {
            *value = *value || strncmp(subject->covers[i], term->argument, strlen(term->argument)) == 0;
        }
        for (size_t i = 0; i < subject->requirement_count; i++) {
            *value = *value || strncmp(subject->requirements[i].id, term->argument, strlen(term->argument)) == 0;
        }
        return oc_ok();
    }
    if (strcmp(term->name, "condition") == 0) {
        *value = strcmp(subject->condition, term->argument) == 0;
        for (size_t i = 0; i < subject->negative_count; i++) {
            *value = *value || strcmp(subject->negatives[i].condition, term->argument) == 0;
        }
        return oc_ok();
    }
    if (strncmp(term->name, "touches.", 8) == 0) {
        *value = has_word(subject->touches_text, term->name + 8);
        return oc_ok();
    }
    return oc_fail(OC_E_NOT_FOUND);
}

static bool id_matches(const oc_case *subject, const regex_t *regex)
{
    if (regexec(regex, subject->id, 0, NULL, 0) == 0 ||
        (subject->official != NULL && regexec(regex, subject->official, 0, NULL, 0) == 0)) {
        return true;
    }
    for (size_t i = 0; i < subject->negative_count; i++) {
        if (regexec(regex, subject->negatives[i].id, 0, NULL, 0) == 0) {
            return true;
        }
    }
    return false;
}

static oc_result is_selected(const oc_case *subject, const oc_selection *selection, const regex_t *regex,
                             bool *selected, oc_diag *diag)
{
    *selected = selection->id_regex == NULL || id_matches(subject, regex);
    if (*selected && selection->tag != NULL) {
        oc_result r = oc_condition_evaluate(selection->tag, tag_term, (void *)(uintptr_t)subject, selected, NULL, 0,
                                            diag);
        return oc_is_ok(r) ? r : oc_fail(OC_E_USAGE);
    }
    return oc_ok();
}

const char *oc_plan_sanity_id(const oc_selection *selection)
{
    return selection->for_terminal ? OC_TERMINAL_SANITY_ID : OC_SANITY_ID;
}

const char *oc_plan_closing_id(const oc_plan *plan)
{
    return strcmp(plan->sanity->id, OC_TERMINAL_SANITY_ID) == 0 ? OC_TERMINAL_SANITY_ID ".END" : OC_SANITY_ID ".END";
}

/* A flow tells something of a terminal when that is who is called, and no function of it is the simulator's own. */
static bool concerns_terminal(const oc_case *subject)
{
    bool calls = false;
    for (size_t i = 0; i < subject->step_count; i++) {
        if (subject->steps[i].kind == OC_STEP_CALL && strcmp(subject->steps[i].name, OC_TERMINAL_DESCRIBE) != 0) {
            const oc_function *function = oc_function_named(subject->steps[i].name);
            if (function == NULL || !oc_function_is_standard(function)) {
                return false;
            }
            calls = true;
        }
    }
    return strcmp(subject->area, "terminal") == 0 || calls;
}

/* Who tests a card asks nothing of terminals and back-ends but what flows ask of them in which the card takes part. */
static bool concerns_card(const oc_case *subject)
{
    bool takes_part = strcmp(subject->area, "card") == 0;
    for (size_t i = 0; i < subject->step_count; i++) {
        enum oc_step_kind kind = subject->steps[i].kind;
        takes_part = takes_part || kind == OC_STEP_APDU || kind == OC_STEP_TPDU || kind == OC_STEP_RESET ||
                     kind == OC_STEP_CALL || kind == OC_STEP_ISSUE;
    }
    return takes_part && strcmp(subject->area, "terminal") != 0 && strcmp(subject->area, "host") != 0;
}

static bool steps_of_host(const oc_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum oc_step_kind kind = steps[i].kind;
        if (kind != OC_STEP_MESSAGE && kind != OC_STEP_LET && kind != OC_STEP_ADVANCE) {
            return false;
        }
    }
    return true;
}

static bool is_of_host(const oc_case *subject)
{
    const char *applicability = subject->applicability;
    return strcmp(subject->area, "host") == 0 && (applicability == NULL || strstr(applicability, "link.") == NULL) &&
           steps_of_host(subject->steps, subject->step_count) &&
           steps_of_host(subject->restore, subject->restore_count);
}

bool oc_plan_is_of_host(const oc_case *unit)
{
    bool of_host = is_of_host(unit);
    for (size_t i = 0; i < unit->negative_count; i++) {
        of_host = of_host && is_of_host(&unit->negatives[i]);
    }
    return of_host;
}

static oc_result collect(oc_plan *out, const oc_vectors *vectors, const oc_selection *selection, const regex_t *regex,
                         oc_diag *diag)
{
    unsigned place = 0;
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        const oc_case *subject = oc_vectors_case(vectors, i);
        if (strcmp(subject->id, oc_plan_sanity_id(selection)) == 0) {
            out->sanity = subject;
            continue;
        }
        bool selected = false;
        OC_TRY(is_selected(subject, selection, regex, &selected, diag));
        bool told = selection->id_regex != NULL || selection->tag != NULL;
        bool concerns = (!selection->for_terminal || concerns_terminal(subject)) &&
                        (!selection->for_card || concerns_card(subject));
        if (!selected || subject->retired || (!told && !concerns)) {
            continue;
        }
        if (selection->shards == 0 || place % selection->shards == selection->shard - 1) {
            out->units[out->unit_count++] = subject;
            out->case_count += 1 + subject->negative_count;
            out->host_count += oc_plan_is_of_host(subject) ? 1 + subject->negative_count : 0;
        }
        place++;
    }
    out->whole_count = place;
    return oc_ok();
}

oc_result oc_plan_make(oc_plan *out, const oc_vectors *vectors, const oc_selection *selection, oc_diag *diag)
{
    *out = (oc_plan){0};
    regex_t regex;
    if (selection->id_regex != NULL && regcomp(&regex, selection->id_regex, REG_EXTENDED | REG_NOSUB) != 0) {
        return oc_diag_fail(diag, OC_E_USAGE, "%s is no regular expression", selection->id_regex);
    }
    out->units = calloc(oc_vectors_count(vectors) + 1, sizeof *out->units);
    oc_result r = out->units == NULL ? oc_fail(OC_E_MEMORY) : collect(out, vectors, selection, &regex, diag);
    if (oc_is_ok(r) && selection->for_operator) {
        r = oc_operator_order(out->units, out->unit_count);
    }
    if (selection->id_regex != NULL) {
        regfree(&regex);
    }
    if (!oc_is_ok(r)) {
        oc_plan_free(out);
    }
    return r;
}

void oc_plan_free(oc_plan *plan)
{
    free(plan->units);
    *plan = (oc_plan){0};
}
