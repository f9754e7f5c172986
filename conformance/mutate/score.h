/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_MUTATE_SCORE_H
#define OC_CONFORMANCE_MUTATE_SCORE_H

#include "conformance/mutate/campaign.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The arithmetic of a campaign. */

typedef struct oc_mutant_score {
    size_t mutants;
    size_t of[OC_MUTANT_ERROR + 1]; /* by status */
    size_t by_requirement;          /* killed ones: by a case of the requirement that they violate */
    size_t by_check;                /* by a check of it */
    size_t by_case;                 /* by the case that is there for them */
    size_t unrelated;               /* killed ones that also show where they may not */
} oc_mutant_score;

void oc_mutant_score_add(oc_mutant_score *score, const oc_mutant_outcome *outcome);
/* Of the mutants that are not equivalent, how many are killed, in hundredths of a per cent, rounded down; 10000 where
 * there is none. */
unsigned oc_mutant_score_permyriad(const oc_mutant_score *score);
/* Over those that are done; `actor` OC_MUTANT_ACTORS: all. */
oc_mutant_score oc_campaign_score(const oc_campaign *campaign, enum oc_mutant_actor actor);

/* Cases that the right implementation passed, by the first two words of their ids ("CARD.SAFETY"), each once whatever the
 * passes. */
typedef struct oc_idle_group {
    const char *name;
    size_t cases;
    size_t idle;     /* kill no mutant */
    size_t unbroken; /* of these: no mutant violates a requirement that they name */
} oc_idle_group;

/* Zero-initialise; free with oc_idle_free. */
typedef struct oc_idle {
    oc_arena arena;
    oc_idle_group *groups; /* sorted by name */
    size_t group_count;
    oc_idle_group total;
} oc_idle;

OC_MUST_USE oc_result oc_idle_count(oc_idle *out, const oc_campaign *campaign);
void oc_idle_free(oc_idle *idle);

/* OUTPUT/mutation.xml (reports/mutation.xsd) and OUTPUT/matrix.csv: a line for each mutant and killing case, and one for
 * each mutant that no case kills. */
OC_MUST_USE oc_result oc_campaign_write(const oc_campaign *campaign, const oc_campaign_plan *plan, const char *began,
                                        oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
