/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"
#include "tests/unit/card_kit.h"

#define DDF1 "80E0010015 01 DDF1 3F00 1E " OC_KIT_SSSE_NAME
#define EF05 "80E001000D C6 EF05 05 0000 0204 0040 00 00 00"

/* A blank card does nothing before the transport key is checked. */
static void test_locked(void)
{
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    static const oc_kit_step steps[] = {
        {DDF1, 0x6982},
        {"80E004000F" OC_KIT_SSSE_NAME, 0x6982},
        {"80E0020000", 0x6982},
        {"80D4000020"
         "0000000000000000000000000000000000000000000000000000000000000000",
         0x6982},
        {"0084000008", 0x9000},
        {"00A4000C023F00", 0x9000},
        {"0020000003123456", 0x6985}, /* not in this life */
        {"80E0030000", 0x6700},
        {"80E003010800000000000000 00", 0x6A86},
        {"80E0050000", 0x6A86},
        {"80E1000000", 0x6D00},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_close(&kit);
}

static void test_transport(void)
{
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E003000900000000000000 0000"), 0x6700);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E003000800000000000000 00"), 0x63C3);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E003000800000000000000 00"), 0x63C2);
    oc_kit_transport(&kit); /* gives the tries back */
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E003000800000000000000 00"), 0x63C3);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, DDF1), 0x6982); /* and a failure closes again */
    oc_kit_reset(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E003000800000000000000 00"), 0x63C2);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E003000800000000000000 00"), 0x63C1);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E003000800000000000000 00"), 0x63C0);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E003000800000000000000 00"), 0x6983);
    oc_kit_close(&kit);
}

static void test_session(void)
{
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_SM4, NULL, 0);
    oc_kit_transport(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, DDF1), 0x9000);
    oc_kit_reset(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DDF1"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, EF05), 0x6982);
    oc_kit_transport(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, EF05), 0x9000);
    oc_kit_reset(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DDF1"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00E2002803010100"), 0x6982); /* appending needs it as well */
    oc_kit_close(&kit);
}

static void test_descriptors(void)
{
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    oc_kit_transport(&kit);
    static const oc_kit_step steps[] = {
        {"80E0010015 03 DDF1 3F00 1E " OC_KIT_SSSE_NAME, 0x6A80}, /* kind */
        {"80E0010015 01 3F00 3F00 1E " OC_KIT_SSSE_NAME, 0x6A80},
        {"80E0010015 01 DDF1 3F00 1F " OC_KIT_SSSE_NAME, 0x6A80}, /* SFI 31 */
        {"80E0010015 01 DDF1 3F01 1E " OC_KIT_SSSE_NAME, 0x6A82},
        {"80E001000A 01 DDF1 3F00 1E 01020304", 0x6700}, /* a name of 4 bytes */
        {DDF1, 0x9000},
        {DDF1, 0x6A89},
        {"80E0010015 01 DDF2 3F00 1E " OC_KIT_SSSE_NAME, 0x6A89}, /* the name is in use */
        {"80E004000F" OC_KIT_SSSE_NAME, 0x6A89},
        {"80E004000F" OC_KIT_SSSE_ALIAS, 0x9000},
        {"80E00400050102030405", 0x6A84}, /* two names are all */
        {EF05, 0x9000},
        {EF05, 0x6A89},
        {"80E001000D C6 EF06 05 0000 0204 0040 00 00 00", 0x6A89}, /* the SFI is in use */
        {"80E001000D C6 EF06 06 0600 0204 0040 00 00 00", 0x6A80}, /* no such rule */
        {"80E001000D C6 EF06 06 0000 0604 0040 00 00 00", 0x6A80},
        {"80E001000D C6 EF06 1F 0000 0204 0040 00 00 00", 0x6A80},
        {"80E001000D C6 EF06 06 0000 0204 0000 00 00 00", 0x6A80}, /* no size */
        {"80E001000D C6 EF06 06 0000 0204 0040 05 00 00", 0x6A80}, /* no record length there */
        {"80E001000D C7 EF06 06 0000 0204 0000 00 03 00", 0x6A80},
        {"80E001000D C7 EF06 06 0000 0204 0000 04 00 00", 0x6A80},
        {"80E001000D C7 EF06 06 0000 0204 000B 04 03 00", 0x6A80}, /* 3 of 4 need 12 */
        {"80E001000D C4 0000 06 0000 0204 0040 00 00 00", 0x6A80},
        {"80E001000C C4 EF06 06 0000 0204 0040 00 00", 0x6A80},
        {"80E001000E C4 EF06 06 0000 0204 0040 00 00 00 00", 0x6A80},
        {"80E001000D C4 EF06 06 0000 0204 FFFF 00 00 00", 0x6A84},
        {"80E001000B 02 DF01 DDF1 00 0102030405", 0x9000},
        {"80E001000B 02 DF02 DF01 00 0102030406", 0x6A82}, /* an ADF holds no directory */
        {"80E001000B 02 DF02 DDF1 00 0102030406", 0x9000}, /* DF01 is current, its parent is meant */
        {"80E001000B 02 DF02 DDF1 00 0102030407", 0x6A89},
        {"80E001000B 01 DDF3 DDF1 00 0102030408", 0x9000},
        {"80E001000B 01 DDF4 DDF3 00 0102030409", 0x9000},
        {"80E001000B 01 DDF5 DDF4 00 010203040A", 0x6A84}, /* too deep */
    };
    OC_KIT_WALK(&kit, steps);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80E004000F"
                                     "FF78312E73682EC9E7BBE1B1A3D5CF"),
                    0x9000);
    oc_kit_close(&kit);
}

