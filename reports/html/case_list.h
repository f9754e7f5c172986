/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_CASE_LIST_H
#define OC_REPORTS_HTML_CASE_LIST_H

#include "reports/html/pen.h"
#include "reports/requirements.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Every case by name, whatever the number of passes that ran it. Past OC_CASE_LIST_MAX verdicts there is no list: a
 * page of that length opens in no browser within reason, and result.xml has them all. */
#define OC_CASE_LIST_MAX 20000

typedef struct oc_case_row {
    const char *id;
    const char *area;
    const char *title_zh;
    const char *title_en;
    const char *file;
    unsigned long line;
    unsigned long long duration_ns; /* the longest */
    oc_report_counts counts;
    size_t requirement_first; /* in `requirements` of the list */
    size_t requirement_count;
} oc_case_row;

/* What a case says about a requirement, over all passes: the worst. */
typedef struct oc_case_says {
    size_t requirement; /* index */
    size_t row;
    enum oc_report_verdict verdict;
} oc_case_says;

typedef struct oc_case_list {
    oc_arena arena;
    oc_case_row *rows;
    size_t count;
    size_t room;
    oc_case_says *says; /* by requirement, once finished */
    size_t says_count;
    size_t says_room;
    void *by_id; /* xmlHashTable */
    size_t taken;
    bool given_up; /* too many: the list is empty */
} oc_case_list;

OC_MUST_USE oc_result oc_case_list_begin(oc_case_list *out);
OC_MUST_USE oc_result oc_case_list_take(oc_case_list *list, oc_requirements *requirements, const oc_result_case *one);
/* Sorts what is said by requirement. */
void oc_case_list_finish(oc_case_list *list);
void oc_case_list_free(oc_case_list *list);

/* Writes x:row for each case: @id @area @file @line @us @PASS @FAIL ... @n, x:zh x:en. */
void oc_case_list_write(const oc_case_list *list, oc_pen *pen, xmlNode *parent);
/* Writes x:case @id @verdict for the cases about the requirement that tried a device; finished. */
#define OC_CASE_LIST_NAMED 200
void oc_case_list_write_says(const oc_case_list *list, oc_pen *pen, xmlNode *parent, size_t requirement);

#ifdef __cplusplus
}
#endif
#endif
