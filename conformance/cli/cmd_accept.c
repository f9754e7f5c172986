/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/accept/batch.h"
#include "conformance/accept/selection.h"
#include "conformance/accept/sheet.h"
#include "conformance/cli/accept_options.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/outputs.h"
#include "conformance/cli/run_inputs.h"
#include "conformance/cli/stop.h"
#include "conformance/cli/words.h"
#include "reports/reports.h"
#include "sim/base/clock.h"
#include "sim/base/file.h"
#include "sim/base/hex.h"

#define ORDER_BYTES ((size_t)32 * 1024 * 1024)
#define KEY_BYTES ((size_t)64 * 1024)
#define KEY_LEAST 16

/* Everything that is loaded before the first card is asked for. */
struct accept {
    const oc_cli *cli;
    oc_accept_arguments arguments;
    oc_run_arguments run; /* what vectors, profile and keys are loaded by */
    oc_run_inputs inputs;
    oc_xml_doc *base;
    oc_map_file *map;
    oc_order *order;
    oc_read_only_plan plan;
    oc_sampling sampling;
    bool *drawn;
    oc_presenter presenter;
    uint8_t label_key[OC_LABEL_KEY];
    oc_sheet_facts facts;
    char started[40];
    char ended[40];
    char profile[PATH_MAX];
    char vectors[PATH_MAX];
};

static oc_result digest(const char *path, size_t limit, size_t least, uint8_t out[32], oc_diag *diag)
{
    oc_buf content = {0};
    oc_crypto *crypto = NULL;
    oc_result r = oc_file_read(&content, path, limit, diag);
    if (oc_is_ok(r) && content.len < least) {
        r = oc_diag_fail_at(diag, OC_E_USAGE, path, 0, "a key for labels has at least %zu bytes", least);
    }
    if (oc_is_ok(r)) {
        r = oc_crypto_new(&crypto);
    }
    if (oc_is_ok(r)) {
        r = oc_sha256(crypto, oc_buf_span(&content), out);
    }
    oc_crypto_free(&crypto);
    oc_buf_free(&content);
    return r;
}

static oc_result load_order(struct accept *accept, oc_diag *diag)
{
    const oc_accept_arguments *arguments = &accept->arguments;
    uint8_t sum[32];
    OC_TRY(oc_map_load(&accept->map, arguments->map, diag));
    OC_TRY(oc_order_load(&accept->order, arguments->order, oc_map_of(accept->map), accept->inputs.profiles[0], diag));
    OC_TRY(digest(arguments->order, ORDER_BYTES, 0, sum, diag));
    oc_hex_encode(accept->facts.order_sha256, sizeof accept->facts.order_sha256, oc_span_of(sum, sizeof sum));
    memcpy(accept->label_key, sum, sizeof accept->label_key);
    accept->facts.own_label_key = arguments->match_key != NULL;
    return arguments->match_key == NULL ? oc_ok()
                                        : digest(arguments->match_key, KEY_BYTES, KEY_LEAST, accept->label_key, diag);
}

static oc_result draw(struct accept *accept, oc_diag *diag)
{
    const oc_accept_arguments *arguments = &accept->arguments;
    size_t lot = oc_order_count(accept->order);
    OC_TRY(arguments->by_table ? oc_sampling_plan(&accept->sampling, lot, arguments->limit, diag)
                               : oc_sampling_number(&accept->sampling, lot, arguments->sample, diag));
    accept->drawn = calloc(lot, sizeof *accept->drawn);
    return accept->drawn == NULL ? oc_fail(OC_E_MEMORY)
                                 : oc_sampling_draw(&accept->sampling, arguments->seed, accept->drawn, diag);
}

