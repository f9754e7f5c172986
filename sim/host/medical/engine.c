/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/engine.h"

#include <string.h>

#include "sim/host/medical/money.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t not_negative(int64_t a)
{
    return a > 0 ? a : 0;
}

oc_med_split oc_med_split_line(const oc_med_item *item, const char *med_type, int64_t sum, int64_t count)
{
    oc_med_split split = {.sum = sum, .level = item == NULL ? "03" : item->level, .permille = 1000};
    if (item == NULL || strcmp(item->level, "03") == 0 || !oc_med_listed(item->where, med_type)) {
        split.outside = sum;
        return split;
    }
    split.permille = item->permille;
    split.limit = item->limit;
    int64_t allowed;
    /* The limit is fen a piece: 10^-2 yuan to 10^-6. */
    if (item->limit > 0 && oc_med_line_sum(item->limit * 10000, count, &allowed)) {
        split.over = not_negative(sum - allowed);
    }
    split.first = oc_med_part(sum - split.over, item->permille);
    split.scope = sum - split.over - split.first;
    return split;
}

static unsigned rate_of(const oc_med_case *settled)
{
    const oc_med_benefit *benefit = settled->benefit;
    char place = settled->outside ? 'o' : 'i';
    for (size_t i = 0; benefit != NULL && i < benefit->rate_count; i++) {
        const oc_med_rate *rate = &benefit->rates[i];
        if (strcmp(rate->psn_type, settled->psn_type) == 0 && (rate->level == 0 || rate->level == settled->level) &&
            (rate->place == 'a' || rate->place == place)) {
            return rate->permille;
        }
    }
    return 0;
}

/* A second insurance pays a part of what the person himself paid inside the scope above a threshold. */
static void add_serious(const oc_med_case *settled, oc_med_shares *shares, int64_t own)
{
    shares->year.serious = settled->year.serious + own;
    if (settled->serious == NULL) {
        return;
    }
    int64_t before = not_negative(settled->year.serious - settled->serious->threshold);
    int64_t after = not_negative(shares->year.serious - settled->serious->threshold);
    int64_t paid = oc_med_part(after - before, settled->serious->permille);
    if (strcmp(settled->serious->fund, "hifmi_pay") == 0) {
        shares->hifmi = paid;
    } else {
        shares->hifob = paid;
    }
}

oc_med_shares oc_med_settle(const oc_med_case *settled)
{
    const oc_med_benefit *benefit = settled->benefit;
    int64_t scope = settled->total.scope;
    oc_med_shares shares = {.year = settled->year, .permille = rate_of(settled)};
    if (benefit != NULL && benefit->ceiling > 0) {
        shares.ceiling = benefit->ceiling;
        shares.deductible = least(scope, not_negative(benefit->deductible - settled->year.deductible));
        int64_t left = not_negative(benefit->ceiling - settled->year.pooled);
        int64_t paid = least(oc_med_part(scope - shares.deductible, shares.permille), left);
        if (benefit->needs_injury) {
            shares.injury = paid;
        } else {
            shares.hifp = paid;
        }
        shares.year.deductible += shares.deductible;
        shares.year.pooled += paid;
    }
    add_serious(settled, &shares, scope - shares.hifp - shares.injury);
    shares.fund = shares.hifp + shares.hifob + shares.hifmi + shares.injury;
    shares.person = settled->total.sum - shares.fund;
    shares.account = settled->use_account ? least(settled->account, shares.person) : 0;
    shares.cash = shares.person - shares.account;
    shares.balance = settled->account - shares.account;
    return shares;
}

void oc_med_identities_off(const oc_med_amounts *a, int64_t off[OC_MED_IDENTITIES])
{
    bool overdrawn = a->account > a->balance_before;
    int64_t balance = a->balance - (a->balance_before - a->account);
    const int64_t all[OC_MED_IDENTITIES] = {
        a->medfee - (a->outside + a->over + a->first + a->scope),
        a->fund - (a->hifp + a->cvlserv + a->hifes + a->hifmi + a->hifob + a->maf + a->other),
        a->has_details ? a->fund - a->details : 0,
        a->medfee - (a->fund + a->person + a->hospital),
        a->person - (a->account + a->cash + a->mutual),
        !a->has_balance_before      ? 0
        : balance == 0 && overdrawn ? a->account - a->balance_before
                                    : balance,
    };
    memcpy(off, all, sizeof all);
}

const char *oc_med_broken_identity(const oc_med_amounts *amounts, int64_t *off)
{
    static const char *const names[OC_MED_IDENTITIES] = {"A1", "A2", "A3", "A4", "A5", "A6"};
    int64_t all[OC_MED_IDENTITIES];
    oc_med_identities_off(amounts, all);
    for (size_t i = 0; i < OC_MED_IDENTITIES; i++) {
        if (all[i] != 0) {
            *off = all[i];
            return names[i];
        }
    }
    *off = 0;
    return NULL;
}
