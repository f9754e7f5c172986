/* SPDX-License-Identifier: Apache-2.0 */
/* A catalogue of mutants beside the vectors and requirements of which it speaks. */
#include "conformance/mutate/catalogue.h"

static bool begins(const char *text, const char *id)
{
    return strncmp(id, text, strlen(text)) == 0;
}

bool oc_mutant_killer(const oc_mutant *mutant, const char *case_id)
{
    const char *killer = mutant->killed_by;
    char last = killer[strlen(killer) - 1];
    return last == '.' || last == '-' ? begins(killer, case_id) : strcmp(killer, case_id) == 0;
}

bool oc_mutant_may_violate(const oc_mutant *mutant, const char *requirement)
{
    bool may = strcmp(requirement, mutant->violates) == 0;
    for (size_t i = 0; i < mutant->also.count && !may; i++) {
        may = begins(mutant->also.at[i], requirement);
    }
    return may;
}

static bool names(const oc_case *subject, const char *requirement)
{
    bool is_named = false;
    for (size_t i = 0; i < subject->requirement_count && !is_named; i++) {
        is_named = strcmp(subject->requirements[i].id, requirement) == 0;
    }
    for (size_t i = 0; i < subject->cover_count && !is_named; i++) {
        is_named = strcmp(subject->covers[i], requirement) == 0;
    }
    return is_named;
}

static oc_result check_requirements(const oc_mutant *mutant, const oc_catalogue *requirements, oc_diag *diag)
{
    if (oc_catalogue_confidence(requirements, mutant->violates) == 0) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, mutant->file, mutant->line,
                               "%s violates %s, which is no requirement", mutant->id, mutant->violates);
    }
    for (size_t i = 0; i < mutant->also.count; i++) {
        bool is_there = false;
        for (size_t at = 0; at < oc_catalogue_requirement_count(requirements) && !is_there; at++) {
            is_there = begins(mutant->also.at[i], oc_catalogue_requirement(requirements, at));
        }
        if (!is_there) {
            return oc_diag_fail_at(diag, OC_E_FORMAT, mutant->file, mutant->line,
                                   "%s: also %s: no requirement is called or begins so", mutant->id,
                                   mutant->also.at[i]);
        }
    }
    return oc_ok();
}

oc_result oc_mutant_check(const oc_mutant *mutant, const oc_vectors *vectors, const oc_catalogue *requirements,
                          oc_diag *diag)
{
    bool is_there = false;
    bool is_about = false;
    OC_TRY(check_requirements(mutant, requirements, diag));
    for (size_t i = 0; i < oc_vectors_count(vectors) && !is_about; i++) {
        const oc_case *unit = oc_vectors_case(vectors, i);
        for (size_t n = 0; n <= unit->negative_count && !is_about; n++) {
            const oc_case *subject = n == 0 ? unit : &unit->negatives[n - 1];
            bool is_killer = oc_mutant_killer(mutant, subject->id);
            is_there = is_there || is_killer;
            is_about = is_killer && names(subject, mutant->violates);
        }
    }
    if (!is_there) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, mutant->file, mutant->line, "%s: no case is called %s", mutant->id,
                               mutant->killed_by);
    }
    return is_about ? oc_ok()
                    : oc_diag_fail_at(diag, OC_E_FORMAT, mutant->file, mutant->line, "%s: the case %s is not about %s",
                                      mutant->id, mutant->killed_by, mutant->violates);
}
