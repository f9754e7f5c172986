/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/key_provider.h"
#include "sim/crypto/ssc.h"
#include "tests/support/oc_test.h"

#define SOME_KEY "374598B5C0B0EAE1E1D06609AC5BB369"

static void names_are_parsed(void)
{
    static const struct {
        const char *text, *dir, *name;
        unsigned version; /* 0: refused */
    } rows[] = {
        {"SSSE/UK", "SSSE", "UK", 1},
        {"DF04/DPK#2", "DF04", "DPK", 2},
        {"A/B#4", "A", "B", 4},
        {"ABCDEFGHIJK/ABCDEFGHIJK", "ABCDEFGHIJK", "ABCDEFGHIJK", 1},
        {"", "", "", 0},
        {"SSSE", "", "", 0},
        {"/UK", "", "", 0},
        {"SSSE/", "", "", 0},
        {"SSSE/#1", "", "", 0},
        {"SSSE/UK#", "", "", 0},
        {"SSSE/UK#0", "", "", 0},
        {"SSSE/UK#5", "", "", 0},
        {"SSSE/UK#12", "", "", 0},
        {"SSSE/UK#1#2", "", "", 0},
        {"ABCDEFGHIJKL/UK", "", "", 0},
        {"SSSE/ABCDEFGHIJKL", "", "", 0},
        {"SSSE/UK/UK", "", "", 0},
        {"SS#1/UK", "", "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_key_name name;
        oc_result r = oc_key_name_parse(&name, rows[i].text);
        CU_ASSERT_EQUAL(r.code, rows[i].version == 0 ? OC_E_FORMAT : OC_E_OK);
        if (rows[i].version != 0) {
            CU_ASSERT_STRING_EQUAL(name.dir, rows[i].dir);
            CU_ASSERT_STRING_EQUAL(name.name, rows[i].name);
            CU_ASSERT_EQUAL(name.version, rows[i].version);
        }
    }
}

static void none_has_nothing(void)
{
    oc_key_provider provider = oc_key_provider_none();
    oc_key_name name;
    OC_ASSERT_OK(oc_key_name_parse(&name, "DF04/DTK#3"));
    CU_ASSERT_FALSE(oc_key_provider_has(&provider, &name));
    uint8_t room[16];
    oc_wr answer = oc_wr_of(room, sizeof room);
    oc_diag diag = {0};
    oc_key_question question = {.use = OC_KEY_MAC, .key = name};
    OC_ASSERT_CODE(oc_key_provider_answer(&provider, &question, &answer, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "DF04/DTK version 3"));
    CU_ASSERT_EQUAL(answer.len, 0);
    oc_key_provider_close(&provider);
    oc_key_provider_close(&provider);
}

static void answers_are_those_of_the_rules(void)
{
    oc_crypto *crypto = NULL;
    OC_ASSERT_OK(oc_crypto_new(&crypto));
    static const uint8_t algs[] = {OC_ALG_3DES, OC_ALG_SM4};
    oc_span data = oc_test_hex("000102030405060708090A0B0C0D0E0F");
    oc_span input = oc_test_hex("1122334400018000");
    for (size_t a = 0; a < 2; a++) {
        oc_key key;
        oc_key session;
        size_t block = oc_alg_block((enum oc_alg)algs[a]);
        OC_ASSERT_OK(oc_key_load(&key, algs[a], oc_test_hex(SOME_KEY)));
        OC_ASSERT_OK(oc_ssc_session(crypto, &key, input, &session));
        for (int with_session = 0; with_session < 2; with_session++) {
            const oc_key *under = with_session ? &session : &key;
            for (int use = OC_KEY_ENCIPHER; use <= OC_KEY_TAC; use++) {
                uint8_t expected[16];
                size_t len = block;
                oc_result r = oc_ok();
                switch ((enum oc_key_use)use) {
                case OC_KEY_ENCIPHER:
                    len = 16;
                    r = oc_encipher(crypto, under, data, expected);
                    break;
                case OC_KEY_DECIPHER:
                    len = 16;
                    r = oc_decipher(crypto, under, data, expected);
                    break;
                case OC_KEY_MAC:
                    r = oc_cbc_mac(crypto, under, oc_span_empty(), data, expected);
                    break;
                case OC_KEY_RETAIL_MAC:
                    len = 8;
                    r = oc_retail_mac(crypto, under, oc_span_empty(), data, expected);
                    break;
                case OC_KEY_TAC: {
                    oc_key form;
                    OC_ASSERT_OK(oc_ssc_tac_key(under, &form));
                    r = oc_cbc_mac(crypto, &form, oc_span_empty(), data, expected);
                    break;
                }
                }
                uint8_t room[20];
                oc_wr answer = oc_wr_of(room, sizeof room);
                oc_wr_u8(&answer, 0xEE); /* an answer is appended */
                oc_key_question question = {.use = (enum oc_key_use)use, .data = data};
                question.session = with_session ? input : oc_span_empty();
                OC_ASSERT_CODE(oc_key_answer_with(crypto, &key, &question, &answer), r.code);
                if (oc_is_ok(r)) {
                    CU_ASSERT_EQUAL(answer.len, 1 + len);
                    CU_ASSERT_TRUE(memcmp(room + 1, expected, len) == 0);
                    CU_ASSERT_EQUAL(room[0], 0xEE);
                } else {
                    CU_ASSERT_EQUAL(algs[a], OC_ALG_SM4);
                    CU_ASSERT_EQUAL(use, OC_KEY_RETAIL_MAC);
                }
            }
        }
    }
    oc_crypto_free(&crypto);
}

static void bad_questions_are_refused(void)
{
    oc_crypto *crypto = NULL;
    OC_ASSERT_OK(oc_crypto_new(&crypto));
    oc_key key;
    OC_ASSERT_OK(oc_key_load(&key, OC_ALG_3DES, oc_test_hex(SOME_KEY)));
    uint8_t room[8];
    static const struct {
        enum oc_key_use use;
        const char *session, *icv, *data;
        enum oc_code code;
    } rows[] = {
        {OC_KEY_ENCIPHER, "", "", "", OC_E_FORMAT},
        {OC_KEY_ENCIPHER, "", "", "00010203", OC_E_FORMAT},
        {OC_KEY_ENCIPHER, "", "", "000102030405060708090A0B0C0D0E0F", OC_E_LIMIT},
        {OC_KEY_MAC, "00", "", "00", OC_E_FORMAT},
        {OC_KEY_MAC, "", "00", "00", OC_E_FORMAT},
        {OC_KEY_TAC, "", "000102030405060708", "00", OC_E_FORMAT},
        {OC_KEY_MAC, "", "", "", OC_E_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_wr answer = oc_wr_of(room, sizeof room);
        oc_key_question question = {.use = rows[i].use,
                                    .session = oc_test_hex(rows[i].session),
                                    .icv = oc_test_hex(rows[i].icv),
                                    .data = oc_test_hex(rows[i].data)};
        OC_ASSERT_CODE(oc_key_answer_with(crypto, &key, &question, &answer), rows[i].code);
        CU_ASSERT_EQUAL(answer.len, rows[i].code == OC_E_OK ? 8 : 0);
    }
    oc_wr small = oc_wr_of(room, 7);
    oc_key_question question = {.use = OC_KEY_MAC};
    OC_ASSERT_CODE(oc_key_answer_with(crypto, &key, &question, &small), OC_E_LIMIT);
    oc_crypto_free(&crypto);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"names are parsed", names_are_parsed},
        {"none has nothing", none_has_nothing},
        {"answers are those of the rules", answers_are_those_of_the_rules},
        {"bad questions are refused", bad_questions_are_refused},
        {NULL, NULL},
    };
    return oc_test_main("key provider", rows);
}
