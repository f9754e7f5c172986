/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/interlock.h"

/* Tries that a presentation must find, so that two are left if it fails. */
#define TRIES_NEEDED 3
#define TRIES_ASSUMED 3 /* of a full counter */

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

const oc_guard_entry *oc_guard_find(const oc_guard *guard, oc_guard_reference reference)
{
    for (size_t i = 0; i < guard->count; i++) {
        if (guard->at[i].reference == reference) {
            return &guard->at[i];
        }
    }
    return NULL;
}

oc_guard_entry *oc_guard_entry_of(oc_guard *guard, oc_guard_reference reference)
{
    const oc_guard_entry *found = oc_guard_find(guard, reference);
    if (found != NULL) {
        return &guard->at[found - guard->at];
    }
    if (guard->count == OC_GUARD_MAX) {
        return NULL;
    }
    guard->at[guard->count] = (oc_guard_entry){.reference = reference};
    return &guard->at[guard->count++];
}

#define ID_MASK 0xFF00FF00u      /* kind and id, without place and version */
#define VERSION_MASK 0xFFFFFF00u /* all but the version */
#define SHARED_MASK 0xFFF0FF00u  /* kind, environment and id */

/* Versions of a key may share a counter: a command without a version means one of them. Key 00 is each directory's master
 * key on some cards, the environment's on others. */
static bool may_share(oc_guard_reference one, oc_guard_reference other)
{
    bool master = one >> 24 == OC_GUARD_KIND_EXTERNAL && (one >> 8 & 0xFF) == 0;
    return ((one ^ other) & (master ? SHARED_MASK : VERSION_MASK)) == 0;
}

unsigned oc_guard_worst(const oc_guard *guard, const oc_presentation *presentation)
{
    unsigned least = presentation->limit > 0 ? presentation->limit : TRIES_ASSUMED;
    for (size_t i = 0; i < guard->count; i++) {
        const oc_guard_entry *entry = &guard->at[i];
        if (may_share(entry->reference, presentation->reference) && entry->known && entry->left < least) {
            least = entry->left;
        }
    }
    return least;
}

/* A key's cryptogram cannot be compared; a PIN is the right one when it is the one accepted before. What earlier runs
 * proved holds for a secret of the same fingerprint. */
static bool is_proved(const oc_guard *guard, const oc_guard_entry *entry, const oc_presentation *presentation,
                      const uint8_t *proof)
{
    bool same = presentation->reference != OC_GUARD_PIN ||
                oc_span_equal(presentation->secret, oc_span_of(guard->pin, guard->pin_len));
    bool before = entry->has_proof && proof != NULL && memcmp(entry->proof, proof, OC_GUARD_PROOF) == 0;
    return (entry->proved && same) || before;
}

bool oc_guard_permits(const oc_guard *guard, const oc_presentation *presentation, const uint8_t *proof)
{
    if (presentation->reference == OC_GUARD_NONE) {
        return true;
    }
    const oc_guard_entry *entry = oc_guard_find(guard, presentation->reference);
    unsigned left = oc_guard_worst(guard, presentation);
    /* The card can be asked for the tries of a PIN: none is presented blindly. */
    bool blind = presentation->reference >> 24 == OC_GUARD_KIND_PIN && (entry == NULL || !entry->counted);
    if (presentation->wrong) {
        /* The first presentation of all has to be one that is meant to be right. */
        bool timely = entry != NULL && !blind && (entry->known || entry->restored);
        return timely && left >= TRIES_NEEDED + (guard->spending ? 0u : 1u);
    }
    if (entry == NULL && guard->count == OC_GUARD_MAX) {
        return false;
    }
    bool proved = entry != NULL && is_proved(guard, entry, presentation, proof);
    return (left >= TRIES_NEEDED && (!blind || guard->spending || proved)) || (guard->spending && proved);
}

static void keep_pin(oc_guard *guard, oc_span pin)
{
    oc_wipe(guard->pin, sizeof guard->pin);
    guard->pin_len = pin.len <= sizeof guard->pin ? pin.len : 0;
    if (guard->pin_len > 0) {
        memcpy(guard->pin, pin.at, guard->pin_len);
    }
}

static void learn_acceptance(oc_guard *guard, oc_guard_entry *entry, const oc_presentation *presentation,
                             const uint8_t *proof)
{
    entry->known = false;
    entry->restored = true;
    entry->counted = true;
    entry->proved = entry->proved || !presentation->wrong;
    if (presentation->change.len > 0) {
        entry->has_proof = false; /* it is another secret now */
    } else if (proof != NULL && !presentation->wrong) {
        entry->has_proof = true;
        memcpy(entry->proof, proof, OC_GUARD_PROOF);
    }
    if (presentation->reference == OC_GUARD_PIN) {
        keep_pin(guard, presentation->change.len > 0 ? presentation->change : presentation->secret);
    }
}

/* Wherever else the id stands, its counter may be the same. */
static void doubt_relatives(oc_guard *guard, oc_guard_reference reference)
{
    for (size_t i = 0; i < guard->count; i++) {
        if (((guard->at[i].reference ^ reference) & ID_MASK) == 0) {
            guard->at[i].restored = false;
        }
    }
}

void oc_guard_learn(oc_guard *guard, const oc_presentation *presentation, const uint8_t *proof, bool answered,
                    oc_sw sw)
{
    if (presentation->reference == OC_GUARD_NONE) {
        return;
    }
    bool met = oc_guard_find(guard, presentation->reference) != NULL;
    oc_guard_entry *entry = oc_guard_entry_of(guard, presentation->reference);
    if (entry == NULL) {
        return;
    }
    if (answered && oc_sw_ok(sw)) {
        learn_acceptance(guard, entry, presentation, proof);
        return;
    }
    unsigned before = oc_guard_worst(guard, presentation);
    if (!met && before > TRIES_ASSUMED) {
        before = TRIES_ASSUMED; /* nobody has seen it full */
    }
    bool told = answered && (sw.value & 0xFFF0) == 0x63C0;
    if (told) {
        entry->left = (uint8_t)(sw.value & 0x0F);
    } else if (answered && sw.value == OC_SW_BLOCKED) {
        entry->left = 0;
    } else {
        entry->left = (uint8_t)(before > 0 ? before - 1 : 0); /* it may have cost a try */
    }
    entry->known = true;
    entry->spent++;
    doubt_relatives(guard, presentation->reference);
    /* A change that was not answered may have been made. */
    if (answered ? !presentation->wrong : presentation->change.len > 0) {
        entry->proved = false;
        entry->has_proof = false;
    }
}

void oc_guard_told(oc_guard *guard, oc_guard_reference reference, unsigned left)
{
    oc_guard_entry *entry = oc_guard_entry_of(guard, reference);
    if (entry != NULL) {
        entry->known = true;
        entry->counted = true;
        entry->left = (uint8_t)left;
    }
}

void oc_guard_wipe(oc_guard *guard)
{
    oc_wipe(guard, sizeof *guard);
}
