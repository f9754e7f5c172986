/* SPDX-License-Identifier: Apache-2.0 */
/* Every function on a second-generation card with 3DES and a third-generation one with SM4. */
#include "sim/host/host.h"
#include "tests/unit/terminal_kit.h"

static void for_each_generation(void (*test)(struct kit *kit, unsigned generation))
{
    for (unsigned i = 0; i < KIT_GENERATIONS; i++) {
        struct kit kit;
        kit_open(&kit, kit_profiles[i]);
        test(&kit, oc_profile_generation(kit.profile));
        kit_close(&kit);
    }
}

/* Whether an item is the profile's value without its padding. */
static bool item_is(const struct kit *kit, const char *item, const char *reference)
{
    oc_buf value = {0};
    OC_ASSERT_OK(oc_profile_value(kit->profile, reference, &value));
    while (value.len > 0 && value.at[value.len - 1] == 0) {
        value.len--;
    }
    bool same = oc_span_equal(oc_fields_span(&kit->answer, item), oc_buf_span(&value));
    oc_buf_free(&value);
    return same;
}

static void basic(struct kit *kit, unsigned generation)
{
    kit_arg(kit, "type", "3");
    CU_ASSERT_EQUAL(kit_call(kit, "iReadCardBas"), 0);
    char text[64];
    kit_print(kit->profile, "SSSE/EF05/01", text, sizeof text);
    CU_ASSERT_TRUE(kit_says(kit, "4", text));
    text[6] = '\0';
    CU_ASSERT_TRUE(kit_says(kit, "1", text));
    CU_ASSERT_TRUE(item_is(kit, "1", "area"));
    CU_ASSERT_TRUE(item_is(kit, "2", "SSSE/EF06/08"));
    CU_ASSERT_TRUE(item_is(kit, "3", "SSSE/EF05/07"));
    CU_ASSERT_TRUE(item_is(kit, "5", "SSSE/EF06/09"));
    kit_print(kit->profile, "atr/historical", text, sizeof text);
    CU_ASSERT_EQUAL(strlen(text), 26);
    CU_ASSERT_TRUE(kit_says(kit, "6", text));
    CU_ASSERT_TRUE(kit_says(kit, "7", generation == 30 ? "3.00" : "2.00"));
    kit_print(kit->profile, "SSSE/EF05/05", text, sizeof text);
    CU_ASSERT_TRUE(kit_says(kit, "8", text));
    kit_print(kit->profile, "SSSE/EF05/06", text, sizeof text);
    CU_ASSERT_TRUE(kit_says(kit, "9", text));
    CU_ASSERT_TRUE(kit_says(kit, "10", kit->psam_number));
    CU_ASSERT_EQUAL(oc_fields_span(&kit->answer, "11").len, 32);

    /* the string is the eleven items, each closed by '|' */
    oc_buf joined = {0};
    for (unsigned i = 1; i <= 11; i++) {
        char name[4];
        snprintf(name, sizeof name, "%u", i);
        OC_ASSERT_OK(oc_buf_append(&joined, oc_fields_span(&kit->answer, name)));
        OC_ASSERT_OK(oc_buf_append_byte(&joined, '|'));
    }
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&kit->answer, "out"), oc_buf_span(&joined)));
    oc_buf_free(&joined);
}

static void reads_basic_information(void)
{
    for_each_generation(basic);
}

static void without_psam(struct kit *kit, unsigned generation)
{
    kit_terminal(kit, kit->card_link, NULL);
    CU_ASSERT_EQUAL(kit_call(kit, "iReadCardBas"), generation == 30 ? -2201 : 0);
    if (generation != 30) {
        CU_ASSERT_TRUE(kit_says(kit, "10", "000000000000"));
    }
}

static void only_older_cards_are_read_without_psam(void)
{
    for_each_generation(without_psam);
}

