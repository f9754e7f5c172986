/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/psam/psam.h"

#include "sim/apps/ssc_app.h"
#include "tests/unit/apps_kit.h"

/* A PSAM beside a user card, both personalised by raw commands. */

static const enum oc_alg algs[] = {OC_ALG_3DES, OC_ALG_SM4};

#define CITY "3331303130307378"     /* "310100sx" */
#define PROVINCE "3331303030307368" /* "310000sh" */
#define CARD "8660370100001234"     /* last 8 bytes of OC_KIT_ATR */
#define ROOT_AUTH 0x51              /* usage 48, id 12 */
#define ROOT_READ 0x53              /* usage 67, id 2E */
#define ROOT_PAY 0x57               /* usage 42, index 2 */
#define ROOT_PAY_ONE 0x59           /* usage 22 */

static void open_psam(oc_kit *psam, enum oc_alg alg)
{
    static const oc_card_app *const apps[] = {&oc_psam_app};
    static const oc_kit_step files[] = {
        {"80E004000F" OC_KIT_SSSE_NAME, 0x9000},
        {"80E004000F" OC_KIT_SSSE_ALIAS, 0x9000},
        {"80E001000D C4 0016 16 0000 0500 0006 00 00 00", 0x9000},
        {"00D6960006" OC_KIT_TERMINAL, 0x9000},
        {"80E001000C 02 DF01 3F00 00 D15600000590", 0x9000},
        {"80E001000D C4 0019 19 0000 0500 0004 00 00 00", 0x9000},
        {"00D699000400010203", 0x9000},
        {"80E001000D C4 001C 1C 0000 0500 0001 00 00 00", 0x9000},
        {"00D69C000102", 0x9000},
    };
    static const oc_kit_key keys[] = {
        {.kind = OC_KEY_KIND_MASTER, .version = 1, .fill = 0x15},
        {.kind = OC_KEY_KIND_PSAM, .id = 0x12, .version = 1, .usage = 0x48, .fill = ROOT_AUTH},
        {.kind = OC_KEY_KIND_PSAM, .id = 0x2E, .version = 1, .usage = 0x67, .fill = ROOT_READ},
        /* The one of the city's index lies between two others, so that no order of search finds it by chance. */
        {.kind = OC_KEY_KIND_PSAM, .id = 0x01, .version = 1, .usage = 0x42, .index = 1, .fill = 0x65},
        {.kind = OC_KEY_KIND_PSAM, .id = 0x02, .version = 1, .usage = 0x42, .index = 2, .fill = ROOT_PAY},
        {.kind = OC_KEY_KIND_PSAM, .id = 0x04, .version = 1, .usage = 0x42, .index = 4, .fill = 0x67},
        {.kind = OC_KEY_KIND_PSAM, .id = 0x03, .version = 1, .usage = 0x22, .fill = ROOT_PAY_ONE},
    };
    oc_kit_open(psam, alg, apps, 1);
    oc_kit_transport(psam);
    OC_KIT_WALK(psam, files);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        CU_ASSERT_EQUAL(oc_kit_load(psam, 0x15, keys[i]), 0x9000);
    }
    oc_kit_end(psam);
    CU_ASSERT_EQUAL(oc_kit_send_hex(psam, "00A404000F" OC_KIT_SSSE_ALIAS), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_send_hex(psam, "00A4000002DF01"), 0x9000);
}

/* One level: the bytes of E_K(f || NOT f). */
static oc_key child(oc_kit *kit, const oc_key *parent, const char *factor, uint8_t bytes[16])
{
    memcpy(bytes, oc_test_hex(factor).at, 8);
    for (size_t i = 0; i < 8; i++) {
        bytes[8 + i] = (uint8_t)~bytes[i];
    }
    OC_ASSERT_OK(oc_encipher(kit->crypto, parent, oc_span_of(bytes, 16), bytes));
    oc_key key;
    OC_ASSERT_OK(oc_key_load(&key, (uint8_t)kit->alg, oc_span_of(bytes, 16)));
    return key;
}

