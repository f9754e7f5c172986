/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/ssc.h"
#include "tests/unit/card_kit.h"

/* Blocking, the end of a card's life, and secure messaging. */

#define STK_SSSE 0x51
#define STK_DF01 0x52
#define LK_DF01 0x53
#define BK 0x54
#define DF01 "00A4000C02DF01"
#define SSSE "00A4000C02DDF1"

/* The kit's card with STK in both directories, LK (id 8A) in DF01 and BK in the SSSE. */
static void open_card(oc_kit *kit, enum oc_alg alg)
{
    oc_kit_open(kit, alg, NULL, 0);
    oc_kit_personalise(kit);
    static const oc_kit_key in_df01[] = {
        {.kind = OC_KEY_KIND_MAINTENANCE, .id = 0x02, .version = 1, .tries = 0x33, .fill = STK_DF01},
        {.kind = OC_KEY_KIND_EXTERNAL,
         .id = 0x8A,
         .version = 1,
         .usage = OC_KEY_USE_LOCK,
         .tries = 0x33,
         .fill = LK_DF01},
    };
    static const oc_kit_key in_ssse[] = {
        {.kind = OC_KEY_KIND_MAINTENANCE, .id = 0x02, .version = 1, .tries = 0x33, .fill = STK_SSSE},
        {.kind = OC_KEY_KIND_EXTERNAL, .id = 0x05, .version = 1, .tries = 0x33, .fill = BK},
    };
    CU_ASSERT_EQUAL(oc_kit_load(kit, 0x12, in_df01[0]), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_load(kit, 0x12, in_df01[1]), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, SSSE), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_load(kit, 0x11, in_ssse[0]), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_load(kit, 0x11, in_ssse[1]), 0x9000);
    oc_kit_end(kit);
    oc_kit_enter(kit);
}

/* Appends the MAC of `command` (header with its final Lc, then data) under the key of that fill and sends it. */
static unsigned secured(oc_kit *kit, const char *command, uint8_t fill)
{
    CU_ASSERT_EQUAL_FATAL(oc_kit_hex(kit, "0084000008"), 0x9000);
    oc_key key = oc_kit_key_of(kit, fill);
    oc_key session;
    OC_ASSERT_OK(oc_ssc_session(kit->crypto, &key, oc_kit_data(kit), &session));
    uint8_t bytes[64];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_wr_bytes(&wr, oc_test_hex(command));
    uint8_t mac[4];
    OC_ASSERT_OK(oc_ssc_mac4(kit->crypto, &session, oc_span_empty(), oc_wr_span(&wr), mac));
    oc_wr_bytes(&wr, oc_span_of(mac, sizeof mac));
    return oc_kit_raw(kit, oc_wr_span(&wr));
}

static void with_both(void (*test)(oc_kit *kit))
{
    static const enum oc_alg algs[] = {OC_ALG_3DES, OC_ALG_SM4};
    for (size_t i = 0; i < 2; i++) {
        oc_kit kit;
        open_card(&kit, algs[i]);
        test(&kit);
        oc_kit_close(&kit);
    }
}

static void block_and_unblock(oc_kit *kit)
{
    oc_kit_verify(kit);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, DF01), 0x9000);
    CU_ASSERT_EQUAL(secured(kit, "841E000004", STK_DF01), 0x6982); /* LK first */
    CU_ASSERT_EQUAL(oc_kit_external(kit, 0x8A, LK_DF01, 0), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "841E00000400000000"), 0x6984);
    CU_ASSERT_EQUAL(secured(kit, "841E000004", STK_SSSE), 0x6988);
    CU_ASSERT_EQUAL(secured(kit, "8418000004", STK_DF01), 0x6985); /* nothing to unblock */
    CU_ASSERT_EQUAL(secured(kit, "841E000004", STK_DF01), 0x9000);
    static const oc_kit_step blocked[] = {
        {"00B2012C06", 0x6A81},
        {"00DC200003200230", 0x6A81},
        {"0020000003" OC_KIT_PIN, 0x6A81},
        {"00B0000001", 0x6A81},
        {"0084000007", 0x6700},
        {DF01, 0x6283},
        {"00A4040C06D15600000500", 0x6283},
        {SSSE, 0x9000},
        {"00B2012C06", 0x9000},
        {"0020000000", 0x9000}, /* the PIN is the environment's and not lost */
    };
    OC_KIT_WALK(kit, blocked);
    oc_kit_reset(kit); /* not lost by a reset */
    oc_kit_enter(kit);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, DF01), 0x6283);
    CU_ASSERT_EQUAL(oc_kit_external(kit, 0x8A, LK_DF01, 0), 0x9000);
    CU_ASSERT_EQUAL(secured(kit, "8418000004", STK_DF01), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, DF01), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_external(kit, 0x8A, LK_DF01, 0), 0x9000);
    CU_ASSERT_EQUAL(secured(kit, "841E000104", STK_DF01), 0x9000);
    static const oc_kit_step for_ever[] = {
        {"00B2012C06", 0x9303},         {DF01, 0x9303}, {"841800000400000000", 0x9303},
        {"841E00000400000000", 0x9303}, {SSSE, 0x9000}, {"00B2012C06", 0x9000},
    };
    OC_KIT_WALK(kit, for_ever);
}

