/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/cli/cli.h"
#include "conformance/cli/run_options.h"
#include "conformance/dialect/catalogue.h"
#include "conformance/run/runner.h"
#include "reports/reports.h"
#include "sim/base/clock.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"
#include "sim/crypto/crypto.h"

#define VECTOR_FILE_MAX ((size_t)4 * 1024 * 1024)

/* Everything that a run loads before the first exchange. */
struct loaded {
    oc_spec card;
    oc_spec psam;
    oc_profile *profiles[OC_PROFILES_MAX];
    size_t profile_count;
    oc_vectors *vectors;
    oc_catalogue *catalogue;
    oc_plan plan;
    oc_file_digest *digests;
};

/* The only state outside a call: a signal handler has nothing else. */
static volatile sig_atomic_t stop_requested;

static void on_signal(int number)
{
    (void)number;
    stop_requested = 1;
}

static void watch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static oc_result load_profiles(const oc_cli *cli, const oc_run_arguments *arguments, struct loaded *loaded,
                               oc_diag *diag)
{
    static const char *const shipped[] = {"vectors/cards/ssc-2.0.xml", "vectors/cards/ssc-3.0.xml"};
    if (arguments->profile_count == 0 && loaded->card.kind != OC_SPEC_VIRTUAL) {
        return oc_diag_fail(diag, OC_E_USAGE,
                            "a card that is not ours needs --profile: a description of what is known of it");
    }
    size_t count = arguments->profile_count > 0 ? arguments->profile_count : sizeof shipped / sizeof shipped[0];
    for (size_t i = 0; i < count; i++) {
        char path[PATH_MAX];
        if (arguments->profile_count > 0) {
            OC_TRY(oc_file_join(path, sizeof path, "", arguments->profiles[i]));
        } else {
            OC_TRY(oc_cli_data_path(cli, path, shipped[i]));
        }
        OC_TRY(oc_profile_load(&loaded->profiles[i], path, diag));
        loaded->profile_count++;
    }
    return oc_ok();
}

static oc_result load_vectors(const oc_cli *cli, const oc_run_arguments *arguments, struct loaded *loaded,
                              oc_diag *diag)
{
    char folder[PATH_MAX];
    char schema[PATH_MAX];
    OC_TRY(oc_cli_data_path(cli, folder, "vectors"));
    OC_TRY(oc_cli_data_path(cli, schema, "vectors/schema/vectors.xsd"));
    const char *all[] = {folder};
    OC_TRY(arguments->path_count > 0
               ? oc_vectors_load(&loaded->vectors, arguments->paths, arguments->path_count, schema, diag)
               : oc_vectors_load(&loaded->vectors, all, 1, schema, diag));
    OC_TRY(oc_catalogue_load(&loaded->catalogue, folder, diag));
    return oc_plan_make(&loaded->plan, loaded->vectors, &arguments->selection, diag);
}

static oc_result digest_vectors(struct loaded *loaded, oc_diag *diag)
{
    size_t count = oc_vectors_file_count(loaded->vectors);
    loaded->digests = calloc(count + 1, sizeof *loaded->digests);
    oc_crypto *crypto = NULL;
    oc_result r = loaded->digests == NULL ? oc_fail(OC_E_MEMORY) : oc_crypto_new(&crypto);
    for (size_t i = 0; i < count && oc_is_ok(r); i++) {
        oc_buf content = {0};
        uint8_t digest[32];
        const char *path = oc_vectors_file(loaded->vectors, i);
        r = oc_file_read(&content, path, VECTOR_FILE_MAX, diag);
        if (oc_is_ok(r)) {
            r = oc_sha256(crypto, oc_buf_span(&content), digest);
        }
        loaded->digests[i].path = path;
        oc_hex_encode(loaded->digests[i].sha256, sizeof loaded->digests[i].sha256, oc_span_of(digest, sizeof digest));
        oc_buf_free(&content);
    }
    oc_crypto_free(&crypto);
    return r;
}

