/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"

/* APPLICATION BLOCK, APPLICATION UNBLOCK, CARD BLOCK (ssc-card sheet 7) and TERMINATE. Which keys they take is a
 * project choice that follows the one attested command of this kind, PIN UNBLOCK: authentication with the key made for
 * the purpose (LK, where the directory has one), then a MAC under STK. The sheet gives CARD BLOCK a MAC under BK, and
 * that alone. TERMINATE, 84 FE with a MAC under the environment's master key, is ours; ISO/IEC 7816-4 11.10 has a
 * command of that instruction byte without protection. */
#define MAC_SIZE 4
#define BK_ID 0x05
#define FID_SSSE 0xDDF1 /* ssc-card sheet 3 */
#define FOR_EVER 0x01   /* P2 of APPLICATION BLOCK */

static bool find(const oc_card_context *context, uint32_t dir, int kind, int id, int usage, oc_stored_key *key)
{
    oc_key_query query = {kind, id, OC_KEY_ANY, usage, OC_KEY_ANY, OC_KEY_ANY};
    return oc_key_find(context->nvm, dir, &query, key);
}

/* Authenticated with the directory's LK, where it has one. */
static bool lock_key_passed(const oc_card_context *context)
{
    oc_stored_key lock;
    if (!find(context, context->dir, OC_KEY_KIND_EXTERNAL, OC_KEY_ANY, OC_KEY_USE_LOCK, &lock)) {
        return true;
    }
    uint8_t id = lock.id;
    oc_wipe(&lock, sizeof lock);
    return oc_card_key_passed(context->card, id);
}

static oc_result set_blocked(oc_card_context *context, uint8_t blocked)
{
    OC_TRY(oc_fs_set_blocked(context->nvm, context->dir, blocked));
    oc_card_note_blocked(context->card);
    return oc_ok();
}

static oc_result change_block(oc_card_context *context, uint8_t blocked)
{
    oc_stored_key stk;
    if (!find(context, context->dir, OC_KEY_KIND_MAINTENANCE, OC_KEY_ANY, OC_KEY_ANY, &stk)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_key session;
    oc_span data;
    oc_result r = oc_card_open_message(context, &stk, lock_key_passed(context), &session, &data);
    oc_key_wipe(&session);
    oc_wipe(&stk, sizeof stk);
    return oc_is_ok(r) && oc_sw_ok(context->sw) ? set_blocked(context, blocked) : r;
}

static oc_result application_block(oc_card_context *context)
{
    if (oc_fs_blocked(context->nvm, context->dir) == OC_BLOCK_PERMANENT) {
        return oc_card_answer(context, OC_SW_LOCKED);
    }
    return change_block(context, context->p2 == FOR_EVER ? OC_BLOCK_PERMANENT : OC_BLOCK_TEMPORARY);
}

static oc_result application_unblock(oc_card_context *context)
{
    switch (oc_fs_blocked(context->nvm, context->dir)) {
    case OC_BLOCK_TEMPORARY:
        return change_block(context, OC_BLOCK_NONE);
    case OC_BLOCK_NONE:
        return oc_card_answer(context, OC_SW_CONDITIONS);
    default:
        return oc_card_answer(context, OC_SW_LOCKED);
    }
}

/* The chip enters `life` for ever when the message under that key of the environment holds. */
static oc_result end_life(oc_card_context *context, int kind, int id, enum oc_chip_life life)
{
    oc_stored_key key;
    oc_dir environment;
    oc_fs_load_dir(context->nvm, context->environment, &environment);
    if (environment.fid != FID_SSSE) {
        return oc_card_answer(context, OC_SW_CONDITIONS); /* another environment must not end the card */
    }
    if (!find(context, context->environment, kind, id, OC_KEY_ANY, &key)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_key session;
    oc_span data;
    oc_result r = oc_card_open_message(context, &key, true, &session, &data);
    oc_key_wipe(&session);
    oc_wipe(&key, sizeof key);
    return oc_is_ok(r) && oc_sw_ok(context->sw) ? oc_card_set_life(context->card, life) : r;
}

static oc_result card_block(oc_card_context *context)
{
    return end_life(context, OC_KEY_KIND_EXTERNAL, BK_ID, OC_CHIP_BLOCKED);
}

static oc_result terminate(oc_card_context *context)
{
    return end_life(context, OC_KEY_KIND_MASTER, OC_KEY_ANY, OC_CHIP_TERMINATED);
}

#define LIFE (OC_LIFE_ISSUED | OC_LIFE_APP_BLOCKED | OC_LIFE_CONTACT)

static const oc_card_command commands[] = {
    {0x84, 0x1E, 0x00, 0xFF, 0x00, 0xFE, NULL, OC_FLOW_IN, MAC_SIZE, MAC_SIZE, LIFE, application_block},
    {0x84, 0x18, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, MAC_SIZE, MAC_SIZE, LIFE, application_unblock},
    {0x84, 0x16, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, MAC_SIZE, MAC_SIZE, LIFE, card_block},
    {0x84, 0xFE, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, MAC_SIZE, MAC_SIZE, LIFE, terminate},
};

const oc_card_family oc_card_block_family = {commands, sizeof commands / sizeof commands[0]};
