/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/pin_entry.h"

#include <stdio.h>

#include "sim/crypto/pin_block.h"
#include "sim/terminal/info.h"

static oc_result pack(struct oc_call *call, struct oc_pin_entry *entry)
{
    oc_buf packed = {0};
    oc_result r = oc_pin_pack(&packed, oc_span_of(entry->digits, entry->len));
    if (oc_is_ok(r)) {
        entry->packed_len = packed.len;
        memcpy(entry->packed, packed.at, packed.len);
    }
    oc_buf_free(&packed);
    return r.code == OC_E_FORMAT ? oc_call_end(call, OC_CODE_PIN_LENGTH) : r;
}

oc_result oc_pin_ask(struct oc_call *call, const char *name, struct oc_pin_entry *entry)
{
    *entry = (struct oc_pin_entry){.len = 0};
    oc_wr wr = oc_wr_of(entry->digits, sizeof entry->digits);
    switch (call->keypad.ask(call->keypad.self, name, &wr)) {
    case OC_KEYPAD_CANCELLED:
        return oc_call_end(call, OC_CODE_PIN_CANCELLED);
    case OC_KEYPAD_TIMED_OUT:
        return oc_call_end(call, OC_CODE_PIN_TIMED_OUT);
    case OC_KEYPAD_FAILED:
        return oc_call_end(call, OC_CODE_READER);
    case OC_KEYPAD_ENTERED:
        break;
    }
    if (wr.bad) {
        return oc_call_end(call, OC_CODE_PIN_LENGTH);
    }
    entry->len = wr.len;
    if (entry->len == 0) {
        return oc_call_end(call, OC_CODE_PIN_CANCELLED);
    }
    bool digits = oc_info_all_digits(oc_span_of(entry->digits, entry->len));
    return digits ? pack(call, entry) : oc_call_end(call, OC_CODE_CHARACTER);
}

static oc_result compare(struct oc_call *call, const struct oc_pin_entry *entry)
{
    struct oc_pin_entry again;
    OC_TRY(oc_pin_ask(call, "again", &again));
    bool same = oc_span_equal_secret(oc_span_of(entry->digits, entry->len), oc_span_of(again.digits, again.len));
    oc_wipe(&again, sizeof again);
    return same || oc_call_ended(call) ? oc_ok() : oc_call_end(call, OC_CODE_PIN_DIFFERS);
}

oc_result oc_pin_ask_twice(struct oc_call *call, struct oc_pin_entry *entry)
{
    OC_TRY(oc_pin_ask(call, "new", entry));
    return oc_call_ended(call) ? oc_ok() : compare(call, entry);
}

bool oc_pin_is_initial(const struct oc_call *call, const struct oc_pin_entry *entry)
{
    oc_span initial = oc_call_arg(call, "initial-pin");
    initial = initial.len > 0 ? initial : oc_span_text(call->settings->initial_pin);
    return oc_span_equal_secret(oc_span_of(entry->digits, entry->len), initial);
}

oc_result oc_pin_judge(struct oc_call *call)
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
