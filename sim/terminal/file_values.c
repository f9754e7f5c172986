/* SPDX-License-Identifier: Apache-2.0 */
/* From the text of the driver interface to what a file holds. */
#include "sim/terminal/file_items.h"
#include "sim/terminal/info.h"

static oc_result fill(oc_buf *out, size_t len, uint8_t filling)
{
    while (out->len < len) {
        OC_TRY(oc_buf_append_byte(out, filling));
    }
    return oc_ok();
}

static oc_result make_text(struct oc_call *call, oc_buf *out, oc_span text, size_t len)
{
    if (!oc_info_is_plain(text)) {
        return oc_call_end(call, OC_CODE_CHARACTER);
    }
    if (text.len > len) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    size_t end = out->len + len;
    OC_TRY(oc_buf_append(out, text));
    return fill(out, end, 0x00);
}

static uint8_t nibble(oc_span text, size_t at)
{
    return at < text.len ? (uint8_t)oc_hex_digit((char)text.at[at]) : 0x0F;
}

static oc_result make_digits(struct oc_call *call, oc_buf *out, oc_span text, size_t len)
{
    if (!oc_info_all_digits(text)) {
        return oc_call_end(call, OC_CODE_CHARACTER);
    }
    if (text.len > 2 * len) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    for (size_t i = 0; i < len; i++) {
        OC_TRY(oc_buf_append_byte(out, (uint8_t)(nibble(text, 2 * i) << 4 | nibble(text, 2 * i + 1))));
    }
    return oc_ok();
}

oc_result oc_file_make_bytes(struct oc_call *call, oc_buf *out, oc_span text)
{
    if (!oc_info_all_hex(text)) {
        return oc_call_end(call, OC_CODE_CHARACTER);
    }
    if (text.len % 2 != 0) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    for (size_t i = 0; i < text.len; i += 2) {
        OC_TRY(oc_buf_append_byte(out, (uint8_t)(nibble(text, i) << 4 | nibble(text, i + 1))));
    }
    return oc_ok();
}

static oc_result make_binary(struct oc_call *call, oc_buf *out, oc_span text, size_t len)
{
    if (text.len > 2 * len) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    size_t end = out->len + len;
    OC_TRY(oc_file_make_bytes(call, out, text));
    return fill(out, end, 0x00);
}

static oc_result make_plain(struct oc_call *call, oc_buf *out, const struct oc_item *item, oc_span text)
{
    switch (item->kind) {
    case OC_ITEM_TEXT:
        return make_text(call, out, text, item->len);
    case OC_ITEM_DIGITS:
        return make_digits(call, out, text, item->len);
    case OC_ITEM_BINARY:
        return make_binary(call, out, text, item->len);
    default:
        return oc_call_end(call, OC_CODE_INPUT); /* numbers of the card's own log */
    }
}

/* Parts joined by '^', one an item. An empty text is that many empty parts. */
static oc_result make_parts(struct oc_call *call, oc_buf *out, const struct oc_item *items, size_t count, oc_span text)
{
    bool empty = text.len == 0;
    for (size_t i = 0; i < count && !oc_call_ended(call); i++) {
        oc_span part = text;
        bool closed = oc_info_take(&text, '^', &part);
        if (!empty && closed != (i + 1 < count)) {
            return oc_call_end(call, OC_CODE_INPUT);
        }
        if (items[i].tag != 0) {
            OC_TRY(oc_buf_append_byte(out, items[i].tag));
            OC_TRY(oc_buf_append_byte(out, items[i].len));
        }
        OC_TRY(make_plain(call, out, &items[i], part));
    }
    return oc_ok();
}

oc_result oc_file_make_record(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag, oc_span text)
{
    bool first = call->session->card.first;
    const struct oc_item *record = oc_item_of_record(first, dir, ef, tag);
    if (record == NULL) {
        return oc_call_end(call, -(int)OC_SW_RECORD_NOT_FOUND);
    }
    size_t begin = out->len;
    OC_TRY(oc_buf_append_byte(out, tag));
    OC_TRY(oc_buf_append_byte(out, record->len));
    if (record->kind != OC_ITEM_TEMPLATE) {
        return make_plain(call, out, record, text);
    }
    size_t count;
    const struct oc_item *items = oc_items_within(first, dir, ef, tag, &count);
    OC_TRY(make_parts(call, out, items, count, text));
    out->at[begin + 1] = (uint8_t)(out->len - begin - 2);
    return oc_ok();
}

oc_result oc_file_make_cyclic(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, oc_span text)
{
    size_t count;
    const struct oc_item *fields = oc_items_within(call->session->card.first, dir, ef, 0, &count);
    return make_parts(call, out, fields, count, text);
}
