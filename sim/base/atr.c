/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/atr.h"

#define GLOBAL_BYTES 15 /* T=15 qualifies interface bytes, it is no protocol */

struct parsed {
    oc_span historical;
    unsigned first;   /* protocol of TD1; 0 without one */
    unsigned offered; /* one bit a protocol */
};

static bool parse(oc_span atr, struct parsed *out)
{
    oc_rd rd = oc_rd_of(atr);
    (void)oc_rd_u8(&rd); /* TS */
    uint8_t t0 = oc_rd_u8(&rd);
    bool has_check = false;
    bool named = false;
    *out = (struct parsed){.offered = 0};
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
        unsigned protocol = td & 0x0F;
        has_check = has_check || protocol != 0;
        if (protocol != GLOBAL_BYTES) {
            out->first = named ? out->first : protocol;
            out->offered |= 1U << protocol;
            named = true;
        }
        more = td;
    }
    out->offered = named ? out->offered : 1U;
    out->historical = oc_rd_bytes(&rd, t0 & 0x0F);
    if (has_check) {
        (void)oc_rd_u8(&rd);
    }
    return oc_rd_done(&rd);
}

bool oc_atr_historical(oc_span atr, oc_span *out)
{
    struct parsed parsed;
    bool right = parse(atr, &parsed);
    *out = parsed.historical;
    return right;
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

bool oc_atr_offers(oc_span atr, unsigned protocol)
{
    struct parsed parsed;
    return parse(atr, &parsed) && protocol < GLOBAL_BYTES && (parsed.offered >> protocol & 1U) != 0;
}

bool oc_atr_is_contactless(oc_span atr)
{
    oc_span historical;
    return oc_atr_historical(atr, &historical) && atr.len == historical.len + 5 && atr.at[0] == 0x3B &&
           (atr.at[1] & 0xF0) == 0x80 && atr.at[2] == 0x80 && atr.at[3] == 0x01;
}

unsigned oc_atr_protocol(oc_span atr)
{
    struct parsed parsed;
    if (oc_atr_is_contactless(atr)) {
        return 1;
    }
    return parse(atr, &parsed) ? parsed.first : 0;
}

void oc_atr_write_contactless(oc_span atr, oc_wr *out)
{
    oc_span historical = oc_span_empty();
    if (!oc_atr_historical(atr, &historical)) {
        historical = oc_span_empty();
    }
    const uint8_t head[] = {0x3B, (uint8_t)(0x80 | historical.len), 0x80, 0x01};
    size_t from = out->len + 1;
    oc_wr_bytes(out, oc_span_of(head, sizeof head));
    oc_wr_bytes(out, historical);
    uint8_t check = 0;
    for (size_t i = from; i < out->len; i++) {
        check ^= out->at[i];
    }
    oc_wr_u8(out, check);
}