/* BF DE with factors in hex and 8 random bytes, filled up to a block. */
static unsigned prepare(oc_kit *psam, uint8_t usage, uint8_t kid, const char *factors, oc_span random)
{
    uint8_t body[40] = {0};
    oc_wr wr = oc_wr_of(body, sizeof body);
    oc_wr_bytes(&wr, oc_test_hex(factors));
    oc_wr_bytes(&wr, random);
    oc_wr_fill(&wr, 0, oc_alg_block(psam->alg) - random.len);
    return oc_kit_body(psam, 0xBF, 0xDE, usage, kid, oc_wr_span(&wr));
}

/* The wire examples of the sheet, 6.5 and 6.6: card challenge, BF DE, 80 FA, EXTERNAL AUTHENTICATE. */
static void authenticate(oc_kit *card, oc_kit *psam)
{
    static const uint8_t text[16] = {1, 2, 3, 4, 5, 6, 7, 8};
    size_t block = oc_alg_block(psam->alg);
    CU_ASSERT_EQUAL(oc_kit_hex(card, "0084000008"), 0x9000);
    CU_ASSERT_EQUAL(prepare(psam, 0x48, 0x12, CARD CITY, oc_kit_data(card)), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_body(psam, 0x80, 0xFA, 0x00, 0x00, oc_span_of(text, block)), 0x9000);
    CU_ASSERT_EQUAL_FATAL(psam->len, block);
    uint8_t body[17];
    for (size_t i = 0; i < 8; i++) {
        body[i] = block == 8 ? psam->data[i] : psam->data[i] ^ psam->data[8 + i];
    }
    memcpy(body + 8, text, 8);
    body[16] = 1;
    CU_ASSERT_EQUAL(oc_kit_body(card, 0x00, 0x82, 0x00, 0x05, oc_span_of(body, 17)), 0x9000);
}

static void test_external_authentication(void)
{
    for (size_t i = 0; i < 2; i++) {
        oc_kit card;
        oc_kit psam;
        open_psam(&psam, algs[i]);
        oc_kit_open(&card, algs[i], NULL, 0);
        uint8_t secret[16];
        oc_key root = oc_kit_key_of(&card, ROOT_AUTH);
        oc_key city = child(&card, &root, CITY, secret);
        child(&card, &city, CARD, secret);
        oc_kit_personalise(&card);
        CU_ASSERT_EQUAL(oc_kit_hex(&card, "00A4000C02DDF1"), 0x9000);
        oc_kit_key update = {.kind = OC_KEY_KIND_EXTERNAL, .id = 5, .version = 1, .tries = 0x33, .secret = secret};
        CU_ASSERT_EQUAL(oc_kit_load(&card, 0x11, update), 0x9000);
        oc_kit_end(&card);
        oc_kit_enter(&card);
        authenticate(&card, &psam);
        oc_kit_close(&card);
        oc_kit_close(&psam);
    }
}

/* Three levels: province, city, card; and encipherment group by group. */
static void test_three_levels(void)
{
    for (size_t i = 0; i < 2; i++) {
        oc_kit psam;
        open_psam(&psam, algs[i]);
        size_t block = oc_alg_block(algs[i]);
        uint8_t bytes[16];
        oc_key key = oc_kit_key_of(&psam, ROOT_READ);
        key = child(&psam, &key, PROVINCE, bytes);
        key = child(&psam, &key, CITY, bytes);
        key = child(&psam, &key, CARD, bytes);
        oc_span random = oc_test_hex("A0A1A2A3A4A5A6A7");
        key = oc_kit_session(&psam, &key, random);
        uint8_t text[32] = {9, 8, 7};
        uint8_t expected[32];
        OC_ASSERT_OK(oc_encipher(psam.crypto, &key, oc_span_of(text, 32), expected));
        CU_ASSERT_EQUAL(prepare(&psam, 0x67, 0x2E, CARD CITY PROVINCE, random), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_body(&psam, 0x80, 0xFA, 0x02, 0x00, oc_span_of(text, block)), 0x9000);
        CU_ASSERT_TRUE(oc_span_equal(oc_kit_data(&psam), oc_span_of(expected, block)));
        CU_ASSERT_EQUAL(oc_kit_body(&psam, 0x80, 0xFA, 0x00, 0x00, oc_span_of(text, 32)), 0x9000);
        CU_ASSERT_TRUE(oc_span_equal(oc_kit_data(&psam), oc_span_of(expected, 32)));
        CU_ASSERT_EQUAL(oc_kit_body(&psam, 0x80, 0xFA, 0x00, 0x00, oc_span_of(text, 32)), 0x6901); /* erased */
        oc_kit_close(&psam);
    }
}

