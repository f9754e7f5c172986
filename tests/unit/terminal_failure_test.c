/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which a function refuses, with its code (ssc-terminal sheet 4.9). */
#include "tests/unit/terminal_kit.h"

static void bad_pins(void)
{
    static const struct {
        const char *pin; /* NULL: not given */
        int code;
    } rows[] = {{NULL, -31}, {"", -31}, {"123", -33}, {"1234567890123", -33}, {"12345678", -33}, {"12345a", -41}};
    struct kit kit;
    kit_open(&kit, kit_profiles[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].pin != NULL) {
            kit_arg(&kit, "pin", rows[i].pin);
        }
        CU_ASSERT_EQUAL(kit_call(&kit, "iVerifyPIN"), rows[i].code);
    }
    /* none of them cost a try */
    kit_arg(&kit, "pin", "999999");
    CU_ASSERT_EQUAL(kit_call(&kit, "iVerifyPIN"), -51);
    CU_ASSERT_TRUE(kit_says(&kit, "tries", "5"));
    kit_close(&kit);
}

static void a_wrong_pin_locks(void)
{
    struct kit kit;
    kit_open(&kit, kit_profiles[1]);
    for (int i = 0; i < 6; i++) {
        kit_arg(&kit, "pin", "999999");
        CU_ASSERT_EQUAL(kit_call(&kit, "iVerifyPIN"), -51);
    }
    kit_arg(&kit, "pin", kit.pin);
    CU_ASSERT_EQUAL(kit_call(&kit, "iVerifyPIN"), -52);
    CU_ASSERT_EQUAL(kit_debit(&kit, "1|0||"), -52);
    kit_arg(&kit, "old", kit.pin);
    kit_arg(&kit, "new", "970213");
    CU_ASSERT_EQUAL(kit_call(&kit, "iChangePIN"), -52);
    kit_close(&kit);
}

