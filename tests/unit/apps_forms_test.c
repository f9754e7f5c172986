/* SPDX-License-Identifier: Apache-2.0 */
/* The forms of a purchase that settings choose, and the ends of the counters. */
#include "sim/card/card_internal.h"
#include "tests/unit/apps_kit.h"

static const enum oc_alg algs[] = {OC_ALG_3DES, OC_ALG_SM4};

static const oc_kit_purchase ten_yuan = {
    .a = 1000, .b = 200, .c = 300, .serial = "00000107", .date_time = "20260302091500", .fill = 0x75};

/* Each card takes its own form and no other. The serial is chosen so that it is not the card's number. */
static void each_form_is_taken_alone(void)
{
    for (size_t i = 0; i < 2; i++) {
        for (uint8_t card = 0; card <= OC_KEY_OPTIONS_PARTNER; card++) {
            for (uint8_t terminal = 0; terminal <= OC_KEY_OPTIONS_PARTNER; terminal++) {
                oc_kit kit;
                oc_kit_purchase p = ten_yuan;
                oc_kit_open_purse_as(&kit, algs[i], card, 0);
                oc_kit_credit(&kit, 5000);
                p.options = terminal;
                CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), card == terminal ? 0x9000 : 0x9302);
                CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), card == terminal ? 4000 : 5000);
                /* with A = 0 and the serial equal to the number the forms are the same */
                p.a = 0;
                p.serial = card == terminal ? "00000001" : "00000000";
                CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9000);
                oc_kit_close(&kit);
            }
        }
    }
}

static void the_initial_pin_does_not_pay(void)
{
    static const oc_kit_step same[] = {{"805E010007123456FF123456", 0x9000}};
    static const oc_kit_step other[] = {{"805E010007123456FF970213", 0x9000}, {"0020000003970213", 0x9000}};
    oc_kit kit;
    oc_kit_open_purse_as(&kit, OC_ALG_3DES, OC_KEY_OPTION_OWN_PIN_ONLY, OC_KEY_OPTION_INITIAL_PIN);
    oc_kit_credit(&kit, 5000);
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &ten_yuan), 0x6985);
    OC_KIT_WALK(&kit, same);
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &ten_yuan), 0x6985);
    OC_KIT_WALK(&kit, other);
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &ten_yuan), 0x9000);
    oc_kit_close(&kit);
    /* either alone does not refuse */
    oc_kit_open_purse_as(&kit, OC_ALG_3DES, OC_KEY_OPTION_OWN_PIN_ONLY, 0);
    oc_kit_credit(&kit, 5000);
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &ten_yuan), 0x9000);
    oc_kit_close(&kit);
    oc_kit_open_purse_as(&kit, OC_ALG_3DES, 0, OC_KEY_OPTION_INITIAL_PIN);
    oc_kit_credit(&kit, 5000);
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &ten_yuan), 0x9000);
    oc_kit_close(&kit);
}

static void options_belong_to_their_kinds(void)
{
    static const oc_kit_key keys[] = {
        {.kind = OC_KEY_KIND_PURCHASE, .version = 1, .options = 0x08},
        {.kind = OC_KEY_KIND_LOAD, .version = 1, .options = 0x01},
        {.kind = OC_KEY_KIND_TAC, .version = 1, .options = 0x01},
        {.kind = OC_KEY_KIND_EXTERNAL, .version = 1, .options = 0x01},
        {.kind = OC_KEY_KIND_PSAM, .version = 1, .options = 0x04},
    };
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    oc_kit_personalise(&kit);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        CU_ASSERT_EQUAL(oc_kit_load(&kit, 0x12, keys[i]), 0x6A80);
    }
    oc_kit_close(&kit);
}