static void unload(struct loaded *loaded)
{
    oc_plan_free(&loaded->plan);
    oc_vectors_free(&loaded->vectors);
    oc_catalogue_free(&loaded->catalogue);
    for (size_t i = 0; i < loaded->profile_count; i++) {
        oc_profile_free(&loaded->profiles[i]);
    }
    free(loaded->digests);
}

static void show_progress(void *context, const oc_outcome *outcome, size_t done, size_t planned)
{
    const oc_run_arguments *arguments = context;
    if (arguments->verbose) {
        fprintf(stderr, "%-14s %s  %s%s%s\n", oc_verdict_name(outcome->verdict), outcome->pass, outcome->id,
                outcome->reason == NULL ? "" : ": ", outcome->reason == NULL ? "" : outcome->reason);
    } else if (!arguments->quiet && isatty(STDERR_FILENO) && getenv("CI") == NULL) {
        fprintf(stderr, "\r%zu of %zu  %-60.60s", done, planned, outcome->id);
        if (done == planned) {
            fprintf(stderr, "\r%80s\r", "");
        }
    }
}

/* The command line with its program reduced to a name, so that a record tells nothing of a machine's folders. */
static char *command_line(int argc, char **argv)
{
    size_t room = 1;
    for (int i = 0; i < argc; i++) {
        room += strlen(argv[i]) + 1;
    }
    char *line = calloc(1, room);
    for (int i = 0; line != NULL && i < argc; i++) {
        strcat(line, argv[i]);
        strcat(line, i + 1 < argc ? " " : "");
    }
    return line;
}

static oc_result write_reports(const oc_cli *cli, const oc_run_arguments *arguments, const char *result, oc_diag *diag)
{
    static const struct {
        const char *kind;
        const char *name;
    } always[] = {{"html", "report.html"}, {"junit", "junit.xml"}};
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        OC_TRY(oc_file_join(path, sizeof path, arguments->output, always[i].name));
        OC_TRY(oc_report_write(always[i].kind, result, path, cli->data, diag));
    }
    for (size_t i = 0; i < arguments->format_count; i++) {
        OC_TRY(oc_report_write(arguments->formats[i].kind, result, arguments->formats[i].path, cli->data, diag));
    }
    return oc_ok();
}

static bool may_color(void)
{
    const char *no = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

static void name_reports(const oc_run_arguments *arguments)
{
    printf("\n%s/report.html  conformance and latency report\n%s/junit.xml    for pipelines\n"
           "%s/result.xml   the record from which both are made\n\n",
           arguments->output, arguments->output, arguments->output);
}

/* Runs, closes the record and makes the reports, also after a failure in mid-run: results so far are kept. */
static int run_and_report(const oc_cli *cli, const oc_run_arguments *arguments, const oc_run_options *options,
                          const struct loaded *loaded, oc_record *record)
{
    oc_diag diag = {0};
    size_t differences = 0;
    oc_result ran = oc_run(options, &loaded->plan, loaded->catalogue, record, &differences, &diag);
    if (!oc_is_ok(ran)) {
        oc_cli_complain(ran, &diag);
    }
    size_t counts[OC_VERDICT_COUNT];
    oc_record_counts(record, counts);
    bool interrupted = stop_requested != 0;
    int code = oc_run_exit_code(counts, differences, options->strict, interrupted);
    if (!oc_is_ok(ran)) {
        int world = oc_cli_world_exit(ran);
        code = interrupted ? OC_EXIT_INTERRUPTED : world == OC_EXIT_USAGE || code != OC_EXIT_FAIL ? world : code;
    }
    char ended[40];
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, ended, sizeof ended);
    char result[PATH_MAX];
    oc_diag report_diag = {0};
    oc_result r = oc_record_finish(record, ended, interrupted, code, &report_diag);
    if (oc_is_ok(r)) {
        r = oc_file_join(result, sizeof result, arguments->output, "result.xml");
    }
    if (oc_is_ok(r)) {
        r = write_reports(cli, arguments, result, &report_diag);
    }
    if (oc_is_ok(r)) {
        name_reports(arguments);
        r = oc_report_summary(stdout, result, cli->lang, may_color(), &report_diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &report_diag);
        return code == OC_EXIT_OK ? OC_EXIT_INFRASTRUCTURE : code;
    }
    return code;
}

