/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/terminal/info.h"

#define EF05 0x05
#define EF06 0x06

/* The virtual terminal's device number: 32 characters (ssc-terminal sheet 4.4, item 11; the value is ours). */
static const char device_number[] = "ONECARD0000000000000000000000001";

enum item_source { FROM_AREA, FROM_ID, FROM_HISTORICAL, FROM_TEXT, FROM_DIGITS, FROM_TERMINAL, FROM_DEVICE };

/* The eleven items, ssc-terminal sheet 4.4. */
static const struct item {
    enum item_source source;
    uint8_t sfi;
    uint8_t tag;
} items[] = {
    {FROM_AREA, 0, 0},         {FROM_TEXT, EF06, 0x08}, {FROM_TEXT, EF05, 0x07}, {FROM_ID, 0, 0},
    {FROM_TEXT, EF06, 0x09},   {FROM_HISTORICAL, 0, 0}, {FROM_TEXT, EF05, 0x03}, {FROM_DIGITS, EF05, 0x05},
    {FROM_DIGITS, EF05, 0x06}, {FROM_TERMINAL, 0, 0},   {FROM_DEVICE, 0, 0},
};

static oc_result append_record(struct oc_call *call, const struct item *item, oc_buf *out)
{
    oc_span value;
    OC_TRY(oc_info_read_record(call, item->sfi, item->tag, &value));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    return item->source == FROM_TEXT ? oc_info_append_text(call, out, value) : oc_info_append_digits(out, value);
}

static oc_result append_item(struct oc_call *call, const struct item *item, oc_buf *out)
{
    const struct oc_card_facts *card = &call->card;
    switch (item->source) {
    case FROM_AREA:
        return oc_buf_append(out, oc_span_text(card->area));
    case FROM_ID:
        return oc_info_append_hex(out, oc_span_of(card->id, sizeof card->id));
    case FROM_HISTORICAL:
        return oc_info_append_hex(out, oc_span_of(card->historical, card->historical_len));
    case FROM_TERMINAL:
        return oc_info_append_hex(out, oc_span_of(call->terminal_number, sizeof call->terminal_number));
    case FROM_DEVICE:
        return oc_buf_append(out, oc_span_text(device_number));
    case FROM_TEXT:
    case FROM_DIGITS:
        break;
    }
    return append_record(call, item, out);
}

static oc_result read_items(struct oc_call *call, oc_buf *out, oc_buf *item)
{
    for (unsigned i = 0; i < sizeof items / sizeof items[0]; i++) {
        oc_buf_clear(item);
        OC_TRY(append_item(call, &items[i], item));
        if (oc_call_ended(call)) {
            return oc_ok();
        }
        char name[4];
        snprintf(name, sizeof name, "%u", i + 1);
        OC_TRY(oc_fields_set(call->answer, name, oc_buf_span(item)));
        OC_TRY(oc_buf_append(out, oc_buf_span(item)));
        OC_TRY(oc_buf_append_byte(out, '|'));
    }
    return oc_fields_set(call->answer, "out", oc_buf_span(out));
}

oc_result oc_step_basic(struct oc_call *call)
{
    oc_buf out = {0};
    oc_buf item = {0};
    oc_result r = read_items(call, &out, &item);
    oc_buf_free(&out);
    oc_buf_free(&item);
    return r;
}
