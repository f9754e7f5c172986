/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "sim/link/standins/pcsc.h"

/* What libpcsclite exports beside the functions of PC/SC. */

#define EXPORT __attribute__((visibility("default")))

EXPORT const SCARD_IO_REQUEST g_rgSCardT0Pci = {SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
EXPORT const SCARD_IO_REQUEST g_rgSCardT1Pci = {SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};
EXPORT const SCARD_IO_REQUEST g_rgSCardRawPci = {SCARD_PROTOCOL_RAW, sizeof(SCARD_IO_REQUEST)};

EXPORT const char *pcsc_stringify_error(const LONG error)
{
    static const struct {
        LONG error;
        const char *text;
    } rows[] = {
        {SCARD_S_SUCCESS, "Command successful."},
        {SCARD_E_CANCELLED, "Command cancelled."},
        {SCARD_E_INVALID_HANDLE, "Invalid handle."},
        {SCARD_E_INVALID_PARAMETER, "Invalid parameter given."},
        {SCARD_E_NO_MEMORY, "Not enough memory."},
        {SCARD_E_INSUFFICIENT_BUFFER, "Insufficient buffer."},
        {SCARD_E_UNKNOWN_READER, "Unknown reader specified."},
        {SCARD_E_TIMEOUT, "Command timeout."},
        {SCARD_E_SHARING_VIOLATION, "Sharing violation."},
        {SCARD_E_NO_SMARTCARD, "No smart card inserted."},
        {SCARD_E_PROTO_MISMATCH, "Card protocol mismatch."},
        {SCARD_E_INVALID_VALUE, "Invalid value given."},
        {SCARD_E_NOT_TRANSACTED, "Transaction failed."},
        {SCARD_E_READER_UNAVAILABLE, "Reader is unavailable."},
        {SCARD_E_NO_SERVICE, "Service not available."},
        {SCARD_E_UNSUPPORTED_FEATURE, "Feature not supported."},
        {SCARD_E_NO_READERS_AVAILABLE, "Cannot find a smart card reader."},
        {SCARD_W_UNRESPONSIVE_CARD, "Card is unresponsive."},
        {SCARD_W_UNPOWERED_CARD, "Card is unpowered."},
        {SCARD_W_RESET_CARD, "Card was reset."},
        {SCARD_W_REMOVED_CARD, "Card was removed."},
    };
    static _Thread_local char unknown[40];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].error == error) {
            return rows[i].text;
        }
    }
    snprintf(unknown, sizeof unknown, "Unknown error: 0x%08lX", (unsigned long)error & 0xFFFFFFFFUL);
    return unknown;
}
