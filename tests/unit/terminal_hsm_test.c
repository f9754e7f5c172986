/* SPDX-License-Identifier: Apache-2.0 */
/* The HSM steps of a terminal without a PSAM, against the card and the host's HSM, for all generations. */
#include "sim/base/hex.h"
#include "sim/host/host.h"
#include "tests/unit/terminal_kit.h"

#define TEXT_ROOM 512

static const char *const profiles[] = {"vectors/cards/ssc-1.0.xml", "vectors/cards/ssc-2.0.xml",
                                       "vectors/cards/ssc-2.0-rk.xml", "vectors/cards/ssc-3.0.xml"};

struct flow {
    struct kit kit;
    oc_host *host;
    char card_id[40];
    char atr[40];
    char step[TEXT_ROOM]; /* what the last step answered */
    char key[TEXT_ROOM];  /* what the HSM answered */
};

static void open_flow(struct flow *flow, const char *profile)
{
    *flow = (struct flow){0};
    kit_open(&flow->kit, profile);
    oc_host_parts parts = {.store = ":memory:", .keys = flow->kit.keys};
    parts.mac1_zero = strcmp(oc_profile_setting(flow->kit.profile, "purchase-mac1"), "zero") == 0;
    OC_ASSERT_OK(oc_host_open(&flow->host, &parts, NULL));
    kit_print(flow->kit.profile, "SSSE/EF05/01", flow->card_id, sizeof flow->card_id);
    kit_print(flow->kit.profile, "atr/historical", flow->atr, sizeof flow->atr);
    /* the PSAM serves to load the purse; the flows go without */
    (void)kit_load(&flow->kit, "00002710");
    kit_terminal(&flow->kit, flow->kit.card_link, NULL);
}

static void close_flow(struct flow *flow)
{
    oc_host_close(&flow->host);
    kit_close(&flow->kit);
}

static void copy(char out[TEXT_ROOM], oc_span text)
{
    snprintf(out, TEXT_ROOM, "%.*s", (int)text.len, (const char *)text.at);
}

/* Calls with "type" and "card-info"; `name` and `value` beside them, or NULL. */
static int first_step(struct flow *flow, const char *function, const char *name, const char *value)
{
    kit_arg(&flow->kit, "type", "1");
    kit_arg(&flow->kit, "card-info", flow->kit.card_info);
    if (name != NULL) {
        kit_arg(&flow->kit, name, value);
    }
    int code = kit_call(&flow->kit, function);
    copy(flow->step, oc_fields_span(&flow->kit.answer, "out"));
    return code;
}

static int next_step(struct flow *flow, const char *function, const char *key)
{
    kit_arg(&flow->kit, "key-data", key);
    int code = kit_call(&flow->kit, function);
    copy(flow->step, oc_fields_span(&flow->kit.answer, "out"));
    return code;
}

/* Sends the last string to the HSM; with the card's facts, which "hsm-basic" has in its string. */
static void ask_hsm(struct flow *flow, const char *message, const char *field)
{
    oc_fields in = {0};
    oc_fields answer = {0};
    OC_ASSERT_OK(oc_fields_set_text(&in, field, flow->step));
    if (strcmp(message, "hsm-basic") != 0) {
        OC_ASSERT_OK(oc_fields_set_text(&in, "card-id", flow->card_id));
        OC_ASSERT_OK(oc_fields_set_text(&in, "atr", flow->atr));
    }
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_host_message(flow->host, message, &in, &answer, &diag));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "result"), oc_span_text("accepted")));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "detail"), oc_span_empty()));
    copy(flow->key, oc_fields_span(&answer, "pkey"));
    oc_fields_free(&in);
    oc_fields_free(&answer);
}

static void for_each_profile(void (*test)(struct flow *flow))
{
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        struct flow flow;
        open_flow(&flow, profiles[i]);
        test(&flow);
        close_flow(&flow);
    }
}

