/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of PSAM key may do, the PSAM's own PIN, its serial numbers and its tries. */
#include "sim/psam/psam.h"

#include <stdio.h>

#include "tests/unit/apps_kit.h"

static const enum oc_alg algs[] = {OC_ALG_3DES, OC_ALG_SM4};

#define KINDS 9
#define FACTOR "8660370100001234"
#define CITY "3331303130307378"
#define ORDER                                                                                                         \
    "00000000"                                                                                                        \
    "0000"                                                                                                            \
    "000003E8000000C80000012C"                                                                                        \
    "32"                                                                                                              \
    "20260302091500"
/* INIT SAM FOR PURCHASE with one factor; the algorithm follows the version */
#define PURCHASE(alg) "8070010024" ORDER "01" alg FACTOR
#define WRONG_MAC2 "8072000004AABBCCDD"

struct psam {
    const char *pin;    /* or NULL */
    const char *serial; /* content of EF 0019, and of 0018 where `sequence` is set */
    bool sequence;
    uint8_t tries; /* of the purchase key, two nibbles */
};

/* DF01 with a key of each kind, id 10 + kind, one level: usage 20 to 28. */
static void open_psam(oc_kit *kit, enum oc_alg alg, const struct psam *psam)
{
    static const oc_card_app *const apps[] = {&oc_psam_app};
    static const oc_kit_key master = {.kind = OC_KEY_KIND_MASTER, .version = 1, .fill = 0x15};
    char write[32];
    oc_kit_open(kit, alg, apps, 1);
    oc_kit_transport(kit);
    CU_ASSERT_EQUAL(oc_kit_load(kit, 0x15, master), 0x9000);
    if (psam->pin != NULL) {
        oc_kit_load_pin(kit, 0x15, psam->pin, 0x33);
    }
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "80E001000D C4 0016 16 0000 0500 0006 00 00 00"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00D6960006" OC_KIT_TERMINAL), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "80E001000C 02 DF01 3F00 00 D15600000590"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_load(kit, 0x15, master), 0x9000);
    for (uint8_t kind = 0; kind < KINDS; kind++) {
        oc_kit_key key = {.kind = OC_KEY_KIND_PSAM,
                          .id = (uint8_t)(0x10 + kind),
                          .version = 1,
                          .usage = (uint8_t)(0x20 + kind),
                          .tries = kind == 2 ? psam->tries : 0,
                          .fill = (uint8_t)(0x31 + 2 * kind)};
        CU_ASSERT_EQUAL(oc_kit_load(kit, 0x15, key), 0x9000);
    }
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "80E001000D C4 0019 19 0000 0500 0004 00 00 00"), 0x9000);
    snprintf(write, sizeof write, "00D6990004%s", psam->serial);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, write), 0x9000);
    if (psam->sequence) {
        CU_ASSERT_EQUAL(oc_kit_hex(kit, "80E001000D C4 0018 18 0000 0500 0004 00 00 00"), 0x9000);
        snprintf(write, sizeof write, "00D6980004%s", psam->serial);
        CU_ASSERT_EQUAL(oc_kit_hex(kit, write), 0x9000);
    }
    oc_kit_end(kit);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00A4000C02DF01"), 0x9000);
}

static const struct psam plain = {.serial = "00000001"};

/* BF DE with one factor and one block of random number. */
static unsigned prepare(oc_kit *kit, uint8_t usage, uint8_t id)
{
    uint8_t body[24] = {0x86, 0x60, 0x37, 0x01, 0x00, 0x00, 0x12, 0x34};
    return oc_kit_body(kit, 0xBF, 0xDE, usage, id, oc_span_of(body, 8 + oc_alg_block(kit->alg)));
}

static unsigned crypt(oc_kit *kit, uint8_t p1, size_t blocks)
{
    static const uint8_t data[64] = {1};
    return oc_kit_body(kit, 0x80, 0xFA, p1, 0x00, oc_span_of(data, blocks * oc_alg_block(kit->alg)));
}

/* ssc-card sheet 6.1: master, maintenance, purchase, PIN unblock, PIN reload, user-card maintenance, MAC, encryption,
 * both. */
