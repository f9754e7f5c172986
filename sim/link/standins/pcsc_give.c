/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/link/standins/pcsc.h"

LONG oc_pcsc_error(enum oc_cards_status status)
{
    static const LONG errors[] = {
        [OC_CARDS_OK] = SCARD_S_SUCCESS,
        [OC_CARDS_NO_SLOT] = SCARD_E_READER_UNAVAILABLE,
        [OC_CARDS_NO_HANDLE] = SCARD_E_INVALID_PARAMETER,
        [OC_CARDS_NO_CARD] = SCARD_E_NO_SMARTCARD,
        [OC_CARDS_REMOVED] = SCARD_W_REMOVED_CARD,
        [OC_CARDS_WAS_RESET] = SCARD_W_RESET_CARD,
        [OC_CARDS_UNPOWERED] = SCARD_W_UNPOWERED_CARD,
        [OC_CARDS_MUTE] = SCARD_E_NOT_TRANSACTED,
        [OC_CARDS_FAILED] = SCARD_E_NOT_TRANSACTED,
        [OC_CARDS_SHARING] = SCARD_E_SHARING_VIOLATION,
        [OC_CARDS_LOCKED] = SCARD_E_SHARING_VIOLATION,
        [OC_CARDS_NOT_LOCKED] = SCARD_E_NOT_TRANSACTED,
        [OC_CARDS_FULL] = SCARD_E_NO_MEMORY,
        [OC_CARDS_TIMEOUT] = SCARD_E_TIMEOUT,
        [OC_CARDS_CANCELLED] = SCARD_E_CANCELLED,
    };
    return (size_t)status < sizeof errors / sizeof errors[0] ? errors[status] : SCARD_E_NO_SERVICE;
}

LONG oc_pcsc_give(oc_span bytes, void *out, LPDWORD len)
{
    DWORD room = *len;
    *len = (DWORD)bytes.len;
    if (out == NULL) {
        return SCARD_S_SUCCESS;
    }
    if (room == SCARD_AUTOALLOCATE) {
        void *memory = malloc(bytes.len > 0 ? bytes.len : 1);
        if (memory == NULL) {
            return SCARD_E_NO_MEMORY;
        }
        memcpy(memory, bytes.at, bytes.len);
        memcpy(out, &memory, sizeof memory);
        return SCARD_S_SUCCESS;
    }
    if (room < bytes.len) {
        return SCARD_E_INSUFFICIENT_BUFFER;
    }
    memcpy(out, bytes.at, bytes.len);
    return SCARD_S_SUCCESS;
}
