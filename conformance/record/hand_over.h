/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_HAND_OVER_H
#define OC_CONFORMANCE_RECORD_HAND_OVER_H

#include "conformance/record/outcome.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Outcomes that wait to be written by a thread of their own, in the order in which they came. Private to
 * conformance/record. */
typedef struct oc_hand_over oc_hand_over;

/* Appends one outcome, not yet synced; and syncs what was appended. Called by that thread. */
typedef struct oc_hand_over_sink {
    void *self;
    oc_result (*append)(void *self, const oc_outcome *outcome, oc_diag *diag);
    oc_result (*sync)(void *self, oc_diag *diag);
} oc_hand_over_sink;

OC_MUST_USE oc_result oc_hand_over_new(oc_hand_over **out, oc_hand_over_sink sink);

/* Takes the outcome's arena over and leaves in its place an empty one, which has memory where an outcome was written
 * before: so one thread does not allocate all that another frees. `outcome` is still to be freed. Returns the first
 * failure of what was handed over before; waits where too many are waiting. Safe from several threads. */
OC_MUST_USE oc_result oc_hand_over_give(oc_hand_over *queue, oc_outcome *outcome, oc_diag *diag);

/* Returns when all that was given is synced: the first failure since the beginning. */
OC_MUST_USE oc_result oc_hand_over_settle(oc_hand_over *queue, oc_diag *diag);

/* Settles first. */
void oc_hand_over_free(oc_hand_over **queue);

#ifdef __cplusplus
}
#endif
#endif
