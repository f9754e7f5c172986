/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/authenticate.h"
#include "sim/terminal/file_address.h"
#include "sim/terminal/file_items.h"
#include "sim/terminal/info.h"

#define CHUNK 256

oc_result oc_file_select_directory(struct oc_call *call, uint16_t dir, uint16_t *current)
{
    if (*current == dir) {
        return oc_ok();
    }
    *current = dir;
    return dir == OC_FID_SSSE ? oc_step_enter(call) : oc_call_select_fid(call, dir);
}

static const struct oc_file_rule *rule_of(const struct oc_call *call, const struct oc_file_address *address)
{
    return oc_file_rule_of(call->session->card.first, address->dir, address->ef);
}

/* A file that no table has is taken for one of records; the card tells. */
static enum oc_file_kind kind_of(const struct oc_call *call, const struct oc_file_address *address)
{
    const struct oc_file_rule *rule = rule_of(call, address);
    return rule == NULL ? OC_FILE_RECORDS : (enum oc_file_kind)rule->kind;
}

static oc_result open_with_keys(struct oc_call *call, const struct oc_file_address *address)
{
    const struct oc_terminal_key *keys[2];
    unsigned count = oc_terminal_read_keys(call->session->card.first, address->dir, address->ef, keys);
    for (unsigned i = 0; i < count && !oc_call_ended(call); i++) {
        OC_TRY(oc_authenticate_terminal(call, keys[i]));
    }
    return oc_ok();
}

oc_result oc_file_read_binary(struct oc_call *call, uint16_t fid, oc_buf *out)
{
    OC_TRY(oc_call_select_fid(call, fid));
    for (size_t off = 0; off < OC_FILE_SIZE_MAX && !oc_call_ended(call);) {
        const oc_apdu read = {.ins = 0xB0, .p1 = (uint8_t)(off >> 8), .p2 = (uint8_t)off, .has_le = true};
        OC_TRY(oc_call_card(call, &read));
        if (off > 0 && call->sw.value == OC_SW_WRONG_OFFSET) {
            break;
        }
        if (!oc_sw_ok(call->sw)) {
            return oc_call_end_sw(call);
        }
        OC_TRY(oc_buf_append(out, oc_call_data(call)));
        off += call->response->len;
        if (call->response->len < CHUNK) {
            break;
        }
    }
    return oc_ok();
}

/* A whole transparent file in hex. */
static oc_result read_transparent(struct oc_call *call, const struct oc_file_address *address, oc_buf *out)
{
    oc_buf content = {0};
    oc_result r = oc_file_read_binary(call, (uint16_t)(0xEF00 | address->ef), &content);
    if (oc_is_ok(r) && !oc_call_ended(call)) {
        r = oc_info_append_hex(out, oc_buf_span(&content));
    }
    oc_buf_free(&content);
    OC_TRY(r);
    return oc_call_ended(call) ? oc_ok() : oc_buf_append_byte(out, '|');
}

static oc_result read_item(struct oc_call *call, const struct oc_file_address *address, uint8_t item, oc_buf *out)
{
    if (kind_of(call, address) == OC_FILE_CYCLIC) {
        const oc_apdu read = {.ins = 0xB2, .p1 = item, .p2 = (uint8_t)(address->ef << 3 | 0x04), .has_le = true};
        OC_TRY(oc_call_card_for(call, &read, OC_ANY_LENGTH));
        return oc_call_ended(call)
                   ? oc_ok()
                   : oc_file_append_cyclic(call, out, address->dir, address->ef, '^', oc_call_data(call));
    }
    oc_span value;
    OC_TRY(oc_info_read_record(call, address->ef, item, &value));
    return oc_call_ended(call) ? oc_ok() : oc_file_append_value(call, out, address->dir, address->ef, item, value);
}

static oc_result read_items(struct oc_call *call, struct oc_file_address *address, oc_buf *out)
{
    uint8_t item;
    bool bad;
    while (oc_file_address_item(address, &item, &bad)) {
        OC_TRY(read_item(call, address, item, out));
        if (oc_call_ended(call)) {
            return oc_ok();
        }
        OC_TRY(oc_buf_append_byte(out, '|'));
    }
    return bad ? oc_call_end(call, OC_CODE_PARAMETER) : oc_ok();
}

static oc_result read_group(struct oc_call *call, struct oc_file_address *address, bool with_keys, uint16_t *current,
                            oc_buf *out)
{
    OC_TRY(oc_file_select_directory(call, address->dir, current));
    if (with_keys && !oc_call_ended(call)) {
        OC_TRY(open_with_keys(call, address));
    }
    if (oc_call_ended(call)) {
        return oc_ok();
    }
    OC_TRY(oc_buf_append(out, address->name));
    OC_TRY(oc_buf_append_byte(out, '|'));
    OC_TRY(kind_of(call, address) == OC_FILE_TRANSPARENT ? read_transparent(call, address, out)
                                                         : read_items(call, address, out));
    return oc_buf_append_byte(out, '$');
}

static oc_result read_groups(struct oc_call *call, oc_span groups, bool with_keys, uint16_t current, oc_buf *out)
{
    while (groups.len > 0) {
        struct oc_file_address address;
        if (!oc_file_address_next(&groups, &address) || (address.by_mf && call->settings->refuses_3f00)) {
            return oc_call_end(call, OC_CODE_PARAMETER);
        }
        OC_TRY(read_group(call, &address, with_keys, &current, out));
        if (oc_call_ended(call)) {
            return oc_ok();
        }
    }
    return oc_fields_set(call->answer, "out", oc_buf_span(out));
}

oc_result oc_file_read_groups(struct oc_call *call, oc_span groups, bool with_keys, uint16_t current)
{
    oc_buf out = {0};
    oc_result r = read_groups(call, groups, with_keys, current, &out);
    oc_buf_free(&out);
    return r;
}

/* Whether one of the files asks for the PIN beside the keys. */
static bool pin_beside_keys(const struct oc_call *call, oc_span groups)
{
    struct oc_file_address address;
    bool needed = false;
    while (!needed && oc_file_address_next(&groups, &address)) {
        const struct oc_file_rule *rule = rule_of(call, &address);
        needed = rule != NULL && rule->pin_too;
    }
    return needed;
}

/* With the PIN (1) or with read keys from the PSAM (2), and with both where a file asks for both. */
oc_result oc_step_read_files(struct oc_call *call)
{
    oc_span auth = oc_call_arg(call, "auth");
    oc_span groups = oc_call_arg(call, "file-addr");
    if (auth.len != 1 || (auth.at[0] != '1' && auth.at[0] != '2') || groups.len == 0) {
        return oc_call_end(call, OC_CODE_PARAMETER);
    }
    bool with_keys = auth.at[0] == '2';
    if (!with_keys || pin_beside_keys(call, groups)) {
        OC_TRY(oc_step_verify_pin(call));
    }
    if (with_keys && !oc_call_ended(call)) {
        OC_TRY(oc_step_psam(call));
    }
    return oc_call_ended(call) ? oc_ok() : oc_file_read_groups(call, groups, with_keys, OC_FID_SSSE);
}
