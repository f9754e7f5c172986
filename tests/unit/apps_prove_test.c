/* SPDX-License-Identifier: Apache-2.0 */
/* GET TRANSACTION PROVE: what a terminal learns of the last transaction, also when power failed in it. */
#include "sim/card/app.h"
#include "tests/unit/apps_kit.h"

static const enum oc_alg algs[] = {OC_ALG_3DES, OC_ALG_SM4};

static const oc_kit_purchase ten_yuan = {
    .a = 1000, .b = 200, .c = 300, .serial = "00000107", .date_time = "20260302091500", .fill = 0x75};

static void back_to_the_purse(oc_kit *kit)
{
    oc_kit_reset(kit);
    oc_kit_enter(kit);
    oc_kit_verify(kit);
    CU_ASSERT_EQUAL(oc_kit_hex(kit, "00A4000C02DF04"), 0x9000);
}

static void it_gives_the_last_alone(void)
{
    static const oc_kit_step before[] = {{"B02E0031020000", 0x9406}, {"B02E0032020000", 0x9406}};
    static const oc_kit_step form[] = {
        {"B02E000002", 0x6A86},   {"B02E013202", 0x6A86},       {"B02E00330200FF", 0x6A86}, {"B02E003200", 0x6700},
        {"B02E00320100", 0x6700}, {"B02E003203000000", 0x6700}, {"B02E003202", 0x6700},
    };
    static const oc_kit_step others[] = {
        {"B02E0031020000", 0x9406},
        {"B02E0032020001", 0x9406},
        {"B02E0032020100", 0x9406},
        {"B02E003202FFFF", 0x9406},
    };
    for (size_t i = 0; i < 2; i++) {
        oc_kit kit;
        oc_kit_open_purse(&kit, algs[i]);
        OC_KIT_WALK(&kit, before);
        oc_kit_credit(&kit, 5000);
        CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "B02E0031020000"), 0x9000);
        CU_ASSERT_EQUAL(kit.len, 8);
        OC_ASSERT_BYTES(oc_span_slice(oc_kit_data(&kit), 0, 4), "00000000");
        CU_ASSERT_EQUAL(oc_kit_pay(&kit, &ten_yuan), 0x9000);
        uint8_t tac_mac2[8];
        memcpy(tac_mac2, kit.data, sizeof tac_mac2);
        OC_KIT_WALK(&kit, form);
        OC_KIT_WALK(&kit, others);
        back_to_the_purse(&kit);
        CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "B02E0032020000"), 0x9000);
        CU_ASSERT_EQUAL_FATAL(kit.len, 8);
        CU_ASSERT_EQUAL(memcmp(kit.data, tac_mac2 + 4, 4), 0);
        CU_ASSERT_EQUAL(memcmp(kit.data + 4, tac_mac2, 4), 0);
        /* a failed one is none */
        oc_kit_purchase wrong = ten_yuan;
        wrong.fill = 0x85;
        CU_ASSERT_EQUAL(oc_kit_pay(&kit, &wrong), 0x9302);
        CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "B02E0032020000"), 0x9000);
        CU_ASSERT_EQUAL(memcmp(kit.data + 4, tac_mac2, 4), 0);
        oc_kit_close(&kit);
    }
}

static void it_needs_purse_and_pin(void)
{
    oc_kit kit;
    oc_kit_open_purse(&kit, OC_ALG_3DES);
    oc_kit_credit(&kit, 5000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DF01"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "B02E0031020000"), 0x6985);
    oc_kit_reset(&kit);
    oc_kit_enter(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A4000C02DF04"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "B02E0031020000"), 0x6982);
    oc_kit_close(&kit);
}

/* It may be asked between the halves of a transaction, as the balance may. */
static void it_leaves_a_transaction_waiting(void)
{
    oc_kit kit;
    uint8_t body[15];
    uint8_t expected[8];
    oc_kit_open_purse(&kit, OC_ALG_3DES);
    oc_kit_credit(&kit, 5000);
    CU_ASSERT_EQUAL(oc_kit_init_purchase(&kit, &ten_yuan), 0x9000);
    oc_kit_debit_body(&kit, &ten_yuan, body, expected);
    CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "B02E0031020000"), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), 5000);
    CU_ASSERT_EQUAL(oc_kit_body(&kit, 0xB0, 0x2C, 0x01, 0x00, oc_span_of(body, sizeof body)), 0x9000);
    oc_kit_close(&kit);
}

/* A DEBIT that is torn after `after` bytes: paid with a proof, or not paid with none; never between. */
static bool tear_debit(enum oc_alg alg, uint64_t after)
{
    oc_kit kit;
    uint8_t body[15];
    uint8_t expected[8];
    oc_kit_open_purse(&kit, alg);
    oc_kit_credit(&kit, 5000);
    CU_ASSERT_EQUAL(oc_kit_init_purchase(&kit, &ten_yuan), 0x9000);
    oc_kit_debit_body(&kit, &ten_yuan, body, expected);
    uint8_t command[20] = {0xB0, 0x2C, 0x01, 0x00, sizeof body};
    memcpy(command + 5, body, sizeof body);
    uint8_t answer[OC_CARD_DATA_MAX];
    oc_wr wr = oc_wr_of(answer, sizeof answer);
    oc_card_tear_after(kit.card, after);
    bool torn = !oc_is_ok(kit.end.exchange(kit.end.self, oc_span_of(command, sizeof command), &wr));
    oc_card_hold(kit.card);
    back_to_the_purse(&kit);
    unsigned year;
    uint32_t left = oc_kit_balance(&kit, 1, NULL);
    bool paid = left == 4000;
    CU_ASSERT_TRUE(paid || (left == 5000 && torn));
    CU_ASSERT_EQUAL(oc_kit_balance(&kit, 2, &year), paid ? 300 : 0);
    CU_ASSERT_EQUAL(year, paid ? 0x2026 : 0x0000);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00B201441C"), 0x9000);
    CU_ASSERT_EQUAL(kit.data[2], paid ? 0x32 : 0x31); /* the newest of the log: the purchase, or the load */
    CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "B02E0032020000"), paid ? 0x9000 : 0x9406);
    if (paid) {
        CU_ASSERT_EQUAL(memcmp(kit.data, expected, sizeof expected), 0);
    } else {
        CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "B02E0031020000"), 0x9000);
    }
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &ten_yuan), 0x9000);
    oc_kit_close(&kit);
    return torn;
}

static void a_torn_debit_is_proved_or_none(void)
{
    for (size_t i = 0; i < 2; i++) {
        uint64_t points = 0;
        while (tear_debit(algs[i], points)) {
            points++;
        }
        CU_ASSERT_TRUE(points > 50);
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"it gives the last alone", it_gives_the_last_alone},
        {"it needs purse and PIN", it_needs_purse_and_pin},
        {"it leaves a transaction waiting", it_leaves_a_transaction_waiting},
        {"a torn debit is proved or none", a_torn_debit_is_proved_or_none},
        {NULL, NULL},
    };
    return oc_test_main("apps_prove", rows);
}
