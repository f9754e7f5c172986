/* SPDX-License-Identifier: Apache-2.0 */
/* Blocking of directories and of the card, and the states of its life. */
#include "tests/mutants/card/inside.h"

enum { BK = 0x05, FID_SSSE = 0xDDF1, SW_BLOCKED_FILE = 0x6283, BLOCK = 0x1E, UNBLOCK = 0x18, CARD_BLOCK = 0x16 };

/* The card whose command runs. */
static _Thread_local const oc_card *now;

static oc_result follow(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    now = chip->card;
    oc_result r = mutant_pass(chip, command, response);
    now = NULL;
    return r;
}

/* The directories of a blocked environment are not. */
MUTANT_WRAPS(uint8_t, oc_fs_blocked, const oc_nvm *nvm, uint32_t dir);

uint8_t __wrap_oc_fs_blocked(const oc_nvm *nvm, uint32_t dir)
{
    bool below = is_card_with("card.block.environment-alone") && now != NULL && now->session.dir != dir &&
                 now->session.environment == dir;
    return below ? OC_BLOCK_NONE : __real_oc_fs_blocked(nvm, dir);
}

/* What a DF asks for happens to its environment. */
MUTANT_WRAPS(oc_result, oc_fs_set_blocked, oc_nvm *nvm, uint32_t dir, uint8_t blocked);

oc_result __wrap_oc_fs_set_blocked(oc_nvm *nvm, uint32_t dir, uint8_t blocked)
{
    return __real_oc_fs_set_blocked(
        nvm, is_card_with("card.block.whole-environment") ? oc_fs_environment(nvm, dir) : dir, blocked);
}

static oc_result challenge_refused(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool refused = is_command(command, 0x00, INS_GET_CHALLENGE) && session_of(chip)->blocked != OC_BLOCK_NONE;
    return refused ? answer_only(response, OC_SW_NOT_SUPPORTED) : mutant_pass(chip, command, response);
}

/* Temporarily is what it is blocked then, and can be unblocked. */
static oc_result permanent_made_temporary(oc_card_context *context)
{
    bool permanent = __real_oc_fs_blocked(context->nvm, context->dir) == OC_BLOCK_PERMANENT && context->p2 == 0;
    if (permanent) {
        OC_TRY(__real_oc_fs_set_blocked(context->nvm, context->dir, OC_BLOCK_TEMPORARY));
    }
    OC_TRY(mutant_right_handler(context));
    return permanent && !oc_sw_ok(context->sw)
               ? __real_oc_fs_set_blocked(context->nvm, context->dir, OC_BLOCK_PERMANENT)
               : oc_ok();
}

static oc_result without_lock_key(oc_card_context *context)
{
    oc_stored_key lock;
    const oc_key_query query = {OC_KEY_KIND_EXTERNAL, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_USE_LOCK, OC_KEY_ANY, OC_KEY_ANY};
    if (!oc_key_find(context->nvm, context->dir, &query, &lock)) {
        return mutant_right_handler(context);
    }
    bool passed = oc_card_key_passed(context->card, lock.id);
    oc_card_set_key_passed(context->card, lock.id, true);
    OC_TRY(mutant_right_handler(context));
    oc_card_set_key_passed(context->card, lock.id, passed);
    return oc_ok();
}

static oc_result select_silent(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    if (mutant_byte(command, 1) == INS_SELECT && mutant_sw(response) == SW_BLOCKED_FILE) {
        mutant_set_sw(response, OC_SW_OK);
    }
    return oc_ok();
}

/* Unblocking what is not blocked is as if done. */
static oc_result unblock_of_open(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    bool open = is_command(command, 0x84, UNBLOCK) && mutant_sw(response) == OC_SW_CONDITIONS &&
                oc_card_life(chip->card) == OC_CHIP_ISSUED;
    return open ? answer_only(response, OC_SW_OK) : oc_ok();
}

