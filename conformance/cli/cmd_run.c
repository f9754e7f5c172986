/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/cli/cli.h"
#include "conformance/cli/outputs.h"
#include "conformance/cli/progress.h"
#include "conformance/cli/run_demand.h"
#include "conformance/cli/run_documents.h"
#include "conformance/cli/run_identity.h"
#include "conformance/cli/run_inputs.h"
#include "conformance/cli/run_shard.h"
#include "conformance/cli/stop.h"
#include "conformance/cli/words.h"
#include "conformance/gate/gate.h"
#include "conformance/record/visible.h"
#include "reports/reports.h"
#include "sim/base/clock.h"
#include "sim/base/file.h"
#include "sim/link/confine.h"

/* What a card or a vector says must not move the cursor or hide a part of the line. */
static void print_visible(const char *text)
{
    oc_buf visible = {0};
    if (oc_is_ok(oc_visible_text(&visible, text))) {
        for (size_t i = 0; i < visible.len; i++) {
            visible.at[i] = visible.at[i] < ' ' ? ' ' : visible.at[i];
        }
        fputs((const char *)visible.at, stderr);
    }
    oc_buf_free(&visible);
}

static void print_outcome(const oc_outcome *outcome)
{
    fprintf(stderr, "%-14s ", oc_verdict_name(outcome->verdict));
    print_visible(outcome->pass);
    fputs("  ", stderr);
    print_visible(outcome->id);
    if (outcome->reason != NULL) {
        fputs(": ", stderr);
        print_visible(outcome->reason);
    }
    fputc('\n', stderr);
}

struct shown {
    const oc_run_arguments *arguments;
    oc_progress *progress;
};

static void show_progress(void *context, const oc_outcome *outcome, size_t done, size_t planned)
{
    const struct shown *shown = context;
    bool bad = outcome->verdict == OC_VERDICT_FAIL || outcome->verdict == OC_VERDICT_ERROR ||
               (outcome->verdict == OC_VERDICT_DEVIATION && shown->arguments->strict);
    if (shown->arguments->verbose) {
        print_outcome(outcome);
    }
    oc_progress_note(shown->progress, outcome->id, bad, done, planned, oc_clock_now_ns());
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
    printf(_("\n%s/report.html  conformance and latency report\n%s/junit.xml    for pipelines\n"
             "%s/result.xml   the record from which both are made\n\n"),
           arguments->output, arguments->output, arguments->output);
}

static oc_result report(const oc_cli *cli, const oc_run_arguments *arguments, const char *result, const oc_gate *gate,
                        oc_diag *diag)
{
    OC_TRY(oc_cli_write_reports(cli, arguments->output, &(oc_report_inputs){.baseline_path = arguments->baseline},
                                &arguments->formats, diag));
    name_reports(arguments);
    oc_result r = oc_report_summary(stdout, result, cli->lang, may_color(), diag);
    oc_gate_print(gate, stdout);
    return r;
}

/* Runs, closes the record and makes the reports, also after a failure in mid-run: results so far are kept. */
static int run_and_report(const oc_cli *cli, const oc_run_arguments *arguments, const oc_run_options *options,
                          const oc_run_inputs *inputs, oc_gate *gate, oc_record *record)
{
    oc_diag diag = {0};
    size_t differences = 0;
    oc_environment_anchor began = oc_environment_clock();
    oc_result ran = oc_run(options, &inputs->plan, inputs->catalogue, record, &differences, &diag);
    oc_progress_end(((const struct shown *)options->progress_context)->progress);
    if (!oc_is_ok(ran)) {
        oc_cli_complain(ran, &diag);
    }
    size_t counts[OC_VERDICT_COUNT];
    oc_record_unwaived(record, counts);
    bool interrupted = *options->stop != 0 || *options->left;
    int code = oc_run_exit_code(counts, differences, options->strict, interrupted);
    if (!oc_is_ok(ran)) {
        int world = oc_cli_world_exit(ran);
        code = interrupted ? OC_EXIT_INTERRUPTED : world == OC_EXIT_USAGE || code != OC_EXIT_FAIL ? world : code;
    }
    oc_environment_calibration calibration = oc_environment_calibrate(&began);
    oc_result judged = oc_gate_judge(gate, record, NULL, &calibration);
    code = oc_is_ok(judged) ? oc_gate_exit_code(gate, code) : code == OC_EXIT_OK ? OC_EXIT_INFRASTRUCTURE : code;
    oc_events_run_ended(options->events, code, interrupted);
    char ended[40];
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, ended, sizeof ended);
    char result[PATH_MAX];
    oc_diag report_diag = {0};
    oc_record_set_clock(record, &calibration);
    oc_result r = oc_record_finish(record, ended, interrupted, code, &report_diag);
    if (oc_is_ok(r) && arguments->selection.shards > 0) {
        r = oc_shard_name_record(arguments->output, arguments->selection.shard, arguments->selection.shards,
                                 &report_diag);
    }
    if (oc_is_ok(r)) {
        r = oc_file_join(result, sizeof result, arguments->output, "result.xml");
    }
    if (oc_is_ok(r) && !arguments->record_only) {
        r = report(cli, arguments, result, gate, &report_diag);
    }
    if (oc_is_ok(r) && !oc_is_ok(judged)) {
        r = judged;
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &report_diag);
        return code == OC_EXIT_OK ? OC_EXIT_INFRASTRUCTURE : code;
    }
    return code;
}