/* MAC in one command, in two, and with an ICV, against a chain made by hand. */
static void test_mac(void)
{
    for (size_t i = 0; i < 2; i++) {
        oc_kit psam;
        open_psam(&psam, algs[i]);
        size_t block = oc_alg_block(algs[i]);
        uint8_t bytes[16];
        oc_span random = oc_test_hex("0011223344556677");
        oc_key key = oc_kit_key_of(&psam, ROOT_AUTH);
        key = child(&psam, &key, CITY, bytes);
        key = child(&psam, &key, CARD, bytes);
        key = oc_kit_session(&psam, &key, random);
        uint8_t data[48];
        for (size_t k = 0; k < sizeof data; k++) {
            data[k] = (uint8_t)(k * 7);
        }
        uint8_t chain[16] = {0};
        for (size_t at = 0; at < sizeof data; at += block) {
            for (size_t k = 0; k < block; k++) {
                chain[k] ^= data[at + k];
            }
            OC_ASSERT_OK(oc_encipher(psam.crypto, &key, oc_span_of(chain, block), chain));
        }
        CU_ASSERT_EQUAL(prepare(&psam, 0x48, 0x12, CARD CITY, random), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_body(&psam, 0x80, 0xFA, 0x01, 0x00, oc_span_of(data, 48)), 0x9000);
        CU_ASSERT_TRUE(oc_span_equal(oc_kit_data(&psam), oc_span_of(chain, block)));
        CU_ASSERT_EQUAL(prepare(&psam, 0x48, 0x12, CARD CITY, random), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_body(&psam, 0x80, 0xFA, 0x03, 0x00, oc_span_of(data, 16)), 0x9000);
        CU_ASSERT_EQUAL(psam.len, 0);
        CU_ASSERT_EQUAL(oc_kit_body(&psam, 0x80, 0xFA, 0x01, 0x00, oc_span_of(data + 16, 32)), 0x9000);
        CU_ASSERT_TRUE(oc_span_equal(oc_kit_data(&psam), oc_span_of(chain, block)));
        uint8_t with_icv[16 + 48] = {0};
        memcpy(with_icv + block, data, 48);
        CU_ASSERT_EQUAL(prepare(&psam, 0x48, 0x12, CARD CITY, random), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_body(&psam, 0x80, 0xFA, 0x05, 0x00, oc_span_of(with_icv, block + 48)), 0x9000);
        CU_ASSERT_TRUE(oc_span_equal(oc_kit_data(&psam), oc_span_of(chain, block)));
        with_icv[0] = 1;
        CU_ASSERT_EQUAL(prepare(&psam, 0x48, 0x12, CARD CITY, random), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_body(&psam, 0x80, 0xFA, 0x07, 0x00, oc_span_of(with_icv, 2 * block)), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_body(&psam, 0x80, 0xFA, 0x01, 0x00, oc_span_of(data + block, 48 - block)), 0x9000);
        CU_ASSERT_FALSE(oc_span_equal(oc_kit_data(&psam), oc_span_of(chain, block)));
        oc_kit_close(&psam);
    }
}

