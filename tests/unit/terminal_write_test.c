/* SPDX-License-Identifier: Apache-2.0 */
/* iWriteCard and iReadCard on every file of every profile. */
#include "sim/terminal/item_table.h"
#include "tests/unit/terminal_kit.h"

static void for_each_profile(void (*test)(struct kit *kit, unsigned generation))
{
    for (unsigned i = 0; i < KIT_ALL; i++) {
        struct kit kit;
        kit_open(&kit, kit_all_profiles[i]);
        test(&kit, oc_profile_generation(kit.profile));
        kit_close(&kit);
    }
}

/* Reads with keys or with the PIN, whichever the card lets; the code. */
static int read_somehow(struct kit *kit, const char *file_addr)
{
    int code = kit_read(kit, "2", file_addr);
    return code == 0 ? 0 : kit_read(kit, "1", file_addr);
}

static void write_back(struct kit *kit, const char *file_addr, bool same)
{
    oc_buf before = {0};
    oc_buf after = {0};
    kit_keep_out(kit, &before);
    CU_ASSERT_EQUAL(kit_write(kit, file_addr, (const char *)before.at), 0);
    CU_ASSERT_PTR_NULL(oc_fields_get(&kit->answer, "out"));
    CU_ASSERT_EQUAL(read_somehow(kit, file_addr), 0);
    kit_keep_out(kit, &after);
    CU_ASSERT_EQUAL(oc_span_equal(oc_buf_span(&before), oc_buf_span(&after)), same);
    oc_buf_free(&before);
    oc_buf_free(&after);
}

/* What is read can be written back, and is read again. Counts the items that are on the card. */
static unsigned walk_file(struct kit *kit, bool first, const struct oc_file_rule *rule)
{
    char dir[8];
    unsigned found = 0;
    snprintf(dir, sizeof dir, rule->dir == 0xDDF1 ? "SSSE" : "%04X", rule->dir);
    for (unsigned tag = 1; tag < 0x100; tag++) {
        bool one = rule->kind != OC_FILE_RECORDS;
        if (one ? tag > 1 : oc_item_of_record(first, rule->dir, rule->ef, (uint8_t)tag) == NULL) {
            continue;
        }
        char address[32];
        snprintf(address, sizeof address, rule->kind == OC_FILE_TRANSPARENT ? "%sEF%02X|$" : "%sEF%02X|%02X|$", dir,
                 rule->ef, tag);
        int code = read_somehow(kit, address);
        CU_ASSERT_TRUE(code == 0 || code == -0x6A83 || code == -0x6A82 || code == -0x6982);
        if (code == 0 && rule->update_key != NULL) {
            write_back(kit, address, true);
            found++;
        }
    }
    return found;
}

static void write_everything(struct kit *kit, unsigned generation)
{
    bool first = generation == 10;
    unsigned found = 0;
    for (unsigned dir = 0xDDF1; dir <= 0xDF07; dir++) {
        for (unsigned ef = 1; ef < 0x20; ef++) {
            const struct oc_file_rule *rule = oc_file_rule_of(first, (uint16_t)dir, (uint8_t)ef);
            found += rule == NULL ? 0 : walk_file(kit, first, rule);
        }
    }
    CU_ASSERT_TRUE(found > (first ? 70 : 100));
}

static void every_value_is_written_back(void)
{
    for_each_profile(write_everything);
}

static void read_is(struct kit *kit, const char *file_addr, const char *expected)
{
    CU_ASSERT_EQUAL(read_somehow(kit, file_addr), 0);
    oc_buf out = {0};
    kit_keep_out(kit, &out);
    CU_ASSERT_STRING_EQUAL((const char *)out.at, expected);
    oc_buf_free(&out);
}

static void write_and_read(struct kit *kit, const char *file_addr, const char *data)
{
    CU_ASSERT_EQUAL(kit_write(kit, file_addr, data), 0);
    read_is(kit, file_addr, data);
}

/* 张 in GBK, then a character whose second byte is '|', one whose second byte is '^'. */
#define MARKS_INSIDE "\xD5\xC5\x81\x7C\x81\x5E"

