/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_PIN_ENTRY_H
#define OC_TERMINAL_PIN_ENTRY_H

#include "sim/terminal/call.h"

/* A PIN from the key pad. Wipe it with oc_wipe. */
struct oc_pin_entry {
    uint8_t digits[OC_KEYPAD_DIGITS_MAX]; /* ASCII */
    size_t len;
    uint8_t packed[OC_TERMINAL_PIN_MAX / 2]; /* two digits a byte, an odd count closed with F */
    size_t packed_len;
};

/* Asks the key pad for an entry. Ends the call: cancelled or nothing typed -31, timed out -32, not 4 to 12 long -33, no
 * digits -41. */
OC_MUST_USE oc_result oc_pin_ask(struct oc_call *call, const char *name, struct oc_pin_entry *entry);

/* Asks for a new PIN and for the same again; -34 when they differ. */
OC_MUST_USE oc_result oc_pin_ask_twice(struct oc_call *call, struct oc_pin_entry *entry);

static inline oc_span oc_pin_packed(const struct oc_pin_entry *entry)
{
    return oc_span_of(entry->packed, entry->packed_len);
}

/* Whether it is the PIN that cards are issued with: the argument "initial-pin", or that of the settings. */
bool oc_pin_is_initial(const struct oc_call *call, const struct oc_pin_entry *entry);

/* The card's answer to a command that compares the PIN: 63Cx is -51 and the answer "tries", 6983 -52, 6700 -33. */
OC_MUST_USE oc_result oc_pin_judge(struct oc_call *call);

#endif
