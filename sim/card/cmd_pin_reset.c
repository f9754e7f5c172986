/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"
#include "sim/crypto/ssc.h"

/* PIN UNBLOCK and PIN RELOAD: 84 24 after authentication with PUK, secured by a MAC under a session key of STK
 * (ssc-card sheet 6.7 and 7). A wrong MAC costs a try of STK (project choice: 4 bytes could be guessed). */

#define PIN_ID 0
#define PUK_ID 0x06
#define MAC_SIZE 4
#define CHALLENGE_SIZE 8
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

static oc_result check_mac(oc_card_context *context, const oc_key *session, oc_stored_key *stk, bool *right)
{
    uint8_t message[5 + BLOCK_MAX];
    oc_wr wr = oc_wr_of(message, sizeof message);
    const uint8_t header[] = {context->cla, context->ins, context->p1, context->p2, context->p3};
    oc_wr_bytes(&wr, oc_span_of(header, sizeof header));
    oc_wr_bytes(&wr, oc_span_slice(context->body, 0, context->body.len - MAC_SIZE));
    uint8_t mac[MAC_SIZE];
    OC_TRY(oc_ssc_mac4(context->crypto, session, oc_span_empty(), oc_wr_span(&wr), mac));
    OC_TRY(oc_key_attempt(context->nvm, stk));
    *right = oc_span_equal_secret(oc_span_slice(context->body, context->body.len - MAC_SIZE, MAC_SIZE),
                                  oc_span_of(mac, sizeof mac));
    return *right ? oc_key_restore(context->nvm, stk) : oc_card_answer(context, OC_SW_SM_DATA);
}

/* The PIN goes in, or stays as it is, with fresh tries in the same write. The card's session is not verified. */
static oc_result set_pin(oc_card_context *context, const oc_key *session, oc_stored_key *pin)
{
    uint8_t secret[OC_KEY_SIZE];
    memcpy(secret, pin->secret, sizeof secret);
    if (context->p2 == RELOAD) {
        uint8_t block[BLOCK_MAX];
        size_t size = context->body.len - MAC_SIZE;
        OC_TRY(oc_decipher(context->crypto, session, oc_span_slice(context->body, 0, size), block));
        bool good = take_pin(block, size, pin, secret);
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
    oc_session *card = &context->card->session;
    size_t cipher = context->p2 == RELOAD ? oc_alg_block((enum oc_alg)stk->alg) : 0;
    if (context->body.len != cipher + MAC_SIZE) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    if (oc_key_blocked(stk)) {
        return oc_card_answer(context, OC_SW_BLOCKED);
    }
    if (!oc_card_key_passed(context->card, PUK_ID)) {
        return oc_card_answer(context, OC_SW_SECURITY_STATUS);
    }
    if (card->challenge_len != CHALLENGE_SIZE) {
        return oc_card_answer(context, OC_SW_NO_CHALLENGE);
    }
    oc_key key;
    oc_key session;
    OC_TRY(oc_key_use(stk, &key));
    card->challenge_len = 0;
    oc_result r = oc_ssc_session(context->crypto, &key, oc_span_of(card->challenge, CHALLENGE_SIZE), &session);
    bool right = false;
    if (oc_is_ok(r)) {
        r = check_mac(context, &session, stk, &right);
    }
    if (oc_is_ok(r) && right) {
        r = set_pin(context, &session, pin);
    }
    oc_key_wipe(&key);
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
    {0x84, 0x24, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, MAC_SIZE, MAC_SIZE, OC_LIFE_ISSUED, reset_pin},
    {0x84, 0x24, 0x00, 0xFF, RELOAD, 0xFF, NULL, OC_FLOW_IN, MAC_SIZE + 8, MAC_SIZE + BLOCK_MAX, OC_LIFE_ISSUED,
     reset_pin},
};

const oc_card_family oc_card_pin_reset_family = {commands, sizeof commands / sizeof commands[0]};