static void write_new(struct kit *kit, unsigned generation)
{
    write_and_read(kit, "SSSEEF06|0A|0C|$", "SSSEEF06|2|110101|$");
    write_and_read(kit, "SSSEEF06|09|$", "SSSEEF06|" MARKS_INSIDE "|$");
    write_and_read(kit, "DF01EF07|29|$SSSEEF06|0B|0D|$", "DF01EF07|9|$SSSEEF06|2|19990131|$");
    write_and_read(kit, "SSSEEF06|09|0A|$", "SSSEEF06|||$"); /* empty values */
    CU_ASSERT_EQUAL(kit_write(kit, "3F00EF06|0A|$", "SSSEEF06|1|$"), 0);
    read_is(kit, "SSSEEF06|0A|$", "SSSEEF06|1|$");
    CU_ASSERT_EQUAL(kit_write(kit, "DF02EF07|01|$", "DF02EF07|0001^20200131^20210228^" MARKS_INSIDE "|$"), 0);
    CU_ASSERT_EQUAL(kit_write(kit, "DF02EF07|01|$", "DF02EF07|||$"), -14);
    CU_ASSERT_EQUAL(kit_write(kit, "DF02EF07|01|$", "DF02EF07|2^20200131^^|$"), 0);
    read_is(kit, "DF02EF07|01|02|$", "DF02EF07|2^20200131^^|0001^20200131^20210228^" MARKS_INSIDE "|$");
    CU_ASSERT_EQUAL(kit_write(kit, "DF04EF06|92|$", "DF04EF06|00001234|$"), 0);
    CU_ASSERT_EQUAL(kit_read(kit, "2", "DF04EF06|92|$"), 0);
    CU_ASSERT_TRUE(kit_says(kit, "2", "00001234"));
    if (generation == 10) {
        write_and_read(kit, "DF02EF05|40|$", "DF02EF05|020^202101^school|$");
        return;
    }
    write_and_read(kit, "DF01EF15|2A|40|$", "DF01EF15|31|020^^|$");
    write_and_read(kit, "DF03EF17|3B|$", "DF03EF17|x|$");
}

static void new_values_are_read_again(void)
{
    for_each_profile(write_new);
}

/* A transparent file longer than one command, and one byte longer than the file. */
static void write_long(struct kit *kit, unsigned generation)
{
    (void)generation;
    CU_ASSERT_EQUAL(read_somehow(kit, "SSSEEF07|$"), 0);
    oc_buf text = {0};
    kit_keep_out(kit, &text);
    char *content = strchr((char *)text.at, '|') + 1;
    size_t digits = strcspn(content, "|");
    CU_ASSERT_TRUE(digits >= 0x600);
    memset(content, '7', digits);
    write_and_read(kit, "SSSEEF07|$", (const char *)text.at);
    oc_buf longer = {0};
    OC_ASSERT_OK(oc_buf_set(&longer, oc_span_text("SSSEEF07|11")));
    OC_ASSERT_OK(oc_buf_append(&longer, oc_span_of(content, digits + 3))); /* with its marks and NUL */
    CU_ASSERT_EQUAL(kit_write(kit, "SSSEEF07|$", (const char *)longer.at), -42);
    read_is(kit, "SSSEEF07|$", (const char *)text.at); /* nothing of it went in */
    oc_buf_free(&longer);
    oc_buf_free(&text);
}

static void transparent_files_are_written(void)
{
    for_each_profile(write_long);
}