static void each_kind_has_its_use(void)
{
    static const struct {
        unsigned prepared, enciphers, macs;
    } kinds[KINDS] = {
        {0x6985, 0x6901, 0x6901}, {0x6985, 0x6901, 0x6901}, {0x6985, 0x6901, 0x6901},
        {0x9000, 0x9000, 0x9000}, {0x9000, 0x9000, 0x9000}, {0x9000, 0x9000, 0x9000},
        {0x9000, 0x6985, 0x9000}, {0x9000, 0x9000, 0x6985}, {0x9000, 0x9000, 0x9000},
    };
    for (size_t i = 0; i < 2; i++) {
        oc_kit kit;
        open_psam(&kit, algs[i], &plain);
        for (uint8_t kind = 0; kind < KINDS; kind++) {
            uint8_t usage = (uint8_t)(0x20 + kind);
            uint8_t id = (uint8_t)(0x10 + kind);
            CU_ASSERT_EQUAL(prepare(&kit, usage, id), kinds[kind].prepared);
            CU_ASSERT_EQUAL(crypt(&kit, 0x00, 1), kinds[kind].enciphers);
            (void)prepare(&kit, usage, id);
            CU_ASSERT_EQUAL(crypt(&kit, 0x02, 2), kinds[kind].enciphers);
            (void)prepare(&kit, usage, id);
            CU_ASSERT_EQUAL(crypt(&kit, 0x01, 1), kinds[kind].macs);
            (void)prepare(&kit, usage, id);
            CU_ASSERT_EQUAL(crypt(&kit, 0x05, 2), kinds[kind].macs);
        }
        CU_ASSERT_EQUAL(prepare(&kit, 0x29, 0x18), 0x6A86); /* no such kind */
        CU_ASSERT_EQUAL(prepare(&kit, 0x3F, 0x18), 0x6A86);
        CU_ASSERT_EQUAL(prepare(&kit, 0x28, 0x16), 0x6A88); /* the id of another kind */
        oc_kit_close(&kit);
    }
}

/* A refusal leaves the key and the group as they are. */
static void a_group_goes_on_as_it_began(void)
{
    static const struct {
        uint8_t p1;
        size_t blocks;
        unsigned sw;
    } steps[] = {
        {0x03, 1, 0x9000}, {0x00, 1, 0x6985}, {0x02, 1, 0x6985}, {0x05, 2, 0x6985},
        {0x07, 2, 0x6985}, {0x03, 2, 0x9000}, {0x01, 1, 0x9000}, {0x01, 1, 0x6901},
    };
    static const struct {
        uint8_t p1;
        size_t blocks;
        unsigned sw;
    } enciphering[] = {
        {0x02, 1, 0x9000}, {0x01, 1, 0x6985}, {0x03, 1, 0x6985}, {0x07, 2, 0x6985},
        {0x02, 3, 0x9000}, {0x00, 0, 0x6700}, {0x00, 1, 0x9000}, {0x00, 1, 0x6901},
    };
    for (size_t i = 0; i < 2; i++) {
        oc_kit kit;
        open_psam(&kit, algs[i], &plain);
        CU_ASSERT_EQUAL(prepare(&kit, 0x28, 0x18), 0x9000);
        for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
            CU_ASSERT_EQUAL(crypt(&kit, steps[s].p1, steps[s].blocks), steps[s].sw);
        }
        CU_ASSERT_EQUAL(prepare(&kit, 0x28, 0x18), 0x9000);
        for (size_t s = 0; s < sizeof enciphering / sizeof enciphering[0]; s++) {
            CU_ASSERT_EQUAL(crypt(&kit, enciphering[s].p1, enciphering[s].blocks), enciphering[s].sw);
        }
        oc_kit_close(&kit);
    }
}

static void its_own_pin_opens_it(void)
{
    static const struct psam guarded = {.serial = "00000001", .pin = "112233"};
    static const oc_kit_step steps[] = {
        {PURCHASE("00"), 0x6982},
        {"BFDE281810" FACTOR "0000000000000000", 0x6982},
        {"0020000003112234", 0x63C2},
        {PURCHASE("00"), 0x6982},
        {"0020000003112233", 0x9000},
        {PURCHASE("00"), 0x6108},
        {"BFDE281810" FACTOR "0000000000000000", 0x9000},
        {"80FA0000080000000000000000", 0x6108},
    };
    static const oc_kit_step blocked[] = {
        {"0020000003112234", 0x63C2}, {"0020000003112234", 0x63C1}, {"0020000003112234", 0x63C0},
        {"0020000003112233", 0x6983}, {PURCHASE("00"), 0x6982},
    };
    oc_kit kit;
    open_psam(&kit, OC_ALG_3DES, &guarded);
    OC_KIT_WALK(&kit, steps);
    oc_kit_reset(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DF01"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, PURCHASE("00")), 0x6982);
    OC_KIT_WALK(&kit, blocked);
    oc_kit_close(&kit);
}

/* Right MAC2 in between gives the tries back; wrong ones in a row block the key, for the other commands nothing. */
static void wrong_mac2_is_counted(void)
{
    static const struct psam counting = {.serial = "00000001", .tries = 0x33};
    static const oc_kit_step last[] = {
        {PURCHASE("00"), 0x6108}, {WRONG_MAC2, 0x9302},           {WRONG_MAC2, 0x6901},
        {PURCHASE("00"), 0x6983}, {"8072000004AABBCCDD", 0x6901}, {"BFDE281810" FACTOR "0000000000000000", 0x9000},
    };
    oc_kit kit;
    open_psam(&kit, OC_ALG_3DES, &counting);
    for (int round = 0; round < 3; round++) {
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, PURCHASE("00")), 0x6108);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, WRONG_MAC2), 0x9302);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, PURCHASE("00")), 0x6108);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, WRONG_MAC2), 0x9302);
        if (round == 2) {
            break;
        }
        /* the right one, made from the key: kind 2 has fill 35 */
        CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, PURCHASE("00")), 0x9000);
        uint8_t input[8] = {0};
        memcpy(input + 6, kit.data + 2, 2);
        oc_key root = oc_kit_key_of(&kit, 0x35);
        uint8_t bytes[16] = {0x86, 0x60, 0x37, 0x01, 0x00, 0x00, 0x12, 0x34};
        for (size_t i = 0; i < 8; i++) {
            bytes[8 + i] = (uint8_t)~bytes[i];
        }
        OC_ASSERT_OK(oc_encipher(kit.crypto, &root, oc_span_of(bytes, 16), bytes));
        oc_key key;
        OC_ASSERT_OK(oc_key_load(&key, OC_ALG_3DES, oc_span_of(bytes, 16)));
        oc_key session = oc_kit_session(&kit, &key, oc_span_of(input, sizeof input));
        uint8_t mac2[4];
        oc_kit_mac(&kit, &session, oc_test_hex("000003E8000000C80000012C"), mac2);
        CU_ASSERT_EQUAL(oc_kit_body(&kit, 0x80, 0x72, 0x00, 0x00, oc_span_of(mac2, 4)), 0x9000);
    }
    OC_KIT_WALK(&kit, last);
    oc_kit_reset(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DF01"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, PURCHASE("00")), 0x6983);
    oc_kit_close(&kit);
}

