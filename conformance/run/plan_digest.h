/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_PLAN_DIGEST_H
#define OC_CONFORMANCE_RUN_PLAN_DIGEST_H

#include "conformance/run/runner.h"
#include "reports/bundle/plan_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a run of `plan` gives a verdict on: each case in each pass, with its rev. The digest over the lines is the plan's;
 * shards of one plan have that of the whole in common: it is made of the plan before it was divided. */
OC_MUST_USE oc_result oc_run_plan_lines(const oc_run_options *options, const oc_plan *plan, oc_plan_lines *lines);

#ifdef __cplusplus
}
#endif
#endif
