/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_PCSC_LIST_H
#define OC_LINK_PCSC_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <winscard.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What pcscd of Debian 12 has at most. */
#define OC_PCSC_READERS_MAX 16

typedef struct oc_pcsc_reader {
    char name[MAX_READERNAME];
    bool present;    /* a card is in it now */
    bool in_use;     /* somebody is connected to that card */
    unsigned events; /* cards that came and went since the daemon started, modulo 65,536, as it noticed them */
} oc_pcsc_reader;

typedef struct oc_pcsc_readers {
    oc_pcsc_reader at[OC_PCSC_READERS_MAX];
    size_t count;
    char names[OC_PCSC_READERS_MAX * MAX_READERNAME]; /* as PC/SC gives them: a multi-string */
} oc_pcsc_readers;

/* The readers in the order of PC/SC; nothing is sent to a card. No reader at all is an empty list.
 * UNAVAILABLE when no daemon answers. */
OC_MUST_USE oc_result oc_pcsc_list(oc_pcsc_readers *out, oc_diag *diag);

/* The one that is `wanted`, else the only one that contains it. Fails as oc_pcsc_choose. */
OC_MUST_USE oc_result oc_pcsc_list_find(const oc_pcsc_reader **out, const oc_pcsc_readers *readers, const char *wanted,
                                        oc_diag *diag);

/* Looks at one reader, named as there. */
OC_MUST_USE oc_result oc_pcsc_look(oc_pcsc_reader *out, const char *wanted, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