static void basic(struct flow *flow)
{
    CU_ASSERT_EQUAL(first_step(flow, "iReadCardBas_HSM_Step1", NULL, NULL), 0);
    ask_hsm(flow, "hsm-basic", "step1");
    CU_ASSERT_EQUAL(next_step(flow, "iReadCardBas_HSM_Step2", flow->key), 0);
    CU_ASSERT_TRUE(kit_says(&flow->kit, "4", flow->card_id));
    CU_ASSERT_TRUE(oc_fields_span(&flow->kit.answer, "5").len > 0);
    CU_ASSERT_TRUE(kit_says(&flow->kit, "10", "000000000000"));
}

static void a_card_that_is_not_genuine(struct flow *flow)
{
    CU_ASSERT_EQUAL(first_step(flow, "iReadCardBas_HSM_Step1", NULL, NULL), 0);
    ask_hsm(flow, "hsm-basic", "step1");
    flow->key[3] = flow->key[3] == '0' ? '1' : '0';
    CU_ASSERT_EQUAL(next_step(flow, "iReadCardBas_HSM_Step2", flow->key), -21);
    CU_ASSERT_PTR_NULL(oc_fields_get(&flow->kit.answer, "out"));
    /* a failure closes */
    CU_ASSERT_EQUAL(next_step(flow, "iReadCardBas_HSM_Step2", flow->key), -12);
}

static void bad_basic_keys(struct flow *flow)
{
    bool third = oc_profile_generation(flow->kit.profile) == 30;
    static const struct {
        const char *key;
        int code;
    } rows[] = {
        {"", -14},
        {"00112233445566778899AABBCCDDEEFF", -14},
        {"00112233445566778899AABBCCDDEE|00112233445566778899AABBCCDDEEFF|", -42},
        {"00112233445566778899AABBCCDDEEFG|00112233445566778899AABBCCDDEEFF|", -41},
        {"00112233445566778899AABBCCDDEEFF|00112233445566778899AABBCCDDEEF|", -42},
        {"00112233445566778899AABBCCDDEEFF|00112233445566778899AABBCCDDEEFF|x", -14},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(first_step(flow, "iReadCardBas_HSM_Step1", NULL, NULL), 0);
        CU_ASSERT_EQUAL(next_step(flow, "iReadCardBas_HSM_Step2", rows[i].key), rows[i].code);
    }
    CU_ASSERT_EQUAL(first_step(flow, "iReadCardBas_HSM_Step1", NULL, NULL), 0);
    ask_hsm(flow, "hsm-basic", "step1");
    char both[TEXT_ROOM];
    snprintf(both, sizeof both, "%.33s%s|", flow->key, third ? "" : "00112233445566778899AABBCCDDEEFF");
    CU_ASSERT_EQUAL(next_step(flow, "iReadCardBas_HSM_Step2", both), -42);
}

/* A file that a key opens, and what is in it with the PIN. */
static void files(struct flow *flow)
{
    bool first = oc_profile_generation(flow->kit.profile) == 10;
    const char *address = first ? "DF01EF07|29|$" : "SSSEEF08|$"; /* the first generation has no photograph */
    CU_ASSERT_EQUAL(first_step(flow, "iReadCard_HSM_Step1", "file-addr", address), 0);
    ask_hsm(flow, "hsm-external", "step1");
    CU_ASSERT_EQUAL(next_step(flow, "iReadCard_HSM_Step2", flow->key), 0);
    CU_ASSERT_EQUAL(strncmp(flow->step, address, 9), 0);
    CU_ASSERT_TRUE(oc_fields_span(&flow->kit.answer, "out").len > (first ? 11 : 1000));

    CU_ASSERT_EQUAL(first_step(flow, "iReadCard_HSM_Step1", "file-addr", "SSSEEF05|01|$"), -2204);
    CU_ASSERT_EQUAL(first_step(flow, "iReadCard_HSM_Step1", "file-addr", "DF01EF07|29|$DF03EF05|60|$"), -14);
    CU_ASSERT_EQUAL(first_step(flow, "iReadCard_HSM_Step1", "file-addr", "SSSE"), -14);
    CU_ASSERT_EQUAL(first_step(flow, "iReadCard_HSM_Step1", "file-addr", ""), -14);
}