static void files_by_pin(struct kit *kit, unsigned generation)
{
    kit_arg(kit, "auth", "1");
    kit_arg(kit, "pin", kit->pin);
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "file-addr", "SSSEEF05|05|07|$DF01EF15|2A|40|$SSSEEF06|0A|$DF04EF05|8C|$DF01EF16|$");
    CU_ASSERT_EQUAL(kit_call(kit, "iReadCard"), 0);
    char expected[2048];
    char date[16];
    char degree[4];
    char level[4];
    char template[300];
    char content[1200];
    kit_print(kit->profile, "SSSE/EF05/05", date, sizeof date);
    kit_print(kit->profile, "DF01/EF15/2A", degree, sizeof degree);
    kit_print(kit->profile, "DF04/EF05/8C", level, sizeof level);
    kit_print(kit->profile, "DF01/EF16/content", content, sizeof content);
    kit_print(kit->profile, "DF01/EF15/40", template, sizeof template);
    oc_span out = oc_fields_span(&kit->answer, "out");
    snprintf(expected, sizeof expected, "SSSEEF05|%s|%s$DF01EF15|%s|", date, strchr(kit->card_info, '|') + 1, degree);
    CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(out, 0, strlen(expected)), oc_span_text(expected)));
    /* the school's name is text behind two other items */
    oc_buf name = {0};
    OC_ASSERT_OK(oc_profile_value(kit->profile, "DF01/EF15/40", &name));
    CU_ASSERT_PTR_NOT_NULL(memmem(out.at, out.len, "^", 1));
    CU_ASSERT_PTR_NOT_NULL(memmem(out.at, out.len, name.at + 12, 8));
    oc_buf_free(&name);
    snprintf(expected, sizeof expected, "|$SSSEEF06|%c|$DF04EF05|%s|$DF01EF16|%.16s", generation == 30 ? '1' : '2',
             level, content);
    CU_ASSERT_PTR_NOT_NULL(memmem(out.at, out.len, expected, strlen(expected)));
    /* 296 bytes of the reserved file in hex, then the closing marks */
    CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(out, out.len - 2, 2), oc_span_text("|$")));
    const uint8_t *last = memmem(out.at, out.len, "DF01EF16|", 9);
    CU_ASSERT_PTR_NOT_NULL_FATAL(last);
    CU_ASSERT_EQUAL((size_t)(out.at + out.len - last), 9 + 2 * 296 + 2);
}

static void reads_files_by_pin(void)
{
    for_each_generation(files_by_pin);
}

static void files_by_key(struct kit *kit, unsigned generation)
{
    (void)generation;
    kit_arg(kit, "auth", "2");
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "file-addr", "SSSEEF08|$DF04EF05|8F|$");
    CU_ASSERT_EQUAL(kit_call(kit, "iReadCard"), 0);
    oc_span out = oc_fields_span(&kit->answer, "out");
    char photo[64];
    oc_buf content = {0};
    OC_ASSERT_OK(oc_profile_value(kit->profile, "SSSE/EF08/content", &content));
    CU_ASSERT_TRUE(content.len >= 16);
    size_t used = (size_t)snprintf(photo, sizeof photo, "SSSEEF08|");
    for (size_t i = 0; i < 16; i++) {
        used += (size_t)snprintf(photo + used, sizeof photo - used, "%02X", content.at[i]);
    }
    oc_buf_free(&content);
    CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(out, 0, used), oc_span_text(photo)));
    CU_ASSERT_EQUAL(out.len, 9 + 2 * 4096 + 2 + strlen("DF04EF05|1|$"));

    /* without the key the photo stays closed; settlement data ask for key and PIN */
    kit_arg(kit, "auth", "1");
    kit_arg(kit, "pin", kit->pin);
    kit_arg(kit, "card-info", kit->card_info);
    kit_arg(kit, "file-addr", "SSSEEF08|$");
    CU_ASSERT_EQUAL(kit_call(kit, "iReadCard"), -0x6982);
    for (int with_pin = 0; with_pin < 2; with_pin++) {
        kit_arg(kit, "auth", "2");
        kit_arg(kit, "card-info", kit->card_info);
        kit_arg(kit, "file-addr", "DF04EF06|90|92|$");
        if (with_pin) {
            kit_arg(kit, "pin", kit->pin);
        }
        CU_ASSERT_EQUAL(kit_call(kit, "iReadCard"), with_pin ? 0 : -31);
    }
    CU_ASSERT_TRUE(kit_says(kit, "out", "DF04EF06|1|00000000|$"));
}

