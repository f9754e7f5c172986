/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_INTERLOCK_H
#define OC_CONFORMANCE_RUN_INTERLOCK_H

#include "conformance/run/guard_command.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Keeps a foreign card from lasting harm. By default only cases run that touch nothing lasting, or that restore
 * counters and records themselves; `allowed` (enum oc_touch bits) admits more. */
bool oc_interlock_allows(const oc_case *subject, unsigned allowed, const char **reason);

/* Watches the tries of PINs and keys of one foreign card: no presentation may leave fewer than two tries, unless the
 * sample is declared expendable. A PIN is presented when the card has told its tries, or this secret was accepted before;
 * only with `spending` also where the card does not tell them. No command asks for the tries of a key: there the guard
 * counts on three or more, and that an accepted presentation fills the counter again, to the number that the profile
 * names; what is refused before that is taken to have found three, unless the card tells how many are left. A card
 * takes a try before it compares, and gives it back after: what is right costs a try when power fails in between. So what
 * is right needs three tries, and what is meant to be wrong four, that the right one can follow. With `spending` (counters
 * are allowed) one less is enough, and what is proved to be right is always let through: a loss of power at that moment is
 * then risked. What is meant to be wrong is presented only after what is meant to be right was accepted, and after nothing
 * that was refused since under the same id, whatever directory or version: counters may be shared. All versions of a key
 * are taken to have the tries of the one with the fewest, and so is key 00 of all directories of an environment.
 * Zero-initialise; wipe with oc_guard_wipe. */
#define OC_GUARD_MAX 384 /* references that one card can show */
#define OC_GUARD_SECRET_MAX 32
#define OC_GUARD_PROOF 8

typedef struct oc_guard_entry {
    oc_guard_reference reference;
    bool known;     /* something was refused since the counter was last full; `left` may be less than that */
    bool restored;  /* the counter is full: something was accepted in this run, nothing refused since */
    bool counted;   /* in this run the card told its tries, or something was accepted */
    bool proved;    /* what is meant to be right was accepted in this run, and never refused since */
    bool has_proof; /* the same of this or an earlier run, for the secret whose fingerprint is `proof` */
    uint8_t left;
    uint8_t proof[OC_GUARD_PROOF];
    uint32_t spent; /* presentations that cost a try, or may have, in all runs */
} oc_guard_entry;

typedef struct oc_guard {
    oc_guard_entry at[OC_GUARD_MAX];
    size_t count;
    uint8_t pin[OC_GUARD_SECRET_MAX]; /* that the card accepted last, or was given */
    size_t pin_len;
    oc_guard_place place;
    bool spending;
    uint32_t loads; /* credits and debits that the card made, in all runs: what they used up of its counters */
    uint32_t debits;
} oc_guard;

/* NULL when nothing is known of it. */
const oc_guard_entry *oc_guard_find(const oc_guard *guard, oc_guard_reference reference);
/* The same, made when there is none; NULL when there is no room. */
oc_guard_entry *oc_guard_entry_of(oc_guard *guard, oc_guard_reference reference);

/* Tries that are left at least. */
unsigned oc_guard_worst(const oc_guard *guard, const oc_presentation *presentation);

/* Whether it may be sent. `proof`: the fingerprint of the secret behind a presentation that is meant to be right, or NULL
 * when that is not known. */
bool oc_guard_permits(const oc_guard *guard, const oc_presentation *presentation, const uint8_t *proof);
/* Learns from the answer; `answered` is false when there was none, which may have cost a try as well. */
void oc_guard_learn(oc_guard *guard, const oc_presentation *presentation, const uint8_t *proof, bool answered,
                    oc_sw sw);
/* The card itself told the tries left. */
void oc_guard_told(oc_guard *guard, oc_guard_reference reference, unsigned left);
void oc_guard_wipe(oc_guard *guard);

#ifdef __cplusplus
}
#endif
#endif