static void test_mf_names(void)
{
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    oc_kit_transport(&kit);
    static const oc_kit_step steps[] = {
        {"80E004000F" OC_KIT_SSSE_NAME, 0x9000},
        {"80E004000F" OC_KIT_SSSE_ALIAS, 0x9000},
        {"80E00400050102030405", 0x6A84},
        {"00A4040C0F" OC_KIT_SSSE_ALIAS, 0x9000},
        {"00A40000023F00", 0x6113},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_close(&kit);
}

static void test_keys(void)
{
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    oc_kit_transport(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, DDF1), 0x9000);
    oc_kit_key external = {.kind = OC_KEY_KIND_EXTERNAL, .id = 4, .version = 1, .tries = 0x33, .fill = 0x24};
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x11, external), 0x6A88); /* no master key yet */
    oc_kit_key master = {.kind = OC_KEY_KIND_MASTER, .version = 1, .tries = 0x33, .fill = 0x11};
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x11, master), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x11, master), 0x6A89);
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x61, external), 0x6A80); /* under a wrong master key */
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x11, external), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x11, external), 0x6A89);
    external.version = 2;
    external.tries = 0x32;
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x11, external), 0x6A80);
    external.tries = 0x00;
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x11, external), 0x9000);
    external.kind = 0x55;
    CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x11, external), 0x6A80);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80D40200200000000000000000000000000000000000000000000000000000000000000000"),
                    0x6A86);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "80D4000018000000000000000000000000000000000000000000000000"), 0x6700);
    oc_kit_close(&kit);
}

/* After END OF ISSUING the commands are not there, also after a reset. */
static void test_end(void)
{
    oc_kit kit;
    oc_kit_open_issued(&kit, OC_ALG_3DES);
    static const oc_kit_step steps[] = {
        {DDF1, 0x6D00},         {"80E003000800000000000000 00", 0x6D00},
        {"80E0020000", 0x6D00}, {"80E0090900", 0x6D00},
        {"80D4000000", 0x6D00},
    };
    OC_KIT_WALK(&kit, steps);
    oc_kit_reset(&kit);
    OC_KIT_WALK(&kit, steps);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00E2002803090100"), 0x6982);
    uint8_t transport[OC_KEY_SIZE];
    oc_nvm_read(&kit.card->nvm, OC_CHIP_TRANSPORT_KEY, transport, sizeof transport);
    OC_ASSERT_BYTES(oc_span_of(transport, sizeof transport), "00000000000000000000000000000000");
    oc_kit_close(&kit);
}

/* Filled to the brim, the card still answers, and what is there stays. */
static void test_full(void)
{
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    oc_kit_transport(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, DDF1), 0x9000);
    unsigned sw = 0x9000;
    unsigned made = 0;
    while (sw == 0x9000 && made < 100) {
        uint8_t body[13] = {OC_PERSO_TRANSPARENT, 0xE0, (uint8_t)made, 0, 0, 0, 0, 0, 0x10, 0x00, 0, 0, 0x5A};
        sw = oc_kit_body(&kit, 0x80, 0xE0, 0x01, 0x00, oc_span_of(body, sizeof body));
        made++;
    }
    CU_ASSERT_EQUAL(sw, 0x6A84);
    CU_ASSERT_EQUAL(made, 16); /* 15 of 4 KiB and their headers fit into 64 KiB */
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000002E00E"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B00FFF01"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(&kit), "5A");
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"nothing without the transport key", test_locked},
        {"tries of the transport key", test_transport},
        {"its check lasts a session", test_session},
        {"descriptors", test_descriptors},
        {"names of the MF", test_mf_names},
        {"LOAD KEY", test_keys},
        {"END OF ISSUING", test_end},
        {"a full card", test_full},
        {NULL, NULL},
    };
    return oc_test_main("card_perso", rows);
}
