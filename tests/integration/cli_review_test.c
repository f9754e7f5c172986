/* SPDX-License-Identifier: Apache-2.0 */
/* Who hands in an old run, a run put together from two, or a run of another driver than the declared one is found. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/bundle/files.h"
#include "sim/base/hex.h"
#include "tests/integration/cli_kit.h"
#include "tests/unit/bundle_kit.h"

#define SELECTED                                                                                                      \
    "--profile", OC_CARD_3, "-k", "^TERM[.]BAS[.]ITEM[.](DEVICE|ISSUED)$", "vectors/terminal/read-basic.xml"

static oc_cli_kit kit;
static oc_bundle_kit hands; /* the keys of whoever hands in */
static oc_signer_files examiner;
static char honest[PATH_MAX]; /* driver:PATH */
static char swapped[PATH_MAX];
static char ics[PATH_MAX];

static void in_folder(char out[PATH_MAX], const char *name)
{
    oc_temp_path(out, kit.folder, name);
}

static void add_byte(const char *path)
{
    FILE *file = fopen(path, "ab");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fputc('x', file), 'x');
    CU_ASSERT_EQUAL(fclose(file), 0);
}

static void declare(const char *library)
{
    char text[1024];
    char digits[65];
    uint8_t digest[32];
    oc_buf content = {0};
    OC_ASSERT_OK(oc_bundle_read(&content, library, OC_BUF_MAX, NULL));
    CU_ASSERT_EQUAL_FATAL(EVP_Digest(content.at, content.len, digest, NULL, EVP_sha256(), NULL), 1);
    oc_buf_free(&content);
    oc_hex_encode(digits, sizeof digits, oc_span_of(digest, sizeof digest));
    snprintf(text, sizeof text,
             "<ics xmlns=\"urn:onecard:ics:1\" id=\"ICS-1\"><vendor name=\"V\"/><item kind=\"terminal\" model=\"M\" "
             "library-sha256=\"%s\"/><declares term=\"terminal.has(iReadCardBas)\" supported=\"true\"/></ics>",
             digits);
    oc_temp_write(kit.folder, "ics.xml", text);
    in_folder(ics, "ics.xml");
}

/* The same driver, and not the same file. */
static void prepare(void)
{
    char one[PATH_MAX];
    char other[PATH_MAX];
    oc_kit_open(&kit);
    snprintf(hands.folder, sizeof hands.folder, "%.60s", kit.folder);
    oc_signer_make(&hands.sm2, kit.folder, "sm2", OC_SIGNER_SM2, NULL);
    oc_signer_make(&hands.p256, kit.folder, "p256", OC_SIGNER_P256, NULL);
    oc_signer_make(&examiner, kit.folder, "examiner", OC_SIGNER_P256, NULL);
    hands.signers[0] = (oc_signer){.certificate = hands.sm2.certificate, .key = hands.sm2.key};
    hands.signers[1] = (oc_signer){.certificate = hands.p256.certificate, .key = hands.p256.key};
    in_folder(one, "libHonest.so");
    in_folder(other, "libSwapped.so");
    oc_bundle_kit_copy(OC_DRIVER, one);
    oc_bundle_kit_copy(OC_DRIVER, other);
    add_byte(other);
    snprintf(honest, sizeof honest, "driver:%.4000s", one);
    snprintf(swapped, sizeof swapped, "driver:%.4000s", other);
    declare(one);
}

static void demand(const char *name, const char *terminal)
{
    char path[PATH_MAX];
    in_folder(path, name);
    oc_program program;
    oc_kit_command(&program, &kit, "challenge",
                   OC_ARGS("--examiner", "E", "--sign-cert", examiner.certificate, "--sign-key", examiner.key, "-o",
                           path, "--ics", ics, "--terminal", terminal, SELECTED));
    if (program.code != 0) {
        printf("%s", oc_program_err(&program));
    }
    CU_ASSERT_EQUAL(program.code, 0);
    oc_program_free(&program);
}

static void answer(const char *challenge, const char *terminal, const char *bundle)
{
    char path[PATH_MAX];
    char out[PATH_MAX];
    in_folder(path, challenge);
    in_folder(out, bundle);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "run",
                                OC_ARGS("--challenge", path, "--challenge-ca", examiner.root, "--ics", ics,
                                        "--terminal", terminal, SELECTED),
                                NULL),
                    0);
    CU_ASSERT_EQUAL(oc_kit_said(&kit, "bundle",
                                OC_ARGS("-o", out, "--sign-cert", hands.sm2.certificate, "--sign-key", hands.sm2.key,
                                        "--sign-cert", hands.p256.certificate, "--sign-key", hands.p256.key, kit.out),
                                NULL),
                    0);
}

