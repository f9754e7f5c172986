/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of settlements, and the rules of the region. */
#include "sim/host/medical/money.h"
#include "tests/mutants/host/change.h"

MUTANT_WRAPS(oc_med_split, oc_med_split_line, const oc_med_item *item, const char *med_type, int64_t sum,
             int64_t count);
MUTANT_WRAPS(oc_med_shares, oc_med_settle, const oc_med_case *settled);
MUTANT_WRAPS(int64_t, oc_med_part, int64_t fen, unsigned permille);
MUTANT_WRAPS(bool, oc_med_line_sum, int64_t price, int64_t count, int64_t *fen);
MUTANT_WRAPS(const oc_med_rules *, oc_region_rules, const oc_region *region);

oc_med_split __wrap_oc_med_split_line(const oc_med_item *item, const char *med_type, int64_t sum, int64_t count)
{
    const struct host_change *change = host_change();
    oc_med_split split = __real_oc_med_split_line(item, med_type, sum, count);
    if (change != NULL && change->split != NULL) {
        change->split(item, &split);
    }
    return split;
}

oc_med_shares __wrap_oc_med_settle(const oc_med_case *settled)
{
    const struct host_change *change = host_change();
    oc_med_case own = *settled;
    if (change != NULL && change->before != NULL) {
        change->before(&own);
    }
    oc_med_shares shares = __real_oc_med_settle(&own);
    if (change != NULL && change->after != NULL) {
        change->after(&own, &shares);
    }
    return shares;
}

int64_t __wrap_oc_med_part(int64_t fen, unsigned permille)
{
    const struct host_change *change = host_change();
    return change != NULL && change->part != NULL ? change->part(fen, permille) : __real_oc_med_part(fen, permille);
}

bool __wrap_oc_med_line_sum(int64_t price, int64_t count, int64_t *fen)
{
    const struct host_change *change = host_change();
    return change != NULL && change->line_sum != NULL ? change->line_sum(price, count, fen)
                                                      : __real_oc_med_line_sum(price, count, fen);
}

const oc_med_rules *__wrap_oc_region_rules(const oc_region *region)
{
    static _Thread_local oc_med_rules own;
    const struct host_change *change = host_change();
    const oc_med_rules *rules = __real_oc_region_rules(region);
    if (change == NULL || change->rules == NULL || mutant_running() != MUTANT_HOST) {
        return rules;
    }
    own = *rules;
    change->rules(&own);
    return &own;
}
