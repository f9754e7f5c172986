/* SPDX-License-Identifier: Apache-2.0 */
/* The card suite with keys outside this process: the same verdicts, or a key and its version where one is lacking. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/integration/cli_kit.h"
#include "tests/support/oc_token_kit.h"

static oc_cli_kit kit;

#define ROOTS "vectors/cards/test-keys.xml"
#define PROGRAM "exec:" OC_PYTHON " -B tests/foreign/key_program.py " ROOTS

/* Cases of every use of a key, few enough for a record that can be held in memory. */
#define KEYED "-k", "^CARD\\.(EXTAUTH|INTAUTH|UPDATE|LOAD|PURCHASE|PIN|SM)\\.|^FLOW\\.(AUT|ISS|MED-1)|^PSAM"

static void run_with(const char *keys, const char *profile, int code, oc_results *results)
{
    oc_program program;
    oc_kit_command(&program, &kit, "run", OC_ARGS("--keys", keys, "--profile", profile, KEYED));
    if (program.code != code) {
        printf("\n    %s: exit code %d\n%s%s", keys, program.code, oc_program_out(&program), oc_program_err(&program));
    }
    CU_ASSERT_EQUAL(program.code, code);
    CU_ASSERT_STRING_EQUAL(oc_program_err(&program), "");
    oc_program_free(&program);
    oc_results_load(results, kit.out);
}

/* What the profile's own keys come to, on both cards. */
static oc_results reference;

static void by_the_profile(void)
{
    oc_program program;
    oc_kit_command(&program, &kit, "run",
                   OC_ARGS("--keys", "profile", "--profile", OC_CARD_2, "--profile", OC_CARD_3, KEYED));
    CU_ASSERT_EQUAL(program.code, 0);
    oc_program_free(&program);
    oc_results_load(&reference, kit.out);
    CU_ASSERT(oc_results_count(&reference, "PASS") > 1000);
}

static void expect_same(const char *keys, const char *profile)
{
    oc_results results;
    run_with(keys, profile, 0, &results);
    CU_ASSERT_EQUAL(2 * results.count, reference.count);
    CU_ASSERT(oc_results_count(&results, "PASS") > 500);
    for (size_t i = 0; i < results.count; i++) {
        const oc_result_case *got = &results.at[i];
        const oc_result_case *same = oc_results_find(&reference, got->pass, got->id);
        bool is_same = same != NULL && strcmp(same->verdict, got->verdict) == 0;
        if (!is_same) {
            printf("\n    %s: %s, %s", got->id, got->verdict, got->reason);
        }
        CU_ASSERT_TRUE(is_same);
    }
    oc_results_free(&results);
}

static void by_a_program(void)
{
    expect_same(PROGRAM, OC_CARD_2);
    expect_same(PROGRAM, OC_CARD_3);
}

static bool file_holds(const char *path, const char *text)
{
    char command[2 * PATH_MAX];
    snprintf(command, sizeof command, "grep -rqF -e '%s' '%s'", text, path);
    return system(command) == 0;
}

static void by_a_token(void)
{
    oc_token_kit token;
    if (!oc_token_kit_open(&token, ROOTS, NULL)) {
        printf("\n    skipped: no SoftHSM");
        return;
    }
    expect_same(token.uri, OC_CARD_2);
    /* A PIN on the command line reaches no output. */
    char uri[3 * PATH_MAX];
    snprintf(uri, sizeof uri,
             "pkcs11:token=onecard%%20test;object=" OC_TOKEN_PREFIX "?pin-value=" OC_TOKEN_PIN
             "&module-path=" OC_SOFTHSM);
    oc_program program;
    oc_kit_command(&program, &kit, "run", OC_ARGS("-k", "^CARD\\.INTAUTH", "--profile", OC_CARD_2, "--keys", uri));
    CU_ASSERT_EQUAL(program.code, 0);
    CU_ASSERT_PTR_NULL(strstr(oc_program_out(&program), OC_TOKEN_PIN));
    CU_ASSERT_PTR_NULL(strstr(oc_program_err(&program), OC_TOKEN_PIN));
    oc_program_free(&program);
    CU_ASSERT_FALSE(file_holds(kit.out, OC_TOKEN_PIN));
    CU_ASSERT_TRUE(file_holds(kit.out, "pin-value=******"));
    /* The third generation's keys are SM4, which this token has not. */
    oc_results results;
    run_with(token.uri, OC_CARD_3, 0, &results);
    CU_ASSERT_EQUAL(oc_results_count(&results, "FAIL") + oc_results_count(&results, "ERROR"), 0);
    const oc_result_case *external = oc_results_find(&results, NULL, "CARD.EXTAUTH.SSSE.UK");
    CU_ASSERT_TRUE(oc_result_case_is(external, "NOT_RUN"));
    CU_ASSERT_PTR_NOT_NULL(external == NULL ? NULL
                                            : strstr(external->reason, "key SSSE/UK version 1: the token's SM4"));
    oc_results_free(&results);
    /* A wrong PIN is tried once, for all workers and profiles. */
    oc_kit_command(&program, &kit, "run",
                   OC_ARGS("-j", "4", "--keys",
                           "pkcs11:token=onecard%20test?pin-value=SECRET999"
                           "&module-path=" OC_SOFTHSM));
    CU_ASSERT_EQUAL(program.code, 3);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_err(&program), "refuses the login"));
    CU_ASSERT_FALSE(file_holds(kit.out, "SECRET999"));
    oc_program_free(&program);
    oc_token_kit_close(&token);
}

