/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_PDF_H
#define OC_CONFORMANCE_CLI_PDF_H

#include "reports/reports.h"

/* Prints the HTML report as PDF by a program that is installed: Chromium, which is quick and makes tagged files, or else
 * WeasyPrint, whose files are the same byte for byte. *by is its name, static. NOT_FOUND when there is neither; IO when
 * it fails or takes longer than ten minutes. Replaces `out_path` as a whole. */
OC_MUST_USE oc_result oc_pdf_write(const char **by, const oc_report_inputs *inputs, const char *out_path,
                                   oc_diag *diag);

#endif
