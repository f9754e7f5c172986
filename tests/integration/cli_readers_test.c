/* SPDX-License-Identifier: Apache-2.0 */
/* Readers that are not there, are empty, or lose their card: said in one line, or in the record. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/link/transports.h"
#include "tests/integration/cli_kit.h"

static oc_cli_kit kit;

/* Answers 9000 to so many commands, then fails, so that it leaves its reader. */
static oc_result leave_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    (void)self;
    (void)kind;
    oc_wr_bytes(atr, oc_span_of("\x3B\x6D\x00\x00\x00\x99\x4F\x43\x33\x86\x99\x99\x01\x30\x00\x00\x01", 17));
    return oc_ok();
}

static oc_result leave_exchange(void *self, oc_span command, oc_wr *response)
{
    unsigned *left = self;
    (void)command;
    if (*left == 0) {
        return oc_fail(OC_E_CRYPTO);
    }
    (*left)--;
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

static void no_daemon(void)
{
    const char *before = getenv("PCSCLITE_CSOCK_NAME");
    char *kept = before == NULL ? NULL : strdup(before);
    char path[PATH_MAX];
    oc_temp_path(path, kit.folder, "no-socket");
    setenv("PCSCLITE_CSOCK_NAME", path, 1);
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "run", OC_ARGS("--card", "pcsc:Reader", "--profile", OC_CARD_3), "no pcscd answers"), 3);
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "run", OC_ARGS("--psam", "pcsc:Reader", "--profile", OC_CARD_3), "no pcscd answers"), 3);
    if (kept != NULL) {
        setenv("PCSCLITE_CSOCK_NAME", kept, 1);
    } else {
        unsetenv("PCSCLITE_CSOCK_NAME");
    }
    free(kept);
}

static void readers(void)
{
    oc_private_pcscd *pcscd = NULL;
    oc_diag diag = {0};
    if (!oc_is_ok(oc_private_pcscd_start(&pcscd, &diag))) {
        printf("\n    skipped: %s", diag.reason);
        return;
    }
    char reader[300];
    snprintf(reader, sizeof reader, "pcsc:%s", oc_private_pcscd_reader(pcscd, 0));
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "run", OC_ARGS("--card", "pcsc:No Such Reader", "--profile", OC_CARD_3), "No Such Reader"),
        3);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--card", reader, "--profile", OC_CARD_3), "no card"), 3);

    unsigned left = 5;
    oc_vpcd_card *plugged = NULL;
    oc_endpoint endpoint = {&left, leave_reset, leave_exchange};
    OC_ASSERT_OK(oc_vpcd_card_start(&plugged, endpoint, oc_private_pcscd_port(pcscd, 0), &diag));
    oc_program program;
    oc_results results;
    /* Few cases: the program looks for the card some seconds at each. */
    oc_kit_command(&program, &kit, "run",
                   OC_ARGS("--card", reader, "--profile", OC_CARD_3, "-k", "^CARD\\.PIN\\.(VERIFY|TWICE)"));
    oc_vpcd_card_stop(&plugged);
    oc_private_pcscd_stop(&pcscd);
    oc_results_load(&results, kit.out);
    CU_ASSERT_EQUAL(left, 0);
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&results, NULL, "CARD.SANITY"), "PASS"));
    /* the reader's failure, not the card's */
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&results, NULL, "CARD.PIN.TWICE"), "ERROR"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&results, NULL, "CARD.SANITY.END"), "ERROR"));
    CU_ASSERT_EQUAL(program.code, oc_results_count(&results, "FAIL") > 0 ? 1 : 3);
    oc_results_free(&results);
    oc_program_free(&program);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"no daemon", no_daemon},
        {"readers", readers},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("readers", rows);
    oc_kit_close(&kit);
    return code;
}
