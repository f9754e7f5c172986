/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/terminal/file_address.h"

#include "sim/terminal/info.h"
#include "sim/terminal/key_table.h"

#define FILE_NAME_LEN 8 /* "DF01EF05" */

static bool hex_byte(oc_span text, size_t at, uint8_t *byte)
{
    oc_span two = oc_span_slice(text, at, 2);
    if (two.len != 2 || !oc_info_all_hex(two)) {
        return false;
    }
    *byte = (uint8_t)(oc_hex_digit((char)two.at[0]) << 4 | oc_hex_digit((char)two.at[1]));
    return true;
}

static bool parse_name(struct oc_file_address *address)
{
    oc_span name = address->name;
    address->by_mf = false;
    if (name.len != FILE_NAME_LEN || memcmp(name.at + 4, "EF", 2) != 0 || !hex_byte(name, 6, &address->ef)) {
        return false;
    }
    address->by_mf = memcmp(name.at, "3F00", 4) == 0;
    if (address->by_mf || memcmp(name.at, "SSSE", 4) == 0) {
        address->dir = OC_FID_SSSE;
        return true;
    }
    uint8_t low;
    if (memcmp(name.at, "DF", 2) != 0 || !hex_byte(name, 2, &low)) {
        return false;
    }
    address->dir = (uint16_t)(0xDF00 | low);
    return true;
}

bool oc_file_address_next(oc_span *groups, struct oc_file_address *address)
{
    oc_span group;
    if (!oc_info_take(groups, '$', &group) || !oc_info_take(&group, '|', &address->name)) {
        return false;
    }
    address->rest = group;
    return parse_name(address);
}

bool oc_file_address_item(struct oc_file_address *address, uint8_t *item, bool *bad)
{
    oc_span text;
    *bad = false;
    if (address->rest.len == 0) {
        return false;
    }
    *bad = !oc_info_take(&address->rest, '|', &text) || text.len != 2 || !hex_byte(text, 0, item);
    return !*bad;
}
