/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_DRIVER_ENTRIES_H
#define OC_TERMINAL_DRIVER_ENTRIES_H

#include "sim/base/bytes.h"
#include "sim/base/diag.h"
#include "sim/terminal/driver/settings.h"
#include "sim/terminal/keypad.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The key pad of a machine that has none: where the holder's entries come from (settings.h). */

/* Asks for one entry, "pin", "old", "new" or "again", and writes the characters that were typed.
 *
 *   environment  the variables ONECARD_KEYPAD_PIN, _OLD, _NEW, _AGAIN
 *   entries      those of the settings
 *   program      its standard output, one line; its environment tells what to ask for: ONECARD_ENTRY is the name.
 *                Exit status 0: typed, 1: cancelled, 2: timed out. It is killed when its time is over: timed out
 *
 * In the first two, "cancel" and "timeout" stand for what the holder does instead, and so does ONECARD_KEYPAD_ACTION for the
 * first entry of a call whatever else is set; what is not given is cancelled, but "again" is then typed like "new".
 * OC_KEYPAD_FAILED, with the reason, for a program that cannot be run, ends in another way or prints too much. */
enum oc_keypad_outcome oc_driver_ask(const oc_driver_settings *settings, const char *entry, oc_wr *typed,
                                     oc_diag *diag);
/* The third way alone. */
enum oc_keypad_outcome oc_driver_ask_program(const char *program, const char *entry, int timeout_ms, oc_wr *typed,
                                             oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
