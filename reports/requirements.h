/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_REQUIREMENTS_H
#define OC_REPORTS_REQUIREMENTS_H

#include "reports/result_case.h"
#include "sim/base/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A requirement and what a record says about it. */
typedef struct oc_requirement {
    const char *id;
    const char *doc;
    const char *clause;
    const char *level;
    const char *confidence;
    const char *text_zh;
    const char *text_en;
    const char *untested_zh; /* why no case is about it; "" where nothing is stated */
    const char *untested_en;
    bool known;              /* false: a record or a vector names it, no requirement file does */
    oc_report_counts counts; /* cases about it; one that stopped over another requirement is INCONCLUSIVE here */
} oc_requirement;

/* The requirement files of a folder in the order of their names, then ids found elsewhere. */
typedef struct oc_requirements {
    oc_arena arena;
    oc_requirement *at;
    size_t count;
    size_t room;
    void *by_id; /* xmlHashTable */
} oc_requirements;

/* Empty, to be filled from a record only. */
OC_MUST_USE oc_result oc_requirements_begin(oc_requirements *out);
/* Reads the .xml files directly in the folder. NOT_FOUND when the folder is not there. */
OC_MUST_USE oc_result oc_requirements_load(oc_requirements *out, const char *folder, oc_diag *diag);
void oc_requirements_free(oc_requirements *requirements);

/* Finds it, or adds it as one that no file knows. NULL when memory is out. Valid until the next call. */
oc_requirement *oc_requirements_find(oc_requirements *requirements, const char *id);

/* Adds a case to the counts of its requirements. */
OC_MUST_USE oc_result oc_requirements_count_case(oc_requirements *requirements, const oc_result_case *one);

/* What a case says about one of its requirements: its verdict, or INCONCLUSIVE where the check that ended the case
 * was about another requirement. */
enum oc_report_verdict oc_requirements_case_says(const oc_result_case *one, const char *requirement);

/* The verdict on the requirement, the worst that its cases say; false when no case of the run is about it. */
bool oc_requirement_verdict(const oc_requirement *requirement, enum oc_report_verdict *out);

#ifdef __cplusplus
}
#endif
#endif
