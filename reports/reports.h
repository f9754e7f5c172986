/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_REPORTS_H
#define OC_REPORTS_REPORTS_H

#include <stdio.h>

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Everything here is a pure function of a result record and of the files named beside it: same input, same bytes. */

typedef struct oc_report_inputs {
    const char *result_path; /* the record */
    const char *lab_path; /* lab.xml, what only a laboratory knows; NULL: what the record holds of it, if anything */
    const char *baseline_path; /* an earlier record to compare with, or NULL */
    const char *limits_path;   /* limits of latency, or NULL: those of the record, if any */
    const char *data_folder;   /* this project's data: reports/ and vectors/ are below it */
} oc_report_inputs;

/* Kinds: "html" (one file, offline, Chinese and English), and what formats/format.h lists: "junit", "junit-extended",
 * "tap", "ctrf", "json". Replaces `out_path` as a whole; of all but "html", "-" is standard output. */
OC_MUST_USE oc_result oc_report_write(const char *kind, const oc_report_inputs *inputs, const char *out_path,
                                      oc_diag *diag);

typedef struct oc_report_request {
    const char *kind;
    const char *path;
} oc_report_request;

/* Several at once, in few passes through the record. USAGE for an unknown kind, before anything is written. */
OC_MUST_USE oc_result oc_report_write_all(const oc_report_request *requests, size_t count,
                                          const oc_report_inputs *inputs, oc_diag *diag);
/* Whether there are reports of this kind. */
bool oc_report_kind_known(const char *kind);

/* The sheet of a batch that was accepted or not, from the batch.xml that `onecard accept` leaves; `data_folder` as above. Kinds: "html" (one file,
 * offline, Chinese and English), "text" (the same, UTF-8). Replaces `out_path` as a whole. */
OC_MUST_USE oc_result oc_report_sheet(const char *kind, const char *batch_path, const char *out_path,
                                      const char *data_folder, oc_diag *diag);

/* The summary for a person on a terminal: per pass counts, each failure with expected and received, requirement
 * coverage in one line, and last "N passed, N failed, N skipped". `color` allows ANSI colours. `lang` "en" or "zh". */
OC_MUST_USE oc_result oc_report_summary(FILE *out, const char *result_path, const char *lang, bool color,
                                        oc_diag *diag);

/* A case of the vectors, and what it is about. The rows of a table have one id. */
typedef struct oc_covering {
    const char *case_id;
    const char *condition;
    const char *const *requirements;
    size_t requirement_count;
} oc_covering;

/* Requirement -> cases -> verdict as text, from the requirement files in `requirements_folder`, the cases of the
 * vectors and, where `result_path` is not NULL, a record. Then what is untested and why, and last the numbers of
 * requirements and of their pairs with conditions. */
OC_MUST_USE oc_result oc_report_coverage(FILE *out, const char *requirements_folder, const oc_covering *cases,
                                         size_t case_count, const char *result_path, const char *lang, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
