/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/link/standins/pcsc.h"

/* The functions with texts of 16-bit characters: each turns its texts and calls the one in bytes (UTF-8 here). */

#define NAME_ROOM (OC_CARDS_NAME_MAX + 1)
#define STATES_MAX 32

static bool narrow(LPCWSTR wide, char out[NAME_ROOM])
{
    return wide != NULL && WideCharToMultiByte(CP_UTF8, 0, wide, -1, out, NAME_ROOM, NULL, NULL) > 0;
}

/* Gives a caller `len` bytes of text as characters; *out_len counts characters. */
static LONG give_wide(const char *text, DWORD len, LPWSTR out, LPDWORD out_len)
{
    WCHAR room[OC_CARDS_SLOTS * NAME_ROOM + 1];
    int count = MultiByteToWideChar(CP_UTF8, 0, text, (int)len, room, (int)(sizeof room / sizeof room[0]));
    DWORD bytes = *out_len == SCARD_AUTOALLOCATE ? *out_len : *out_len * (DWORD)sizeof(WCHAR);
    if (count <= 0) {
        return SCARD_F_INTERNAL_ERROR;
    }
    LONG error = oc_pcsc_give(oc_span_of(room, (size_t)count * sizeof(WCHAR)), out, &bytes);
    *out_len = bytes / (DWORD)sizeof(WCHAR);
    return error;
}

OC_PCSC_API SCardListReadersW(SCARDCONTEXT id, LPCWSTR groups, LPWSTR names, LPDWORD len)
{
    char room[OC_CARDS_SLOTS * NAME_ROOM + 1];
    DWORD room_len = sizeof room;
    (void)groups;
    if (len == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    LONG error = SCardListReadersA(id, NULL, room, &room_len);
    return error == SCARD_S_SUCCESS ? give_wide(room, room_len, names, len) : error;
}

OC_PCSC_API SCardListReaderGroupsW(SCARDCONTEXT id, LPWSTR groups, LPDWORD len)
{
    char room[64];
    DWORD room_len = sizeof room;
    if (len == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    LONG error = SCardListReaderGroupsA(id, room, &room_len);
    return error == SCARD_S_SUCCESS ? give_wide(room, room_len, groups, len) : error;
}

OC_PCSC_API SCardListCardsW(SCARDCONTEXT id, LPCBYTE atr, LPCGUID interfaces, DWORD count, LPWSTR cards, LPDWORD len)
{
    (void)id;
    (void)atr;
    (void)interfaces;
    (void)count;
    return len != NULL ? give_wide("", 1, cards, len) : SCARD_E_INVALID_PARAMETER;
}

OC_PCSC_API SCardConnectW(SCARDCONTEXT id, LPCWSTR name, DWORD share, DWORD protocols, LPSCARDHANDLE out,
                          LPDWORD protocol)
{
    char room[NAME_ROOM];
    return narrow(name, room) ? SCardConnectA(id, room, share, protocols, out, protocol) : SCARD_E_UNKNOWN_READER;
}

OC_PCSC_API SCardStatusW(SCARDHANDLE id, LPWSTR name, LPDWORD name_len, LPDWORD state, LPDWORD protocol, LPBYTE atr,
                         LPDWORD atr_len)
{
    char room[NAME_ROOM + 1];
    DWORD room_len = sizeof room;
    LONG error = SCardStatusA(id, room, &room_len, state, protocol, atr, atr_len);
    if (error != SCARD_S_SUCCESS || name_len == NULL) {
        return error;
    }
    return give_wide(room, room_len, name, name_len);
}

/* Both kinds of state differ in the text only. */
static bool narrow_state(const SCARD_READERSTATEW *wide, SCARD_READERSTATEA *state, char room[NAME_ROOM])
{
    state->szReader = room;
    state->dwCurrentState = wide->dwCurrentState;
    return narrow(wide->szReader, room);
}

static void widen_state(const SCARD_READERSTATEA *state, SCARD_READERSTATEW *wide)
{
    wide->dwEventState = state->dwEventState;
    wide->cbAtr = state->cbAtr;
    memcpy(wide->rgbAtr, state->rgbAtr, sizeof state->rgbAtr);
}

OC_PCSC_API SCardGetStatusChangeW(SCARDCONTEXT id, DWORD timeout, LPSCARD_READERSTATEW states, DWORD count)
{
    SCARD_READERSTATEA narrowed[STATES_MAX] = {0};
    char names[STATES_MAX][NAME_ROOM];
    if (count > STATES_MAX || (states == NULL && count > 0)) {
        return SCARD_E_INVALID_PARAMETER;
    }
    for (DWORD i = 0; i < count; i++) {
        if (!narrow_state(&states[i], &narrowed[i], names[i])) {
            return SCARD_E_UNKNOWN_READER;
        }
    }
    LONG error = SCardGetStatusChangeA(id, timeout, narrowed, count);
    for (DWORD i = 0; i < count; i++) {
        widen_state(&narrowed[i], &states[i]);
    }
    return error;
}
