/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_TRACE_H
#define OC_REPORTS_HTML_TRACE_H

#include "reports/html/pen.h"
#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Writes x:trace of a case below `parent`, as finding.h has it: the end of what was exchanged up to the step that
 * decided (NULL: all steps), never more than OC_TRACE_LINES lines. */
#define OC_TRACE_LINES 60
void oc_trace_write(oc_pen *pen, xmlNode *parent, const xmlNode *one_case, const xmlNode *decided);

#ifdef __cplusplus
}
#endif
#endif