static oc_result load(struct accept *accept, oc_diag *diag)
{
    if (accept->run.profile_count == 0) {
        OC_TRY(oc_cli_data_path(accept->cli, accept->profile, "vectors/cards/ssc-3.0.xml"));
        accept->run.profiles[accept->run.profile_count++] = accept->profile;
    }
    OC_TRY(oc_cli_data_path(accept->cli, accept->vectors, "vectors/card"));
    accept->run.paths.at[accept->run.paths.count++] = accept->vectors;
    OC_TRY(oc_run_inputs_load(&accept->inputs, accept->cli, &accept->run, diag));
    const oc_profile *profile = accept->inputs.profiles[0];
    if (oc_profile_dir_named(profile, "SSSE") == NULL) {
        return oc_diag_fail_at(diag, OC_E_USAGE, oc_profile_path(profile), 0,
                               "the profile has no structure with the directory SSSE");
    }
    OC_TRY(oc_xml_load(&accept->base, oc_profile_path(profile), NULL, diag));
    OC_TRY(load_order(accept, diag));
    OC_TRY(draw(accept, diag));
    return oc_read_only_plan_make(&accept->plan, &accept->inputs.plan);
}

static void unload(struct accept *accept)
{
    oc_read_only_plan_free(&accept->plan);
    free(accept->drawn);
    oc_order_free(&accept->order);
    oc_map_free(&accept->map);
    oc_xml_free(&accept->base);
    oc_run_inputs_free(&accept->inputs);
}

static void tell(void *context, size_t number, const char *label, enum oc_verdict verdict)
{
    const struct accept *accept = context;
    if (!accept->arguments.quiet) {
        fprintf(stderr, "card %zu  %s  %s\n", number, label, oc_verdict_name(verdict));
    }
}

static void tell_sample(const struct accept *accept)
{
    const oc_sampling *plan = &accept->sampling;
    if (accept->arguments.quiet || plan->size == plan->lot) {
        return;
    }
    fprintf(stderr, _("the sample, %zu of %zu lines of the order:"), plan->size, plan->lot);
    for (size_t i = 0; i < plan->lot; i++) {
        if (accept->drawn[i]) {
            fprintf(stderr, " %ld", oc_order_line_at(accept->order, i)->line);
        }
    }
    fputc('\n', stderr);
}

static oc_result open_record(struct accept *accept, const char *line, oc_record **record, oc_diag *diag)
{
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, accept->started, sizeof accept->started);
    accept->facts.started = accept->started;
    oc_run_info info = {.suite_version = OC_VERSION,
                        .seed = accept->arguments.seed,
                        .strict = accept->arguments.strict,
                        .command_line = line,
                        .subject = (const char *)accept->inputs.subject.at,
                        .started = accept->started,
                        .vectors = accept->inputs.digests,
                        .vector_count = accept->inputs.digest_count};
    return oc_record_open(record, accept->arguments.output, &info, false, diag);
}

static oc_result write_sheets(struct accept *accept, const oc_batch *batch, const oc_batch_options *options,
                              oc_diag *diag)
{
    static const struct {
        const char *kind;
        const char *name;
    } sheets[] = {{"html", "batch.html"}, {"text", "batch.txt"}};
    char xml[PATH_MAX];
    char path[PATH_MAX];
    OC_TRY(oc_file_join(xml, sizeof xml, accept->arguments.output, "batch.xml"));
    OC_TRY(oc_sheet_write(xml, batch, options, &accept->facts, diag));
    for (size_t i = 0; i < sizeof sheets / sizeof sheets[0]; i++) {
        OC_TRY(oc_file_join(path, sizeof path, accept->arguments.output, sheets[i].name));
        OC_TRY(oc_report_sheet(sheets[i].kind, xml, path, accept->cli->data, diag));
    }
    return oc_ok();
}

static oc_result print_sheet(const struct accept *accept, oc_diag *diag)
{
    char path[PATH_MAX];
    oc_buf text = {0};
    OC_TRY(oc_file_join(path, sizeof path, accept->arguments.output, "batch.txt"));
    oc_result r = oc_file_read(&text, path, ORDER_BYTES, diag);
    if (oc_is_ok(r)) {
        fwrite(text.at, 1, text.len, stdout);
    }
    oc_buf_free(&text);
    return r;
}

