/* SPDX-License-Identifier: Apache-2.0 */
/* What public drivers differ in, and what the user of a driver sees of a link that fails. */
#include "sim/terminal/split.h"
#include "tests/unit/terminal_kit.h"

static oc_terminal_settings *own_settings(struct kit *kit, oc_terminal_settings *settings)
{
    *settings = oc_terminal_settings_default();
    kit->settings = settings;
    return settings;
}

static void again(struct kit *kit)
{
    kit_terminal(kit, kit->card_link, kit->psam_link);
}

static void items_of_basic_data(void)
{
    struct kit kit;
    oc_terminal_settings settings;
    kit_open(&kit, kit_profiles[1]);
    own_settings(&kit, &settings)->items = 9;
    settings.version_text = OC_VERSION_SHORT;
    again(&kit);
    CU_ASSERT_EQUAL(kit_call(&kit, "iReadCardBas"), 0);
    CU_ASSERT_TRUE(kit_says(&kit, "7", "3.0"));
    CU_ASSERT_PTR_NOT_NULL(oc_fields_get(&kit.answer, "9"));
    CU_ASSERT_PTR_NULL(oc_fields_get(&kit.answer, "10"));
    strcpy(own_settings(&kit, &settings)->device_number, "D-1");
    again(&kit);
    CU_ASSERT_EQUAL(kit_call(&kit, "iReadCardBas"), 0);
    CU_ASSERT_TRUE(kit_says(&kit, "7", "3.00"));
    CU_ASSERT_TRUE(kit_says(&kit, "11", "D-1"));
    CU_ASSERT_PTR_NULL(oc_fields_get(&kit.answer, "12"));
    kit_close(&kit);
}

static void part_without_psam(void)
{
    struct kit kit;
    oc_terminal_settings settings;
    kit_open(&kit, kit_profiles[1]);
    own_settings(&kit, &settings)->without_psam = OC_WITHOUT_PSAM_PART;
    kit_terminal(&kit, kit.card_link, NULL);
    CU_ASSERT_EQUAL(kit_call(&kit, "iReadCardBas"), 0);
    CU_ASSERT_TRUE(kit_says(&kit, "2", ""));
    CU_ASSERT_TRUE(kit_says(&kit, "5", ""));
    CU_ASSERT_TRUE(kit_says(&kit, "7", "3.00"));
    CU_ASSERT_TRUE(kit_says(&kit, "10", "000000000000"));
    again(&kit);
    CU_ASSERT_EQUAL(kit_call(&kit, "iReadCardBas"), 0);
    CU_ASSERT_FALSE(kit_says(&kit, "2", ""));
    CU_ASSERT_TRUE(kit_says(&kit, "10", kit.psam_number));
    kit_close(&kit);
}

static void files_and_codes(void)
{
    struct kit kit;
    oc_terminal_settings settings;
    kit_open(&kit, kit_profiles[0]);
    CU_ASSERT_EQUAL(kit_read(&kit, "1", "3F00EF06|0A|$"), 0);
    CU_ASSERT_TRUE(kit_says(&kit, "1", "3F00EF06"));
    own_settings(&kit, &settings)->refuses_3f00 = true;
    settings.writes_first_file = true;
    settings.status_is_check_error = true;
    again(&kit);
    CU_ASSERT_EQUAL(kit_read(&kit, "1", "3F00EF06|0A|$"), -14);
    CU_ASSERT_EQUAL(kit_write(&kit, "3F00EF06|0A|$", "3F00EF06|1|$"), -14);
    CU_ASSERT_EQUAL(kit_read(&kit, "1", "SSSEEF05|55|$"), -15);
    CU_ASSERT_EQUAL(kit_write(&kit, "SSSEEF06|0A|$SSSEEF06|0B|$", "SSSEEF06|9|$SSSEEF06|77|$"), 0);
    CU_ASSERT_EQUAL(kit_read(&kit, "1", "SSSEEF06|0A|0B|$"), 0);
    CU_ASSERT_TRUE(kit_says(&kit, "2", "9"));
    CU_ASSERT_FALSE(kit_says(&kit, "3", "77"));
    kit_arg(&kit, "pin", "999999");
    CU_ASSERT_EQUAL(kit_call(&kit, "iVerifyPIN"), -51); /* it has a code of its own */
    kit_close(&kit);
}