/* The pages; whether there is something to ask. */
static char *review(const char *challenge, const char *one, const char *other)
{
    char path[PATH_MAX];
    char first[PATH_MAX];
    char second[PATH_MAX];
    in_folder(path, challenge);
    in_folder(first, one);
    in_folder(second, other == NULL ? "" : other);
    oc_program program;
    oc_kit_command(&program, &kit, "review",
                   OC_ARGS("--lang", "en", "--seed", "1", "--ca", hands.sm2.root, "--ca", hands.p256.root, "--ca",
                           examiner.root, "--challenge", path, first, other == NULL ? NULL : second));
    CU_ASSERT_EQUAL(program.code, 1); /* no run of record here: that alone is asked about */
    char *text = strdup(oc_program_out(&program));
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    oc_program_free(&program);
    return text;
}

static void says(char *text, const char *part, bool yes)
{
    if ((strstr(text, part) != NULL) != yes) {
        printf("\n%s\n    %s: %s", text, yes ? "missing" : "unexpected", part);
        CU_FAIL("the review says something else");
    }
}

static void an_honest_one_is_not_accused(void)
{
    prepare();
    demand("first.xml", honest);
    answer("first.xml", honest, "first");
    char *text = review("first.xml", "first", NULL);
    says(text, "    verified", true);
    says(text, "    the run answers this challenge", true);
    says(text, "0 missing, 0 not demanded", true);
    says(text, "the one that is declared", true);
    says(text, "drawn with --seed 1", true);
    says(text, "watches", true);
    says(text, "foreign module", false);
    says(text, "replayed", false);
    says(text, "NOT", false);
    free(text);
}

static void an_old_run_is_found(void)
{
    char one[PATH_MAX];
    char copy[PATH_MAX];
    demand("second.xml", honest);
    char *text = review("second.xml", "first", NULL);
    says(text, "? the run does NOT answer this challenge", true);
    free(text);
    in_folder(one, "first");
    in_folder(copy, "copy");
    oc_bundle_kit_copy(one, copy);
    text = review("first.xml", "first", "copy");
    says(text, "? the same nonce as", true);
    says(text, "replayed", true);
    free(text);
}

/* Replaces the first passing case of one record by that of another, and signs the bundle anew. */
static void splice(const char *from, const char *into)
{
    char source[PATH_MAX];
    char bundle[PATH_MAX];
    size_t len = 0;
    in_folder(source, from);
    in_folder(bundle, into);
    char *donor = oc_bundle_kit_read(source, "result.xml", &len);
    char *victim = oc_bundle_kit_read(bundle, "result.xml", &len);
    const char *taken = strstr(donor, "<case ");
    const char *place = strstr(victim, "<case ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(taken);
    CU_ASSERT_PTR_NOT_NULL_FATAL(place);
    size_t new_len = strcspn(taken, "\n");
    size_t old_len = strcspn(place, "\n");
    char *spliced = malloc(len + new_len + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(spliced);
    int used = sprintf(spliced, "%.*s%.*s%s", (int)(place - victim), victim, (int)new_len, taken, place + old_len);
    oc_bundle_kit_write(bundle, "result.xml", spliced, (size_t)used);
    oc_bundle_kit_sign_again(&hands, bundle);
    free(donor);
    free(victim);
    free(spliced);
}

static void a_spliced_run_is_found(void)
{
    char bundle[PATH_MAX];
    demand("third.xml", honest);
    answer("third.xml", honest, "third");
    splice("first", "third");
    in_folder(bundle, "third");
    CU_ASSERT_EQUAL(
        oc_kit_said(&kit, "verify", OC_ARGS("--ca", hands.sm2.root, "--ca", hands.p256.root, bundle), NULL), 1);
    char *text = review("third.xml", "first", "third");
    says(text, "? NOT verified", true);
    says(text, "its chain does not end as the record says", true);
    says(text, "? 1 of", true); /* of the traces is the other run's */
    free(text);
}

static void a_swapped_driver_is_found(void)
{
    demand("fourth.xml", swapped);
    answer("fourth.xml", swapped, "fourth");
    char *text = review("fourth.xml", "fourth", NULL);
    says(text, "    verified", true);
    says(text, "NOT the library that is declared", true);
    free(text);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"an honest one is not accused", an_honest_one_is_not_accused},
        {"an old run is found", an_old_run_is_found},
        {"a spliced run is found", a_spliced_run_is_found},
        {"a swapped driver is found", a_swapped_driver_is_found},
        {NULL, NULL},
    };
    int code = oc_test_main("cli review", rows);
    oc_kit_close(&kit);
    return code;
}
