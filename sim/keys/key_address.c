/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/keys/terminal_keys.h"

#define FIRST_GENERATION 0x10
#define VERSION_MAX 4

static uint8_t directory_of(uint16_t fid)
{
    return fid == OC_FID_SSSE ? 0x00 : (uint8_t)(fid & 0x0Fu);
}

void oc_key_address_print(char out[OC_KEY_ADDRESS_LEN + 1], const struct oc_terminal_key *key, bool first_generation,
                          uint8_t version)
{
    const uint8_t address[] = {(uint8_t)(directory_of(key->fid) | (first_generation ? FIRST_GENERATION : 0)), key->id,
                               version};
    oc_hex_encode(out, OC_KEY_ADDRESS_LEN + 1, oc_span_of(address, sizeof address));
}

const struct oc_terminal_key *oc_key_address_find(oc_span text, uint8_t *version)
{
    uint8_t address[OC_KEY_ADDRESS_LEN / 2];
    for (size_t i = 0; i < sizeof address; i++) {
        int high = text.len == OC_KEY_ADDRESS_LEN ? oc_hex_digit((char)text.at[2 * i]) : -1;
        int low = high < 0 ? -1 : oc_hex_digit((char)text.at[2 * i + 1]);
        if (low < 0) {
            return NULL;
        }
        address[i] = (uint8_t)(high << 4 | low);
    }
    *version = address[2];
    if (*version < 1 || *version > VERSION_MAX || address[0] >= 2 * FIRST_GENERATION) {
        return NULL;
    }
    uint16_t fid = (address[0] & 0x0Fu) == 0 ? OC_FID_SSSE : (uint16_t)(0xDF00u | (address[0] & 0x0Fu));
    return oc_terminal_key_with_id(fid, address[1], address[0] >= FIRST_GENERATION);
}
