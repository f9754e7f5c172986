/* SPDX-License-Identifier: Apache-2.0 */
/* How commands and answers travel: Lc, Le, 61xx and 6Cxx, chains, extended length, the contactless interface. */
#include "tests/mutants/card/inside.h"

enum { SW_MORE = 0x61, SW_EXACT = 0x6C };

/* GET RESPONSE of more than waits gives what waits. */
static oc_result too_much_given(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) == INS_GET_RESPONSE && mutant_sw(response) >> 8 == SW_EXACT) {
        uint8_t right = (uint8_t)mutant_sw(response);
        response->len = 0;
        return mutant_pass_altered(chip, command, 4, right, response);
    }
    return oc_ok();
}

/* What is not fetched at once is gone. */
static oc_result rest_dropped(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) == INS_GET_RESPONSE && mutant_sw(response) >> 8 == SW_MORE) {
        session_of(chip)->waiting_len = 0;
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

/* What waits is there again after another command. */
static oc_result kept_waiting(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_session before = *session_of(chip);
    OC_TRY(mutant_pass(chip, command, response));
    oc_session *session = session_of(chip);
    if (mutant_byte(command, 1) != INS_GET_RESPONSE && session->waiting_len == 0 && before.waiting_len > 0) {
        memcpy(session->waiting, before.waiting, sizeof session->waiting);
        session->waiting_at = before.waiting_at;
        session->waiting_len = before.waiting_len;
    }
    return oc_ok();
}

/* An answer is fetched as often as one likes. */
static oc_result fetched_twice(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_session before = *session_of(chip);
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) == INS_GET_RESPONSE && mutant_sw(response) == OC_SW_OK) {
        oc_session *session = session_of(chip);
        memcpy(session->waiting, before.waiting, sizeof session->waiting);
        session->waiting_at = before.waiting_at;
        session->waiting_len = before.waiting_len;
    }
    return oc_ok();
}

/* Nothing waits, and GET RESPONSE gives just that. */
static oc_result nothing_given(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    bool nothing = is_command(command, 0x00, INS_GET_RESPONSE) && mutant_sw(response) == OC_SW_CONDITIONS &&
                   oc_card_life(chip->card) == OC_CHIP_ISSUED;
    return nothing ? answer_only(response, OC_SW_OK) : oc_ok();
}

/* 6Cxx counts the status word too. */
static oc_result exact_and_two(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) != INS_GET_RESPONSE && mutant_sw(response) >> 8 == SW_EXACT) {
        mutant_set_sw(response, (SW_EXACT << 8) | ((mutant_sw(response) + 2) & 0xFF));
    }
    return oc_ok();
}

/* Bytes beyond Lc are not looked at. */
static oc_result surplus_ignored(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    size_t whole = 5 + (size_t)mutant_byte(command, 4);
    bool surplus = command.len > whole && mutant_byte(command, 4) > 0;
    return mutant_pass(chip, surplus ? oc_span_slice(command, 0, whole) : command, response);
}

/* A field of data where none belongs is not looked at. */
static oc_result body_ignored(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0xB0, INS_GET_BALANCE) && mutant_sw(response) == OC_SW_WRONG_LENGTH && command.len > 5) {
        const uint8_t bare[5] = {0xB0, INS_GET_BALANCE, mutant_byte(command, 2), mutant_byte(command, 3), 0x00};
        return pass_again(chip, oc_span_of(bare, sizeof bare), response);
    }
    return oc_ok();
}

/* Of another command in mid-chain the answer is right, and the chain goes on behind it. */
static oc_result chain_goes_on(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_chain *chain = chip->card->chain;
    bool was_open = chain != NULL && chain->open;
    if (!was_open) {
        return mutant_pass(chip, command, response);
    }
    oc_chain before = *chain;
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_sw(response) == 0x6883) {
        *chain = before;
    }
    return oc_ok();
}

/* The chain's last command alone is carried out. */
static oc_result chain_last_only(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_chain *chain = chip->card->chain;
    if (chain != NULL && chain->open && (mutant_byte(command, 0) & 0x10) == 0) {
        chain->len = 0;
    }
    return mutant_pass(chip, command, response);
}

/* P1 and P2 of the commands of a chain need not agree. */
static oc_result chain_any_p2(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    const oc_chain *chain = chip->card->chain;
    if (chain != NULL && chain->open && mutant_byte(command, 1) == chain->head[1]) {
        return mutant_pass_altered(chip, command, 3, chain->head[3], response);
    }
    return mutant_pass(chip, command, response);
}

/* A chain is still open after a warm reset. */
static oc_result chain_over_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    oc_chain *chain = chip->card->chain;
    oc_chain before = {0};
    if (chain != NULL) {
        before = *chain;
    }
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (chain != NULL) {
        *chain = before;
    }
    return oc_ok();
}

/* Contactless, one command is taken as with contacts. */
static oc_result as_with_contacts(struct mutant_chip *chip, oc_span command, oc_wr *response, bool is_so)
{
    enum oc_card_interface interface = chip->card->interface;
    OC_TRY(mutant_pass(chip, command, response));
    if (is_so && interface == OC_INTERFACE_CONTACTLESS && mutant_sw(response) == OC_SW_CONDITIONS) {
        oc_card_set_interface(chip->card, OC_INTERFACE_CONTACT);
        oc_result r = pass_again(chip, command, response);
        oc_card_set_interface(chip->card, interface);
        return r;
    }
    return oc_ok();
}

static oc_result contactless_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return as_with_contacts(chip, command, response, is_command(command, 0x00, INS_VERIFY));
}

static oc_result contactless_append(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    return as_with_contacts(chip, command, response, is_command(command, 0x00, 0xE2));
}

static oc_result contactless_purchase(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool is_one = is_command(command, 0xB0, INS_INITIALIZE) || is_command(command, 0xB0, INS_DEBIT);
    return as_with_contacts(chip, command, response, is_one);
}

/* One answer holds 256 bytes, also where more were asked for. */
static oc_result extended_cut(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (command.len >= 7 && mutant_byte(command, 4) == 0 && response->len > OC_CARD_DATA_MAX + 2) {
        unsigned sw = mutant_sw(response);
        response->len = OC_CARD_DATA_MAX + 2;
        mutant_set_sw(response, sw);
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.t0.too-much-given", .exchange = too_much_given},
    {.id = "card.t0.rest-dropped", .exchange = rest_dropped},
    {.id = "card.t0.kept-waiting", .exchange = kept_waiting},
    {.id = "card.t0.fetched-twice", .exchange = fetched_twice},
    {.id = "card.t0.nothing-given", .exchange = nothing_given},
    {.id = "card.t0.exact-and-two", .exchange = exact_and_two},
    {.id = "card.t0.surplus-ignored", .exchange = surplus_ignored},
    {.id = "card.t0.body-ignored", .exchange = body_ignored},
    {.id = "card.chain.goes-on", .exchange = chain_goes_on},
    {.id = "card.chain.last-only", .exchange = chain_last_only},
    {.id = "card.chain.any-p2", .exchange = chain_any_p2},
    {.id = "card.chain.over-reset", .reset = chain_over_reset},
    {.id = "card.contactless.pin", .exchange = contactless_pin},
    {.id = "card.contactless.append", .exchange = contactless_append},
    {.id = "card.contactless.purchase", .exchange = contactless_purchase},
    {.id = "card.extended.cut", .exchange = extended_cut},
};
MUTANT_TABLE(rows);
