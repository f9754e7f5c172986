/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/card_kit.h"

static void test_reset(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_kit_reset(&kit);
    OC_ASSERT_BYTES(oc_kit_data(&kit), OC_KIT_ATR);
    oc_kit_close(&kit);
}

static void test_names(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A404000F" OC_KIT_SSSE_NAME), 0x6118);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00C0000018"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "6F16840F" OC_KIT_SSSE_NAME "A50388011E");
    CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "00A404000F" OC_KIT_SSSE_ALIAS), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "6F16840F" OC_KIT_SSSE_ALIAS "A50388011E");
    CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "00A4040006D15600000500"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "6F088406D15600000500");
    static const oc_kit_step steps[] = {
        {"00A404000F7378312E73682EC9E7BBE1B1A3D5CE", 0x6A82},
        {"00A404000E7378312E73682EC9E7BBE1B1A3D5", 0x6A82}, /* no partial names */
        {"00A404000C" OC_KIT_SSSE_NAME, 0x6700},
        {"00A404020F" OC_KIT_SSSE_NAME, 0x6A86},
        {"00A4040C0F" OC_KIT_SSSE_NAME, 0x9000},
        {"00A40400", 0x6700},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_close(&kit);
}

static void test_identifiers(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    static const oc_kit_step steps[] = {
        {"00A4000002DF01", 0x6A82}, /* the MF is current: DF01 lies deeper */
        {"00A40000023F00", 0x6106},   {"00C0000006", 0x9000},     {"00A4000C02DDF1", 0x9000},
        {"00A4000002EF05", 0x9000},   {"00A4020002EF06", 0x9000}, {"00A4000002DF01", 0x610A},
        {"00A4000002EF06", 0x6A82}, /* EF06 is the SSSE's */
        {"00A4000C02DF01", 0x9000},   {"00A4000C02DDF1", 0x9000}, {"00A4000002EF06", 0x9000},
        {"00A4010002EF06", 0x6A86},   {"00A4000102EF06", 0x6A86}, {"00A4000001EF", 0x6700},
        {"00A4000003EF0600", 0x6700},
    };
    OC_KIT_WALK(&kit, steps);
    CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "00A40000023F00"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "6F0483023F00");
    oc_kit_close(&kit);
}

/* Lengths that lie and commands too short to be one. */
static void test_frame(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    static const oc_kit_step steps[] = {
        {"", 0x6700},
        {"00", 0x6700},
        {"00A4", 0x6700},
        {"00A404", 0x6700},
        {"00A40400", 0x6700},
        {"01A4040000", 0x6E00},
        {"FFFF", 0x6700},
        {"FFFFFFFF", 0x6E00},
        {"00FF000000", 0x6D00},
        {"00A4000002DF", 0x6700},     /* a byte short */
        {"00A4000002DDF100", 0x6700}, /* and one too many */
        {"0084000008AA", 0x6700},     /* a body where none belongs */
        {"00840000", 0x6700},         /* Le 00: no such challenge */
        {"0084000100", 0x6A86},
        {"00B0000000", 0x6986},
        {"00C0000000", 0x6985},
        {"00C0000100", 0x6A86},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_close(&kit);
}

static void test_get_response(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    static const oc_kit_step whole[] = {
        {"00A404000F" OC_KIT_SSSE_NAME, 0x6118},
        {"00C0000019", 0x6C18},
        {"00C0000000", 0x6C18},
        {"00C0000018", 0x9000},
        {"00C0000018", 0x6985},
        {"00A404000F" OC_KIT_SSSE_NAME, 0x6118},
        {"00C0000118", 0x6A86}, /* any other command, this one too, drops the data */
        {"00C0000018", 0x6985},
        {"00A404000F" OC_KIT_SSSE_NAME, 0x6118},
        {"0084000008", 0x9000},
        {"00C0000018", 0x6985},
    };
    OC_KIT_WALK(&kit, whole);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A404000F" OC_KIT_SSSE_NAME), 0x6118);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00C0000002"), 0x6116);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "6F16");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00C0000017"), 0x6C16);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00C0000016"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "840F" OC_KIT_SSSE_NAME "A50388011E");
    oc_kit_close(&kit);
}

static void test_power(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_card_image *image = NULL;
    OC_ASSERT_OK(oc_card_image_take(&image, kit.card));
    OC_ASSERT_OK(oc_card_image_put(kit.card, image));
    uint8_t room[8];
    oc_wr wr = oc_wr_of(room, sizeof room);
    OC_ASSERT_CODE(kit.end.exchange(kit.end.self, oc_test_hex("0084000008"), &wr), OC_E_GONE);
    oc_kit_reset(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "0084000008"), 0x9000);
    oc_card_image_free(&image);
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"reset answers the ATR", test_reset},
        {"select by name and second name", test_names},
        {"select by identifier", test_identifiers},
        {"short commands and lying lengths", test_frame},
        {"GET RESPONSE", test_get_response},
        {"nothing without power", test_power},
        {NULL, NULL},
    };
    return oc_test_main("card_select", rows);
}
