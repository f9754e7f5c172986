/* SPDX-License-Identifier: Apache-2.0 */
/* GET CHALLENGE, and how long its bytes are good. */
#include "tests/mutants/card/inside.h"

enum { BLOCK = 8 };

static void put_back(oc_session *session, const oc_session *before)
{
    memcpy(session->challenge, before->challenge, sizeof session->challenge);
    session->challenge_len = before->challenge_len;
}

/* Only success spends it. */
static oc_result kept_by_failure(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_session before = *session_of(chip);
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x00, INS_EXTERNAL_AUTH) && is_wrong_try(response)) {
        put_back(session_of(chip), &before);
    }
    return oc_ok();
}

static oc_result kept_by_wrong_mac(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_session before = *session_of(chip);
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_sw(response) == OC_SW_SM_DATA) {
        put_back(session_of(chip), &before);
    }
    return oc_ok();
}

/* EXTERNAL AUTHENTICATE takes one of another length for 8 bytes: 4 filled up with zeros, of 16 the first. */
static oc_result authenticate_with(struct mutant_chip *chip, oc_span command, oc_wr *response, uint8_t len)
{
    oc_session *session = session_of(chip);
    if (is_command(command, 0x00, INS_EXTERNAL_AUTH) && session->challenge_len == len) {
        if (len < BLOCK) {
            memset(session->challenge + len, 0, BLOCK - len);
        }
        session->challenge_len = BLOCK;
    }
    return mutant_pass(chip, command, response);
}

static oc_result four_filled_up(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return authenticate_with(chip, command, response, 4);
}

static oc_result sixteen_cut(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return authenticate_with(chip, command, response, 16);
}

static oc_result kept_by_warm_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    const oc_session before = *session_of(chip);
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (kind == OC_RESET_WARM) {
        put_back(session_of(chip), &before);
    }
    return oc_ok();
}

static oc_result kept_by_select(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_session before = *session_of(chip);
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) == INS_SELECT) {
        put_back(session_of(chip), &before);
    }
    return oc_ok();
}

/* The generator starts anew with each session. */
static oc_result same_after_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (oc_card_issued(chip->card)) {
        oc_card_reseed(chip->card, 1, "session");
    }
    return oc_ok();
}

/* Half of it is random. */
static oc_result half_random(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    oc_session *session = session_of(chip);
    if (is_command(command, 0x00, INS_GET_CHALLENGE) && mutant_sw(response) == OC_SW_OK && response->len >= 2) {
        size_t half = session->challenge_len / 2;
        memset(session->challenge + half, 0x5A, half);
        memset(response->at + half, 0x5A, half);
    }
    return oc_ok();
}

/* As many bytes as are asked for, up to 16; only 8 serve. */
static oc_result any_length(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    uint8_t wanted = mutant_byte(command, 4);
    if (!is_command(command, 0x00, INS_GET_CHALLENGE) || mutant_sw(response) != OC_SW_WRONG_LENGTH || wanted == 0 ||
        wanted > OC_CHALLENGE_MAX || command.len != 5) {
        return oc_ok();
    }
    OC_TRY(oc_card_random(chip->card, session_of(chip)->challenge, wanted));
    session_of(chip)->challenge_len = wanted;
    response->len = 0;
    oc_wr_bytes(response, oc_span_of(session_of(chip)->challenge, wanted));
    oc_wr_u16(response, OC_SW_OK);
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.challenge.kept-by-failure", .exchange = kept_by_failure},
    {.id = "card.sm.challenge-kept-by-wrong-mac", .exchange = kept_by_wrong_mac},
    {.id = "card.challenge.four-filled-up", .exchange = four_filled_up},
    {.id = "card.challenge.sixteen-cut", .exchange = sixteen_cut},
    {.id = "card.challenge.kept-by-warm-reset", .reset = kept_by_warm_reset},
    {.id = "card.challenge.kept-by-select", .exchange = kept_by_select},
    {.id = "card.challenge.same-after-reset", .reset = same_after_reset},
    {.id = "card.challenge.half-random", .exchange = half_random},
    {.id = "card.challenge.any-length", .exchange = any_length},
};
MUTANT_TABLE(rows);