static void bad_changes(void)
{
    static const struct {
        const char *old, *fresh;
        int code;
    } rows[] = {{"@", "123456", -36}, {"@", "12345678", -33}, {"@", "", -31},           {"", "970213", -31},
                {"@", "97021x", -41}, {"@", "123", -33},      {"999999", "970213", -51}};
    struct kit kit;
    kit_open(&kit, kit_profiles[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_arg(&kit, "old", rows[i].old[0] == '@' ? kit.pin : rows[i].old);
        kit_arg(&kit, "new", rows[i].fresh);
        CU_ASSERT_EQUAL(kit_call(&kit, "iChangePIN"), rows[i].code);
    }
    kit_arg(&kit, "initial-pin", "970213");
    kit_arg(&kit, "old", kit.pin);
    kit_arg(&kit, "new", "970213");
    CU_ASSERT_EQUAL(kit_call(&kit, "iChangePIN"), -36);
    kit_arg(&kit, "pin", kit.pin);
    CU_ASSERT_EQUAL(kit_call(&kit, "iVerifyPIN"), 0);
    kit_close(&kit);
}

static void the_initial_pin_does_not_pay(void)
{
    for (unsigned i = 0; i < KIT_GENERATIONS; i++) {
        struct kit kit;
        kit_open(&kit, kit_profiles[i]);
        kit_arg(&kit, "pin", "123456"); /* not this card's: wrong, no more */
        CU_ASSERT_EQUAL(kit_debit(&kit, "0|0||"), -51);
        kit_issue(&kit, true, OC_ISSUE_RIGHT);
        kit_arg(&kit, "pin", "123456");
        CU_ASSERT_EQUAL(kit_debit(&kit, "0|0||"), -35);
        kit_arg(&kit, "pin", "123456");
        kit_arg(&kit, "initial-pin", "888888");
        CU_ASSERT_EQUAL(kit_debit(&kit, "0|0||"), 0);
        kit_close(&kit);
    }
}

static void another_card_is_not_taken(void)
{
    static const struct {
        const char *card_info;
        int code;
    } rows[] = {
        {"990100D1560000053000000100000000|990000308|", -22}, {"990100D156000005|990000308|", -20},
        {"990100D15600000530000001000000GG|990000308|", -20}, {"", -14},
        {"990100D1560000053000000100000000|990000308", -14},  {"990100D1560000053000000100000000|990000308||", -14},
    };
    struct kit kit;
    kit_open(&kit, kit_profiles[1]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_arg(&kit, "card-info", rows[i].card_info);
        kit_arg(&kit, "auth", "1");
        kit_arg(&kit, "pin", kit.pin);
        kit_arg(&kit, "file-addr", "SSSEEF05|05|$");
        CU_ASSERT_EQUAL(kit_call(&kit, "iReadCard"), rows[i].code);
    }
    char other[64];
    snprintf(other, sizeof other, "%s", kit.card_info);
    other[strlen(other) - 2] = other[strlen(other) - 2] == '8' ? '9' : '8';
    kit_arg(&kit, "card-info", other);
    kit_arg(&kit, "pay-info", "0|0||");
    kit_arg(&kit, "pin", kit.pin);
    CU_ASSERT_EQUAL(kit_call(&kit, "iDoDebit"), -22);
    kit_close(&kit);
}

static void bad_arguments(void)
{
    static const struct {
        const char *function, *name, *value;
        int code;
    } rows[] = {
        {"iReadCardBas", "type", "0", -14},
        {"iReadCardBas", "type", "5", -14},
        {"iReadCardBas", "type", "11", -14},
        {"iReadCard", "auth", "3", -14},
        {"iReadCard", "auth", "", -14},
        {"iReadCard", "file-addr", "", -14},
        {"iReadCard", "file-addr", "SSSEEF05|05|", -14},
        {"iReadCard", "file-addr", "SSSEEF05|05|$x", -14},
        {"iReadCard", "file-addr", "SSSEEF05|5|$", -14},
        {"iReadCard", "file-addr", "SSSEEF05|55|$", -0x6A83},
        {"iReadCard", "file-addr", "SSSEEF33|55|$", -0x6A82},
        {"iReadCard", "file-addr", "DF09EF05|55|$", -0x6A82},
        {"iDoDebit", "pay-info", "1|0|", -14},
        {"iDoDebit", "pay-info", "1|0|20260302091500", -14},
        {"iDoDebit", "pay-info", "1|0||x", -14},
        {"iDoDebit", "pay-info", "1|0|20260230091500|", -23},
        {"iDoDebit", "pay-info", "1.001|0||", -23},
        {"iDoDebit", "pay-info", "-1|0||", -23},
        {"iDoDebit", "pay-info", "1||20260302091500|", -23},
        {"iDoDebit", "pay-info", "42949672.96|0||", -23},
        {"iLoad", "amount", "100", -23},
        {"iAuthTerminal", "key", "SSSE/XX", -14},
        {"iAuthTerminal", "key", "", -14},
    };
    struct kit kit;
    kit_open(&kit, kit_profiles[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_arg(&kit, "card-info", kit.card_info);
        kit_arg(&kit, "pin", kit.pin);
        kit_arg(&kit, "auth", "1");
        kit_arg(&kit, "file-addr", "SSSEEF05|05|$");
        kit_arg(&kit, "pay-info", "0|0||");
        kit_arg(&kit, rows[i].name, rows[i].value);
        int code = kit_call(&kit, rows[i].function);
        CU_ASSERT_EQUAL(code, rows[i].code);
        CU_ASSERT_EQUAL(kit.answer.count, 2); /* code and text */
    }
    kit_close(&kit);
}

static void no_psam(void)
{
    struct kit kit;
    kit_open(&kit, kit_profiles[1]);
    kit_terminal(&kit, kit.card_link, NULL);
    CU_ASSERT_EQUAL(kit_call(&kit, "iAuthCard"), -2201);
    kit_arg(&kit, "key", "SSSE/UK");
    CU_ASSERT_EQUAL(kit_call(&kit, "iAuthTerminal"), -2201);
    CU_ASSERT_EQUAL(kit_debit(&kit, "0|0||"), -2201);
    kit_arg(&kit, "card-info", kit.card_info);
    kit_arg(&kit, "auth", "2");
    kit_arg(&kit, "file-addr", "SSSEEF08|$");
    CU_ASSERT_EQUAL(kit_call(&kit, "iReadCard"), -2201);
    /* where no PSAM is meant, none is missed */
    kit_arg(&kit, "pin", kit.pin);
    CU_ASSERT_EQUAL(kit_call(&kit, "iVerifyPIN"), 0);
    kit_close(&kit);
}

static void a_3des_psam_does_not_serve_sm4(void)
{
    struct kit old;
    struct kit fresh;
    kit_open(&old, kit_profiles[0]);
    kit_open(&fresh, kit_profiles[1]);
    kit_terminal(&fresh, fresh.card_link, old.psam_link);
    CU_ASSERT_EQUAL(kit_call(&fresh, "iReadCardBas"), -2202);
    CU_ASSERT_EQUAL(kit_call(&fresh, "iAuthCard"), -2202);
    CU_ASSERT_EQUAL(kit_debit(&fresh, "0|0||"), -2202);
    kit_close(&old);
    kit_close(&fresh);
}

static void a_clone_is_found_out(void)
{
    static const enum oc_issue_fault faults[] = {OC_ISSUE_KEY_NOT_DIVERSIFIED, OC_ISSUE_WRONG_CITY};
    for (unsigned i = 0; i < KIT_GENERATIONS; i++) {
        for (size_t f = 0; f < 2; f++) {
            struct kit kit;
            kit_open(&kit, kit_profiles[i]);
            kit_issue(&kit, false, faults[f]);
            CU_ASSERT_EQUAL(kit_call(&kit, "iAuthCard"), -21);
            CU_ASSERT_EQUAL(kit_call(&kit, "iReadCardBas"), -21);
            CU_ASSERT_PTR_NULL(oc_fields_get(&kit.answer, "2"));
            kit_close(&kit);
        }
    }
}

static void a_blank_chip_is_no_card(void)
{
    struct kit kit;
    kit_open(&kit, kit_profiles[1]);
    oc_card *blank = NULL;
    oc_link *link = NULL;
    OC_ASSERT_OK(oc_issuer_make_blank(&blank, kit.card_os, kit.crypto, kit.profile, NULL));
    OC_ASSERT_OK(oc_link_inproc(&link, oc_card_endpoint(blank)));
    kit_terminal(&kit, link, kit.psam_link);
    size_t count;
    for (const oc_function *function = oc_functions(&count); count > 0; function++, count--) {
        if (!oc_terminal_has(function->name)) {
            continue;
        }
        OC_ASSERT_OK(oc_fields_set(&kit.args, "amount", oc_test_hex("00000001")));
        kit_arg(&kit, "pay-info", "0|0||");
        /* a later step never comes to the card */
        CU_ASSERT_EQUAL(kit_call(&kit, function->name), function->follows != NULL ? -12 : -0x6A82);
    }
    oc_link_free(&link);
    oc_card_free(&blank);
    kit_close(&kit);
}

/* Keys that do not answer: the bank's side of a load. */
static void a_load_needs_the_bank(void)
{
    struct kit kit;
    kit_open(&kit, kit_profiles[0]);
    oc_key_provider own = kit.keys;
    kit.keys = (oc_key_provider){0};
    kit_terminal(&kit, kit.card_link, NULL);
    CU_ASSERT_EQUAL(kit_load(&kit, "00000001"), -13);

    kit.keys = oc_key_provider_none();
    kit_terminal(&kit, kit.card_link, NULL);
    OC_ASSERT_OK(oc_fields_set(&kit.args, "amount", oc_test_hex("00000001")));
    kit_arg(&kit, "pin", kit.pin);
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_terminal_call(kit.terminal, "iLoad", &kit.args, &kit.answer, &diag), OC_E_UNAVAILABLE);
    CU_ASSERT_PTR_NOT_NULL(strstr(diag.reason, "DF04/DLK"));

    /* another card's bank: MAC1 is not what it should be, and nothing is loaded */
    struct kit other;
    kit_open(&other, kit_profiles[1]);
    kit.keys = other.keys;
    kit_terminal(&kit, kit.card_link, NULL);
    CU_ASSERT_EQUAL(kit_load(&kit, "00000001"), -0x9302);
    kit.keys = own;
    kit_terminal(&kit, kit.card_link, NULL);
    CU_ASSERT_EQUAL(kit_load(&kit, "00000001"), 0);
    OC_ASSERT_BYTES(oc_fields_span(&kit.answer, "balance"), "00000001");
    kit_close(&other);
    kit_close(&kit);
}

/* A card that answers 9000 to everything, with whatever bytes it likes. */
struct liar {
    const char *atr;
    oc_random random;
    size_t len;
};

static oc_result liar_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    const struct liar *liar = self;
    (void)kind;
    oc_wr_bytes(atr, oc_test_hex(liar->atr));
    return oc_ok();
}

