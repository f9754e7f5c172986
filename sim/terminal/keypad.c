/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/keypad.h"

static enum oc_keypad_outcome ask(void *self, const char *entry, oc_wr *digits)
{
    const oc_fields *args = self;
    oc_span behaviour = oc_fields_span(args, "keypad");
    if (oc_span_equal(behaviour, oc_span_text("cancel"))) {
        return OC_KEYPAD_CANCELLED;
    }
    if (oc_span_equal(behaviour, oc_span_text("timeout"))) {
        return OC_KEYPAD_TIMED_OUT;
    }
    const oc_buf *typed = oc_fields_get(args, entry);
    if (typed == NULL && strcmp(entry, "again") == 0) {
        typed = oc_fields_get(args, "new");
    }
    if (typed == NULL) {
        return OC_KEYPAD_CANCELLED;
    }
    oc_wr_bytes(digits, oc_buf_span(typed));
    return OC_KEYPAD_ENTERED;
}

oc_keypad oc_keypad_of_arguments(const oc_fields *args)
{
    return (oc_keypad){(void *)(uintptr_t)args, ask};
}
