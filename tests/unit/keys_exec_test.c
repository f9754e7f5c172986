/* SPDX-License-Identifier: Apache-2.0 */
/* Keys behind a child process: the reference program, and children that misbehave. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/keys_kit.h"

#define CARD_2 "vectors/cards/ssc-2.0.xml"
#define CARD_3 "vectors/cards/ssc-3.0.xml"
#define PROGRAM OC_PYTHON " -B tests/foreign/key_program.py vectors/cards/test-keys.xml"
#define GREETED "read -r line && echo ok && "
/* Of a child that says nothing; the others have as long as a busy machine takes to start a shell. */
#define SILENCE_MS 1000
#define PATIENCE_MS 60000

static oc_key_provider open_program(const oc_keys_kit *kit, const char *command)
{
    oc_key_provider provider = {0};
    oc_diag diag = {0};
    oc_result r = oc_keys_exec(&provider, command, &kit->parts, &diag);
    if (!oc_is_ok(r)) {
        printf("\n    %s: %s\n", command, diag.reason);
    }
    OC_ASSERT_OK(r);
    return provider;
}

static void expect_agreement(const char *profile, bool sm4)
{
    oc_keys_kit kit;
    oc_keys_kit_open(&kit, profile);
    oc_key_provider provider = open_program(&kit, PROGRAM);
    static const char *const names[] = {"SSSE/UK", "SSSE/IRK", "DF04/DPK#2", "DF04/DTK", "DF01/UK3"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        /* Without a retail MAC, which SM4 has not, all forms of four uses; enciphering takes no ICV, but ignores it. */
        CU_ASSERT_EQUAL(oc_keys_kit_compare(&kit, &provider, names[i]), sm4 ? 32 : 40);
    }
    oc_key_provider_close(&provider);
    oc_keys_kit_close(&kit);
}

static void answers_agree_for_3des(void)
{
    expect_agreement(CARD_2, false);
}

static void answers_agree_for_sm4(void)
{
    expect_agreement(CARD_3, true);
}

static void a_key_that_is_lacking_is_named(void)
{
    oc_keys_kit kit;
    oc_keys_kit_open(&kit, CARD_3);
    oc_key_provider provider = open_program(&kit, PROGRAM " --lack SSSE/UK#1");
    oc_keys_kit_expect(&provider, "SSSE/UK", OC_E_UNAVAILABLE, "key SSSE/UK version 1: that key is not here");
    oc_keys_kit_expect(&provider, "SSSE/IRK", OC_E_OK, "");
    oc_keys_kit_expect(&provider, "SSSE/NONE", OC_E_UNAVAILABLE, "key SSSE/NONE version 1");
    oc_keys_kit_expect(&provider, "SSSE/UK#4", OC_E_UNAVAILABLE, "key SSSE/UK version 4");
    oc_key_provider_close(&provider);
    oc_keys_kit_close(&kit);
}

/* A profile that knows neither ATR nor city has no factors, until the card tells. */
static void the_card_tells_its_factors(void)
{
    oc_keys_kit kit;
    oc_keys_kit_open(&kit, CARD_3);
    char folder[] = "/tmp/onecard-keys-XXXXXX";
    char path[80];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/unknown.xml", folder);
    FILE *file = fopen(path, "w");
    char here[4096];
    CU_ASSERT_FATAL(file != NULL && getcwd(here, sizeof here) != NULL);
    fprintf(file,
            "<profile xmlns=\"urn:onecard:profile:1\" id=\"unknown\" use=\"describe\" generation=\"3.0\" alg=\"SM4\">"
            "<title xml:lang=\"en\">Unknown</title><structure href=\"%s/vectors/cards/structure-3.0.xml\"/></profile>",
            here);
    fclose(file);
    oc_keys_kit unknown;
    oc_keys_kit_open(&unknown, path);
    oc_key_provider provider = open_program(&unknown, PROGRAM);
    oc_keys_kit_expect(&provider, "SSSE/UK", OC_E_UNAVAILABLE, "only root keys are here");
    oc_key_card card = {{{0}, {0}, {0}}};
    static const char *const references[] = {"factor/province", "factor/city", "factor/card"};
    for (size_t i = 0; i < 3; i++) {
        oc_buf value = {0};
        OC_ASSERT_OK(oc_profile_value(kit.profile, references[i], &value));
        memcpy(card.factors[i], value.at, 8);
        oc_buf_free(&value);
    }
    oc_key_provider_take_card(&provider, &card);
    CU_ASSERT_EQUAL(oc_keys_kit_compare(&kit, &provider, "SSSE/UK"), 32);
    oc_key_provider_close(&provider);
    oc_keys_kit_close(&unknown);
    oc_keys_kit_close(&kit);
    remove(path);
    rmdir(folder);
}

