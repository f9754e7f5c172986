/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_CLI_OUTPUTS_H
#define OC_CONFORMANCE_CLI_OUTPUTS_H

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "reports/reports.h"

/* Reports of the record FOLDER/result.xml: report.html and junit.xml beside it, then what --format asked for (`also`, or
 * NULL). `inputs` names what else goes into them; its record and data folder are filled in here. */
OC_MUST_USE oc_result oc_cli_write_reports(const oc_cli *cli, const char *folder, const oc_report_inputs *inputs,
                                           const oc_format_list *also, oc_diag *diag);

#endif
