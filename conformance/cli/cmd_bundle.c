/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/case_pcap.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/signer_options.h"
#include "conformance/cli/words.h"
#include "reports/bundle/bundle.h"
#include "sim/base/file.h"

/* onecard bundle: hand a record in, whole and signed. */

struct arguments {
    const char *subject; /* output folder of a run, its result.xml, or a bundle */
    const char *output;
    const char *ics, *lab;
    const char *tsa_command, *tsr;
    oc_signer_list signers;
};

enum { KEY_CERT = 0x100, KEY_KEY, KEY_COMMAND, KEY_TSA, KEY_TSR, KEY_ICS, KEY_LAB };

static const struct argp_option bundle_options[] = {
    {"output", 'o', "DIR", 0, "folder of the bundle; it must not be there yet", 1},
    {"ics", KEY_ICS, "FILE", 0, "the declaration of the item, where it is not beside the record", 1},
    {"lab", KEY_LAB, "FILE", 0, "what only the laboratory knows (reports/lab.xsd)", 1},
    {"sign-cert", KEY_CERT, "PEM", 0,
     "sign with this certificate, those up to the root behind it in the file; may be given several times", 2},
    {"sign-key", KEY_KEY, "PEM", 0, "key of the last --sign-cert: SM2, P-256 or better, RSA", 2},
    {"sign-cmd", KEY_COMMAND, "CMD", 0,
     "instead of a key: a command that gets the bytes to sign and prints the signature, for tokens and services", 2},
    {"tsa-cmd", KEY_TSA, "CMD", 0, "a command that gets a time stamp request (RFC 3161) and prints the response", 3},
    {"tsr", KEY_TSR, "FILE", 0, "a time stamp response over MANIFEST.p7s of a bundle that is there", 3},
    {0, 0, 0, 0, 0, 0},
};

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case 'o':
        out->output = text;
        return 0;
    case KEY_ICS:
        out->ics = text;
        return 0;
    case KEY_LAB:
        out->lab = text;
        return 0;
    case KEY_TSA:
        out->tsa_command = text;
        return 0;
    case KEY_TSR:
        out->tsr = text;
        return 0;
    case KEY_CERT:
        oc_take_signer(&out->signers, text, state);
        return 0;
    case KEY_KEY:
        oc_take_signer_key(&out->signers, text, NULL, state);
        return 0;
    case KEY_COMMAND:
        oc_take_signer_key(&out->signers, NULL, text, state);
        return 0;
    case ARGP_KEY_ARG:
        if (out->subject != NULL) {
            argp_error(state, _("one record at a time"));
        }
        out->subject = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int check_together(const struct arguments *arguments)
{
    const char *wrong = arguments->subject == NULL ? _("which folder or result.xml?")
                        : arguments->tsr != NULL && arguments->tsa_command != NULL
                            ? _("--tsr or --tsa-cmd, not both")
                            : oc_signers_objection(&arguments->signers);
    if (wrong != NULL) {
        fprintf(stderr, "onecard bundle: %s\n", wrong);
        return OC_EXIT_USAGE;
    }
    return OC_EXIT_OK;
}

static bool is_bundle(const char *folder)
{
    char path[PATH_MAX];
    struct stat st;
    return oc_is_ok(oc_file_join(path, sizeof path, folder, "MANIFEST")) && lstat(path, &st) == 0;
}

static oc_result add(const struct arguments *arguments, oc_diag *diag)
{
    if (arguments->signers.count == 0 && arguments->tsr == NULL && arguments->tsa_command == NULL) {
        return oc_diag_fail(diag, OC_E_USAGE, _("%s is a bundle: --sign-cert, --tsa-cmd or --tsr add to it"),
                            arguments->subject);
    }
    return oc_bundle_add(arguments->subject, arguments->signers.at, arguments->signers.count, oc_signing_time(),
                         arguments->tsa_command, arguments->tsr, diag);
}

static oc_result make(const oc_cli *cli, const struct arguments *arguments, oc_diag *diag)
{
    char result[PATH_MAX];
    struct stat st;
    oc_evidence made = {0};
    if (arguments->output == NULL || arguments->tsr != NULL) {
        return oc_diag_fail(diag, OC_E_USAGE,
                            arguments->output == NULL ? "-o names the folder of the bundle"
                                                      : "--tsr adds to a bundle that is there");
    }
    if (stat(arguments->subject, &st) == 0 && S_ISDIR(st.st_mode)) {
        OC_TRY(oc_file_join(result, sizeof result, arguments->subject, "result.xml"));
    } else {
        OC_TRY(oc_file_join(result, sizeof result, "", arguments->subject));
    }
    const oc_bundle_order order = {.result_path = result,
                                   .ics_path = arguments->ics,
                                   .lab_path = arguments->lab,
                                   .out_folder = arguments->output,
                                   .data_folder = cli->data,
                                   .companion = oc_cli_case_pcap,
                                   .signers = arguments->signers.at,
                                   .signer_count = arguments->signers.count,
                                   .when = oc_signing_time(),
                                   .tsa_command = arguments->tsa_command};
    OC_TRY(oc_bundle_make(&order, &made, diag));
    printf(_("%s  %s, %zu cases, %zu of %zu traces, %s\n"), arguments->output, made.run_id, made.cases, made.traces,
           made.traces_worth, arguments->signers.count > 0 ? "signed" : "signed by nobody");
    oc_evidence_free(&made);
    return oc_ok();
}

int oc_command_bundle(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {bundle_options,
                                     take,
                                     "DIR|RESULT.xml|BUNDLE",
                                     "Make an evidence bundle of a record: reports, traces, plan and environment "
                                     "beside it, and a signed manifest over "
                                     "all. Of a bundle that is there: sign it too, or have it stamped.\vonecard "
                                     "verify checks a bundle. A signature "
                                     "says who stands for the record, not that the record is true.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct arguments arguments = {0};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    code = code == OC_EXIT_OK ? check_together(&arguments) : code;
    if (code != OC_EXIT_OK) {
        return code;
    }
    oc_diag diag = {0};
    oc_result r = is_bundle(arguments.subject) ? add(&arguments, &diag) : make(cli, &arguments, &diag);
    if (oc_is_ok(r)) {
        return OC_EXIT_OK;
    }
    oc_cli_complain(r, &diag);
    return r.code == OC_E_IO || r.code == OC_E_UNAVAILABLE ? OC_EXIT_INFRASTRUCTURE : oc_cli_input_exit(r);
}