static void test_refusals(void)
{
    oc_kit psam;
    open_psam(&psam, OC_ALG_3DES);
    static const oc_kit_step steps[] = {
        {"80FA0000080000000000000000", 0x6901},
        {"BFDE481318" CARD CITY "0000000000000000", 0x6A88}, /* no such id */
        {"BFDE471218" CARD CITY "0000000000000000", 0x6A88}, /* no such usage */
        {"BFDE481220" CARD CITY PROVINCE "0000000000000000", 0x6700},
        {"BFDE481210" CARD CITY, 0x6700},
        {"BFDE420118" CARD CITY "0000000000000000", 0x6985}, /* a purchase key */
        {"BFDE881218" CARD CITY "0000000000000000", 0x6A86}, /* four levels */
        {"BFDE481218" CARD CITY "0000000000000000", 0x9000},
        {"80FA0400100000000000000000"
         "0000000000000000",
         0x6A86},
        {"80FA0001080000000000000000", 0x6A86},
        {"80FA000009000000000000000000", 0x6700},
        {"80FA0500080000000000000000", 0x6700}, /* nothing behind the ICV */
        {"80FA0000080000000000000000", 0x6108},
        {"80FA0000080000000000000000", 0x6901},
        {"BFDE481218" CARD CITY "0000000000000000", 0x9000},
        {"00A4000C023F00", 0x9000}, /* leaving drops the key */
        {"00A4000C02DF01", 0x9000},
        {"80FA0000080000000000000000", 0x6901},
        {"8072000004AABBCCDD", 0x6901},
        {"8070000000", 0x6A86},
        {"8070010000", 0x6700},
    };
    OC_KIT_WALK(&psam, steps);
    oc_kit_close(&psam);
}

/* INITIALIZE, 80 70, DEBIT, 80 72; asserts every answer. */
static void settle(oc_kit *card, oc_kit *psam, uint8_t index, const char *factors, bool spoil_mac2)
{
    static const char amounts[] = "000003E8000000C80000012C";
    uint8_t body[64];
    oc_wr wr = oc_wr_of(body, sizeof body);
    oc_wr_u8(&wr, index);
    oc_wr_bytes(&wr, oc_test_hex(amounts));
    oc_wr_bytes(&wr, oc_test_hex(OC_KIT_TERMINAL));
    CU_ASSERT_EQUAL_FATAL(oc_kit_body(card, 0xB0, 0x28, 0x01, 0x01, oc_wr_span(&wr)), 0x9000);
    oc_span answer = oc_kit_data(card);
    oc_span time = oc_test_hex("20260302091500");
    wr.len = 0;
    oc_wr_bytes(&wr, oc_span_slice(answer, 18, 4));
    oc_wr_bytes(&wr, oc_span_slice(answer, 14, 2));
    oc_wr_bytes(&wr, oc_test_hex(amounts));
    oc_wr_u8(&wr, 0x32);
    oc_wr_bytes(&wr, time);
    oc_wr_bytes(&wr, oc_span_slice(answer, 16, 2));
    oc_wr_bytes(&wr, oc_test_hex(factors));
    CU_ASSERT_EQUAL_FATAL(oc_kit_body(psam, 0x80, 0x70, 0x01, 0x00, oc_wr_span(&wr)), 0x9000);
    CU_ASSERT_EQUAL_FATAL(psam->len, 8);
    wr.len = 0;
    oc_wr_bytes(&wr, oc_span_slice(oc_kit_data(psam), 0, 4));
    oc_wr_bytes(&wr, time);
    oc_wr_bytes(&wr, oc_span_slice(oc_kit_data(psam), 4, 4));
    CU_ASSERT_EQUAL_FATAL(oc_kit_body(card, 0xB0, 0x2C, 0x01, 0x00, oc_wr_span(&wr)), 0x9000);
    uint8_t mac2[4];
    memcpy(mac2, card->data + 4, 4);
    mac2[3] ^= spoil_mac2;
    CU_ASSERT_EQUAL(oc_kit_body(psam, 0x80, 0x72, 0x00, 0x00, oc_span_of(mac2, 4)), spoil_mac2 ? 0x9302 : 0x9000);
    CU_ASSERT_EQUAL(oc_kit_body(psam, 0x80, 0x72, 0x00, 0x00, oc_span_of(mac2, 4)), 0x6901); /* once */
}

