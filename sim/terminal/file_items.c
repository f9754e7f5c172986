/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/file_items.h"

#include <stdio.h>

#include "sim/base/tlv.h"
#include "sim/terminal/info.h"

static oc_result append_plain(struct oc_call *call, oc_buf *out, uint8_t kind, oc_span value)
{
    char text[24];
    oc_rd rd = oc_rd_of(value);
    switch (kind) {
    case OC_ITEM_DIGITS:
        return oc_info_append_digits(out, value);
    case OC_ITEM_BINARY:
        return oc_info_append_hex(out, value);
    case OC_ITEM_COUNT:
        snprintf(text, sizeof text, "%u", oc_rd_u16(&rd));
        return oc_buf_append(out, oc_span_text(text));
    case OC_ITEM_YUAN:
        oc_info_print_yuan(text, sizeof text, oc_rd_u32(&rd));
        return oc_buf_append(out, oc_span_text(text));
    default:
        return oc_info_append_text(call, out, value);
    }
}

static uint8_t kind_within(const struct oc_item *items, size_t count, uint32_t tag)
{
    for (size_t i = 0; i < count; i++) {
        if (items[i].tag == tag) {
            return items[i].kind;
        }
    }
    return OC_ITEM_TEXT;
}

static oc_result append_template(struct oc_call *call, oc_buf *out, const struct oc_item *record, oc_span value)
{
    size_t count;
    const struct oc_item *items = oc_items_within(call->session->card.first, record->dir, record->ef, record->tag,
                                                  &count);
    oc_rd rd = oc_rd_of(value);
    oc_tlv item;
    for (bool first = true; oc_record_tlv_next(&rd, &item) && !oc_call_ended(call); first = false) {
        if (!first) {
            OC_TRY(oc_buf_append_byte(out, '^'));
        }
        OC_TRY(append_plain(call, out, kind_within(items, count, item.tag), item.value));
    }
    return rd.bad ? oc_call_end(call, OC_CODE_DATA_LENGTH) : oc_ok();
}

oc_result oc_file_append_value(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, uint8_t tag, oc_span value)
{
    const struct oc_item *record = oc_item_of_record(call->session->card.first, dir, ef, tag);
    if (record != NULL && record->kind == OC_ITEM_TEMPLATE) {
        return append_template(call, out, record, value);
    }
    return append_plain(call, out, record == NULL ? OC_ITEM_TEXT : record->kind, value);
}

oc_result oc_file_append_cyclic(struct oc_call *call, oc_buf *out, uint16_t dir, uint8_t ef, char mark, oc_span record)
{
    size_t count;
    const struct oc_item *fields = oc_items_within(call->session->card.first, dir, ef, 0, &count);
    oc_rd rd = oc_rd_of(record);
    for (size_t i = 0; i < count && !oc_call_ended(call); i++) {
        oc_span value = oc_rd_bytes(&rd, fields[i].len);
        if (rd.bad) {
            break;
        }
        if (i > 0) {
            OC_TRY(oc_buf_append_byte(out, (uint8_t)mark));
        }
        OC_TRY(append_plain(call, out, fields[i].kind, value));
    }
    return oc_call_ended(call) || (count > 0 && oc_rd_done(&rd)) ? oc_ok() : oc_call_end(call, OC_CODE_DATA_LENGTH);
}
