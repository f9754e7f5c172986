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

enum { VERIFY = 0x20, PIN_RESET = 0x24, CHANGE_PIN = 0x5E, EXTERNAL_AUTHENTICATE = 0x82, SELECT = 0xA4 };
#define STK_ID 0x02        /* the key that PIN UNBLOCK and RELOAD answer for (ssc-card sheet 6.1) */
#define PIN_SEPARATOR 0xFF /* between old and new PIN (ssc-card sheet 7) */

static int key_reference(const oc_guard *guard, uint8_t id)
{
    return id < 0x80 ? id : OC_GUARD_DIR_KEYS + (int)guard->dir * 128 + (id & 0x7F);
}

/* The AIDs of DF01 and its sisters end in 00, 01, ... (ssc-card sheet 3). */
static unsigned dir_of(oc_span name)
{
    static const uint8_t provider[] = {0xD1, 0x56, 0x00, 0x00, 0x05};
    if (name.len == 2 && name.at[0] == 0xDF) {
        return name.at[1] & 0x0F;
    }
    bool ours = name.len == sizeof provider + 1 && memcmp(name.at, provider, sizeof provider) == 0;
    return ours && name.at[sizeof provider] < 0x0F ? name.at[sizeof provider] + 1u : 0;
}

void oc_guard_follow(oc_guard *guard, oc_span command, oc_sw sw)
{
    if (command.len == 0) {
        guard->dir = 0;
    }
    bool selected = command.len > 5 && command.at[1] == SELECT && (oc_sw_ok(sw) || sw.value >> 8 == 0x61);
    oc_span name = oc_span_slice(command, 5, command.len > 4 ? command.at[4] : 0);
    bool is_ef = name.len == 2 && name.at[0] == 0xEF;
    if (selected && !is_ef) {
        guard->dir = dir_of(name);
    }
}

oc_presentation oc_guard_presentation(const oc_guard *guard, oc_span command, bool wrong)
{
    oc_presentation none = {.reference = -1, .wrong = wrong};
    oc_span body = oc_span_slice(command, 5, command.len);
    if (body.len == 0) {
        return none; /* asks for the tries left at most */
    }
    switch (command.at[1]) {
    case VERIFY:
        return (oc_presentation){.reference = OC_GUARD_PIN, .wrong = wrong, .secret = body};
    case CHANGE_PIN: {
        oc_presentation pin = {.reference = OC_GUARD_PIN, .wrong = wrong, .secret = body, .change = body};
        const uint8_t *separator = memchr(body.at, PIN_SEPARATOR, body.len);
        if (separator != NULL) {
            size_t old = (size_t)(separator - body.at);
            pin.secret = oc_span_slice(body, 0, old);
            pin.change = oc_span_slice(body, old + 1, body.len);
        }
        return pin;
    }
    case EXTERNAL_AUTHENTICATE:
        return (oc_presentation){.reference = key_reference(guard, command.at[3]), .wrong = wrong};
    case PIN_RESET:
        return (oc_presentation){.reference = key_reference(guard, STK_ID), .wrong = wrong};
    default:
        return none;
    }
}

/* A key's cryptogram cannot be compared; a PIN is the right one when it is the one accepted before. */
static bool is_proved(const oc_guard *guard, const oc_presentation *presentation)
{
    return guard->at[presentation->reference].proved &&
           (presentation->reference != OC_GUARD_PIN ||
            oc_span_equal(presentation->secret, oc_span_of(guard->pin, guard->pin_len)));
}

bool oc_guard_permits(const oc_guard *guard, const oc_presentation *presentation)
{
    if (presentation->reference < 0) {
        return true;
    }
    if (guard->at[presentation->reference].known) {
        return guard->at[presentation->reference].left >= TRIES_NEEDED ||
               (!presentation->wrong && is_proved(guard, presentation));
    }
    /* The first presentation of all has to be one that is meant to be right. */
    return !presentation->wrong || guard->at[presentation->reference].restored;
}

static void keep_pin(oc_guard *guard, oc_span pin)
{
    oc_wipe(guard->pin, sizeof guard->pin);
    guard->pin_len = pin.len <= sizeof guard->pin ? pin.len : 0;
    if (guard->pin_len > 0) {
        memcpy(guard->pin, pin.at, guard->pin_len);
    }
}

static void learn_acceptance(oc_guard *guard, const oc_presentation *presentation)
{
    int reference = presentation->reference;
    guard->at[reference].known = false;
    guard->at[reference].restored = true;
    guard->at[reference].proved = guard->at[reference].proved || !presentation->wrong;
    if (reference == OC_GUARD_PIN) {
        keep_pin(guard, presentation->change.len > 0 ? presentation->change : presentation->secret);
    }
}

void oc_guard_learn(oc_guard *guard, const oc_presentation *presentation, bool answered, oc_sw sw)
{
    int reference = presentation->reference;
    if (reference < 0) {
        return;
    }
    if (answered && oc_sw_ok(sw)) {
        learn_acceptance(guard, presentation);
        return;
    }
    if (!answered && !presentation->wrong && presentation->change.len == 0 && is_proved(guard, presentation)) {
        return; /* it was right, and so cost no try, though nobody heard the answer */
    }
    uint8_t before = guard->at[reference].known ? guard->at[reference].left : TRIES_NEEDED;
    bool told = answered && (sw.value & 0xFFF0) == 0x63C0;
    if (told) {
        guard->at[reference].left = (uint8_t)(sw.value & 0x0F);
    } else if (answered && sw.value == OC_SW_BLOCKED) {
        guard->at[reference].left = 0;
    } else {
        guard->at[reference].left = (uint8_t)(before > 0 ? before - 1 : 0); /* it may have cost a try */
    }
    guard->at[reference].known = true;
    guard->at[reference].restored = false;
    /* A change that was not answered may have been made. */
    if (answered ? !presentation->wrong : presentation->change.len > 0) {
        guard->at[reference].proved = false;
    }
}

void oc_guard_wipe(oc_guard *guard)
{
    oc_wipe(guard, sizeof *guard);
}
