/* SPDX-License-Identifier: Apache-2.0 */
/* Does the suite catch hand-made defects, each by the case that is there for it and by no unrelated one? Prints a
 * matrix: defect, generation, mismatches, the catching case's verdict. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/mutants/suite_run.h"
#include "tests/mutants/tally.h"
#include "tests/support/oc_test.h"

#define ANSWER_MS 60000

static const struct expectation expectations[] = {
#include "tests/mutants/defects.inc"
};

static void command_of(char out[PATH_MAX], const char *profile, const char *defect)
{
    snprintf(out, PATH_MAX, "exec %s %s %s", OC_DEFECTIVE_CARD, profile, defect);
}

static void healthy(suite_run *suite, const char *profile)
{
    char command[PATH_MAX];
    struct tally tally = {0};
    command_of(command, profile, "none");
    suite_run_against(suite, command, false, ANSWER_MS, tally_note, &tally);
    CU_ASSERT_EQUAL(tally.mismatches, 0);
    CU_ASSERT(tally.judged > 0);
    printf("\n    %-30s %u cases judged, %u of them not passed", "none", tally.judged, tally.mismatches);
}

/* `whole`: every case, to see that no unrelated one fails; else the catching one. */
static void one_defect(suite_run *suite, const char *profile, const struct expectation *expected, bool whole,
                       unsigned *caught)
{
    char command[PATH_MAX];
    struct tally tally = {.expected = expected};
    command_of(command, profile, expected->defect);
    suite_run_only(suite, whole ? NULL : expected->caught_by);
    suite_run_against(suite, command, false, ANSWER_MS, tally_note, &tally);
    printf("\n    %-30s %-26s %4u  %s %s", expected->defect, expected->violates, tally.mismatches,
           tally_verdict(&tally, "NOT_APPLICABLE"), expected->caught_by);
    CU_ASSERT_EQUAL(tally.unrelated, 0);
    CU_ASSERT_EQUAL(tally.caught, tally.ran);
    *caught += tally.caught;
}

/* Each defect is caught on every generation where its case applies, and on one of them at least. The whole suite meets
 * each defect on the first generation only: the same wrapper alters the same commands on the other. */
static void defects_are_caught(void)
{
    static const char *const profiles[] = {"vectors/cards/ssc-3.0.xml", "vectors/cards/ssc-2.0.xml"};
    unsigned caught[sizeof expectations / sizeof expectations[0]] = {0};
    for (size_t p = 0; p < sizeof profiles / sizeof profiles[0]; p++) {
        printf("\n\n    %s", profiles[p]);
        suite_run *suite = suite_run_new(profiles[p], true);
        healthy(suite, profiles[p]);
        for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
            one_defect(suite, profiles[p], &expectations[i], p == 0, &caught[i]);
        }
        suite_run_free(suite);
    }
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        CU_ASSERT(caught[i] > 0);
    }
}

int main(void)
{
    const oc_test_row rows[] = {{"hand-made defects are caught", defects_are_caught}, {NULL, NULL}};
    return oc_test_main("defective cards", rows);
}
