/* SPDX-License-Identifier: Apache-2.0 */
/* The card's rules against published answers where the rule is that of PBOC (EP-LOAD-1, TU-4, TU-5, UDK-1, UDK-3), and
 * against the primitives where it is a project choice. */
#include "sim/crypto/ssc.h"
#include "tests/support/oc_test.h"

#define SOME_KEY "374598B5C0B0EAE1E1D06609AC5BB369"

static oc_crypto *crypto;

static oc_key key_of(uint8_t alg, const char *hex)
{
    oc_key key = {0};
    OC_ASSERT_OK(oc_key_load(&key, alg, oc_test_hex(hex)));
    return key;
}

static void one_level_is_the_published_card_key_derivation(void)
{
    static const struct {
        const char *root, *factor, *child;
    } rows[] = {
        /* UDK-3 (PBOC, parity not set), UDK-1 (parity set) */
        {"C4D689158AD9FB9D23105B91CE046D0E", "2011000270735501", "B8A15DA5F7043C317D9FD8F8DFE2BD75"},
        {"0123456789ABCDEFFEDCBA9876543210", "4567890123456701", "73AD54688CEF2934B0979857E3C719F1"},
    };
    for (size_t i = 0; i < 2; i++) {
        oc_key root = key_of(OC_ALG_3DES, rows[i].root);
        oc_key child;
        OC_ASSERT_OK(oc_ssc_diversify(crypto, &root, oc_test_hex(rows[i].factor), &child));
        oc_span expected = oc_test_hex(rows[i].child);
        for (size_t b = 0; b < OC_KEY_SIZE; b++) {
            CU_ASSERT_EQUAL(child.sealed[b] | 1, expected.at[b] | 1); /* bit 0 is parity */
        }
    }
}

static void levels_follow_one_another(void)
{
    static const uint8_t algs[] = {OC_ALG_3DES, OC_ALG_SM4};
    oc_span factors[3] = {oc_test_hex("3433303030307368"), oc_test_hex("3433303130307378"),
                          oc_test_hex("8660112233445566")};
    for (size_t a = 0; a < 2; a++) {
        oc_key root = key_of(algs[a], SOME_KEY);
        oc_key by_hand = root;
        for (size_t i = 0; i < 3; i++) {
            uint8_t block[16];
            for (size_t b = 0; b < 8; b++) {
                block[b] = factors[i].at[b];
                block[8 + b] = factors[i].at[b] ^ 0xFF;
            }
            OC_ASSERT_OK(oc_encipher(crypto, &by_hand, oc_span_of(block, 16), block));
            OC_ASSERT_OK(oc_key_load(&by_hand, algs[a], oc_span_of(block, 16)));
        }
        oc_key child;
        OC_ASSERT_OK(oc_ssc_diversify_all(crypto, &root, factors, 3, &child));
        CU_ASSERT_TRUE(oc_key_equal(&child, &by_hand));
        OC_ASSERT_OK(oc_ssc_diversify_all(crypto, &root, factors, 0, &child));
        CU_ASSERT_TRUE(oc_key_equal(&child, &root));
        OC_ASSERT_CODE(oc_ssc_diversify(crypto, &root, oc_test_hex("00112233445566"), &child), OC_E_FORMAT);
    }
}

static void loading_as_published(void)
{
    static const struct {
        const char *id, *key, *session_input, *session, *mac1_data, *mac1, *mac2_data, *mac2;
    } rows[] = {
        {"EP-LOAD-1", "11223344556677888877665544332211", "1122334400008000", "9B1D924E05595603",
         "000000000000100001001122334455", "2988AE5A", "000010000100112233445520111221214822", "3A845BF0"},
        {"TU-4", SOME_KEY, "CDEF4F2000008000", "3C05F429713D0188", "0000000000001C3702000001000050", "06B1BEF5",
         "00001C370200000100005020140825103100", "0641DCD8"},
    };
    for (size_t i = 0; i < 2; i++) {
        oc_key key = key_of(OC_ALG_3DES, rows[i].key);
        oc_key session;
        OC_ASSERT_OK(oc_ssc_session(crypto, &key, oc_test_hex(rows[i].session_input), &session));
        CU_ASSERT_TRUE(session.transient);
        OC_ASSERT_BYTES(oc_span_of(session.sealed, 8), rows[i].session);
        uint8_t mac[4];
        OC_ASSERT_OK(oc_ssc_mac4(crypto, &session, oc_span_empty(), oc_test_hex(rows[i].mac1_data), mac));
        OC_ASSERT_BYTES(oc_span_of(mac, 4), rows[i].mac1);
        OC_ASSERT_OK(oc_ssc_mac4(crypto, &session, oc_span_empty(), oc_test_hex(rows[i].mac2_data), mac));
        OC_ASSERT_BYTES(oc_span_of(mac, 4), rows[i].mac2);
    }
}

