/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/link/pcsc_client.h"
#include "sim/link/pcsc_reader.h"
#include "sim/link/transports.h"

#define LOOK_MS 3000

static oc_result ended(oc_pcsc_client *client, LONG error, const char *what, oc_diag *diag)
{
    if (oc_pcsc_client_end(client)) {
        return oc_diag_fail(diag, OC_E_TIMEOUT, "%s: pcscd gave no answer within %d ms", what, LOOK_MS);
    }
    return error == SCARD_S_SUCCESS
               ? oc_ok()
               : oc_diag_fail(diag, oc_pcsc_code(error), "%s: %s", what, pcsc_stringify_error(error));
}

static oc_result look(oc_pcsc_client *client, const char *wanted, bool *present, oc_diag *diag)
{
    char *names = NULL;
    DWORD len = SCARD_AUTOALLOCATE;
    char reader[MAX_READERNAME];
    oc_pcsc_client_begin(client, LOOK_MS);
    LONG error = SCardListReaders(oc_pcsc_client_context(client), NULL, (LPSTR)&names, &len);
    OC_TRY(ended(client, error, "listing the readers", diag));
    oc_result r = oc_pcsc_choose(reader, names, wanted, diag);
    SCardFreeMemory(oc_pcsc_client_context(client), names);
    OC_TRY(r);
    SCARD_READERSTATE state = {.szReader = reader, .dwCurrentState = SCARD_STATE_UNAWARE};
    oc_pcsc_client_begin(client, LOOK_MS);
    error = SCardGetStatusChange(oc_pcsc_client_context(client), 0, &state, 1);
    OC_TRY(ended(client, error, "looking for a card", diag));
    *present = (state.dwEventState & SCARD_STATE_PRESENT) != 0;
    return oc_ok();
}

oc_result oc_pcsc_presence(const char *reader, bool *present, oc_diag *diag)
{
    oc_pcsc_client *client = NULL;
    *present = false;
    OC_TRY(oc_pcsc_client_new(&client, LOOK_MS, diag));
    oc_result r = look(client, reader, present, diag);
    oc_pcsc_client_free(&client);
    return r;
}