static void order_of_debits(void)
{
    struct kit kit;
    oc_terminal_settings settings;
    kit_open(&kit, kit_profiles[0]);
    CU_ASSERT_EQUAL(kit_debit(&kit, "0|0.01|20260302091500|"), 0);
    char expected[200];
    snprintf(expected, sizeof expected, "0|2|%s|20260302091500|0.00|0.00|0.01|", kit.psam_number);
    oc_span out = oc_fields_span(&kit.answer, "out");
    CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(out, 0, strlen(expected)), oc_span_text(expected)));
    CU_ASSERT_EQUAL(out.len, strlen(expected) + 2 * 9); /* terminal serial, TAC */
    CU_ASSERT_EQUAL(oc_fields_span(&kit.answer, "9").len, 8);
    CU_ASSERT_EQUAL(kit_debit(&kit, "0|0.02|20260302091501|"), 0);
    for (int oldest = 0; oldest < 2; oldest++) {
        own_settings(&kit, &settings)->records_oldest_first = oldest;
        again(&kit);
        kit_arg(&kit, "pin", kit.pin);
        CU_ASSERT_EQUAL(kit_call(&kit, "iReadDebitRecord"), 0);
        CU_ASSERT_TRUE(kit_says(&kit, "7", oldest ? "0.01" : "0.02"));
        CU_ASSERT_TRUE(kit_says(&kit, "8", oldest ? "1" : "0"));
        CU_ASSERT_TRUE(kit_says(&kit, "14", oldest ? "0.02" : "0.01"));
    }
    strcpy(own_settings(&kit, &settings)->initial_pin, kit.pin);
    again(&kit);
    CU_ASSERT_EQUAL(kit_debit(&kit, "0|0||"), -35);
    kit_close(&kit);
}

static void open_or_closed(void)
{
    struct kit kit;
    oc_terminal_settings settings;
    kit_open(&kit, kit_profiles[0]);
    CU_ASSERT_FALSE(oc_terminal_is_open(kit.terminal));
    CU_ASSERT_EQUAL(kit_call(&kit, "iReadCardBas"), 0);
    CU_ASSERT_FALSE(oc_terminal_is_open(kit.terminal));
    own_settings(&kit, &settings)->keep_open = true;
    again(&kit);
    CU_ASSERT_FALSE(oc_terminal_is_open(kit.terminal));
    CU_ASSERT_EQUAL(kit_call(&kit, "iReadCardBas"), 0);
    CU_ASSERT_TRUE(oc_terminal_is_open(kit.terminal));
    CU_ASSERT_EQUAL(kit_call(&kit, "iVerifyPIN"), -31);
    CU_ASSERT_FALSE(oc_terminal_is_open(kit.terminal));
    kit_close(&kit);
}

/* Each type on each interface, loose and strict. */
static void types_of_card(void)
{
    static const int strict_codes[2][4] = {{0, -2, 0, 0}, {-2, 0, 0, 0}};
    struct kit kit;
    oc_terminal_settings settings;
    kit_open(&kit, "vectors/cards/ssc-3.0-t1.xml");
    for (int strict = 0; strict < 2; strict++) {
        own_settings(&kit, &settings)->type_is_strict = strict;
        again(&kit);
        for (int contactless = 0; contactless < 2; contactless++) {
            oc_card_set_interface(kit.card, contactless ? OC_INTERFACE_CONTACTLESS : OC_INTERFACE_CONTACT);
            for (int type = 1; type <= 4; type++) {
                char text[2] = {(char)('0' + type), '\0'};
                kit_arg(&kit, "type", text);
                CU_ASSERT_EQUAL(kit_call(&kit, "iReadCardBas"), strict ? strict_codes[contactless][type - 1] : 0);
            }
        }
    }
    kit_close(&kit);
}

/* An endpoint that goes silent at the n-th use; resets count. */
struct failing {
    oc_endpoint inner;
    unsigned left;
    enum oc_code how;
};

static oc_result failing_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    struct failing *failing = self;
    if (failing->left == 0) {
        return oc_fail(failing->how);
    }
    failing->left--;
    return failing->inner.reset(failing->inner.self, kind, atr);
}

