/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_KEYS_OUTSIDE_H
#define OC_KEYS_OUTSIDE_H

#include "sim/keys/keys.h"

/* What the providers of this folder share: the card whose keys are kept outside. */
typedef struct oc_outside {
    const oc_profile *profile;
    bool has_card;
    oc_key_card card;
} oc_outside;

oc_outside oc_outside_of(const oc_profile *profile);
void oc_outside_take_card(oc_outside *outside, const oc_key_card *card);

/* The card's key of that name; UNAVAILABLE when its structure has none. */
OC_MUST_USE oc_result oc_outside_find(const oc_outside *outside, const oc_key_name *name, const oc_profile_key **key,
                                      oc_diag *diag);

/* The question with the card's factors where it has none and they are known. Spans borrow from both. */
oc_key_question oc_outside_complete(const oc_outside *outside, const oc_key_question *question);

/* Bytes that the answer has: of `alg`, a key's algorithm. */
size_t oc_outside_answer_len(const oc_key_question *question, enum oc_alg alg);

/* UNAVAILABLE: "key SSSE/UK version 1: WHY". */
OC_MUST_USE oc_result oc_outside_lacks(oc_diag *diag, const oc_key_name *key, const char *why);

#endif
