/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_PCSC_READER_H
#define OC_LINK_PCSC_READER_H

#include <winscard.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Chooses from a PC/SC multi-string of reader names: the one that is `wanted`, else the only one that contains it.
 * NOT_FOUND with the list of readers otherwise; UNAVAILABLE when there is no reader at all. */
OC_MUST_USE oc_result oc_pcsc_choose(char out[MAX_READERNAME], const char *names, const char *wanted, oc_diag *diag);

/* What a PC/SC error means to a link. */
enum oc_code oc_pcsc_code(LONG error);

#ifdef __cplusplus
}
#endif
#endif
