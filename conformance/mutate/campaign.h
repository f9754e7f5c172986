/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_MUTATE_CAMPAIGN_H
#define OC_CONFORMANCE_MUTATE_CAMPAIGN_H

#include <signal.h>

#include "conformance/mutate/outcome.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The suite against many mutants, each in a process of its own, and first against none. */

typedef struct oc_campaign_plan {
    const oc_mutants *mutants;
    const oc_vectors *vectors; /* all */
    const oc_catalogue *requirements;
    const char *pattern;         /* extended regular expression that ids have to match, or NULL */
    unsigned shard;              /* 1 to shards: of those, each shards-th */
    unsigned shards;             /* 0: all */
    const char *output;          /* folder */
    const char *build_folder;    /* {build} */
    const char *vectors_folder;  /* {vectors} */
    const oc_xml_schema *schema; /* reports/mutation.xsd */
    unsigned jobs;               /* 1 or more */
    bool quick;                  /* each mutant meets nothing but the case that is there for it */
    bool resume;                 /* outcomes that are there already stand, where they are of the same run */
    const volatile sig_atomic_t *stop;
    void (*progress)(void *context, const char *id, bool bad, size_t done, size_t planned);
    void *context;
} oc_campaign_plan;

/* Mutants that are run alike, and what the right implementation made of the same cases. */
typedef struct oc_campaign_group {
    const oc_mutant_run *run;
    const oc_mutant_texts *profiles;
    enum oc_mutant_actor actor;
    oc_verdicts right; /* all cases */
    uint64_t wall_ms;
    uint64_t cpu_ms;
    char digest[OC_MUTANT_KEY_ROOM]; /* of the cases and their verdicts */
} oc_campaign_group;

typedef struct oc_launch oc_launch;

typedef struct oc_campaign {
    const oc_mutant **mutants; /* that were selected */
    size_t *group_of;
    oc_mutant_outcome *outcomes;
    bool *done;
    size_t count;
    oc_campaign_group *groups;
    size_t group_count;
    oc_launch *launches; /* of the mutants, then of the groups */
    bool interrupted;
} oc_campaign;

/* Selects the mutants. NOT_FOUND when there is none; FORMAT when what the catalogue says of one is not true
 * (oc_mutant_check). Vectors and requirements are not needed any more afterwards: processes that are made of a small one
 * cost less. */
OC_MUST_USE oc_result oc_campaign_prepare(oc_campaign *out, const oc_campaign_plan *plan, oc_diag *diag);
/* Runs them. Each outcome is in OUTPUT/mutants/ID.xml as soon as it is known. UNAVAILABLE when the right implementation
 * does not pass: then nothing can be said of mutants. */
OC_MUST_USE oc_result oc_campaign_run(oc_campaign *campaign, const oc_campaign_plan *plan, oc_diag *diag);
void oc_campaign_free(oc_campaign *campaign);

#ifdef __cplusplus
}
#endif
#endif