static void transaction_code_as_published(void)
{
    oc_key dtk = key_of(OC_ALG_3DES, "CAA6025290114BFCC3C9043F70F7A07A");
    oc_key tac_key;
    OC_ASSERT_OK(oc_ssc_tac_key(&dtk, &tac_key));
    OC_ASSERT_BYTES(oc_span_of(tac_key.sealed, 8), "096F066DE0E6EB86");
    uint8_t tac[4];
    OC_ASSERT_OK(oc_ssc_mac4(crypto, &tac_key, oc_span_empty(),
                             oc_test_hex("00001C37 0000 00001C37 02 000001000050 20140825103100"), tac));
    OC_ASSERT_BYTES(oc_span_of(tac, 4), "ED0F8755"); /* TU-5 */

    oc_key sm4 = key_of(OC_ALG_SM4, SOME_KEY);
    OC_ASSERT_OK(oc_ssc_tac_key(&sm4, &tac_key));
    CU_ASSERT_TRUE(oc_key_equal(&tac_key, &sm4));
}

static void authentication_from_the_primitives(void)
{
    oc_span challenge = oc_test_hex("0011223344556677");
    oc_span text = oc_test_hex("8899AABBCCDDEEFF");
    uint8_t got[8];
    uint8_t session[16];
    uint8_t block[16];

    oc_key des = key_of(OC_ALG_3DES, SOME_KEY);
    OC_ASSERT_OK(oc_ssc_auth(crypto, &des, challenge, text, got));
    OC_ASSERT_OK(oc_encipher(crypto, &des, challenge, session));
    memcpy(session + 8, session, 8);
    oc_key single;
    OC_ASSERT_OK(oc_key_load(&single, OC_ALG_3DES, oc_span_of(session, 16)));
    OC_ASSERT_OK(oc_encipher(crypto, &single, text, block));
    CU_ASSERT_TRUE(memcmp(got, block, 8) == 0);

    oc_key sm4 = key_of(OC_ALG_SM4, SOME_KEY);
    OC_ASSERT_OK(oc_ssc_auth(crypto, &sm4, challenge, text, got));
    OC_ASSERT_OK(oc_encipher(crypto, &sm4, oc_test_hex("00112233445566770000000000000000"), session));
    OC_ASSERT_OK(oc_key_load(&single, OC_ALG_SM4, oc_span_of(session, 16)));
    OC_ASSERT_OK(oc_encipher(crypto, &single, oc_test_hex("8899AABBCCDDEEFF0000000000000000"), block));
    for (size_t i = 0; i < 8; i++) {
        CU_ASSERT_EQUAL(got[i], block[i] ^ block[8 + i]);
    }
    OC_ASSERT_CODE(oc_ssc_auth(crypto, &des, oc_test_hex("00"), text, got), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_ssc_auth(crypto, &sm4, challenge, oc_span_empty(), got), OC_E_FORMAT);
}

static void sessions_are_bounded(void)
{
    oc_key des = key_of(OC_ALG_3DES, SOME_KEY);
    oc_key sm4 = key_of(OC_ALG_SM4, SOME_KEY);
    oc_key session;
    OC_ASSERT_CODE(oc_ssc_session(crypto, &des, oc_test_hex("00112233445566"), &session), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_ssc_session(crypto, &des, oc_test_hex("001122334455667788"), &session), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_ssc_session(crypto, &sm4, oc_span_empty(), &session), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_ssc_session(crypto, &sm4, oc_test_hex("0011223344556677889900112233445566"), &session),
                   OC_E_FORMAT);
    oc_key longer;
    OC_ASSERT_OK(oc_ssc_session(crypto, &sm4, oc_test_hex("0011"), &session));
    OC_ASSERT_OK(oc_ssc_session(crypto, &sm4, oc_test_hex("00110000"), &longer));
    CU_ASSERT_TRUE(oc_key_equal(&session, &longer)); /* filled up with zeros */
}