/* Written through the HSM, read with the PIN. */
static void writing(struct flow *flow)
{
    static const char address[] = "DF01EF08|2B|$";
    CU_ASSERT_EQUAL(first_step(flow, "iWriteCard_HSM_Step1", "file-addr", address), 0);
    ask_hsm(flow, "hsm-external", "step1");
    kit_arg(&flow->kit, "write-data", "DF01EF08|2|$");
    CU_ASSERT_EQUAL(next_step(flow, "iWriteCard_HSM_Step2", flow->key), 0);
    kit_arg(&flow->kit, "auth", "1");
    kit_arg(&flow->kit, "pin", flow->kit.pin);
    if (strstr(oc_profile_id(flow->kit.profile), "rk") == NULL) {
        CU_ASSERT_EQUAL(first_step(flow, "iReadCard", "file-addr", address), 0);
        CU_ASSERT_STRING_EQUAL(flow->step, "DF01EF08|2|$");
    }
    oc_fields_free(&flow->kit.args);

    /* data that cannot be are refused before the card is asked */
    CU_ASSERT_EQUAL(first_step(flow, "iWriteCard_HSM_Step1", "file-addr", address), 0);
    ask_hsm(flow, "hsm-external", "step1");
    kit_arg(&flow->kit, "write-data", "DF01EF08|\x01|$");
    CU_ASSERT_EQUAL(next_step(flow, "iWriteCard_HSM_Step2", flow->key), -41);

    /* a wrong cryptogram: 63Cx, and nothing is written */
    CU_ASSERT_EQUAL(first_step(flow, "iWriteCard_HSM_Step1", "file-addr", address), 0);
    kit_arg(&flow->kit, "write-data", "DF01EF08|3|$");
    CU_ASSERT_EQUAL(next_step(flow, "iWriteCard_HSM_Step2", "00112233445566778899AABBCCDDEEFF"), -0x63C2);
    CU_ASSERT_EQUAL(first_step(flow, "iWriteCard_HSM_Step1", "file-addr", address), 0);
    kit_arg(&flow->kit, "write-data", "DF01EF08|3|$");
    CU_ASSERT_EQUAL(next_step(flow, "iWriteCard_HSM_Step2", "00112233445566778899AABBCCDDEE"), -42);
}

static int verify(struct flow *flow, const char *pin)
{
    kit_arg(&flow->kit, "type", "1");
    kit_arg(&flow->kit, "pin", pin);
    return kit_call(&flow->kit, "iVerifyPIN");
}

static void second_pin_step(struct flow *flow, const char *function)
{
    char first[64];
    char second[64];
    snprintf(first, sizeof first, "%s_HSM_Step1", function);
    snprintf(second, sizeof second, "%s_HSM_Step2", function);
    CU_ASSERT_EQUAL(first_step(flow, first, NULL, NULL), 0);
    ask_hsm(flow, "hsm-external", "step1");
    bool reload = strcmp(function, "iReloadPIN") == 0;
    if (reload) {
        kit_arg(&flow->kit, "new", "246802");
    }
    CU_ASSERT_EQUAL(next_step(flow, second, flow->key), 0);
    CU_ASSERT_EQUAL(strstr(flow->step, "|246802|") != NULL, reload);
}

static void pins(struct flow *flow)
{
    second_pin_step(flow, "iReloadPIN");
    ask_hsm(flow, "hsm-secure-message", "step2");
    bool third = oc_profile_generation(flow->kit.profile) == 30;
    CU_ASSERT_EQUAL(strlen(flow->key), third ? 50 : 34);
    CU_ASSERT_EQUAL(next_step(flow, "iReloadPIN_HSM_Step3", flow->key), 0);
    CU_ASSERT_EQUAL(verify(flow, "246802"), 0);

    while (verify(flow, "999999") == -51) {
    }
    CU_ASSERT_EQUAL(verify(flow, "246802"), -52);
    second_pin_step(flow, "iUnblockPIN");
    ask_hsm(flow, "hsm-secure-message", "step2");
    CU_ASSERT_EQUAL(strlen(flow->key), 18);
    CU_ASSERT_EQUAL(next_step(flow, "iUnblockPIN_HSM_Step3", flow->key), 0);
    CU_ASSERT_EQUAL(verify(flow, "246802"), 0);
}