/* CARD BLOCK takes a MAC under STK as well. */
static oc_result card_block_with_stk(oc_card_context *context)
{
    oc_stored_key stk;
    oc_key session;
    oc_span data;
    oc_session *card = &context->card->session;
    const oc_session before = *card;
    const oc_key_query query = {OC_KEY_KIND_MAINTENANCE, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    if (oc_key_find(context->nvm, context->environment, &query, &stk) && !oc_key_blocked(&stk)) {
        OC_TRY(oc_card_open_message(context, &stk, true, &session, &data));
        oc_key_wipe(&session);
        if (oc_sw_ok(context->sw)) {
            return oc_card_set_life(context->card, OC_CHIP_BLOCKED);
        }
        *card = before;
        context->sw = oc_sw_of(OC_SW_OK);
        OC_TRY(oc_key_restore(context->nvm, &stk));
    }
    return mutant_right_handler(context);
}

static oc_result card_block_until_reset(struct mutant_chip *chip, enum oc_reset kind, oc_wr *atr)
{
    OC_TRY(mutant_pass_reset(chip, kind, atr));
    if (oc_card_life(chip->card) == OC_CHIP_BLOCKED) {
        OC_TRY(oc_card_set_life(chip->card, OC_CHIP_ISSUED));
        return oc_nvm_commit(&chip->card->nvm);
    }
    return oc_ok();
}

static oc_result card_block_not_counted(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_stored_key key;
    OC_TRY(mutant_pass(chip, command, response));
    if (is_command(command, 0x84, CARD_BLOCK) && mutant_sw(response) == OC_SW_SM_DATA &&
        key_of(chip, session_of(chip)->environment, OC_KEY_KIND_EXTERNAL, BK, &key)) {
        OC_TRY(oc_key_restore(&chip->card->nvm, &key));
        return oc_nvm_commit(&chip->card->nvm);
    }
    return oc_ok();
}

/* The master key of whatever environment ends the card. */
static oc_result terminate_anywhere(oc_card_context *context)
{
    oc_dir environment;
    oc_stored_key key;
    oc_key session;
    oc_span data;
    oc_fs_load_dir(context->nvm, context->environment, &environment);
    const oc_key_query query = {OC_KEY_KIND_MASTER, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    if (environment.fid == FID_SSSE || !oc_key_find(context->nvm, context->environment, &query, &key)) {
        return mutant_right_handler(context);
    }
    OC_TRY(oc_card_open_message(context, &key, true, &session, &data));
    oc_key_wipe(&session);
    return oc_sw_ok(context->sw) ? oc_card_set_life(context->card, OC_CHIP_TERMINATED) : oc_ok();
}

/* A terminated card answers as a blocked one. */
static oc_result terminated_as_blocked(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    OC_TRY(mutant_pass(chip, command, response));
    bool ended = oc_card_life(chip->card) == OC_CHIP_TERMINATED && mutant_sw(response) == OC_SW_CONDITIONS;
    return ended ? answer_only(response, OC_SW_NOT_SUPPORTED) : oc_ok();
}

/* END OF ISSUING is taken again, without effect. */
static oc_result ends_again(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    bool again = is_command(command, 0x80, 0xE0) && mutant_byte(command, 2) == 0x02 &&
                 oc_card_life(chip->card) == OC_CHIP_ISSUED;
    return again ? answer_only(response, OC_SW_OK) : mutant_pass(chip, command, response);
}

/* What has no transport key may create files. */
static oc_result creates_unproved(struct mutant_chip *chip, oc_span command, oc_wr *response)
{
    oc_session *session = session_of(chip);
    bool checked = session->transport_checked;
    bool creates = is_command(command, 0x80, 0xE0) && mutant_byte(command, 2) == 0x01;
    session->transport_checked = checked || creates;
    OC_TRY(mutant_pass(chip, command, response));
    session->transport_checked = creates ? checked : session->transport_checked;
    return oc_ok();
}

static const struct mutant rows[] = {
    {.id = "card.block.environment-alone", .exchange = follow},
    {.id = "card.block.whole-environment"},
    {.id = "card.block.challenge-refused", .exchange = challenge_refused},
    {.id = "card.block.permanent-made-temporary", .commands = {{0x84, BLOCK, .handler = permanent_made_temporary}}},
    {.id = "card.block.unblock-without-lock-key", .commands = {{0x84, UNBLOCK, .handler = without_lock_key}}},
    {.id = "card.block.select-silent", .exchange = select_silent},
    {.id = "card.block.unblock-of-open", .exchange = unblock_of_open},
    {.id = "card.block.verify-allowed", .commands = {{0x00, INS_VERIFY, .life = OC_LIFE_APP_BLOCKED}}},
    {.id = "card.card-block.with-stk", .commands = {{0x84, CARD_BLOCK, .handler = card_block_with_stk}}},
    {.id = "card.card-block.until-reset", .reset = card_block_until_reset},
    {.id = "card.card-block.not-counted", .exchange = card_block_not_counted},
    {.id = "card.terminate.anywhere", .commands = {{0x84, 0xFE, .handler = terminate_anywhere}}},
    {.id = "card.terminate.as-blocked", .exchange = terminated_as_blocked},
    {.id = "card.life.ends-again", .exchange = ends_again},
    {.id = "card.life.creates-unproved", .exchange = creates_unproved},
    {.id = "card.life.verify-before-end", .commands = {{0x00, INS_VERIFY, .life = OC_LIFE_ISSUING}}},
};
MUTANT_TABLE(rows);
