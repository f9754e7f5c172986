/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_OFFICIAL_H
#define OC_CONFORMANCE_CLI_OFFICIAL_H

#include "conformance/run/ics.h"

/* The rules of a run of record (project choice, after the "official test" switches of other programmes): everything that
 * applies, once, by a program that can be named, of an item that is declared. */
typedef struct oc_official_facts {
    const char *build;                           /* oc_environment_build */
    const char *clock_source;                    /* oc_environment_clock_source */
    const oc_ics *ics;                           /* or NULL */
    bool tests_card, tests_terminal, tests_host; /* who is somebody else's */
    bool selects;                                /* cases by --filter or --tag */
    bool own_paths;                              /* vectors that are not folders of those shipped */
    bool is_shard;
    bool resumes;
    bool reveals;
    bool repeats;
    bool seed_given; /* or a challenge, which gives one */
} oc_official_facts;

/* Why the run cannot be one of record, in one sentence; NULL when it can. */
const char *oc_official_objection(const oc_official_facts *facts);

#endif