static void reads_files_by_key(void)
{
    for_each_generation(files_by_key);
}

static void pins(struct kit *kit, unsigned generation)
{
    (void)generation;
    kit_arg(kit, "pin", kit->pin);
    CU_ASSERT_EQUAL(kit_call(kit, "iVerifyPIN"), 0);
    CU_ASSERT_EQUAL(kit->answer.count, 1); /* the code alone: nothing of the PIN */
    kit_arg(kit, "old", kit->pin);
    kit_arg(kit, "new", "970213");
    CU_ASSERT_EQUAL(kit_call(kit, "iChangePIN"), 0);
    kit_arg(kit, "pin", kit->pin);
    CU_ASSERT_EQUAL(kit_call(kit, "iVerifyPIN"), -51);
    CU_ASSERT_TRUE(kit_says(kit, "tries", "5"));
    kit_arg(kit, "pin", "970213");
    CU_ASSERT_EQUAL(kit_call(kit, "iVerifyPIN"), 0);
}

static void verifies_and_changes_the_pin(void)
{
    for_each_generation(pins);
}

static void authentications(struct kit *kit, unsigned generation)
{
    (void)generation;
    CU_ASSERT_EQUAL(kit_call(kit, "iAuthCard"), 0);
    static const char *const keys[] = {"SSSE/UK",  "SSSE/RK", "SSSE/PUK", "SSSE/BK",  "DF01/UK1", "DF01/UK3",
                                       "DF01/UKB", "DF01/RK", "DF04/LK",  "DF04/RK1", "DF04/UK1", "DF04/UK2"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        kit_arg(kit, "key", keys[i]);
        CU_ASSERT_EQUAL(kit_call(kit, "iAuthTerminal"), 0);
    }
    if (oc_profile_generation(kit->profile) == 30) {
        kit_arg(kit, "key", "SSSE/UKEF0D");
        CU_ASSERT_EQUAL(kit_call(kit, "iAuthTerminal"), 0);
    }
    /* the PSAM has no partner for what the profile does not carry */
    kit_arg(kit, "key", "DF04/UK");
    CU_ASSERT_EQUAL(kit_call(kit, "iAuthTerminal"), -14);
}

static void authenticates_both_ways(void)
{
    for_each_generation(authentications);
}

static void send(oc_host *host, const struct kit *kit, const char *message, const char *result)
{
    static const char *const debit[] = {"seq",    "own",  "cash", "pooled", "terminal",
                                        "serial", "time", "tac",  "alg",    "version"};
    oc_fields in = {0};
    oc_fields answer = {0};
    oc_buf number = {0};
    OC_ASSERT_OK(oc_profile_value(kit->profile, "SSSE/EF05/07", &number));
    OC_ASSERT_OK(oc_fields_set(&in, "card", oc_buf_span(&number)));
    oc_buf_free(&number);
    if (strcmp(message, "card-load") == 0) {
        OC_ASSERT_OK(oc_fields_set(&in, "amount", oc_test_hex("00002710")));
        OC_ASSERT_OK(oc_fields_set(&in, "balance", oc_fields_span(&kit->answer, "balance")));
    }
    for (size_t i = 0; i < sizeof debit / sizeof debit[0]; i++) {
        const oc_buf *value = oc_fields_get(&kit->answer, debit[i]);
        if (value != NULL) {
            OC_ASSERT_OK(oc_fields_set(&in, debit[i], oc_buf_span(value)));
        }
    }
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_host_message(host, message, &in, &answer, &diag));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "result"), oc_span_text(result)));
    CU_ASSERT_PTR_NULL(oc_fields_get(&answer, "reason"));
    oc_fields_free(&in);
    oc_fields_free(&answer);
}

