/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_PDF_H
#define OC_CONFORMANCE_CLI_PDF_H

#include "reports/reports.h"

/* Prints the HTML report as PDF by Chromium, where it is installed: tagged, but not the same byte for byte. WeasyPrint,
 * whose files would be, does not get through a page of this size (57.2). *by is the printer's name, static. NOT_FOUND
 * when it is not installed; IO when it fails or takes longer than ten minutes. Replaces `out_path` as a whole. */
OC_MUST_USE oc_result oc_pdf_write(const char **by, const oc_report_inputs *inputs, const char *out_path,
                                   oc_diag *diag);

#endif
