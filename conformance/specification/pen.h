/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_SPECIFICATION_PEN_H
#define OC_CONFORMANCE_SPECIFICATION_PEN_H

#include <stdio.h>

#include "conformance/dialect/value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Private to the specification: text as HTML. */

/* Escaped; characters that XML does not know are left out. */
void oc_pen_text(FILE *out, const char *text);
/* <code>text</code> */
void oc_pen_code(FILE *out, const char *text);
/* Both languages, each marked as such; one of them where the other is empty. */
void oc_pen_both(FILE *out, const char *zh, const char *en);
/* The same of a word and a number. */
void oc_pen_count(FILE *out, size_t count, const char *zh, const char *en);
/* An id as it stands in id= and, behind #, in href=. */
void oc_pen_anchor(FILE *out, const char *id);
/* As it was written in the vector; nothing where it is empty. */
void oc_pen_value(FILE *out, const oc_value *value);

#ifdef __cplusplus
}
#endif
#endif
