/* SPDX-License-Identifier: Apache-2.0 */
/* The PIN goes to the card and nowhere else: it is neither answered nor noted in a diagnosis. */
#include "sim/terminal/pin_entry.h"

#define SEPARATOR 0xFF

oc_result oc_step_verify_pin(struct oc_call *call)
{
    struct oc_pin_entry pin;
    OC_TRY(oc_pin_ask(call, "pin", &pin));
    oc_result r = oc_ok();
    if (!oc_call_ended(call)) {
        const oc_apdu verify = {.ins = 0x20, .data = oc_pin_packed(&pin)};
        r = oc_call_card(call, &verify);
        r = oc_is_ok(r) ? oc_pin_judge(call) : r;
        call->session->pin_is_initial = oc_pin_is_initial(call, &pin);
    }
    oc_wipe(&pin, sizeof pin);
    return r;
}

/* After the PIN was found right: whether a typed PIN is the card's must not leak through -35. */
oc_result oc_step_refuse_initial(struct oc_call *call)
{
    return call->session->pin_is_initial ? oc_call_end(call, OC_CODE_INITIAL_PIN) : oc_ok();
}

static oc_result change(struct oc_call *call, const struct oc_pin_entry *old, const struct oc_pin_entry *fresh)
{
    if (oc_pin_is_initial(call, fresh)) {
        return oc_call_end(call, OC_CODE_TO_INITIAL_PIN);
    }
    if (fresh->packed_len != old->packed_len) {
        return oc_call_end(call, OC_CODE_PIN_LENGTH);
    }
    uint8_t data[2 * sizeof fresh->packed + 1];
    oc_wr wr = oc_wr_of(data, sizeof data);
    oc_wr_bytes(&wr, oc_pin_packed(old));
    oc_wr_u8(&wr, SEPARATOR);
    oc_wr_bytes(&wr, oc_pin_packed(fresh));
    const oc_apdu apdu = {.cla = 0x80, .ins = 0x5E, .p1 = 0x01, .data = oc_wr_span(&wr)};
    oc_result r = oc_call_card(call, &apdu);
    oc_wipe(data, sizeof data);
    return oc_is_ok(r) ? oc_pin_judge(call) : r;
}

oc_result oc_step_change_pin(struct oc_call *call)
{
    struct oc_pin_entry old;
    struct oc_pin_entry fresh = {.len = 0};
    oc_result r = oc_pin_ask(call, "old", &old);
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        r = oc_pin_ask_twice(call, &fresh);
    }
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        r = change(call, &old, &fresh);
    }
    oc_wipe(&old, sizeof old);
    oc_wipe(&fresh, sizeof fresh);
    return r;
}
