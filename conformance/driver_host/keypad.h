/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DRIVER_HOST_KEYPAD_H
#define OC_CONFORMANCE_DRIVER_HOST_KEYPAD_H

#include <stdint.h>

#include "conformance/driver_host/json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The entries that a holder types during a call: the members of the question's object "keypad", in their order. A
 * driver gets at them in one of three ways.
 *   environment   ONECARD_KEYPAD_PIN, _OLD, _NEW, _AGAIN hold the entries, ONECARD_KEYPAD_ACTION "cancel" or "timeout";
 *                 what has no entry is not set. A program that the driver starts inherits them
 *   callback      a function that the driver was given: long pin(char *out, int room) gives one entry a call and
 *                 returns its length; -31 (cancelled) when there is no more, -32 timed out, -33 no room
 *   parameter     part of the call itself: no concern of this */
void oc_dh_keypad_fill(const oc_dh_json *question);

/* That function's address, for a parameter. */
intptr_t oc_dh_keypad_function(void);

#ifdef __cplusplus
}
#endif
#endif
