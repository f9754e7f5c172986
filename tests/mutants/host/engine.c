/* SPDX-License-Identifier: Apache-2.0 */
/* The arithmetic of a settlement. */
#include "sim/host/medical/engine.h"
#include "tests/mutants/frame/mutant.h"

MUTANT_WRAPS(oc_med_shares, oc_med_settle, const oc_med_case *settled);

oc_med_shares __wrap_oc_med_settle(const oc_med_case *settled)
{
    oc_med_shares shares = __real_oc_med_settle(settled);
    if (mutant_is("host.settle.cash-off-by-one")) {
        shares.cash++;
    }
    return shares;
}

static const struct mutant rows[] = {
    {.id = "host.settle.cash-off-by-one"},
};
MUTANT_TABLE(rows);
