/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_CONCLUSION_H
#define OC_REPORTS_CONCLUSION_H

#include "reports/result_case.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The statement over a whole run. */
enum oc_conclusion {
    OC_CONCLUSION_CONFORMS,
    OC_CONCLUSION_DEVIATES, /* conforms but for points on which the sources are weak */
    OC_CONCLUSION_NONCONFORMING,
    OC_CONCLUSION_UNDECIDED
};

/* What it rests on. */
typedef struct oc_conclusion_facts {
    oc_report_counts counts;
    size_t differences;
    size_t planned;
    size_t planned_cases; /* verdicts without repeats, which are beyond the plan */
    bool strict;
    bool interrupted;
} oc_conclusion_facts;

/* Of a record that was read to its end; `result` is its head. */
oc_conclusion_facts oc_conclusion_facts_take(const xmlNode *result, const oc_record_end *end);
enum oc_conclusion oc_conclusion_from(const oc_conclusion_facts *facts);
/* Planned verdicts that are not there. */
size_t oc_conclusion_facts_missing(const oc_conclusion_facts *facts);

/* Key for the stylesheets: "conforms", "deviates", "fails", "undecided". */
const char *oc_conclusion_key(enum oc_conclusion conclusion);
const char *oc_conclusion_words(enum oc_conclusion conclusion, bool chinese);

#ifdef __cplusplus
}
#endif
#endif
