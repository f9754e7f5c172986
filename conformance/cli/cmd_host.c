/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "conformance/cli/host_medical.h"
#include "conformance/dut/keys_spec.h"
#include "sim/base/clock.h"
#include "sim/base/file.h"
#include "sim/host/cross/cross_http.h"
#include "sim/host/host_http.h"

/* onecard host: the back-end's services over HTTP, until a signal ends it. */

#define DEFAULT_LISTEN "127.0.0.1:8090"
#define KEYS_TIMEOUT_MS 5000

struct arguments {
    const char *listen;
    const char *profile;
    const char *store;
    oc_http_tls tls;
    oc_host_medical_order medical;
    oc_keys_spec keys;
};

#define ROUTES (OC_HOST_HTTP_ROUTES + OC_MEDICAL_HTTP_ROUTES + 1)
/* Hospitals keep their connections open. */
#define CONNECTIONS 4096

struct service {
    oc_crypto *crypto;
    oc_profile *profile;
    oc_key_provider keys;
    oc_clock clock;
    oc_host *host;
    oc_host_medical *medical;
    oc_cross_parts cross;
    oc_http_route routes[ROUTES];
    oc_http_server *server;
};

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
    KEY_CLIENT_CA
};

static void take_keys(struct arguments *out, char *text, const struct argp_state *state)
{
    oc_diag diag = {0};
    oc_result r = oc_keys_spec_parse(&out->keys, text, &diag);
    oc_keys_spec_hide_pin(text); /* other users see the command line */
    if (oc_is_ok(r) && out->keys.kind == OC_KEYS_PSAM_VIRTUAL) {
        argp_error(state, "--keys psam:virtual is for runs: a host asks an HSM, or the profile");
    }
    if (!oc_is_ok(r)) {
        argp_error(state, "--keys: %s", diag.reason);
    }
}

static void take_misbehave(struct arguments *out, const char *text, const struct argp_state *state)
{
    oc_diag diag = {0};
    if (!oc_is_ok(oc_misbehave_parse(&out->medical.misbehave, text, &diag))) {
        argp_error(state, "--misbehave: %s", diag.reason);
    }
}

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case KEY_LISTEN:
        out->listen = text;
        return 0;
    case KEY_PROFILE:
        out->profile = text;
        return 0;
    case KEY_KEYS:
        take_keys(out, text, state);
        return 0;
    case KEY_STORE:
        out->store = text;
        return 0;
    case KEY_REGION:
        out->medical.region = text;
        return 0;
    case KEY_MEDICAL_STORE:
        out->medical.store = text;
        return 0;
    case KEY_JUDGE:
        out->medical.judge = text;
        return 0;
    case KEY_MISBEHAVE:
        take_misbehave(out, text, state);
        return 0;
    case KEY_TLS_CERT:
        out->tls.certificate = text;
        return 0;
    case KEY_TLS_KEY:
        out->tls.key = text;
        return 0;
    case KEY_CLIENT_CA:
        out->tls.client_ca = text;
        return 0;
    case ARGP_KEY_END:
        if ((out->tls.certificate == NULL) != (out->tls.key == NULL)) {
            argp_error(state, "--tls-cert and --tls-key go together");
        }
        if (out->tls.client_ca != NULL && out->tls.certificate == NULL) {
            argp_error(state, "--client-ca goes with --tls-cert and --tls-key");
        }
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected argument %s", text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static oc_result load(const oc_cli *cli, const struct arguments *arguments, struct service *service, oc_diag *diag)
{
    char path[PATH_MAX];
    if (arguments->profile != NULL) {
        OC_TRY(oc_file_join(path, sizeof path, "", arguments->profile));
    } else {
        OC_TRY(oc_cli_data_path(cli, path, "vectors/cards/ssc-3.0.xml"));
    }
    OC_TRY(oc_profile_load(&service->profile, path, diag));
    OC_TRY(oc_host_medical_open(&service->medical, cli, &arguments->medical, service->profile, diag));
    return oc_crypto_new(&service->crypto);
}

