/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/standins/pcsc.h"

/* What winscard.dll exports beside the functions that libpcsclite has as well. */

const SCARD_IO_REQUEST g_rgSCardT0Pci = {SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardT1Pci = {SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};
const SCARD_IO_REQUEST g_rgSCardRawPci = {OC_PCSC_RAW, sizeof(SCARD_IO_REQUEST)};

/* Signalled while the resource manager runs, so always. One event for the process, made when it is first asked for. */
HANDLE WINAPI SCardAccessStartedEvent(void)
{
    static HANDLE event;
    if (event == NULL) {
        HANDLE made = CreateEventA(NULL, TRUE, TRUE, NULL);
        if (InterlockedCompareExchangePointer(&event, made, NULL) != NULL) {
            CloseHandle(made);
        }
    }
    return event;
}

void WINAPI SCardReleaseStartedEvent(void)
{
}

OC_PCSC_API SCardState(SCARDHANDLE id, LPDWORD state, LPDWORD protocol, LPBYTE atr, LPDWORD atr_len)
{
    return SCardStatusA(id, NULL, NULL, state, protocol, atr, atr_len);
}

OC_PCSC_API SCardCancelTransaction(SCARDHANDLE id)
{
    return SCardEndTransaction(id, SCARD_LEAVE_CARD);
}

/* No card type has a name here. */
OC_PCSC_API SCardListCardsA(SCARDCONTEXT id, LPCBYTE atr, LPCGUID interfaces, DWORD count, LPSTR cards, LPDWORD len)
{
    static const char none[] = "";
    (void)id;
    (void)atr;
    (void)interfaces;
    (void)count;
    return len != NULL ? oc_pcsc_give(oc_span_of(none, sizeof none), cards, len) : SCARD_E_INVALID_PARAMETER;
}
