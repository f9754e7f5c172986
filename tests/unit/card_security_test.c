/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/ssc.h"
#include "tests/unit/card_kit.h"

static const enum oc_alg algs[] = {OC_ALG_3DES, OC_ALG_SM4};

static void test_pin(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000003123456"), 0x6A88); /* the MF has no PIN */
    oc_kit_enter(&kit);
    static const oc_kit_step steps[] = {
        {"0020000000", 0x63C3},
        {"00200000", 0x63C3},
        {"0020000002"
         "1234",
         0x6700},
        {"002000000412345678", 0x6700},
        {"0020000009123456789012345678", 0x6700},
        {"0020000103123456", 0x6A86},
        {"0020010003123456", 0x6A86},
        {"00B2013406", 0x6982},
        {"0020000003123457", 0x63C2},
        {"0020000003123456", 0x9000},
        {"0020000000", 0x9000},
        {"00B2013405", 0x9000},
        {"0020000003000000", 0x63C2},
        {"00B2013405", 0x6982}, /* a wrong PIN takes the status away */
        {"0020000003000000", 0x63C1},
        {"0020000000", 0x63C1},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_reset(&kit); /* tries last */
    oc_kit_enter(&kit);
    static const oc_kit_step blocked[] = {
        {"0020000003000000", 0x63C0},         {"0020000003123456", 0x6983}, {"0020000000", 0x6983},
        {"805E010007123456FF111111", 0x6983}, {"00B2013405", 0x6982},
    };
    OC_KIT_WALK(&kit, blocked);
    oc_kit_close(&kit);
}

static void test_change_pin(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_SM4);
    oc_kit_enter(&kit);
    static const oc_kit_step steps[] = {
        {"805E010007123456FE654321", 0x6A80}, /* separator */
        {"805E010007123456FF6A4321", 0x6A80}, /* not digits */
        {"805E010006123456FF6543", 0x6700},
        {"805E000007123456FF654321", 0x6A86},
        {"805E010007123450FF654321", 0x63C2},
        {"805E010007123456FF654321", 0x9000},
        {"00B2013405", 0x6982}, /* changing is not verifying */
        {"0020000003123456", 0x63C2},
        {"0020000003654321", 0x9000},
        {"00B2013405", 0x9000},
        {"805E010007654320FF123456", 0x63C2},
        {"00B2013405", 0x6982},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_reset(&kit);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000003654321"), 0x9000);
    oc_kit_close(&kit);
}

static void test_external(enum oc_alg alg)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, alg);
    oc_kit_enter(&kit);
    static const oc_kit_step steps[] = {
        {"008200041000112233445566778899AABBCCDDEEFF", 0x6984},
        {"008200051000112233445566778899AABBCCDDEEFF", 0x6A88},
        {"008200041100112233445566778899AABBCCDDEEFF03", 0x6A88}, /* no version 3 */
        {"0082000400", 0x6700},
        {"008201041000112233445566778899AABBCCDDEEFF", 0x6A86},
        {"0084000004", 0x9000},
        {"008200041000112233445566778899AABBCCDDEEFF", 0x6984}, /* four bytes are no challenge for this */
        {"0084000010", 0x9000},
        {"0084000005", 0x6700},
    };
    OC_KIT_WALK(&kit, steps);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x64, 0), 0x63C2);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 0), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00DC0230030201AA"), 0x6A83); /* key 04 opens EF06 */
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x34, 2), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x34, 1), 0x63C2);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00DC0A30030A0132"), 0x6982); /* and a failure closes it */
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x34, 1), 0x63C1);
    oc_kit_reset(&kit);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x34, 1), 0x63C0);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 1), 0x6983);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x34, 2), 0x9000); /* the other version has its own tries */
    /* The MK, id 00, authenticates too. */
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x00, 0x11, 0), 0x9000);
    oc_kit_close(&kit);
}

static void test_external_each(void)
{
    for (size_t i = 0; i < 2; i++) {
        test_external(algs[i]);
    }
}

