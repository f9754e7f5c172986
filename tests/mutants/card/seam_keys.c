/* SPDX-License-Identifier: Apache-2.0 */
/* Challenges and authentications, as the card answers. */
#include <stdio.h>

#include "tests/mutants/frame/mutant.h"

static oc_result challenge_constant(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    if (mutant_byte(command, 1) == INS_GET_CHALLENGE) {
        oc_card_reseed(chip->card, 1, "constant");
    }
    return mutant_pass(chip, command, response);
}

static oc_result challenge_reusable(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    char label[32];
    if (mutant_byte(command, 1) == INS_GET_CHALLENGE) {
        snprintf(label, sizeof label, "challenge %u", ++chip->lasting.count[0]);
        oc_card_reseed(chip->card, 1, label);
    }
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_EXTERNAL_AUTH && chip->lasting.count[0] > 0) {
        const uint8_t again[5] = {0x00, INS_GET_CHALLENGE, 0x00, 0x00, 0x08};
        uint8_t room[32];
        oc_wr ignored = oc_wr_of(room, sizeof room);
        snprintf(label, sizeof label, "challenge %u", chip->lasting.count[0]);
        oc_card_reseed(chip->card, 1, label);
        return mutant_pass(chip, oc_span_of(again, sizeof again), &ignored);
    }
    return oc_ok();
}

static oc_result version_ignored(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    bool authenticates = chip->ins == INS_EXTERNAL_AUTH || chip->ins == INS_INTERNAL_AUTH;
    if (authenticates && command.len == 5 + 17 && mutant_sw(response) == OC_SW_KEY_NOT_FOUND) {
        response->len = 0;
        return mutant_pass_altered(chip, oc_span_slice(command, 0, 5 + 16), 4, 16, response);
    }
    return oc_ok();
}

static oc_result external_auth_says_yes(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_EXTERNAL_AUTH && mutant_sw(response) >> 4 == 0x63C) {
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

static oc_result internal_auth_halves_swapped(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (chip->ins == INS_INTERNAL_AUTH && response->len == 10) {
        uint8_t half[4];
        memcpy(half, response->at, 4);
        memcpy(response->at, response->at + 4, 4);
        memcpy(response->at + 4, half, 4);
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.challenge.constant", .exchange = challenge_constant},
    {.id = "card.challenge.reusable", .exchange = challenge_reusable},
    {.id = "card.key.version-ignored", .exchange = version_ignored},
    {.id = "card.external-auth.says-yes", .exchange = external_auth_says_yes},
    {.id = "card.internal-auth.halves-swapped", .exchange = internal_auth_halves_swapped},
};
MUTANT_TABLE(rows);
