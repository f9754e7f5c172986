/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_RANDOM_H
#define OC_BASE_RANDOM_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Repeatable random bytes: block n is SHA-256(seed || label || n as 4 bytes big-endian), the blocks follow one
 * another. The seed is 8 bytes big-endian. Same seed and label, same bytes, on every machine (project choice;
 * vectors/README.md gives a worked example). Not for protecting anything. */
typedef struct oc_random {
    uint64_t seed;
    char label[160]; /* case id, a slash, let id; or the actor's name. NUL-terminated */
    uint32_t counter;
    uint8_t block[32];
    uint8_t used; /* bytes of `block` handed out; 32 when none is left */
} oc_random;

/* `label` is cut at 159 bytes. */
void oc_random_init(oc_random *random, uint64_t seed, const char *label);
OC_MUST_USE oc_result oc_random_bytes(oc_random *random, uint8_t *out, size_t len);

#ifdef __cplusplus
}
#endif
#endif
