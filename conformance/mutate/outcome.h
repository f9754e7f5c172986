/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_MUTATE_OUTCOME_H
#define OC_CONFORMANCE_MUTATE_OUTCOME_H

#include "conformance/mutate/catalogue.h"
#include "conformance/mutate/verdicts.h"
#include "conformance/record/xml_out.h"
#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What became of one mutant. */

enum oc_mutant_status {
    OC_MUTANT_KILLED,
    OC_MUTANT_SURVIVED,
    OC_MUTANT_EQUIVALENT,   /* said to be, and no case found it */
    OC_MUTANT_CONTRADICTED, /* said to be equivalent, and a case found it */
    OC_MUTANT_ERROR         /* nothing can be said: its run came to no end, or to no mismatch but to errors */
};
const char *oc_mutant_status_name(enum oc_mutant_status status);

typedef struct oc_kill {
    const char *pass;
    const char *id;
    const char *requirement; /* that was found violated: of the check, else the first that the case names, or "" */
    enum oc_report_verdict verdict; /* DEVIATION or FAIL */
    bool about;                     /* the case names the requirement that the mutant violates */
} oc_kill;

#define OC_MUTANT_KEY_ROOM 65

/* Zero-initialise; free with oc_outcome_of_mutant_free. */
typedef struct oc_mutant_outcome {
    char key[OC_MUTANT_KEY_ROOM]; /* of what was run: the outcome of anything else says nothing of it */
    size_t judged;
    uint64_t wall_ms;
    uint64_t cpu_ms;
    const char *error; /* why nothing can be said, or NULL */
    oc_kill *kills;
    size_t count;
    oc_arena arena;
    /* Which follow from the catalogue: oc_mutant_outcome_weigh. */
    enum oc_mutant_status status;
    bool by_requirement; /* a kill is by a case of the requirement that it violates */
    bool by_check;       /* by a check of that requirement itself */
    bool by_case;        /* by the case that is there for it */
    size_t unrelated;    /* kills by requirements that it may not violate */
} oc_mutant_outcome;

void oc_mutant_outcome_free(oc_mutant_outcome *outcome);

/* From what was judged. A record with errors and no mismatch is an error. */
OC_MUST_USE oc_result oc_mutant_outcome_take(oc_mutant_outcome *out, const oc_verdicts *judged,
                                             const oc_mutant *mutant);
void oc_mutant_outcome_weigh(oc_mutant_outcome *outcome, const oc_mutant *mutant);

/* The element <mutant> of reports/mutation.xsd: with what the catalogue says of it, as it is in mutation.xml. */
void oc_mutant_outcome_write(oc_xml_out *out, const oc_mutant_outcome *outcome, const oc_mutant *mutant);
/* A file of its own, replaced as a whole. */
OC_MUST_USE oc_result oc_mutant_outcome_save(const oc_mutant_outcome *outcome, const oc_mutant *mutant,
                                             const char *path, oc_diag *diag);
OC_MUST_USE oc_result oc_mutant_outcome_load(oc_mutant_outcome *out, const oc_mutant *mutant, const char *path,
                                             const oc_xml_schema *schema, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
