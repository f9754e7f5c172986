/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"
#include "sim/crypto/ssc.h"

#define MAC_SIZE 4
#define CHALLENGE_SIZE 8
#define HEADER_MAX 7

/* Class to Lc, then the data. */
static oc_result mac_of(const oc_card_context *context, const oc_key *session, oc_span data, uint8_t mac[MAC_SIZE])
{
    uint8_t message[HEADER_MAX + OC_CARD_LONG_MAX];
    oc_wr wr = oc_wr_of(message, sizeof message);
    const uint8_t header[] = {context->cla, context->ins, context->p1, context->p2};
    oc_wr_bytes(&wr, oc_span_of(header, sizeof header));
    if (context->body.len > UINT8_MAX) {
        oc_wr_u8(&wr, 0);
        oc_wr_u16(&wr, (uint16_t)context->body.len);
    } else {
        oc_wr_u8(&wr, (uint8_t)context->body.len);
    }
    oc_wr_bytes(&wr, data);
    return oc_ssc_mac4(context->crypto, session, oc_span_empty(), oc_wr_span(&wr), mac);
}

static oc_result check(oc_card_context *context, oc_stored_key *key, const oc_key *session, oc_span data)
{
    uint8_t mac[MAC_SIZE];
    OC_TRY(mac_of(context, session, data, mac));
    OC_TRY(oc_key_attempt(context->nvm, key));
    bool right = oc_span_equal_secret(oc_span_slice(context->body, data.len, MAC_SIZE), oc_span_of(mac, sizeof mac));
    return right ? oc_key_restore(context->nvm, key) : oc_card_answer(context, OC_SW_SM_DATA);
}

oc_result oc_card_open_message(oc_card_context *context, oc_stored_key *key, bool allowed, oc_key *session,
                               oc_span *data)
{
    oc_session *card = &context->card->session;
    *session = (oc_key){0};
    unsigned sw = context->body.len < MAC_SIZE            ? OC_SW_WRONG_LENGTH
                  : oc_key_blocked(key)                   ? OC_SW_BLOCKED
                  : !allowed                              ? OC_SW_SECURITY_STATUS
                  : card->challenge_len != CHALLENGE_SIZE ? OC_SW_NO_CHALLENGE
                                                          : OC_SW_OK;
    if (sw != OC_SW_OK) {
        return oc_card_answer(context, sw);
    }
    card->challenge_len = 0;
    *data = oc_span_slice(context->body, 0, context->body.len - MAC_SIZE);
    oc_key root;
    OC_TRY(oc_key_use(key, &root));
    oc_result r = oc_ssc_session(context->crypto, &root, oc_span_of(card->challenge, CHALLENGE_SIZE), session);
    oc_key_wipe(&root);
    if (oc_is_ok(r)) {
        r = check(context, key, session, *data);
    }
    if (!oc_is_ok(r) || !oc_sw_ok(context->sw)) {
        oc_key_wipe(session);
    }
    return r;
}

oc_result oc_card_unwrap(oc_card_context *context)
{
    oc_stored_key stk;
    oc_key_query query = {OC_KEY_KIND_MAINTENANCE, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY, OC_KEY_ANY};
    if (!oc_key_find(context->nvm, context->dir, &query, &stk)) {
        return oc_card_answer(context, OC_SW_KEY_NOT_FOUND);
    }
    oc_key session;
    oc_span data = oc_span_empty();
    oc_result r = oc_card_open_message(context, &stk, true, &session, &data);
    context->body = data;
    oc_key_wipe(&session);
    oc_wipe(&stk, sizeof stk);
    return r;
}
