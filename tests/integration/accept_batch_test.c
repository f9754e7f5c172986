/* SPDX-License-Identifier: Apache-2.0 */
/* onecard accept as its user calls it: clean batches, and what is wrong with cards or with their order, each named. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/base/xml.h"
#include "sim/issuer/issuer.h"
#include "tests/integration/accept_kit.h"

static oc_cli_kit kit;

/* A card whose issuer had the fault, or whose answers hold `to` in place of `from`. */
static void faulty_spec(char spec[2 * PATH_MAX], const oc_made_card *card, int fault, const char *from, const char *to)
{
    snprintf(spec, 2 * PATH_MAX, "exec:exec '%s' '%.1000s' %d %s %s", OC_FAULTY_CARD, card->profile, fault,
             from == NULL ? "" : from, to == NULL ? "" : to);
}

/* What is wrong with each card of the batch, and the findings that say so: all of its FAILs, and no other. */
struct mismatch {
    const char *what;
    oc_alteration alterations[OC_ALTERATIONS_MAX]; /* of the card */
    oc_ordered told;                               /* of the order */
    bool extra;
    int fault;
    const char *findings; /* apart by blanks, with one at the end */
};

static const struct mismatch mismatches[] = {
    {.what = "nothing", .findings = ""},
    {.what = "a rare character of the name was replaced",
     .alterations = {{"样本甲", "样本吉"}},
     .told = {.name = "样本𠮷"},
     .findings = "ACCEPT.ORDER.SSSE-EF06-09 "},
    {.what = "the name is cut in its extension",
     .alterations = {{"<record tag=\"09\" value=\"'样本甲'\"/>",
                      "<record tag=\"09\" value=\"'一二三四五六七八九十一二三四五'\"/>"}},
     .told = {.name = "一二三四五六七八九十一二三四五六"},
     .findings = "ACCEPT.ORDER.SSSE-EF06-09 "},
    {.what = "another expiry date",
     .alterations = {{"20260301", "20270301"}},
     .findings = "ACCEPT.ORDER.SSSE-EF05-06 "},
    {.what = "another sex", .told = {.sex = "男"}, .findings = "ACCEPT.ORDER.SSSE-EF06-0A "},
    {.what = "another birth date",
     .alterations = {{"19851020\"", "19851021\""}},
     .findings = "ACCEPT.ORDER.SSSE-EF06-0D ACCEPT.NUMBERS.BIRTH "},
    {.what = "DF07 is missing",
     .alterations = {{"<structure", "<setting name=\"df07\" value=\"off\"/><structure"},
                     {"<data file=\"DF07/EF05\">", "<!--"},
                     {"</profile>", "--></profile>"}},
     .findings = "ACCEPT.DF.DF07 ACCEPT.EF.DF07-EF05 ACCEPT.EF.DF07-EF06 ACCEPT.EF.DF07-EF07 CARD.SELECT.DIR "},
    {.what = "one record too many", .extra = true, .findings = "ACCEPT.EXTRA.SSSE-EF05 CARD.READ.SSSE-EF05-EXTRA "},
    {.what = "another specification version",
     .alterations = {{"'2.00'", "'1.00'"}},
     .findings = "ACCEPT.ORDER.SSSE-EF05-03 ACCEPT.VERSION "},
    {.what = "keys that are not diversified",
     .fault = OC_ISSUE_KEY_NOT_DIVERSIFIED,
     .findings = "ACCEPT.KEY.IRK-1 ACCEPT.KEY.IRK-2 ACCEPT.KEY.IRK-3 "},
    {.what = "a file is missing", .fault = OC_ISSUE_FILE_MISSING, .findings = "ACCEPT.EF.SSSE-EF08 "},
    {.what = "insurance data that are free to read",
     .alterations = {{"<structure", "<setting name=\"df04-free-read\" value=\"on\"/><structure"}},
     .findings = "ACCEPT.DENIED.DF04-EF05 "},
    {.what = "another PIN", .told = {.pin = "123654"}, .findings = "ACCEPT.PIN "},
};
#define MISMATCHES (sizeof mismatches / sizeof mismatches[0])