static void test_application(void)
{
    with_both(block_and_unblock);
}

/* A blocked environment blocks what is in it. */
static void block_environment(oc_kit *kit)
{
    CU_ASSERT_EQUAL(secured(kit, "841E000004", STK_SSSE), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00B2012C06"), 0x6A81);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, DF01), 0x6283);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00B2012C06"), 0x6A81);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, SSSE), 0x6283);
    CU_ASSERT_EQUAL(secured(kit, "8418000004", STK_SSSE), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00B2012C06"), 0x9000);
}

static void test_environment(void)
{
    with_both(block_environment);
}

/* Wrong MACs use up the maintenance key. */
static void use_up(oc_kit *kit)
{
    for (unsigned i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(secured(kit, "841E000004", STK_DF01), 0x6988);
    }
    CU_ASSERT_EQUAL(secured(kit, "841E000004", STK_SSSE), 0x6983);
}

static void test_tries(void)
{
    with_both(use_up);
}

static void end_of_life(oc_kit *kit, const char *command, uint8_t fill, unsigned sw)
{
    CU_ASSERT_EQUAL(secured(kit, command, STK_DF01), 0x6988);
    CU_ASSERT_EQUAL(secured(kit, command, fill), 0x9000);
    oc_kit_reset(kit);
    OC_ASSERT_BYTES(oc_kit_data(kit), OC_KIT_ATR);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00A404000F" OC_KIT_SSSE_NAME), sw);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "0084000008"), sw);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "FF00000000"), sw);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "0084"), 0x6700);
}

static void block_card(oc_kit *kit)
{
    end_of_life(kit, "8416000004", BK, 0x6A81);
}

static void terminate_card(oc_kit *kit)
{
    end_of_life(kit, "84FE000004", 0x11, 0x6985);
}

static void test_card(void)
{
    with_both(block_card);
    with_both(terminate_card);
}

/* The file's own condition and the MAC, both. */
static void update_with_mac(oc_kit *kit)
{
    CU_ASSERT_EQUAL(secured(kit, "04DC012C0A0104AABBCCDD", STK_SSSE), 0x6982);
    CU_ASSERT_EQUAL(oc_kit_external(kit, 0x04, 0x24, 0), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "04DC012C0A0104AABBCCEE00000000"), 0x6984);
    CU_ASSERT_EQUAL(secured(kit, "04DC012C0A0104AABBCCEE", STK_DF01), 0x6988);
    CU_ASSERT_EQUAL(secured(kit, "04DC012C060104AABBCCEE", STK_SSSE), 0x6700); /* Lc counts the MAC */
    CU_ASSERT_EQUAL(secured(kit, "04DC012C0A0104AABBCCEE", STK_SSSE), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00B2012C06"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(kit), "0104AABBCCEE");
    CU_ASSERT_EQUAL(secured(kit, "04D68702061122", STK_SSSE), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_external(kit, 0x0A, 0x2A, 0), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00B0870105"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(kit), "FF1122FFFF");
}

static void test_secure_update(void)
{
    with_both(update_with_mac);
}

/* Blank, pre-issued, issued. */
static void test_issuing(void)
{
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "84FE00000400000000"), 0x6985);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000003123456"), 0x6985);
    oc_kit_personalise(&kit);
    oc_kit_reset(&kit);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000003123456"), 0x6985);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012C06"), 0x6982); /* without the transport key nothing is open */
    oc_kit_transport(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012C06"), 0x9000);
    oc_kit_end(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E0030008"
                                     "0000000000000000"),
                    0x6D00);
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"blocked application", test_application},
        {"blocked environment", test_environment},
        {"tries of the maintenance key", test_tries},
        {"blocked and terminated card", test_card},
        {"secure messaging", test_secure_update},
        {"issuing", test_issuing},
        {NULL, NULL},
    };
    return oc_test_main("card_life", rows);
}
