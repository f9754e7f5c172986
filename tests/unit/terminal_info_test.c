/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/terminal_code.h"
#include "sim/terminal/file_address.h"
#include "sim/terminal/file_items.h"
#include "sim/terminal/info.h"
#include "sim/terminal/key_table.h"
#include "tests/support/oc_test.h"

static void yuan_to_fen(void)
{
    static const struct {
        const char *text;
        bool right;
        uint32_t fen;
        const char *printed;
    } rows[] = {
        {"0", true, 0, "0.00"},
        {"0.1", true, 10, "0.10"},
        {"0.01", true, 1, "0.01"},
        {"10.00", true, 1000, "10.00"},
        {"1.15", true, 115, "1.15"}, /* 114.999.. in binary floating point */
        {"00012.3", true, 1230, "12.30"},
        {"42949672.95", true, 4294967295u, "42949672.95"},
        {"42949672.96", false, 0, NULL},
        {"99999999999", false, 0, NULL},
        {"99999999999999999999999999", false, 0, NULL},
        {"", false, 0, NULL},
        {".", false, 0, NULL},
        {".5", false, 0, NULL},
        {"5.", false, 0, NULL},
        {"1.234", false, 0, NULL},
        {"1.2.3", false, 0, NULL},
        {"-1", false, 0, NULL},
        {"+1", false, 0, NULL},
        {" 1", false, 0, NULL},
        {"1 ", false, 0, NULL},
        {"1,5", false, 0, NULL},
        {"1e3", false, 0, NULL},
        {"0x10", false, 0, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t fen = 0;
        CU_ASSERT_EQUAL(oc_info_yuan(oc_span_text(rows[i].text), &fen), rows[i].right);
        if (rows[i].right) {
            char printed[16];
            CU_ASSERT_EQUAL(fen, rows[i].fen);
            oc_info_print_yuan(printed, sizeof printed, fen);
            CU_ASSERT_STRING_EQUAL(printed, rows[i].printed);
        }
    }
}

static void dates(void)
{
    uint8_t out[7];
    CU_ASSERT_TRUE(oc_info_time(oc_span_text("20240229235959"), out));
    OC_ASSERT_BYTES(oc_span_of(out, 7), "20240229235959");
    static const char *const bad[] = {"",
                                      "2024022923595",
                                      "202402292359590",
                                      "20230229235959",
                                      "20240229240000",
                                      "2024022923595A",
                                      "20241329235959",
                                      "2024-02-29T235"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CU_ASSERT_FALSE(oc_info_time(oc_span_text(bad[i]), out));
    }
}

static void items_are_taken(void)
{
    oc_span rest = oc_span_text("a||bc|d");
    oc_span item;
    CU_ASSERT_TRUE(oc_info_take(&rest, '|', &item));
    CU_ASSERT_TRUE(oc_span_equal(item, oc_span_text("a")));
    CU_ASSERT_TRUE(oc_info_take(&rest, '|', &item));
    CU_ASSERT_EQUAL(item.len, 0);
    CU_ASSERT_TRUE(oc_info_take(&rest, '|', &item));
    CU_ASSERT_FALSE(oc_info_take(&rest, '|', &item));
    CU_ASSERT_TRUE(oc_span_equal(rest, oc_span_text("d")));
    rest = oc_span_empty();
    CU_ASSERT_FALSE(oc_info_take(&rest, '|', &item));
}

static void a_value_cannot_forge_items(void)
{
    static const struct {
        const char *value; /* hex */
        const char *text;  /* hex, NULL: refused */
    } rows[] = {
        {"41420000", "4142"},     {"FFFF", ""},     {"", ""},         {"417C42", NULL}, /* | */
        {"4124", NULL},                                                                 /* $ */
        {"5E41", NULL},                                                                 /* ^ */
        {"41000042", NULL},       {"0A", NULL},     {"857C", "857C"}, /* one character whose second byte looks like the mark */
        {"81308130", "81308130"}, {"817C7C", NULL},                   /* the mark after such a character */
        {"8130817C", "8130817C"}, {"41C9", NULL},                     /* cut in the middle */
        {"8130", NULL},                                               /* half of a character of four bytes */
        {"813081", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct oc_call call = {0};
        oc_buf out = {0};
        OC_ASSERT_OK(oc_info_append_text(&call, &out, oc_test_hex(rows[i].value)));
        CU_ASSERT_EQUAL(call.code, rows[i].text == NULL ? -41 : 0);
        CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&out), oc_test_hex(rows[i].text == NULL ? "" : rows[i].text)));
        oc_buf_free(&out);
    }
}

static void digits_lose_their_padding(void)
{
    oc_buf out = {0};
    OC_ASSERT_OK(oc_info_append_digits(&out, oc_test_hex("FFFF")));
    OC_ASSERT_OK(oc_info_append_digits(&out, oc_test_hex("20240301")));
    OC_ASSERT_OK(oc_info_append_digits(&out, oc_test_hex("12345FFF")));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&out), oc_span_text("2024030112345")));
    oc_buf_free(&out);
}

