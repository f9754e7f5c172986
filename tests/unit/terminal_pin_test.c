/* SPDX-License-Identifier: Apache-2.0 */
/* The key pad, and the functions that ask it: on every profile, each code. */
#include "tests/unit/terminal_kit.h"

/* A holder at a key pad, who types one text after the other, or does something else. */
struct holder {
    const char *types[4]; /* NULL: `then` */
    enum oc_keypad_outcome then;
    char asked[64]; /* the entries that were asked for, each with a blank behind it */
    unsigned count;
};

static enum oc_keypad_outcome holder_ask(void *self, const char *entry, oc_wr *digits)
{
    struct holder *holder = self;
    CU_ASSERT_TRUE_FATAL(holder->count < 4);
    CU_ASSERT_TRUE(digits->room >= 12 && digits->len == 0);
    strncat(holder->asked, entry, sizeof holder->asked - strlen(holder->asked) - 2);
    strcat(holder->asked, " ");
    const char *typed = holder->types[holder->count++];
    if (typed == NULL) {
        return holder->then;
    }
    oc_wr_bytes(digits, oc_span_text(typed));
    return OC_KEYPAD_ENTERED;
}

static int call_with(struct kit *kit, const char *function, struct holder *holder)
{
    kit->keypad = (oc_keypad){holder, holder_ask};
    kit_terminal(kit, kit->card_link, kit->psam_link);
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "pay-info", "0|0||");
    kit_arg(kit, "auth", "1");
    kit_arg(kit, "file-addr", "SSSEEF05|05|$");
    int code = kit_call(kit, function);
    kit->keypad = (oc_keypad){0};
    kit_terminal(kit, kit->card_link, kit->psam_link);
    return code;
}

static void for_each_profile(void (*test)(struct kit *kit))
{
    for (unsigned i = 0; i < KIT_ALL; i++) {
        struct kit kit;
        kit_open(&kit, kit_all_profiles[i]);
        test(&kit);
        kit_close(&kit);
    }
}

