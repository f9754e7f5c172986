/* SPDX-License-Identifier: Apache-2.0 */
/* Two things are wrong at once, and the answer tells of the one that is checked later. */
#include "sim/apps/ssc_purse.h"
#include "tests/mutants/card/inside.h"

/* The challenge is looked for before the key. */
static oc_result challenge_before_key(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t waiting = session_of(chip)->challenge_len;
    OC_TRY(mutant_pass(chip, command, response));
    bool both = is_command(command, 0x00, INS_EXTERNAL_AUTH) && mutant_sw(response) == OC_SW_KEY_NOT_FOUND &&
                waiting == 0;
    return both ? answer_only(response, OC_SW_NO_CHALLENGE) : oc_ok();
}

/* The challenge is looked for before the key's tries. */
static oc_result challenge_before_tries(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t waiting = session_of(chip)->challenge_len;
    OC_TRY(mutant_pass(chip, command, response));
    bool both = is_command(command, 0x00, INS_EXTERNAL_AUTH) && mutant_sw(response) == OC_SW_BLOCKED && waiting == 0;
    return both ? answer_only(response, OC_SW_NO_CHALLENGE) : oc_ok();
}

/* PIN UNBLOCK and RELOAD: the challenge before PUK's status. */
static oc_result challenge_before_right(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t waiting = session_of(chip)->challenge_len;
    OC_TRY(mutant_pass(chip, command, response));
    bool both = is_command(command, 0x84, 0x24) && mutant_sw(response) == OC_SW_SECURITY_STATUS && waiting == 0;
    return both ? answer_only(response, OC_SW_NO_CHALLENGE) : oc_ok();
}

/* A purchase: the balance before the key's index. */
static oc_result balance_before_index(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_ssc_purse purse;
    OC_TRY(mutant_pass(chip, command, response));
    oc_card_context context = {.card = chip->card, .nvm = &chip->card->nvm, .dir = session_of(chip)->dir};
    bool no_index = is_command(command, 0xB0, INS_INITIALIZE) && mutant_byte(command, 2) == 0x01 &&
                    mutant_sw(response) == OC_SW_KEY_INDEX && oc_sw_ok(oc_ssc_purse_open(&context, &purse));
    oc_rd rd = oc_rd_of(oc_span_slice(command, 6, 4));
    return no_index && oc_rd_u32(&rd) > purse.account ? answer_only(response, OC_SW_BALANCE) : oc_ok();
}

/* The PIN's length is looked at when it is known that it may be tried. */
static oc_result blocked_before_length(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key pin;
    OC_TRY(mutant_pass(chip, command, response));
    bool both = is_command(command, 0x00, INS_VERIFY) && mutant_sw(response) == OC_SW_WRONG_LENGTH &&
                mutant_byte(command, 2) == 0 && mutant_byte(command, 3) == 0 && mutant_byte(command, 4) <= 8 &&
                key_of(chip, session_of(chip)->environment, OC_KEY_KIND_PIN, 0, &pin) && oc_key_blocked(&pin);
    return both ? answer_only(response, OC_SW_BLOCKED) : oc_ok();
}

/* READ BINARY: the offset before the right. */
static oc_result offset_before_right(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    uint8_t p1 = mutant_byte(command, 2);
    if (!is_command(command, 0x00, INS_READ_BINARY) || mutant_sw(response) != OC_SW_SECURITY_STATUS) {
        return oc_ok();
    }
    oc_ef ef;
    oc_fs_load_ef(&chip->card->nvm, session_of(chip)->ef, &ef);
    unsigned offset = (p1 & 0x80 ? 0u : (unsigned)p1 << 8) | mutant_byte(command, 3);
    return offset >= ef.size ? answer_only(response, OC_SW_WRONG_OFFSET) : oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.order.challenge-before-key", .exchange = challenge_before_key},
    {.id = "card.order.challenge-before-tries", .exchange = challenge_before_tries},
    {.id = "card.order.challenge-before-right", .exchange = challenge_before_right},
    {.id = "card.order.balance-before-index", .exchange = balance_before_index},
    {.id = "card.order.blocked-before-length", .exchange = blocked_before_length},
    {.id = "card.order.offset-before-right", .exchange = offset_before_right},
};
MUTANT_TABLE(rows);
