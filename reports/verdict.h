/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_VERDICT_H
#define OC_REPORTS_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The verdicts as they stand in a record. Reports read the record only, so they know them by name. */
enum oc_report_verdict {
    OC_REPORT_PASS,
    OC_REPORT_NOT_APPLICABLE,
    OC_REPORT_NOT_RUN,
    OC_REPORT_INCONCLUSIVE,
    OC_REPORT_DEVIATION,
    OC_REPORT_FAIL,
    OC_REPORT_ERROR
};
#define OC_REPORT_VERDICTS 7

const char *oc_report_verdict_name(enum oc_report_verdict verdict);
bool oc_report_verdict_parse(const char *name, enum oc_report_verdict *out);
/* For a person; `chinese` chooses the language. */
const char *oc_report_verdict_word(enum oc_report_verdict verdict, bool chinese);

/* Cases by verdict. */
typedef struct oc_report_counts {
    size_t of[OC_REPORT_VERDICTS];
} oc_report_counts;

/* The three numbers that every run ends with: errors and what is undecided count as failed, a deviation as passed
 * unless the run was strict. */
size_t oc_report_passed(const oc_report_counts *counts, bool strict);
size_t oc_report_failed(const oc_report_counts *counts, bool strict);
size_t oc_report_skipped(const oc_report_counts *counts);
size_t oc_report_total(const oc_report_counts *counts);

/* What the cases say together, the worst of them; false when there is none. What was proven wrong stands before what
 * could not be decided; what was skipped says nothing beside a pass. */
bool oc_report_counts_verdict(const oc_report_counts *counts, enum oc_report_verdict *out);
/* Whether a device was tried: anything but NOT_RUN and NOT_APPLICABLE. */
bool oc_report_tried(enum oc_report_verdict verdict);

#ifdef __cplusplus
}
#endif
#endif
