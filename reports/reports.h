/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_REPORTS_H
#define OC_REPORTS_REPORTS_H

#include <stdio.h>

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Everything here is a pure function of a result record: same record, same bytes. `data_folder` is where this
 * project's data are (reports/ and vectors/ below it). */

/* Kinds: "html" (one file, offline, Chinese and English), "junit" (strict form). Replaces `out_path` as a whole. */
OC_MUST_USE oc_result oc_report_write(const char *kind, const char *result_path, const char *out_path,
                                      const char *data_folder, oc_diag *diag);

/* The sheet of a batch that was accepted or not, from the batch.xml that `onecard accept` leaves. Kinds: "html" (one file,
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
