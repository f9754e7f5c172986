/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/apdu.h"

#include "sim/link/t0.h"

#define SHORT_MAX 255
#define SHORT_COMMAND_MAX (4 + 1 + SHORT_MAX + 1)
/* Exchanges that may follow one command. ISO/IEC 7816-3 sets no bound; this one lets 256 bytes come in 16-byte
 * pieces and ends a card that never stops (project choice). */
#define FOLLOW_MAX 16

#define SW1_MORE 0x61
#define SW1_EXACT_LENGTH 0x6C

static bool is_extended(const oc_apdu *apdu)
{
    return apdu->extended || apdu->data.len > SHORT_MAX;
}

static void write_short(oc_wr *wr, const oc_apdu *apdu)
{
    if (apdu->data.len > 0) {
        oc_wr_u8(wr, (uint8_t)apdu->data.len);
        oc_wr_bytes(wr, apdu->data);
    }
    if (apdu->has_le) {
        oc_wr_u8(wr, (uint8_t)apdu->le);
    }
}

static void write_extended(oc_wr *wr, const oc_apdu *apdu)
{
    if (apdu->data.len > 0) {
        oc_wr_u8(wr, 0);
        oc_wr_u16(wr, (uint16_t)apdu->data.len);
        oc_wr_bytes(wr, apdu->data);
    } else if (apdu->has_le) {
        oc_wr_u8(wr, 0);
    }
    if (apdu->has_le) {
        oc_wr_u16(wr, apdu->le);
    }
}

static void write_whole(oc_wr *wr, const oc_apdu *apdu)
{
    const uint8_t head[] = {apdu->cla, apdu->ins, apdu->p1, apdu->p2};
    oc_wr_bytes(wr, oc_span_of(head, sizeof head));
    (is_extended(apdu) ? write_extended : write_short)(wr, apdu);
}

oc_result oc_apdu_write(oc_buf *out, const oc_apdu *apdu)
{
    if (apdu->data.len > OC_APDU_DATA_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    size_t most = apdu->data.len + 4 + 3 + 2;
    OC_TRY(oc_buf_reserve(out, most));
    oc_wr wr = oc_wr_of(out->at + out->len, most);
    write_whole(&wr, apdu);
    out->len += wr.len;
    return oc_ok();
}

/* 00 stands for 256 in Le, in 61xx and in 6Cxx; extended, 0000 for 65,536. */
static size_t wanted_by(const oc_apdu *apdu)
{
    size_t all = is_extended(apdu) ? 65536 : 256;
    return apdu->le == 0 ? all : apdu->le;
}

static size_t length_of(uint8_t coded)
{
    return coded == 0 ? 256 : coded;
}

/* What comes after `sw`; false when `sw` is the answer. `next` holds what was sent last.
 * GET RESPONSE asks for what the card holds, but for no more than is still wanted. Its CLA is 00 whatever the class of
 * the command was (EMV Book 1 9.3.1.3; ISO/IEC 7816-4 leaves it to the card). */
static bool follow(oc_apdu *next, const oc_apdu *apdu, enum oc_protocol protocol, oc_sw sw, size_t have)
{
    uint8_t sw1 = (uint8_t)(sw.value >> 8);
    size_t given = length_of((uint8_t)sw.value);
    size_t wanted = wanted_by(apdu);
    if (sw1 == SW1_MORE && have < wanted) {
        size_t len = given < wanted - have ? given : wanted - have;
        *next = (oc_apdu){.ins = 0xC0, .has_le = true, .le = (uint8_t)len};
        return true;
    }
    /* P3 of a TPDU with data is Lc: there is no length to correct, 6Cxx is the answer. */
    if (sw1 == SW1_EXACT_LENGTH && (protocol == OC_PROTOCOL_T1 || next->data.len == 0)) {
        next->le = is_extended(next) ? (uint16_t)given : (uint8_t)sw.value;
        return true;
    }
    return false;
}

static oc_result send(oc_link *link, const oc_apdu *apdu, oc_buf *response, oc_diag *diag)
{
    if (is_extended(apdu)) {
        oc_buf command = {0};
        oc_result r = oc_apdu_write(&command, apdu);
        if (oc_is_ok(r)) {
            r = oc_link_transmit(link, oc_buf_span(&command), response, diag);
        }
        oc_buf_free(&command);
        return r;
    }
    uint8_t room[SHORT_COMMAND_MAX];
    oc_wr wr = oc_wr_of(room, sizeof room);
    (oc_link_protocol(link) == OC_PROTOCOL_T1 ? write_whole : oc_t0_write)(&wr, apdu);
    return oc_link_transmit(link, oc_wr_span(&wr), response, diag);
}

/* Sends one command and appends what comes back to `data`. `more` serves only where data came already with the
 * exchange before, so that the common command allocates nothing here. */
static oc_result exchange(oc_link *link, const oc_apdu *apdu, oc_buf *more, oc_buf *data, oc_sw *sw, oc_diag *diag)
{
    oc_buf *response = data->len == 0 ? data : more;
    OC_TRY(send(link, apdu, response, diag));
    response->len -= 2;
    *sw = oc_sw_of((unsigned)response->at[response->len] << 8 | response->at[response->len + 1]);
    return response == data ? oc_ok() : oc_buf_append(data, oc_buf_span(more));
}

oc_result oc_apdu_transmit(oc_link *link, const oc_apdu *apdu, oc_buf *data, oc_sw *sw, oc_diag *diag)
{
    enum oc_protocol protocol = oc_link_protocol(link);
    if (protocol == OC_PROTOCOL_T0 && is_extended(apdu)) {
        return oc_diag_fail(diag, OC_E_LIMIT, "a T=0 command has no extended length and up to 255 bytes, not %zu",
                            apdu->data.len);
    }
    if (apdu->data.len > OC_APDU_DATA_MAX) {
        return oc_diag_fail(diag, OC_E_LIMIT, "a command carries up to %u bytes, not %zu", OC_APDU_DATA_MAX,
                            apdu->data.len);
    }
    oc_buf_clear(data);
    oc_buf more = {0};
    oc_apdu next = *apdu;
    oc_result result = exchange(link, &next, &more, data, sw, diag);
    unsigned followed = 0;
    while (oc_is_ok(result) && apdu->has_le && follow(&next, apdu, protocol, *sw, data->len)) {
        if (followed++ == FOLLOW_MAX) {
            result = oc_diag_fail(diag, OC_E_GARBAGE, "the card still answers %04X after %d further exchanges",
                                  sw->value, FOLLOW_MAX);
            break;
        }
        result = exchange(link, &next, &more, data, sw, diag);
    }
    oc_buf_free(&more);
    return result;
}