static void file_addresses(void)
{
    oc_span groups = oc_span_text("SSSEEF06|08|0a|$DF01EF05|$3F00EF08|$");
    struct oc_file_address address;
    uint8_t item;
    bool bad;
    CU_ASSERT_TRUE(oc_file_address_next(&groups, &address));
    CU_ASSERT_EQUAL(address.dir, OC_FID_SSSE);
    CU_ASSERT_EQUAL(address.ef, 0x06);
    CU_ASSERT_TRUE(oc_file_address_item(&address, &item, &bad));
    CU_ASSERT_EQUAL(item, 0x08);
    CU_ASSERT_TRUE(oc_file_address_item(&address, &item, &bad));
    CU_ASSERT_EQUAL(item, 0x0A);
    CU_ASSERT_FALSE(oc_file_address_item(&address, &item, &bad));
    CU_ASSERT_FALSE(bad);
    CU_ASSERT_TRUE(oc_file_address_next(&groups, &address));
    CU_ASSERT_EQUAL(address.dir, 0xDF01);
    CU_ASSERT_FALSE(oc_file_address_item(&address, &item, &bad));
    CU_ASSERT_FALSE(bad);
    CU_ASSERT_TRUE(oc_file_address_next(&groups, &address));
    CU_ASSERT_EQUAL(address.dir, OC_FID_SSSE);
    CU_ASSERT_EQUAL(groups.len, 0);

    static const char *const bad_groups[] = {"",           "SSSEEF06|08|", "SSSEEF06$",  "SSSEEF0|$", "SSSEEF0G|$",
                                             "SSSEDF06|$", "DF1EEF05|08",  "XF01EF05|$", "DFG1EF05|$"};
    for (size_t i = 0; i < sizeof bad_groups / sizeof bad_groups[0]; i++) {
        groups = oc_span_text(bad_groups[i]);
        CU_ASSERT_FALSE(oc_file_address_next(&groups, &address));
    }
    static const char *const bad_items[] = {"SSSEEF06|8|$", "SSSEEF06|08|0A$", "SSSEEF06|0G|$", "SSSEEF06||$",
                                            "SSSEEF06|080|$"};
    for (size_t i = 0; i < sizeof bad_items / sizeof bad_items[0]; i++) {
        groups = oc_span_text(bad_items[i]);
        CU_ASSERT_TRUE_FATAL(oc_file_address_next(&groups, &address));
        while (oc_file_address_item(&address, &item, &bad)) {
        }
        CU_ASSERT_TRUE(bad);
    }
}

static void values_have_their_forms(void)
{
    static const struct {
        uint16_t dir;
        uint8_t ef, tag;
        const char *value, *text;
        int code;
    } rows[] = {
        {OC_FID_SSSE, 0x05, 0x05, "20240301", "20240301", 0},
        {OC_FID_SSSE, 0x05, 0x02, "33", "3", 0},
        {0xDF01, 0x15, 0x40, "5703303230 5803200906 590431320000", "020^200906^12", 0},
        {0xDF01, 0x15, 0x40, "5703303230 5803200906 5909313200", NULL, -42},
        {0xDF01, 0x15, 0x40, "5703307C30", NULL, -41},
        {0xDF04, 0x06, 0x92, "0000FFFF", "0000FFFF", 0},
        {0xDF09, 0x05, 0x00, "3132", "12", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct oc_session session = {0};
        struct oc_call call = {.session = &session};
        oc_buf out = {0};
        OC_ASSERT_OK(
            oc_file_append_value(&call, &out, rows[i].dir, rows[i].ef, rows[i].tag, oc_test_hex(rows[i].value)));
        CU_ASSERT_EQUAL(call.code, rows[i].code);
        if (rows[i].text != NULL) {
            CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&out), oc_span_text(rows[i].text)));
        }
        oc_buf_free(&out);
    }
}

static void log_records(void)
{
    struct oc_session session = {.last = NULL};
    struct oc_call call = {.session = &session};
    oc_buf out = {0};
    oc_span record = oc_test_hex("0102 32 430100000001 20260302091500 000003E8 00000000 0000007B");
    OC_ASSERT_OK(oc_file_append_cyclic(&call, &out, 0xDF04, 0x08, '|', record));
    CU_ASSERT_TRUE(
        oc_span_equal(oc_buf_span(&out), oc_span_text("258|2|430100000001|20260302091500|10.00|0.00|1.23")));
    OC_ASSERT_OK(oc_file_append_cyclic(&call, &out, 0xDF04, 0x08, '|', oc_span_slice(record, 0, 27)));
    CU_ASSERT_EQUAL(call.code, -42);
    CU_ASSERT_EQUAL(oc_file_rule_of(false, 0xDF04, 0x08)->kind, OC_FILE_CYCLIC);
    CU_ASSERT_EQUAL(oc_file_rule_of(false, OC_FID_SSSE, 0x08)->kind, OC_FILE_TRANSPARENT);
    CU_ASSERT_EQUAL(oc_file_rule_of(false, 0xDF01, 0x05)->kind, OC_FILE_RECORDS);
    oc_buf_free(&out);
}

