/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "sim/link/standins/pcsc.h"

#define RESPONSE_ROOM OC_CARDS_BODY_MAX

static LONG status_of(struct oc_pcsc_card *card, oc_reader_state *state)
{
    enum oc_cards_status status = oc_readers_do(card->context->readers, OC_CARDS_CHECK, card->handle);
    if (status == OC_CARDS_REMOVED || status == OC_CARDS_WAS_RESET || status == OC_CARDS_LOST) {
        return oc_pcsc_error(status);
    }
    return oc_pcsc_error(oc_readers_state(card->context->readers, card->slot, state));
}

/* The reader's name as SCardStatus gives it. */
static LONG give_name(const struct oc_pcsc_card *card, LPSTR name, LPDWORD len)
{
    char room[OC_CARDS_NAME_MAX + OC_PCSC_STATUS_NAMES_END] = "";
    const char *text = oc_readers_name(card->context->readers, card->slot);
    DWORD none = 0;
    memcpy(room, text, strlen(text));
    return oc_pcsc_give(oc_span_of(room, strlen(text) + OC_PCSC_STATUS_NAMES_END), len != NULL ? name : NULL,
                        len != NULL ? len : &none);
}

static LONG status_texts(struct oc_pcsc_card *card, LPSTR name, LPDWORD name_len, LPDWORD state, LPDWORD protocol,
                         LPBYTE atr, LPDWORD atr_len)
{
    oc_reader_state now;
    DWORD none = 0;
    LONG error = status_of(card, &now);
    if (error != SCARD_S_SUCCESS) {
        return error;
    }
    if (state != NULL) {
        *state = (now.flags & OC_CARDS_PRESENT) == 0   ? OC_PCSC_IS_ABSENT
                 : (now.flags & OC_CARDS_POWERED) == 0 ? OC_PCSC_IS_SWALLOWED
                                                       : OC_PCSC_IS_SPECIFIC;
    }
    if (protocol != NULL) {
        *protocol = card->protocol;
    }
    LONG name_error = give_name(card, name, name_len);
    LONG atr_error = oc_pcsc_give(oc_span_of(now.atr, now.atr_len), atr_len != NULL ? atr : NULL,
                                  atr_len != NULL ? atr_len : &none);
    return name_error != SCARD_S_SUCCESS ? name_error : atr_error;
}