/* SSF33 (02) is in no chip: neither its keys nor its environment. */
static void ssf33_is_not_available(void)
{
    uint8_t data[32] = {24, OC_KEY_KIND_EXTERNAL, 0x09, 1, 0, 0x33, 0x02, 0, 0};
    data[25] = 0x80;
    oc_kit kit;
    oc_kit_open(&kit, OC_ALG_3DES, NULL, 0);
    oc_kit_personalise(&kit);
    oc_key master = oc_kit_key_of(&kit, 0x12);
    OC_ASSERT_OK(oc_encipher(kit.crypto, &master, oc_span_of(data, sizeof data), data));
    CU_ASSERT_EQUAL(oc_kit_body(&kit, 0x80, 0xD4, 0x00, 0x00, oc_span_of(data, sizeof data)), 0x6A81);
    oc_kit_end(&kit);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A404000F7378322E73682EC9E7BBE1B1A3D5CF"), 0x6A81);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "00A404000F7378342E73682EC9E7BBE1B1A3D5CF"), 0x6A82);
    oc_kit_close(&kit);
}

/* Sets the counters of purchases and loads where the purse has them. */
static void set_counters(oc_kit *kit, uint16_t purchases, uint16_t loads)
{
    oc_dir dir;
    uint8_t bytes[4];
    oc_wr wr = oc_wr_of(bytes, sizeof bytes);
    oc_fs_load_dir(&kit->card->nvm, kit->card->session.dir, &dir);
    oc_wr_u16(&wr, purchases);
    oc_wr_u16(&wr, loads);
    OC_ASSERT_OK(oc_nvm_write(&kit->card->nvm, dir.data + 14, oc_wr_span(&wr)));
    OC_ASSERT_OK(oc_nvm_commit(&kit->card->nvm));
}

static void counters_end(void)
{
    oc_kit kit;
    oc_kit_purchase p = ten_yuan;
    oc_kit_open_purse(&kit, OC_ALG_SM4);
    oc_kit_credit(&kit, 5000);
    set_counters(&kit, 0xFFFE, 0xFFFE);
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9000);
    CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9402);
    oc_kit_credit(&kit, 1);
    CU_ASSERT_EQUAL(oc_kit_hex(&kit, "B02800010B0100000001" OC_KIT_TERMINAL), 0x9402);
    CU_ASSERT_EQUAL(oc_kit_balance(&kit, 1, NULL), 4001);
    CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "B02E003202FFFE"), 0x9406);
    CU_ASSERT_EQUAL(oc_kit_send_hex(&kit, "B02E003102FFFE"), 0x9000);
    oc_kit_close(&kit);
}

/* The sums follow the purchases' dates: a load has none of them, an earlier year counts as another one. */
static void years_turn(void)
{
    static const struct {
        const char *date_time;
        unsigned year;
        uint32_t pooled;
    } rows[] = {
        {"20251231235959", 0x2025, 300}, {"20251231235959", 0x2025, 600}, {"20260101000000", 0x2026, 300},
        {"20260630120000", 0x2026, 600}, {"20251231235959", 0x2025, 300}, {"20990101000000", 0x2099, 300},
    };
    oc_kit kit;
    oc_kit_open_purse(&kit, OC_ALG_3DES);
    oc_kit_credit(&kit, 100000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_kit_purchase p = ten_yuan;
        unsigned year;
        p.date_time = rows[i].date_time;
        CU_ASSERT_EQUAL(oc_kit_pay(&kit, &p), 0x9000);
        oc_kit_credit(&kit, 1); /* in 2026 */
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 2, &year), rows[i].pooled);
        CU_ASSERT_EQUAL(year, rows[i].year);
        CU_ASSERT_EQUAL(oc_kit_balance(&kit, 3, &year), rows[i].pooled / 3 * 2);
        CU_ASSERT_EQUAL(year, rows[i].year);
    }
    oc_kit_close(&kit);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"each form is taken alone", each_form_is_taken_alone},
        {"the initial PIN does not pay", the_initial_pin_does_not_pay},
        {"options belong to their kinds", options_belong_to_their_kinds},
        {"SSF33 is not available", ssf33_is_not_available},
        {"counters end", counters_end},
        {"years turn", years_turn},
        {NULL, NULL},
    };
    return oc_test_main("apps_forms", rows);
}
