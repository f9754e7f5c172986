/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_WAIVERS_H
#define OC_CONFORMANCE_RUN_WAIVERS_H

#include "conformance/record/outcome.h"
#include "sim/base/clock.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Failures that somebody has accepted for a time (vectors/schema/waivers.xsd). A waiver changes no verdict: the failure
 * stands in the record with the waiver's name, and does not count for the exit code. */
typedef struct oc_waivers oc_waivers;

/* `now`: waivers whose last day is past hold no more, and say so in the record. */
OC_MUST_USE oc_result oc_waivers_load(oc_waivers **out, const char *path, const char *schema_path, const oc_clock *now,
                                      oc_diag *diag);
void oc_waivers_free(oc_waivers **waivers);

/* Name of the waiver that holds for this outcome, a FAIL or DEVIATION; NULL: none. `waivers` may be NULL. */
const char *oc_waivers_match(const oc_waivers *waivers, const oc_outcome *outcome);

/* Appends the <waiver> elements of a result record (reports/result.xsd). */
OC_MUST_USE oc_result oc_waivers_describe(const oc_waivers *waivers, oc_buf *out);

#ifdef __cplusplus
}
#endif
#endif
