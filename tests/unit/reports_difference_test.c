/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "reports/byte_difference.h"
#include "reports/conclusion.h"
#include "reports/plain_text.h"
#include "tests/support/oc_test.h"

struct shown {
    char text[256];
};

static void show(void *self, const char *at, size_t len, bool differs)
{
    struct shown *shown = self;
    size_t used = strlen(shown->text);
    snprintf(shown->text + used, sizeof shown->text - used, differs ? "[%.*s]" : "%.*s", (int)len, at);
}

static void expect(const char *text, const char *other, const char *marked)
{
    struct shown shown = {{0}};
    oc_byte_difference(text, other, show, &shown);
    CU_ASSERT_STRING_EQUAL(shown.text, marked);
}

static void bytes_are_compared_by_place(void)
{
    expect("9000", "6982", "[9000]");
    expect("470112AA08", "47010CAA99", "4701[12]AA[08]");
    expect("9000", "9000", "9000");
    expect("90ab", "90AB", "90ab");
    expect("0102", "01", "01[02]");
    expect("01", "0102", "01");
    expect("", "0102", "");
    expect("0102", "", "[0102]");
    expect("63C?", "63C2", "63C?");
    expect("61xx", "6110", "61xx");
    expect("01 02 03", "010403", "01 [02 ]03");
}

static void a_reference_is_one_place(void)
{
    expect("00{@pin}FF", "00{@pin}FE", "00{@pin}[FF]");
    expect("00{@pin}FF", "0011FF", "00[{@pin}]FF");
    expect("00{@pin", "00", "00[{@pin]"); /* not bytes: compared as text */
}

static void texts_are_compared_by_their_ends(void)
{
    expect("accepted", "refused", "[accept]ed");
    expect("社会保障", "社会保险", "社会保[障]");
    expect("障卡", "险卡", "[障]卡"); /* the last byte of 障 and of 险 may be the same */
    expect("same", "same", "same");
    expect("", "x", "");
    expect("aa", "aaa", "aa");
    expect("aaa", "aa", "aa[a]");
}

static oc_conclusion_facts facts_of(size_t pass, size_t deviation, size_t fail, size_t error, size_t planned)
{
    oc_conclusion_facts facts = {.planned = planned, .planned_cases = pass + deviation + fail + error};
    facts.counts.of[OC_REPORT_PASS] = pass;
    facts.counts.of[OC_REPORT_DEVIATION] = deviation;
    facts.counts.of[OC_REPORT_FAIL] = fail;
    facts.counts.of[OC_REPORT_ERROR] = error;
    return facts;
}

static void conclusions_follow_the_verdicts(void)
{
    oc_conclusion_facts facts = facts_of(3, 0, 0, 0, 3);
    CU_ASSERT_EQUAL(oc_conclusion_from(&facts), OC_CONCLUSION_CONFORMS);
    facts = facts_of(3, 1, 0, 0, 4);
    CU_ASSERT_EQUAL(oc_conclusion_from(&facts), OC_CONCLUSION_DEVIATES);
    facts.strict = true;
    CU_ASSERT_EQUAL(oc_conclusion_from(&facts), OC_CONCLUSION_NONCONFORMING);
    facts = facts_of(3, 1, 1, 1, 6);
    CU_ASSERT_EQUAL(oc_conclusion_from(&facts), OC_CONCLUSION_NONCONFORMING);
    facts = facts_of(3, 0, 0, 1, 4);
    CU_ASSERT_EQUAL(oc_conclusion_from(&facts), OC_CONCLUSION_UNDECIDED);
    facts = facts_of(3, 0, 0, 0, 4); /* one is missing */
    CU_ASSERT_EQUAL(oc_conclusion_from(&facts), OC_CONCLUSION_UNDECIDED);
    CU_ASSERT_EQUAL(oc_conclusion_facts_missing(&facts), 1);
    facts = facts_of(0, 0, 0, 0, 0); /* nothing ran: silence is no conformance */
    CU_ASSERT_EQUAL(oc_conclusion_from(&facts), OC_CONCLUSION_UNDECIDED);
    facts = facts_of(3, 0, 0, 0, 3);
    facts.interrupted = true;
    CU_ASSERT_EQUAL(oc_conclusion_from(&facts), OC_CONCLUSION_UNDECIDED);
    facts.interrupted = false;
    facts.differences = 1;
    CU_ASSERT_EQUAL(oc_conclusion_from(&facts), OC_CONCLUSION_UNDECIDED);
}

static void expect_plain(const char *text, size_t columns, bool fill, const char *expected)
{
    char *made = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&made, &size);
    oc_plain_text plain;
    oc_plain_text_begin(&plain, out, false);
    oc_plain_text_put(&plain, text, columns, fill);
    oc_plain_text_end(&plain);
    fclose(out);
    CU_ASSERT_STRING_EQUAL(made, expected);
    free(made);
}

static void columns_count_what_is_seen(void)
{
    expect_plain("卡", 4, true, "卡  ");
    expect_plain("ab", 4, true, "ab  ");
    expect_plain("社会保障卡", 7, true, "社会保…");
    expect_plain("社会保障卡", 6, true, "社会… ");
    expect_plain("社会保障卡", 10, true, "社会保障卡");
    expect_plain("abcdef", 0, false, "abcdef");
}

static void nothing_moves_the_cursor(void)
{
    expect_plain("a\x1b[31mb\n\tc\r", 0, false, "a\\u001B[31mb  c\\u000D");
    expect_plain("\xc2\x9b"
                 "31m\xe2\x80\xae",
                 0, false, "\\u009B31m\\u202E");
    expect_plain("\xff\xfe", 0, false, "??");
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"bytes are compared by place", bytes_are_compared_by_place},
        {"a reference is one place", a_reference_is_one_place},
        {"texts are compared by their ends", texts_are_compared_by_their_ends},
        {"conclusions follow the verdicts", conclusions_follow_the_verdicts},
        {"columns count what is seen", columns_count_what_is_seen},
        {"nothing moves the cursor", nothing_moves_the_cursor},
        {NULL, NULL},
    };
    return oc_test_main("reports: differences, conclusions, columns", rows);
}
