/* SPDX-License-Identifier: Apache-2.0 */
/* The PIN: who is believed, and what is counted. */
#include "sim/card/card_internal.h"
#include "tests/mutants/frame/mutant.h"

/* Any PIN is right; it opens what the right one opens. */
static oc_result any_accepted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_VERIFY && mutant_sw(response) >> 4 == 0x63C) {
        chip->card->session.pin_verified = true;
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static oc_result tries_off_by_one(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_VERIFY && mutant_sw(response) > 0x63C0 && mutant_sw(response) < 0x63D0) {
        mutant_set_sw(response, mutant_sw(response) - 1);
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.pin.any-accepted", .exchange = any_accepted},
    {.id = "card.pin.tries-off-by-one", .exchange = tries_off_by_one},
};
MUTANT_TABLE(rows);
