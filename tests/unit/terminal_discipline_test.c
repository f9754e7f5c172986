/* SPDX-License-Identifier: Apache-2.0 */
/* What the terminal never does, whatever it is asked and whatever fails: it sends no PIN outside VERIFY, CHANGE and the
 * secured RELOAD, writes nothing before authentication, answers no PIN, and takes a fresh challenge for every proof. */
#include "tests/unit/terminal_kit.h"

static const char pin_digits[] = "731964";
static const uint8_t pin_packed[] = {0x73, 0x19, 0x64};

struct watch {
    bool is_psam;
    bool authenticated; /* since the directory was selected */
    bool challenged;    /* and the challenge not used up */
    unsigned writes;
    unsigned proofs;
    unsigned pins;
};

static bool holds_pin(oc_span bytes)
{
    return bytes.len > 0 && (memmem(bytes.at, bytes.len, pin_packed, sizeof pin_packed) != NULL ||
                             memmem(bytes.at, bytes.len, pin_digits, sizeof pin_digits - 1) != NULL);
}

static void watch_psam(struct watch *watch, oc_span command)
{
    if (holds_pin(command)) {
        CU_ASSERT_EQUAL(command.at[1], 0xFA); /* the PIN block of RELOAD, to be enciphered */
        watch->pins++;
    }
}

static void watch_proof(struct watch *watch, bool ok, bool authenticates)
{
    CU_ASSERT_TRUE(watch->challenged);
    watch->challenged = false;
    watch->authenticated = watch->authenticated || (ok && authenticates);
    watch->proofs++;
}

static void watch_card(struct watch *watch, oc_span command, bool ok)
{
    uint8_t ins = command.at[1];
    if (holds_pin(command)) {
        CU_ASSERT_TRUE(ins == 0x20 || ins == 0x5E);
        watch->pins++;
    }
    switch (ins) {
    case 0xA4: {
        bool file = command.len >= 7 && command.at[2] == 0x00 && command.at[5] == 0xEF;
        watch->authenticated = watch->authenticated && file;
        break;
    }
    case 0x84:
        watch->challenged = ok;
        break;
    case 0x82:
        watch_proof(watch, ok, true);
        break;
    case 0x24:
        CU_ASSERT_TRUE(watch->authenticated);
        watch_proof(watch, ok, false);
        break;
    case 0xDC:
    case 0xD6:
        CU_ASSERT_TRUE(watch->authenticated);
        watch->writes++;
        break;
    default:
        break;
    }
}

static void note(void *context, const oc_exchange *exchange)
{
    struct watch *watch = context;
    if (exchange->is_reset) {
        watch->authenticated = false;
        watch->challenged = false;
        return;
    }
    oc_span answer = exchange->response;
    bool ok = answer.len >= 2 && answer.at[answer.len - 2] == 0x90;
    if (exchange->command.len < 4) {
        return;
    }
    if (watch->is_psam) {
        watch_psam(watch, exchange->command);
    } else {
        watch_card(watch, exchange->command, ok || (answer.len >= 2 && answer.at[answer.len - 2] == 0x61));
    }
}

static void check_answer(const struct kit *kit)
{
    for (size_t i = 0; i < kit->answer.count; i++) {
        CU_ASSERT_FALSE(holds_pin(oc_buf_span(&kit->answer.at[i].value)));
    }
}

static void call(struct kit *kit, const char *function, const char *auth, const char *again)
{
    kit_arg(kit, "type", "1");
    kit_arg(kit, "auth", auth);
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "pay-info", "0|0||");
    kit_arg(kit, "file-addr", "SSSEEF06|0A|$DF01EF07|29|$SSSEEF07|$DF04EF06|92|$");
    kit_arg(kit, "write-data", "SSSEEF06|2|$DF01EF07|1|$SSSEEF07|11|$DF04EF06|00000000|$");
    kit_arg(kit, "key", "SSSE/UK");
    kit_arg(kit, "pin", pin_digits);
    kit_arg(kit, "old", pin_digits);
    kit_arg(kit, "new", pin_digits);
    kit_arg(kit, "again", again);
    kit_arg(kit, "user-pin", pin_digits);
    kit_arg(kit, "in-data", "text");
    OC_ASSERT_OK(oc_fields_set(&kit->args, "amount", oc_test_hex("00000000")));
    (void)kit_call(kit, function);
    check_answer(kit);
}

static void call_all(struct kit *kit)
{
    size_t count;
    for (const oc_function *function = oc_functions(&count); count > 0; function++, count--) {
        if (oc_terminal_has(function->name)) {
            call(kit, function->name, "1", pin_digits);
            call(kit, function->name, "2", pin_digits);
            call(kit, function->name, "1", "111111");
        }
    }
}

static void watch_links(struct kit *kit, struct watch *card, struct watch *psam)
{
    *card = (struct watch){.is_psam = false};
    *psam = (struct watch){.is_psam = true};
    oc_link_observe(kit->card_link, note, card);
    oc_link_observe(kit->psam_link, note, psam);
}

/* The card's PIN is made the one that is looked for. */
static void give_pin(struct kit *kit)
{
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "new", pin_digits);
    CU_ASSERT_EQUAL(kit_call(kit, "iReloadPIN"), 0);
}

static void with_right_and_wrong_pin(void)
{
    for (unsigned i = 0; i < KIT_ALL; i++) {
        for (int right = 1; right >= 0; right--) {
            struct kit kit;
            struct watch card;
            struct watch psam;
            kit_open(&kit, kit_all_profiles[i]);
            if (right) {
                give_pin(&kit);
            }
            watch_links(&kit, &card, &psam);
            call_all(&kit);
            CU_ASSERT_TRUE(card.writes >= 4);
            CU_ASSERT_TRUE(card.proofs > 10);
            CU_ASSERT_TRUE(card.pins >= 3);
            CU_ASSERT_EQUAL(psam.pins, 2); /* RELOAD, twice typed alike */
            kit_close(&kit);
        }
    }
}

/* Every authentication fails: nothing at all is written. */
static void with_foreign_keys(void)
{
    for (unsigned i = 0; i < KIT_ALL; i++) {
        struct kit kit;
        struct watch card;
        struct watch psam;
        kit_open(&kit, kit_all_profiles[i]);
        kit_issue(&kit, false, OC_ISSUE_KEY_NOT_DIVERSIFIED);
        watch_links(&kit, &card, &psam);
        call_all(&kit);
        CU_ASSERT_EQUAL(card.writes, 0);
        CU_ASSERT_TRUE(card.proofs > 0);
        kit_close(&kit);
    }
}

static void without_psam(void)
{
    for (unsigned i = 0; i < KIT_ALL; i++) {
        struct kit kit;
        struct watch card;
        struct watch psam;
        kit_open(&kit, kit_all_profiles[i]);
        kit_terminal(&kit, kit.card_link, NULL);
        watch_links(&kit, &card, &psam);
        call_all(&kit);
        CU_ASSERT_EQUAL(card.writes, 0);
        CU_ASSERT_EQUAL(psam.pins, 0);
        kit_close(&kit);
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"with right and wrong PIN", with_right_and_wrong_pin},
        {"with foreign keys", with_foreign_keys},
        {"without PSAM", without_psam},
        {NULL, NULL},
    };
    return oc_test_main("terminal discipline", rows);
}
