/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/app.h"
#include "tests/unit/card_kit.h"

/* APDUs of T=1, extended length, chains of commands, the contactless interface, applications that claim a directory. */

#define T1_ATR "3B6D000000815431008660370100001234"
#define FEATURES (OC_FEATURE_T1 | OC_FEATURE_EXTENDED_LENGTH | OC_FEATURE_CHAINING | OC_FEATURE_CONTACTLESS)

static void open_card(oc_kit *kit, unsigned features)
{
    oc_kit_open(kit, OC_ALG_3DES, NULL, 0);
    oc_card_free(&kit->card);
    oc_card_params params = {.atr = oc_test_hex(T1_ATR),
                             .features = features,
                             .transport_key = oc_test_hex(OC_KIT_TRANSPORT),
                             .transport_alg = OC_ALG_3DES,
                             .seed = 1};
    OC_ASSERT_OK(oc_card_new(&kit->card, kit->os, kit->crypto, &params));
    kit->end = oc_card_endpoint(kit->card);
    oc_kit_reset(kit);
    oc_kit_personalise(kit);
    oc_kit_end(kit);
    CU_ASSERT_EQUAL_FATAL(oc_kit_send_hex(kit, "00A4000C02DDF1"), 0x9000);
}

static void test_cases(void)
{
    oc_kit kit;
    open_card(&kit, OC_FEATURE_T1);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A404000F" OC_KIT_SSSE_NAME "00"), 0x9000); /* case 4 in one go */
    OC_ASSERT_BYTES(oc_kit_data(&kit), "6F16840F" OC_KIT_SSSE_NAME "A50388011E");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A404000F" OC_KIT_SSSE_NAME), 0x6118); /* case 3: the data wait */
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00C0000000"), 0x9000);
    CU_ASSERT_EQUAL(kit.len, 0x18);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A404000F" OC_KIT_SSSE_NAME "05"), 0x6118);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012C00"), 0x9000); /* what there is */
    OC_ASSERT_BYTES(oc_kit_data(&kit), "0104AABBCCDD");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012C05"), 0x6C06);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012C"), 0x6C06); /* case 1: nothing was asked for */
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "002000000312345600"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00200000031234"), 0x6700);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B0870000 0100"), 0x6700); /* extended, without the feature */
    oc_kit_close(&kit);
}

static void test_extended(void)
{
    oc_kit kit;
    open_card(&kit, FEATURES);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 0), 0x9000);
    uint8_t command[7 + 0x130] = {0x00, 0xD6, 0x87, 0x00, 0x00, 0x01, 0x30};
    memset(command + 7, 0x5A, 0x130);
    CU_ASSERT_EQUAL(oc_kit_raw(&kit, oc_span_of(command, sizeof command)), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_raw(&kit, oc_span_of(command, sizeof command - 1)), 0x6700);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x0A, 0x2A, 0), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B08700000130"), 0x9000);
    CU_ASSERT_EQUAL(kit.len, 0x130);
    CU_ASSERT_EQUAL(kit.data[0x12F], 0x5A);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B08700000131"), 0x6C30);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B08700000000"), 0x9000); /* whatever there is */
    CU_ASSERT_EQUAL(kit.len, 0x130);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B0870000"), 0x9000); /* short: no more than 256 */
    CU_ASSERT_EQUAL(kit.len, 0x100);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4040000000F" OC_KIT_SSSE_NAME "0000"), 0x9000);
    CU_ASSERT_EQUAL(kit.len, 0x18);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4040000000F" OC_KIT_SSSE_NAME "00"), 0x6700);
    oc_kit_close(&kit);
}

static void test_chains(void)
{
    oc_kit kit;
    open_card(&kit, OC_FEATURE_CHAINING);
    static const oc_kit_step steps[] = {
        {"10A4040008"
         "7378312E73682EC9",
         0x9000},
        {"00A4040007"
         "E7BBE1B1A3D5CF",
         0x6118}, /* joined */
        {"10A4040008"
         "7378312E73682EC9",
         0x9000},
        {"00B2012C06", 0x6883}, /* another command in between */
        {"00B2012C06", 0x9000}, /* the chain is forgotten */
        {"10A4040008"
         "7378312E73682EC9",
         0x9000},
        {"10A4040007"
         "E7BBE1B1A3D5",
         0x6700},
        {"10A4040000", 0x6700},
        {"90A4040001"
         "00",
         0x9000}, /* a class that is there, chained */
        {"00A4040001"
         "00",
         0x6883},
        {"B0B2012C06", 0x6E00},
    };
    OC_KIT_WALK(&kit, steps);
    for (size_t i = 0; i < OC_CARD_LONG_MAX / 255; i++) {
        uint8_t part[5 + 255] = {0x10, 0xD6, 0x87, 0x00, 255};
        CU_ASSERT_EQUAL(oc_kit_raw(&kit, oc_span_of(part, sizeof part)), 0x9000);
    }
    uint8_t part[5 + 255] = {0x10, 0xD6, 0x87, 0x00, 255};
    CU_ASSERT_EQUAL(oc_kit_raw(&kit, oc_span_of(part, sizeof part)), 0x6700);
    oc_kit_close(&kit);
    open_card(&kit, 0);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "10A4040001"
                                     "00"),
                    0x6E00);
    oc_kit_close(&kit);
}

