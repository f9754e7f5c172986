/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_MATRIX_H
#define OC_REPORTS_HTML_MATRIX_H

#include "reports/html/case_list.h"
#include "reports/pairs.h"
#include "reports/untested.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct oc_matrix {
    const oc_requirements *requirements; /* counted */
    const oc_pairs *pairs;               /* counted and sorted */
    const oc_untested *untested;         /* finished */
    const oc_case_list *cases;           /* finished; may have given up */
} oc_matrix;

/* Writes below `parent`
 *   x:requirement   for each, @index, with its data, @verdict unless no case is about it, @assessment, @cases @passed
 *                   and @PASS @FAIL ..., @pairs @pairs-run @pairs-passed; x:zh x:en; x:condition with @verdict for each
 *                   pair that is not PASS, and the number of the others in @conditions-passed; where nothing was tried
 *                   x:untested-zh x:untested-en as stated and x:why with @cases; x:case as case_list.h
 *   x:document      @doc, and below it
 *     x:clause      @clause @assessment @n, and x:of with the index of each requirement
 * An assessment is 合格 "good", 不合格 "bad", 不适用 "not-applicable", 未检 "not-assessed", or "open" where a verdict is
 * undecided or deviates. What a clause says is the worst of its requirements, in the order bad, open, not-assessed,
 * good, not-applicable; "partly" where some are good and others were not assessed. A document has the number of each. */
void oc_matrix_write(const oc_matrix *matrix, oc_pen *pen, xmlNode *parent);

#ifdef __cplusplus
}
#endif
#endif
