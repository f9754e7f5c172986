/* SPDX-License-Identifier: Apache-2.0 */
/* The purse, as the card answers. */
#include "tests/mutants/frame/mutant.h"

/* Bit 1 of the byte at `at` in what INS_DEBIT FOR PURCHASE gives: TAC, then MAC2. */
static oc_result flip_debit(struct mutant_chip *chip, oc_span command, size_t at, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_DEBIT && response->len == 10) {
        response->at[at] ^= 0x01;
    }
    return oc_ok();
}

static oc_result tac_bit(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return flip_debit(chip, command, 3, response);
}

static oc_result mac2_bit(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return flip_debit(chip, command, 7, response);
}

static oc_result load_tac_bit(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_CREDIT && response->len == 6) {
        response->at[3] ^= 0x01;
    }
    return oc_ok();
}

/* After a debit the balance from before it is shown, until the next reset. */
static oc_result balance_not_debited(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const uint8_t own[5] = {0xB0, INS_GET_BALANCE, 0x00, 0x01, 0x04};
    bool asks = command.len == 5 && memcmp(command.at, own, 5) == 0;
    if (chip->session.count[0] && asks) {
        oc_wr_bytes(response, oc_span_of(chip->session.bytes, chip->session.len));
        return oc_ok();
    }
    if (mutant_byte(command, 1) == INS_INITIALIZE && !chip->session.count[0]) {
        uint8_t room[16];
        oc_wr before = oc_wr_of(room, sizeof room);
        OC_TRY(mutant_pass(chip, oc_span_of(own, sizeof own), &before));
        memcpy(chip->session.bytes, room, before.len);
        chip->session.len = before.len;
    }
    OC_TRY(mutant_pass(chip, command, response));
    bool debited = chip->ins == INS_DEBIT && (mutant_sw(response) == OC_SW_OK || mutant_sw(response) >> 8 == 0x61);
    chip->session.count[0] = chip->session.count[0] || (debited && chip->session.len == 6);
    return oc_ok();
}

static oc_result log_not_written(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_READ_RECORD && mutant_byte(command, 3) == 0x44 &&
        mutant_sw(response) != OC_SW_SECURITY_STATUS) {
        response->len = 0;
        oc_wr_u16(response, OC_SW_RECORD_NOT_FOUND);
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.purchase.tac-bit", .exchange = tac_bit},
    {.id = "card.purchase.mac2-bit", .exchange = mac2_bit},
    {.id = "card.load.tac-bit", .exchange = load_tac_bit},
    {.id = "card.purchase.balance-kept", .exchange = balance_not_debited},
    {.id = "card.purse.log-not-written", .exchange = log_not_written},
};
MUTANT_TABLE(rows);
