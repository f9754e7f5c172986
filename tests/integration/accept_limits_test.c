/* SPDX-License-Identifier: Apache-2.0 */
/* onecard accept: samples of a batch, bad input, and cards that fail in the middle. */
#include <stdio.h>

#include "tests/integration/accept_kit.h"

static oc_cli_kit kit;

/* The sample is the same for the same seed, and only its lines count. */
static void samples_are_drawn(void)
{
    static char specs[1][2 * PATH_MAX];
    static char csv[OC_KIT_CSV_MAX];
    oc_made_card card;
    snprintf(csv, sizeof csv, "%s", oc_kit_headings);
    for (unsigned i = 1; i <= 40; i++) {
        oc_kit_make_card(&card, &kit, i, NULL, false);
        oc_kit_order(csv, sizeof csv, &card, NULL);
    }
    oc_kit_spec(specs[0], &card);
    oc_kit_write_order(&kit, csv);
    oc_program program;
    oc_kit_accept(&program, &kit, specs, 1, OC_ARGS("--sample", "plan", "--aql", "1.5", "--seed", "5"));
    CU_ASSERT_EQUAL(program.code, 6);
    const char *drawn = strstr(oc_program_out(&program), "Lines drawn by the seed:");
    CU_ASSERT_PTR_NOT_NULL_FATAL(drawn);
    char first[256];
    snprintf(first, sizeof first, "%.*s", (int)strcspn(drawn, "\n"), drawn);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "Code letter: D"));
    oc_kit_expect_sheet(&kit);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "Sample size: 8"));
    oc_program_free(&program);
    oc_kit_accept(&program, &kit, specs, 1, OC_ARGS("--sample", "plan", "--aql", "1.5", "--seed", "5"));
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), first));
    oc_program_free(&program);
    oc_kit_accept(&program, &kit, specs, 1, OC_ARGS("--sample", "8", "--seed", "6"));
    CU_ASSERT_PTR_NULL(strstr(oc_program_out(&program), first));
    oc_program_free(&program);
}

/* A slip of the pen costs no card: file, line, column, reason, exit code 2. */
static void bad_input_is_refused(void)
{
    oc_kit_write_order(&kit,
                       "card,id,name,sex,birth,expiry,version,pin\n990000201,1,a,x,1985-10-20,2026-03-01,2.00,\n");
    char map_path[PATH_MAX];
    char order_path[PATH_MAX];
    oc_temp_path(map_path, kit.folder, "map.xml");
    oc_temp_path(order_path, kit.folder, "order.csv");
    const char *const rows[][2] = {
        {map_path, "order.csv:2: column 'sex': no sex of GB/T 2261.1"},
        {order_path, "order.csv:1"},
        {"/nonexistent/map.xml", "/nonexistent/map.xml"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(oc_kit_said(&kit, "accept",
                                    OC_ARGS("--order", order_path, "--map", rows[i][0], "--profile", OC_CARD_2,
                                            "--card", "exec:false", "-o", kit.out),
                                    rows[i][1]),
                        2);
    }
}

/* A card that goes away is a failure of its own, and the batch goes on. */
static void cards_that_fail(void)
{
    static char specs[3][2 * PATH_MAX];
    static char csv[OC_KIT_CSV_MAX];
    oc_made_card cards[2];
    snprintf(csv, sizeof csv, "%s", oc_kit_headings);
    for (unsigned i = 0; i < 2; i++) {
        oc_kit_make_card(&cards[i], &kit, i + 1, NULL, false);
        oc_kit_order(csv, sizeof csv, &cards[i], NULL);
    }
    snprintf(specs[0], sizeof specs[0], "exec:true");
    snprintf(
        specs[1], sizeof specs[1],
        "exec:n=0; while [ $n -lt 150 ] && read -r line; do echo \"$line\"; n=$((n+1)); done | '%s' card --profile "
        "'%.1000s'",
        oc_kit_onecard(), cards[0].profile);
    oc_kit_spec(specs[2], &cards[1]);
    oc_kit_write_order(&kit, csv);
    oc_program program;
    oc_results results;
    oc_kit_accept(&program, &kit, specs, 3, NULL);
    CU_ASSERT_EQUAL(program.code, 1);
    oc_results_load(&results, kit.out);
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.READ"), "FAIL"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 3, "ACCEPT.CARD.ORDERED"), "PASS"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 3, "ACCEPT.KEY.IRK-1"), "PASS"));
    oc_results_free(&results);
    oc_program_free(&program);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"samples are drawn", samples_are_drawn},
        {"bad input is refused", bad_input_is_refused},
        {"cards that fail", cards_that_fail},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("accept limits", rows);
    oc_kit_close(&kit);
    return code;
}
