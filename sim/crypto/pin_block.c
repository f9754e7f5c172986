/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/pin_block.h"

#define PIN_DIGITS_MIN 4
#define PIN_DIGITS_MAX 12

oc_result oc_pin_pack(oc_buf *out, oc_span digits)
{
    if (digits.len < PIN_DIGITS_MIN || digits.len > PIN_DIGITS_MAX) {
        return oc_fail(OC_E_FORMAT);
    }
    uint8_t packed[PIN_DIGITS_MAX / 2];
    size_t len = (digits.len + 1) / 2;
    memset(packed, 0xFF, sizeof packed);
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9') {
            return oc_fail(OC_E_FORMAT);
        }
        unsigned digit = (unsigned)(digits.at[i] - '0');
        packed[i / 2] = (uint8_t)(i % 2 == 0 ? digit << 4 | 0x0Fu : (packed[i / 2] & 0xF0u) | digit);
    }
    return oc_buf_append(out, oc_span_of(packed, len));
}

oc_result oc_pin_block(oc_buf *out, oc_span packed, size_t block)
{
    uint8_t bytes[16] = {0};
    if (block > sizeof bytes || packed.len + 2 > block) {
        return oc_fail(OC_E_FORMAT);
    }
    bytes[0] = (uint8_t)packed.len;
    memcpy(bytes + 1, packed.at, packed.len);
    bytes[1 + packed.len] = 0x80;
    return oc_buf_append(out, oc_span_of(bytes, block));
}

oc_result oc_pin_key(oc_crypto *crypto, oc_span packed, oc_key *out)
{
    uint8_t digest[32];
    OC_TRY(oc_sm3(crypto, packed, digest));
    oc_result r = oc_key_load(out, OC_ALG_SM4, oc_span_of(digest, OC_KEY_SIZE));
    oc_wipe(digest, sizeof digest);
    return r;
}
