/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_RUN_OPTIONS_H
#define OC_CONFORMANCE_CLI_RUN_OPTIONS_H

#include <stdint.h>

#include "conformance/cli/arguments.h"
#include "conformance/run/plan.h"
#include "conformance/run/runner.h"

#define OC_THRESHOLDS_MAX 64

/* The options of onecard run, as given. Texts are borrowed from argv. */
#define OC_PACKS_MAX 8

typedef struct oc_run_arguments {
    const char *card;
    const char *psam;
    const char *terminal;
    const char *host_url; /* or NULL */
    oc_http_credentials host_credentials;
    const char *serve_cards; /* or NULL */
    uint32_t card_delay_us;
    oc_keys_spec keys;                                /* not to be moved: it points into itself */
    char keys_shown[sizeof((oc_keys_spec *)0)->text]; /* the same without a PIN */
    const char *profiles[OC_PROFILES_MAX];
    size_t profile_count;
    bool via_given, via_inproc, via_pcsc;
    bool interface_given;
    bool prefer_t1;
    enum oc_card_interface interface;
    bool strict, resume, reveal, expendable, unconfined, quiet, verbose, record_only;
    bool official; /* a run of record: oc_official_facts */
    bool seed_given;
    const char *ics;    /* file of the declaration, or NULL */
    const char *lab;    /* file of the laboratory's data, or NULL */
    const char *amends; /* as given, or NULL */
    oc_selection selection;
    unsigned allowed;
    unsigned jobs;
    unsigned repeat;
    uint64_t seed;
    int timeout_ms;
    const char *packs[OC_PACKS_MAX];
    size_t pack_count;
    oc_path_list pack_ca;
    const char *waivers;   /* or NULL */
    const char *challenge; /* or NULL */
    oc_path_list challenge_ca;
    const char *output;
    const char *events;   /* or NULL */
    const char *limits;   /* or NULL */
    const char *baseline; /* or NULL */
    const char *thresholds[OC_THRESHOLDS_MAX];
    size_t threshold_count;
    oc_format_list formats;
    oc_path_list paths;
} oc_run_arguments;

/* OC_EXIT_OK or the exit code; misuse ends the program with 2, --help with 0, as argp does. */
int oc_run_arguments_parse(oc_run_arguments *out, int argc, char **argv);

#endif
