/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_COMMANDS_H
#define OC_REPORTS_HTML_COMMANDS_H

#include "reports/html/pen.h"
#include "reports/result_case.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Adds to a finding what to type to see it again: x:run (against the item, with the run's seed) and x:replay (from the
 * record alone). Words that a shell would read otherwise are quoted: a record may be hostile, and its reader copies. */
void oc_commands_write(oc_pen *pen, xmlNode *finding, const xmlNode *head, const oc_result_case *one);

#ifdef __cplusplus
}
#endif
#endif
