/* SPDX-License-Identifier: Apache-2.0 */
#include <windows.h>
#include <winscard.h>

#include "tests/integration/standins/driver.h"

static SCARDCONTEXT context;
static SCARDHANDLE card;

static long code_of(LONG error)
{
    return error == SCARD_S_SUCCESS                ? 0
           : error == (LONG)SCARD_E_NO_SMARTCARD   ? -2
           : error == (LONG)SCARD_W_REMOVED_CARD   ? -2
           : error == (LONG)SCARD_E_NOT_TRANSACTED ? -4
                                                   : -11;
}

long driver_open(unsigned char atr[64])
{
    char names[2000];
    DWORD len = sizeof names;
    DWORD protocol;
    LONG error = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context);
    if (error == SCARD_S_SUCCESS) {
        error = SCardListReadersA(context, NULL, names, &len);
    }
    if (error == SCARD_S_SUCCESS) {
        error = SCardConnectA(context, names, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0, &card, &protocol);
    }
    if (error == SCARD_S_SUCCESS) {
        error = SCardReconnect(card, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0, SCARD_UNPOWER_CARD, &protocol);
    }
    if (error == SCARD_S_SUCCESS) {
        DWORD none = 0;
        len = 64;
        error = SCardStatusA(card, NULL, &none, NULL, NULL, atr, &len);
    }
    return error == SCARD_S_SUCCESS ? (long)len : code_of(error);
}

long driver_send(const unsigned char *command, unsigned long len, unsigned char *response)
{
    DWORD got = 300;
    LONG error = SCardTransmit(card, SCARD_PCI_T0, command, len, NULL, response, &got);
    return error == SCARD_S_SUCCESS ? (long)got : code_of(error);
}

void driver_close(void)
{
    if (card != 0) {
        SCardDisconnect(card, SCARD_UNPOWER_CARD);
    }
    if (context != 0) {
        SCardReleaseContext(context);
    }
    card = 0;
    context = 0;
}