/* The batch, then everything that is written of it, also when something broke in the middle. */
static int accept_into(struct accept *accept, oc_record *record)
{
    oc_batch_options options = {.order = accept->order,
                                .map = oc_map_of(accept->map),
                                .profile = accept->inputs.profiles[0],
                                .base = accept->base,
                                .presenter = &accept->presenter,
                                .keys = &accept->run.keys,
                                .catalogue = accept->inputs.catalogue,
                                .plan = &accept->plan.plan,
                                .sampling = &accept->sampling,
                                .drawn = accept->drawn,
                                .label_key = accept->label_key,
                                .seed = accept->arguments.seed,
                                .timeout_ms = accept->arguments.timeout_ms,
                                .probes = !accept->arguments.no_probes,
                                .reveal = accept->arguments.reveal,
                                .strict = accept->arguments.strict,
                                .told = tell,
                                .context = accept};
    oc_batch batch;
    oc_diag diag = {0};
    tell_sample(accept);
    oc_result ran = oc_batch_run(&batch, &options, record, &diag);
    if (!oc_is_ok(ran)) {
        oc_cli_complain(ran, &diag);
    }
    size_t counts[OC_VERDICT_COUNT];
    oc_record_counts(record, counts);
    accept->facts.interrupted = *accept->presenter.stop != 0;
    int code = oc_run_exit_code(counts, 0, options.strict, accept->facts.interrupted);
    if (!oc_is_ok(ran) && code != OC_EXIT_FAIL && code != OC_EXIT_INTERRUPTED) {
        code = oc_cli_world_exit(ran);
    }
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, accept->ended, sizeof accept->ended);
    accept->facts.ended = accept->ended;
    oc_diag report_diag = {0};
    oc_record_set_planned(record, batch.planned);
    oc_result r = oc_record_finish(record, accept->ended, accept->facts.interrupted, code, &report_diag);
    if (oc_is_ok(r)) {
        r = oc_cli_write_reports(accept->cli, accept->arguments.output, &(oc_report_inputs){0},
                                 &accept->arguments.formats, &report_diag);
    }
    if (oc_is_ok(r)) {
        r = write_sheets(accept, &batch, &options, &report_diag);
    }
    if (oc_is_ok(r)) {
        r = print_sheet(accept, &report_diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &report_diag);
        code = code == OC_EXIT_OK ? OC_EXIT_INFRASTRUCTURE : code;
    }
    oc_batch_free(&batch);
    return code;
}

static int accept_loaded(struct accept *accept, const char *line)
{
    oc_record *record = NULL;
    oc_diag diag = {0};
    oc_result r = open_record(accept, line, &record, &diag);
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return oc_cli_world_exit(r);
    }
    accept->presenter = (oc_presenter){.specs = accept->arguments.cards,
                                       .count = accept->arguments.card_count,
                                       .stop = oc_stop_watch(false),
                                       .timeout_ms = accept->arguments.timeout_ms};
    int code = accept_into(accept, record);
    oc_record_free(&record);
    return code;
}

int oc_command_accept(const oc_cli *cli, int argc, char **argv)
{
    struct accept *accept = calloc(1, sizeof *accept);
    if (accept == NULL) {
        return OC_EXIT_INFRASTRUCTURE;
    }
    accept->cli = cli;
    char *line = oc_cli_line(argc, argv);
    int code = oc_accept_arguments_parse(&accept->arguments, &accept->run, argc, argv);
    if (code == OC_EXIT_OK && line != NULL) {
        oc_diag diag = {0};
        oc_result r = load(accept, &diag);
        if (oc_is_ok(r)) {
            code = accept_loaded(accept, line);
        } else {
            oc_cli_complain(r, &diag);
            code = oc_cli_input_exit(r);
        }
        unload(accept);
    }
    oc_keys_spec_wipe(&accept->run.keys);
    free(line);
    free(accept);
    return code;
}
