/* SPDX-License-Identifier: Apache-2.0 */
/* Which cases a card that is none passes. A case outside null-passes.txt that one of them passes demands too
 * little. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/mutants/allowed_passes.h"
#include "tests/mutants/suite_run.h"
#include "tests/support/oc_test.h"

#define CASES_MAX 20000
#define SEEDS 20
/* A guess out of some twenty likely status words is right now and then; more often than this it is no guess. */
#define LUCKY_MAX 5
#define ANSWER_MS 60000
#define SILENCE_MS 200

struct passes {
    const char *id[CASES_MAX];
    unsigned times[CASES_MAX];
    size_t count;
    unsigned judged;
};

static allowed_passes allowed;

static void read_allowed(void)
{
    allowed_passes_read(&allowed, "tests/mutants/null-passes.txt");
}

static void note_pass(void *context, const oc_case *subject, const oc_outcome *outcome)
{
    struct passes *passes = context;
    passes->judged += outcome->verdict == OC_VERDICT_FAIL || outcome->verdict == OC_VERDICT_DEVIATION;
    if (outcome->verdict != OC_VERDICT_PASS) {
        return;
    }
    size_t at = 0;
    while (at < passes->count && strcmp(passes->id[at], subject->id) != 0) {
        at++;
    }
    if (at == passes->count) {
        CU_ASSERT_FATAL(at < CASES_MAX);
        passes->id[passes->count++] = subject->id;
    }
    passes->times[at]++;
}

/* `seeds` runs on one generation; a case may be passed `lucky` times. */
static void run_mode(suite_run *suite, const char *label, const char *mode, unsigned seeds, unsigned lucky)
{
    struct passes *passes = calloc(1, sizeof *passes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(passes);
    for (unsigned seed = 1; seed <= seeds; seed++) {
        char command[PATH_MAX];
        snprintf(command, sizeof command, seeds > 1 ? "exec %s %s %u" : "exec %s %s", OC_NULL_CARD, mode, seed);
        suite_run_against(suite, command, false, ANSWER_MS, note_pass, passes);
    }
    unsigned weak = 0;
    CU_ASSERT(passes->judged > 0);
    for (size_t i = 0; i < passes->count; i++) {
        bool fine = passes->times[i] <= lucky || allowed_passes_has(&allowed, mode, passes->id[i]);
        weak += !fine;
        if (!fine || passes->times[i] > lucky) {
            printf("\n    %s, card %s passes %s%s", label, mode, passes->id[i], fine ? "" : ": not allowed");
        }
    }
    printf("\n    %s, card %s: %zu cases passed at least once in %u runs\n", label, mode, passes->count, seeds);
    CU_ASSERT_EQUAL(weak, 0);
    free(passes);
}

static void note_verdict(void *context, const oc_case *subject, const oc_outcome *outcome)
{
    (void)subject;
    *(enum oc_verdict *)context = outcome->verdict;
}

static void run_modes(const char *label, const char *profile)
{
    suite_run *suite = suite_run_new(profile, true);
    run_mode(suite, label, "sw 9000", 1, 0);
    run_mode(suite, label, "sw 6D00", 1, 0);
    run_mode(suite, label, "sw 6982", 1, 0);
    run_mode(suite, label, "echo", 1, 0);
    run_mode(suite, label, "random", SEEDS, 0);
    run_mode(suite, label, "likely", SEEDS, LUCKY_MAX);
    enum oc_verdict sanity = OC_VERDICT_PASS;
    suite_run_against(suite, "exec " OC_NULL_CARD " silent", true, SILENCE_MS, note_verdict, &sanity);
    CU_ASSERT_EQUAL(sanity, OC_VERDICT_FAIL);
    suite_run_free(suite);
}

static void third_generation(void)
{
    run_modes("ssc-3.0", "vectors/cards/ssc-3.0.xml");
}

static void second_generation(void)
{
    run_modes("ssc-2.0", "vectors/cards/ssc-2.0.xml");
}

static void list_is_needed(void)
{
    CU_ASSERT_EQUAL(allowed_passes_unused(&allowed), 0);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"the list is read", read_allowed},
        {"third generation", third_generation},
        {"second generation", second_generation},
        {"the list is needed", list_is_needed},
        {NULL, NULL},
    };
    return oc_test_main("null cards", rows);
}
