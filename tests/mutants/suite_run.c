/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/mutants/suite_run.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/run/plan.h"

struct suite_run {
    oc_vectors *vectors;
    oc_catalogue *catalogue;
    oc_profile *profile;
    oc_card_os *card_os;
    oc_card_os *psam_os;
    oc_mask *mask;
    oc_plan plan;
    oc_plan terminal_plan;
};

static void demand(oc_result r, const oc_diag *diag)
{
    if (!oc_is_ok(r)) {
        fprintf(stderr, "%s:%ld: %s\n", diag->file, diag->line, diag->reason);
        abort();
    }
}

suite_run *suite_run_new(const char *profile_path, bool for_card)
{
    oc_diag diag = {0};
    suite_run *suite = calloc(1, sizeof *suite);
    if (suite == NULL) {
        abort();
    }
    const char *folder = "vectors";
    demand(oc_vectors_load(&suite->vectors, &folder, 1, "vectors/schema/vectors.xsd", &diag), &diag);
    demand(oc_catalogue_load(&suite->catalogue, folder, &diag), &diag);
    demand(oc_profile_load(&suite->profile, profile_path, &diag), &diag);
    demand(oc_issuer_card_os(&suite->card_os), &diag);
    demand(oc_issuer_psam_os(&suite->psam_os), &diag);
    demand(oc_mask_new(&suite->mask, suite->profile, false), &diag);
    const oc_selection all = {.for_card = for_card};
    demand(oc_plan_make(&suite->plan, suite->vectors, &all, &diag), &diag);
    const oc_selection of_terminals = {.for_terminal = true};
    demand(oc_plan_make(&suite->terminal_plan, suite->vectors, &of_terminals, &diag), &diag);
    return suite;
}

void suite_run_free(suite_run *suite)
{
    oc_plan_free(&suite->plan);
    oc_plan_free(&suite->terminal_plan);
    oc_mask_free(&suite->mask);
    oc_card_os_free(&suite->card_os);
    oc_card_os_free(&suite->psam_os);
    oc_profile_free(&suite->profile);
    oc_catalogue_free(&suite->catalogue);
    oc_vectors_free(&suite->vectors);
    free(suite);
}

static enum oc_verdict run_one(oc_executor *executor, const oc_case *subject, enum oc_verdict twin,
                               suite_run_seen *seen, void *context)
{
    oc_outcome outcome;
    oc_execute(executor, subject, twin, &outcome);
    seen(context, subject, &outcome);
    enum oc_verdict verdict = outcome.verdict;
    oc_execute_done(executor, &outcome);
    return verdict;
}

static void run_unit(oc_executor *executor, const oc_case *unit, suite_run_seen *seen, void *context)
{
    enum oc_verdict verdict = run_one(executor, unit, OC_VERDICT_PASS, seen, context);
    for (size_t n = 0; n < unit->negative_count; n++) {
        (void)run_one(executor, &unit->negatives[n], verdict, seen, context);
    }
}

static bool is_wanted(const oc_case *unit, const char *const *prefixes)
{
    for (; *prefixes != NULL; prefixes++) {
        if (strncmp(unit->id, *prefixes, strlen(*prefixes)) == 0) {
            return true;
        }
    }
    return false;
}

static oc_world_plan plan_of(const suite_run *suite, const oc_card_os *os, const char *text, oc_spec specs[2],
                             int timeout_ms)
{
    static const oc_keys_spec keys = {.kind = OC_KEYS_PROFILE};
    oc_diag diag = {0};
    demand(oc_spec_parse(&specs[0], text, &diag), &diag);
    demand(oc_spec_parse(&specs[1], "virtual", &diag), &diag);
    return (oc_world_plan){.profile = suite->profile,
                           .card_os = os,
                           .psam_os = suite->psam_os,
                           .card = &specs[0],
                           .psam = &specs[1],
                           .keys = &keys,
                           .vectors_folder = "vectors",
                           .expendable = true,
                           .timeout_ms = timeout_ms};
}

static oc_world *world_of(const oc_world_plan *plan)
{
    oc_diag diag = {0};
    oc_world *world = NULL;
    demand(oc_world_new(&world, plan, &diag), &diag);
    return world;
}

static oc_executor executor_of(const suite_run *suite, oc_world *world, const char *pass)
{
    return (oc_executor){
        .world = world, .catalogue = suite->catalogue, .mask = suite->mask, .pass = pass, .seed = 1, .allowed = ~0U};
}

void suite_run_against(suite_run *suite, const char *command, bool sanity, int timeout_ms, suite_run_seen *seen,
                       void *context)
{
    char text[PATH_MAX];
    oc_spec specs[2] = {0};
    snprintf(text, sizeof text, "exec:%s", command);
    const oc_world_plan plan = plan_of(suite, suite->card_os, text, specs, timeout_ms);
    oc_world *world = world_of(&plan);
    oc_executor executor = executor_of(suite, world, "exec");
    if (sanity) {
        (void)run_one(&executor, suite->plan.sanity, OC_VERDICT_PASS, seen, context);
    }
    for (size_t i = 0; i < suite->plan.unit_count && !sanity; i++) {
        run_unit(&executor, suite->plan.units[i], seen, context);
    }
    oc_arena_free(&executor.spare);
    oc_world_free(&world);
}

void suite_run_virtual(suite_run *suite, const oc_card_os *os, const char *const *prefixes, suite_run_seen *seen,
                       void *context)
{
    oc_spec specs[2] = {0};
    const oc_world_plan plan = plan_of(suite, os, "virtual", specs, 0);
    oc_world *world = world_of(&plan);
    oc_executor executor = executor_of(suite, world, "inproc");
    for (size_t i = 0; i < suite->plan.unit_count; i++) {
        if (is_wanted(suite->plan.units[i], prefixes)) {
            run_unit(&executor, suite->plan.units[i], seen, context);
        }
    }
    oc_arena_free(&executor.spare);
    oc_world_free(&world);
}

static bool is_named(const oc_case *unit, const char *const *ids)
{
    for (; *ids != NULL; ids++) {
        size_t len = strlen(*ids);
        bool named = strcmp(unit->id, *ids) == 0 ||
                     (len > 0 && (*ids)[len - 1] == '.' && strncmp(unit->id, *ids, len) == 0);
        for (size_t i = 0; i < unit->negative_count && !named; i++) {
            named = strcmp(unit->negatives[i].id, *ids) == 0;
        }
        if (named) {
            return true;
        }
    }
    return false;
}

void suite_run_driver(suite_run *suite, const char *terminal, const char *const *ids, int timeout_ms,
                      suite_run_seen *seen, void *context)
{
    oc_spec specs[2] = {0};
    oc_terminal_spec spec;
    oc_diag diag = {0};
    demand(oc_terminal_spec_parse(&spec, terminal, &diag), &diag);
    oc_world_plan plan = plan_of(suite, suite->card_os, "virtual", specs, timeout_ms);
    plan.terminal = &spec;
    oc_world *world = world_of(&plan);
    oc_executor executor = executor_of(suite, world, "inproc");
    const oc_plan *cases = ids == NULL ? &suite->terminal_plan : &suite->plan;
    for (size_t i = 0; i < cases->unit_count; i++) {
        if (ids == NULL || is_named(cases->units[i], ids)) {
            run_unit(&executor, cases->units[i], seen, context);
        }
    }
    oc_arena_free(&executor.spare);
    oc_world_free(&world);
}
