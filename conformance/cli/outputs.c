/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/outputs.h"

#include "sim/base/file.h"

oc_result oc_cli_write_reports(const oc_cli *cli, const char *folder, const oc_report_inputs *inputs,
                               const oc_format_list *also, oc_diag *diag)
{
    static const char *const always[][2] = {{"html", "report.html"}, {"junit", "junit.xml"}};
    enum { ALWAYS = sizeof always / sizeof always[0] };
    char result[PATH_MAX];
    char paths[ALWAYS][PATH_MAX];
    oc_report_request requests[ALWAYS + OC_FORMATS_MAX];
    size_t count = 0;
    oc_report_inputs all = *inputs;
    OC_TRY(oc_file_join(result, sizeof result, folder, "result.xml"));
    all.result_path = result;
    all.data_folder = cli->data;
    for (; count < ALWAYS; count++) {
        OC_TRY(oc_file_join(paths[count], sizeof paths[count], folder, always[count][1]));
        requests[count] = (oc_report_request){always[count][0], paths[count]};
    }
    for (size_t i = 0; also != NULL && i < also->count; i++) {
        requests[count++] = (oc_report_request){also->at[i].kind, also->at[i].path};
    }
    return oc_report_write_all(requests, count, &all, diag);
}
