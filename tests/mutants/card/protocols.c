/* SPDX-License-Identifier: Apache-2.0 */
/* T=1, extended length, long chains and the contactless interface. */
#include "tests/mutants/card/inside.h"

enum { HEAD = 4, SHORT_AT = 5, EXTENDED_AT = 7, CHAIN_BIT = 0x10 };

/* A command with body and Le that is not extended. */
static bool is_case_4(oc_span command)
{
    return command.len > SHORT_AT && mutant_byte(command, HEAD) > 0 &&
           command.len == SHORT_AT + (size_t)mutant_byte(command, HEAD) + 1;
}

/* Its answer waits for GET RESPONSE, as with T=0. */
static oc_result answer_waits(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool cut = is_case_4(command) && mutant_byte(command, 1) == INS_SELECT;
    return mutant_pass(chip, cut ? oc_span_slice(command, 0, command.len - 1) : command, response);
}

/* Le 00 is not "whatever there is". */
static oc_result le_zero_exact(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    size_t len = response->len - 2;
    bool open = mutant_byte(command, 1) == INS_READ_RECORD && command.len == SHORT_AT &&
                mutant_byte(command, HEAD) == 0;
    return open && mutant_sw(response) == OC_SW_OK && len < 256 ? answer_only(response, 0x6C00u | (unsigned)len)
                                                                : oc_ok();
}

/* What lacks at the end of a body is taken for zeros. */
static oc_result short_body_filled(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t bytes[SHORT_AT + UINT8_MAX] = {0};
    size_t whole = SHORT_AT + (size_t)mutant_byte(command, HEAD);
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_sw(response) != OC_SW_WRONG_LENGTH || command.len <= SHORT_AT || command.len >= whole) {
        return oc_ok();
    }
    memcpy(bytes, command.at, command.len);
    return pass_again(chip, oc_span_of(bytes, whole), response);
}

/* Of an extended body the first 255 bytes are written. */
static oc_result extended_write_cut(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint8_t bytes[SHORT_AT + UINT8_MAX];
    bool is_long = mutant_byte(command, 1) == INS_UPDATE_BINARY && mutant_byte(command, HEAD) == 0 &&
                   command.len > EXTENDED_AT + UINT8_MAX;
    if (!is_long) {
        return mutant_pass(chip, command, response);
    }
    memcpy(bytes, command.at, HEAD);
    bytes[HEAD] = UINT8_MAX;
    memcpy(bytes + SHORT_AT, command.at + EXTENDED_AT, UINT8_MAX);
    return mutant_pass(chip, oc_span_of(bytes, sizeof bytes), response);
}

/* What does not fit into the buffer of a chain is dropped. */
static oc_result chain_overflow_dropped(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_chain before = {0};
    bool goes_on = chip->card->chain != NULL && chip->card->chain->open;
    if (goes_on) {
        before = *chip->card->chain;
    }
    OC_TRY(mutant_pass(chip, command, response));
    if (!goes_on || mutant_sw(response) != OC_SW_WRONG_LENGTH) {
        return oc_ok();
    }
    *chip->card->chain = before;
    if ((mutant_byte(command, 0) & CHAIN_BIT) != 0) {
        return answer_only(response, OC_SW_OK);
    }
    const uint8_t bare[HEAD] = {before.head[0], before.head[1], before.head[2], before.head[3]};
    return pass_again(chip, oc_span_of(bare, sizeof bare), response);
}

/* Without contacts the last byte of the history, which is one of the serial, is another. */
static oc_result contactless_factor(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (chip->card->interface == OC_INTERFACE_CONTACTLESS && atr->len > 6) {
        atr->at[atr->len - 2] ^= 0x01; /* the check byte stays right */
        atr->at[atr->len - 1] ^= 0x01;
    }
    return oc_ok();
}

/* No record is read without contacts. */
static oc_result contactless_free_refused(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool reads = is_command(command, 0x00, INS_READ_RECORD) && chip->card->interface == OC_INTERFACE_CONTACTLESS;
    return reads ? answer_only(response, OC_SW_SECURITY_STATUS) : mutant_pass(chip, command, response);
}

static const struct mutant rows[] = {
    {.id = "card.t1.answer-waits", .exchange = answer_waits},
    {.id = "card.t1.le-zero-exact", .exchange = le_zero_exact},
    {.id = "card.t1.short-body-filled", .exchange = short_body_filled},
    {.id = "card.extended.write-cut", .exchange = extended_write_cut},
    {.id = "card.chain.overflow-dropped", .exchange = chain_overflow_dropped},
    {.id = "card.contactless.other-factor", .reset = contactless_factor},
    {.id = "card.contactless.reading-refused", .exchange = contactless_free_refused},
};
MUTANT_TABLE(rows);