/* Each is told apart at the first question, is given up, and costs no time from then on. */
static void children_that_misbehave(void)
{
    static const struct {
        const char *child; /* after the greeting */
        enum oc_code code;
        const char *reason;
    } rows[] = {
        {"exit 3", OC_E_GONE, "the key program exited with status 3"},
        {"read -r line; kill -9 $$", OC_E_GONE, "signal 9"},
        {"sleep 1000", OC_E_TIMEOUT, "gave no answer"},
        {"read -r line; printf 'ok 00'; sleep 1000", OC_E_TIMEOUT, "did not end its line"},
        {"read -r line; echo hello; sleep 1000", OC_E_GARBAGE, "neither"},
        {"read -r line; echo ok; sleep 1000", OC_E_GARBAGE, "neither"},
        {"read -r line; echo ok 00; sleep 1000", OC_E_GARBAGE, "as many bytes"},
        {"read -r line; echo 'ok 5345435245545345435245545345435X'; sleep 1000", OC_E_GARBAGE, "as many bytes"},
        {"read -r line; printf 'ok 5345\\nok 5345\\n'; sleep 1000", OC_E_GARBAGE, "more than one line"},
        {"read -r line; cat /dev/zero", OC_E_GARBAGE, "without end"},
        {"read -r line; yes", OC_E_GARBAGE, "more than one line"},
    };
    oc_keys_kit kit;
    oc_keys_kit_open(&kit, CARD_3);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char command[256];
        kit.parts.timeout_ms = rows[i].code == OC_E_TIMEOUT ? SILENCE_MS : PATIENCE_MS;
        snprintf(command, sizeof command, GREETED "%s", rows[i].child);
        oc_key_provider provider = open_program(&kit, command);
        oc_keys_kit_expect(&provider, "SSSE/UK", rows[i].code, rows[i].reason);
        oc_keys_kit_expect(&provider, "SSSE/UK", OC_E_UNAVAILABLE,
                           "key SSSE/UK version 1: the key program was given up");
        oc_key_provider_close(&provider);
    }
    oc_keys_kit_close(&kit);
}

/* What a key program says may be a key: it is never quoted. */
static void nothing_is_quoted(void)
{
    oc_keys_kit kit;
    oc_keys_kit_open(&kit, CARD_3);
    oc_key_provider provider = open_program(&kit, GREETED "read -r line; echo SECRET; sleep 1000");
    oc_key_question question = {.use = OC_KEY_ENCIPHER, .data = oc_span_of("sixteen letters!", 16)};
    OC_ASSERT_OK(oc_key_name_parse(&question.key, "SSSE/UK"));
    uint8_t room[16];
    oc_wr answer = oc_wr_of(room, sizeof room);
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_key_provider_answer(&provider, &question, &answer, &diag), OC_E_GARBAGE);
    CU_ASSERT_PTR_NULL(strstr(diag.reason, "SECRET"));
    CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
    oc_key_provider_close(&provider);
    oc_keys_kit_close(&kit);
}

/* A refusal goes to the terminal and the record: nothing in it moves a cursor. */
static void refusals_are_printable(void)
{
    oc_keys_kit kit;
    oc_keys_kit_open(&kit, CARD_3);
    oc_key_provider provider = open_program(&kit,
                                            GREETED "while read -r line; do printf 'no \\033[2J\\r\\377x\\n'; done");
    oc_keys_kit_expect(&provider, "SSSE/UK", OC_E_UNAVAILABLE, "key SSSE/UK version 1: ?[2J??x");
    oc_keys_kit_expect(&provider, "SSSE/UK", OC_E_UNAVAILABLE, "?[2J??x"); /* a refusal is no failure */
    oc_key_provider_close(&provider);
    oc_keys_kit_close(&kit);
}

static void programs_that_do_not_greet(void)
{
    static const struct {
        const char *command;
        enum oc_code code;
        const char *reason;
    } rows[] = {
        {"/nonexistent/keys", OC_E_UNAVAILABLE, "cannot be run"},
        {"true", OC_E_GONE, "exited with status 0"},
        {"sleep 1000", OC_E_TIMEOUT, "gave no answer"},
        {"cat", OC_E_UNAVAILABLE, "greeting"},
    };
    oc_keys_kit kit;
    oc_keys_kit_open(&kit, CARD_3);
    kit.parts.timeout_ms = SILENCE_MS;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_key_provider provider;
        oc_diag diag = {0};
        OC_ASSERT_CODE(oc_keys_exec(&provider, rows[i].command, &kit.parts, &diag), rows[i].code);
        CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, rows[i].reason));
        CU_ASSERT_PTR_NULL(provider.ops);
    }
    oc_keys_kit_close(&kit);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"answers agree for 3DES", answers_agree_for_3des},
        {"answers agree for SM4", answers_agree_for_sm4},
        {"a key that is lacking is named", a_key_that_is_lacking_is_named},
        {"the card tells its factors", the_card_tells_its_factors},
        {"children that misbehave", children_that_misbehave},
        {"nothing is quoted", nothing_is_quoted},
        {"refusals are printable", refusals_are_printable},
        {"programs that do not greet", programs_that_do_not_greet},
        {NULL, NULL},
    };
    return oc_test_main("keys behind a program", rows);
}
