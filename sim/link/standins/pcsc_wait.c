/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "sim/link/standins/pcsc.h"

/* A name that stands for readers coming and going; here none ever does. */
#define PNP "\\\\?PnP?\\Notification"

/* What a difference in tells a caller who knows another state. The upper half counts comings and goings. */
#define COMPARED                                                                                                      \
    ((DWORD)(SCARD_STATE_UNKNOWN | SCARD_STATE_EMPTY | SCARD_STATE_PRESENT | SCARD_STATE_EXCLUSIVE |                  \
             SCARD_STATE_INUSE | SCARD_STATE_MUTE))
#define COUNT_SHIFT 16
#define COUNT_MASK 0xFFFFu

static DWORD state_of(const oc_reader_state *now)
{
    DWORD state = (DWORD)(now->comings & COUNT_MASK) << COUNT_SHIFT;
    if ((now->flags & OC_CARDS_PRESENT) == 0) {
        state |= SCARD_STATE_EMPTY;
    } else {
        state |= SCARD_STATE_PRESENT | (now->atr_len == 0 ? (DWORD)SCARD_STATE_MUTE : 0);
    }
    if (now->handles > 0) {
        state |= SCARD_STATE_INUSE;
    }
    if ((now->flags & OC_CARDS_HELD) != 0) {
        state |= SCARD_STATE_EXCLUSIVE;
    }
    return state;
}

static bool differs(DWORD known, DWORD now)
{
    DWORD known_count = known >> COUNT_SHIFT & COUNT_MASK;
    return ((known ^ now) & COMPARED) != 0 || (known_count != 0 && known_count != (now >> COUNT_SHIFT & COUNT_MASK));
}

/* Fills in one reader's state; true when it is another than the caller knows. */
static bool look(struct oc_pcsc_context *context, oc_pcsc_reader_state *reader, LONG *error)
{
    oc_reader_state now;
    DWORD known = reader->dwCurrentState;
    reader->dwEventState = known & ~(DWORD)SCARD_STATE_CHANGED;
    if ((known & SCARD_STATE_IGNORE) != 0) {
        reader->dwEventState = SCARD_STATE_IGNORE;
        return false;
    }
    if (strcmp(reader->szReader, PNP) == 0) {
        return false;
    }
    enum oc_cards_status status = oc_readers_state(context->readers, oc_pcsc_slot(context, reader->szReader), &now);
    if (status != OC_CARDS_OK) {
        *error = status == OC_CARDS_NO_SLOT ? SCARD_E_UNKNOWN_READER : oc_pcsc_error(status);
        reader->dwEventState = SCARD_STATE_UNKNOWN | SCARD_STATE_CHANGED | SCARD_STATE_IGNORE;
        return true;
    }
    reader->dwEventState = state_of(&now);
    reader->cbAtr = (DWORD)now.atr_len;
    memcpy(reader->rgbAtr, now.atr, now.atr_len);
    if (!differs(known, reader->dwEventState)) {
        return false;
    }
    reader->dwEventState |= SCARD_STATE_CHANGED;
    return true;
}

/* Milliseconds until `end`, as WAIT takes them. */
static uint32_t left_until(DWORD timeout, uint64_t end)
{
    uint64_t now = oc_os_now();
    if ((uint32_t)timeout == OC_CARDS_FOREVER) {
        return OC_CARDS_FOREVER;
    }
    return now < end ? (uint32_t)(end - now) : 0;
}

static LONG wait_for_change(struct oc_pcsc_context *context, DWORD timeout, oc_pcsc_reader_state *states, DWORD count)
{
    uint64_t end = oc_os_now() + (uint32_t)timeout;
    uint32_t changes = 0;
    /* Known before the readers are looked at, so that nothing is missed in between. */
    enum oc_cards_status status = oc_readers_wait(context->readers, &changes, 0);
    for (;;) {
        bool changed = false;
        LONG error = SCARD_S_SUCCESS;
        if (status == OC_CARDS_LOST || status == OC_CARDS_CANCELLED) {
            return oc_pcsc_error(status);
        }
        for (DWORD i = 0; i < count; i++) {
            changed = look(context, &states[i], &error) || changed;
        }
        if (changed || error != SCARD_S_SUCCESS) {
            return error;
        }
        uint32_t left = left_until(timeout, end);
        if (left == 0) {
            return SCARD_E_TIMEOUT;
        }
        status = oc_readers_wait(context->readers, &changes, left);
    }
}

OC_PCSC_API OC_PCSC(SCardGetStatusChange)(SCARDCONTEXT id, DWORD timeout, oc_pcsc_reader_state *states, DWORD count)
{
    if (states == NULL && count > 0) {
        return SCARD_E_INVALID_PARAMETER;
    }
    for (DWORD i = 0; i < count; i++) {
        if (states[i].szReader == NULL) {
            return SCARD_E_INVALID_VALUE;
        }
    }
    struct oc_pcsc_context *context = oc_pcsc_enter(id);
    if (context == NULL) {
        return SCARD_E_INVALID_HANDLE;
    }
    LONG error = wait_for_change(context, timeout, states, count);
    oc_pcsc_leave(context);
    return error;
}
