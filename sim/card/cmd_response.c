/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/card/card_internal.h"

/* GET RESPONSE. Less than what waits is given in part, with 61xx for the rest; more is answered 6Cxx and the data
 * stay; nothing waiting is 6985 (project choices within ISO/IEC 7816-4 11.7.1). */
static oc_result get_response(oc_card_context *context)
{
    oc_session *session = &context->card->session;
    size_t wanted = context->le;
    if (session->waiting_len == 0) {
        return oc_card_answer(context, OC_SW_CONDITIONS);
    }
    if (context->le_open && wanted > session->waiting_len) {
        wanted = session->waiting_len;
    }
    if (wanted > session->waiting_len) {
        return oc_card_answer(context, 0x6C00u | (session->waiting_len & 0xFFu));
    }
    oc_wr_bytes(&context->out, oc_span_of(session->waiting + session->waiting_at, wanted));
    oc_wipe(session->waiting + session->waiting_at, wanted);
    session->waiting_at = (uint16_t)(session->waiting_at + wanted);
    session->waiting_len = (uint16_t)(session->waiting_len - wanted);
    return session->waiting_len == 0 ? oc_ok() : oc_card_answer(context, 0x6100u | (session->waiting_len & 0xFFu));
}

static const oc_card_command commands[] = {
    {0x00, 0xC0, 0x00, 0xFF, 0x00, 0xFF, NULL, OC_FLOW_OUT, 0, 0, OC_LIFE_ANY | OC_LIFE_APP_BLOCKED, get_response},
};

const oc_card_family oc_card_response_family = {commands, sizeof commands / sizeof commands[0]};
