/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/info.h"

#define EF05 0x05
#define EF06 0x06

enum item_source {
    FROM_AREA,
    FROM_ID,
    FROM_HISTORICAL,
    FROM_PERSON,
    FROM_VERSION,
    FROM_TEXT,
    FROM_DIGITS,
    FROM_TERMINAL,
    FROM_DEVICE
};

/* The eleven items, ssc-terminal sheet 4.4. */
static const struct item {
    enum item_source source;
    uint8_t sfi;
    uint8_t tag;
} items[] = {
    {FROM_AREA, 0, 0},         {FROM_PERSON, EF06, 0x08}, {FROM_TEXT, EF05, 0x07},    {FROM_ID, 0, 0},
    {FROM_PERSON, EF06, 0x09}, {FROM_HISTORICAL, 0, 0},   {FROM_VERSION, EF05, 0x03}, {FROM_DIGITS, EF05, 0x05},
    {FROM_DIGITS, EF05, 0x06}, {FROM_TERMINAL, 0, 0},     {FROM_DEVICE, 0, 0},
};

/* "3.00", or short "3.0" (ssc-terminal sheet 4.4). */
static oc_result append_version(struct oc_call *call, oc_buf *out, oc_span value)
{
    oc_span text = oc_info_trim(value);
    bool cut = call->settings->version_text == OC_VERSION_SHORT && text.len == 4 && text.at[3] == '0';
    return oc_info_append_text(call, out, oc_span_slice(text, 0, cut ? 3 : SIZE_MAX));
}

static oc_result append_record(struct oc_call *call, const struct item *item, oc_buf *out)
{
    oc_span value;
    OC_TRY(oc_info_read_record(call, item->sfi, item->tag, &value));
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    if (item->source == FROM_VERSION) {
        return append_version(call, out, value);
    }
    return item->source == FROM_DIGITS ? oc_info_append_digits(out, value) : oc_info_append_text(call, out, value);
}

static oc_result append_item(struct oc_call *call, const struct item *item, oc_buf *out)
{
    const struct oc_card_facts *card = &call->session->card;
    switch (item->source) {
    case FROM_AREA:
        return oc_buf_append(out, oc_span_text(card->area));
    case FROM_ID:
        return oc_info_append_hex(out, oc_span_of(card->id, sizeof card->id));
    case FROM_HISTORICAL:
        return oc_info_append_hex(out, oc_span_of(card->historical, card->historical_len));
    case FROM_TERMINAL:
        return oc_info_append_hex(out,
                                  oc_span_of(call->session->terminal_number, sizeof call->session->terminal_number));
    case FROM_DEVICE:
        return oc_buf_append(out, oc_span_text(call->settings->device_number));
    case FROM_PERSON:
        if (card->third && !call->session->has_psam && !call->session->hsm_passed) {
            return oc_ok();
        }
        break;
    case FROM_VERSION:
    case FROM_TEXT:
    case FROM_DIGITS:
        break;
    }
    return append_record(call, item, out);
}

static oc_result read_items(struct oc_call *call, oc_buf *out)
{
    for (unsigned i = 0; i < call->settings->items && i < sizeof items / sizeof items[0]; i++) {
        OC_TRY(append_item(call, &items[i], out));
        if (oc_call_ended(call)) {
            return oc_ok();
        }
        OC_TRY(oc_buf_append_byte(out, '|'));
    }
    return oc_fields_set(call->answer, "out", oc_buf_span(out));
}

oc_result oc_step_basic(struct oc_call *call)
{
    oc_buf out = {0};
    oc_result r = read_items(call, &out);
    oc_buf_free(&out);
    return r;
}
