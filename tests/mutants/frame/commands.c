/* SPDX-License-Identifier: Apache-2.0 */
/* The seam at the command tables: the dispatcher is given altered copies of the rows that the chosen mutant names. */
#include <string.h>

#include "sim/card/card_internal.h"
#include "tests/mutants/frame/making.h"
#include "tests/mutants/frame/mutant.h"

MUTANT_WRAPS(const struct oc_card_row *, oc_card_os_first, const oc_card_os *os, uint8_t cla, uint8_t ins);
MUTANT_WRAPS(const struct oc_card_row *, oc_card_os_next, const oc_card_os *os, const struct oc_card_row *row);

/* A copy is needed until its command is done; commands are within others as deep as a handler asks a card. */
#define COPIES 16

static _Thread_local struct copy {
    struct oc_card_row row;
    oc_card_command command;
    oc_card_handler *right;
} copies[COPIES];
static _Thread_local unsigned last;

static bool is_of(const struct mutant_command *change, const struct oc_card_row *row)
{
    const oc_card_command *command = row->command;
    bool is_none = change->handler == NULL && !change->any_form && change->life == 0 && change->change == NULL;
    if (is_none || change->cla != command->cla || change->ins != command->ins) {
        return false;
    }
    return change->app == NULL
               ? row->app == OC_APP_NONE
               : command >= change->app->commands && command < change->app->commands + change->app->command_count;
}

static const struct mutant_command *change_of(const struct oc_card_row *row)
{
    const struct mutant *mutant = mutant_chosen();
    bool concerns = mutant != NULL && !mutant_making() &&
                    ((mutant_running() == MUTANT_CARD && strncmp(mutant->id, "card.", 5) == 0) ||
                     (mutant_running() == MUTANT_PSAM && strncmp(mutant->id, "psam.", 5) == 0));
    for (size_t i = 0; concerns && i < MUTANT_COMMANDS; i++) {
        if (is_of(&mutant->commands[i], row)) {
            return &mutant->commands[i];
        }
    }
    return NULL;
}

static void alter(oc_card_command *command, const struct mutant_command *change)
{
    command->handler = change->handler == NULL ? command->handler : change->handler;
    command->life |= change->life;
    if (change->any_form) {
        command->parameters = NULL;
        command->p1 = command->p1_mask = command->p2 = command->p2_mask = 0;
        command->lc_min = 0;
        command->lc_max = OC_LC_ANY;
    }
    if (change->change != NULL) {
        change->change(command);
    }
}

static const struct oc_card_row *seen(const struct oc_card_row *row)
{
    const struct mutant_command *change = row == NULL ? NULL : change_of(row);
    if (change == NULL) {
        return row;
    }
    struct copy *copy = &copies[++last % COPIES];
    *copy = (struct copy){*row, *row->command, row->command->handler};
    copy->row.command = &copy->command;
    alter(&copy->command, change);
    return &copy->row;
}

const struct oc_card_row *__wrap_oc_card_os_first(const oc_card_os *os, uint8_t cla, uint8_t ins)
{
    return seen(__real_oc_card_os_first(os, cla, ins));
}

const struct oc_card_row *__wrap_oc_card_os_next(const oc_card_os *os, const struct oc_card_row *row)
{
    return seen(__real_oc_card_os_next(os, row));
}

oc_result mutant_right_handler(oc_card_context *context)
{
    for (unsigned i = 0; i < COPIES; i++) {
        const struct copy *copy = &copies[(last - i) % COPIES];
        const oc_card_command *command = &copy->command;
        if (copy->right != NULL && command->cla == context->cla && command->ins == context->ins &&
            (context->p1 & command->p1_mask) == command->p1 && (context->p2 & command->p2_mask) == command->p2) {
            return copy->right(context);
        }
    }
    return oc_fail(OC_E_INTERNAL);
}