static void expect_files(oc_kit *kit, const char *number)
{
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00B0990004"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(kit), number);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00B0980004"), 0x9000);
    OC_ASSERT_BYTES(oc_kit_data(kit), number);
}

/* Both files count together, and the end is the end. */
static void serials_are_given_out_once(void)
{
    static const struct psam near_end = {.serial = "FFFFFFFE", .sequence = true};
    oc_kit kit;
    open_psam(&kit, OC_ALG_3DES, &near_end);
    CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, PURCHASE("00")), 0x9000);
    OC_ASSERT_BYTES(oc_span_slice(oc_kit_data(&kit), 0, 4), "FFFFFFFE");
    expect_files(&kit, "FFFFFFFF");
    CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, PURCHASE("00")), 0x9000);
    OC_ASSERT_BYTES(oc_span_slice(oc_kit_data(&kit), 0, 4), "FFFFFFFF");
    for (int again = 0; again < 2; again++) {
        CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, PURCHASE("00")), 0x9402);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, WRONG_MAC2), 0x6901);
        expect_files(&kit, "00000000");
    }
    oc_kit_close(&kit);
}

/* Power fails after each byte that 80 70 writes: whoever got a number got one that nobody gets again. */
static void torn_serials_are_given_out_once(void)
{
    static const struct psam at_carry = {.serial = "0000FFFE", .sequence = true};
    size_t points = 0;
    for (uint64_t after = 0;; after++) {
        oc_kit kit;
        open_psam(&kit, OC_ALG_SM4, &at_carry);
        uint8_t answer[OC_CARD_DATA_MAX];
        oc_wr wr = oc_wr_of(answer, sizeof answer);
        CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, PURCHASE("03")), 0x9000); /* FFFE, so that the next carries */
        oc_card_tear_after(kit.card, after);
        oc_result r = kit.end.exchange(kit.end.self, oc_test_hex(PURCHASE("03")), &wr);
        bool torn = !oc_is_ok(r);
        oc_card_hold(kit.card);
        oc_kit_reset(&kit);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DF01"), 0x9000);
        CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B0990004"), 0x9000);
        bool counted = oc_span_equal(oc_kit_data(&kit), oc_test_hex("00010000"));
        CU_ASSERT_TRUE(counted || (torn && oc_span_equal(oc_kit_data(&kit), oc_test_hex("0000FFFF"))));
        expect_files(&kit, counted ? "00010000" : "0000FFFF");
        oc_kit_close(&kit);
        points += torn;
        if (!torn) {
            break;
        }
    }
    CU_ASSERT_TRUE(points > 8);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"each kind has its use", each_kind_has_its_use},
        {"a group goes on as it began", a_group_goes_on_as_it_began},
        {"its own PIN opens it", its_own_pin_opens_it},
        {"wrong MAC2 is counted", wrong_mac2_is_counted},
        {"serials are given out once", serials_are_given_out_once},
        {"torn serials are given out once", torn_serials_are_given_out_once},
        {NULL, NULL},
    };
    return oc_test_main("psam_rules", rows);
}
