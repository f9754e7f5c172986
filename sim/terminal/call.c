/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/call.h"

/* A card or PSAM that is not there or silent has a return code (ssc-terminal sheet 4.9). */
static bool is_silence(oc_result r)
{
    return r.code == OC_E_GONE || r.code == OC_E_TIMEOUT || r.code == OC_E_GARBAGE;
}

static oc_result reset(struct oc_call *call, oc_link *link, int gone, int silent)
{
    oc_diag unsaid = {0};
    bool as_code = call->parts->silence_is_code;
    oc_result r = oc_link_reset(link, OC_RESET_COLD, call->response, as_code ? &unsaid : call->diag);
    return as_code && is_silence(r) ? oc_call_end(call, r.code == OC_E_GONE ? gone : silent) : r;
}

oc_result oc_call_reset_card(struct oc_call *call)
{
    return reset(call, call->parts->card, OC_CODE_NO_CARD, OC_CODE_NO_ANSWER);
}

oc_result oc_call_reset_psam(struct oc_call *call)
{
    return reset(call, call->parts->psam, OC_CODE_NO_PSAM, OC_CODE_NO_PSAM);
}

/* The status word of a failed exchange is none, which no caller takes for one of a card. */
static oc_result transmit(struct oc_call *call, oc_link *link, const oc_apdu *apdu, int silent)
{
    oc_diag unsaid = {0};
    bool as_code = call->parts->silence_is_code;
    oc_result r = oc_apdu_transmit(link, apdu, call->response, &call->sw, as_code ? &unsaid : call->diag);
    if (!as_code || !is_silence(r)) {
        return r;
    }
    call->sw = oc_sw_of(0);
    oc_buf_clear(call->response);
    return oc_call_end(call, silent);
}

oc_result oc_call_card(struct oc_call *call, const oc_apdu *apdu)
{
    return transmit(call, call->parts->card, apdu, OC_CODE_NO_ANSWER);
}

oc_result oc_call_psam(struct oc_call *call, const oc_apdu *apdu)
{
    return transmit(call, call->parts->psam, apdu, OC_CODE_NO_PSAM);
}

static oc_result judge(struct oc_call *call, size_t len)
{
    if (oc_call_ended(call)) {
        return oc_ok();
    }
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

oc_result oc_call_select_name(struct oc_call *call, oc_span name)
{
    const oc_apdu select = {.ins = 0xA4, .p1 = 0x04, .data = name, .has_le = true};
    return oc_call_card_for(call, &select, OC_ANY_LENGTH);
}

oc_result oc_call_random(struct oc_call *call, uint8_t *out, size_t len)
{
    return oc_random_bytes(call->parts->random, out, len);
}
