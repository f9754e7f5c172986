/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_FINDING_H
#define OC_REPORTS_HTML_FINDING_H

#include "reports/html/pen.h"
#include "reports/result_case.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The step that decided a case: the last of the name that its evidence gives; NULL where there is none. */
const xmlNode *oc_finding_step(const xmlNode *one_case);

/* Writes the card of a case that did not pass below `parent`, as x:finding:
 *   @id @pass @verdict @repeat @file @line @twin @waiver @because @official @condition @dut, @n its number
 *   x:zh x:en         its title
 *   x:reason
 *   x:evidence        @step @what @difference-at @requirement @confidence, @kind @class of the step; below it
 *     x:expected, x:received  cut into x:same and x:differs; @zh @en what it means
 *     x:decoded       @of "expected" or "received": x:tlv, see tlv_tree.h
 *     x:field         of a message: @name and the value
 *     x:where         @directory @file @record @tag @key @key-kind @pin
 *   x:trace           @all exchanges and notes of the case, @left-out of them before what is shown; x:line with @step
 *                     @actor @kind @us @fault @near (the three before the decision, and it) @decided, x:command,
 *                     x:response (@zh @en what its status word means), x:note
 * Long texts are cut; result.xml has them whole. */
xmlNode *oc_finding_write(oc_pen *pen, xmlNode *parent, const oc_result_case *one, size_t number);

/* An element with a text, cut at `room` characters or so at the end of a character, with @of-length then. */
xmlNode *oc_finding_text(oc_pen *pen, xmlNode *parent, const char *name, const char *text, size_t room);

#ifdef __cplusplus
}
#endif
#endif
