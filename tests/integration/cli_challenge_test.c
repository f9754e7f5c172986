/* SPDX-License-Identifier: Apache-2.0 */
/* An examiner's challenge is answered by the run that it demands and by no other, in time, as it was written. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/integration/cli_kit.h"
#include "tests/support/oc_signers.h"

#define SELECTED "--profile", OC_CARD_3, "vectors/card/binary.xml"
#define OTHER_ICS                                                                                                     \
    "<ics xmlns=\"urn:onecard:ics:1\" id=\"2\"><vendor name=\"V\"/><item kind=\"card\" model=\"M\"/></ics>"
#define ICS                                                                                                           \
    "<ics xmlns=\"urn:onecard:ics:1\" id=\"1\"><vendor name=\"V\"/><item kind=\"card\" model=\"M\"/>"                 \
    "<declares term=\"card.ssse\" supported=\"true\"/><declares term=\"alg.sm4\" supported=\"true\"/></ics>"

static oc_cli_kit kit;
static oc_signer_files examiner;
static oc_signer_files stranger;
static char challenge[PATH_MAX];
static char ics[PATH_MAX];

static int demand(const char *path, const char *const *selected)
{
    const char *arguments[OC_ARGV_MAX] = {"--examiner",         "Examiner 考官", "--ics",      ics,  "--sign-cert",
                                          examiner.certificate, "--sign-key",    examiner.key, "-o", path};
    size_t count = 10;
    for (size_t i = 0; selected[i] != NULL; i++) {
        arguments[count++] = selected[i];
    }
    oc_program program;
    oc_kit_command(&program, &kit, "challenge", arguments);
    int code = program.code;
    if (code != 0) {
        printf("%s", oc_program_err(&program));
    }
    oc_program_free(&program);
    return code;
}

static int answer(const char *path, const char *more, const char *part)
{
    return oc_kit_said(&kit, "run",
                       OC_ARGS("--challenge", path, "--challenge-ca", examiner.root, "--ics", ics, SELECTED,
                               more == NULL ? "--strict" : more),
                       part);
}

static void a_demand_is_written(void)
{
    oc_kit_open(&kit);
    oc_signer_make(&examiner, kit.folder, "examiner", OC_SIGNER_SM2, NULL);
    oc_signer_make(&stranger, kit.folder, "stranger", OC_SIGNER_P256, NULL);
    oc_temp_write(kit.folder, "ics.xml", ICS);
    oc_temp_path(ics, kit.folder, "ics.xml");
    oc_temp_path(challenge, kit.folder, "demand.xml");
    CU_ASSERT_EQUAL_FATAL(demand(challenge, OC_ARGS(SELECTED)), 0);
}

static char *text_of(const char *folder, const char *name)
{
    char path[PATH_MAX];
    oc_temp_path(path, folder, name);
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 4 * 1024 * 1024);
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT(fread(text, 1, 4 * 1024 * 1024 - 1, file) > 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return text;
}

static void the_run_that_is_demanded_answers(void)
{
    char again[PATH_MAX];
    char result[PATH_MAX];
    CU_ASSERT_EQUAL(answer(challenge, NULL, NULL), 0);
    char *record = text_of(kit.out, "result.xml");
    char *given = text_of(kit.folder, "demand.xml");
    const char *nonce = strstr(given, "nonce=");
    CU_ASSERT_PTR_NOT_NULL_FATAL(nonce);
    char wanted[80];
    snprintf(wanted, sizeof wanted, "%.71s", nonce);
    CU_ASSERT_PTR_NOT_NULL(strstr(record, wanted));
    CU_ASSERT_PTR_NOT_NULL(strstr(record, "trusted=\"true\""));
    CU_ASSERT_PTR_NULL(strstr(record, " seed=\"1\""));
    oc_temp_path(result, kit.out, "result.xml");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "replay", OC_ARGS(result), NULL), 0);
    /* The same demand, another nonce: nothing that is read can have been known. */
    oc_temp_path(again, kit.folder, "again.xml");
    CU_ASSERT_EQUAL(demand(again, OC_ARGS(SELECTED)), 0);
    CU_ASSERT_EQUAL(answer(again, NULL, NULL), 0);
    char *other = text_of(kit.out, "result.xml");
    const char *one_seed = strstr(record, " seed=");
    const char *other_seed = strstr(other, " seed=");
    CU_ASSERT_NOT_EQUAL(strncmp(one_seed, other_seed, 12), 0);
    const char *one_atr = strstr(record, " atr=");
    const char *other_atr = strstr(other, " atr=");
    CU_ASSERT_NOT_EQUAL(strncmp(one_atr, other_atr, 40), 0);
    free(record);
    free(given);
    free(other);
}