static void keys_are_named(void)
{
    const struct oc_terminal_key *key = oc_terminal_key_named(oc_span_text("DF04/RK1"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(key);
    CU_ASSERT_EQUAL(key->id, 0x84);
    CU_ASSERT_EQUAL(key->usage, 0x67);
    CU_ASSERT_EQUAL(key->psam_id, 0x2D);
    CU_ASSERT_PTR_EQUAL(oc_terminal_key_first_generation(key), key);
    key = oc_terminal_key_first_generation(oc_terminal_key_named(oc_span_text("DF03/UK4")));
    CU_ASSERT_EQUAL(key->id, 0x8C);
    CU_ASSERT_EQUAL(key->usage, 0x28);
    CU_ASSERT_EQUAL(key->psam_id, 0x58);
    CU_ASSERT_PTR_NULL(oc_terminal_key_named(oc_span_text("DF04/RK")));
    CU_ASSERT_PTR_NULL(oc_terminal_key_named(oc_span_empty()));
    const struct oc_terminal_key *found[2] = {NULL, NULL};
    CU_ASSERT_EQUAL(oc_terminal_read_keys(false, 0xDF03, 0x05, found), 2);
    CU_ASSERT_EQUAL(oc_terminal_read_keys(false, 0xDF03, 0x06, found), 1);
    CU_ASSERT_EQUAL(oc_terminal_read_keys(false, OC_FID_SSSE, 0x05, found), 0);
    CU_ASSERT_EQUAL(oc_terminal_read_keys(false, OC_FID_SSSE, 0x08, found), 1);
    CU_ASSERT_EQUAL(oc_terminal_read_keys(true, 0xDF03, 0x05, found), 1);
    CU_ASSERT_EQUAL_FATAL(oc_terminal_read_keys(true, 0xDF02, 0x08, found), 1);
    CU_ASSERT_STRING_EQUAL(found[0]->name, "DF02/UK4");
    CU_ASSERT_PTR_NOT_NULL(found[0]);
    CU_ASSERT_EQUAL(oc_terminal_read_keys(false, 0xDF09, 0x05, found), 0);
    CU_ASSERT_STRING_EQUAL(oc_terminal_update_key(false, 0xDF01, 0x06)->name, "DF01/UK4");
    CU_ASSERT_PTR_NULL(oc_terminal_update_key(false, 0xDF04, 0x08));
    CU_ASSERT_PTR_NULL(oc_terminal_update_key(true, OC_FID_SSSE, 0x08)); /* no photo in generation 1.0 */
}

/* Every key that a rule names is in the key table, and every file of records has records. */
static void rules_are_complete(void)
{
    for (unsigned first = 0; first < 2; first++) {
        unsigned rules = 0;
        for (unsigned dir = 0xDDF0; dir <= 0xDF07; dir++) {
            for (unsigned ef = 0; ef < 0x20; ef++) {
                const struct oc_file_rule *rule = oc_file_rule_of(first, (uint16_t)dir, (uint8_t)ef);
                if (rule == NULL) {
                    continue;
                }
                rules++;
                const struct oc_terminal_key *found[2] = {NULL, NULL};
                unsigned count = oc_terminal_read_keys(first, rule->dir, rule->ef, found);
                for (unsigned i = 0; i < count; i++) {
                    CU_ASSERT_PTR_NOT_NULL(found[i]);
                }
                const struct oc_terminal_key *update = oc_terminal_update_key(first, rule->dir, rule->ef);
                CU_ASSERT_EQUAL(update == NULL, rule->update_key == NULL);
                bool known = rule->kind != OC_FILE_RECORDS;
                for (unsigned tag = 1; tag < 0x100 && !known; tag++) {
                    known = oc_item_of_record(first, rule->dir, rule->ef, (uint8_t)tag) != NULL;
                }
                CU_ASSERT_TRUE(known);
                size_t fields;
                (void)oc_items_within(first, rule->dir, rule->ef, 0, &fields);
                CU_ASSERT_EQUAL(rule->kind == OC_FILE_CYCLIC, fields > 0);
            }
        }
        CU_ASSERT_EQUAL(rules, first ? 21 : 42);
    }
}

static void codes_have_texts(void)
{
    CU_ASSERT_STRING_EQUAL(oc_terminal_code_text(-2201), "无PSAM卡");
    CU_ASSERT_STRING_EQUAL(oc_terminal_code_text(-0x6A82), "未找到文件");
    CU_ASSERT_STRING_EQUAL(oc_terminal_code_text(-0x1234), "未知错误");
    CU_ASSERT_STRING_EQUAL(oc_terminal_code_text(-1000000), "未知错误");
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"yuan to fen", yuan_to_fen},
        {"dates", dates},
        {"items are taken", items_are_taken},
        {"a value cannot forge items", a_value_cannot_forge_items},
        {"digits lose their padding", digits_lose_their_padding},
        {"file addresses", file_addresses},
        {"values have their forms", values_have_their_forms},
        {"log records", log_records},
        {"keys are named", keys_are_named},
        {"rules are complete", rules_are_complete},
        {"codes have texts", codes_have_texts},
        {NULL, NULL},
    };
    return oc_test_main("terminal strings", rows);
}
