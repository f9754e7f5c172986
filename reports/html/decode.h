/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_DECODE_H
#define OC_REPORTS_HTML_DECODE_H

#include "reports/html/pen.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sets @zh and @en to what an expected or received text means: a status word ("sw"), a return code of a driver function
 * ("answer code"). Nothing where that is not known. `what` is evidence/@what and may be NULL. */
void oc_decode_meaning(oc_pen *pen, xmlNode *node, const char *what, const char *text);

/* What the status word at the end of a response means, in `lang`; "" where there is none. */
const char *oc_decode_response(const char *response, const char *lang);

/* Of the note of a message: adds x:field with @name and the value for infcode, err_msg, rule, field and identity, those
 * that are not empty. err_msg is given in hex (GB18030) where it is not ASCII, and read back. */
void oc_decode_answers(oc_pen *pen, xmlNode *parent, const char *note);

#ifdef __cplusplus
}
#endif
#endif