static void another_run_is_refused(void)
{
    char other[PATH_MAX];
    CU_ASSERT_EQUAL(answer(challenge, "-kFINGER", "is demanded, and this run does not have it"), 2);
    CU_ASSERT_EQUAL(answer(challenge, "vectors/card/balance.xml", "not what the challenge demands"), 2);
    CU_ASSERT_EQUAL(answer(challenge, "--profile=" OC_CARD_2, "not what the challenge demands"), 2);
    CU_ASSERT_EQUAL(answer(challenge, "--seed=7", "--seed does not go with --challenge"), 2);
    oc_temp_write(kit.folder, "other-ics.xml", OTHER_ICS);
    oc_temp_path(other, kit.folder, "other-ics.xml");
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--challenge", challenge, "--ics", other, SELECTED),
                                "declaration of the item"),
                    2);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run", OC_ARGS("--challenge", challenge, SELECTED), "declaration of the item"),
                    2);
}

static void one_that_expired_is_refused(void)
{
    char old[PATH_MAX];
    char future[PATH_MAX];
    oc_temp_path(old, kit.folder, "old.xml");
    oc_temp_path(future, kit.folder, "future.xml");
    CU_ASSERT_EQUAL(setenv("SOURCE_DATE_EPOCH", "1600000000", 1), 0);
    CU_ASSERT_EQUAL(demand(old, OC_ARGS(SELECTED)), 0);
    CU_ASSERT_EQUAL(setenv("SOURCE_DATE_EPOCH", "4000000000", 1), 0);
    CU_ASSERT_EQUAL(demand(future, OC_ARGS(SELECTED)), 0);
    CU_ASSERT_EQUAL(unsetenv("SOURCE_DATE_EPOCH"), 0);
    CU_ASSERT_EQUAL(answer(old, NULL, "the challenge expired at 2020-10-13"), 2);
    CU_ASSERT_EQUAL(answer(future, NULL, "clock is wrong"), 2);
}

static void one_that_was_altered_is_refused(void)
{
    char path[PATH_MAX];
    char p7s[PATH_MAX];
    char *text = text_of(kit.folder, "demand.xml");
    char *expires = strstr(text, "expires=\"2");
    CU_ASSERT_PTR_NOT_NULL_FATAL(expires);
    expires[9] = '3';
    oc_temp_write(kit.folder, "altered.xml", text);
    free(text);
    oc_temp_path(path, kit.folder, "altered.xml");
    CU_ASSERT_EQUAL(answer(path, NULL, "cannot open"), 2); /* nobody signed it */
    char command[2 * PATH_MAX + 32];
    oc_temp_path(p7s, kit.folder, "demand.xml.p7s");
    snprintf(command, sizeof command, "cp %s %s.p7s", p7s, path);
    CU_ASSERT_EQUAL_FATAL(system(command), 0);
    CU_ASSERT_EQUAL(answer(path, NULL, "the challenge is altered"), 2);
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "run",
                    OC_ARGS("--challenge", challenge, "--challenge-ca", stranger.root, "--ics", ics, SELECTED),
                    "not signed as it must be"),
        2);
}

static void a_bundle_has_the_challenge_in_it(void)
{
    char bundle[PATH_MAX];
    char inside[PATH_MAX];
    oc_temp_path(bundle, kit.folder, "bundle");
    CU_ASSERT_EQUAL(answer(challenge, NULL, NULL), 0);
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "bundle",
                    OC_ARGS("-o", bundle, "--sign-cert", stranger.certificate, "--sign-key", stranger.key, kit.out),
                    NULL),
        0);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS("--ca", stranger.root, bundle), NULL), 0);
    oc_temp_path(inside, bundle, "challenge.xml.p7s");
    CU_ASSERT_EQUAL(unlink(inside), 0);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "verify", OC_ARGS("--ca", stranger.root, bundle), NULL), 1);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a demand is written", a_demand_is_written},
        {"the run that is demanded answers", the_run_that_is_demanded_answers},
        {"another run is refused", another_run_is_refused},
        {"one that expired is refused", one_that_expired_is_refused},
        {"one that was altered is refused", one_that_was_altered_is_refused},
        {"a bundle has the challenge in it", a_bundle_has_the_challenge_in_it},
        {NULL, NULL},
    };
    int code = oc_test_main("cli challenge", rows);
    oc_kit_close(&kit);
    return code;
}
