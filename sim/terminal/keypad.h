/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_KEYPAD_H
#define OC_TERMINAL_KEYPAD_H

#include "sim/base/bytes.h"
#include "sim/base/fields.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The key pad: no function of the standard takes a PIN, the holder types it (ssc-terminal sheet 4.1). The terminal asks
 * for one entry after the other, in the order of functions.h. */

enum oc_keypad_outcome {
    OC_KEYPAD_ENTERED,   /* also with no digit at all, which is taken as cancelled */
    OC_KEYPAD_CANCELLED, /* -31 */
    OC_KEYPAD_TIMED_OUT, /* -32; how long the holder has is the key pad's matter (15 s in one driver) */
    OC_KEYPAD_FAILED,    /* the device does not answer: -11 */
};

#define OC_KEYPAD_DIGITS_MAX 32

typedef struct oc_keypad {
    void *self; /* borrowed */
    /* `entry` is "pin", "old", "new" or "again". Writes what was typed in ASCII; more than there is room for is a PIN
     * of the wrong length. The terminal wipes the room after use. */
    enum oc_keypad_outcome (*ask)(void *self, const char *entry, oc_wr *digits);
} oc_keypad;

/* The key pad of the vectors: entries are arguments of the call. `again` absent is the same as `new`, any other absent
 * entry is cancelled; the argument `keypad` is 'cancel' or 'timeout', what the holder does at the first entry.
 * `args` are borrowed. */
oc_keypad oc_keypad_of_arguments(const oc_fields *args);

#ifdef __cplusplus
}
#endif
#endif