static bool names(const char *findings, const char *id)
{
    size_t len = strlen(id);
    for (const char *at = strstr(findings, id); at != NULL; at = strstr(at + 1, id)) {
        if ((at == findings || at[-1] == ' ') && at[len] == ' ') {
            return true;
        }
    }
    return false;
}

/* The verdict of a case in the suite of card `number`. */
static bool is_vector(const char *id)
{
    return strncmp(id, "CARD.", 5) == 0;
}

/* Every finding that is expected is there; and of acceptance's own, none that is not. Vectors may fail for the same
 * reason. A card with nothing wrong fails nothing at all. */
static void expect_findings(const oc_results *results, size_t number, const struct mismatch *mismatch)
{
    char head[16];
    snprintf(head, sizeof head, "%03zu ", number);
    bool clean = mismatch->findings[0] == '\0';
    for (size_t i = 0; i < results->count; i++) {
        const oc_result_case *one = &results->at[i];
        if (strncmp(one->pass, head, strlen(head)) != 0 || !oc_result_case_is(one, "FAIL")) {
            continue;
        }
        bool wanted = names(mismatch->findings, one->id) || (is_vector(one->id) && !clean);
        if (!wanted) {
            printf("\n    %s: unexpected %s: %s\n", mismatch->what, one->id, one->reason);
        }
        CU_ASSERT_TRUE(wanted);
    }
    char list[512];
    snprintf(list, sizeof list, "%s", mismatch->findings);
    char *rest = NULL;
    for (char *id = strtok_r(list, " ", &rest); id != NULL; id = strtok_r(NULL, " ", &rest)) {
        bool there = is_vector(id) || oc_result_case_is(oc_kit_found(results, number, id), "FAIL");
        if (!there) {
            const oc_result_case *one = oc_kit_found(results, number, id);
            printf("\n    %s: %s is %s (%s)\n", mismatch->what, id, one == NULL ? "not there" : one->verdict,
                   one == NULL ? "" : one->reason);
        }
        CU_ASSERT_TRUE(there);
    }
}

static void mismatches_are_named(void)
{
    static char specs[MISMATCHES][2 * PATH_MAX];
    static char csv[OC_KIT_CSV_MAX];
    snprintf(csv, sizeof csv, "%s", oc_kit_headings);
    for (size_t i = 0; i < MISMATCHES; i++) {
        oc_made_card card;
        oc_kit_make_card(&card, &kit, (unsigned)i + 1, mismatches[i].alterations, mismatches[i].extra);
        oc_kit_order(csv, sizeof csv, &card, &mismatches[i].told);
        if (mismatches[i].fault != OC_ISSUE_RIGHT) {
            faulty_spec(specs[i], &card, mismatches[i].fault, NULL, NULL);
        } else {
            oc_kit_spec(specs[i], &card);
        }
    }
    oc_kit_write_order(&kit, csv);
    oc_program program;
    oc_results results;
    oc_kit_accept(&program, &kit, specs, MISMATCHES, NULL);
    CU_ASSERT_EQUAL(program.code, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "Rejected"));
    oc_kit_expect_sheet(&kit);
    oc_results_load(&results, kit.out);
    CU_ASSERT_EQUAL(results.exit_code, 1);
    for (size_t i = 0; i < MISMATCHES; i++) {
        expect_findings(&results, i + 1, &mismatches[i]);
    }
    CU_ASSERT_EQUAL(oc_results_count(&results, "ERROR"), 0);
    const oc_result_case *lot = oc_results_find(&results, "batch", "ACCEPT.LOT.VERDICT");
    CU_ASSERT_TRUE(oc_result_case_is(lot, "FAIL"));
    oc_results_free(&results);
    oc_program_free(&program);
}