static void test_contactless(void)
{
    oc_kit kit;
    open_card(&kit, FEATURES);
    oc_card_set_interface(kit.card, OC_INTERFACE_CONTACTLESS);
    oc_kit_reset(&kit);
    /* PC/SC's form, and its check byte: the XOR of all but the first is 0. */
    CU_ASSERT_EQUAL(kit.len, 4 + 13 + 1);
    CU_ASSERT(memcmp(kit.data, "\x3B\x8D\x80\x01", 4) == 0);
    CU_ASSERT(memcmp(kit.data + 4, oc_test_hex(T1_ATR).at + 4, 13) == 0);
    uint8_t check = 0;
    for (size_t i = 1; i < kit.len; i++) {
        check ^= kit.data[i];
    }
    CU_ASSERT_EQUAL(check, 0);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A404000F" OC_KIT_SSSE_NAME "00"), 0x9000);
    static const oc_kit_step steps[] = {
        {"00B2012C00", 0x9000},
        {"0020000003" OC_KIT_PIN, 0x6985},
        {"805E010007123456FF654321", 0x6985},
        {"00DC012C060104AABBCCDD", 0x6985},
        {"0084000008", 0x9000},
    };
    OC_KIT_WALK(&kit, steps);
    oc_card_set_interface(kit.card, OC_INTERFACE_CONTACT);
    oc_kit_reset(&kit);
    OC_ASSERT_BYTES(oc_kit_data(&kit), T1_ATR);
    oc_kit_close(&kit);
    open_card(&kit, OC_FEATURE_T1);
    oc_card_set_interface(kit.card, OC_INTERFACE_CONTACTLESS);
    uint8_t room[OC_ATR_MAX];
    oc_wr atr = oc_wr_of(room, sizeof room);
    OC_ASSERT_CODE(kit.end.reset(kit.end.self, OC_RESET_COLD, &atr), OC_E_GONE);
    oc_kit_close(&kit);
    open_card(&kit, FEATURES | OC_FEATURE_CONTACTLESS_WRITE);
    oc_card_set_interface(kit.card, OC_INTERFACE_CONTACTLESS);
    oc_kit_reset(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A404000F" OC_KIT_SSSE_NAME "00"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0020000003" OC_KIT_PIN), 0x9000);
    oc_kit_close(&kit);
}

static oc_result answer_own(oc_card_context *context)
{
    return oc_card_answer(context, 0x9001);
}

static oc_result answer_general(oc_card_context *context)
{
    return oc_card_answer(context, 0x9002);
}

/* An application that claims DF01 answers VERIFY itself there, and nowhere else. */
static void test_claims(void)
{
    static const uint8_t aid[] = {0xD1, 0x56, 0x00, 0x00, 0x05, 0x00};
    static const oc_span claims[] = {{aid, sizeof aid}};
    static const oc_card_command own[] = {
        {0x00, 0x20, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 0, 255, OC_LIFE_ISSUED, answer_own},
    };
    static const oc_card_command general[] = {
        {0xB0, 0x20, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, 0, 255, OC_LIFE_ISSUED, answer_general},
    };
    static const oc_card_app claiming = {
        .name = "own", .commands = own, .command_count = 1, .environments = claims, .environment_count = 1};
    static const oc_card_app open = {.name = "general", .commands = general, .command_count = 1};
    static const oc_card_app *const apps[] = {&claiming, &open};
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, apps, 2);
    oc_kit_personalise(&kit);
    oc_kit_end(&kit);
    static const oc_kit_step steps[] = {
        {"00A4000C02DDF1", 0x9000}, {"0020000003" OC_KIT_PIN, 0x9000}, {"B020000000", 0x9002},
        {"00A4000C02DF01", 0x9000}, {"0020000003" OC_KIT_PIN, 0x9001}, {"B020000000", 0x6D00},
        {"00B2012C04", 0x9000},     {"00A4000C02DDF1", 0x9000},        {"0020000003" OC_KIT_PIN, 0x9000},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"APDU cases", test_cases},        {"extended length", test_extended},   {"chains", test_chains},
        {"contactless", test_contactless}, {"claimed directories", test_claims}, {NULL, NULL},
    };
    return oc_test_main("card_interface", rows);
}