static void open_paying_card(oc_kit *card, enum oc_alg alg)
{
    static const oc_card_app *const apps[] = {&oc_ssc_app};
    oc_kit_open(card, alg, apps, 1);
    oc_kit_personalise(card);
    oc_kit_add_purse(card);
    uint8_t two[16];
    uint8_t one[16];
    oc_key root = oc_kit_key_of(card, ROOT_PAY);
    oc_key city = child(card, &root, CITY, two);
    child(card, &city, CARD, two);
    oc_key city_key = oc_kit_key_of(card, ROOT_PAY_ONE);
    child(card, &city_key, CARD, one);
    oc_kit_key second = {.kind = OC_KEY_KIND_PURCHASE, .version = 1, .index = 2, .secret = two};
    oc_kit_key third = {.kind = OC_KEY_KIND_PURCHASE, .version = 1, .index = 3, .secret = one};
    CU_ASSERT_EQUAL(oc_kit_load(card, 0x14, second), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_load(card, 0x14, third), 0x9000);
    oc_kit_end(card);
    oc_kit_enter(card);
    oc_kit_verify(card);
    CU_ASSERT_EQUAL(oc_kit_hex(card, "00A4000C02DF04"), 0x9000);
    oc_kit_credit(card, 5000);
}

static void test_purchase(void)
{
    for (size_t i = 0; i < 2; i++) {
        oc_kit card;
        oc_kit psam;
        open_psam(&psam, algs[i]);
        open_paying_card(&card, algs[i]);
        settle(&card, &psam, 2, CARD CITY, false);
        CU_ASSERT_EQUAL(oc_kit_balance(&card, 1, NULL), 4000);
        settle(&card, &psam, 3, CARD, false);
        settle(&card, &psam, 2, CARD CITY, true);
        CU_ASSERT_EQUAL(oc_kit_balance(&card, 1, NULL), 2000);
        /* Three purchases: the serial number stands three further, also after a reset. */
        oc_kit_reset(&psam);
        static const oc_kit_step steps[] = {
            {"00A4000C02DF01", 0x9000},
            {"00A40000020019", 0x9000},
            {"00B0000004", 0x9000},
        };
        OC_KIT_WALK(&psam, steps);
        OC_ASSERT_BYTES(oc_kit_data(&psam), "00010206");
        CU_ASSERT_EQUAL(oc_kit_hex(&psam, "00A4000C023F00"), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_hex(&psam, "00B0960006"), 0x9000);
        OC_ASSERT_BYTES(oc_kit_data(&psam), OC_KIT_TERMINAL);
        oc_kit_close(&card);
        oc_kit_close(&psam);
    }
}

/* What 80 70 refuses leaves the serial number alone. */
static void test_purchase_refusals(void)
{
    oc_kit psam;
    open_psam(&psam, OC_ALG_3DES);
#define ORDER                                                                                                         \
    "00000000"                                                                                                        \
    "0000"                                                                                                            \
    "000003E8000000C80000012C"                                                                                        \
    "32"                                                                                                              \
    "20260302091500"
    static const oc_kit_step steps[] = {
        {"807001002C" ORDER "0200" CARD CITY, 0x9403}, /* version 2 */
        {"807001002C" ORDER "0103" CARD CITY, 0x9403}, /* SM4 */
        {"807001002C" ORDER "0102" CARD CITY, 0x6A81}, /* SSF33 */
        {"807001002C" ORDER "01FF" CARD CITY, 0x6A81},
        {"807001002B" ORDER "0100" CARD "33313031303073", 0x6700},
        {"807001002C" ORDER "0100" CARD CITY, 0x6108},
        {"8072000004AABBCCDD", 0x9302},
        {"807001002C" ORDER "0100" CARD CITY, 0x6108},
        {"00A4000C023F00", 0x9000},
        {"807001002C" ORDER "0100" CARD CITY, 0x6A82}, /* no serial number file here */
        {"8072000004AABBCCDD", 0x6901},
        {"00A4000C02DF01", 0x9000},
        {"00B0990004", 0x9000},
    };
    OC_KIT_WALK(&psam, steps);
    OC_ASSERT_BYTES(oc_kit_data(&psam), "00010205");
    oc_kit_close(&psam);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"external authentication of a card", test_external_authentication},
        {"three levels, several groups", test_three_levels},
        {"MAC", test_mac},
        {"refusals", test_refusals},
        {"purchase end to end", test_purchase},
        {"purchase refusals", test_purchase_refusals},
        {NULL, NULL},
    };
    return oc_test_main("psam_terminal", rows);
}
