/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_WITNESS_H
#define OC_CONFORMANCE_RUN_WITNESS_H

#include "conformance/judge/session.h"
#include "sim/link/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The exchanges of the running case as they were, unmasked, for <observe>: kept in memory only, and wiped with the
 * witness. All functions accept NULL and then do nothing. */
typedef struct oc_witness oc_witness;

/* What a terminal that floods its card is cut at (project choice). */
#define OC_WITNESS_EXCHANGES_MAX 8192
#define OC_WITNESS_BYTES_MAX ((size_t)4 * 1024 * 1024)

OC_MUST_USE oc_result oc_witness_new(oc_witness **out);
void oc_witness_free(oc_witness **witness);

/* Whose exchanges follow: the index of the running step; SIZE_MAX: none that can be observed. */
void oc_witness_step(oc_witness *witness, size_t step);
/* Notes an exchange with "card" or "psam"; its bytes are copied. */
void oc_witness_note(oc_witness *witness, const char *actor, const oc_exchange *exchange);

/* In the order they came; borrowed until the next note. NULL and 0 without a witness. */
const oc_raw_exchange *oc_witness_exchanges(const oc_witness *witness, size_t *count);
/* Whether some were left out: they were too many, or memory ran out. */
bool oc_witness_is_cut(const oc_witness *witness);

#ifdef __cplusplus
}
#endif
#endif
