/* SPDX-License-Identifier: Apache-2.0 */
/* Who pays how much: the arithmetic of fee lines and settlements. */
#include "sim/host/medical/money.h"
#include "tests/mutants/host/change.h"

static void scope_again(oc_med_split *split)
{
    split->scope = split->sum - split->outside - split->over - split->first;
}

/* Lines */

static void limit_ignored(const oc_med_item *item, oc_med_split *split)
{
    (void)item;
    split->over = 0;
    scope_again(split);
}

/* The limit of a piece is held against the whole line. */
static void limit_of_line(const oc_med_item *item, oc_med_split *split)
{
    if (item != NULL && item->limit > 0 && split->outside == 0) {
        split->over = split->sum > item->limit ? split->sum - item->limit : 0;
        scope_again(split);
    }
}

static void first_ignored(const oc_med_item *item, oc_med_split *split)
{
    (void)item;
    split->first = 0;
    scope_again(split);
}

static void first_of_half(const oc_med_item *item, oc_med_split *split)
{
    (void)item;
    split->first /= 2;
    scope_again(split);
}

static void class_c_in_scope(const oc_med_item *item, oc_med_split *split)
{
    if (item != NULL && strcmp(item->level, "03") == 0) {
        split->outside = 0;
        scope_again(split);
    }
}

static void unlisted_in_scope(const oc_med_item *item, oc_med_split *split)
{
    if (item == NULL || strcmp(item->level, "03") != 0) {
        split->outside = 0;
        scope_again(split);
    }
}

static bool sum_cut(int64_t price, int64_t count, int64_t *fen)
{
    int64_t product;
    if (price < 0 || count < 0 || __builtin_mul_overflow(price, count, &product)) {
        return false;
    }
    *fen = product / 100000000;
    return true;
}

static bool sum_of_rounded_price(int64_t price, int64_t count, int64_t *fen)
{
    int64_t product;
    if (price < 0 || count < 0 || __builtin_mul_overflow((price + 5000) / 10000, count, &product)) {
        return false;
    }
    *fen = (product + 5000) / 10000;
    return true;
}

static int64_t part_cut(int64_t fen, unsigned permille)
{
    return fen * (int64_t)permille / 1000;
}

static int64_t part_in_yuan(int64_t fen, unsigned permille)
{
    return fen * (int64_t)permille / 1000 / 100 * 100;
}

/* Settlements */

static void no_deductible(oc_med_case *settled)
{
    settled->year.deductible = INT32_MAX;
}

static void no_serious(oc_med_case *settled)
{
    settled->serious = NULL;
}

static void level_one(oc_med_case *settled)
{
    settled->level = 1;
}

static void at_home(oc_med_case *settled)
{
    settled->outside = false;
}

static void as_employed(oc_med_case *settled)
{
    settled->psn_type = strcmp(settled->psn_type, "12") == 0 ? "11" : settled->psn_type;
}

static void account_always(oc_med_case *settled)
{
    settled->use_account = true;
}

static void account_never(oc_med_case *settled)
{
    settled->use_account = false;
}

/* The person's share after the fund's was changed to `paid`. */
static void share_again(const oc_med_case *settled, oc_med_shares *shares, int64_t paid)
{
    shares->year.pooled += paid - shares->hifp;
    shares->hifp = paid;
    shares->fund = shares->hifp + shares->hifob + shares->hifmi + shares->injury;
    shares->person = settled->total.sum - shares->fund;
    shares->account = !settled->use_account               ? 0
                      : settled->account < shares->person ? settled->account
                                                          : shares->person;
    shares->cash = shares->person - shares->account;
    shares->balance = settled->account - shares->account;
}

static void no_ceiling(const oc_med_case *settled, oc_med_shares *shares)
{
    if (shares->hifp > 0) {
        share_again(settled, shares,
                    ((settled->total.scope - shares->deductible) * (int64_t)shares->permille + 500) / 1000);
    }
}

