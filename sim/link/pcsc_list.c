/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/pcsc_list.h"

#include <stdio.h>
#include <string.h>

#include "sim/link/pcsc_client.h"
#include "sim/link/pcsc_reader.h"

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

static oc_result list_names(oc_pcsc_client *client, oc_pcsc_readers *out, oc_diag *diag)
{
    char *names = out->names;
    DWORD len = sizeof out->names;
    oc_pcsc_client_begin(client, LOOK_MS);
    LONG error = SCardListReaders(oc_pcsc_client_context(client), NULL, names, &len);
    if (error == SCARD_E_NO_READERS_AVAILABLE) {
        names[0] = '\0';
        error = SCARD_S_SUCCESS;
    }
    OC_TRY(ended(client, error, "listing the readers", diag));
    for (const char *name = names; *name != '\0' && out->count < OC_PCSC_READERS_MAX; name += strlen(name) + 1) {
        memcpy(out->at[out->count++].name, name, strnlen(name, MAX_READERNAME - 1)); /* behind it all is 0 */
    }
    return oc_ok();
}

static oc_result look(oc_pcsc_client *client, oc_pcsc_readers *out, oc_diag *diag)
{
    SCARD_READERSTATE states[OC_PCSC_READERS_MAX] = {0};
    OC_TRY(list_names(client, out, diag));
    if (out->count == 0) {
        return oc_ok();
    }
    for (size_t i = 0; i < out->count; i++) {
        states[i].szReader = out->at[i].name;
        states[i].dwCurrentState = SCARD_STATE_UNAWARE;
    }
    oc_pcsc_client_begin(client, LOOK_MS);
    LONG error = SCardGetStatusChange(oc_pcsc_client_context(client), 0, states, (DWORD)out->count);
    OC_TRY(ended(client, error, "looking for cards", diag));
    for (size_t i = 0; i < out->count; i++) {
        out->at[i].present = (states[i].dwEventState & SCARD_STATE_PRESENT) != 0;
        out->at[i].in_use = (states[i].dwEventState & (SCARD_STATE_INUSE | SCARD_STATE_EXCLUSIVE)) != 0;
        out->at[i].events = (unsigned)(states[i].dwEventState >> 16) & 0xFFFFu;
    }
    return oc_ok();
}

oc_result oc_pcsc_list(oc_pcsc_readers *out, oc_diag *diag)
{
    oc_pcsc_client *client = NULL;
    *out = (oc_pcsc_readers){.count = 0};
    OC_TRY(oc_pcsc_client_new(&client, LOOK_MS, diag));
    oc_result r = look(client, out, diag);
    oc_pcsc_client_free(&client);
    return r;
}

oc_result oc_pcsc_list_find(const oc_pcsc_reader **out, const oc_pcsc_readers *readers, const char *wanted,
                            oc_diag *diag)
{
    char name[MAX_READERNAME];
    *out = NULL;
    OC_TRY(oc_pcsc_choose(name, readers->names, wanted, diag));
    for (size_t i = 0; i < readers->count && *out == NULL; i++) {
        *out = strcmp(readers->at[i].name, name) == 0 ? &readers->at[i] : NULL;
    }
    return *out != NULL ? oc_ok() : oc_fail(OC_E_INTERNAL);
}

oc_result oc_pcsc_look(oc_pcsc_reader *out, const char *wanted, oc_diag *diag)
{
    oc_pcsc_readers readers;
    const oc_pcsc_reader *found;
    OC_TRY(oc_pcsc_list(&readers, diag));
    OC_TRY(oc_pcsc_list_find(&found, &readers, wanted, diag));
    *out = *found;
    return oc_ok();
}