/* "...key SSSE/UK version 2..." */
static bool names_a_key(const char *reason)
{
    const char *key = strstr(reason, "key ");
    return key != NULL && strchr(key, '/') != NULL && strstr(key, " version ") != NULL;
}

/* Whatever cannot be answered is not run, by key and version; a negative with its twin. */
static void expect_named(const char *keys, const char *profile, size_t not_run_least)
{
    oc_results results;
    run_with(keys, profile, 0, &results);
    CU_ASSERT_EQUAL(oc_results_count(&results, "FAIL"), 0);
    CU_ASSERT_EQUAL(oc_results_count(&results, "ERROR"), 0);
    CU_ASSERT_EQUAL(oc_results_count(&results, "INCONCLUSIVE"), 0);
    CU_ASSERT(oc_results_count(&results, "PASS") > 500);
    CU_ASSERT(oc_results_count(&results, "NOT_RUN") >= not_run_least);
    for (size_t i = 0; i < results.count; i++) {
        if (oc_result_case_is(&results.at[i], "NOT_RUN")) {
            bool told = names_a_key(results.at[i].reason) || strstr(results.at[i].reason, "its positive twin") != NULL;
            if (!told) {
                printf("\n    %s: %s", results.at[i].id, results.at[i].reason);
            }
            CU_ASSERT_TRUE(told);
        }
    }
    oc_results_free(&results);
}

static void by_a_psam(void)
{
    expect_named("psam:virtual", OC_CARD_2, 20);
    expect_named("psam:virtual", OC_CARD_3, 20);
}

static void by_a_program_that_lacks_a_key(void)
{
    expect_named(PROGRAM " --lack SSSE/UK#1 --lack DF04/DTK#1", OC_CARD_3, 20);
}

/* The harness's failure, in the record; no hang. */
static void by_a_program_that_dies(void)
{
    oc_program program;
    oc_results results;
    oc_kit_command(&program, &kit, "run",
                   OC_ARGS("--keys",
                           "exec:n=0; while [ $n -lt 2 ] && read -r line; do echo \"$line\"; "
                           "n=$((n+1)); done | " OC_PYTHON " -B tests/foreign/key_program.py " ROOTS,
                           "--profile", OC_CARD_3, "-k", "^CARD\\.EXTAUTH"));
    CU_ASSERT_EQUAL(program.code, 3);
    oc_results_load(&results, kit.out);
    CU_ASSERT_EQUAL(oc_results_count(&results, "FAIL"), 0);
    CU_ASSERT_EQUAL(oc_results_count(&results, "ERROR"), 1);
    CU_ASSERT(oc_results_count(&results, "NOT_RUN") > 1);
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&results, NULL, "CARD.SANITY.END"), "PASS"));
    oc_results_free(&results);
    oc_program_free(&program);
}

static void providers_that_cannot_be_had(void)
{
    static const struct {
        const char *keys;
        int code;
        const char *part;
    } rows[] = {
        {"exec:/nonexistent/keys", 3, NULL},
        {"exec:true", 3, "exited with status 0"},
        {"psam:No Such Reader", 3, NULL},
        {"pkcs11:token=x", 2, "module-path"},
        {"pkcs11:token=x?module-path=/nonexistent", 3, "cannot be loaded"},
        {"pkcs11:", 2, NULL},
        {"psam:", 2, NULL},
        {"exec:", 2, NULL},
        {"hsm", 2, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_program program;
        oc_kit_command(&program, &kit, "run", OC_ARGS("--keys", rows[i].keys, "-k", "^CARD\\.PIN\\.VERIFY"));
        if (program.code != rows[i].code) {
            printf("\n    %s: %d, %s", rows[i].keys, program.code, oc_program_err(&program));
        }
        CU_ASSERT_EQUAL(program.code, rows[i].code);
        CU_ASSERT_NOT_EQUAL(oc_program_err(&program)[0], '\0');
        CU_ASSERT(rows[i].part == NULL || strstr(oc_program_err(&program), rows[i].part) != NULL);
        oc_program_free(&program);
    }
}

int main(void)
{
    const oc_test_row rows[] = {
        {"by the profile", by_the_profile},
        {"by a program", by_a_program},
        {"by a token", by_a_token},
        {"by a PSAM", by_a_psam},
        {"by a program that lacks a key", by_a_program_that_lacks_a_key},
        {"by a program that dies", by_a_program_that_dies},
        {"providers that cannot be had", providers_that_cannot_be_had},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("keys elsewhere", rows);
    oc_results_free(&reference);
    oc_kit_close(&kit);
    return code;
}
