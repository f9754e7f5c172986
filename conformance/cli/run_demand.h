/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_RUN_DEMAND_H
#define OC_CONFORMANCE_CLI_RUN_DEMAND_H

#include "conformance/cli/run_documents.h"
#include "conformance/run/runner.h"
#include "reports/challenge/challenge.h"

/* What a run is, in the terms of a challenge. Zero-initialise; `demand` points into the rest. */
typedef struct oc_run_demand {
    oc_challenge_demand demand;
    oc_plan_lines plan;
    char vectors[65];
    char profiles[40];
    char requirements[40];
} oc_run_demand;

/* Borrows the declaration. To be freed whatever comes of it. */
OC_MUST_USE oc_result oc_run_demand_make(oc_run_demand *out, const oc_run_inputs *inputs,
                                         const oc_run_arguments *arguments, const oc_run_options *options,
                                         const oc_ics *ics, oc_diag *diag);
void oc_run_demand_free(oc_run_demand *demand);

#endif
