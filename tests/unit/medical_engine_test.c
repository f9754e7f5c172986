/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/engine.h"

#include "sim/host/medical/money.h"
#include "tests/support/oc_test.h"

static const oc_med_rate rates[] = {{"11", 3, 'i', 700}, {"11", 0, 'o', 600}};
static const oc_med_benefit benefit = {
    .insutype = "310", .med_type = "11", .deductible = 50000, .ceiling = 200000, .rates = rates, .rate_count = 2};
static const oc_med_serious serious = {"310", "hifob_pay", 100000, 800};

static oc_med_case a_case(int64_t scope, int64_t beside)
{
    return (oc_med_case){.benefit = &benefit,
                         .psn_type = "11",
                         .level = 3,
                         .use_account = true,
                         .account = 10000,
                         .total = {.sum = scope + beside, .scope = scope, .outside = beside}};
}

static oc_med_amounts amounts_of(const oc_med_case *settled, const oc_med_shares *shares)
{
    return (oc_med_amounts){.medfee = settled->total.sum,
                            .outside = settled->total.outside,
                            .scope = settled->total.scope,
                            .hifp = shares->hifp,
                            .hifmi = shares->hifmi,
                            .hifob = shares->hifob,
                            .other = shares->injury,
                            .fund = shares->fund,
                            .details = shares->fund,
                            .has_details = true,
                            .person = shares->person,
                            .account = shares->account,
                            .cash = shares->cash,
                            .balance_before = settled->account,
                            .balance = shares->balance,
                            .has_balance_before = true};
}

static bool keeps_identities(const oc_med_case *settled, const oc_med_shares *shares)
{
    int64_t off;
    oc_med_amounts amounts = amounts_of(settled, shares);
    return oc_med_broken_identity(&amounts, &off) == NULL && off == 0;
}

/* 1,200.00 in scope: 500.00 deductible, 70 per cent of 700.00. */
static void the_fund_pays_above_the_deductible(void)
{
    oc_med_case settled = a_case(120000, 3000);
    oc_med_shares shares = oc_med_settle(&settled);
    CU_ASSERT_EQUAL(shares.deductible, 50000);
    CU_ASSERT_EQUAL(shares.hifp, 49000);
    CU_ASSERT_EQUAL(shares.person, 123000 - 49000);
    CU_ASSERT_EQUAL(shares.account, 10000);
    CU_ASSERT_EQUAL(shares.cash, 123000 - 49000 - 10000);
    CU_ASSERT_TRUE(keeps_identities(&settled, &shares));
    /* What is paid of the deductible is not asked for again. */
    settled.year = shares.year;
    shares = oc_med_settle(&settled);
    CU_ASSERT_EQUAL(shares.deductible, 0);
    CU_ASSERT_EQUAL(shares.hifp, 84000);
}

static void the_ceiling_of_a_year_holds(void)
{
    oc_med_case settled = a_case(1000000, 0);
    oc_med_shares shares = oc_med_settle(&settled);
    CU_ASSERT_EQUAL(shares.hifp, 200000);
    settled.year = shares.year;
    shares = oc_med_settle(&settled);
    CU_ASSERT_EQUAL(shares.hifp, 0);
    CU_ASSERT_TRUE(keeps_identities(&settled, &shares));
}

static void the_place_and_the_level_settle_the_rate(void)
{
    oc_med_case settled = a_case(150000, 0);
    settled.outside = true;
    CU_ASSERT_EQUAL(oc_med_settle(&settled).hifp, 60000);
    settled.outside = false;
    settled.level = 1; /* no rate: the person pays */
    CU_ASSERT_EQUAL(oc_med_settle(&settled).hifp, 0);
    settled.benefit = NULL;
    CU_ASSERT_EQUAL(oc_med_settle(&settled).fund, 0);
}

static void serious_illness_counts_the_year(void)
{
    oc_med_case settled = a_case(120000, 0);
    settled.serious = &serious;
    settled.year.serious = 60000;
    oc_med_shares shares = oc_med_settle(&settled);
    /* 710.00 himself, 1,310.00 in the year: 80 per cent of the 310.00 above 1,000.00. */
    CU_ASSERT_EQUAL(shares.hifp, 49000);
    CU_ASSERT_EQUAL(shares.hifob, 24800);
    CU_ASSERT_EQUAL(shares.year.serious, 131000);
    CU_ASSERT_TRUE(keeps_identities(&settled, &shares));
}

