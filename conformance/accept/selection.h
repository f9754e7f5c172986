/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_ACCEPT_SELECTION_H
#define OC_CONFORMANCE_ACCEPT_SELECTION_H

#include "conformance/run/plan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The vectors' cases that may run on a card that somebody has paid for: they touch nothing lasting, restore nothing, and
 * every command that they and their negatives send is SELECT, READ RECORD, READ BINARY, GET RESPONSE, GET CHALLENGE or
 * INTERNAL AUTHENTICATE, written out in the case. A positive case keeps those of its negatives that are such, too. */
typedef struct oc_read_only_plan {
    oc_plan plan;
    oc_case *cases;     /* what plan.units points to */
    oc_case *negatives; /* what those point to */
} oc_read_only_plan;

/* True when nothing that the case sends could change the card. */
bool oc_case_is_read_only(const oc_case *subject);

/* Of the units in `all`, those that are read-only. Borrows from the vectors. Free whatever comes of it. */
OC_MUST_USE oc_result oc_read_only_plan_make(oc_read_only_plan *out, const oc_plan *all);
void oc_read_only_plan_free(oc_read_only_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
