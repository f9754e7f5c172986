/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/host_describe.h"
#include "conformance/cli/host_service.h"
#include "conformance/cli/words.h"

/* onecard host: the back-end's services over HTTP, until a signal ends it. */

#define DEFAULT_LISTEN "127.0.0.1:8090"
enum {
    KEY_LISTEN = 0x100,
    KEY_PROFILE,
    KEY_KEYS,
    KEY_STORE,
    KEY_REGION,
    KEY_MEDICAL_STORE,
    KEY_JUDGE,
    KEY_MISBEHAVE,
    KEY_TLS_CERT,
    KEY_TLS_KEY,
    KEY_CLIENT_CA,
    KEY_DESCRIBE
};

struct arguments {
    oc_host_service_order order;
    const char *describe; /* a message, "" for all; or NULL */
};

static void take_keys(oc_host_service_order *out, char *text, const struct argp_state *state)
{
    oc_diag diag = {0};
    oc_result r = oc_keys_spec_parse(&out->keys, text, &diag);
    oc_keys_spec_hide_pin(text); /* other users see the command line */
    if (oc_is_ok(r) && out->keys.kind == OC_KEYS_PSAM_VIRTUAL) {
        argp_error(state, _("--keys psam:virtual is for runs: a host asks an HSM, or the profile"));
    }
    if (!oc_is_ok(r)) {
        argp_error(state, "--keys: %s", diag.reason);
    }
}

static void take_misbehave(oc_host_service_order *out, const char *text, const struct argp_state *state)
{
    oc_diag diag = {0};
    if (!oc_is_ok(oc_misbehave_parse(&out->medical.misbehave, text, &diag))) {
        argp_error(state, "--misbehave: %s", diag.reason);
    }
}

static void check_together(const oc_host_service_order *order, const struct argp_state *state)
{
    if ((order->tls.certificate == NULL) != (order->tls.key == NULL)) {
        argp_error(state, _("--tls-cert and --tls-key go together"));
    }
    if (order->tls.client_ca != NULL && order->tls.certificate == NULL) {
        argp_error(state, _("--client-ca goes with --tls-cert and --tls-key"));
    }
}

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *arguments = state->input;
    oc_host_service_order *out = &arguments->order;
    const oc_text_option texts[] = {{KEY_LISTEN, &out->listen},
                                    {KEY_PROFILE, &out->profile},
                                    {KEY_STORE, &out->store},
                                    {KEY_REGION, &out->medical.region},
                                    {KEY_MEDICAL_STORE, &out->medical.store},
                                    {KEY_JUDGE, &out->medical.judge},
                                    {KEY_TLS_CERT, &out->tls.certificate},
                                    {KEY_TLS_KEY, &out->tls.key},
                                    {KEY_CLIENT_CA, &out->tls.client_ca}};
    switch (key) {
    case KEY_KEYS:
        take_keys(out, text, state);
        return 0;
    case KEY_DESCRIBE:
        arguments->describe = text == NULL ? "" : text;
        return 0;
    case KEY_MISBEHAVE:
        take_misbehave(out, text, state);
        return 0;
    case ARGP_KEY_END:
        check_together(out, state);
        return 0;
    default:
        return oc_take_text(texts, sizeof texts / sizeof texts[0], key, text, state);
    }
}

/* The signals that end the service are taken here alone; blocked before any thread begins. */
static sigset_t block_stop_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signals;
}

static int serve(const oc_cli *cli, const oc_host_service_order *order)
{
    oc_host_service *service = NULL;
    oc_diag diag = {0};
    sigset_t signals = block_stop_signals();
    oc_result r = oc_host_service_load(&service, cli, order, &diag);
    int code = oc_is_ok(r) ? OC_EXIT_OK : oc_cli_input_exit(r);
    if (oc_is_ok(r)) {
        r = oc_host_service_start(service, order, &diag);
        code = oc_is_ok(r) ? OC_EXIT_OK : oc_cli_world_exit(r);
    }
    if (oc_is_ok(r)) {
        printf(_("http%s://%s/ serves %s; region %s; Ctrl-C ends it\n"), order->tls.certificate != NULL ? "s" : "",
               oc_host_service_address(service), oc_host_service_profile(service), oc_host_service_region(service));
        fflush(stdout);
        int number;
        sigwait(&signals, &number);
    } else {
        oc_cli_complain(r, &diag);
    }
    oc_host_service_stop(&service, &code);
    return code;
}

int oc_command_host(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"listen", KEY_LISTEN, "ADDRESS:PORT", 0,
         "where to serve (default " DEFAULT_LISTEN
         "; port 0 takes a free one). The service knows no users: anybody who "
         "reaches the address has the HSM",
         0},
        {"profile", KEY_PROFILE, "FILE", 0, "card profile (default: the shipped third-generation card)", 0},
        {"keys", KEY_KEYS, "PROVIDER", 0, "profile (default), none, exec:COMMAND, pkcs11:URI or psam:READER", 0},
        {"store", KEY_STORE, "FILE", 0, "the ledger of card debits; made where there is none (default: memory)", 0},
        {"region", KEY_REGION, "FILE", 0, "how settlement is done (default: the shipped national interface)", 0},
        {"medical-store", KEY_MEDICAL_STORE, "FILE", 0, "what was settled; made where there is none (default: memory)",
         0},
        {"judge", KEY_JUDGE, "DIR", 0, "judge each settlement message that comes; the record goes there at the end",
         0},
        {"misbehave", KEY_MISBEHAVE, "RULE[@INFNO[:N]]", 0,
         "spoil the answers to these messages (of all; to the Nth only); a RULE that is none is refused with the list "
         "of them",
         0},
        {"describe", KEY_DESCRIBE, "NUMBER", OPTION_ARG_OPTIONAL,
         "print the fields of a message (2207, envelope; without a number of all), with what regions change, and end",
         0},
        {"tls-cert", KEY_TLS_CERT, "FILE", 0, "serve over TLS with this certificate and its chain, in PEM", 0},
        {"tls-key", KEY_TLS_KEY, "FILE", 0, "the certificate's key, in PEM", 0},
        {"client-ca", KEY_CLIENT_CA, "FILE", 0,
         "serve nobody who shows no valid certificate of these authorities, in PEM", 0},
        {0, 0, 0, 0, 0, 0},
    };
    static const struct argp argp = {
        options,
        take,
        NULL,
        "Be the back-end of terminals and hospitals: the HSM of the driver flows and the settlement of medical "
        "insurance, as JSON over HTTP.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {
        .order = {.listen = DEFAULT_LISTEN, .store = ":memory:", .medical = {.store = ":memory:"}}};
    oc_host_service_order *order = &arguments.order;
    oc_result r = oc_keys_spec_parse(&order->keys, "profile", NULL);
    int code = oc_is_ok(r) ? oc_cli_parse(&argp, argc, argv, &arguments) : OC_EXIT_INFRASTRUCTURE;
    char *line = oc_cli_line(argc, argv);
    order->medical.command_line = line;
    code = code == OC_EXIT_OK && line == NULL ? OC_EXIT_INFRASTRUCTURE : code;
    if (code == OC_EXIT_OK) {
        code = arguments.describe != NULL ? oc_host_describe(cli, order->medical.region, arguments.describe)
                                          : serve(cli, order);
    }
    free(line);
    oc_keys_spec_wipe(&order->keys);
    return code;
}
