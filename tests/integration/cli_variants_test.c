/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped cards that a run without --profile leaves out: every vector of cards and terminals that applies to them passes, and what their
 * settings choose is tried. */
#include "tests/integration/cli_kit.h"

static oc_cli_kit kit;

/* One card a run: the record of both would be more than is worth holding in memory. */
static void run_with(const char *const *arguments, const char *const *tried)
{
    oc_program program;
    oc_results results;
    oc_kit_command(&program, &kit, "run", arguments);
    CU_ASSERT_EQUAL(program.code, 0);
    oc_program_free(&program);
    oc_results_load(&results, kit.out);
    for (; *tried != NULL; tried++) {
        CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&results, NULL, *tried), "PASS"));
    }
    oc_results_free(&results);
}

static void run_card(const char *profile, const char *const *tried)
{
    run_with(OC_ARGS("--strict", "--via", "inproc", "-t", "not host", "--profile", profile), tried);
}

#define T1_CARD "vectors/cards/ssc-3.0-t1.xml"
#define SAME_WITH_T1 "^CARD\\.(T1|EXTENDED|CHAIN|CONTACTLESS|RESET|SELECT|FAULT|T0|PIN|EXTAUTH|CARD-BLOCK)\\.|^FLOW"

static void whole_commands(void)
{
    run_with(OC_ARGS("--strict", "--profile", T1_CARD, "-k", SAME_WITH_T1),
             OC_ARGS("CARD.T1.ATR", "CARD.T1.CASE4", "CARD.T1.LC.SHORT", "CARD.EXTENDED.READ", "CARD.EXTENDED.WRITE",
                     "CARD.CHAIN.ORDER", "CARD.CHAIN.BROKEN", "CARD.CHAIN.TOO-LONG", "CARD.FAULT.TEAR.5",
                     "FLOW.MED-1.PAY"));
}

static void without_contacts(void)
{
    run_with(
        OC_ARGS("--strict", "--interface", "contactless", "-t", "not host", "--profile", "vectors/cards/ssc-3.0.xml"),
        OC_ARGS("CARD.CONTACTLESS.ATS", "CARD.CONTACTLESS.READ.EF05-01", "CARD.CONTACTLESS.NO-UPDATE",
                "CARD.CONTACTLESS.NO-PIN.VERIFY", "CARD.CONTACTLESS.NO-PURSE", "CARD.T1.CASE4", "CARD.EXTENDED.ABSENT",
                "CARD.CHAIN.ABSENT"));
    run_with(OC_ARGS("--strict", "--interface", "contactless", "--profile", T1_CARD, "-k", SAME_WITH_T1),
             OC_ARGS("CARD.CONTACTLESS.ATS", "CARD.EXTENDED.WRITE", "FLOW.MED-1.PAY"));
}

static void version_2_01(void)
{
    run_card("vectors/cards/ssc-2.01.xml", OC_ARGS("CARD.READ.SSSE-EF0D-VALUE.EA", "CARD.ITEM.16-DF02.60.PIN"));
}

static void other_settings(void)
{
    run_card("vectors/cards/ssc-2.0-rk.xml",
             OC_ARGS("CARD.READ.SSSE-EF0C.2", "CARD.ORDER.DF01.EF05-1.RK", "CARD.READ.DF03-AGAIN.EF19-79-4.RK",
                     "CARD.SIZE.DF01.EF1A.RK", "CARD.ITEM.16-DF03.60.RK", "CARD.DIR.SSSE.DF07-6"));
}

int main(void)
{
    const oc_test_row rows[] = {{"version 2.01", version_2_01},
                                {"other settings", other_settings},
                                {"whole commands", whole_commands},
                                {"without contacts", without_contacts},
                                {NULL, NULL}};
    oc_kit_open(&kit);
    int code = oc_test_main("variants", rows);
    oc_kit_close(&kit);
    return code;
}
