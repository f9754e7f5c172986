/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_WATCHDOG_H
#define OC_LINK_WATCHDOG_H

#include <stdbool.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bounds calls that offer no bound themselves: a thread that sleeps until a deadline passes and then calls `fire`.
 * It is woken about once in a timeout, not once a call, so that arming costs no switch of threads. */
typedef struct oc_watchdog oc_watchdog;

/* Called from the watchdog's thread while a call is armed; has to make that call return. Answers whether it could;
 * if not, it is called again a little later. */
typedef bool oc_watchdog_fire(void *context);

OC_MUST_USE oc_result oc_watchdog_new(oc_watchdog **out, oc_watchdog_fire *fire, void *context);
void oc_watchdog_free(oc_watchdog **watchdog);

/* Brackets a call. When disarm answers, `fire` is over or will not happen for this call. */
void oc_watchdog_arm(oc_watchdog *watchdog, int timeout_ms);
/* True once it has fired, for ever. */
bool oc_watchdog_disarm(oc_watchdog *watchdog);

#ifdef __cplusplus
}
#endif
#endif
