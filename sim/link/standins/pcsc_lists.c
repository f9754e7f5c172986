/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "sim/link/standins/pcsc.h"

size_t oc_pcsc_slot(const struct oc_pcsc_context *context, const char *name)
{
    size_t count = oc_readers_count(context->readers);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(oc_readers_name(context->readers, i), name) == 0) {
            return i;
        }
    }
    return count;
}

/* A list of texts: each with its NUL, one more NUL at the end. */
OC_PCSC_API OC_PCSC(SCardListReaders)(SCARDCONTEXT id, LPCSTR groups, LPSTR names, LPDWORD len)
{
    uint8_t room[OC_CARDS_SLOTS * (OC_CARDS_NAME_MAX + 1) + 1];
    oc_wr list = oc_wr_of(room, sizeof room);
    (void)groups;
    if (len == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    struct oc_pcsc_context *context = oc_pcsc_enter(id);
    if (context == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    for (size_t i = 0; i < oc_readers_count(context->readers); i++) {
        oc_wr_bytes(&list, oc_span_text(oc_readers_name(context->readers, i)));
        oc_wr_u8(&list, 0);
    }
    oc_wr_u8(&list, 0);
    oc_pcsc_leave(context);
    return oc_pcsc_give(oc_wr_span(&list), names, len);
}

OC_PCSC_API OC_PCSC(SCardListReaderGroups)(SCARDCONTEXT id, LPSTR groups, LPDWORD len)
{
    static const char all[] = "SCard$DefaultReaders\0";
    if (len == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    LONG error = SCardIsValidContext(id);
    return error == SCARD_S_SUCCESS ? oc_pcsc_give(oc_span_of(all, sizeof all), groups, len) : error;
}
