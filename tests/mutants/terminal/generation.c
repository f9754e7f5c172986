/* SPDX-License-Identifier: Apache-2.0 */
/* Generations of cards are confused: 1.0, 2.0 and 3.0. */
#include "sim/terminal/item_table.h"
#include "sim/terminal/key_table.h"
#include "tests/mutants/terminal/seam.h"

MUTANT_WRAPS(const struct oc_terminal_key *, oc_terminal_key_first_generation, const struct oc_terminal_key *key);
MUTANT_WRAPS(const struct oc_item *, oc_item_of_record, bool first_generation, uint16_t dir, uint8_t ef, uint8_t tag);
MUTANT_WRAPS(const struct oc_file_rule *, oc_file_rule_of, bool first_generation, uint16_t dir, uint8_t ef);

const struct oc_terminal_key *__wrap_oc_terminal_key_first_generation(const struct oc_terminal_key *key)
{
    bool later = mutant_is("terminal.generation.later-keys") && mutant_running() == MUTANT_TERMINAL;
    return later ? key : __real_oc_terminal_key_first_generation(key);
}

const struct oc_item *__wrap_oc_item_of_record(bool first_generation, uint16_t dir, uint8_t ef, uint8_t tag)
{
    return __real_oc_item_of_record(first_generation && !mutant_is("terminal.generation.later-items"), dir, ef, tag);
}

const struct oc_file_rule *__wrap_oc_file_rule_of(bool first_generation, uint16_t dir, uint8_t ef)
{
    return __real_oc_file_rule_of(first_generation && !mutant_is("terminal.generation.later-files"), dir, ef);
}

static oc_result first_is_second(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->session->card.first = false;
    return oc_ok();
}

static oc_result second_is_first(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->session->card.first = !call->session->card.third;
    return oc_ok();
}

static oc_result third_is_second(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->session->card.third = false;
    return oc_ok();
}

static oc_result second_is_third(struct oc_call *call, oc_step *right)
{
    OC_TRY(right(call));
    call->session->card.third = !call->session->card.first;
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "terminal.generation.first-is-second", TERMINAL(.steps = {{oc_step_identify, first_is_second}})},
    {.id = "terminal.generation.second-is-first", TERMINAL(.steps = {{oc_step_identify, second_is_first}})},
    {.id = "terminal.generation.third-is-second", TERMINAL(.steps = {{oc_step_identify, third_is_second}})},
    {.id = "terminal.generation.second-is-third", TERMINAL(.steps = {{oc_step_identify, second_is_third}})},
    {.id = "terminal.generation.later-keys"},
    {.id = "terminal.generation.later-items"},
    {.id = "terminal.generation.later-files"},
};
MUTANT_TABLE(rows);
