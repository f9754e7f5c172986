/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/outputs.h"

#include "sim/base/file.h"

oc_result oc_cli_write_reports(const oc_cli *cli, const char *folder, const oc_report_inputs *inputs,
                               const oc_format_list *also, oc_diag *diag)
{
    static const char *const always[][2] = {{"html", "report.html"}, {"junit", "junit.xml"}};
    char result[PATH_MAX];
    char path[PATH_MAX];
    oc_report_inputs all = *inputs;
    OC_TRY(oc_file_join(result, sizeof result, folder, "result.xml"));
    all.result_path = result;
    all.data_folder = cli->data;
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        OC_TRY(oc_file_join(path, sizeof path, folder, always[i][1]));
        OC_TRY(oc_report_write(always[i][0], &all, path, diag));
    }
    for (size_t i = 0; also != NULL && i < also->count; i++) {
        OC_TRY(oc_report_write(also->at[i].kind, &all, also->at[i].path, diag));
    }
    return oc_ok();
}
