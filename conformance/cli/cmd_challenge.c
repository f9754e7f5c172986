/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/run_demand.h"
#include "conformance/cli/signer_options.h"
#include "conformance/cli/words.h"

/* onecard challenge: an examiner demands a run. */

#define DAYS_MAX 366
#define RUN_ARGUMENTS_MAX (2 * 32 + OC_PATHS_MAX)
#define DAY_S ((int64_t)24 * 60 * 60)

struct arguments {
    const char *output;
    const char *examiner;
    int64_t days;
    oc_signer_list signers;
    char *run[RUN_ARGUMENTS_MAX]; /* the arguments of onecard run that make the plan */
    int run_count;
};

enum {
    KEY_DAYS = 0x100,
    KEY_EXAMINER,
    KEY_CERT,
    KEY_KEY,
    KEY_COMMAND,
    KEY_RUN /* and above: options of onecard run */
};

static const struct argp_option options[] = {
    {0, 0, 0, 0, "The challenge:", 1},
    {"output", 'o', "FILE", 0, "where to write it, with its signature in FILE.p7s beside it", 1},
    {"days", KEY_DAYS, "N", 0, "it expires after so many days (default 30)", 1},
    {"examiner", KEY_EXAMINER, "NAME", 0, "who demands the run", 1},
    {"sign-cert", KEY_CERT, "PEM", 0, "sign with this certificate; may be given several times", 1},
    {"sign-key", KEY_KEY, "PEM", 0, "key of the last --sign-cert: SM2, P-256 or better, RSA", 1},
    {"sign-cmd", KEY_COMMAND, "CMD", 0, "instead of a key: a command that gets the bytes and prints the signature", 1},
    {0, 0, 0, 0, "The run, as onecard run takes it:", 2},
    {"ics", KEY_RUN, "FILE", 0, "declaration of the item under test", 2},
    {"card", KEY_RUN + 1, "SPEC", 0, "virtual (default), pcsc:READER, exec:COMMAND or vpcd:PORT", 2},
    {"terminal", KEY_RUN + 2, "SPEC", 0,
     "virtual (default), driver:PATH.so, exec:COMMAND, tcp:HOST:PORT, ws:URL, http:URL or manual[,seconds=N]", 2},
    {"host", KEY_RUN + 3, "SPEC", 0, "back-end of medical settlement: virtual (default) or http:URL", 2},
    {"psam", KEY_RUN + 4, "SPEC", 0, "virtual (default), pcsc:READER or none", 2},
    {"profile", KEY_RUN + 5, "FILE", 0,
     "card profile; several are run one after the other (default: 1.0, 2.0 and 3.0)", 2},
    {"via", KEY_RUN + 6, "LINKS", 0,
     "how to reach the virtual card, also for the terminal: inproc (default), pcsc, or inproc,pcsc to compare", 2},
    {"interface", KEY_RUN + 7, "NAME", 0, "of the virtual card: contact (default) or contactless", 2},
    {"protocol", KEY_RUN + 8, "NAME", 0, "with a card that offers T=0 and T=1: t0 (default) or t1", 2},
    {"filter", 'k', "REGEX", 0, "cases whose id or official name matches", 2},
    {"tag", 't', "EXPR", 0,
     "cases by card, terminal, host, flow, negative, official(NAME), req(ID), condition(NAME), touches.WORD", 2},
    {0, 0, 0, 0, 0, 0},
};

static const char *name_of(int key)
{
    const struct argp_option *option = options;
    while (option->key != key) {
        option++;
    }
    return option->name;
}

static void pass_on(struct arguments *out, const char *text, const struct argp_state *state)
{
    char *copy = out->run_count < RUN_ARGUMENTS_MAX - 1 ? strdup(text) : NULL;
    if (copy == NULL) {
        argp_error(state, _("too many arguments"));
        return;
    }
    out->run[out->run_count++] = copy;
}

static void pass_option_on(struct arguments *out, int key, const char *text, const struct argp_state *state)
{
    char option[32];
    snprintf(option, sizeof option, "--%s", name_of(key));
    pass_on(out, option, state);
    pass_on(out, text, state);
}