static oc_result liar_exchange(void *self, oc_span command, oc_wr *response)
{
    struct liar *liar = self;
    (void)command;
    uint8_t bytes[256];
    OC_TRY(oc_random_bytes(&liar->random, bytes, sizeof bytes));
    oc_wr_bytes(response, oc_span_of(bytes, liar->len));
    oc_wr_u16(response, 0x9000);
    return oc_ok();
}

static void a_lying_card_is_survived(void)
{
    struct kit kit;
    kit_open(&kit, kit_profiles[0]);
    struct liar liar = {.atr = "3B6D000000994F43338699990130000001"};
    oc_random_init(&liar.random, 3, "liar");
    oc_link *link = NULL;
    OC_ASSERT_OK(oc_link_inproc(&link, (oc_endpoint){&liar, liar_reset, liar_exchange}));
    for (liar.len = 0; liar.len <= 64; liar.len++) {
        kit_terminal(&kit, link, liar.len % 2 == 0 ? kit.psam_link : link);
        size_t count;
        for (const oc_function *function = oc_functions(&count); count > 0; function++, count--) {
            if (!oc_terminal_has(function->name)) {
                continue;
            }
            OC_ASSERT_OK(oc_fields_set(&kit.args, "amount", oc_test_hex("00000001")));
            kit_arg(&kit, "pay-info", "0|0||");
            kit_arg(&kit, "card-info", kit.card_info);
            kit_arg(&kit, "pin", kit.pin);
            kit_arg(&kit, "old", kit.pin);
            kit_arg(&kit, "new", "970213");
            kit_arg(&kit, "auth", "2");
            kit_arg(&kit, "key", "SSSE/UK");
            bool writes = strcmp(function->name, "iWriteCard") == 0;
            kit_arg(&kit, "file-addr", writes ? "SSSEEF05|02|$" : "SSSEEF05|01|$SSSEEF08|$DF04EF08|01|$DF01EF15|40|$");
            kit_arg(&kit, "write-data", "SSSEEF05|1|$");
            kit_arg(&kit, "user-pin", kit.pin);
            kit_arg(&kit, "in-data", "text");
            int code = kit_call(&kit, function->name);
            bool pin_only = strcmp(function->name, "iVerifyPIN") == 0 || strcmp(function->name, "iChangePIN") == 0;
            CU_ASSERT_TRUE(pin_only || strcmp(function->name, "iReadDebitRecord") == 0 || code < 0);
        }
    }
    oc_link_free(&link);
    kit_close(&kit);
}