static void bad_pin_steps(struct flow *flow)
{
    second_pin_step(flow, "iUnblockPIN");
    CU_ASSERT_EQUAL(next_step(flow, "iUnblockPIN_HSM_Step3", "841E000004AABBCCDD"), -23); /* another command */
    second_pin_step(flow, "iUnblockPIN");
    CU_ASSERT_EQUAL(next_step(flow, "iUnblockPIN_HSM_Step3", "842400000400000000"), -0x6988);
    second_pin_step(flow, "iReloadPIN");
    CU_ASSERT_EQUAL(next_step(flow, "iReloadPIN_HSM_Step3", "842400000400000000"), -42);
    CU_ASSERT_EQUAL(first_step(flow, "iReloadPIN_HSM_Step1", NULL, NULL), 0);
    ask_hsm(flow, "hsm-external", "step1");
    kit_arg(&flow->kit, "new", "246802");
    kit_arg(&flow->kit, "again", "246803");
    CU_ASSERT_EQUAL(next_step(flow, "iReloadPIN_HSM_Step2", flow->key), -34);
    CU_ASSERT_EQUAL(next_step(flow, "iReloadPIN_HSM_Step3", "842400000400000000"), -12);
    CU_ASSERT_EQUAL(verify(flow, flow->kit.pin), 0);
}

static void print_hex(oc_fields *out, const char *name, oc_span bytes)
{
    char text[16];
    oc_hex_encode(text, sizeof text, bytes);
    OC_ASSERT_OK(oc_fields_set_text(out, name, text));
}

static void debit(struct flow *flow)
{
    static const char pay[] = "1.50|0.25|20260302091500|";
    kit_arg(&flow->kit, "pin", flow->kit.pin);
    CU_ASSERT_EQUAL(first_step(flow, "iDoDebit_HSM_Step1", "pay-info", pay), 0);
    oc_fields check = {0};
    OC_ASSERT_OK(oc_fields_set_text(&check, "step1", flow->step));
    CU_ASSERT_PTR_NOT_NULL(strstr(flow->step, "|000000960000000000000019|32|000000000000|20260302091500|"));
    ask_hsm(flow, "hsm-debit", "step1");
    CU_ASSERT_EQUAL(next_step(flow, "iDoDebit_HSM_Step2", flow->key), 0);
    CU_ASSERT_EQUAL(oc_fields_span(&flow->kit.answer, "tac").len, 4);
    CU_ASSERT_EQUAL(oc_fields_span(&flow->kit.answer, "log").len, 28);
    print_hex(&check, "tac", oc_fields_span(&flow->kit.answer, "tac"));
    print_hex(&check, "mac2", oc_fields_span(&flow->kit.answer, "mac2"));
    oc_fields answer = {0};
    OC_ASSERT_OK(oc_host_message(flow->host, "hsm-debit-check", &check, &answer, NULL));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "result"), oc_span_text("accepted")));
    oc_fields_free(&answer);
    oc_fields_free(&check);
}

static void bad_debits(struct flow *flow)
{
    static const struct {
        const char *key;
        int code;
    } rows[] = {
        {"00000001|20260302091500|", -14},
        {"00000001|20260302091501|00000000|", -23},
        {"00000001|20260302091500|000000|", -42},
        {"0000001X|20260302091500|00000000|", -41},
        {"00000001|20260302091500|00000000|", -0x9302},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit_arg(&flow->kit, "pin", flow->kit.pin);
        CU_ASSERT_EQUAL(first_step(flow, "iDoDebit_HSM_Step1", "pay-info", "1|0|20260302091500|"), 0);
        CU_ASSERT_EQUAL(next_step(flow, "iDoDebit_HSM_Step2", rows[i].key), rows[i].code);
        CU_ASSERT_PTR_NULL(oc_fields_get(&flow->kit.answer, "tac"));
    }
    kit_arg(&flow->kit, "pin", "999999");
    CU_ASSERT_EQUAL(first_step(flow, "iDoDebit_HSM_Step1", "pay-info", "1|0||"), -51);
}

