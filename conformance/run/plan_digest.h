/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RUN_PLAN_DIGEST_H
#define OC_CONFORMANCE_RUN_PLAN_DIGEST_H

#include "conformance/run/runner.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SHA-256, in hex, over what a run of `plan` gives a verdict on: each case in each pass, with its rev, as
 * reports/bundle/plan_lines.h says. Shards of one plan have the digest of the whole in common: it is made of the plan
 * before it was divided. */
OC_MUST_USE oc_result oc_run_plan_digest(const oc_run_options *options, const oc_plan *plan, char out[65]);

#ifdef __cplusplus
}
#endif
#endif
