/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_TOTALS_H
#define OC_REPORTS_HTML_TOTALS_H

#include "reports/html/pen.h"
#include "reports/result_case.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Verdicts by pass and area, and the cases that took longest. */
#define OC_SLOWEST 10

typedef struct oc_slow {
    char *id;
    const char *pass; /* that of the head */
    unsigned long long duration_ns;
} oc_slow;

typedef struct oc_pass_totals {
    const char *id; /* borrowed from the head */
    oc_report_counts counts;
} oc_pass_totals;

typedef struct oc_totals {
    oc_pass_totals *passes;
    size_t pass_count;
    size_t last;   /* pass of the last case: cases of a pass follow each other */
    void *by_area; /* xmlHashTable of counts */
    oc_slow slowest[OC_SLOWEST];
    size_t slow_count;
} oc_totals;

/* `head` is the record's root and stays. */
OC_MUST_USE oc_result oc_totals_begin(oc_totals *out, const xmlNode *head);
OC_MUST_USE oc_result oc_totals_take(oc_totals *totals, const oc_result_case *one);
void oc_totals_free(oc_totals *totals);
/* Writes x:pass @id and x:area @name, each with @PASS @FAIL ... @n; x:slow @id @pass @us. */
void oc_totals_write(const oc_totals *totals, oc_pen *pen, xmlNode *parent);

#ifdef __cplusplus
}
#endif
#endif
