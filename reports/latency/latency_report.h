/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_LATENCY_REPORT_H
#define OC_REPORTS_LATENCY_LATENCY_REPORT_H

#include "reports/latency/judge.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The latency section of a report as a tree: <latency-report> of urn:onecard:report:1 below `parent`, laid out by
 * transforms/html-latency.xsl. A pure function of the samples, which are finished and hold the record's head, and of the
 * limits: those in `limits_path`, or where that is NULL those of the record, if any. */
OC_MUST_USE oc_result oc_latency_report(xmlNode *parent, const oc_samples *samples, const char *limits_path,
                                        oc_diag *diag);

/* The limits that a report is to go by, as above; the thresholds are always the record's. Free with oc_limits_free. */
OC_MUST_USE oc_result oc_latency_limits(oc_limits *out, const oc_samples *samples, const char *limits_path,
                                        oc_diag *diag);

/* Which series are drawn, beside the tables of all: of each kind so many, first those that missed something or that a
 * limit or threshold names, then those that took the most time in all. */
#define OC_LATENCY_PLOTTED_FLOWS 24
#define OC_LATENCY_PLOTTED_FUNCTIONS 24
#define OC_LATENCY_PLOTTED_CLASSES 8
#define OC_LATENCY_PLOTTED_STEPS 8
/* A distribution is drawn from this many samples on. */
#define OC_LATENCY_PLOT_LEAST 10

#ifdef __cplusplus
}
#endif
#endif
