/* SPDX-License-Identifier: Apache-2.0 */
/* Rights that end too late or too early. */
#include "tests/mutants/card/inside.h"

enum { LOCAL_KEYS = 16 /* where the bits of the ids with bit 8 begin, bytes */ };

static void forget_keys(oc_session *session)
{
    memset(session->keys, 0, sizeof session->keys);
}

static oc_result master_kept(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    uint32_t environment = session_of(chip)->environment;
    bool held = oc_card_key_passed(chip->card, OC_KEY_MASTER_ID);
    OC_TRY(mutant_pass(chip, command, response));
    if (held && session_of(chip)->environment == environment && mutant_byte(command, 1) == INS_SELECT) {
        oc_card_set_key_passed(chip->card, OC_KEY_MASTER_ID, true);
    }
    return oc_ok();
}

/* Whether the command goes to another directory of the same environment. */
static oc_result pass_and_move(struct mutant_chip *chip, oc_span command, oc_wr *response, bool *moved)
{
    const oc_session before = *session_of(chip);
    OC_TRY(mutant_pass(chip, command, response));
    *moved = session_of(chip)->dir != before.dir && session_of(chip)->environment == before.environment;
    return oc_ok();
}

static oc_result environment_keys_end_with_df(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool moved;
    OC_TRY(pass_and_move(chip, command, response, &moved));
    if (moved) {
        memset(session_of(chip)->keys, 0, LOCAL_KEYS);
    }
    return oc_ok();
}

static oc_result pin_ends_with_df(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool moved;
    OC_TRY(pass_and_move(chip, command, response, &moved));
    session_of(chip)->pin_verified = session_of(chip)->pin_verified && !moved;
    return oc_ok();
}

static oc_result failed_key_ends_pin(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x00, INS_EXTERNAL_AUTH) && is_wrong_try(response)) {
        session_of(chip)->pin_verified = false;
    }
    return oc_ok();
}

static oc_result failed_pin_ends_keys(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x00, INS_VERIFY) && is_wrong_try(response) && mutant_byte(command, 4) > 0) {
        forget_keys(session_of(chip));
    }
    return oc_ok();
}

/* There is one place for the id of the key that was passed. */
static oc_result one_key_at_a_time(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x00, INS_EXTERNAL_AUTH) && mutant_sw(response) == OC_SW_OK) {
        forget_keys(session_of(chip));
        oc_card_set_key_passed(chip->card, mutant_byte(command, 3), true);
    }
    return oc_ok();
}

/* A failed authentication ends the status of every key. */
static oc_result failed_key_ends_others(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x00, INS_EXTERNAL_AUTH) && is_wrong_try(response)) {
        forget_keys(session_of(chip));
    }
    return oc_ok();
}

static bool select_failed(oc_span command, const oc_wr *response)
{
    return mutant_byte(command, 1) == INS_SELECT && mutant_sw(response) == OC_SW_FILE_NOT_FOUND;
}

static oc_result failed_select_ends_rights(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (select_failed(command, response)) {
        session_of(chip)->pin_verified = false;
        forget_keys(session_of(chip));
    }
    return oc_ok();
}

static oc_result failed_select_goes_up(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (select_failed(command, response)) {
        oc_card_enter(chip->card, session_of(chip)->environment);
    }
    return oc_ok();
}

static oc_result change_verifies(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x80, INS_CHANGE_PIN) && mutant_sw(response) == OC_SW_OK) {
        session_of(chip)->pin_verified = true;
    }
    return oc_ok();
}

static oc_result reload_verifies(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x84, 0x24) && mutant_byte(command, 3) == 0x01 && mutant_sw(response) == OC_SW_OK) {
        session_of(chip)->pin_verified = true;
    }
    return oc_ok();
}

static oc_result directory_over_warm_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    uint32_t dir = session_of(chip)->dir;
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (kind == OC_RESET_WARM) {
        oc_card_enter(chip->card, dir);
    }
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.rights.master-key-kept", .exchange = master_kept},
    {.id = "card.rights.environment-keys-end-with-df", .exchange = environment_keys_end_with_df},
    {.id = "card.rights.pin-ends-with-df", .exchange = pin_ends_with_df},
    {.id = "card.rights.failed-key-ends-pin", .exchange = failed_key_ends_pin},
    {.id = "card.rights.failed-pin-ends-keys", .exchange = failed_pin_ends_keys},
    {.id = "card.rights.one-key-at-a-time", .exchange = one_key_at_a_time},
    {.id = "card.rights.failed-key-ends-others", .exchange = failed_key_ends_others},
    {.id = "card.rights.failed-select-ends-rights", .exchange = failed_select_ends_rights},
    {.id = "card.select.failed-goes-up", .exchange = failed_select_goes_up},
    {.id = "card.rights.change-verifies", .exchange = change_verifies},
    {.id = "card.rights.reload-verifies", .exchange = reload_verifies},
    {.id = "card.reset.directory-over-warm-reset", .reset = directory_over_warm_reset},
};
MUTANT_TABLE(rows);