static void a_line_is_split_by_its_item(void)
{
    const oc_med_item a = {.code = "a", .level = "01", .where = "11"};
    const oc_med_item b = {.code = "b", .level = "02", .permille = 100, .limit = 1000, .where = "11 21"};
    oc_med_split split = oc_med_split_line(&a, "11", 2500, 10000);
    CU_ASSERT_EQUAL(split.scope, 2500);
    /* 3 pieces of 12.00, limit 10.00 a piece: 6.00 above, a tenth of 30.00 first. */
    split = oc_med_split_line(&b, "21", 3600, 30000);
    CU_ASSERT_EQUAL(split.over, 600);
    CU_ASSERT_EQUAL(split.first, 300);
    CU_ASSERT_EQUAL(split.scope, 2700);
    CU_ASSERT_EQUAL(oc_med_split_line(&a, "21", 2500, 10000).outside, 2500);
    CU_ASSERT_EQUAL(oc_med_split_line(NULL, "11", 2500, 10000).outside, 2500);
}

static void each_identity_can_break(void)
{
    oc_med_case settled = a_case(120000, 3000);
    oc_med_shares shares = oc_med_settle(&settled);
    const oc_med_amounts sound = amounts_of(&settled, &shares);
    const struct {
        size_t at;
        const char *name;
    } breaks[] = {{offsetof(oc_med_amounts, outside), "A1"}, {offsetof(oc_med_amounts, hifp), "A2"},
                  {offsetof(oc_med_amounts, details), "A3"}, {offsetof(oc_med_amounts, hospital), "A4"},
                  {offsetof(oc_med_amounts, cash), "A5"},    {offsetof(oc_med_amounts, balance), "A6"}};
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        oc_med_amounts broken = sound;
        int64_t off = 0;
        *(int64_t *)(void *)((char *)&broken + breaks[i].at) += 1;
        const char *name = oc_med_broken_identity(&broken, &off);
        CU_ASSERT_PTR_NOT_NULL_FATAL(name);
        CU_ASSERT_STRING_EQUAL(name, breaks[i].name);
        CU_ASSERT_TRUE(off == 1 || off == -1);
    }
}

static void money_is_read_exactly(void)
{
    static const struct {
        const char *text;
        unsigned decimals;
        bool reads;
        int64_t number;
    } rows[] = {{"0.1", 2, true, 10},     {"12.30", 2, true, 1230},
                {"-5", 2, true, -500},    {"999999999999.99", 2, true, 99999999999999},
                {"1.005", 2, false, 0},   {"1.", 2, false, 0},
                {".5", 2, false, 0},      {"", 2, false, 0},
                {"1e3", 2, false, 0},     {" 1", 2, false, 0},
                {"0.000001", 6, true, 1}, {"1234567890123456", 0, false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t number = 0;
        CU_ASSERT_EQUAL(oc_med_decimal_text(rows[i].text, rows[i].decimals, &number), rows[i].reads);
        CU_ASSERT_EQUAL(number, rows[i].number);
    }
    for (int64_t fen = -200000; fen <= 200000; fen += 7) {
        int64_t again = 1;
        json_t *yuan = oc_med_yuan(fen);
        CU_ASSERT_TRUE(oc_med_decimal(yuan, 2, &again));
        CU_ASSERT_EQUAL(again, fen);
        json_decref(yuan);
    }
    json_t *third = json_real(0.335);
    int64_t number;
    CU_ASSERT_FALSE(oc_med_decimal(third, 2, &number));
    json_decref(third);
}

static void parts_are_rounded(void)
{
    int64_t fen;
    CU_ASSERT_EQUAL(oc_med_part(1005, 100), 101);
    CU_ASSERT_EQUAL(oc_med_part(-1005, 100), -101);
    CU_ASSERT_TRUE(oc_med_line_sum(333333, 30000, &fen)); /* 0.333333 x 3 */
    CU_ASSERT_EQUAL(fen, 100);
    CU_ASSERT_TRUE(oc_med_line_sum(10050000, 5000, &fen)); /* 10.05 x 0.5: 5.025 */
    CU_ASSERT_EQUAL(fen, 503);
    CU_ASSERT_FALSE(oc_med_line_sum(INT64_MAX, 2, &fen));
}

int main(void)
{
    static const oc_test_row rows[] = {{"the fund pays above the deductible", the_fund_pays_above_the_deductible},
                                       {"the ceiling of a year holds", the_ceiling_of_a_year_holds},
                                       {"place and level settle the rate", the_place_and_the_level_settle_the_rate},
                                       {"serious illness counts the year", serious_illness_counts_the_year},
                                       {"a line is split by its item", a_line_is_split_by_its_item},
                                       {"each identity can break", each_identity_can_break},
                                       {"money is read exactly", money_is_read_exactly},
                                       {"parts are rounded", parts_are_rounded},
                                       {NULL, NULL}};
    return oc_test_main("medical engine", rows);
}
