/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "sim/link/standins/pcsc.h"

/* PC/SC hands out numbers, not pointers, and has to know a wrong one: one table for the process. */
#define CONTEXTS 64
#define CARDS 64
#define FIRST_NUMBER 0x0C000001

static struct {
    oc_os_mutex mutex;
    LONG last;
    struct oc_pcsc_context contexts[CONTEXTS];
    struct oc_pcsc_card cards[CARDS];
} table = {.mutex = OC_OS_MUTEX, .last = FIRST_NUMBER};

struct oc_pcsc_context *oc_pcsc_enter(SCARDCONTEXT id)
{
    struct oc_pcsc_context *found = NULL;
    oc_os_lock(&table.mutex);
    for (size_t i = 0; i < CONTEXTS && found == NULL && id != 0; i++) {
        found = table.contexts[i].id == id ? &table.contexts[i] : NULL;
    }
    if (found != NULL) {
        found->calls++;
    }
    oc_os_unlock(&table.mutex);
    return found;
}

/* With the mutex held: the place is free when nobody uses it any more. */
static void leave(struct oc_pcsc_context *context)
{
    context->calls--;
    if (context->calls == 0 && context->id == 0) {
        oc_readers_free(context->readers);
        context->readers = NULL;
    }
}

void oc_pcsc_leave(struct oc_pcsc_context *context)
{
    oc_os_lock(&table.mutex);
    leave(context);
    oc_os_unlock(&table.mutex);
}

struct oc_pcsc_card *oc_pcsc_enter_card(SCARDHANDLE id)
{
    struct oc_pcsc_card *found = NULL;
    oc_os_lock(&table.mutex);
    for (size_t i = 0; i < CARDS && found == NULL && id != 0; i++) {
        found = table.cards[i].id == id ? &table.cards[i] : NULL;
    }
    if (found != NULL) {
        found->context->calls++;
    }
    oc_os_unlock(&table.mutex);
    return found;
}

void oc_pcsc_leave_card(struct oc_pcsc_card *card)
{
    oc_pcsc_leave(card->context);
}

struct oc_pcsc_card *oc_pcsc_add_card(struct oc_pcsc_context *context)
{
    struct oc_pcsc_card *place = NULL;
    oc_os_lock(&table.mutex);
    for (size_t i = 0; i < CARDS && place == NULL; i++) {
        place = table.cards[i].id == 0 ? &table.cards[i] : NULL;
    }
    if (place != NULL) {
        *place = (struct oc_pcsc_card){.id = (SCARDHANDLE)++table.last, .context = context};
    }
    oc_os_unlock(&table.mutex);
    return place;
}

void oc_pcsc_drop_card(struct oc_pcsc_card *card)
{
    oc_os_lock(&table.mutex);
    card->id = 0;
    oc_os_unlock(&table.mutex);
}

OC_PCSC_API SCardEstablishContext(DWORD scope, LPCVOID reserved1, LPCVOID reserved2, LPSCARDCONTEXT out)
{
    (void)reserved1;
    (void)reserved2;
    if (out == NULL) {
        return SCARD_E_INVALID_PARAMETER;
    }
    *out = 0;
    if (scope > 3) {
        return SCARD_E_INVALID_VALUE;
    }
    oc_readers *readers = oc_readers_new();
    if (readers == NULL) {
        return SCARD_E_NO_SERVICE;
    }
    oc_os_lock(&table.mutex);
    for (size_t i = 0; i < CONTEXTS && *out == 0; i++) {
        struct oc_pcsc_context *context = &table.contexts[i];
        if (context->id == 0 && context->readers == NULL) {
            *context = (struct oc_pcsc_context){.id = (SCARDCONTEXT)++table.last, .readers = readers};
            *out = context->id;
        }
    }
    oc_os_unlock(&table.mutex);
    if (*out == 0) {
        oc_readers_free(readers);
        return SCARD_E_NO_MEMORY;
    }
    return SCARD_S_SUCCESS;
}

OC_PCSC_API SCardReleaseContext(SCARDCONTEXT id)
{
    struct oc_pcsc_context *context = oc_pcsc_enter(id);
    if (context == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    oc_os_lock(&table.mutex);
    context->id = 0;
    for (size_t i = 0; i < CARDS; i++) {
        if (table.cards[i].context == context) {
            table.cards[i].id = 0;
        }
    }
    oc_readers_shut(context->readers);
    leave(context);
    oc_os_unlock(&table.mutex);
    return SCARD_S_SUCCESS;
}

OC_PCSC_API SCardIsValidContext(SCARDCONTEXT id)
{
    struct oc_pcsc_context *context = oc_pcsc_enter(id);
    if (context == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    oc_pcsc_leave(context);
    return SCARD_S_SUCCESS;
}

OC_PCSC_API SCardCancel(SCARDCONTEXT id)
{
    struct oc_pcsc_context *context = oc_pcsc_enter(id);
    if (context == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    oc_readers_cancel(context->readers);
    oc_pcsc_leave(context);
    return SCARD_S_SUCCESS;
}

/* From oc_pcsc_give; free(3) takes it as the caller holds it, as a pointer to what must not be changed. */
OC_PCSC_API SCardFreeMemory(SCARDCONTEXT id, LPCVOID memory)
{
    (void)id;
    union {
        LPCVOID given;
        void *ours;
    } pointer = {memory};
    free(pointer.ours);
    return SCARD_S_SUCCESS;
}
