/* SPDX-License-Identifier: Apache-2.0 */
/* The PIN goes to the card and nowhere else: it is neither answered nor noted in a diagnosis. */
#include <stdio.h>

#include "sim/crypto/pin_block.h"
#include "sim/terminal/info.h"

#define INITIAL_PIN "123456" /* what most cards are issued with (ssc-card sheet 7.2) */
#define SEPARATOR 0xFF

/* Packs an argument. Ends the call when it is absent (the holder pressed cancel), not digits, or not 4 to 12 long. */
static oc_result take_pin(struct oc_call *call, const char *name, oc_buf *packed)
{
    oc_span digits = oc_call_arg(call, name);
    if (digits.len == 0) {
        return oc_call_end(call, OC_CODE_PIN_CANCELLED);
    }
    if (!oc_info_all_digits(digits)) {
        return oc_call_end(call, OC_CODE_CHARACTER);
    }
    oc_result r = oc_pin_pack(packed, digits);
    return r.code == OC_E_FORMAT ? oc_call_end(call, OC_CODE_PIN_LENGTH) : r;
}

static bool is_initial(const struct oc_call *call, const char *name)
{
    oc_span initial = oc_call_arg(call, "initial-pin");
    initial = initial.len > 0 ? initial : oc_span_text(INITIAL_PIN);
    return oc_span_equal_secret(oc_call_arg(call, name), initial);
}

/* The card's answer to a command that compares the PIN. */
static oc_result judge(struct oc_call *call)
{
    if ((call->sw.value & 0xFFF0u) == 0x63C0u) {
        char tries[4];
        snprintf(tries, sizeof tries, "%u", call->sw.value & 0x0Fu);
        OC_TRY(oc_fields_set_text(call->answer, "tries", tries));
        return oc_call_end(call, OC_CODE_PIN_WRONG);
    }
    switch (call->sw.value) {
    case OC_SW_OK:
        return oc_ok();
    case OC_SW_BLOCKED:
        return oc_call_end(call, OC_CODE_PIN_LOCKED);
    case OC_SW_WRONG_LENGTH:
        return oc_call_end(call, OC_CODE_PIN_LENGTH);
    default:
        return oc_call_end_sw(call);
    }
}

oc_result oc_step_verify_pin(struct oc_call *call)
{
    oc_buf packed = {0};
    oc_result r = take_pin(call, "pin", &packed);
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        const oc_apdu verify = {.ins = 0x20, .data = oc_buf_span(&packed)};
        r = oc_call_card(call, &verify);
        r = oc_is_ok(r) ? judge(call) : r;
    }
    oc_buf_free(&packed);
    return r;
}

/* After the PIN was found right: whether a typed PIN is the card's must not leak through -35. */
oc_result oc_step_refuse_initial(struct oc_call *call)
{
    return is_initial(call, "pin") ? oc_call_end(call, OC_CODE_INITIAL_PIN) : oc_ok();
}

static oc_result change(struct oc_call *call, oc_buf *data)
{
    OC_TRY(take_pin(call, "old", data));
    size_t old_len = data->len;
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    OC_TRY(oc_buf_append_byte(data, SEPARATOR));
    OC_TRY(take_pin(call, "new", data));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    if (is_initial(call, "new")) {
        return oc_call_end(call, OC_CODE_TO_INITIAL_PIN);
    }
    if (data->len != 2 * old_len + 1) {
        return oc_call_end(call, OC_CODE_PIN_LENGTH);
    }
    const oc_apdu apdu = {.cla = 0x80, .ins = 0x5E, .p1 = 0x01, .data = oc_buf_span(data)};
    OC_TRY(oc_call_card(call, &apdu));
    return judge(call);
}

oc_result oc_step_change_pin(struct oc_call *call)
{
    oc_buf data = {0};
    oc_result r = change(call, &data);
    oc_buf_free(&data);
    return r;
}
