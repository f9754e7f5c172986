/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_MUTATE_LAUNCH_H
#define OC_CONFORMANCE_MUTATE_LAUNCH_H

#include "conformance/mutate/campaign.h"
#include "conformance/mutate/child.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How one run of a campaign is started: `program run` with its options. */
struct oc_launch {
    oc_arena arena;
    const char **argv;
    size_t count;
    size_t room;
    const char **environment;
    size_t environment_count;
    char work[4096]; /* folder of its record */
};

/* For a mutant of the group; NULL: the right implementation, which with `quick` meets the cases that are there for any of
 * the group's mutants among `mutants`. */
OC_MUST_USE oc_result oc_launch_make(oc_launch *out, const oc_campaign_plan *plan, const oc_campaign_group *group,
                                     const oc_mutant *mutant, const oc_campaign *campaign, oc_diag *diag);
void oc_launch_free(oc_launch *launch);

/* Digest of what would be run: program, arguments, what the right implementation made of the cases, and the requirement
 * that is looked for. */
OC_MUST_USE oc_result oc_launch_key(const oc_launch *launch, const oc_campaign_group *group, const oc_mutant *mutant,
                                    char key[OC_MUTANT_KEY_ROOM]);

/* SHA-256 of the texts, each with its end, as hex digits. */
OC_MUST_USE oc_result oc_digest_texts(char out[OC_MUTANT_KEY_ROOM], const char *const *texts, size_t count);

#ifdef __cplusplus
}
#endif
#endif