static error_t finish(const struct arguments *out, const struct argp_state *state)
{
    const char *wrong = out->output == NULL       ? _("-o names the file")
                        : out->examiner == NULL   ? _("--examiner names who demands the run")
                        : out->signers.count == 0 ? _("a challenge is signed: give --sign-cert and --sign-key")
                                                  : oc_signers_objection(&out->signers);
    if (wrong != NULL) {
        argp_error(state, "%s", wrong);
    }
    return 0;
}

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case 'o':
        out->output = text;
        return 0;
    case KEY_DAYS:
        out->days = (int64_t)oc_take_number(text, 1, DAYS_MAX, state);
        return 0;
    case KEY_EXAMINER:
        out->examiner = text;
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
        pass_on(out, text, state);
        return 0;
    case ARGP_KEY_END:
        return finish(out, state);
    default:
        if ((key >= KEY_RUN && key <= KEY_RUN + 8) || key == 'k' || key == 't') {
            pass_option_on(out, key, text, state);
            return 0;
        }
        return ARGP_ERR_UNKNOWN;
    }
}

/* Read again as whoever answers it will: a name that the form does not take, say, is found now. */
static oc_result check_own(const oc_cli *cli, const struct arguments *arguments, oc_diag *diag)
{
    char schema[PATH_MAX];
    oc_challenge *challenge = NULL;
    OC_TRY(oc_cli_data_path(cli, schema, "reports/challenge/challenge.xsd"));
    oc_result r = oc_challenge_load(&challenge, arguments->output, schema, NULL, diag);
    if (oc_is_ok(r)) {
        printf(_("%s  nonce %s, %zu verdicts demanded\n"), arguments->output, oc_challenge_nonce(challenge),
               oc_challenge_plan(challenge)->count);
    } else {
        char signature[PATH_MAX];
        snprintf(signature, sizeof signature, "%.4000s" OC_CHALLENGE_SIGNATURE, arguments->output);
        (void)unlink(arguments->output);
        (void)unlink(signature);
    }
    oc_challenge_free(&challenge);
    return r;
}

static oc_result make(const oc_cli *cli, const struct arguments *arguments, const oc_run_inputs *inputs,
                      const oc_run_arguments *run, const oc_run_documents *documents, oc_diag *diag)
{
    oc_run_demand demand = {0};
    oc_run_options run_options = {.profile_count = inputs->profile_count,
                                  .card = &inputs->card,
                                  .psam = &inputs->psam,
                                  .via_inproc = run->via_inproc,
                                  .via_pcsc = run->via_pcsc,
                                  .interface = run->interface,
                                  .prefer_t1 = run->prefer_t1};
    for (size_t i = 0; i < inputs->profile_count; i++) {
        run_options.profiles[i] = inputs->profiles[i];
    }
    oc_result r = oc_run_demand_make(&demand, inputs, run, &run_options, documents->ics, diag);
    if (oc_is_ok(r)) {
        int64_t now = oc_signing_time();
        const oc_challenge_order order = {.demand = demand.demand,
                                          .examiner = arguments->examiner,
                                          .issued = now,
                                          .expires = now + arguments->days * DAY_S,
                                          .signers = arguments->signers.at,
                                          .signer_count = arguments->signers.count};
        r = oc_challenge_make(&order, arguments->output, diag);
    }
    oc_run_demand_free(&demand);
    return oc_is_ok(r) ? check_own(cli, arguments, diag) : r;
}

static int challenge(const oc_cli *cli, struct arguments *arguments)
{
    oc_run_arguments run;
    oc_run_inputs inputs = {0};
    oc_run_documents documents = {0};
    oc_diag diag = {0};
    int code = oc_run_arguments_parse(&run, arguments->run_count, arguments->run);
    if (code != OC_EXIT_OK) {
        return code;
    }
    oc_result r = oc_run_documents_load(&documents, cli, &run, &diag);
    if (oc_is_ok(r)) {
        r = oc_run_inputs_load(&inputs, cli, &run, &diag);
    }
    if (oc_is_ok(r) && inputs.plan.whole_count == 0) {
        fprintf(stderr, _("onecard: nothing selected\n"));
        code = OC_EXIT_NOTHING;
    } else if (oc_is_ok(r)) {
        r = make(cli, arguments, &inputs, &run, &documents, &diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        code = oc_cli_input_exit(r);
    }
    oc_run_inputs_free(&inputs);
    oc_run_documents_free(&documents);
    return code;
}

int oc_command_challenge(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        options,
        take,
        "[PATH...]",
        "Demand a run: a signed file with a number that nobody knew before, what is to be run of the vectors in PATHs "
        "(all that are shipped by default), and of which declared item.\vWho answers it says onecard run --challenge "
        "FILE with the same options. onecard review looks at what comes back. Exit codes: 0 written, 2 usage or bad "
        "input, 4 nothing selected.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {.days = 30};
    char program[] = "onecard challenge";
    arguments.run[arguments.run_count++] = program;
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code == OC_EXIT_OK) {
        code = challenge(cli, &arguments);
    }
    for (int i = 1; i < arguments.run_count; i++) {
        free(arguments.run[i]);
    }
    return code;
}