OC_PCSC_API OC_PCSC(SCardStatus)(SCARDHANDLE id, LPSTR name, LPDWORD name_len, LPDWORD state, LPDWORD protocol,
                                 LPBYTE atr, LPDWORD atr_len)
{
    struct oc_pcsc_card *card = oc_pcsc_enter_card(id);
    if (card == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    LONG error = status_texts(card, name, name_len, state, protocol, atr, atr_len);
    oc_pcsc_leave_card(card);
    return error;
}

static LONG transmit(struct oc_pcsc_card *card, oc_span command, LPBYTE response, LPDWORD len)
{
    uint8_t *room = malloc(RESPONSE_ROOM);
    size_t got = RESPONSE_ROOM;
    if (room == NULL) {
        return SCARD_E_NO_MEMORY;
    }
    enum oc_cards_status status = oc_readers_transmit(card->context->readers, card->handle, command, room, &got);
    LONG error = oc_pcsc_error(status);
    if (status == OC_CARDS_OK) {
        error = oc_pcsc_give(oc_span_of(room, got), response, len);
        oc_wipe(room, got);
    } else {
        *len = 0;
    }
    free(room);
    return error;
}

OC_PCSC_API SCardTransmit(SCARDHANDLE id, const SCARD_IO_REQUEST *send, LPCBYTE command, DWORD command_len,
                          SCARD_IO_REQUEST *receive, LPBYTE response, LPDWORD len)
{
    if (command == NULL || response == NULL || len == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    struct oc_pcsc_card *card = oc_pcsc_enter_card(id);
    if (card == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    LONG error;
    if (send != NULL && send->dwProtocol != card->protocol && send->dwProtocol != OC_PCSC_RAW) {
        error = SCARD_E_PROTO_MISMATCH;
    } else {
        error = transmit(card, oc_span_of(command, command_len), response, len);
    }
    if (receive != NULL) {
        receive->dwProtocol = card->protocol;
        receive->cbPciLength = sizeof *receive;
    }
    oc_pcsc_leave_card(card);
    return error;
}

/* This reader has no features beyond PC/SC's own: it answers an empty list of them and knows no other request. */
OC_PCSC_API SCardControl(SCARDHANDLE id, DWORD code, LPCVOID in, DWORD in_len, LPVOID out, DWORD out_len,
                         LPDWORD returned)
{
    (void)in;
    (void)in_len;
    (void)out;
    (void)out_len;
    struct oc_pcsc_card *card = oc_pcsc_enter_card(id);
    if (card == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    oc_pcsc_leave_card(card);
    if (returned != NULL) {
        *returned = 0;
    }
    return code == (DWORD)OC_PCSC_GET_FEATURES ? SCARD_S_SUCCESS : SCARD_E_UNSUPPORTED_FEATURE;
}

/* Writes a number as it lies in memory, as PC/SC gives it. */
static void put_number(oc_wr *out, DWORD number)
{
    uint32_t value = (uint32_t)number;
    oc_wr_bytes(out, oc_span_of(&value, sizeof value));
}

static LONG attribute(const struct oc_pcsc_card *card, const oc_reader_state *state, DWORD id, oc_wr *out)
{
    const char *name = oc_readers_name(card->context->readers, card->slot);
    bool present = (state->flags & OC_CARDS_PRESENT) != 0;
    switch (id) {
    case SCARD_ATTR_ATR_STRING:
        oc_wr_bytes(out, oc_span_of(state->atr, state->atr_len));
        return SCARD_S_SUCCESS;
    case SCARD_ATTR_VENDOR_NAME:
        oc_wr_bytes(out, oc_span_of("onecard", sizeof "onecard"));
        return SCARD_S_SUCCESS;
    case SCARD_ATTR_VENDOR_IFD_VERSION:
        put_number(out, 0x00010000);
        return SCARD_S_SUCCESS;
    case SCARD_ATTR_DEVICE_UNIT:
        put_number(out, card->slot);
        return SCARD_S_SUCCESS;
    case SCARD_ATTR_DEVICE_FRIENDLY_NAME_A:
    case SCARD_ATTR_DEVICE_SYSTEM_NAME_A:
        oc_wr_bytes(out, oc_span_of(name, strlen(name) + 1));
        return SCARD_S_SUCCESS;
    case SCARD_ATTR_CURRENT_PROTOCOL_TYPE:
        put_number(out, card->protocol);
        return SCARD_S_SUCCESS;
    case SCARD_ATTR_ICC_PRESENCE:
        oc_wr_u8(out, present ? 2 : 0); /* 2: present, not swallowed (PC/SC part 3, table 3-1) */
        return SCARD_S_SUCCESS;
    case SCARD_ATTR_ICC_INTERFACE_STATUS:
        oc_wr_u8(out, (state->flags & OC_CARDS_POWERED) != 0 ? 1 : 0);
        return SCARD_S_SUCCESS;
    default:
        return SCARD_E_UNSUPPORTED_FEATURE;
    }
}

OC_PCSC_API SCardGetAttrib(SCARDHANDLE id, DWORD attribute_id, LPBYTE out, LPDWORD len)
{
    uint8_t room[OC_CARDS_NAME_MAX + 1];
    oc_wr value = oc_wr_of(room, sizeof room);
    oc_reader_state state;
    if (len == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    struct oc_pcsc_card *card = oc_pcsc_enter_card(id);
    if (card == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    LONG error = status_of(card, &state);
    if (error == SCARD_S_SUCCESS) {
        error = attribute(card, &state, attribute_id, &value);
    }
    if (error == SCARD_S_SUCCESS) {
        error = oc_pcsc_give(oc_wr_span(&value), out, len);
    }
    oc_pcsc_leave_card(card);
    return error;
}

OC_PCSC_API SCardSetAttrib(SCARDHANDLE id, DWORD attribute_id, LPCBYTE value, DWORD len)
{
    (void)attribute_id;
    (void)len;
    struct oc_pcsc_card *card = oc_pcsc_enter_card(id);
    if (card == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    oc_pcsc_leave_card(card);
    return value != NULL ? SCARD_E_UNSUPPORTED_FEATURE : SCARD_E_INVALID_PARAMETER;
}