/* Card, PSAM, terminal and host agree on what was paid, cryptogram by cryptogram. */
static void settlement(struct kit *kit, unsigned generation)
{
    (void)generation;
    oc_host *host = NULL;
    oc_host_parts parts = {.store = ":memory:", .clock = &kit->clock, .keys = kit->keys};
    OC_ASSERT_OK(oc_host_open(&host, &parts, NULL));

    CU_ASSERT_EQUAL(kit_debit(kit, "10.00|0|20260302091500|"), -0x9401); /* nothing on the card yet */
    CU_ASSERT_EQUAL(kit_load(kit, "00002710"), 0);
    OC_ASSERT_BYTES(oc_fields_span(&kit->answer, "balance"), "00002710");
    send(host, kit, "card-load", "accepted");
    send(host, kit, "card-load", "duplicate");

    CU_ASSERT_EQUAL(kit_debit(kit, "10.00|2.5|20260302091500|"), 0);
    OC_ASSERT_BYTES(oc_fields_span(&kit->answer, "own"), "000003E8");
    OC_ASSERT_BYTES(oc_fields_span(&kit->answer, "pooled"), "000000FA");
    OC_ASSERT_BYTES(oc_fields_span(&kit->answer, "cash"), "00000000");
    OC_ASSERT_BYTES(oc_fields_span(&kit->answer, "time"), "20260302091500");
    oc_span log = oc_fields_span(&kit->answer, "log");
    CU_ASSERT_EQUAL_FATAL(log.len, 28);
    CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(log, 0, 2), oc_fields_span(&kit->answer, "seq")));
    CU_ASSERT_EQUAL(log.at[2], '2');
    CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(log, 3, 6), oc_fields_span(&kit->answer, "terminal")));
    CU_ASSERT_TRUE(oc_span_equal(oc_span_slice(log, 16, 4), oc_fields_span(&kit->answer, "own")));
    send(host, kit, "card-debit", "accepted");
    send(host, kit, "card-debit", "duplicate");

    CU_ASSERT_EQUAL(kit_debit(kit, "0|0.01||"), 0); /* the clock's time; own part 0 */
    OC_ASSERT_BYTES(oc_fields_span(&kit->answer, "time"), "20260101080000");
    send(host, kit, "card-debit", "accepted");
    CU_ASSERT_EQUAL(kit_debit(kit, "90.01|0||"), -0x9401);
    CU_ASSERT_EQUAL(kit_debit(kit, "90.00|0||"), 0);
    send(host, kit, "card-debit", "accepted");

    kit_arg(kit, "pin", kit->pin);
    CU_ASSERT_EQUAL(kit_call(kit, "iReadDebitRecord"), 0);
    char expected[512];
    snprintf(expected, sizeof expected,
             "2|2|%s|20260101080000|90.00|0.00|0.00|$1|2|%s|20260101080000|0.00|0.00|0.01|$"
             "0|2|%s|20260302091500|10.00|0.00|2.50|$0|1|000000000000|20260101080000|100.00|0.00|0.00|$",
             kit->psam_number, kit->psam_number, kit->psam_number);
    CU_ASSERT_TRUE(kit_says(kit, "out", expected));

    oc_fields none = {0};
    oc_fields answer = {0};
    OC_ASSERT_OK(oc_host_message(host, "totals", &none, &answer, NULL));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "own"), oc_span_text("10000")));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "pooled"), oc_span_text("251")));
    CU_ASSERT_TRUE(oc_span_equal(oc_fields_span(&answer, "loaded"), oc_span_text("10000")));
    oc_fields_free(&answer);
    oc_host_close(&host);
}

