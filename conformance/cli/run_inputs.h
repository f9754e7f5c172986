/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_RUN_INPUTS_H
#define OC_CONFORMANCE_CLI_RUN_INPUTS_H

#include "conformance/cli/cli.h"
#include "conformance/cli/run_options.h"
#include "conformance/dialect/catalogue.h"
#include "conformance/dut/terminal_spec.h"
#include "conformance/pack/pack.h"
#include "conformance/run/waivers.h"

/* Everything that a run loads before the first exchange. */
typedef struct oc_run_inputs {
    oc_spec card;
    oc_spec psam;
    oc_terminal_spec terminal;
    oc_profile *profiles[OC_PROFILES_MAX];
    size_t profile_count;
    oc_vectors *vectors;
    oc_vectors *sanity_vectors; /* where `vectors` hold no sanity case, else NULL */
    oc_catalogue *catalogue;
    oc_plan plan;
    oc_file_digest *digests; /* of all vector files */
    size_t digest_count;
    oc_pack *packs[OC_PACKS_MAX];
    size_t pack_count;
    oc_waivers *waivers; /* or NULL */
    oc_buf packs_text;   /* as the record has them, with a closing NUL; empty: there are none */
    oc_buf waivers_text;
    oc_buf subject; /* oc_run_subject, with a closing NUL */
} oc_run_inputs;

/* *out is to be freed whatever comes of it, and must not be moved: the specs point into themselves. */
OC_MUST_USE oc_result oc_run_inputs_load(oc_run_inputs *out, const oc_cli *cli, const oc_run_arguments *arguments,
                                         oc_diag *diag);
void oc_run_inputs_free(oc_run_inputs *inputs);

#endif
