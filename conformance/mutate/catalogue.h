/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_MUTATE_CATALOGUE_H
#define OC_CONFORMANCE_MUTATE_CATALOGUE_H

#include "conformance/dialect/catalogue.h"
#include "conformance/dialect/suite.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Mutants as catalogues tell of them (vectors/schema/mutants.xsd): implementations with one defect each. Texts belong to
 * the oc_mutants that loaded them. */

enum oc_mutant_actor {
    OC_MUTANT_CARD,
    OC_MUTANT_PSAM,
    OC_MUTANT_TERMINAL,
    OC_MUTANT_HOST,
    OC_MUTANT_ISSUER,
    OC_MUTANT_ACTORS
};
/* "card" and so on, as ids begin. */
const char *oc_mutant_actor_name(enum oc_mutant_actor actor);

typedef struct oc_mutant_texts {
    const char **at;
    size_t count;
} oc_mutant_texts;

/* How mutants are run. In its texts the words in braces still stand. */
typedef struct oc_mutant_run {
    const char *file; /* of the catalogue */
    long line;
    const char *name;
    const char *program;         /* or NULL: onecard_mutant */
    oc_mutant_texts environment; /* NAME, value, NAME, value, ... */
    oc_mutant_texts options;
    oc_mutant_texts right; /* options of the run without a mutant; count 0: the same */
    oc_mutant_texts profiles;
    oc_mutant_texts cases;
    const char *tag; /* or NULL */
    unsigned seconds;
} oc_mutant_run;

typedef struct oc_mutant {
    const char *file;
    long line;
    const char *id;
    enum oc_mutant_actor actor;
    const char *title_zh;
    const char *title_en;
    const char *violates;
    const char *killed_by; /* ending in a dot or dash: how the ids of several cases begin */
    bool at_seam;
    const oc_mutant_run *run;
    oc_mutant_texts also;
    oc_mutant_texts profiles;  /* count 0: those of the run */
    const char *equivalent_zh; /* or NULL */
    const char *equivalent_en;
} oc_mutant;

typedef struct oc_mutants oc_mutants;

/* All *.xml of `folder`, in the order of their names, each validated by the schema. FORMAT with file, line and reason for
 * what is no catalogue, an id that stands twice or is another actor's, a title or reason that lacks a language; NOT_FOUND
 * when there is none. */
OC_MUST_USE oc_result oc_mutants_load(oc_mutants **out, const char *folder, const char *schema_path, oc_diag *diag);
void oc_mutants_free(oc_mutants **mutants);
size_t oc_mutants_count(const oc_mutants *mutants);
const oc_mutant *oc_mutants_at(const oc_mutants *mutants, size_t at);

/* What else has to be true of a mutant: the requirement that it violates exists, `also` begins others, the case that is
 * there for it exists and is about that requirement. FORMAT with file, line and reason. */
OC_MUST_USE oc_result oc_mutant_check(const oc_mutant *mutant, const oc_vectors *vectors,
                                      const oc_catalogue *requirements, oc_diag *diag);

/* Whether the case is the one that is there for the mutant. */
bool oc_mutant_killer(const oc_mutant *mutant, const char *case_id);
/* Whether the requirement may be violated by it: that of `violates` or one of `also`. */
bool oc_mutant_may_violate(const oc_mutant *mutant, const char *requirement);

#ifdef __cplusplus
}
#endif
#endif
