/* SPDX-License-Identifier: Apache-2.0 */
/* Which cases a terminal that is none passes. A case outside null-terminal-passes.txt that one of them passes demands
 * too little. */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/run/plan.h"
#include "tests/mutants/allowed_passes.h"
#include "tests/mutants/suite_run.h"
#include "tests/support/oc_test.h"

#define CASES_MAX 4000
#define SEEDS 3
#define ANSWER_MS 60000
#define SILENCE_MS 200
/* A run that judged fewer did not get as far as the terminal. */
#define JUDGED_MIN 100

struct passes {
    const char *id[CASES_MAX];
    size_t count;
    unsigned judged;
    unsigned passed;
    const char *mode;
};

static suite_run *suite;
static allowed_passes allowed;

static void begin(void)
{
    allowed_passes_read(&allowed, "tests/mutants/null-terminal-passes.txt");
    suite = suite_run_new("vectors/cards/ssc-2.0.xml", false);
}

static void note(void *context, const oc_case *subject, const oc_outcome *outcome)
{
    struct passes *passes = context;
    passes->passed += outcome->verdict == OC_VERDICT_PASS;
    passes->judged += outcome->verdict == OC_VERDICT_FAIL || outcome->verdict == OC_VERDICT_DEVIATION;
    CU_ASSERT_NOT_EQUAL(outcome->verdict, OC_VERDICT_ERROR);
    if (outcome->verdict == OC_VERDICT_PASS && !allowed_passes_has(&allowed, passes->mode, subject->id)) {
        CU_ASSERT_FATAL(passes->count < CASES_MAX);
        passes->id[passes->count++] = subject->id;
    }
}

static void run(struct passes *passes, const char *mode)
{
    char command[1024];
    *passes = (struct passes){.mode = mode};
    snprintf(command, sizeof command, "exec:exec %s %s", OC_NULL_TERMINAL, mode);
    suite_run_driver(suite, command, NULL, ANSWER_MS, note, passes);
    printf("\n    terminal %s: %u cases passed, %u failed", mode, passes->passed, passes->judged);
    CU_ASSERT(passes->judged >= JUDGED_MIN);
}

static struct passes *room(void)
{
    struct passes *passes = calloc(1, sizeof *passes);
    CU_ASSERT_PTR_NOT_NULL_FATAL(passes);
    return passes;
}

static void is_nothing(const char *mode)
{
    struct passes *passes = room();
    run(passes, mode);
    for (size_t i = 0; i < passes->count; i++) {
        printf("\n    terminal %s passes %s: not allowed", mode, passes->id[i]);
    }
    CU_ASSERT_EQUAL(passes->count, 0);
    free(passes);
}

static void always_success(void)
{
    is_nothing("code 0");
}

static void always_wrong_type(void)
{
    is_nothing("code -1");
}

static void always_wrong_parameter(void)
{
    is_nothing("code -14");
}

static void echo(void)
{
    is_nothing("echo");
}

/* Success, and the basic data of some card. */
static void fixed(void)
{
    is_nothing("fixed");
}

/* A code out of some twenty is right now and then. A case that is passed with every seed is not decided by a code. */
static void by_chance(void)
{
    struct passes *passes[SEEDS];
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        char mode[32];
        snprintf(mode, sizeof mode, "likely %u", seed);
        passes[seed - 1] = room();
        run(passes[seed - 1], mode);
    }
    for (size_t i = 0; i < passes[0]->count; i++) {
        unsigned times = 0;
        for (unsigned s = 0; s < SEEDS; s++) {
            for (size_t k = 0; k < passes[s]->count; k++) {
                times += strcmp(passes[s]->id[k], passes[0]->id[i]) == 0;
            }
        }
        if (times == SEEDS) {
            printf("\n    terminal likely passes %s with every seed", passes[0]->id[i]);
            CU_FAIL("a case that luck does not decide");
        }
    }
    for (unsigned s = 0; s < SEEDS; s++) {
        free(passes[s]);
    }
}

static void note_verdict(void *context, const oc_case *subject, const oc_outcome *outcome)
{
    (void)subject;
    *(enum oc_verdict *)context = outcome->verdict;
}

/* Of one that never answers nothing but the sanity case is asked: each question costs its whole time. */
static void silent(void)
{
    static const char *const sanity_case[] = {OC_TERMINAL_SANITY_ID, NULL};
    enum oc_verdict sanity = OC_VERDICT_PASS;
    suite_run_driver(suite, "exec:exec " OC_NULL_TERMINAL " silent", sanity_case, SILENCE_MS, note_verdict, &sanity);
    CU_ASSERT_EQUAL(sanity, OC_VERDICT_FAIL);
}

static void list_is_needed(void)
{
    CU_ASSERT_EQUAL(allowed_passes_unused(&allowed), 0);
    suite_run_free(suite);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"the suite is loaded", begin},
        {"code 0", always_success},
        {"code -1", always_wrong_type},
        {"code -14", always_wrong_parameter},
        {"echo", echo},
        {"the same basic data", fixed},
        {"by chance", by_chance},
        {"silent", silent},
        {"the list is needed", list_is_needed},
        {NULL, NULL},
    };
    return oc_test_main("null terminals", rows);
}
