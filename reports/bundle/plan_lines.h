/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_BUNDLE_PLAN_LINES_H
#define OC_REPORTS_BUNDLE_PLAN_LINES_H

#include "sim/base/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a run plans, as a set of lines "pass TAB case TAB rev LF". Zero-initialise; free with oc_plan_lines_free. */
typedef struct oc_plan_lines {
    oc_arena arena;
    const char **at; /* in the order of their bytes and each once, after oc_plan_lines_sort */
    size_t count, room;
} oc_plan_lines;

/* Takes a case in a pass up; the same one may come again. Ids in UTF-8 without tabs and line feeds. */
OC_MUST_USE oc_result oc_plan_lines_add(oc_plan_lines *lines, const char *pass, const char *case_id, unsigned rev);
void oc_plan_lines_sort(oc_plan_lines *lines);
/* Sorts, and SHA-256 over all lines, in hex. */
OC_MUST_USE oc_result oc_plan_lines_digest(oc_plan_lines *lines, char out[65]);
void oc_plan_lines_free(oc_plan_lines *lines);

#ifdef __cplusplus
}
#endif
#endif