/* A challenge serves once, right or wrong. */
static void test_challenge_once(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0084000008"), 0x9000);
    uint8_t body[16] = {0};
    oc_key key = oc_kit_key_of(&kit, 0x24);
    OC_ASSERT_OK(oc_ssc_auth(kit.crypto, &key, oc_kit_data(&kit), oc_span_of(body + 8, 8), body));
    CU_ASSERT_EQUAL(oc_kit_body(&kit, 0x00, 0x82, 0x00, 0x04, oc_span_of(body, 16)), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_body(&kit, 0x00, 0x82, 0x00, 0x04, oc_span_of(body, 16)), 0x6984);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0084000008"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_body(&kit, 0x00, 0x82, 0x00, 0x04, oc_span_of(body, 16)), 0x63C2);
    CU_ASSERT_EQUAL(oc_kit_body(&kit, 0x00, 0x82, 0x00, 0x04, oc_span_of(body, 16)), 0x6984);
    /* It belongs to the environment in which it was asked for. */
    static const oc_kit_step steps[] = {
        {"0084000008", 0x9000},
        {"00A4000C02DF01", 0x9000},
        {"008200041000112233445566778899AABBCCDDEEFF", 0x63C1},
        {"0084000008", 0x9000},
        {"00A4000C023F00", 0x9000},
        {"00A4000C02DDF1", 0x9000},
        {"008200041000112233445566778899AABBCCDDEEFF", 0x6984},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_close(&kit);
}

/* The answer is recomputed from primitives, so that the rule does not judge itself. */
static void test_internal(void)
{
    for (size_t i = 0; i < 2; i++) {
        oc_kit kit;
        oc_kit_open_issued(&kit, algs[i]);
        oc_kit_enter(&kit);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "008800001000010203040506071011121314151617"), 0x6108);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00C0000008"), 0x9000);
        oc_key irk = oc_kit_key_of(&kit, 0x2E);
        size_t block = oc_alg_block(algs[i]);
        uint8_t session[16] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07};
        uint8_t text[16] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17};
        OC_ASSERT_OK(oc_encipher(kit.crypto, &irk, oc_span_of(session, block), session));
        if (algs[i] == OC_ALG_3DES) {
            memcpy(session + 8, session, 8); /* K || K is single DES */
        }
        oc_key s;
        OC_ASSERT_OK(oc_key_load(&s, (uint8_t)algs[i], oc_span_of(session, 16)));
        OC_ASSERT_OK(oc_encipher(kit.crypto, &s, oc_span_of(text, block), text));
        for (size_t k = 0; algs[i] == OC_ALG_SM4 && k < 8; k++) {
            text[k] ^= text[8 + k];
        }
        CU_ASSERT_TRUE(oc_span_equal(oc_kit_data(&kit), oc_span_of(text, 8)));
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00880000110001020304050607101112131415161702"), 0x6A88);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00880000110001020304050607101112131415161701"), 0x6108);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "008800011000010203040506071011121314151617"), 0x6A86);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00880000080001020304050607"), 0x6700);
        oc_kit_close(&kit);
    }
}

/* Every rule with every state: EF0C PIN and key, EF0D PIN or key, EF06 PIN, EF07 key. */
static void test_rules(void)
{
    static const struct {
        bool pin, key;
        unsigned both, either, pin_only, key_only;
    } rows[] = {
        {false, false, 0x6982, 0x6982, 0x6982, 0x6982},
        {true, false, 0x6982, 0x9000, 0x9000, 0x6982},
        {false, true, 0x6982, 0x9000, 0x6982, 0x9000},
        {true, true, 0x9000, 0x9000, 0x9000, 0x9000},
    };
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_SM4);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_kit_reset(&kit);
        oc_kit_enter(&kit);
        if (rows[i].pin) {
            oc_kit_verify(&kit);
        }
        if (rows[i].key) {
            CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x0A, 0x2A, 0), 0x9000);
        }
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B08C0001"), rows[i].both);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B08D0001"), rows[i].either);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2013405"), rows[i].pin_only);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B0870001"), rows[i].key_only);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00D68C000100"), 0x6982); /* never */
    }
    oc_kit_close(&kit);
}

/* What survives which move (ssc-card sheet 7). */
static void test_survival(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_kit_enter(&kit);
    oc_kit_verify(&kit);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 0), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DF01"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x83, 0x43, 0), 0x9000);
    static const oc_kit_step moves[] = {
        {"00B2012C04", 0x9000},         /* EF05 of DF01 is read with the PIN */
        {"00DC2028042002AABB", 0x9000}, /* and written with key 83 */
        {"00A4000C02DF01", 0x9000},     /* selected again, not left */
        {"00DC2028042002AABC", 0x9000}, {"00A4000C02DDF1", 0x9000},
        {"00B2013405", 0x9000},       /* the PIN is the environment's */
        {"00DC0A30030A0132", 0x9000}, /* and so is key 04 */
        {"00A4000C02DF01", 0x9000},     {"00B2012C04", 0x9000},
        {"00DC2028042002AABD", 0x6982}, /* DF01 was left: its key is gone */
        {"00A4000C023F00", 0x9000},     {"00A4000C02DDF1", 0x9000},
        {"00B2013405", 0x6982}, /* the SSSE was left: everything is gone */
        {"00DC0A30030A0131", 0x6982},
    };
    OC_KIT_WALK(&kit, moves);
    oc_kit_enter(&kit);
    oc_kit_verify(&kit);
    oc_kit_reset(&kit);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2013405"), 0x6982);
    oc_kit_close(&kit);
}

/* Same seed and label, same challenges. */
static void test_reseed(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    uint8_t first[16];
    oc_card_reseed(kit.card, 7, "case");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0084000010"), 0x9000);
    memcpy(first, kit.data, 16);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0084000010"), 0x9000);
    CU_ASSERT_FALSE(oc_span_equal(oc_kit_data(&kit), oc_span_of(first, 16)));
    oc_card_reseed(kit.card, 7, "case");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0084000010"), 0x9000);
    CU_ASSERT_TRUE(oc_span_equal(oc_kit_data(&kit), oc_span_of(first, 16)));
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"VERIFY", test_pin},
        {"CHANGE PIN", test_change_pin},
        {"EXTERNAL AUTHENTICATE", test_external_each},
        {"a challenge serves once", test_challenge_once},
        {"INTERNAL AUTHENTICATE", test_internal},
        {"access rules", test_rules},
        {"what survives a move", test_survival},
        {"repeatable random numbers", test_reseed},
        {NULL, NULL},
    };
    return oc_test_main("card_security", rows);
}