/* Step2 follows its own Step1 directly or not at all. */
static void order(struct flow *flow)
{
    static const char *const later[] = {"iReadCardBas_HSM_Step2", "iReadCard_HSM_Step2",  "iWriteCard_HSM_Step2",
                                        "iReloadPIN_HSM_Step2",   "iReloadPIN_HSM_Step3", "iUnblockPIN_HSM_Step2",
                                        "iUnblockPIN_HSM_Step3",  "iDoDebit_HSM_Step2"};
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        CU_ASSERT_EQUAL(next_step(flow, later[i], "00"), -12);
    }
    /* another function between ends the flow */
    CU_ASSERT_EQUAL(first_step(flow, "iReadCardBas_HSM_Step1", NULL, NULL), 0);
    ask_hsm(flow, "hsm-basic", "step1");
    CU_ASSERT_EQUAL(verify(flow, flow->kit.pin), 0);
    CU_ASSERT_EQUAL(next_step(flow, "iReadCardBas_HSM_Step2", flow->key), -12);
    /* a second Step1 cancels the first: its answer is for other randoms */
    CU_ASSERT_EQUAL(first_step(flow, "iReadCardBas_HSM_Step1", NULL, NULL), 0);
    ask_hsm(flow, "hsm-basic", "step1");
    CU_ASSERT_EQUAL(first_step(flow, "iReadCardBas_HSM_Step1", NULL, NULL), 0);
    CU_ASSERT_EQUAL(next_step(flow, "iReadCardBas_HSM_Step2", flow->key), -21);
    /* Step2 of another function */
    CU_ASSERT_EQUAL(first_step(flow, "iReloadPIN_HSM_Step1", NULL, NULL), 0);
    ask_hsm(flow, "hsm-external", "step1");
    CU_ASSERT_EQUAL(next_step(flow, "iUnblockPIN_HSM_Step2", flow->key), -12);
}

static void algorithm_and_bar(void)
{
    oc_terminal_settings settings = oc_terminal_settings_default();
    settings.algorithm_text = OC_ALGORITHM_NAME;
    settings.step2_bar = OC_STEP2_BAR_NOT_SM4;
    for (size_t i = 1; i < 4; i += 2) {
        struct flow flow;
        open_flow(&flow, profiles[i]);
        flow.kit.settings = &settings;
        kit_terminal(&flow.kit, flow.kit.card_link, NULL);
        CU_ASSERT_EQUAL(first_step(&flow, "iReadCardBas_HSM_Step1", NULL, NULL), 0);
        CU_ASSERT_PTR_NOT_NULL(strstr(flow.step, i == 3 ? "|SM4|" : "|DES|"));
        ask_hsm(&flow, "hsm-basic", "step1");
        if (i == 3) {
            flow.key[strlen(flow.key) - 1] = '\0';
        }
        CU_ASSERT_EQUAL(next_step(&flow, "iReadCardBas_HSM_Step2", flow.key), 0);
        close_flow(&flow);
    }
}

#define FOR_EACH(test)                                                                                                \
    static void test##_everywhere(void)                                                                               \
    {                                                                                                                 \
        for_each_profile(test);                                                                                       \
    }
FOR_EACH(basic)
FOR_EACH(a_card_that_is_not_genuine)
FOR_EACH(bad_basic_keys)
FOR_EACH(files)
FOR_EACH(writing)
FOR_EACH(pins)
FOR_EACH(bad_pin_steps)
FOR_EACH(debit)
FOR_EACH(bad_debits)
FOR_EACH(order)

int main(void)
{
    static const oc_test_row rows[] = {
        {"basic data", basic_everywhere},
        {"a card that is not genuine", a_card_that_is_not_genuine_everywhere},
        {"bad keys for basic data", bad_basic_keys_everywhere},
        {"reading files", files_everywhere},
        {"writing files", writing_everywhere},
        {"PIN reload and unblock", pins_everywhere},
        {"bad PIN steps", bad_pin_steps_everywhere},
        {"debit", debit_everywhere},
        {"bad debits", bad_debits_everywhere},
        {"the order of steps", order_everywhere},
        {"algorithm by name, bar left out", algorithm_and_bar},
        {NULL, NULL},
    };
    return oc_test_main("HSM steps", rows);
}