/* The digest of the plan, of which nothing may be left out where a challenge demands it. */
static oc_result check_plan(const oc_run_inputs *inputs, const oc_run_arguments *arguments,
                            const oc_run_options *options, const oc_run_documents *documents, char digest[65],
                            oc_diag *diag)
{
    oc_run_demand run = {0};
    oc_result r = oc_run_demand_make(&run, inputs, arguments, options, documents->ics, diag);
    if (oc_is_ok(r) && documents->challenge != NULL) {
        r = oc_challenge_check(documents->challenge, &run.demand, diag);
    }
    if (oc_is_ok(r)) {
        r = oc_plan_lines_digest(&run.plan, digest);
    }
    oc_run_demand_free(&run);
    return r;
}

static oc_result open_record(const oc_run_arguments *arguments, const oc_run_options *options,
                             const oc_run_inputs *inputs, const oc_run_documents *documents, const char *line,
                             const oc_gate *gate, oc_record **record, oc_diag *diag)
{
    char started[40];
    char node[OC_SHARD_NODE_ROOM];
    char run_id[OC_RUN_ID_ROOM];
    char plan_digest[65];
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, started, sizeof started);
    OC_TRY(oc_cli_run_id(run_id));
    OC_TRY(check_plan(inputs, arguments, options, documents, plan_digest, diag));
    oc_run_options once = *options; /* the plan counts a case once, however often it is repeated */
    once.repeat = 1;
    oc_run_info info = {.suite_version = OC_VERSION,
                        .seed = arguments->seed,
                        .strict = arguments->strict,
                        .command_line = line,
                        .subject = (const char *)inputs->subject.at,
                        .started = started,
                        .run_id = run_id,
                        .plan_digest = plan_digest,
                        .limits = oc_gate_fragment(gate),
                        .vectors = inputs->digests,
                        .vector_count = inputs->digest_count,
                        .packs = inputs->packs_text.len == 0 ? NULL : (const char *)inputs->packs_text.at,
                        .waivers = inputs->waivers_text.len == 0 ? NULL : (const char *)inputs->waivers_text.at,
                        .node = arguments->selection.shards > 0 ? oc_shard_node(node) : NULL,
                        .shard = arguments->selection.shard,
                        .shards = arguments->selection.shards,
                        .planned = oc_run_planned(&once, &inputs->plan)};
    oc_run_documents_tell(documents, arguments, &info);
    oc_events_run_started(options->events, &info);
    OC_TRY(oc_record_open(record, arguments->output, &info, arguments->resume, diag));
    return oc_run_documents_keep(arguments, arguments->output, diag);
}

/* What happens to it stays when the program ends. */
static bool lasts(const oc_spec *spec)
{
    return spec->kind != OC_SPEC_VIRTUAL && spec->kind != OC_SPEC_NONE;
}

