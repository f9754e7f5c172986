/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_CAUSES_H
#define OC_REPORTS_HTML_CAUSES_H

#include "reports/html/pen.h"
#include "reports/result_case.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Cases that did not pass, those of the same cause together: same verdict, kind and class of the step, same check, same
 * status word or return code received, same requirement. So many of them are shown whole, and so many by their id, that
 * a run in which everything fails still makes a page. */
#define OC_CAUSES_MAX 400         /* causes past these share one */
#define OC_CAUSE_CARDS 5          /* whole cards of one cause */
#define OC_CAUSES_CARDS_MAX 250   /* whole cards of the page */
#define OC_CAUSES_LISTED_MAX 5000 /* named by their id */

typedef struct oc_causes {
    xmlNode *parent;
    const xmlNode *head;
    void *by_key;    /* xmlHashTable of struct cause */
    void *by_digest; /* xmlHashTable: findings that are there, whatever the pass */
    size_t count;
    size_t cards;
    size_t listed;
} oc_causes;

/* Writes below `parent`. `head` is the record's <result>. */
OC_MUST_USE oc_result oc_causes_begin(oc_causes *out, xmlNode *parent, const xmlNode *head);
/* Takes a case that failed, deviated, erred or stayed open, with its number. Writes
 *   x:cause   @verdict @kind @class @what @received @requirement @reason, at the end @n cases and @unlisted
 *     x:finding  see finding.h; and in it x:also @pass for each further pass with the same outcome
 *     x:more     @id @pass @n */
OC_MUST_USE oc_result oc_causes_take(oc_causes *causes, oc_pen *pen, const oc_result_case *one, size_t number);
/* Sets the numbers: once, after the last case. */
void oc_causes_finish(oc_causes *causes, oc_pen *pen);
void oc_causes_free(oc_causes *causes);

#ifdef __cplusplus
}
#endif
#endif
