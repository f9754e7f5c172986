/* SPDX-License-Identifier: Apache-2.0 */
/* Does the suite catch defective drivers, each by the case that is there for it and by no unrelated one? Prints a
 * matrix: defect, mismatches, the catching case's verdict. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/mutants/suite_run.h"
#include "tests/mutants/tally.h"
#include "tests/support/oc_test.h"

#define ANSWER_MS 10000
#define HANGING_MS 3000
#define IDS_MAX 1024

static const struct expectation expectations[] = {
#include "tests/mutants/drivers/drivers.inc"
};

#define EXPECTATIONS (sizeof expectations / sizeof expectations[0])

/* The cases that catch a defect, each once: what every defective driver is run against. Whatever any of these defects
 * does to other functions shows there. ONECARD_CASES names others: "TERM." takes all of terminals, which takes long. */
static const char *const *cross_section(void)
{
    static const char *ids[IDS_MAX + 1];
    size_t count = 0;
    char *named = getenv("ONECARD_CASES");
    if (ids[0] != NULL) {
        return ids;
    }
    while (named != NULL && count < IDS_MAX) {
        ids[count++] = strsep(&named, ",");
    }
    if (count > 0) {
        return ids;
    }
    for (size_t i = 0; i < EXPECTATIONS; i++) {
        size_t j = 0;
        while (j < count && strcmp(ids[j], expectations[i].caught_by) != 0) {
            j++;
        }
        ids[j] = expectations[i].caught_by;
        count += j == count;
    }
    return ids;
}

static void run(suite_run *suite, const char *library, struct tally *tally)
{
    char spec[PATH_MAX + 16];
    bool hangs = tally->expected != NULL && strcmp(tally->expected->violates, "HANG") == 0;
    snprintf(spec, sizeof spec, "driver:%s", library);
    suite_run_driver(suite, spec, cross_section(), hangs ? HANGING_MS : ANSWER_MS, tally_note, tally);
}

static void healthy(suite_run *suite)
{
    struct tally tally = {0};
    run(suite, OC_DRIVER, &tally);
    CU_ASSERT_EQUAL(tally.mismatches, 0);
    CU_ASSERT(tally.judged > 0);
    printf("\n    %-26s %u cases judged, %u of them not passed", "none", tally.judged, tally.mismatches);
}

static void one_defect(suite_run *suite, const struct expectation *expected)
{
    char library[PATH_MAX];
    struct tally tally = {.expected = expected};
    snprintf(library, sizeof library, "%s/%s/libSSCardDriver.so", OC_DEFECTIVE_DRIVERS, expected->defect);
    run(suite, library, &tally);
    printf("\n    %-26s %-32s %4u of %u  %s %s", expected->defect, expected->violates, tally.mismatches, tally.judged,
           tally_verdict(&tally, "NOT RUN"), expected->caught_by);
    CU_ASSERT_EQUAL(tally.unrelated, 0);
    CU_ASSERT(tally.caught > 0);
}

static void defects_are_caught(void)
{
    const char *only = getenv("ONECARD_ONLY_DEFECT");
    suite_run *suite = suite_run_new("vectors/cards/ssc-3.0.xml", false);
    healthy(suite);
    for (size_t i = 0; i < EXPECTATIONS; i++) {
        if (only == NULL || strcmp(only, expectations[i].defect) == 0) {
            one_defect(suite, &expectations[i]);
        }
    }
    suite_run_free(suite);
}

/* A library that no expectation names proves nothing. */
static void every_defect_is_expected(void)
{
    static const char *const built[] = {OC_DEFECT_NAMES};
    for (size_t i = 0; i < sizeof built / sizeof built[0]; i++) {
        size_t j = 0;
        while (j < EXPECTATIONS && strcmp(expectations[j].defect, built[i]) != 0) {
            j++;
        }
        if (j == EXPECTATIONS) {
            printf("\n    nothing is expected of %s", built[i]);
            CU_FAIL("a defect without expectation");
        }
    }
}

int main(void)
{
    const oc_test_row rows[] = {{"every defect has its expectation", every_defect_is_expected},
                                {"defective drivers are caught", defects_are_caught},
                                {NULL, NULL}};
    return oc_test_main("defective drivers", rows);
}