static void serious_to_other_fund(const oc_med_case *settled, oc_med_shares *shares)
{
    (void)settled;
    int64_t paid = shares->hifob;
    shares->hifob = shares->hifmi;
    shares->hifmi = paid;
}

static void injury_to_pooled(const oc_med_case *settled, oc_med_shares *shares)
{
    (void)settled;
    shares->hifp += shares->injury;
    shares->injury = 0;
}

/* What is outside the list is paid, too. */
static void rate_of_all(oc_med_case *settled)
{
    settled->total.scope = settled->total.sum;
}

static const struct mutant rows[] =
    {
        {.id = "host.benefit.limit-ignored", .host = &(const struct host_change){.split = limit_ignored}},
        {.id = "host.benefit.limit-of-line", .host = &(const struct host_change){.split = limit_of_line}},
        {.id = "host.benefit.first-ignored", .host = &(const struct host_change){.split = first_ignored}},
        {.id = "host.benefit.first-halved", .host = &(const struct host_change){.split = first_of_half}},
        {.id = "host.benefit.class-c-paid", .host = &(const struct host_change){.split = class_c_in_scope}},
        {.id = "host.benefit.unlisted-paid", .host = &(const struct host_change){.split = unlisted_in_scope}},
        {.id = "host.benefit.line-sum-cut", .host = &(const struct host_change){.line_sum = sum_cut}},
        {.id = "host.benefit.price-rounded", .host = &(const struct host_change){.line_sum = sum_of_rounded_price}},
        {.id = "host.benefit.share-cut", .host = &(const struct host_change){.part = part_cut}},
        {.id = "host.benefit.share-in-yuan", .host = &(const struct host_change){.part = part_in_yuan}},
        {.id = "host.benefit.no-deductible", .host = &(const struct host_change){.before = no_deductible}},
        {.id = "host.benefit.deductible-each-time",
         .host = &(const struct host_change){.sql = {{"SELECT med_type, deductible, pooled, serious FROM year",
                                                      "SELECT med_type, 0 * deductible, pooled, serious FROM year"}}}},
        {.id = "host.benefit.no-ceiling", .host = &(const struct host_change){.after = no_ceiling}},
        {.id = "host.benefit.ceiling-of-a-visit",
         .host = &(const struct host_change){.sql = {{"SELECT med_type, deductible, pooled, serious FROM year",
                                                      "SELECT med_type, deductible, 0 * pooled, serious FROM year"}}}},
        {.id = "host.benefit.ceiling-not-shared",
         .host =
             &(const struct host_change){
                 .sql = {{"SELECT med_type, deductible, pooled, serious FROM year",
                          "SELECT med_type, deductible, iif(med_type = '11', 0, pooled), serious FROM year"}}}},
        {.id = "host.benefit.threshold-of-a-visit",
         .host = &(const struct host_change){.sql = {{"SELECT med_type, deductible, pooled, serious FROM year",
                                                      "SELECT med_type, deductible, pooled, 0 * serious FROM year"}}}},
        {.id = "host.benefit.no-serious", .host = &(const struct host_change){.before = no_serious}},
        {.id = "host.benefit.serious-to-other-fund",
         .host = &(const struct host_change){.after = serious_to_other_fund}},
        {.id = "host.benefit.injury-to-pooled", .host = &(const struct host_change){.after = injury_to_pooled}},
        {.id = "host.benefit.level-one", .host = &(const struct host_change){.before = level_one}},
        {.id = "host.benefit.abroad-as-at-home", .host = &(const struct host_change){.before = at_home}},
        {.id = "host.benefit.retired-as-employed", .host = &(const struct host_change){.before = as_employed}},
        {.id = "host.benefit.all-in-scope", .host = &(const struct host_change){.before = rate_of_all}},
        {.id = "host.account.unasked", .host = &(const struct host_change){.before = account_always}},
        {.id = "host.account.unused", .host = &(const struct host_change){.before = account_never}},
};
MUTANT_TABLE(rows);
