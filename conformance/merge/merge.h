/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_MERGE_MERGE_H
#define OC_CONFORMANCE_MERGE_MERGE_H

#include <stddef.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One record of the parts of a plan that ran apart (`onecard run --shard I/N`). It says what the record of one run would
 * say, but for times and machines: percentiles come from the samples of all parts, never from their percentiles.
 *
 * The parts must be all of one plan, each once: of one program version, seed and set of vectors, 1/N to N/N, and each
 * case that was planned in exactly one of them. The cases that open and close a pass stand in every part; the worst
 * stays. Anything else is USAGE with the part and the case, and nothing is written. */

typedef struct oc_merged {
    size_t parts;
    size_t cases;
    int exit_code; /* of the whole run (architecture of exit codes) */
} oc_merged;

/* Writes FOLDER/result.xml. A part is a record's path or the folder that it stands in. */
OC_MUST_USE oc_result oc_merge(oc_merged *out, const char *const *parts, size_t count, const char *folder,
                               oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
