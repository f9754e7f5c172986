/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/apps/ssc_app.h"
#include "tests/unit/apps_kit.h"

static const enum oc_alg algs[] = {OC_ALG_3DES, OC_ALG_SM4};

#define INIT_HEAD "B02801011301"
/* A 10.00, B 2.00, C 3.00 yuan */
#define INIT_TEN INIT_HEAD "000003E8000000C80000012C" OC_KIT_TERMINAL

static void test_load_and_pay(void)
{
    for (size_t i = 0; i < 2; i++) {
        oc_kit kit;
        oc_kit_open_purse(&kit, algs[i]);
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), 0);
        oc_kit_credit(&kit, 10000);
        oc_kit_credit(&kit, 1);
        oc_kit_purchase p = {1000, 200, 300, "00000007", "20260302091500", 0x75, 0};
        CU_ASSERT_EQUAL(oc_kit_init_purchase(&kit, &p), 0x9000);
        OC_ASSERT_BYTES(oc_span_slice(oc_kit_data(&kit), 0, 16), "00002711"
                                                                 "00000000"
                                                                 "00000000"
                                                                 "0000"
                                                                 "0000");
        CU_ASSERT_EQUAL(kit.data[16], 1); /* version 1 is current although version 2 was loaded first */
        CU_ASSERT_EQUAL(kit.data[17], algs[i]);
        CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9000);
        unsigned year;
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), 9001);
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 2, &year), 300);
        CU_ASSERT_EQUAL(year, 0x2026);
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 3, &year), 200);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B201441C"), 0x9000);
        OC_ASSERT_BYTES(oc_kit_data(&kit), "0000"
                                           "32" OC_KIT_TERMINAL "20260302091500"
                                           "000003E8"
                                           "000000C8"
                                           "0000012C");
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B202441C"), 0x9000); /* the second load */
        OC_ASSERT_BYTES(oc_kit_data(&kit), "0001"
                                           "31" OC_KIT_TERMINAL "20260301120000"
                                           "00000001"
                                           "00000000"
                                           "00000000");
        CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 2, &year), 600);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B201441C"), 0x9000);
        OC_ASSERT_BYTES(oc_span_slice(oc_kit_data(&kit), 0, 2), "0001"); /* the number went up */
        p.date_time = "20270101000000";
        CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 2, &year), 300); /* a new year starts anew */
        CU_ASSERT_EQUAL(year, 0x2027);
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 3, &year), 200);
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), 7001);
        oc_kit_close(&kit);
    }
}

static void test_limits(void)
{
    oc_kit kit;
    oc_kit_open_purse(&kit, OC_ALG_3DES);
    oc_kit_credit(&kit, 1000);
    oc_kit_purchase p = {1001, 0, 0, "00000001", "20260302091500", 0x75, 0};
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9401);
    p.a = 1000;
    p.b = UINT32_MAX;
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9000); /* to the last fen */
    CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), 0);
    p.a = 0;
    p.b = 1;
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x6985); /* the year's sum would overflow */
    CU_ASSERT_EQUAL(oc_kit_balance(&kit, 3, NULL), UINT32_MAX);
    p.b = 0;
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9000);
    oc_kit_credit(&kit, 2);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "B02800010B01FFFFFFFE" OC_KIT_TERMINAL), 0x6985);
    oc_kit_credit(&kit, 0xFFFFFFFD);
    CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), UINT32_MAX);
    oc_kit_close(&kit);
}

