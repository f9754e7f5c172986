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
/* For cards of which no profile is at hand: PINs, and the values of all records, wherever they stand. */
OC_MUST_USE oc_result oc_mask_new_blind(oc_mask **out);
void oc_mask_free(oc_mask **mask);

/* The masked hex text in `arena`; NULL when memory is out. */
const char *oc_mask_bytes(const oc_mask *mask, oc_arena *arena, oc_span bytes);

/* A card may hold other values than the profile knows. What stands in a place for secrets is masked there: PINs in
 * VERIFY and CHANGE PIN, and the records that the profile's structure calls secret wherever they are read or written.
 * Unknown ones are told by their length, "{3 bytes}". */
const char *oc_mask_command(const oc_mask *mask, oc_arena *arena, oc_span command);
const char *oc_mask_response(const oc_mask *mask, oc_arena *arena, oc_span command, oc_span response);
/* Whether the data that answered `command` begin with such a record. */
bool oc_mask_is_secret(const oc_mask *mask, oc_span command, oc_span data);
/* Records one after the other, as READ RECORD gives them: those called secret with tag and length only. */
const char *oc_mask_records(const oc_mask *mask, oc_arena *arena, oc_span data);
/* Bytes from a place for secrets: what is not the reference of a known value is told by its length. */
const char *oc_mask_secret(const oc_mask *mask, oc_arena *arena, oc_span bytes);
/* A named argument or answer of a terminal function or message. */
const char *oc_mask_field(const oc_mask *mask, oc_arena *arena, const char *name, oc_span value);
/* The same for a field that is text: printable UTF-8 is quoted, anything else becomes hex. PINs given as digits
 * are replaced too. */
const char *oc_mask_text(const oc_mask *mask, oc_arena *arena, oc_span bytes);

#ifdef __cplusplus
}
#endif
#endif
