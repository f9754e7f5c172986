/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of the operating system that leave something out: blocking, secure messaging, the order of checks, tears. */
#include "sim/apps/pki_app.h"
#include "sim/card/card_internal.h"
#include "sim/crypto/ssc.h"
#include "tests/mutants/frame/mutant.h"

#define MAC_SIZE 4
#define UK_ID 0x04

static const oc_card_family *const families[] = {&oc_card_record_family, &oc_card_pin_family, &oc_card_block_family};

/* The built-in row for a command. */
static const oc_card_command *row_of(uint8_t cla, uint8_t ins)
{
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++) {
        for (size_t i = 0; i < families[f]->count; i++) {
            const oc_card_command *row = &families[f]->commands[i];
            if (row->cla == cla && row->ins == ins) {
                return row;
            }
        }
    }
    return NULL;
}

static bool find_stk(const oc_card_context *context, oc_stored_key *key)
{
    const oc_key_query query = {OC_KEY_KIND_MAINTENANCE, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    return oc_key_find(context->nvm, context->dir, &query, key);
}

static oc_result set_blocked(oc_card_context *context, uint8_t blocked)
{
    OC_TRY(oc_fs_set_blocked(context->nvm, context->dir, blocked));
    oc_card_note_blocked(context->card);
    return oc_ok();
}

static uint8_t asked_block(const oc_card_context *context)
{
    return context->p2 == 0x01 ? OC_BLOCK_PERMANENT : OC_BLOCK_TEMPORARY;
}

/* APPLICATION BLOCK and what follows it */

static oc_result block_unproved(oc_card_context *context)
{
    return context->card->session.challenge_len == 8 ? set_blocked(context, asked_block(context))
                                                     : row_of(0x84, 0x1E)->handler(context);
}

/* 9000 when the MAC holds, whatever was authenticated. */
static oc_result check_mac(oc_card_context *context)
{
    oc_stored_key stk;
    if (!find_stk(context, &stk)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_key session;
    oc_span data;
    oc_result r = oc_card_open_message(context, &stk, true, &session, &data);
    oc_key_wipe(&session);
    oc_wipe(&stk, sizeof stk);
    return r;
}

static oc_result block_without_lock_key(oc_card_context *context)
{
    OC_TRY(check_mac(context));
    return oc_sw_ok(context->sw) ? set_blocked(context, asked_block(context)) : oc_ok();
}

static oc_result block_until_reset(oc_card_context *context)
{
    OC_TRY(check_mac(context));
    if (oc_sw_ok(context->sw)) {
        context->card->session.blocked = asked_block(context);
    }
    return oc_ok();
}

static oc_result unblock_for_ever(oc_card_context *context)
{
    OC_TRY(check_mac(context));
    return oc_sw_ok(context->sw) ? set_blocked(context, OC_BLOCK_NONE) : oc_ok();
}

static oc_result read_in_blocked(oc_card_context *context)
{
    return row_of(0x00, 0xB2)->handler(context);
}

static oc_result other_word_in_blocked(oc_card_context *context)
{
    return context->card->session.blocked != OC_BLOCK_NONE ? oc_card_answer(context, OC_SW_CONDITIONS)
                                                           : row_of(0x00, 0xB2)->handler(context);
}

static oc_result card_block_unproved(oc_card_context *context)
{
    return oc_card_set_life(context->card, OC_CHIP_BLOCKED);
}

static oc_result terminate_unproved(oc_card_context *context)
{
    return oc_card_set_life(context->card, OC_CHIP_TERMINATED);
}

/* Secure messaging */

static oc_result update_plainly(oc_card_context *context)
{
    context->cla = 0x00;
    return row_of(0x00, 0xDC)->handler(context);
}

static oc_result secured_unchecked(oc_card_context *context)
{
    context->body = oc_span_slice(context->body, 0, context->body.len - MAC_SIZE);
    return update_plainly(context);
}

/* The MAC is taken over an Lc that leaves it out. */
static oc_result mac_without_its_length(oc_card_context *context)
{
    oc_stored_key stk;
    oc_key key;
    oc_key session;
    uint8_t message[300];
    uint8_t mac[MAC_SIZE];
    size_t len = context->body.len - MAC_SIZE;
    oc_session *card = &context->card->session;
    if (!find_stk(context, &stk) || card->challenge_len != 8) {
        return oc_card_answer(context, OC_SW_NO_CHALLENGE);
    }
    oc_wr wr = oc_wr_of(message, sizeof message);
    const uint8_t header[] = {context->cla, context->ins, context->p1, context->p2, (uint8_t)len};
    oc_wr_bytes(&wr, oc_span_of(header, sizeof header));
    oc_wr_bytes(&wr, oc_span_slice(context->body, 0, len));
    OC_TRY(oc_key_use(&stk, &key));
    OC_TRY(oc_ssc_session(context->crypto, &key, oc_span_of(card->challenge, 8), &session));
    OC_TRY(oc_ssc_mac4(context->crypto, &session, oc_span_empty(), oc_wr_span(&wr), mac));
    card->challenge_len = 0;
    return oc_span_equal(oc_span_slice(context->body, len, MAC_SIZE), oc_span_of(mac, MAC_SIZE))
               ? secured_unchecked(context)
               : oc_card_answer(context, OC_SW_SM_DATA);
}

static oc_result mac_for_right(oc_card_context *context)
{
    bool passed = oc_card_key_passed(context->card, UK_ID);
    oc_card_set_key_passed(context->card, UK_ID, true);
    oc_result r = row_of(0x04, 0xDC)->handler(context);
    oc_card_set_key_passed(context->card, UK_ID, passed);
    return r;
}

static oc_result mac_tries_not_counted(oc_card_context *context)
{
    oc_stored_key stk;
    OC_TRY(row_of(0x04, 0xDC)->handler(context));
    return context->sw.value == OC_SW_SM_DATA && find_stk(context, &stk) ? oc_key_restore(context->nvm, &stk)
                                                                         : oc_ok();
}

/* The order of checks */

static oc_result right_before_form(oc_card_context *context)
{
    const oc_card_command *row = row_of(0x00, 0xDC);
    bool in_environment = context->dir == context->environment; /* where that right is asked for */
    if (in_environment && !oc_card_key_passed(context->card, UK_ID)) {
        return oc_card_answer(context, OC_SW_SECURITY_STATUS);
    }
    if (!row->parameters(context->p1, context->p2)) {
        return oc_card_answer(context, OC_SW_WRONG_P1P2);
    }
    return context->body.len == 0 ? oc_card_answer(context, OC_SW_WRONG_LENGTH) : row->handler(context);
}

static oc_result length_before_parameters(oc_card_context *context)
{
    if (context->body.len != 3 && context->body.len != 0) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    return context->p1 != 0 || context->p2 != 0 ? oc_card_answer(context, OC_SW_WRONG_P1P2)
                                                : row_of(0x00, 0x20)->handler(context);
}

/* Tears */

/* Half of a record is committed before the other half is written. */
static oc_result update_in_halves(oc_card_context *context)
{
    oc_span whole = context->body;
    uint8_t half[256];
    oc_card_context reading = *context;
    uint8_t room[256];
    reading.out = oc_wr_of(room, sizeof room);
    OC_TRY(row_of(0x00, 0xB2)->handler(&reading));
    if (oc_sw_ok(reading.sw) && reading.out.len == whole.len && whole.len > 4) {
        memcpy(half, whole.at, whole.len);
        memcpy(half + whole.len / 2, room + whole.len / 2, whole.len - whole.len / 2);
        context->body = oc_span_of(half, whole.len);
        OC_TRY(row_of(0x00, 0xDC)->handler(context));
        if (!oc_sw_ok(context->sw) || !oc_is_ok(oc_nvm_commit(context->nvm))) {
            return oc_ok();
        }
        context->body = whole;
    }
    return row_of(0x00, 0xDC)->handler(context);
}

/* All tries are given back first, and what was spent before is spent again. */
static oc_result tries_given_back_first(oc_card_context *context)
{
    oc_stored_key pin;
    const oc_key_query query = {OC_KEY_KIND_PIN, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    if (context->body.len > 0 && oc_key_find(context->nvm, context->environment, &query, &pin) &&
        !oc_key_blocked(&pin)) {
        unsigned left = oc_key_left(&pin);
        OC_TRY(oc_key_restore(context->nvm, &pin));
        OC_TRY(oc_nvm_commit(context->nvm));
        while (oc_key_left(&pin) > left) {
            OC_TRY(oc_key_attempt(context->nvm, &pin));
        }
    }
    return row_of(0x00, 0x20)->handler(context);
}

static const struct mutant rows[] = {
    {.id = "card.block.unproved", .commands = {{.cla = 0x84, .ins = 0x1E, .handler = block_unproved}}},
    {.id = "card.block.without-lock-key", .commands = {{.cla = 0x84, .ins = 0x1E, .handler = block_without_lock_key}}},
    {.id = "card.block.until-reset", .commands = {{.cla = 0x84, .ins = 0x1E, .handler = block_until_reset}}},
    {.id = "card.block.unblock-for-ever", .commands = {{.cla = 0x84, .ins = 0x18, .handler = unblock_for_ever}}},
    {.id = "card.block.readable",
     .commands = {{.cla = 0x00, .ins = 0xB2, .handler = read_in_blocked, .life = OC_LIFE_APP_BLOCKED}}},
    {.id = "card.block.other-word",
     .commands = {{.cla = 0x00, .ins = 0xB2, .handler = other_word_in_blocked, .life = OC_LIFE_APP_BLOCKED}}},
    {.id = "card.card-block.unproved", .commands = {{.cla = 0x84, .ins = 0x16, .handler = card_block_unproved}}},
    {.id = "card.terminate.unproved", .commands = {{.cla = 0x84, .ins = 0xFE, .handler = terminate_unproved}}},
    {.id = "card.sm.unchecked", .commands = {{.cla = 0x04, .ins = 0xDC, .handler = secured_unchecked}}},
    {.id = "card.sm.mac-without-its-length",
     .commands = {{.cla = 0x04, .ins = 0xDC, .handler = mac_without_its_length}}},
    {.id = "card.sm.mac-for-right", .commands = {{.cla = 0x04, .ins = 0xDC, .handler = mac_for_right}}},
    {.id = "card.sm.mac-tries-not-counted",
     .commands = {{.cla = 0x04, .ins = 0xDC, .handler = mac_tries_not_counted}}},
    {.id = "card.order.right-before-form",
     .commands = {{.cla = 0x00, .ins = 0xDC, .handler = right_before_form, .any_form = true}}},
    {.id = "card.order.length-before-parameters",
     .commands = {{.cla = 0x00, .ins = 0x20, .handler = length_before_parameters, .any_form = true}}},
    {.id = "card.tear.update-in-halves", .commands = {{.cla = 0x00, .ins = 0xDC, .handler = update_in_halves}}},
    {.id = "card.tear.tries-given-back-first",
     .commands = {{.cla = 0x00, .ins = 0x20, .handler = tries_given_back_first}}},
};
MUTANT_TABLE(rows);
