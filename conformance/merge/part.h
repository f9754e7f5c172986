/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_MERGE_PART_H
#define OC_CONFORMANCE_MERGE_PART_H

#include <libxml/tree.h>

#include "conformance/record/outcome.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Private to merging: what the head of one part's record says. */
typedef struct oc_record_part {
    const char *path;
    oc_run_info info; /* without what belongs to the whole */
    const char *run_id;
    const char *plan; /* digest of the plan before it was divided */
    const char *node;
    const char *ended;
    const char *vectors_digest;
    const char *environment; /* its element, whole */
    char sha256[65];         /* of the record */
    unsigned shard, shards;
    size_t planned, cases;
    bool interrupted;
    int exit_code;
} oc_record_part;

/* Texts live in `arena`. USAGE when the record is no part: the run was not divided. */
OC_MUST_USE oc_result oc_part_read(oc_record_part *part, oc_arena *arena, const xmlNode *result, oc_diag *diag);

/* Whether part `at` is one of the plan of the first, and none of those before it. */
OC_MUST_USE oc_result oc_parts_fit(const oc_record_part *parts, size_t at, oc_diag *diag);
/* Whether none is missing. */
OC_MUST_USE oc_result oc_parts_complete(const oc_record_part *parts, size_t count, oc_diag *diag);

/* Appends the <part> element of the whole's record that tells of this one. */
OC_MUST_USE oc_result oc_part_describe(oc_buf *out, const oc_record_part *part);

#ifdef __cplusplus
}
#endif
#endif