static oc_result start(const struct arguments *arguments, struct service *service, oc_diag *diag)
{
    const oc_keys_parts keys = {.profile = service->profile, .crypto = service->crypto, .timeout_ms = KEYS_TIMEOUT_MS};
    OC_TRY(oc_keys_spec_open(&service->keys, &arguments->keys, &keys, diag));
    service->clock = oc_clock_wall();
    const oc_host_parts parts = {
        .store = arguments->store,
        .clock = &service->clock,
        .keys = service->keys,
        .mac1_zero = strcmp(oc_profile_setting(service->profile, "purchase-mac1"), "zero") == 0,
    };
    OC_TRY(oc_host_open(&service->host, &parts, diag));
    oc_medical_http_routes(service->routes, oc_host_medical_http(service->medical));
    service->cross = (oc_cross_parts){.host = service->host, .medical = oc_host_medical_back_end(service->medical)};
    service->routes[OC_MEDICAL_HTTP_ROUTES] = oc_cross_http_route(&service->cross);
    oc_host_http_routes(service->routes + OC_MEDICAL_HTTP_ROUTES + 1, service->host);
    oc_http_options options = oc_http_defaults();
    options.listen = arguments->listen;
    options.routes = service->routes;
    options.route_count = ROUTES;
    options.connections = CONNECTIONS;
    options.tls = arguments->tls;
    options.batch = oc_host_medical_batch(service->medical);
    options.error = oc_medical_http_error;
    options.error_context = oc_host_medical_http(service->medical);
    return oc_http_server_start(&service->server, &options, diag);
}

static void stop(struct service *service, int *code)
{
    oc_http_server_stop(&service->server);
    oc_host_medical_close(&service->medical, code);
    oc_host_close(&service->host);
    oc_key_provider_close(&service->keys);
    oc_profile_free(&service->profile);
    oc_crypto_free(&service->crypto);
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

/* As many files as the connections may need, and some: what a login shell allows is less. */
static void allow_connections(void)
{
    struct rlimit files;
    const rlim_t wanted = CONNECTIONS + 256;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < wanted) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        (void)setrlimit(RLIMIT_NOFILE, &files); /* else fewer are served at once */
    }
}

static int serve(const oc_cli *cli, const struct arguments *arguments)
{
    struct service service = {0};
    oc_diag diag = {0};
    sigset_t signals = block_stop_signals();
    allow_connections();
    oc_result r = load(cli, arguments, &service, &diag);
    int code = oc_is_ok(r) ? OC_EXIT_OK : oc_cli_input_exit(r);
    if (oc_is_ok(r)) {
        r = start(arguments, &service, &diag);
        code = oc_is_ok(r) ? OC_EXIT_OK : oc_cli_world_exit(r);
    }
    if (oc_is_ok(r)) {
        printf("http%s://%s/ serves %s; region %s; Ctrl-C ends it\n", arguments->tls.certificate != NULL ? "s" : "",
               oc_http_server_address(service.server), oc_profile_id(service.profile),
               oc_region_id(oc_host_medical_region(service.medical)));
        fflush(stdout);
        int number;
        sigwait(&signals, &number);
    } else {
        oc_cli_complain(r, &diag);
    }
    stop(&service, &code);
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
         "spoil the answers to these messages (of all; to the Nth only): late, double, wrong-number, a1, a2, a4, a5, "
         "a6, "
         "empty-output, gbk, long-text, warning, unknown-field",
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
    struct arguments arguments = {.listen = DEFAULT_LISTEN, .store = ":memory:", .medical = {.store = ":memory:"}};
    oc_result r = oc_keys_spec_parse(&arguments.keys, "profile", NULL);
    int code = oc_is_ok(r) ? oc_cli_parse(&argp, argc, argv, &arguments) : OC_EXIT_INFRASTRUCTURE;
    char *line = oc_cli_line(argc, argv);
    arguments.medical.command_line = line;
    code = code == OC_EXIT_OK && line == NULL ? OC_EXIT_INFRASTRUCTURE : code;
    code = code == OC_EXIT_OK ? serve(cli, &arguments) : code;
    free(line);
    oc_keys_spec_wipe(&arguments.keys);
    return code;
}