static void refusals(struct kit *kit, unsigned generation)
{
    static const struct {
        const char *file_addr, *data;
        int code;
    } rows[] = {
        {"SSSEEF06|0C|$", "SSSEEF06|11010A|$", -41},
        {"SSSEEF06|0A|$", "SSSEEF06|\x01|$", -41},
        {"SSSEEF06|0A|$", "SSSEEF06|^|$", -41},
        {"SSSEEF06|09|$", "SSSEEF06|\xD5|$", -14}, /* half a character takes the bar with it */
        {"SSSEEF07|$", "SSSEEF07|0G|$", -41},
        {"SSSEEF06|0C|$", "SSSEEF06|1101011|$", -42},
        {"SSSEEF06|0A|$", "SSSEEF06|12|$", -42},
        {"SSSEEF06|09|$", "SSSEEF06|1234567890123456789012345678901|$", -42},
        {"SSSEEF07|$", "SSSEEF07|012|$", -42},
        {"SSSEEF06|0A|$", "SSSEEF06|$", -14},
        {"SSSEEF06|0A|$", "SSSEEF06|1|2|$", -14},
        {"SSSEEF06|0A|$", "SSSEEF05|1|$", -14},
        {"SSSEEF06|0A|$", "SSSEEF06|1|", -14},
        {"SSSEEF06|0A|$", "", -14},
        {"", "SSSEEF06|1|$", -14},
        {"SSSEEF06|0A|$", "SSSEEF06|1|$SSSEEF06|1|$", -14},
        {"SSSEEF06|0A|$SSSEEF06|0A|$", "SSSEEF06|1|$", -14},
        {"SSSEEF07|01|$", "SSSEEF07|01|$", -14},
        {"SSSEEF07|$", "SSSEEF07|01|02|$", -14},
        {"SSSEEF06|55|$", "SSSEEF06|1|$", -0x6A83},
        {"SSSEEF33|55|$", "SSSEEF33|1|$", -0x6A82},
        {"DF09EF05|01|$", "DF09EF05|1|$", -0x6A82},
        {"DF04EF08|01|$", "DF04EF08|1|$", -23},
        {"DF02EF07|01|$", "DF02EF07|1^2|$", -23},
        {"DF02EF07|01|$", "DF02EF07|1^2^3^4^5|$", -23},
        /* what is right before it is not written */
        {"SSSEEF06|0A|$SSSEEF06|0C|$", "SSSEEF06|7|$SSSEEF06|x|$", -41},
        {"SSSEEF06|0A|0C|$", "SSSEEF06|7|1101011|$", -42},
    };
    (void)generation;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(kit_write(kit, rows[i].file_addr, rows[i].data), rows[i].code);
        CU_ASSERT_EQUAL(kit->answer.count, 2); /* code and text */
    }
    CU_ASSERT_EQUAL(read_somehow(kit, "SSSEEF06|0A|$"), 0);
    CU_ASSERT_FALSE(kit_says(kit, "2", "7"));
}

static void bad_data_change_nothing(void)
{
    for_each_profile(refusals);
}

static void without_a_psam(struct kit *kit, unsigned generation)
{
    kit_terminal(kit, kit->card_link, NULL);
    CU_ASSERT_EQUAL(kit_write(kit, "SSSEEF06|0A|$", "SSSEEF06|7|$"), -2201);
    struct kit other;
    kit_open(&other, generation == 30 ? kit_profiles[0] : kit_profiles[1]);
    kit_terminal(kit, kit->card_link, other.psam_link);
    int code = kit_write(kit, "SSSEEF06|0A|$", "SSSEEF06|7|$");
    CU_ASSERT_TRUE(generation == 30 ? code == -2202 : code < 0);
    kit_terminal(kit, kit->card_link, kit->psam_link);
    CU_ASSERT_EQUAL(read_somehow(kit, "SSSEEF06|0A|$"), 0);
    CU_ASSERT_FALSE(kit_says(kit, "2", "7"));
    kit_close(&other);
}

static void writing_needs_the_psam(void)
{
    for_each_profile(without_a_psam);
}

/* The card has the city's key for its own: authentication fails, nothing is written, tries count down. */
static void foreign_keys(struct kit *kit, unsigned generation)
{
    (void)generation;
    kit_issue(kit, false, OC_ISSUE_KEY_NOT_DIVERSIFIED);
    CU_ASSERT_EQUAL(kit_write(kit, "SSSEEF06|0A|$", "SSSEEF06|7|$"), -0x63C2);
    CU_ASSERT_EQUAL(kit_write(kit, "SSSEEF06|0A|$", "SSSEEF06|7|$"), -0x63C1);
    CU_ASSERT_EQUAL(kit_write(kit, "SSSEEF06|0A|$", "SSSEEF06|7|$"), -0x63C0);
    CU_ASSERT_EQUAL(kit_write(kit, "SSSEEF06|0A|$", "SSSEEF06|7|$"), -0x6983);
}

static void foreign_keys_do_not_write(void)
{
    for_each_profile(foreign_keys);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"every value is written back", every_value_is_written_back},
        {"new values are read again", new_values_are_read_again},
        {"transparent files are written", transparent_files_are_written},
        {"bad data change nothing", bad_data_change_nothing},
        {"writing needs the PSAM", writing_needs_the_psam},
        {"foreign keys do not write", foreign_keys_do_not_write},
        {NULL, NULL},
    };
    return oc_test_main("terminal write", rows);
}
