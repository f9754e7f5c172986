/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"
#include "sim/crypto/ssc.h"

#define BLOCK 8
#define AUTH_SIZE (2 * BLOCK) /* C || D, or R1 || R2; a version byte may follow */

/* Le 04, 08 or 10 (sheet 7). The bytes serve one cryptogram. */
static oc_result get_challenge(oc_card_context *context)
{
    oc_session *session = &context->card->session;
    size_t len = context->le;
    if (len != 4 && len != 8 && len != OC_CHALLENGE_MAX) {
        return oc_card_answer(context, OC_SW_WRONG_LENGTH);
    }
    OC_TRY(oc_card_random(context->card, session->challenge, len));
    session->challenge_len = (uint8_t)len;
    oc_wr_bytes(&context->out, oc_span_of(session->challenge, len));
    return oc_ok();
}

static int version_of(const oc_card_context *context)
{
    return context->body.len > AUTH_SIZE ? context->body.at[AUTH_SIZE] : OC_KEY_VERSION_DEFAULT;
}

/* An external authentication key, or the directory's master key, whose id is 00 (sheet 6.1). */
static bool find_external(const oc_card_context *context, uint8_t id, oc_stored_key *key)
{
    uint32_t dir = oc_card_key_dir(context, id);
    oc_key_query query = {OC_KEY_KIND_EXTERNAL, id, version_of(context), OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    if (oc_key_find(context->nvm, dir, &query, key)) {
        return true;
    }
    query.kind = OC_KEY_KIND_MASTER;
    return oc_key_find(context->nvm, dir, &query, key);
}

/* What the cryptogram must be, from challenge and D. The challenge is spent here. */
static oc_result expected_cryptogram(oc_card_context *context, const oc_stored_key *stored, uint8_t out[BLOCK])
{
    oc_session *session = &context->card->session;
    oc_key key;
    OC_TRY(oc_key_use(stored, &key));
    session->challenge_len = 0;
    oc_result r = oc_ssc_auth(context->crypto, &key, oc_span_of(session->challenge, BLOCK),
                              oc_span_slice(context->body, BLOCK, BLOCK), out);
    oc_key_wipe(&key);
    return r;
}

static oc_result check_external(oc_card_context *context, oc_stored_key *key)
{
    if (oc_key_blocked(key)) {
        return oc_card_answer(context, OC_SW_BLOCKED);
    }
    if (context->card->session.challenge_len != BLOCK) {
        return oc_card_answer(context, OC_SW_NO_CHALLENGE);
    }
    uint8_t expected[BLOCK];
    OC_TRY(expected_cryptogram(context, key, expected));
    OC_TRY(oc_key_attempt(context->nvm, key));
    bool right = oc_span_equal_secret(oc_span_slice(context->body, 0, BLOCK), oc_span_of(expected, BLOCK));
    oc_wipe(expected, sizeof expected);
    oc_card_set_key_passed(context->card, context->p2, right);
    if (!right) {
        return oc_card_answer(context, oc_sw_tries(oc_key_left(key)).value);
    }
    return oc_key_restore(context->nvm, key);
}

/* C || D [|| version], C as oc_ssc_auth makes it (sheet 6.5, 6.6). */
static oc_result external_authenticate(oc_card_context *context)
{
    oc_stored_key key;
    if (!find_external(context, context->p2, &key)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_result r = check_external(context, &key);
    oc_wipe(&key, sizeof key);
    return r;
}

/* R1 || R2 [|| version] (sheet 6.5, 11 row 11). */
static oc_result internal_authenticate(oc_card_context *context)
{
    oc_stored_key stored;
    oc_key_query query = {OC_KEY_KIND_INTERNAL, 0, version_of(context), OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    if (!oc_key_find(context->nvm, context->environment, &query, &stored)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_key key;
    uint8_t answer[BLOCK];
    oc_result r = oc_key_use(&stored, &key);
    if (oc_is_ok(r)) {
        r = oc_ssc_auth(context->crypto, &key, oc_span_slice(context->body, 0, BLOCK),
                        oc_span_slice(context->body, BLOCK, BLOCK), answer);
    }
    oc_wipe(&stored, sizeof stored);
    oc_key_wipe(&key);
    OC_TRY(r);
    oc_wr_bytes(&context->out, oc_span_of(answer, sizeof answer));
    return oc_ok();
}

static const oc_card_command commands[] = {
    {0x00, 0x84, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_OUT, 0, 0, OC_LIFE_ANY | OC_LIFE_APP_BLOCKED, get_challenge},
    {0x00, 0x82, 0x00, 0xFF, 0x00, 0x00, NULL, OC_FLOW_IN, AUTH_SIZE, AUTH_SIZE + 1,
     OC_LIFE_ISSUED | OC_LIFE_APP_BLOCKED, external_authenticate},
    {0x00, 0x88, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_IN, AUTH_SIZE, AUTH_SIZE + 1, OC_LIFE_ISSUED,
     internal_authenticate},
};

const oc_card_family oc_card_auth_family = {commands, sizeof commands / sizeof commands[0]};