static oc_result open_record(const oc_run_arguments *arguments, const oc_run_options *options,
                             const struct loaded *loaded, const char *line, oc_record **record, oc_diag *diag)
{
    char started[40];
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, started, sizeof started);
    oc_run_info info = {.suite_version = OC_VERSION,
                        .seed = arguments->seed,
                        .strict = arguments->strict,
                        .command_line = line,
                        .started = started,
                        .vectors = loaded->digests,
                        .vector_count = oc_vectors_file_count(loaded->vectors),
                        .planned = oc_run_planned(options, &loaded->plan)};
    return oc_record_open(record, arguments->output, &info, arguments->resume, diag);
}

static int run_loaded(const oc_cli *cli, const oc_run_arguments *arguments, const struct loaded *loaded,
                      const char *line)
{
    if (loaded->plan.unit_count == 0) {
        fprintf(stderr, "onecard: nothing selected\n");
        return OC_EXIT_NOTHING;
    }
    oc_run_options options = {.profile_count = loaded->profile_count,
                              .card = &loaded->card,
                              .psam = &loaded->psam,
                              .via_inproc = arguments->via_inproc,
                              .via_pcsc = arguments->via_pcsc,
                              .no_keys = arguments->no_keys,
                              .reveal = arguments->reveal,
                              .strict = arguments->strict,
                              .expendable = arguments->expendable,
                              .allowed = arguments->allowed,
                              .jobs = arguments->jobs,
                              .repeat = arguments->repeat,
                              .resume = arguments->resume,
                              .seed = arguments->seed,
                              .timeout_ms = arguments->timeout_ms,
                              .stop = &stop_requested,
                              .progress = show_progress,
                              .progress_context = (void *)(uintptr_t)arguments};
    for (size_t i = 0; i < loaded->profile_count; i++) {
        options.profiles[i] = loaded->profiles[i];
    }
    oc_record *record = NULL;
    oc_diag diag = {0};
    oc_result r = oc_run_check(&options, &diag);
    if (oc_is_ok(r)) {
        r = open_record(arguments, &options, loaded, line, &record, &diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return oc_cli_world_exit(r);
    }
    watch_signals();
    int code = run_and_report(cli, arguments, &options, loaded, record);
    oc_record_free(&record);
    return code;
}

int oc_command_run(const oc_cli *cli, int argc, char **argv)
{
    oc_run_arguments arguments;
    char *line = command_line(argc, argv);
    int code = oc_run_arguments_parse(&arguments, argc, argv);
    if (code != OC_EXIT_OK || line == NULL) {
        free(line);
        return code != OC_EXIT_OK ? code : OC_EXIT_INFRASTRUCTURE;
    }
    struct loaded loaded = {0};
    oc_diag diag = {0};
    oc_result r = oc_spec_parse(&loaded.card, arguments.card, &diag);
    if (oc_is_ok(r)) {
        r = oc_spec_parse(&loaded.psam, arguments.psam, &diag);
    }
    if (oc_is_ok(r)) {
        r = load_profiles(cli, &arguments, &loaded, &diag);
    }
    if (oc_is_ok(r)) {
        r = load_vectors(cli, &arguments, &loaded, &diag);
    }
    if (oc_is_ok(r)) {
        r = digest_vectors(&loaded, &diag);
    }
    if (oc_is_ok(r)) {
        code = run_loaded(cli, &arguments, &loaded, line);
    } else {
        oc_cli_complain(r, &diag);
        code = oc_cli_input_exit(r);
    }
    unload(&loaded);
    free(line);
    return code;
}
