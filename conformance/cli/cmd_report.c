/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/pdf.h"
#include "conformance/cli/words.h"
#include "reports/reports.h"

/* onecard report: from a result record, without a card. */

enum { KEY_LAB = 0x100, KEY_LIMITS, KEY_BASELINE, KEY_PDF };

struct arguments {
    const char *result;
    const char *lang;
    const char *lab;
    const char *limits;
    const char *baseline;
    const char *pdf;
    oc_format_list outputs;
};

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case 'f':
        oc_take_format(&out->outputs, text, state);
        return 0;
    case 'l':
        out->lang = text;
        return 0;
    case KEY_LAB:
        out->lab = text;
        return 0;
    case KEY_LIMITS:
        out->limits = text;
        return 0;
    case KEY_BASELINE:
        out->baseline = text;
        return 0;
    case KEY_PDF:
        out->pdf = text;
        return 0;
    case ARGP_KEY_ARG:
        if (out->result != NULL) {
            argp_error(state, _("one result record at a time"));
        }
        out->result = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option report_options[] = {
    {"format", 'f', "KIND=FILE", 0,
     "html, junit, junit-extended, tap, ctrf or json; FILE - is standard output; several may be given", 0},
    {"lang", 'l', "LANG", 0, "language of the summary: en or zh", 0},
    {"lab", KEY_LAB, "FILE", 0, "what only the laboratory knows, for the HTML report (reports/lab.xsd)", 0},
    {"limits", KEY_LIMITS, "FILE", 0, "limits of latency to decide on in the HTML report, instead of the record's", 0},
    {"baseline", KEY_BASELINE, "RESULT.xml", 0, "an earlier record to compare with in the HTML report", 0},
    {"pdf", KEY_PDF, "FILE", 0, "the HTML report as PDF, by chromium, where it is installed", 0},
    {0, 0, 0, 0, 0, 0},
};

static oc_result print_pdf(const oc_report_inputs *inputs, const char *path, oc_diag *diag)
{
    const char *by = "";
    OC_TRY(oc_pdf_write(&by, inputs, path, diag));
    fprintf(stderr, "%s: printed by %s\n", path, by);
    return oc_ok();
}

int oc_command_report(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {report_options,
                                     take,
                                     "RESULT.xml",
                                     "Make reports from a result record again: same record, same bytes. Without "
                                     "--format, print the summary.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct arguments arguments = {.lang = cli->lang};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    if (arguments.result == NULL) {
        fprintf(stderr, _("onecard report: which result.xml?\n"));
        return OC_EXIT_USAGE;
    }
    oc_diag diag = {0};
    oc_report_inputs inputs = {.result_path = arguments.result,
                               .lab_path = arguments.lab,
                               .baseline_path = arguments.baseline,
                               .limits_path = arguments.limits,
                               .data_folder = cli->data};
    oc_report_request requests[OC_FORMATS_MAX];
    for (size_t i = 0; i < arguments.outputs.count; i++) {
        requests[i] = (oc_report_request){arguments.outputs.at[i].kind, arguments.outputs.at[i].path};
    }
    oc_result r = oc_report_write_all(requests, arguments.outputs.count, &inputs, &diag);
    if (oc_is_ok(r) && arguments.pdf != NULL) {
        r = print_pdf(&inputs, arguments.pdf, &diag);
    }
    if (oc_is_ok(r) && arguments.outputs.count == 0 && arguments.pdf == NULL) {
        r = oc_report_summary(stdout, arguments.result, arguments.lang, false, &diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return r.code == OC_E_IO ? OC_EXIT_INFRASTRUCTURE : oc_cli_input_exit(r);
    }
    return OC_EXIT_OK;
}