/* Numbers that no profile can issue, since the issuer would refuse them. */
static void numbers_are_checked(void)
{
    static const struct mismatch expected[] = {
        {.what = "check digit of the card number", .findings = "ACCEPT.NUMBERS.CARD "},
        {.what = "check digit of the ID number", .findings = "ACCEPT.NUMBERS.ID "},
        {.what = "city in the card id code", .findings = "ACCEPT.CARD-ID.CITY "},
        {.what = "factor in the card id code", .findings = "ACCEPT.CARD-ID.SERIAL "},
        {.what = "provider in the card id code", .findings = "ACCEPT.CARD-ID.LAYOUT "},
        {.what = "sex on the card", .findings = "ACCEPT.ORDER.SSSE-EF06-0A ACCEPT.NUMBERS.SEX "},
        {.what = "organisation", .findings = "ACCEPT.ORGANISATION "},
    };
    enum { COUNT = sizeof expected / sizeof expected[0] };
    static char specs[COUNT][2 * PATH_MAX];
    static char csv[OC_KIT_CSV_MAX];
    snprintf(csv, sizeof csv, "%s", oc_kit_headings);
    for (unsigned i = 0; i < COUNT; i++) {
        oc_made_card card;
        oc_kit_make_card(&card, &kit, i + 1, NULL, false);
        char number[10];
        char id_number[19];
        memcpy(number, card.number, sizeof number);
        memcpy(id_number, card.id_number, sizeof id_number);
        char from[64] = "";
        char to[64] = "";
        oc_ordered told = {.number = NULL};
        if (i == 0) {
            number[8] = number[8] == '1' ? '2' : '1';
            oc_hex_encode(from, sizeof from, oc_span_text(card.number));
            oc_hex_encode(to, sizeof to, oc_span_text(number));
            told.number = number;
        } else if (i == 1) {
            id_number[17] = id_number[17] == '1' ? '2' : '1';
            oc_hex_encode(from, sizeof from, oc_span_text(card.id_number));
            oc_hex_encode(to, sizeof to, oc_span_text(id_number));
            told.id_number = id_number;
        } else if (i == 2) {
            snprintf(from, sizeof from, "990100D156");
            snprintf(to, sizeof to, "990200D156");
        } else if (i == 3) {
            snprintf(from, sizeof from, "D1560000052000");
            snprintf(to, sizeof to, "D1560000052100");
        } else if (i == 4) {
            snprintf(from, sizeof from, "990100D156");
            snprintf(to, sizeof to, "990100D157");
        } else if (i == 5) {
            snprintf(from, sizeof from, "0A0132");
            snprintf(to, sizeof to, "0A0131");
        } else {
            snprintf(from, sizeof from, "9156000002");
            snprintf(to, sizeof to, "9156000003");
        }
        faulty_spec(specs[i], &card, OC_ISSUE_RIGHT, from, to);
        oc_kit_order(csv, sizeof csv, &card, &told);
    }
    oc_kit_write_order(&kit, csv);
    oc_program program;
    oc_results results;
    oc_kit_accept(&program, &kit, specs, COUNT, NULL);
    CU_ASSERT_EQUAL(program.code, 1);
    oc_results_load(&results, kit.out);
    for (size_t i = 0; i < COUNT; i++) {
        expect_findings(&results, i + 1, &expected[i]);
    }
    oc_results_free(&results);
    oc_program_free(&program);
}

/* The same card twice, one that nobody ordered, and a line whose card never came. */
static void batches_are_counted(void)
{
    static char specs[4][2 * PATH_MAX];
    static char csv[OC_KIT_CSV_MAX];
    oc_made_card cards[4];
    snprintf(csv, sizeof csv, "%s", oc_kit_headings);
    for (unsigned i = 0; i < 4; i++) {
        oc_kit_make_card(&cards[i], &kit, i + 1, NULL, false);
        if (i != 2) {
            oc_kit_order(csv, sizeof csv, &cards[i], NULL);
        }
        oc_kit_spec(specs[i], &cards[i == 3 ? 0 : i]);
    }
    oc_kit_write_order(&kit, csv);
    oc_program program;
    oc_results results;
    oc_kit_accept(&program, &kit, specs, 4, NULL);
    CU_ASSERT_EQUAL(program.code, 1);
    oc_results_load(&results, kit.out);
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.CARD.ONCE"), "PASS"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 3, "ACCEPT.CARD.ORDERED"), "FAIL"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 4, "ACCEPT.CARD.ONCE"), "FAIL"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&results, "batch", "ACCEPT.LINE.4"), "INCONCLUSIVE"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_results_find(&results, "batch", "ACCEPT.LOT.VERDICT"), "INCONCLUSIVE"));
    oc_results_free(&results);
    oc_program_free(&program);
}

