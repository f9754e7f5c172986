/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_STANDINS_PCSC_H
#define OC_LINK_STANDINS_PCSC_H

/* Private to the stand-in of the PC/SC library: libpcsclite.so.1, winscard.dll. Types and constants come from the
 * system's own header, so that the compiler compares our functions with its declarations. */

#include "sim/link/standins/os.h"

#if defined(_WIN32)
#define WINSCARDAPI __declspec(dllexport)
#define WINSCARDDATA __declspec(dllexport)
#include <winscard.h>
/* Functions with texts come in two forms; the one in bytes does the work. */
#define OC_PCSC(name) name##A
#define OC_PCSC_API LONG WINAPI
typedef SCARD_READERSTATEA oc_pcsc_reader_state;
#define OC_PCSC_RAW 0x00010000u
/* SCardStatus: the state is a number, the name a list of names. */
#define OC_PCSC_IS_ABSENT SCARD_ABSENT
#define OC_PCSC_IS_SWALLOWED SCARD_SWALLOWED
#define OC_PCSC_IS_SPECIFIC SCARD_SPECIFIC
#define OC_PCSC_STATUS_NAMES_END 2
#ifndef SCARD_E_UNSUPPORTED_FEATURE
#define SCARD_E_UNSUPPORTED_FEATURE ((LONG)0x80100022)
#endif
#define OC_PCSC_GET_FEATURES CTL_CODE(0x31, 3400, 0, 0)
#else
#include <reader.h>
#include <winscard.h>
#define OC_PCSC(name) name
#define OC_PCSC_API __attribute__((visibility("default"))) LONG
typedef SCARD_READERSTATE oc_pcsc_reader_state;
#define OC_PCSC_RAW ((DWORD)SCARD_PROTOCOL_RAW)
#define OC_PCSC_IS_ABSENT SCARD_ABSENT
#define OC_PCSC_IS_SWALLOWED (SCARD_PRESENT | SCARD_SWALLOWED)
#define OC_PCSC_IS_SPECIFIC (SCARD_PRESENT | SCARD_POWERED | SCARD_SPECIFIC)
#define OC_PCSC_STATUS_NAMES_END 1
#define OC_PCSC_GET_FEATURES CM_IOCTL_GET_FEATURE_REQUEST
#endif

#include "sim/link/standins/readers.h"

/* A handle from SCardConnect. */
struct oc_pcsc_card {
    SCARDHANDLE id; /* 0: free */
    struct oc_pcsc_context *context;
    uint8_t slot;
    uint8_t handle; /* at the card server */
    DWORD share;
    DWORD protocol;
};

/* A context, with a connection of its own. Calls in progress keep one that is released alive until they end. */
struct oc_pcsc_context {
    SCARDCONTEXT id; /* 0: free or released */
    oc_readers *readers;
    unsigned calls;
};

/* The context or card of that number for the time of a call; NULL when there is none. */
struct oc_pcsc_context *oc_pcsc_enter(SCARDCONTEXT id);
void oc_pcsc_leave(struct oc_pcsc_context *context);
struct oc_pcsc_card *oc_pcsc_enter_card(SCARDHANDLE id);
void oc_pcsc_leave_card(struct oc_pcsc_card *card);

/* A free place for a card of this context, with its number. NULL when there is none. */
struct oc_pcsc_card *oc_pcsc_add_card(struct oc_pcsc_context *context);
void oc_pcsc_drop_card(struct oc_pcsc_card *card);

/* What the card server says, in PC/SC's words. */
LONG oc_pcsc_error(enum oc_cards_status status);

/* Slot of that name, or the number of slots. */
size_t oc_pcsc_slot(const struct oc_pcsc_context *context, const char *name);

/* Gives bytes to a caller who brought `out` with room for *len, or wants to be told the length (NULL), or wants memory
 * for them (SCARD_AUTOALLOCATE). */
LONG oc_pcsc_give(oc_span bytes, void *out, LPDWORD len);

#endif
