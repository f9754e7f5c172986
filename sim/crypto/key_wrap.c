/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/crypto/key_wrap.h"

oc_result oc_key_wrap(oc_crypto *crypto, const oc_key *wrapping, const uint8_t header[OC_KEY_WRAP_HEADER],
                      const oc_key *key, uint8_t out[OC_KEY_WRAP_SIZE])
{
    uint8_t plain[OC_KEY_WRAP_SIZE] = {0};
    oc_wr wr = oc_wr_of(plain, sizeof plain);
    oc_wr_u8(&wr, OC_KEY_WRAP_HEADER + OC_KEY_SIZE);
    oc_wr_bytes(&wr, oc_span_of(header, OC_KEY_WRAP_HEADER));
    oc_wr_bytes(&wr, oc_span_of(key->sealed, OC_KEY_SIZE));
    oc_wr_u8(&wr, 0x80);
    oc_result r = oc_encipher(crypto, wrapping, oc_span_of(plain, sizeof plain), out);
    oc_wipe(plain, sizeof plain);
    return r;
}
