/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_INTERLOCK_H
#define OC_CONFORMANCE_RUN_INTERLOCK_H

#include "conformance/dialect/suite.h"
#include "sim/base/bytes.h"
#include "sim/base/sw.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Keeps a foreign card from lasting harm. By default only cases run that touch nothing lasting, or that restore
 * counters and records themselves; `allowed` (enum oc_touch bits) admits more. */
bool oc_interlock_allows(const oc_case *subject, unsigned allowed, const char **reason);

/* Watches the tries of PIN and keys of one foreign card: no presentation may leave fewer than two tries, unless the
 * sample is declared expendable. It counts on a counter of three or more that an accepted presentation fills.
 * Zero-initialise; wipe with oc_guard_wipe. */
#define OC_GUARD_PIN 256      /* keys of the environment are told by their id, P2 */
#define OC_GUARD_DIR_KEYS 257 /* then 128 keys for each of 16 directories: ids with bit 8 set are local */
#define OC_GUARD_REFERENCES (OC_GUARD_DIR_KEYS + 16 * 128)
#define OC_GUARD_SECRET_MAX 32

typedef struct oc_guard {
    struct {
        bool known;    /* something was refused since the counter was last full; `left` may be less than that */
        bool restored; /* the counter is full: something was accepted in this run, nothing refused since */
        bool proved;   /* what is meant to be right was accepted, and never refused since */
        uint8_t left;
    } at[OC_GUARD_REFERENCES];
    uint8_t pin[OC_GUARD_SECRET_MAX]; /* that the card accepted last, or was given */
    size_t pin_len;
    unsigned dir; /* current directory: 1 to 15 for DF01 to DF0F, 0 for any other */
} oc_guard;

/* What a command presents. */
typedef struct oc_presentation {
    int reference;  /* OC_GUARD_PIN, a key id, or -1 when it presents nothing */
    bool wrong;     /* it is meant to be refused */
    oc_span secret; /* the PIN as presented; empty for a key, whose cryptogram differs each time */
    oc_span change; /* what the PIN is when the command succeeds; empty when it stays */
} oc_presentation;

/* `command` is a TPDU. Spans borrow from it. */
oc_presentation oc_guard_presentation(const oc_guard *guard, oc_span command, bool wrong);
/* Follows SELECT, to know whose local keys are meant. A reset is an empty command. */
void oc_guard_follow(oc_guard *guard, oc_span command, oc_sw sw);

/* Whether it may be sent. */
bool oc_guard_permits(const oc_guard *guard, const oc_presentation *presentation);
/* Learns from the answer; `answered` is false when there was none, which may have cost a try as well. */
void oc_guard_learn(oc_guard *guard, const oc_presentation *presentation, bool answered, oc_sw sw);
void oc_guard_wipe(oc_guard *guard);

#ifdef __cplusplus
}
#endif
#endif
