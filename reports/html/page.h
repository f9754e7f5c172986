/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_PAGE_H
#define OC_REPORTS_HTML_PAGE_H

#include <libxml/tree.h>

#include "reports/reports.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the stylesheets of the page are given: the record's <result> with all before its first case, and below it one
 * x:report (namespace urn:onecard:report:1) with everything that was worked out of the cases. Its size does not grow
 * with the number of cases past the limits of case_list.h, causes.h and left_out.h.
 *   x:report   @id of the report, @sha256 @sm3 of the record, @conclusion @missing @cases @passed @failed @skipped,
 *              @pairs @pairs-run @pairs-passed, @listed where every case is named; below it
 *     x:script   @digest as a Content-Security-Policy wants it, and the script
 *     x:pass x:area x:slow (totals.h), x:requirement x:document (matrix.h), x:row (case_list.h)
 *     x:lab      a copy of what the laboratory adds (lab.h)
 *     x:latency-report (latency/latency_report.h), x:comparison where there is a base (compare/compare.h)
 *     x:causes with x:cause (causes.h), x:left with x:left-out (left_out.h) */
OC_MUST_USE oc_result oc_html_page(xmlDoc **out, const oc_report_inputs *inputs, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