static int run_loaded(const oc_cli *cli, const oc_run_arguments *arguments, const oc_run_inputs *inputs,
                      const oc_run_documents *documents, const char *line)
{
    char vectors_folder[PATH_MAX];
    bool left = false;
    bool has_folder = oc_is_ok(oc_cli_data_path(cli, vectors_folder, "vectors"));
    if (inputs->plan.whole_count == 0) {
        fprintf(stderr, _("onecard: nothing selected\n"));
        return OC_EXIT_NOTHING;
    }
    oc_progress progress;
    struct shown shown = {.arguments = arguments, .progress = &progress};
    bool silent = arguments->quiet || arguments->verbose || arguments->selection.for_operator;
    oc_progress_begin(&progress, stderr, silent ? OC_PROGRESS_NONE : oc_progress_form_for(stderr), oc_clock_now_ns());
    oc_run_options options = {.profile_count = inputs->profile_count,
                              .card = &inputs->card,
                              .psam = &inputs->psam,
                              .terminal = inputs->terminal.kind == OC_TERMINAL_VIRTUAL ? NULL : &inputs->terminal,
                              .host_url = arguments->host_url,
                              .host_credentials = arguments->host_credentials,
                              .serve_cards = arguments->serve_cards,
                              .card_delay_us = arguments->card_delay_us,
                              .via_inproc = arguments->via_inproc,
                              .interface = arguments->interface,
                              .prefer_t1 = arguments->prefer_t1,
                              .via_pcsc = arguments->via_pcsc,
                              .keys = &arguments->keys,
                              .vectors_folder = has_folder ? vectors_folder : NULL,
                              .ics = documents->ics,
                              .reveal = arguments->reveal,
                              .strict = arguments->strict,
                              .expendable = arguments->expendable,
                              .allowed = arguments->allowed,
                              .jobs = arguments->jobs,
                              .repeat = arguments->repeat,
                              .resume = arguments->resume,
                              .seed = arguments->seed,
                              .timeout_ms = arguments->timeout_ms,
                              .waivers = inputs->waivers,
                              .left = &left,
                              .stop = oc_stop_watch(lasts(&inputs->card) || lasts(&inputs->psam)),
                              .progress = show_progress,
                              .progress_context = &shown};
    for (size_t i = 0; i < inputs->profile_count; i++) {
        options.profiles[i] = inputs->profiles[i];
    }
    oc_record *record = NULL;
    oc_diag diag = {0};
    oc_gate gate = {0};
    oc_result r = oc_gate_load(&gate, arguments->limits, arguments->thresholds, arguments->threshold_count, &diag);
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        oc_gate_free(&gate);
        return oc_cli_input_exit(r);
    }
    r = oc_run_check(&options, &diag);
    if (oc_is_ok(r) && arguments->events != NULL) {
        r = oc_events_open(&options.events, arguments->events, &diag);
    }
    if (oc_is_ok(r)) {
        r = open_record(arguments, &options, inputs, documents, line, &gate, &record, &diag);
    }
    int code = oc_is_ok(r) ? run_and_report(cli, arguments, &options, inputs, &gate, record) : oc_cli_world_exit(r);
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
    }
    oc_record_free(&record);
    oc_gate_free(&gate);
    oc_events_close(&options.events);
    return code;
}

int oc_command_run(const oc_cli *cli, int argc, char **argv)
{
    oc_run_arguments arguments;
    int code = oc_run_arguments_parse(&arguments, argc, argv);
    char *line = oc_cli_line(argc, argv); /* as parsing left it, without a token's PIN */
    if (line == NULL) {
        fprintf(stderr, "onecard: %s\n", _(oc_code_sentence(OC_E_MEMORY)));
    }
    if (code != OC_EXIT_OK || line == NULL) {
        free(line);
        return code != OC_EXIT_OK ? code : OC_EXIT_INFRASTRUCTURE;
    }
    if (arguments.unconfined && setenv(OC_DUT_UNCONFINED, "1", 1) != 0) {
        free(line);
        return OC_EXIT_INFRASTRUCTURE;
    }
    oc_run_inputs inputs = {0};
    oc_run_documents documents;
    oc_diag diag = {0};
    oc_result r = oc_run_documents_load(&documents, cli, &arguments, &diag);
    if (oc_is_ok(r)) {
        r = oc_run_documents_official(&documents, cli, &arguments, &diag);
    }
    if (oc_is_ok(r) && documents.challenge != NULL) {
        arguments.seed = oc_challenge_seed(documents.challenge);
    }
    if (oc_is_ok(r)) {
        r = oc_run_inputs_load(&inputs, cli, &arguments, &diag);
    }
    if (oc_is_ok(r)) {
        code = run_loaded(cli, &arguments, &inputs, &documents, line);
    } else {
        oc_cli_complain(r, &diag);
        code = oc_cli_input_exit(r);
    }
    oc_run_inputs_free(&inputs);
    oc_run_documents_free(&documents);
    oc_keys_spec_wipe(&arguments.keys);
    free(line);
    return code;
}