static void factors(void)
{
    uint8_t out[8];
    /* both attested on the wire, ssc-card 6.3 */
    OC_ASSERT_OK(oc_ssc_province_factor(oc_span_text("430100"), out));
    OC_ASSERT_BYTES(oc_span_of(out, 8), "3433303030307368");
    OC_ASSERT_OK(oc_ssc_city_factor(oc_span_text("371700"), out));
    OC_ASSERT_BYTES(oc_span_of(out, 8), "3337313730307378");
    OC_ASSERT_CODE(oc_ssc_city_factor(oc_span_text("37170"), out), OC_E_FORMAT);
    OC_ASSERT_CODE(oc_ssc_province_factor(oc_span_text("37170A"), out), OC_E_FORMAT);
}

static void card_id_check(void)
{
    oc_span first12 = oc_test_hex("430100D15600000511223344");
    uint8_t check[4];
    uint8_t mac[16];
    oc_key des = key_of(OC_ALG_3DES, SOME_KEY);
    OC_ASSERT_OK(oc_ssc_card_id_check(crypto, &des, first12, check));
    OC_ASSERT_OK(oc_retail_mac(crypto, &des, oc_span_empty(), first12, mac));
    CU_ASSERT_TRUE(memcmp(check, mac, 4) == 0);
    oc_key sm4 = key_of(OC_ALG_SM4, SOME_KEY);
    OC_ASSERT_OK(oc_ssc_card_id_check(crypto, &sm4, first12, check));
    OC_ASSERT_OK(oc_cbc_mac(crypto, &sm4, oc_span_empty(), first12, mac));
    for (size_t i = 0; i < 4; i++) {
        CU_ASSERT_EQUAL(check[i], mac[i] ^ mac[4 + i] ^ mac[8 + i] ^ mac[12 + i]);
    }
    OC_ASSERT_CODE(oc_ssc_card_id_check(crypto, &des, oc_test_hex("00"), check), OC_E_FORMAT);
}

static void check_characters(void)
{
    /* worked by hand from the weights of GB 11714 and GB 11643; the numbers are invented */
    static const struct {
        const char *digits;
        char check;
    } cards[] = {{"00000000", '0'}, {"00000001", '9'}, {"A1234567", '4'}, {"00000006", 'X'},
                 {"0000000Z", '7'}, {"0000000a", 0},   {"0000000", 0}};
    for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++) {
        CU_ASSERT_EQUAL(oc_ssc_card_number_check(oc_span_text(cards[i].digits)), cards[i].check);
    }
    static const struct {
        const char *digits;
        char check;
    } persons[] = {{"00000000000000000", '1'}, {"00000000000000001", 'X'}, {"1101011900010100X", 0}};
    for (size_t i = 0; i < sizeof persons / sizeof persons[0]; i++) {
        CU_ASSERT_EQUAL(oc_ssc_id_number_check(oc_span_text(persons[i].digits)), persons[i].check);
    }
    CU_ASSERT_EQUAL(oc_ssc_id_number_check(oc_span_text("0000000000000000")), 0);
    /* ISO 7064: 1 more in a place of weight w moves the remainder by w */
    CU_ASSERT_EQUAL(oc_ssc_id_number_check(oc_span_text("10000000000000000")), "10X98765432"[7]);
    CU_ASSERT_EQUAL(oc_ssc_id_number_check(oc_span_text("00000000090000000")), "10X98765432"[9 * 3 % 11]);
}

static void folding(void)
{
    uint8_t out[8];
    oc_span block = oc_test_hex("01020304050607081020304050607080");
    oc_ssc_fold8(block.at, out);
    OC_ASSERT_BYTES(oc_span_of(out, 8), "1122334455667788");
    oc_ssc_fold4(block.at, out);
    OC_ASSERT_BYTES(oc_span_of(out, 4), "444444CC");
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"one level is the published card key derivation", one_level_is_the_published_card_key_derivation},
        {"levels follow one another", levels_follow_one_another},
        {"loading as published", loading_as_published},
        {"transaction code as published", transaction_code_as_published},
        {"authentication from the primitives", authentication_from_the_primitives},
        {"sessions are bounded", sessions_are_bounded},
        {"factors", factors},
        {"card id check", card_id_check},
        {"check characters", check_characters},
        {"folding", folding},
        {NULL, NULL},
    };
    if (!oc_is_ok(oc_crypto_new(&crypto))) {
        return 2;
    }
    int code = oc_test_main("ssc", rows);
    oc_crypto_free(&crypto);
    return code;
}
