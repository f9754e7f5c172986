/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_ANNOTATE_H
#define OC_REPORTS_ANNOTATE_H

#include "reports/requirements.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OC_REPORT_NAMESPACE "urn:onecard:report:1"

/* Writes into the loaded record, in memory, what stylesheets cannot work out well. In no namespace:
 *   case/@n               number, for anchors
 *   case/@classname       dotted ASCII for JUnit
 *   case/@left-out        of a case that was left out: the reason, or nothing where it only follows its positive twin
 *   case/@first           on the first case of each such group: XSLT 1.0 would need quadratic time to find it
 *   req/@says             what the case says about the requirement
 * In the namespace above:
 *   result/x:report       @sha256 @sm3 @conclusion @missing @passed @failed @skipped, and an x:requirement for each
 *                         requirement, with its data, @verdict unless no case is about it, x:zh and x:en
 *   case/x:req            a requirement that only the deciding check names
 *   evidence/x:expected, x:received   the texts cut into x:same and x:differs; @zh and @en say what a status word
 *                         means */
OC_MUST_USE oc_result oc_annotate(oc_result_record *record, const oc_requirements *requirements, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