/* "@" is the card's own PIN. */
static void key_pad(struct kit *kit)
{
    static const struct {
        const char *function;
        struct holder holder;
        int code;
        const char *asked;
    } rows[] = {
        {"iVerifyPIN", {.types = {"@"}}, 0, "pin "},
        {"iVerifyPIN", {.then = OC_KEYPAD_CANCELLED}, -31, "pin "},
        {"iVerifyPIN", {.then = OC_KEYPAD_TIMED_OUT}, -32, "pin "},
        {"iVerifyPIN", {.then = OC_KEYPAD_FAILED}, -11, "pin "},
        {"iVerifyPIN", {.types = {""}}, -31, "pin "},
        {"iVerifyPIN", {.types = {"123"}}, -33, "pin "},
        {"iVerifyPIN", {.types = {"12345678901234567890123456789012345678901234567890"}}, -33, "pin "},
        {"iVerifyPIN", {.types = {"12a456"}}, -41, "pin "},
        {"iVerifyPIN", {.types = {"999999"}}, -51, "pin "},
        {"iVerifyPIN", {.types = {"@"}}, 0, "pin "},
        {"iReadCard", {.types = {"@"}}, 0, "pin "},
        {"iReadCard", {.then = OC_KEYPAD_TIMED_OUT}, -32, "pin "},
        {"iDoDebit", {.then = OC_KEYPAD_CANCELLED}, -31, "pin "},
        {"iDoDebit", {.types = {"@"}}, 0, "pin "},
        {"iReadDebitRecord", {.types = {"@"}}, 0, "pin "},
        {"iChangePIN", {.then = OC_KEYPAD_CANCELLED}, -31, "old "},
        {"iChangePIN", {.types = {"@"}, .then = OC_KEYPAD_CANCELLED}, -31, "old new "},
        {"iChangePIN", {.types = {"@", "970213"}, .then = OC_KEYPAD_TIMED_OUT}, -32, "old new again "},
        {"iChangePIN", {.types = {"@", "970213", "970214"}}, -34, "old new again "},
        {"iChangePIN", {.types = {"@", "123456", "123456"}}, -36, "old new again "},
        {"iChangePIN", {.types = {"@", "12345678", "12345678"}}, -33, "old new again "},
        {"iReloadPIN", {.then = OC_KEYPAD_CANCELLED}, -31, "new "},
        {"iReloadPIN", {.types = {"970213"}, .then = OC_KEYPAD_TIMED_OUT}, -32, "new again "},
        {"iReloadPIN", {.types = {"970213", "970214"}}, -34, "new again "},
        {"iReloadPIN", {.types = {"12345678", "12345678"}}, -33, "new again "},
        {"iReloadPIN", {.types = {"1234", "1234"}}, -33, "new again "},
        {"iReloadPIN", {.types = {"970213", "970213"}}, 0, "new again "},
        {"iUnblockPIN", {.then = OC_KEYPAD_FAILED}, 0, ""},
        {"iReadCardBas", {.then = OC_KEYPAD_FAILED}, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct holder holder = rows[i].holder;
        for (size_t t = 0; t < 4; t++) {
            bool own = holder.types[t] != NULL && holder.types[t][0] == '@';
            holder.types[t] = own ? kit->pin : holder.types[t];
        }
        CU_ASSERT_EQUAL(call_with(kit, rows[i].function, &holder), rows[i].code);
        CU_ASSERT_STRING_EQUAL(holder.asked, rows[i].asked);
    }
}

static void a_key_pad_is_asked_in_order(void)
{
    for_each_profile(key_pad);
}

static int verify(struct kit *kit, const char *pin)
{
    kit_arg(kit, "pin", pin);
    return kit_call(kit, "iVerifyPIN");
}

static void block(struct kit *kit)
{
    for (int i = 0; i < 6; i++) {
        int code = verify(kit, "999999");
        CU_ASSERT_TRUE(code == -51 || code == -52);
    }
    CU_ASSERT_EQUAL(verify(kit, kit->pin), -52);
}

static int reset(struct kit *kit, const char *function, const char *fresh, const char *again)
{
    kit_arg(kit, "type", "1");
    kit_arg(kit, "card-info", kit->card_info);
    if (fresh != NULL) {
        kit_arg(kit, "new", fresh);
    }
    if (again != NULL) {
        kit_arg(kit, "again", again);
    }
    return kit_call(kit, function);
}

static void unblock(struct kit *kit)
{
    block(kit);
    CU_ASSERT_EQUAL(reset(kit, "iUnblockPIN", NULL, NULL), 0);
    CU_ASSERT_EQUAL(kit->answer.count, 1);
    CU_ASSERT_EQUAL(verify(kit, "999999"), -51);
    CU_ASSERT_EQUAL(verify(kit, kit->pin), 0); /* the same PIN as before */
}

static void a_blocked_pin_is_unblocked(void)
{
    for_each_profile(unblock);
}

static void reload(struct kit *kit)
{
    block(kit);
    CU_ASSERT_EQUAL(reset(kit, "iReloadPIN", "970213", "970214"), -34);
    CU_ASSERT_EQUAL(reset(kit, "iReloadPIN", NULL, NULL), -31);
    CU_ASSERT_EQUAL(reset(kit, "iReloadPIN", "9702a3", NULL), -41);
    CU_ASSERT_EQUAL(verify(kit, kit->pin), -52);
    CU_ASSERT_EQUAL(reset(kit, "iReloadPIN", "970213", "970213"), 0);
    CU_ASSERT_EQUAL(kit->answer.count, 1);
    CU_ASSERT_EQUAL(verify(kit, kit->pin), -51);
    CU_ASSERT_EQUAL(verify(kit, "970213"), 0);
    CU_ASSERT_EQUAL(reset(kit, "iReloadPIN", "123456", NULL), 0); /* absent again: the same */
    CU_ASSERT_EQUAL(verify(kit, "123456"), 0);
    oc_terminal_settings settings = oc_terminal_settings_default();
    settings.reload_refuses_initial = true;
    kit->settings = &settings;
    kit_terminal(kit, kit->card_link, kit->psam_link);
    CU_ASSERT_EQUAL(reset(kit, "iReloadPIN", "123456", NULL), -36);
    kit->settings = NULL;
}

static void a_pin_is_reloaded(void)
{
    for_each_profile(reload);
}

static void refused(struct kit *kit)
{
    block(kit);
    static const char *const functions[] = {"iReloadPIN", "iUnblockPIN"};
    for (size_t i = 0; i < 2; i++) {
        kit_arg(kit, "keypad", "timeout");
        CU_ASSERT_EQUAL(reset(kit, functions[i], "970213", NULL), i == 0 ? -32 : 0);
        block(kit);
        kit_arg(kit, "card-info", "990100D1560000053000000100000000|990000308|");
        kit_arg(kit, "new", "970213");
        CU_ASSERT_EQUAL(kit_call(kit, functions[i]), -22);
        kit_terminal(kit, kit->card_link, NULL);
        CU_ASSERT_EQUAL(reset(kit, functions[i], "970213", NULL), -2201);
        kit_terminal(kit, kit->card_link, kit->psam_link);
        CU_ASSERT_EQUAL(verify(kit, kit->pin), -52); /* nothing was reset */
    }
}

static void refused_resets_change_nothing(void)
{
    for_each_profile(refused);
}

static void key_pad_arguments(struct kit *kit)
{
    static const struct {
        const char *function, *keypad;
        int code;
    } rows[] = {{"iVerifyPIN", "cancel", -31},
                {"iVerifyPIN", "timeout", -32},
                {"iChangePIN", "cancel", -31},
                {"iChangePIN", "timeout", -32},
                {"iVerifyPIN", "other", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_arg(kit, "keypad", rows[i].keypad);
        kit_arg(kit, "pin", kit->pin);
        kit_arg(kit, "old", kit->pin);
        kit_arg(kit, "new", "970213");
        CU_ASSERT_EQUAL(kit_call(kit, rows[i].function), rows[i].code);
    }
    kit_arg(kit, "old", kit->pin);
    kit_arg(kit, "new", "970213");
    kit_arg(kit, "again", "970214");
    CU_ASSERT_EQUAL(kit_call(kit, "iChangePIN"), -34);
    kit_arg(kit, "old", kit->pin);
    kit_arg(kit, "new", "97021");
    CU_ASSERT_TRUE(kit_call(kit, "iChangePIN") < 0); /* an odd count: the card takes digits alone */
}

static void arguments_are_a_key_pad(void)
{
    for_each_profile(key_pad_arguments);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"a key pad is asked in order", a_key_pad_is_asked_in_order},
        {"a blocked PIN is unblocked", a_blocked_pin_is_unblocked},
        {"a PIN is reloaded", a_pin_is_reloaded},
        {"refused resets change nothing", refused_resets_change_nothing},
        {"arguments are a key pad", arguments_are_a_key_pad},
        {NULL, NULL},
    };
    return oc_test_main("terminal PIN", rows);
}
