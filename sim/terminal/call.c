/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/call.h"

oc_result oc_call_card(struct oc_call *call, const oc_apdu *apdu)
{
    return oc_apdu_transmit(call->parts->card, apdu, call->response, &call->sw, call->diag);
}

oc_result oc_call_psam(struct oc_call *call, const oc_apdu *apdu)
{
    return oc_apdu_transmit(call->parts->psam, apdu, call->response, &call->sw, call->diag);
}

static oc_result judge(struct oc_call *call, size_t len)
{
    if (!oc_sw_ok(call->sw)) {
        return oc_call_end_sw(call);
    }
    /* 9000 with too little or too much data: the card breaks its own interface */
    return len == OC_ANY_LENGTH || call->response->len == len ? oc_ok() : oc_call_end(call, OC_CODE_DATA_LENGTH);
}

oc_result oc_call_card_for(struct oc_call *call, const oc_apdu *apdu, size_t len)
{
    OC_TRY(oc_call_card(call, apdu));
    return judge(call, len);
}

oc_result oc_call_psam_for(struct oc_call *call, const oc_apdu *apdu, size_t len)
{
    OC_TRY(oc_call_psam(call, apdu));
    return judge(call, len);
}

oc_result oc_call_select_fid(struct oc_call *call, uint16_t fid)
{
    const uint8_t bytes[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    const oc_apdu select = {.ins = 0xA4, .data = oc_span_of(bytes, sizeof bytes), .has_le = true};
    return oc_call_card_for(call, &select, OC_ANY_LENGTH);
}

oc_result oc_call_random(struct oc_call *call, uint8_t *out, size_t len)
{
    return oc_random_bytes(call->parts->random, out, len);
}
