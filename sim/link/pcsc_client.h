/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_PCSC_CLIENT_H
#define OC_LINK_PCSC_CLIENT_H

#include <stdbool.h>
#include <winscard.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A PC/SC context whose calls can be ended from outside. libpcsclite waits for the daemon without bound, and
 * SCardCancel does not reach SCardTransmit; what does end the wait is the end of the context's socket. So each
 * call is watched, and past its time the socket is shut down: the call then fails, and the context with it. */
typedef struct oc_pcsc_client oc_pcsc_client;

/* UNAVAILABLE when no daemon answers. */
OC_MUST_USE oc_result oc_pcsc_client_new(oc_pcsc_client **out, int timeout_ms, oc_diag *diag);
void oc_pcsc_client_free(oc_pcsc_client **client);
SCARDCONTEXT oc_pcsc_client_context(const oc_pcsc_client *client);

/* Bracket one PC/SC call; `end` answers true when it was ended by its timeout (now or earlier). */
void oc_pcsc_client_begin(oc_pcsc_client *client, int timeout_ms);
bool oc_pcsc_client_end(oc_pcsc_client *client);

#ifdef __cplusplus
}
#endif
#endif
