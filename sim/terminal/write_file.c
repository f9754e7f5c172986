/* SPDX-License-Identifier: Apache-2.0 */
/* iWriteCard. All data are made before the first command that writes: what one value lacks leaves every file as it was.
 * Each file is written after external authentication with its update key, as all seen drivers do (ssc-card sheet 11,
 * row 15). */
#include "sim/terminal/authenticate.h"
#include "sim/terminal/file_address.h"
#include "sim/terminal/file_items.h"
#include "sim/terminal/info.h"

#define CHUNK 0xF0

/* One file of the call: where, and the value for each item. */
struct group {
    struct oc_file_address address;
    struct oc_file_address values;
    const struct oc_file_rule *rule;
};

struct writing {
    struct oc_file_writing order;
    oc_buf data;
};

static bool take_groups(const struct oc_call *call, oc_span *addresses, oc_span *values, struct group *group)
{
    return oc_file_address_next(addresses, &group->address) && oc_file_address_next(values, &group->values) &&
           group->address.dir == group->values.dir && group->address.ef == group->values.ef &&
           !(group->address.by_mf && call->settings->refuses_3f00);
}

static oc_result send_record(struct oc_call *call, const struct group *group, uint8_t p1, bool by_number, oc_span data)
{
    uint8_t p2 = (uint8_t)(group->address.ef << 3 | (by_number ? 0x04 : 0x00));
    const oc_apdu update = {.ins = 0xDC, .p1 = p1, .p2 = p2, .data = data};
    return oc_call_card_for(call, &update, 0);
}

/* From the end to the beginning: content that is longer than the file is refused before anything of it is there. */
static oc_result send_transparent(struct oc_call *call, const struct group *group, oc_span data)
{
    OC_TRY(oc_call_select_fid(call, (uint16_t)(0xEF00 | group->address.ef)));
    for (size_t end = data.len; end > 0 && !oc_call_ended(call);) {
        size_t off = (end - 1) / CHUNK * CHUNK;
        const oc_apdu update = {
            .ins = 0xD6, .p1 = (uint8_t)(off >> 8), .p2 = (uint8_t)off, .data = oc_span_slice(data, off, end - off)};
        OC_TRY(oc_call_card(call, &update));
        if (call->sw.value == OC_SW_NO_SPACE || call->sw.value == OC_SW_WRONG_OFFSET) {
            return oc_call_end(call, OC_CODE_DATA_LENGTH);
        }
        if (!oc_sw_ok(call->sw)) {
            return oc_call_end_sw(call);
        }
        end = off;
    }
    return oc_ok();
}

static oc_result write_transparent(struct oc_call *call, struct writing *writing, struct group *group)
{
    oc_span text;
    if (group->address.rest.len != 0 || !oc_info_take(&group->values.rest, '|', &text) ||
        group->values.rest.len != 0) {
        return oc_call_end(call, OC_CODE_PARAMETER);
    }
    oc_buf_clear(&writing->data);
    OC_TRY(oc_file_make_bytes(call, &writing->data, text));
    if (!oc_call_ended(call) && writing->data.len > OC_FILE_SIZE_MAX) {
        return oc_call_end(call, OC_CODE_DATA_LENGTH);
    }
    return oc_call_ended(call) || !writing->order.send ? oc_ok()
                                                       : send_transparent(call, group, oc_buf_span(&writing->data));
}

static oc_result write_item(struct oc_call *call, struct writing *writing, const struct group *group, uint8_t item,
                            oc_span text)
{
    const struct oc_file_address *address = &group->address;
    bool cyclic = group->rule->kind == OC_FILE_CYCLIC;
    oc_buf_clear(&writing->data);
    OC_TRY(cyclic ? oc_file_make_cyclic(call, &writing->data, address->dir, address->ef, text)
                  : oc_file_make_record(call, &writing->data, address->dir, address->ef, item, text));
    if (oc_call_ended(call) || !writing->order.send) {
        return oc_ok();
    }
    /* a cyclic file takes what is written as its record 1, whatever number was asked for */
    return send_record(call, group, cyclic ? 0x01 : item, cyclic, oc_buf_span(&writing->data));
}

static oc_result write_items(struct oc_call *call, struct writing *writing, struct group *group)
{
    uint8_t item;
    bool bad;
    while (oc_file_address_item(&group->address, &item, &bad)) {
        oc_span text;
        if (!oc_info_take(&group->values.rest, '|', &text)) {
            return oc_call_end(call, OC_CODE_PARAMETER);
        }
        OC_TRY(write_item(call, writing, group, item, text));
        if (oc_call_ended(call)) {
            return oc_ok();
        }
    }
    return bad || group->values.rest.len != 0 ? oc_call_end(call, OC_CODE_PARAMETER) : oc_ok();
}

static oc_result open_for_writing(struct oc_call *call, struct writing *writing, const struct group *group)
{
    OC_TRY(oc_file_select_directory(call, group->address.dir, &writing->order.current));
    if (oc_call_ended(call) || writing->order.is_open) {
        return oc_ok();
    }
    return oc_authenticate_terminal(
        call, oc_terminal_update_key(call->session->card.first, group->address.dir, group->address.ef));
}

static oc_result write_group(struct oc_call *call, struct writing *writing, struct group *group)
{
    group->rule = oc_file_rule_of(call->session->card.first, group->address.dir, group->address.ef);
    if (group->rule == NULL) {
        return oc_call_end(call, -(int)OC_SW_FILE_NOT_FOUND);
    }
    if (group->rule->update_key == NULL) {
        return oc_call_end(call, OC_CODE_INPUT); /* written by the card alone */
    }
    if (writing->order.send) {
        OC_TRY(open_for_writing(call, writing, group));
    }
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    return group->rule->kind == OC_FILE_TRANSPARENT ? write_transparent(call, writing, group)
                                                    : write_items(call, writing, group);
}

static oc_result walk(struct oc_call *call, struct writing *writing)
{
    oc_span addresses = writing->order.addresses;
    oc_span values = oc_call_arg(call, "write-data");
    bool first_alone = call->settings->writes_first_file;
    for (bool first = true; first || (!first_alone && (addresses.len > 0 || values.len > 0)); first = false) {
        struct group group;
        if (!take_groups(call, &addresses, &values, &group)) {
            return oc_call_end(call, OC_CODE_PARAMETER);
        }
        OC_TRY(write_group(call, writing, &group));
        if (oc_call_ended(call)) {
            return oc_ok();
        }
    }
    return oc_ok();
}

oc_result oc_file_write_groups(struct oc_call *call, const struct oc_file_writing *order)
{
    struct writing writing = {.order = *order};
    oc_result r = walk(call, &writing);
    oc_buf_free(&writing.data);
    return r;
}

static oc_result walk_once(struct oc_call *call, bool send)
{
    const struct oc_file_writing writing = {
        .addresses = oc_call_arg(call, "file-addr"), .send = send, .current = OC_FID_SSSE};
    return oc_file_write_groups(call, &writing);
}

oc_result oc_step_make_data(struct oc_call *call)
{
    return walk_once(call, false);
}

oc_result oc_step_write_files(struct oc_call *call)
{
    return walk_once(call, true);
}
