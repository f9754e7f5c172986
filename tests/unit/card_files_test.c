/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/card_kit.h"

static void test_read_record(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_kit_enter(&kit);
    static const oc_kit_step refused[] = {
        {"00B2010400", 0x6986}, /* no current EF */
        {"00B2010506", 0x6986},   {"00B2012C00", 0x6C06}, {"00B2012C05", 0x6C06},
        {"00B2012C07", 0x6C06},   {"00B2042C00", 0x6A83}, {"00B2002C00", 0x6A83}, /* no record 0 */
        {"00B2FF2C00", 0x6A83},   {"00B2992800", 0x6A83},                         /* no such tag */
        {"00B2012900", 0x6A86},                                                   /* modes 1, 2, 3, 6, 7 */
        {"00B2012A00", 0x6A86},   {"00B2012B00", 0x6A86}, {"00B2012E00", 0x6A86},
        {"00B2012F00", 0x6A86},   {"00B201FC00", 0x6A86}, /* SFI 31 */
        {"00B2015400", 0x6A82},                           /* SFI 0A is not there */
        {"00B2013C00", 0x6981},                           /* EF07 is transparent */
        {"00B2012C0100", 0x6700},
    };
    OC_KIT_WALK(&kit, refused);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012C06"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "0104AABBCCDD");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2020403"), 0x9000); /* EF05 has become the current EF */
    OC_ASSERT_BYTES(oc_kit_data(&kit), "020133");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2032806"), 0x9000); /* by tag */
    OC_ASSERT_BYTES(oc_kit_data(&kit), "0304322E3030");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2030006"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012D00"), 0x6C0F); /* all from the first */
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B202050F"), 0x6C09);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2020509"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "0201330304322E3030");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B201F40A"), 0x9000); /* the DIR file */
    OC_ASSERT_BYTES(oc_kit_data(&kit), "700861064F04D1560000");
    oc_kit_close(&kit);
}

static void test_update_record(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_SM4);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00DC012C060104AABBCCDE"), 0x6982);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 0), 0x9000);
    static const oc_kit_step steps[] = {
        {"00DC012C060104AABBCCDE", 0x9000},
        {"00DC012C060204AABBCCDE", 0x6A80}, /* another tag */
        {"00DC012C050103AABBCC", 0x6A80},   /* another length */
        {"00DC012C060103AABBCCDE", 0x6A80}, /* lying length byte */
        {"00DC012C0101", 0x6A80},
        {"00DC012C00", 0x6700},
        {"00DC042C060104AABBCCDE", 0x6A83},
        {"00DC0228030201AA", 0x9000}, /* by tag */
        {"00DC022802", 0x6700},
        {"00DC0228030101AA", 0x6A80},
        {"00DC002B030201AA", 0x6981}, /* only cyclic files take a new record 1 */
        {"00DC012B030201AA", 0x6A86},
        {"00DC012D060104AABBCCDE", 0x6A86},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_reset(&kit);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2012D0F"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "0104AABBCCDE0201AA0304322E3030");
    oc_kit_close(&kit);
}

static void test_append_record(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00E200280304 01 00"), 0x6982);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 0), 0x9000);
    static const oc_kit_step steps[] = {
        {"00E2002803040100", 0x9000}, {"00E2002803040200", 0x6A80}, /* the length byte lies */
        {"00E2002801 04", 0x6A80},    {"00E20128030401AA", 0x6A86},
        {"00E2002C030401AA", 0x6A86}, {"00E2003803040100", 0x6981},
    };
    OC_KIT_WALK(&kit, steps);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2042C03"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "040100");
    /* 40 (hex) bytes in all, 12 used. */
    uint8_t record[0x30] = {0x05, 0x2E - 2};
    CU_ASSERT_EQUAL(oc_kit_body(&kit, 0x00, 0xE2, 0x00, 0x28, oc_span_of(record, 0x2E)), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00E20028020600"), 0x6A84);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B205282E"), 0x9000);
    oc_kit_close(&kit);
}

static void test_cyclic(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_kit_enter(&kit);
    oc_kit_verify(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DF01"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00DC003B0400000001"), 0x6982);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x83, 0x43, 0), 0x9000);
    static const oc_kit_step steps[] = {
        {"00B2013C04", 0x6A83}, /* nothing written yet */
        {"00DC003B0400000001", 0x9000}, {"00DC01040400000002", 0x9000}, {"00DC00030400000003", 0x9000},
        {"00B2043C04", 0x6A83},         {"00DC013C0400000004", 0x9000}, {"00B2043C04", 0x6A83},
        {"00B2043C04", 0x6A83},         {"00DC023C0400000004", 0x6981}, {"00DC013C03000000", 0x6700},
        {"00B2003804", 0x6A83}, /* raw records have no tag */
    };
    OC_KIT_WALK(&kit, steps);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2013D0C"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "000000040000000300000002"); /* the oldest has gone */
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2033C04"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "00000002");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00E200380400000005"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2013C04"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "00000005");
    oc_kit_close(&kit);
}

static void test_fixed(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DF01"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x83, 0x43, 0), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2014405"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "4103010203");
    static const oc_kit_step steps[] = {
        {"00B2024405", 0x6A83},           {"00DC0144054103040506", 0x9000}, {"00DC0144054203040506", 0x6A80},
        {"00DC01440441030405", 0x6A80},   {"00E20040044303AABB", 0x6700},   {"00E20040054303AABBCC", 0x9000},
        {"00E20040054403AABBCC", 0x6A84}, {"00B2014C05", 0x6A82},           {"00B2434105", 0x6A86},
    };
    OC_KIT_WALK(&kit, steps);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B2434005"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "4303AABBCC");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B201450A"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "41030405064303AABBCC");
    oc_kit_close(&kit);
}

static void test_binary(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B0870004"), 0x6982);
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x0A, 0x2A, 0), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00D6870002AABB"), 0x6982); /* key 04 writes */
    CU_ASSERT_EQUAL(oc_kit_external(&kit, 0x04, 0x24, 0), 0x9000);
    static const oc_kit_step steps[] = {
        {"00D6870002AABB", 0x9000}, {"00D6012E021122", 0x9000}, /* the last two bytes, offset 12E */
        {"00D6012F021122", 0x6A84},                             /* one past the end */
        {"00D60130021122", 0x6B00}, {"00D6870000", 0x6700},     {"00B00130", 0x6B00},   {"00B0013001", 0x6B00},
        {"00B0012F02", 0x6C01},     {"00B0010000", 0x6C30},     {"00B0A70000", 0x6A86}, /* P1 101xxxxx is none */
        {"00B0800000", 0x6A86},     {"00B09F0000", 0x6A86},     {"00B0850000", 0x6981}, /* EF05 holds records */
        {"00B0890000", 0x6A82},
    };
    OC_KIT_WALK(&kit, steps);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B0870000"), 0x9000);
    CU_ASSERT_EQUAL(kit.len, 256);
    OC_ASSERT_BYTES(oc_span_slice(oc_kit_data(&kit), 0, 4), "AABBFFFF");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B0012D03"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "FF1122");
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B0870101"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "BB");
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"READ RECORD", test_read_record},
        {"UPDATE RECORD", test_update_record},
        {"APPEND RECORD", test_append_record},
        {"cyclic files", test_cyclic},
        {"fixed files", test_fixed},
        {"READ and UPDATE BINARY", test_binary},
        {NULL, NULL},
    };
    return oc_test_main("card_files", rows);
}
