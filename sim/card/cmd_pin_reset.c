/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"

/* PIN UNBLOCK and PIN RELOAD: 84 24 after authentication with PUK, secured by a MAC under a session key of STK
 * (ssc-card sheet 6.7 and 7). */

#define PIN_ID 0
#define PUK_ID 0x06
#define MAC_SIZE 4
#define BLOCK_MAX 16
#define RELOAD 0x01 /* P2 */

static bool find(const oc_card_context *context, int kind, int id, oc_stored_key *out)
{
    oc_key_query query = {kind, id, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    return oc_key_find(context->nvm, context->environment, &query, out);
}

/* Length, PIN, 80 00..: as long as the stored PIN, digits only. */
static bool take_pin(const uint8_t *block, size_t size, const oc_stored_key *pin, uint8_t secret[OC_KEY_SIZE])
{
    size_t len = block[0];
    if (len != pin->alg || len + 2 > size || block[1 + len] != 0x80) {
        return false;
    }
    memset(secret, 0xFF, OC_KEY_SIZE);
    for (size_t i = 0; i < len; i++) {
        if (block[1 + i] >> 4 > 9 || (block[1 + i] & 0x0F) > 9) {
            return false;
        }
        secret[i] = block[1 + i];
    }
    for (size_t i = len + 2; i < size; i++) {
        if (block[i] != 0) {
            return false;
        }
    }
    return true;
}

/* The PIN goes in, or stays as it is, with fresh tries in the same write. The card's session is not verified. */
static oc_result set_pin(oc_card_context *context, const oc_key *session, oc_span cipher, oc_stored_key *pin)
{
    uint8_t secret[OC_KEY_SIZE];
    memcpy(secret, pin->secret, sizeof secret);
    if (context->p2 == RELOAD) {
        uint8_t block[BLOCK_MAX];
        OC_TRY(oc_decipher(context->crypto, session, cipher, block));
        bool good = take_pin(block, cipher.len, pin, secret);
        oc_wipe(block, sizeof block);
        if (!good) {
            oc_wipe(secret, sizeof secret);
            return oc_card_answer(context, OC_SW_WRONG_DATA);
        }
    }
    oc_result r = oc_key_replace(context->nvm, pin, secret);
    oc_wipe(secret, sizeof secret);
    context->card->session.pin_verified = false;
    return r;
}

static oc_result reset_with(oc_card_context *context, oc_stored_key *stk, oc_stored_key *pin)
{
    size_t cipher = context->p2 == RELOAD ? oc_alg_block((enum oc_alg)stk->alg) : 0;
    if (context->body.len != cipher + MAC_SIZE) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    oc_key session;
    oc_span data;
    OC_TRY(oc_card_open_message(context, stk, oc_card_key_passed(context->card, PUK_ID), &session, &data));
    oc_result r = oc_sw_ok(context->sw) ? set_pin(context, &session, data, pin) : oc_ok();
    oc_key_wipe(&session);
    return r;
}

static oc_result reset_pin(oc_card_context *context)
{
    oc_stored_key stk;
    oc_stored_key pin;
    if (!find(context, OC_KEY_KIND_MAINTENANCE, OC_KEY_ANY, &stk) || !find(context, OC_KEY_KIND_PIN, PIN_ID, &pin)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_result r = reset_with(context, &stk, &pin);
    oc_wipe(&stk, sizeof stk);
    oc_wipe(&pin, sizeof pin);
    return r;
}

static const oc_card_command commands[] = {
    {0x84, 0x24, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, MAC_SIZE, MAC_SIZE, OC_LIFE_ISSUED | OC_LIFE_CONTACT,
     reset_pin},
    {0x84, 0x24, 0x00, 0xFF, RELOAD, 0xFF, NULL, OC_FLOW_IN, MAC_SIZE + 8, MAC_SIZE + BLOCK_MAX,
     OC_LIFE_ISSUED | OC_LIFE_CONTACT, reset_pin},
};

const oc_card_family oc_card_pin_reset_family = {commands, sizeof commands / sizeof commands[0]};
