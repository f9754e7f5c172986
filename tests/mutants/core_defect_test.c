/* SPDX-License-Identifier: Apache-2.0 */
/* Defects of blocking, secure messaging, the order of checks and anti-tear, in a card that is put back between cases.
 * Prints: defect, mismatches, the catching case's verdict. */
#include <stdio.h>

#include "tests/mutants/core_defects.h"
#include "tests/mutants/suite_run.h"
#include "tests/mutants/tally.h"
#include "tests/support/oc_test.h"

#define PREFIXES_MAX 4

static const struct core_expectation {
    struct expectation expected;
    const char *prefixes[PREFIXES_MAX + 1]; /* cases that are run */
} expectations[] = {
    {{"block-unproved", "SSC.BLOCK.MAC", "CARD.BLOCK.TEMPORARY.WRONG-MAC.DF01", {""}}, {"CARD.BLOCK."}},
    {{"block-without-lock-key", "SSC.BLOCK.LOCK-KEY", "CARD.BLOCK.LOCK-KEY-DF04.NOT-FOR-BLOCK", {""}},
     {"CARD.BLOCK."}},
    {{"block-until-reset", "SSC.BLOCK.KEPT", "CARD.BLOCK.TEMPORARY.DF01", {""}}, {"CARD.BLOCK."}},
    {{"unblock-for-ever", "SSC.BLOCK.NO-UNBLOCK", "CARD.BLOCK.PERMANENT.DF01", {""}}, {"CARD.BLOCK."}},
    {{"blocked-readable", "SSC.BLOCK.REFUSED", "CARD.BLOCK.REFUSED-DF04.TEMPORARY.READ-RECORD", {""}},
     {"CARD.BLOCK."}},
    {{"blocked-other-word", "SSC.BLOCK.REFUSED", "CARD.BLOCK.REFUSED-SSSE.PERMANENT.READ-RECORD", {""}},
     {"CARD.BLOCK."}},
    {{"card-block-unproved", "SSC.BLOCK.CARD-MAC", "CARD.CARD-BLOCK.DONE.WRONG-MAC.SSSE", {""}},
     {"CARD.CARD-BLOCK.", "CARD.ORDER.BLOCK"}},
    {{"terminate-unproved", "SSC.TERMINATE.MAC", "CARD.TERMINATE.DONE.WRONG-MAC.DF04", {""}},
     {"CARD.TERMINATE.", "CARD.ORDER.BLOCK"}},
    {{"secured-unchecked", "SSC.SM.UNCHANGED", "CARD.SM.RECORD.WRONG-MAC.TAG-SFI", {""}}, {"CARD.SM."}},
    {{"mac-without-its-length", "SSC.SM.MAC-INPUT", "CARD.SM.PRIMITIVE-", {""}}, {"CARD.SM."}},
    {{"mac-for-right", "SSC.SM.RIGHT", "CARD.SM.RECORD.NO-RIGHT.NUMBER", {""}}, {"CARD.SM."}},
    {{"mac-tries-not-counted", "SSC.SM.TRIES", "CARD.SM.TRIES.THREE", {""}}, {"CARD.SM."}},
    {{"right-before-form", "SSC.ORDER.UPDATE-RECORD", "CARD.ORDER.SSSE.UPDATE-RECORD-LENGTH-RIGHT", {""}},
     {"CARD.ORDER.", "CARD.P1P2."}},
    {{"length-before-parameters", "SSC.ORDER.VERIFY", "CARD.ORDER.PIN.VERIFY-P1P2-LENGTH", {""}},
     {"CARD.ORDER.", "CARD.LENGTH."}},
    {{"update-in-halves", "SSC.TEAR.UPDATE-RECORD", "CARD.TEAR.RECORD.NAME.", {""}}, {"CARD.TEAR.RECORD"}},
    {{"tries-given-back-first", "SSC.TEAR.TRIES", "CARD.TEAR.VERIFY.WRONG.", {""}}, {"CARD.TEAR.VERIFY"}},
};

static void run(suite_run *suite, const char *defect, const char *const *prefixes, struct tally *tally)
{
    oc_card_os *os = NULL;
    OC_ASSERT_OK(core_defect_os(&os, defect));
    if (os != NULL) {
        suite_run_virtual(suite, os, prefixes, tally_note, tally);
    }
    oc_card_os_free(&os);
}

static void all(const char *profile)
{
    static const char *const everything[] = {
        "CARD.BLOCK.", "CARD.CARD-BLOCK.", "CARD.TERMINATE.", "CARD.SM.", "CARD.ORDER.", "CARD.TEAR.VERIFY", NULL};
    suite_run *suite = suite_run_new(profile, true);
    struct tally right = {0};
    run(suite, "none", everything, &right);
    CU_ASSERT(right.judged > 0);
    CU_ASSERT_EQUAL(right.mismatches, 0);
    printf("\n\n    %s\n    %-26s %u cases judged", profile, "none", right.judged);
    for (size_t i = 0; i < sizeof expectations / sizeof expectations[0]; i++) {
        const struct expectation *expected = &expectations[i].expected;
        struct tally tally = {.expected = expected};
        run(suite, expected->defect, expectations[i].prefixes, &tally);
        printf("\n    %-26s %-24s %4u of %4u, %u by %s", expected->defect, expected->violates, tally.mismatches,
               tally.judged, tally.caught, expected->caught_by);
        CU_ASSERT(tally.caught > 0);
    }
    suite_run_free(suite);
}

static void third_generation(void)
{
    all("vectors/cards/ssc-3.0.xml");
}

static void second_generation(void)
{
    all("vectors/cards/ssc-2.0.xml");
}

int main(void)
{
    const oc_test_row rows[] = {
        {"a third-generation card", third_generation}, {"a second-generation card", second_generation}, {NULL, NULL}};
    return oc_test_main("defects of the operating system", rows);
}