static void short_resets_are_no_card(void)
{
    static const char *const atrs[] = {"3B00", "3B67000099000000000000", "3BFF", "3B6D0000", "3BEF00000000"};
    struct kit kit;
    kit_open(&kit, kit_profiles[0]);
    for (size_t i = 0; i < sizeof atrs / sizeof atrs[0]; i++) {
        struct liar liar = {.atr = atrs[i]};
        oc_random_init(&liar.random, 3, "liar");
        oc_link *link = NULL;
        OC_ASSERT_OK(oc_link_inproc(&link, (oc_endpoint){&liar, liar_reset, liar_exchange}));
        kit_terminal(&kit, link, NULL);
        CU_ASSERT_EQUAL(kit_call(&kit, "iReadCardBas"), -1);
        oc_link_free(&link);
    }
    kit_close(&kit);
}

/* A PSAM that refuses one command; everything else reaches the real one. */
struct refusing {
    oc_endpoint inner;
    const char *head; /* first bytes of the command, hex */
    uint16_t sw;
};

static oc_result refusing_reset(void *self, enum oc_reset kind, oc_wr *atr)
{
    const struct refusing *refusing = self;
    return refusing->inner.reset(refusing->inner.self, kind, atr);
}

static oc_result refusing_exchange(void *self, oc_span command, oc_wr *response)
{
    const struct refusing *refusing = self;
    oc_span head = oc_test_hex(refusing->head);
    if (oc_span_equal(oc_span_slice(command, 0, head.len), head)) {
        oc_wr_u16(response, refusing->sw);
        return oc_ok();
    }
    return refusing->inner.exchange(refusing->inner.self, command, response);
}

