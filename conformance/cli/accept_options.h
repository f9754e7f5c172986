/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_ACCEPT_OPTIONS_H
#define OC_CONFORMANCE_CLI_ACCEPT_OPTIONS_H

#include "conformance/cli/run_options.h"

/* The options of onecard accept, as given. Texts are borrowed from argv. */
#define OC_ACCEPT_CARDS_MAX 512

typedef struct oc_accept_arguments {
    const char *order;
    const char *map;
    oc_spec cards[OC_ACCEPT_CARDS_MAX]; /* not to be moved: specs point into themselves */
    size_t card_count;
    bool by_table; /* --sample plan */
    size_t sample; /* --sample N; 0: every line */
    const char *limit;
    const char *match_key;
    const char *output;
    oc_format_list formats;
    uint64_t seed;
    int timeout_ms;
    bool no_probes, reveal, strict, quiet;
} oc_accept_arguments;

/* Fills *run with what profile, vectors and keys are loaded by. OC_EXIT_OK or the exit code. */
int oc_accept_arguments_parse(oc_accept_arguments *out, oc_run_arguments *run, int argc, char **argv);

#endif
