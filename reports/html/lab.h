/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_HTML_LAB_H
#define OC_REPORTS_HTML_LAB_H

#include "reports/html/pen.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Adds x:lab below `parent`, with a copy of the <lab> of the file `path`, which is checked against lab.xsd of the data
 * folder. FORMAT, NOT_FOUND, IO, LIMIT with file and line. */
OC_MUST_USE oc_result oc_lab_write(oc_pen *pen, xmlNode *parent, const char *path, const char *data_folder,
                                   oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