/* True when any file that was written holds the bytes. */
static bool written(const char *bytes)
{
    static const char *const names_of[] = {"result.xml", "run.journal", "junit.xml", "report.html",
                                           "batch.xml",  "batch.html",  "batch.txt"};
    bool there = false;
    for (size_t i = 0; i < sizeof names_of / sizeof names_of[0]; i++) {
        char path[PATH_MAX];
        oc_buf content = {0};
        oc_temp_path(path, kit.out, names_of[i]);
        OC_ASSERT_OK(oc_file_read(&content, path, OC_BUF_MAX, NULL));
        there = there || (content.len > 0 && memmem(content.at, content.len, bytes, strlen(bytes)) != NULL);
        oc_buf_free(&content);
    }
    return there;
}

static void clean_batch_is_accepted(void)
{
    static char specs[3][2 * PATH_MAX];
    static char csv[OC_KIT_CSV_MAX];
    oc_made_card cards[3];
    char digits[64];
    snprintf(csv, sizeof csv, "%s", oc_kit_headings);
    for (unsigned i = 0; i < 3; i++) {
        oc_kit_make_card(&cards[i], &kit, i + 1, NULL, false);
        oc_kit_order(csv, sizeof csv, &cards[i], &(oc_ordered){.pin = "286719"});
        oc_kit_spec(specs[i], &cards[i]);
    }
    oc_kit_write_order(&kit, csv);
    oc_program program;
    oc_results results;
    oc_kit_accept(&program, &kit, specs, 3, NULL);
    CU_ASSERT_EQUAL(program.code, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "Accepted"));
    oc_results_load(&results, kit.out);
    CU_ASSERT_EQUAL(oc_results_count(&results, "FAIL") + oc_results_count(&results, "DEVIATION"), 0);
    CU_ASSERT_EQUAL(oc_results_count(&results, "ERROR") + oc_results_count(&results, "INCONCLUSIVE"), 0);
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 3, "ACCEPT.KEY.UK-3"), "PASS"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 3, "ACCEPT.ORDER.DF01-EF05-21"), "PASS"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 3, "ACCEPT.PIN"), "PASS"));
    oc_results_free(&results);
    oc_program_free(&program);
    /* neither as text nor as bytes: number, ID number, name, PIN */
    CU_ASSERT_FALSE(written(cards[0].number));
    CU_ASSERT_FALSE(written(cards[0].id_number));
    CU_ASSERT_FALSE(written("样本甲"));
    oc_hex_encode(digits, sizeof digits, oc_span_text(cards[0].id_number));
    CU_ASSERT_FALSE(written(digits));
    oc_hex_encode(digits, sizeof digits, oc_span_text(cards[0].number));
    CU_ASSERT_FALSE(written(digits));
    CU_ASSERT_FALSE(written("0020000003286719"));
    oc_kit_accept(&program, &kit, specs, 3, OC_ARGS("--reveal"));
    CU_ASSERT_EQUAL(program.code, 0);
    CU_ASSERT_TRUE(written(cards[0].number));
    oc_program_free(&program);
}

