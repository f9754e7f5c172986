/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/atr.h"

bool oc_atr_historical(oc_span atr, oc_span *out)
{
    oc_rd rd = oc_rd_of(atr);
    (void)oc_rd_u8(&rd); /* TS */
    uint8_t t0 = oc_rd_u8(&rd);
    bool has_check = false;
    /* Each TD announces up to four interface bytes; its low half is a protocol, and any but T=0 brings a TCK. */
    for (unsigned more = t0; (more & 0xF0) != 0 && !rd.bad;) {
        unsigned td = 0;
        for (unsigned bit = 0x10; bit <= 0x80; bit <<= 1) {
            if ((more & bit) != 0) {
                td = oc_rd_u8(&rd);
            }
        }
        if ((more & 0x80) == 0) {
            break;
        }
        has_check = has_check || (td & 0x0F) != 0;
        more = td;
    }
    *out = oc_rd_bytes(&rd, t0 & 0x0F);
    if (has_check) {
        (void)oc_rd_u8(&rd);
    }
    return oc_rd_done(&rd);
}

bool oc_atr_factor(oc_span atr, uint8_t out[OC_ATR_FACTOR])
{
    oc_span historical;
    if (!oc_atr_historical(atr, &historical) || historical.len < OC_ATR_FACTOR) {
        return false;
    }
    memcpy(out, historical.at + historical.len - OC_ATR_FACTOR, OC_ATR_FACTOR);
    return true;
}
