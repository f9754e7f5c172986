/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/outputs.h"
#include "conformance/cli/words.h"
#include "conformance/merge/merge.h"
#include "reports/reports.h"
#include "sim/base/file.h"

/* onecard merge: the parts of a divided plan become one record again. */

struct arguments {
    oc_path_list parts;
    const char *output;
    oc_format_list formats;
};

static const struct argp_option options[] = {
    {"output", 'o', "DIR", 0, "folder for the record and the reports (default merged)", 0},
    {"format", 'f', "KIND=FILE", 0, "one more report, as in onecard run", 0},
    {0, 0, 0, 0, 0, 0},
};

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case 'o':
        out->output = text;
        return 0;
    case 'f':
        oc_take_format(&out->formats, text, state);
        return 0;
    case ARGP_KEY_ARG:
        oc_take_path(&out->parts, text, state);
        return 0;
    case ARGP_KEY_END:
        if (out->parts.count == 0) {
            argp_error(state, _("which parts? onecard merge -o DIR part-*.xml"));
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static oc_result report(const oc_cli *cli, const struct arguments *arguments, oc_diag *diag)
{
    char result[PATH_MAX];
    OC_TRY(oc_cli_write_reports(cli, arguments->output, &(oc_report_inputs){0}, &arguments->formats, diag));
    OC_TRY(oc_file_join(result, sizeof result, arguments->output, "result.xml"));
    return oc_report_summary(stdout, result, cli->lang, false, diag);
}

int oc_command_merge(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        options,
        take,
        "PART...",
        "Make one record and its reports of the parts of a divided plan. Every part has to "
        "be there, once, and every planned case in exactly one.\v"
        "Exit code: that of the whole run; 2 an argument is no record, 3 the parts are not "
        "the whole.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {.output = "merged"};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    oc_merged merged;
    oc_diag diag = {0};
    oc_result r = oc_merge(&merged, arguments.parts.at, arguments.parts.count, arguments.output, &diag);
    bool incomplete = r.code == OC_E_USAGE;
    if (oc_is_ok(r)) {
        r = report(cli, &arguments, &diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return incomplete ? OC_EXIT_INFRASTRUCTURE : oc_cli_input_exit(r);
    }
    return merged.exit_code;
}
