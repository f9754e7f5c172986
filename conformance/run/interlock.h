/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_INTERLOCK_H
#define OC_CONFORMANCE_RUN_INTERLOCK_H

#include "conformance/dialect/suite.h"
#include "sim/base/sw.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Keeps a foreign card from lasting harm. By default only cases run that touch nothing lasting, or that restore
 * counters and records themselves; `allowed` (enum oc_touch bits) admits more. */
bool oc_interlock_allows(const oc_case *subject, unsigned allowed, const char **reason);

/* Watches the tries of PIN and keys of one foreign card: no presentation may leave fewer than two tries, unless the
 * sample is declared expendable. A value; zero-initialise. */
#define OC_GUARD_REFERENCES 257
#define OC_GUARD_PIN 256 /* keys are told by their id, P2 */

typedef struct oc_guard {
    struct {
        bool known;  /* `left` was told by the card */
        bool proved; /* the right secret was accepted in this run */
        uint8_t left;
    } at[OC_GUARD_REFERENCES];
} oc_guard;

/* Which secret a command presents: OC_GUARD_PIN, a key id, or -1 when it presents none. */
int oc_guard_reference(uint8_t cla, uint8_t ins, uint8_t p2, size_t data_len);

/* Whether the presentation may be sent. `on_purpose_wrong`: the step of a negative that must be refused. */
bool oc_guard_permits(const oc_guard *guard, int reference, bool on_purpose_wrong);
/* Learns from the answer. */
void oc_guard_learn(oc_guard *guard, int reference, oc_sw sw);

#ifdef __cplusplus
}
#endif
#endif
