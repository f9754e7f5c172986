/* SPDX-License-Identifier: Apache-2.0 */
/* From a declaration to a bundle that is verified, as its users go. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/integration/cli_kit.h"
#include "tests/support/oc_signers.h"

static oc_cli_kit kit;
static char ics[PATH_MAX];
static char bundle[PATH_MAX];
static oc_signer_files sm2, p256;

/* onecard ics with these answers on its standard input. */
static int answer(const char *answers, const char *path)
{
    char command[2 * PATH_MAX + 200];
    oc_temp_write(kit.folder, "answers", answers);
    snprintf(command, sizeof command, "'%s' ics -o '%s' < '%s/answers' >/dev/null 2>&1", oc_kit_onecard(), path,
             kit.folder);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* First: assertions work within a test only. */
static void signers_are_made(void)
{
    oc_signer_make(&sm2, kit.folder, "sm2", OC_SIGNER_SM2, NULL);
    oc_signer_make(&p256, kit.folder, "p256", OC_SIGNER_P256, NULL);
}

static void the_declaration_is_asked_for(void)
{
    char other[PATH_MAX];
    oc_temp_path(ics, kit.folder, "declared.xml");
    oc_temp_path(other, kit.folder, "other.xml");
    /* Number, day, supplier, address, contact, kind, model, versions, serial, interface; then the terms. */
    CU_ASSERT_EQUAL(answer("I-1\n2026-02-01\n示例\n\n\ncard\nC-1\n\n\n0001\ncontact\n"
                           "y\nyes\nn\nno\nn\nn\nn\n否\n\n\n是\n",
                           ics),
                    0);
    CU_ASSERT_EQUAL(access(ics, R_OK), 0);
    /* The answers end too early; a day that is none. */
    CU_ASSERT_EQUAL(answer("I-1\n2026-02-01\n示例\n", other), 2);
    CU_ASSERT_NOT_EQUAL(access(other, F_OK), 0);
    CU_ASSERT_EQUAL(answer("I-1\nyesterday\n示例\n\n\nh\nC-1\n\n\n\n\ny\n", other), 2);
    CU_ASSERT_NOT_EQUAL(access(other, F_OK), 0);
    /* What is asked for again: a number that is not given, a kind that is none. */
    CU_ASSERT_EQUAL(answer("\nI-1\n\n示例\n\n\nspoon\n后台\nC-1\n\n\n\n\nperhaps\nn\n", other), 0);
}

static void a_run_keeps_to_it(void)
{
    /* The declaration of a card that has no DF04, though the profile says that it is there: its cases do not apply. */
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run",
                                OC_ARGS("--profile", OC_CARD_3, "--ics", ics, "--amends",
                                        "R-20260101T000000Z-00000000 another serial number", "-k",
                                        "^CARD.(SELECT|BALANCE|PIN)", "vectors/card"),
                                NULL),
                    0);
    oc_results results;
    oc_results_load(&results, kit.out);
    unsigned excluded = 0;
    for (size_t i = 0; i < results.count; i++) {
        excluded += strcmp(results.at[i].verdict, "NOT_APPLICABLE") == 0 &&
                    strncmp(results.at[i].reason, "ICS: card.df0", 13) == 0;
    }
    CU_ASSERT(excluded > 0);
    oc_results_free(&results);
}

static void official_has_rules(void)
{
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--official", "--seed", "7", "-k", "X"), "--official: "), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--amends", "why", "-k", "X"), "--amends takes"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--lab", ics, "-k", "X"), "lab"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--ics", "vectors/terms.xml", "-k", "X"), "terms.xml"), 2);
}

static void a_bundle_is_made_and_verified(void)
{
    oc_temp_path(bundle, kit.folder, "bundle");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "bundle",
                                OC_ARGS(kit.out, "-o", bundle, "--sign-cert", sm2.certificate, "--sign-key", sm2.key),
                                NULL),
                    0);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS("--ca", sm2.root, bundle), NULL), 0);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS("--any-signer", bundle), NULL), 0);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS(bundle), NULL), 1);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS("--ca", p256.root, bundle), NULL), 1);
    /* Another signs it as well. */
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "bundle", OC_ARGS(bundle, "--sign-cert", p256.certificate, "--sign-key", p256.key), NULL),
        0);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS("--ca", sm2.root, bundle), NULL), 1);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS("--ca", sm2.root, "--ca", p256.root, bundle), NULL), 0);
}

static void what_is_wrong_is_named(void)
{
    oc_program program;
    oc_temp_write(bundle, "plan.xml", "<plan/>");
    oc_kit_command(&program, &kit, "verify", OC_ARGS("--any-signer", "-q", bundle));
    CU_ASSERT_EQUAL(program.code, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "plan.xml: not the file that MANIFEST lists"));
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "NOT VERIFIED / 核验不通过"));
    oc_program_free(&program);
}

static void misuse(void)
{
    char nowhere[PATH_MAX];
    oc_temp_path(nowhere, kit.folder, "nowhere");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "bundle", OC_ARGS(kit.out), "-o names"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "bundle", OC_ARGS(kit.out, "-o", bundle), "there already"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "bundle", OC_ARGS(nowhere, "-o", nowhere), "nowhere"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "bundle", OC_ARGS(bundle), "add to it"), 2);
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "bundle", OC_ARGS(kit.out, "-o", nowhere, "--sign-cert", sm2.certificate), "--sign-key"), 2);
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "bundle",
                    OC_ARGS(kit.out, "-o", nowhere, "--sign-cert", sm2.certificate, "--sign-cmd", "exit 1"),
                    "status 1"),
        3);
    CU_ASSERT_NOT_EQUAL(access(nowhere, F_OK), 0);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS(nowhere), "nowhere"), 2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS("--ca", nowhere, bundle), "nowhere"), 2);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"signers are made", signers_are_made},
        {"the declaration is asked for", the_declaration_is_asked_for},
        {"a run keeps to it", a_run_keeps_to_it},
        {"official has rules", official_has_rules},
        {"a bundle is made and verified", a_bundle_is_made_and_verified},
        {"what is wrong is named", what_is_wrong_is_named},
        {"misuse", misuse},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("onecard: evidence", rows);
    oc_kit_close(&kit);
    return code;
}
