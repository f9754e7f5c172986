/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_ANNOTATE_H
#define OC_REPORTS_ANNOTATE_H

#include "reports/html/pen.h"
#include "reports/pairs.h"
#include "reports/untested.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What was worked out of a record beforehand. */
typedef struct oc_findings {
    const oc_requirements *requirements; /* counted */
    const oc_pairs *pairs;               /* counted and sorted */
    const oc_untested *untested;
} oc_findings;

/* Writes into the loaded record, in memory, what stylesheets cannot work out well. In no namespace:
 *   case/@n               number, for anchors
 *   case/@classname       dotted ASCII for JUnit
 *   case/@left-out        of a case that was left out: the reason, or nothing where it only follows its positive twin
 *   case/@first           on the first case of each such group: XSLT 1.0 would need quadratic time to find it
 *   req/@says             what the case says about the requirement
 * In the namespace above:
 *   result/x:report       @sha256 @sm3 @conclusion @missing @passed @failed @skipped, @pairs @pairs-run @pairs-passed,
 *                         and an x:requirement for each requirement, with its data, @verdict unless no case is about
 *                         it, x:zh and x:en, its own @pairs.., an x:condition with @verdict for each, and, where it was
 *                         not tested, x:untested-zh and x:untested-en as stated and an x:why with @cases for each
 *                         reason of the record
 *   case/x:req            a requirement that only the deciding check names
 *   evidence/x:expected, x:received   the texts cut into x:same and x:differs; @zh and @en say what a status word
 *                         means */
OC_MUST_USE oc_result oc_annotate(oc_result_record *record, const oc_findings *findings, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