static int with_refusing_psam(struct kit *kit, struct refusing refusing, const char *function)
{
    oc_link *link = NULL;
    refusing.inner = oc_card_endpoint(kit->psam);
    OC_ASSERT_OK(oc_link_inproc(&link, (oc_endpoint){&refusing, refusing_reset, refusing_exchange}));
    kit_terminal(kit, kit->card_link, link);
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "pay-info", "0|1.00||");
    kit_arg(kit, "pin", kit->pin);
    kit_arg(kit, "key", "SSSE/UK");
    int code = kit_call(kit, function);
    oc_link_free(&link);
    return code;
}

static void a_psam_without_a_key(void)
{
    static const struct {
        struct refusing refusing;
        const char *function;
        int codes[KIT_GENERATIONS]; /* second and third generation */
    } rows[] = {
        {{.head = "BFDE6708", .sw = 0x6A88}, "iAuthCard", {-27272, -27272}},
        {{.head = "BFDE6708", .sw = 0x6A88}, "iReadCardBas", {-27272, -27272}},
        {{.head = "BFDE470A", .sw = 0x6A88}, "iReadCardBas", {0, -2203}},
        {{.head = "BFDE4812", .sw = 0x6A88}, "iAuthTerminal", {-27272, -27272}},
        {{.head = "80FA", .sw = 0x6901}, "iAuthTerminal", {-26881, -26881}},
        {{.head = "00B09C", .sw = 0x6A82}, "iDoDebit", {-27266, -27266}},
        {{.head = "8070", .sw = 0x9403}, "iDoDebit", {-37891, -37891}},
    };
    for (unsigned i = 0; i < KIT_GENERATIONS; i++) {
        struct kit kit;
        kit_open(&kit, kit_profiles[i]);
        for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
            CU_ASSERT_EQUAL(with_refusing_psam(&kit, rows[r].refusing, rows[r].function), rows[r].codes[i]);
            CU_ASSERT_PTR_NULL(oc_fields_get(&kit.answer, "tac"));
        }
        kit_close(&kit);
    }
}

/* The card has paid: what the back-end needs must not be lost with the PSAM's refusal. */
static void a_refused_mac2_keeps_the_debit(void)
{
    for (unsigned i = 0; i < KIT_GENERATIONS; i++) {
        struct kit kit;
        kit_open(&kit, kit_profiles[i]);
        const struct refusing refusing = {.head = "8072", .sw = 0x9302};
        CU_ASSERT_EQUAL(with_refusing_psam(&kit, refusing, "iDoDebit"), -37634);
        CU_ASSERT_EQUAL(oc_fields_span(&kit.answer, "tac").len, 4);
        OC_ASSERT_BYTES(oc_fields_span(&kit.answer, "pooled"), "00000064");
        kit_close(&kit);
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"bad PINs", bad_pins},
        {"a wrong PIN locks", a_wrong_pin_locks},
        {"bad changes", bad_changes},
        {"the initial PIN does not pay", the_initial_pin_does_not_pay},
        {"another card is not taken", another_card_is_not_taken},
        {"bad arguments", bad_arguments},
        {"no PSAM", no_psam},
        {"a 3DES PSAM does not serve SM4", a_3des_psam_does_not_serve_sm4},
        {"a clone is found out", a_clone_is_found_out},
        {"a blank chip is no card", a_blank_chip_is_no_card},
        {"a load needs the bank", a_load_needs_the_bank},
        {"a lying card is survived", a_lying_card_is_survived},
        {"short resets are no card", short_resets_are_no_card},
        {"a PSAM without a key", a_psam_without_a_key},
        {"a refused MAC2 keeps the debit", a_refused_mac2_keeps_the_debit},
        {NULL, NULL},
    };
    return oc_test_main("terminal failures", rows);
}
