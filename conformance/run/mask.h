/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_MASK_H
#define OC_CONFORMANCE_RUN_MASK_H

#include "sim/base/arena.h"
#include "sim/profile/profile.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes bytes for logs and reports: hex in which every secret value of the profile stands as its reference in
 * braces, "0020000003{@pin}". Immutable after it is made; threads may share it. */
typedef struct oc_mask oc_mask;

/* With `reveal`, nothing is replaced: for laboratory cards. `profile` may be NULL. */
OC_MUST_USE oc_result oc_mask_new(oc_mask **out, const oc_profile *profile, bool reveal);
void oc_mask_free(oc_mask **mask);

/* The masked hex text in `arena`; NULL when memory is out. */
const char *oc_mask_bytes(const oc_mask *mask, oc_arena *arena, oc_span bytes);
/* The same for a field that is text: printable UTF-8 is quoted, anything else becomes hex. PINs given as digits
 * are replaced too. */
const char *oc_mask_text(const oc_mask *mask, oc_arena *arena, oc_span bytes);

#ifdef __cplusplus
}
#endif
#endif
