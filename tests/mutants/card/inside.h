/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_CARD_INSIDE_H
#define OC_TESTS_MUTANTS_CARD_INSIDE_H

#include "sim/card/card_internal.h"
#include "tests/mutants/frame/mutant.h"

/* What the defects of the virtual card have in common: they look at the chip from inside. */

static inline oc_session *session_of(const struct mutant_chip *chip)
{
    return &chip->card->session;
}

/* Whether `id` was chosen and this is the card's code: for wrapped functions that others call too. */
static inline bool is_card_with(const char *id)
{
    return mutant_running() == MUTANT_CARD && mutant_is(id);
}

static inline bool is_command(oc_span command, uint8_t cla, uint8_t ins)
{
    return mutant_byte(command, 0) == cla && mutant_byte(command, 1) == ins;
}

static inline bool is_done(const oc_wr *response)
{
    return mutant_sw(response) == OC_SW_OK || mutant_sw(response) >> 8 == 0x61;
}

static inline bool is_wrong_try(const oc_wr *response)
{
    return mutant_sw(response) >> 4 == 0x63C;
}

/* The body of a command with Lc. */
static inline oc_span body_of(oc_span command)
{
    return oc_span_slice(command, 5, mutant_byte(command, 4));
}

static inline oc_result answer_only(oc_wr *response, unsigned sw)
{
    response->len = 0;
    oc_wr_u16(response, (uint16_t)sw);
    return oc_ok();
}

static inline oc_result pass_again(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    response->len = 0;
    return mutant_pass(chip, command, response);
}

/* The first key or PIN of that kind (and id, unless OC_KEY_ANY) in a directory. */
static inline bool key_of(const struct mutant_chip *chip, uint32_t dir, int kind, int id, oc_stored_key *out)
{
    const oc_key_query query = {kind, id, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    return oc_key_find(&chip->card->nvm, dir, &query, out);
}

#endif
