/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/interlock.h"

/* Tries that a presentation must find, so that two are left if it fails. */
#define TRIES_NEEDED 3

bool oc_interlock_allows(const oc_case *subject, unsigned allowed, const char **reason)
{
    unsigned lasting = subject->touches & ~(unsigned)OC_TOUCH_VOLATILE;
    if (subject->restore_count > 0) {
        lasting &= ~(unsigned)(OC_TOUCH_COUNTERS | OC_TOUCH_RECORDS);
    }
    if ((lasting & ~allowed) == 0) {
        return true;
    }
    *reason = "lasting change not allowed on a foreign card (see --allow)";
    return false;
}

int oc_guard_reference(uint8_t cla, uint8_t ins, uint8_t p2, size_t data_len)
{
    if (data_len == 0) {
        return -1;
    }
    if ((cla == 0x00 && ins == 0x20) || (cla == 0x80 && ins == 0x5E)) {
        return OC_GUARD_PIN;
    }
    return cla == 0x00 && ins == 0x82 ? p2 : -1;
}

bool oc_guard_permits(const oc_guard *guard, int reference, bool on_purpose_wrong)
{
    if (reference < 0 || (!guard->at[reference].known && !on_purpose_wrong)) {
        return true; /* a first presentation that is meant to be right */
    }
    if (on_purpose_wrong && !guard->at[reference].known) {
        return guard->at[reference].proved; /* its counter was just reset to the full number */
    }
    return guard->at[reference].left >= TRIES_NEEDED || (guard->at[reference].proved && !on_purpose_wrong);
}

void oc_guard_learn(oc_guard *guard, int reference, oc_sw sw)
{
    if (reference < 0) {
        return;
    }
    if (oc_sw_ok(sw)) {
        guard->at[reference].proved = true;
        guard->at[reference].known = false;
    } else if ((sw.value & 0xFFF0) == 0x63C0) {
        guard->at[reference].known = true;
        guard->at[reference].left = (uint8_t)(sw.value & 0x0F);
    } else if (sw.value == OC_SW_BLOCKED) {
        guard->at[reference].known = true;
        guard->at[reference].left = 0;
    }
}
