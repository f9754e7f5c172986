/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/t0.h"

#define HEADER_LEN 4
#define TPDU_MAX (HEADER_LEN + 1 + 255)
#define LC_AT 4
/* Exchanges that may follow one command. ISO/IEC 7816-3 sets no bound; this one lets 256 bytes come in 16-byte
 * pieces and ends a card that never stops (project choice). */
#define FOLLOW_MAX 16

#define SW1_MORE 0x61
#define SW1_EXACT_LENGTH 0x6C

static void write_tpdu(oc_wr *wr, const oc_apdu *apdu)
{
    oc_wr_u8(wr, apdu->cla);
    oc_wr_u8(wr, apdu->ins);
    oc_wr_u8(wr, apdu->p1);
    oc_wr_u8(wr, apdu->p2);
    if (apdu->data.len > 0) {
        oc_wr_u8(wr, (uint8_t)apdu->data.len);
        oc_wr_bytes(wr, apdu->data);
    } else {
        oc_wr_u8(wr, apdu->has_le ? apdu->le : 0);
    }
}

oc_result oc_t0_tpdu(oc_buf *out, const oc_apdu *apdu)
{
    if (apdu->data.len > 255) {
        return oc_fail(OC_E_LIMIT);
    }
    uint8_t room[TPDU_MAX];
    oc_wr wr = oc_wr_of(room, sizeof room);
    write_tpdu(&wr, apdu);
    return oc_buf_append(out, oc_wr_span(&wr));
}

/* 00 stands for 256 in P3, in 61xx and in 6Cxx. */
static size_t length_of(uint8_t coded)
{
    return coded == 0 ? 256 : coded;
}

/* GET RESPONSE for what the card holds, but for no more than is still asked for. CLA is 00 whatever the class of
 * the command was (EMV Book 1 9.3.1.3; ISO/IEC 7816-4 leaves it to the card). */
static void write_get_response(oc_wr *wr, uint8_t held, size_t wanted)
{
    size_t len = length_of(held) < wanted ? length_of(held) : wanted;
    *wr = oc_wr_of(wr->at, wr->room);
    oc_wr_u32(wr, 0x00C00000);
    oc_wr_u8(wr, (uint8_t)len);
}

/* Chooses the exchange that follows `sw`; false when `sw` is the answer. `wr` holds the TPDU sent last. */
static bool follow(oc_wr *wr, const oc_apdu *apdu, oc_sw sw, size_t have)
{
    uint8_t sw1 = (uint8_t)(sw.value >> 8);
    uint8_t sw2 = (uint8_t)sw.value;
    size_t wanted = length_of(apdu->le);
    if (sw1 == SW1_MORE && have < wanted) {
        write_get_response(wr, sw2, wanted - have);
        return true;
    }
    /* P3 of a command with data is Lc: there is no length to correct, 6Cxx is the answer. */
    if (sw1 == SW1_EXACT_LENGTH && wr->len == HEADER_LEN + 1) {
        wr->at[LC_AT] = sw2;
        return true;
    }
    return false;
}

/* Sends one TPDU and appends what comes back to `data`. `more` serves only where data came already with the
 * exchange before, so that the common command allocates nothing here. */
static oc_result exchange(oc_link *link, oc_span tpdu, oc_buf *more, oc_buf *data, oc_sw *sw, oc_diag *diag)
{
    oc_buf *response = data->len == 0 ? data : more;
    OC_TRY(oc_link_transmit(link, tpdu, response, diag));
    response->len -= 2;
    *sw = oc_sw_of((unsigned)response->at[response->len] << 8 | response->at[response->len + 1]);
    return response == data ? oc_ok() : oc_buf_append(data, oc_buf_span(more));
}

oc_result oc_t0_transmit(oc_link *link, const oc_apdu *apdu, oc_buf *data, oc_sw *sw, oc_diag *diag)
{
    if (apdu->data.len > 255) {
        return oc_diag_fail(diag, OC_E_LIMIT, "a T=0 command carries up to 255 bytes, not %zu", apdu->data.len);
    }
    uint8_t room[TPDU_MAX];
    oc_wr wr = oc_wr_of(room, sizeof room);
    write_tpdu(&wr, apdu);
    oc_buf_clear(data);
    oc_buf more = {0};
    oc_result result = exchange(link, oc_wr_span(&wr), &more, data, sw, diag);
    unsigned followed = 0;
    while (oc_is_ok(result) && apdu->has_le && follow(&wr, apdu, *sw, data->len)) {
        if (followed++ == FOLLOW_MAX) {
            result = oc_diag_fail(diag, OC_E_GARBAGE, "the card still answers %04X after %d further exchanges",
                                  sw->value, FOLLOW_MAX);
            break;
        }
        result = exchange(link, oc_wr_span(&wr), &more, data, sw, diag);
    }
    oc_buf_free(&more);
    return result;
}

size_t oc_t0_strip_le(oc_span apdu)
{
    size_t body = apdu.len > LC_AT ? apdu.at[LC_AT] : 0;
    bool case_4_short = body > 0 && apdu.len == LC_AT + 1 + body + 1;
    return case_4_short ? apdu.len - 1 : apdu.len;
}
