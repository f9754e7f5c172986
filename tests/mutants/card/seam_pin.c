/* SPDX-License-Identifier: Apache-2.0 */
/* The PIN, as the card answers. */
#include "sim/card/card_internal.h"
#include "tests/mutants/frame/mutant.h"

/* Any PIN is right; it opens what the right one opens. */
static oc_result pin_any_accepted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_VERIFY && mutant_sw(response) >> 4 == 0x63C) {
        chip->card->session.pin_verified = true;
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

/* What the PIN protects is read without it. */
static oc_result read_without_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    bool reading = chip->ins == INS_READ_RECORD || chip->ins == INS_READ_BINARY;
    if (reading && mutant_sw(response) == OC_SW_SECURITY_STATUS) {
        response->len = 0;
        chip->card->session.pin_verified = true;
        oc_result r = mutant_pass(chip, command, response);
        chip->card->session.pin_verified = false;
        return r;
    }
    return oc_ok();
}

static oc_result pin_tries_off_by_one(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_VERIFY && mutant_sw(response) > 0x63C0 && mutant_sw(response) < 0x63D0) {
        mutant_set_sw(response, mutant_sw(response) - 1);
    }
    return oc_ok();
}

/* Tells the number left after the first wrong PIN for ever; a right one is not blocked either. */
static oc_result pin_tries_not_counted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    unsigned sw = mutant_sw(response);
    if (chip->ins == INS_VERIFY && (sw >> 4 == 0x63C || sw == OC_SW_BLOCKED)) {
        chip->lasting.count[1] = sw > chip->lasting.count[1] && sw >> 4 == 0x63C ? sw : chip->lasting.count[1];
        mutant_set_sw(response, chip->lasting.count[1]);
    }
    return oc_ok();
}

static oc_result pin_change_ignored(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    if (mutant_byte(command, 1) == INS_CHANGE_PIN && command.len > 5) {
        oc_wr_u16(response, OC_SW_OK);
        return oc_ok();
    }
    return mutant_pass(chip, command, response);
}

static const struct mutant rows[] = {
    {.id = "card.pin.any-accepted", .exchange = pin_any_accepted},
    {.id = "card.pin.tries-off-by-one", .exchange = pin_tries_off_by_one},
    {.id = "card.pin.tries-not-counted", .exchange = pin_tries_not_counted},
    {.id = "card.pin.change-ignored", .exchange = pin_change_ignored},
    {.id = "card.read.without-pin", .exchange = read_without_pin},
};
MUTANT_TABLE(rows);
