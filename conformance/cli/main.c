/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/parser.h>
#include <openssl/crypto.h>
#include <openssl/opensslv.h>
#include <string.h>

#include "conformance/cli/cli.h"
#include "conformance/cli/words.h"
#include "sim/base/xml_memory.h"

static const struct {
    const char *name;
    oc_command *run;
    bool needs_data;
    const char *help;
} commands[] = {
    {"run", oc_command_run, true, N_("run vectors against a card and write the reports")},
    {"accept", oc_command_accept, true, N_("look at delivered cards beside their order, and write the batch sheet")},
    {"list", oc_command_list, true, N_("list the cases of vectors without running them")},
    {"lint", oc_command_lint, true, N_("check vectors for what a schema cannot say")},
    {"issue", oc_command_issue, true, N_("personalise a blank card from a card profile")},
    {"card", oc_command_card, true, N_("be a virtual card (or PSAM) on standard input and output")},
    {"reader", oc_command_reader, true, N_("put a virtual card into a vpcd reader of a running pcscd")},
    {"host", oc_command_host, true, N_("be the back-end of terminals: the HSM of the driver flows over HTTP")},
    {"judge", oc_command_judge, true, N_("judge sessions recorded elsewhere by rules")},
    {"trace", oc_command_trace, true, N_("show the exchanges of a record or capture, or write them for Wireshark")},
    {"coverage", oc_command_coverage, true, N_("show requirement, cases and verdict")},
    {"merge", oc_command_merge, true, N_("make one record of the parts of a divided plan")},
    {"pack", oc_command_pack, true, N_("sign a requirement pack, or check one")},
    {"mutate", oc_command_mutate, true, N_("run the suite against implementations with one defect each")},
    {"replay", oc_command_replay, true, N_("judge recorded cases again, from the record alone")},
    {"compare", oc_command_compare, false, N_("compare a result record with an earlier one")},
    {"report", oc_command_report, true, N_("make reports from a result record again")},
    {"challenge", oc_command_challenge, true, N_("demand a run that could not have been made before")},
    {"bundle", oc_command_bundle, true, N_("hand a record in, whole and signed")},
    {"ics", oc_command_ics, true, N_("ask for the declaration of an item under test")},
    {"review", oc_command_review, true, N_("say what an examiner has to ask about bundles")},
    {"verify", oc_command_verify, true, N_("check that a bundle is what it claims to be")},
    {"version", oc_command_version, false, N_("print versions")},
};

static void print_usage(FILE *out)
{
    fputs(_("Usage: onecard COMMAND [OPTION...]\n\n"
            "Simulator of the social security card and conformance harness.\n\nCommands:\n"),
          out);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        fprintf(out, "  %-10s %s\n", commands[i].name, _(commands[i].help));
    }
    fputs(_("\nonecard COMMAND --help tells more. Exit codes: 0 passed, 1 failed, 2 usage or bad input,\n"
            "3 infrastructure, 4 nothing selected, 5 latency missed only, 6 inconclusive only, 130 interrupted.\n"),
          out);
}

int oc_command_version(const oc_cli *cli, int argc, char **argv)
{
    (void)cli;
    (void)argc;
    (void)argv;
    printf("onecard %s\n%s\nlibxml2 %s\n", OC_VERSION, OpenSSL_version(OPENSSL_VERSION), LIBXML_DOTTED_VERSION);
    return OC_EXIT_OK;
}

/* What libxml2 has to say of its own accord (a full disk under a writer) is said by the function that failed. */
static void be_quiet(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static int dispatch(size_t at, int argc, char **argv)
{
    oc_cli cli = {.lang = oc_words_language()};
    oc_diag diag = {0};
    if (commands[at].needs_data) {
        oc_result r = oc_cli_find_data(&cli, &diag);
        if (!oc_is_ok(r)) {
            oc_cli_complain(r, &diag);
            return oc_cli_input_exit(r);
        }
    }
    char name[64];
    snprintf(name, sizeof name, "onecard %s", commands[at].name);
    argv[0] = name;
    return commands[at].run(&cli, argc, argv);
}

int main(int argc, char **argv)
{
    oc_xml_wipe_freed();
    xmlSetStructuredErrorFunc(NULL, be_quiet);
    oc_words_speak(oc_words_language());
    if (argc < 2) {
        print_usage(stderr);
        return OC_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(stdout);
        return OC_EXIT_OK;
    }
    const char *wanted = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, wanted) == 0) {
            return dispatch(i, argc - 1, argv + 1);
        }
    }
    fprintf(stderr, _("onecard: no command is called %s; onecard --help lists them\n"), argv[1]);
    return OC_EXIT_USAGE;
}
