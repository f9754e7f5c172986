/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_RUN_IDENTITY_H
#define OC_CONFORMANCE_CLI_RUN_IDENTITY_H

#include "conformance/cli/run_inputs.h"
#include "conformance/run/plan_digest.h"
#include "conformance/run/runner.h"

#define OC_RUN_ID_ROOM 32

/* "R-20261122T093000Z-0A1B2C3D": the time in UTC and eight random hex digits. */
OC_MUST_USE oc_result oc_cli_run_id(char out[OC_RUN_ID_ROOM]);

/* The whole plan, also where this run is a shard of it. */
OC_MUST_USE oc_result oc_cli_plan_lines(const oc_run_inputs *inputs, const oc_run_arguments *arguments,
                                        const oc_run_options *options, oc_plan_lines *out, oc_diag *diag);

#endif
