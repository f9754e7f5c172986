/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_KEYS_KIT_H
#define OC_TESTS_UNIT_KEYS_KIT_H

#include "sim/keys/keys.h"
#include "tests/support/oc_test.h"

/* The shipped card of that algorithm, its own provider, and what a provider elsewhere is made of. */
typedef struct oc_keys_kit {
    oc_profile *profile;
    oc_crypto *crypto;
    oc_key_provider reference; /* the profile's */
    oc_keys_parts parts;
} oc_keys_kit;

void oc_keys_kit_open(oc_keys_kit *kit, const char *profile_path);
void oc_keys_kit_close(oc_keys_kit *kit);

/* Asks both providers everything that can be asked for a key: each use, with and without session, ICV and factors.
 * Counts questions that got the same answer; anything but that or UNAVAILABLE with the key's name fails the test. */
unsigned oc_keys_kit_compare(const oc_keys_kit *kit, const oc_key_provider *provider, const char *key_name);

/* Asks for a MAC under the key's session and asserts code and a part of the reason. */
void oc_keys_kit_expect(const oc_key_provider *provider, const char *key_name, enum oc_code code, const char *reason);

#endif