static oc_result failing_exchange(void *self, oc_span command, oc_wr *response)
{
    struct failing *failing = self;
    if (failing->left == 0) {
        return oc_fail(failing->how);
    }
    failing->left--;
    return failing->inner.exchange(failing->inner.self, command, response);
}

static int call_failing(struct kit *kit, const char *function, bool psam, unsigned after, enum oc_code how)
{
    struct failing failing = {oc_card_endpoint(psam ? kit->psam : kit->card), after, how};
    oc_link *link = NULL;
    OC_ASSERT_OK(oc_link_inproc(&link, (oc_endpoint){&failing, failing_reset, failing_exchange}));
    kit->silence_is_code = true;
    kit_terminal(kit, psam ? kit->card_link : link, psam ? link : kit->psam_link);
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "pay-info", "0|0||");
    kit_arg(kit, "auth", "2");
    kit_arg(kit, "file-addr", "SSSEEF07|$SSSEEF06|09|$");
    kit_arg(kit, "write-data", "SSSEEF07|77|$SSSEEF06|x|$");
    kit_arg(kit, "pin", kit->pin);
    kit_arg(kit, "new", "970213");
    int code = kit_call(kit, function);
    kit->silence_is_code = false;
    again(kit);
    oc_link_free(&link);
    return code;
}

/* Wherever card or PSAM fall silent, the function says so, and the next one works. */
static void silence_has_a_code(void)
{
    static const char *const functions[] = {"iReadCardBas", "iReadCard", "iWriteCard", "iDoDebit", "iUnblockPIN"};
    for (unsigned i = 0; i < KIT_GENERATIONS; i++) {
        struct kit kit;
        kit_open(&kit, kit_profiles[i]);
        CU_ASSERT_EQUAL(call_failing(&kit, "iReadCardBas", false, 0, OC_E_GONE), -2);
        CU_ASSERT_EQUAL(call_failing(&kit, "iReadCardBas", false, 0, OC_E_TIMEOUT), -4);
        for (size_t f = 0; f < sizeof functions / sizeof functions[0]; f++) {
            for (int psam = 0; psam < 2; psam++) {
                unsigned after = psam ? 0 : 1;
                int code;
                while ((code = call_failing(&kit, functions[f], psam, after, OC_E_GONE)) != 0 && after < 100) {
                    CU_ASSERT_EQUAL(code, psam ? -2201 : -4);
                    after++;
                }
                CU_ASSERT_EQUAL(code, 0);
                CU_ASSERT_TRUE(after >= 3);
            }
        }
        kit_close(&kit);
    }
}

static void items_are_split(void)
{
    static const struct {
        const char *out;
        unsigned count;
        const char *last;
    } rows[] = {
        {"", 0, ""},
        {"a", 0, ""},
        {"a|", 1, "a"},
        {"a||", 2, ""},
        {"DF01EF05|1|$DF01EF06|2|$", 4, "2"},
        {"DF01EF05|1|$DF01EF06|", 3, "DF01EF06"},
        {"\x81\x7C|\xD5\xC5\x5E|", 2, "\xD5\xC5\x5E"},
        {"\x81\x30\x81\x30|", 1, "\x81\x30\x81\x30"},
        {"|||||||||||||||||||||||||||||||||||||||||||||||||||", OC_SPLIT_MAX, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_fields answer = {0};
        OC_ASSERT_OK(oc_fields_set_text(&answer, "out", rows[i].out));
        OC_ASSERT_OK(oc_terminal_split(&answer));
        CU_ASSERT_EQUAL(answer.count, rows[i].count + 1);
        if (rows[i].count > 0) {
            char name[12];
            snprintf(name, sizeof name, "%u", rows[i].count);
            CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, name), oc_span_text(rows[i].last)));
        }
        oc_fields_free(&answer);
    }
    oc_fields none = {0};
    OC_ASSERT_OK(oc_terminal_split(&none));
    CU_ASSERT_EQUAL(none.count, 0);
    oc_fields_free(&none);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"items of basic data", items_of_basic_data},
        {"part without PSAM", part_without_psam},
        {"files and codes", files_and_codes},
        {"order of debits", order_of_debits},
        {"open or closed", open_or_closed},
        {"types of card", types_of_card},
        {"silence has a code", silence_has_a_code},
        {"items are split", items_are_split},
        {NULL, NULL},
    };
    return oc_test_main("terminal settings", rows);
}