/* A version of IRK proves the keys of its own version: one that does not match costs UK of that version no try. */
static void each_version_is_proved_by_its_own(void)
{
    static const char from[] = "name=\"IRK\" version=\"2\" alg=\"3DES\" value=\"8C";
    static oc_kit_spec_text specs[1];
    static char csv[OC_KIT_CSV_MAX];
    char folder[PATH_MAX];
    char keys[PATH_MAX + 32];
    oc_buf text = {0};
    oc_made_card card;
    OC_ASSERT_OK(oc_file_read(&text, "vectors/cards/test-keys.xml", OC_BUF_MAX, NULL));
    OC_ASSERT_OK(oc_buf_append(&text, oc_span_of((const uint8_t *)"", 1)));
    char *at = strstr((char *)text.at, from);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    at[strlen(from) - 2] = '4'; /* not the last bit, which is parity */
    oc_temp_write(kit.folder, "false-keys.xml", (const char *)text.at);
    oc_buf_free(&text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(folder, sizeof folder));
    snprintf(keys, sizeof keys, "%.4000s/vectors/cards/test-keys.xml", folder);
    oc_kit_make_card(&card, &kit, 1, (oc_alteration[OC_ALTERATIONS_MAX]){{keys, "false-keys.xml"}}, false);
    snprintf(csv, sizeof csv, "%s", oc_kit_headings);
    oc_kit_order(csv, sizeof csv, &card, NULL);
    oc_kit_spec(specs[0], &card);
    oc_kit_write_order(&kit, csv);
    oc_program program;
    oc_results results;
    oc_kit_accept(&program, &kit, specs, 1, NULL);
    CU_ASSERT_EQUAL(program.code, 1);
    oc_results_load(&results, kit.out);
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.KEY.IRK-2"), "FAIL"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.KEY.UK-1"), "PASS"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.KEY.UK-2"), "INCONCLUSIVE"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.KEY.UK-3"), "PASS"));
    oc_results_free(&results);
    oc_program_free(&program);
}

/* The order and map that are shipped as examples fit the shipped card. */
static void shipped_example_is_accepted(void)
{
    oc_program program;
    oc_kit_command(&program, &kit, "accept",
                   OC_ARGS("-q", "--order", "vectors/orders/order.csv", "--map", "vectors/orders/map.xml", "--card",
                           "virtual:" OC_CARD_3, "-o", kit.out, "--strict"));
    CU_ASSERT_EQUAL(program.code, 0);
    CU_ASSERT_STRING_EQUAL(oc_program_err(&program), "");
    oc_program_free(&program);
}

/* Without keys, PIN and probes a card is still accepted, and the sheet says what was left out. */
static void what_is_left_out_is_said(void)
{
    static char specs[1][2 * PATH_MAX];
    static char csv[OC_KIT_CSV_MAX];
    oc_made_card card;
    snprintf(csv, sizeof csv, "%s", oc_kit_headings);
    oc_kit_make_card(&card, &kit, 1, NULL, false);
    oc_kit_order(csv, sizeof csv, &card, NULL);
    oc_kit_spec(specs[0], &card);
    oc_kit_write_order(&kit, csv);
    oc_program program;
    oc_results results;
    oc_kit_accept(&program, &kit, specs, 1, OC_ARGS("--keys", "none", "--no-probes"));
    CU_ASSERT_EQUAL(program.code, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(oc_program_out(&program), "not assessed on any card: 1, 11, 12, 15, 16, 17, 18, 20, "
                                                            "21, 22, 23, 24, 25, 27"));
    oc_results_load(&results, kit.out);
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.PIN"), "NOT_RUN"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.KEY.UK-1"), "NOT_RUN"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.PROTECTED.SSSE-EF05"), "NOT_RUN"));
    CU_ASSERT_TRUE(oc_result_case_is(oc_kit_found(&results, 1, "ACCEPT.ORDER.DF01-EF05-21"), "NOT_RUN"));
    oc_results_free(&results);
    oc_program_free(&program);
}

int main(void)
{
    const oc_test_row rows[] = {
        {"mismatches are named", mismatches_are_named},
        {"numbers are checked", numbers_are_checked},
        {"batches are counted", batches_are_counted},
        {"a clean batch is accepted", clean_batch_is_accepted},
        {"each version is proved by its own", each_version_is_proved_by_its_own},
        {"the shipped example is accepted", shipped_example_is_accepted},
        {"what is left out is said", what_is_left_out_is_said},
        {NULL, NULL},
    };
    oc_kit_open(&kit);
    int code = oc_test_main("accept", rows);
    oc_kit_close(&kit);
    return code;
}