static void test_refusals(void)
{
    oc_kit kit;
    oc_kit_open_purse(&kit, OC_ALG_SM4);
    oc_kit_credit(&kit, 5000);
    static const oc_kit_step steps[] = {
        {"B02C01000F0000000120260302091500AABBCCDD", 0x6901}, /* not initialised */
        {"B02A00000B20260302091500AABBCCDD", 0x6901},
        {"B02801011302"
         "000003E8000000C80000012C" OC_KIT_TERMINAL,
         0x9403},
        {"B02800010B02000003E8" OC_KIT_TERMINAL, 0x9403},
        {INIT_TEN, 0x6116},
        {"B02A00000B20260302091500AABBCCDD", 0x6901},         /* a purchase was initialised, no load */
        {"B02C01000F0000000120260302091500AABBCCDD", 0x6901}, /* and that ended it */
        {INIT_TEN, 0x6116},
        {"B02C01000F0000000120260302091500AABBCCDD", 0x9302},
        {"B02C01000F0000000120260302091500AABBCCDD", 0x6901},
        {"B02800010B01000003E8" OC_KIT_TERMINAL, 0x6110},
        {"B02A00000B20260302091500AABBCCDD", 0x9302},
        {INIT_TEN, 0x6116},
        {"00A4000C02DF01", 0x9000}, /* leaving ends it */
        {"00A4000C02DF04", 0x9000},
        {"B02C01000F0000000120260302091500AABBCCDD", 0x6901},
        {"00A4000C02DF01", 0x9000},
        {"B0260001 04", 0x6985}, /* no purse here */
        {INIT_TEN, 0x6985},
        {"00A4000C02DF04", 0x9000},
        {"B02C01000F0000000120260302091500AABBCCDD", 0x6901},
        {"B026000104", 0x9000},
        {"B026000100", 0x6C04},
        {"B026000206", 0x9000},
        {"B026000204", 0x6C06},
        {"B026000306", 0x9000},
        {"B026000404", 0x6A86},
        {"B026010104", 0x6A86},
        {"B026000004", 0x6A86},
        {"B028010013", 0x6A86},
        {"B0280101", 0x6700},
        {"B02C01000E0000000120260302091500AABBCC", 0x6700},
        {"B02E000000", 0x6A86},
        {"00DC004304AABBCCDD", 0x6982}, /* only the card writes the log */
        {"0020000003000000", 0x63C2},
        {"B026000104", 0x6982},
        {INIT_TEN, 0x6982},
        {"B02800010B01000003E8" OC_KIT_TERMINAL, 0x6982},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_verify(&kit);
    CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), 5000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B202441C"), 0x6A83); /* one log record: the load */
    oc_kit_purchase p = {1000, 0, 0, "00000001", "20260302091500", 0x85, 0};
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9302); /* MAC1 under the key of version 2 */
    CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), 5000);
    oc_kit_close(&kit);
}

/* Without a log there is no transaction. */
static void test_no_log(void)
{
    oc_kit kit;
    static const oc_card_app *const apps[] = {&oc_ssc_app};
    oc_kit_open(&kit, OC_ALG_3DES, apps, 1);
    oc_kit_personalise(&kit);
    oc_kit_key load = {.kind = OC_KEY_KIND_LOAD, .version = 1, .index = 1, .fill = 0x71};
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x12, load), 0x9000); /* into DF01 */
    oc_kit_end(&kit);
    oc_kit_enter(&kit);
    oc_kit_verify(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DF01"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "B026000104"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "B02800010B01000003E8" OC_KIT_TERMINAL), 0x6985);
    oc_kit_close(&kit);
}

/* The log keeps the last ten. */
static void test_log_turns(void)
{
    oc_kit kit;
    oc_kit_open_purse(&kit, OC_ALG_3DES);
    oc_kit_credit(&kit, 100);
    oc_kit_purchase p = {1, 0, 0, "00000001", "20260302091500", 0x75, 0};
    for (unsigned i = 0; i < 12; i++) {
        CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9000);
    }
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B201441C"), 0x9000);
    OC_ASSERT_BYTES(oc_span_slice(oc_kit_data(&kit), 0, 3), "000B32");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B20A441C"), 0x9000);
    OC_ASSERT_BYTES(oc_span_slice(oc_kit_data(&kit), 0, 3), "000232");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B20B441C"), 0x6A83);
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"load and purchase", test_load_and_pay}, {"limits", test_limits},           {"refusals", test_refusals},
        {"no log, no transaction", test_no_log},  {"the log turns", test_log_turns}, {NULL, NULL},
    };
    return oc_test_main("apps_purse", rows);
}