static void pays_and_loads_with_the_host(void)
{
    for_each_generation(settlement);
}

/* Counts the commands of one instruction and keeps the last. */
struct seen {
    uint8_t ins;
    unsigned count;
    uint8_t last[64];
    size_t last_len;
};

static void note(void *context, const oc_exchange *exchange)
{
    struct seen *seen = context;
    if (exchange->command.len > 5 && exchange->command.len <= sizeof seen->last &&
        exchange->command.at[1] == seen->ins) {
        seen->count++;
        seen->last_len = exchange->command.len;
        memcpy(seen->last, exchange->command.at, seen->last_len);
    }
}

/* EXTERNAL AUTHENTICATE ends with the key version for SM4 only, as seen with real readers (ssc-card sheet 6.5, 6.6). */
static void proof(struct kit *kit, unsigned generation)
{
    struct seen seen = {.ins = 0x82};
    oc_link_observe(kit->card_link, note, &seen);
    kit_arg(kit, "key", "SSSE/UK");
    CU_ASSERT_EQUAL(kit_call(kit, "iAuthTerminal"), 0);
    CU_ASSERT_EQUAL(seen.count, 1);
    CU_ASSERT_EQUAL_FATAL(seen.last_len, generation == 30 ? 5 + 17 : 5 + 16);
    CU_ASSERT_TRUE(generation != 30 || seen.last[21] == 0x01);
    CU_ASSERT_EQUAL(seen.last[3], 0x04);
    oc_link_observe(kit->card_link, NULL, NULL);
}

static void proves_itself_in_the_attested_form(void)
{
    for_each_generation(proof);
}

/* MAC1 is checked before MAC2 is given away: with another bank's keys nothing is sent to be credited. */
static void foreign_bank(struct kit *kit, unsigned generation)
{
    struct kit other;
    kit_open(&other, kit_profiles[generation == 30 ? 0 : 1]);
    oc_key_provider own = kit->keys;
    kit->keys = other.keys;
    kit_terminal(kit, kit->card_link, NULL);
    struct seen seen = {.ins = 0x2A};
    oc_link_observe(kit->card_link, note, &seen);
    CU_ASSERT_EQUAL(kit_load(kit, "00000001"), -0x9302);
    CU_ASSERT_EQUAL(seen.count, 0);
    kit->keys = own;
    kit_terminal(kit, kit->card_link, NULL);
    CU_ASSERT_EQUAL(kit_load(kit, "00000001"), 0);
    CU_ASSERT_EQUAL(seen.count, 1);
    oc_link_observe(kit->card_link, NULL, NULL);
    kit_close(&other);
}

static void a_load_checks_the_card_first(void)
{
    for_each_generation(foreign_bank);
}

static void names(struct kit *kit, unsigned generation)
{
    (void)generation;
    size_t count;
    for (const oc_function *function = oc_functions(&count); count > 0; function++, count--) {
        CU_ASSERT_EQUAL(kit_call(kit, function->name) != -13, oc_terminal_has(function->name));
    }
    CU_ASSERT_EQUAL(kit_call(kit, ""), -13);
}

static void functions_are_those_named(void)
{
    for_each_generation(names);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"reads basic information", reads_basic_information},
        {"only older cards are read without PSAM", only_older_cards_are_read_without_psam},
        {"reads files by PIN", reads_files_by_pin},
        {"reads files by key", reads_files_by_key},
        {"verifies and changes the PIN", verifies_and_changes_the_pin},
        {"authenticates both ways", authenticates_both_ways},
        {"pays and loads with the host", pays_and_loads_with_the_host},
        {"proves itself in the attested form", proves_itself_in_the_attested_form},
        {"a load checks the card first", a_load_checks_the_card_first},
        {"functions are those named", functions_are_those_named},
        {NULL, NULL},
    };
    return oc_test_main("terminal functions", rows);
}
