/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/pcsc_reader.h"

#include <stdio.h>
#include <string.h>

static const char *next_name(const char *name)
{
    return name + strlen(name) + 1;
}

static void join_names(char *out, size_t room, const char *names)
{
    size_t len = 0;
    out[0] = '\0';
    for (const char *name = names; *name != '\0' && len < room; name = next_name(name)) {
        int added = snprintf(out + len, room - len, "%s\"%s\"", name == names ? "" : ", ", name);
        len += added > 0 ? (size_t)added : 0;
    }
}

oc_result oc_pcsc_choose(char out[MAX_READERNAME], const char *names, const char *wanted, oc_diag *diag)
{
    const char *found = NULL;
    unsigned matches = 0;
    if (*names == '\0') {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "pcscd has no reader");
    }
    for (const char *name = names; *name != '\0'; name = next_name(name)) {
        if (strcmp(name, wanted) == 0) {
            found = name;
            matches = 1;
            break;
        }
        if (strstr(name, wanted) != NULL) {
            found = name;
            matches++;
        }
    }
    if (matches != 1) {
        char list[400];
        join_names(list, sizeof list, names);
        return oc_diag_fail(diag, OC_E_NOT_FOUND, "%s reader is called \"%s\"; there are: %s",
                            matches == 0 ? "no" : "more than one", wanted, list);
    }
    snprintf(out, MAX_READERNAME, "%s", found);
    return oc_ok();
}

enum oc_code oc_pcsc_code(LONG error)
{
    static const struct {
        LONG error;
        enum oc_code code;
    } rows[] = {
        /* NOT_TRANSACTED: the exchange failed between reader and card, as when the card is torn out. */
        {SCARD_E_NOT_TRANSACTED, OC_E_GONE},
        {SCARD_E_NO_SMARTCARD, OC_E_GONE},
        {SCARD_W_REMOVED_CARD, OC_E_GONE},
        {SCARD_W_RESET_CARD, OC_E_GONE},
        {SCARD_W_UNPOWERED_CARD, OC_E_GONE},
        {SCARD_E_READER_UNAVAILABLE, OC_E_GONE},
        {SCARD_E_UNKNOWN_READER, OC_E_GONE},
        {SCARD_E_NO_SERVICE, OC_E_GONE},
        {SCARD_E_SERVICE_STOPPED, OC_E_GONE},
        {SCARD_F_COMM_ERROR, OC_E_GONE},
        {SCARD_E_COMM_DATA_LOST, OC_E_GONE},
        {SCARD_E_INVALID_HANDLE, OC_E_GONE},
        {SCARD_W_UNRESPONSIVE_CARD, OC_E_TIMEOUT},
        {SCARD_E_TIMEOUT, OC_E_TIMEOUT},
        {SCARD_W_UNSUPPORTED_CARD, OC_E_GARBAGE},
        {SCARD_E_INSUFFICIENT_BUFFER, OC_E_GARBAGE},
        {SCARD_E_SHARING_VIOLATION, OC_E_UNAVAILABLE},
        {SCARD_E_PROTO_MISMATCH, OC_E_UNAVAILABLE},
        {SCARD_E_NO_MEMORY, OC_E_MEMORY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].error == error) {
            return rows[i].code;
        }
    }
    return OC_E_IO;
}
