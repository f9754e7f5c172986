/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_LEFT_OUT_H
#define OC_REPORTS_HTML_LEFT_OUT_H

#include "reports/html/pen.h"
#include "reports/result_case.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What was not run or does not apply, by verdict and reason. Negatives that only follow their positive twin are one
 * group, the one without a reason: each has a reason of its own that says nothing new. */
#define OC_LEFT_OUT_GROUPS 2000    /* reasons past these share one */
#define OC_LEFT_OUT_NAMED 20       /* cases named in a group */
#define OC_LEFT_OUT_NAMED_MAX 4000 /* on the page */

typedef struct oc_left_out {
    void *by_reason; /* xmlHashTable of struct group */
    xmlNode *parent;
    size_t groups;
    size_t named;
} oc_left_out;

OC_MUST_USE oc_result oc_left_out_begin(oc_left_out *out, xmlNode *parent);
/* Writes below the parent x:left-out @verdict, at the end @n, with x:reason and x:case @id @pass. */
OC_MUST_USE oc_result oc_left_out_take(oc_left_out *left_out, oc_pen *pen, const oc_result_case *one);
void oc_left_out_finish(oc_left_out *left_out, oc_pen *pen);
void oc_left_out_free(oc_left_out *left_out);

#ifdef __cplusplus
}
#endif
#endif
