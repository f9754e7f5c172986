/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/t0.h"

#define HEADER_LEN 4
#define DATA_MAX 255
#define TPDU_MAX (HEADER_LEN + 1 + DATA_MAX)
#define LC_AT 4

void oc_t0_write(oc_wr *wr, const oc_apdu *apdu)
{
    oc_wr_u8(wr, apdu->cla);
    oc_wr_u8(wr, apdu->ins);
    oc_wr_u8(wr, apdu->p1);
    oc_wr_u8(wr, apdu->p2);
    if (apdu->data.len > 0) {
        oc_wr_u8(wr, (uint8_t)apdu->data.len);
        oc_wr_bytes(wr, apdu->data);
    } else {
        oc_wr_u8(wr, apdu->has_le ? (uint8_t)apdu->le : 0);
    }
}

oc_result oc_t0_tpdu(oc_buf *out, const oc_apdu *apdu)
{
    if (apdu->data.len > DATA_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    uint8_t room[TPDU_MAX];
    oc_wr wr = oc_wr_of(room, sizeof room);
    oc_t0_write(&wr, apdu);
    return oc_buf_append(out, oc_wr_span(&wr));
}

size_t oc_t0_strip_le(oc_span apdu)
{
    size_t body = apdu.len > LC_AT ? apdu.at[LC_AT] : 0;
    bool case_4_short = body > 0 && apdu.len == LC_AT + 1 + body + 1;
    return case_4_short ? apdu.len - 1 : apdu.len;
}
