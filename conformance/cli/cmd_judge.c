/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/outputs.h"
#include "conformance/cli/words.h"
#include "conformance/dut/keys_spec.h"
#include "conformance/run/assess.h"
#include "conformance/run/runner.h"
#include "reports/reports.h"
#include "sim/base/clock.h"
#include "sim/base/file.h"

/* onecard judge: rules over sessions that were recorded elsewhere. */

struct judge {
    const oc_cli *cli;
    oc_path_list traces;
    oc_path_list rule_paths;
    oc_format_list formats;
    const char *map_path;
    const char *profile_path;
    const char *output;
    const char *lang;
    oc_keys_spec keys_spec; /* not to be moved */
    bool strict, reveal, all_steps, quiet;

    oc_profile *profile;
    oc_crypto *crypto;
    oc_key_provider keys;
    bool has_keys;
    oc_log_map *map;
    oc_rules *rules;
    oc_catalogue *catalogue;
    oc_mask *mask;
    oc_scope scope;
    char started[40], ended[40];
};

enum { KEY_MAP = 1000, KEY_RULES, KEY_PROFILE, KEY_KEYS, KEY_STRICT, KEY_REVEAL, KEY_ALL };

static const struct argp_option judge_options[] = {
    {"map", KEY_MAP, "FILE", 0, "log map: how commands and answers stand in the traces", 1},
    {"rules", KEY_RULES, "FILE", 0, "rules in place of vectors/rules/session.xml; several may be given", 1},
    {"profile", KEY_PROFILE, "FILE", 0, "what is known of the card: masks, values, and its keys", 2},
    {"keys", KEY_KEYS, "PROVIDER", 0, "profile (default), none, exec:COMMAND, pkcs11:URI or psam:READER", 2},
    {"all-steps", KEY_ALL, 0, 0, "of own records, judge every step and not the terminal's calls alone", 2},
    {"strict", KEY_STRICT, 0, 0, "a DEVIATION fails too", 3},
    {"reveal", KEY_REVEAL, 0, 0, "mask nothing: for laboratory cards", 3},
    {"output", 'o', "DIR", 0, "folder of the result (out)", 4},
    {"format", 'f', "KIND=FILE", 0,
     "html, junit, junit-extended, tap, ctrf or json, beside those in the folder; FILE - is standard output", 4},
    {"lang", 'l', "LANG", 0, "language of the summary: en or zh", 4},
    {"quiet", 'q', 0, 0, "no summary", 4},
    {0, 0, 0, 0, 0, 0},
};

static void take_keys(struct judge *judge, char *text, const struct argp_state *state)
{
    oc_diag diag = {0};
    if (!oc_is_ok(oc_keys_spec_parse(&judge->keys_spec, text, &diag))) {
        argp_error(state, "--keys: %s", diag.reason);
    }
    oc_keys_spec_hide_pin(text);
    if (judge->keys_spec.kind == OC_KEYS_PSAM_VIRTUAL) {
        argp_error(state, _("--keys psam:virtual belongs to a run"));
    }
}

static error_t take(int key, char *text, struct argp_state *state)
{
    struct judge *judge = state->input;
    switch (key) {
    case KEY_MAP:
        judge->map_path = text;
        return 0;
    case KEY_RULES:
        oc_take_path(&judge->rule_paths, text, state);
        return 0;
    case KEY_PROFILE:
        judge->profile_path = text;
        return 0;
    case KEY_KEYS:
        take_keys(judge, text, state);
        return 0;
    case KEY_STRICT:
        judge->strict = true;
        return 0;
    case KEY_REVEAL:
        judge->reveal = true;
        return 0;
    case KEY_ALL:
        judge->all_steps = true;
        return 0;
    case 'o':
        judge->output = text;
        return 0;
    case 'f':
        oc_take_format(&judge->formats, text, state);
        return 0;
    case 'l':
        judge->lang = text;
        return 0;
    case 'q':
        judge->quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        oc_take_path(&judge->traces, text, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static oc_result no_capture(void *self, const char *name, oc_buf *out)
{
    (void)self;
    (void)name;
    (void)out;
    return oc_fail(OC_E_NOT_FOUND);
}

struct secret_wanted {
    const char *reference;
    oc_buf *out;
    oc_result found;
};

static void take_secret(void *context, const char *reference, oc_span value)
{
    struct secret_wanted *wanted = context;
    if (wanted->found.code == OC_E_NOT_FOUND && strcmp(wanted->reference, reference) == 0) {
        wanted->found = oc_buf_append(wanted->out, value);
    }
}

/* The references that stand in masked records are those of the profile's secrets, some of which no vector names. */
static oc_result profile_value(void *self, const char *reference, oc_buf *out)
{
    const struct judge *judge = self;
    if (judge->profile == NULL) {
        return oc_fail(OC_E_NOT_FOUND);
    }
    oc_result r = oc_profile_value(judge->profile, reference, out);
    if (r.code != OC_E_NOT_FOUND) {
        return r;
    }
    struct secret_wanted wanted = {reference, out, r};
    oc_profile_secrets(judge->profile, take_secret, &wanted);
    return wanted.found;
}

static oc_result open_keys(struct judge *judge, oc_diag *diag)
{
    if (judge->profile == NULL || judge->keys_spec.kind == OC_KEYS_NONE) {
        return oc_ok();
    }
    const oc_keys_parts parts = {.profile = judge->profile, .crypto = judge->crypto, .timeout_ms = 10000};
    OC_TRY(oc_keys_spec_open(&judge->keys, &judge->keys_spec, &parts, diag));
    judge->has_keys = true;
    return oc_ok();
}

static oc_result load_rules(struct judge *judge, oc_diag *diag)
{
    char schema[PATH_MAX];
    char shipped[PATH_MAX];
    OC_TRY(oc_rules_new(&judge->rules));
    OC_TRY(oc_cli_data_path(judge->cli, schema, "vectors/schema/vectors.xsd"));
    OC_TRY(oc_cli_data_path(judge->cli, shipped, "vectors/rules/session.xml"));
    for (size_t i = 0; i < judge->rule_paths.count; i++) {
        OC_TRY(oc_rules_add(judge->rules, judge->rule_paths.at[i], schema, diag));
    }
    OC_TRY(judge->rule_paths.count > 0 ? oc_ok() : oc_rules_add(judge->rules, shipped, schema, diag));
    for (size_t i = 0; i < oc_rules_count(judge->rules); i++) {
        const oc_session_rule *rule = oc_rules_at(judge->rules, i);
        if (oc_catalogue_confidence(judge->catalogue, rule->requirement) == 0) {
            return oc_diag_fail_at(diag, OC_E_FORMAT, rule->file, rule->line, "requirement %s is not in the catalogue",
                                   rule->requirement);
        }
    }
    return oc_ok();
}

static oc_result load(struct judge *judge, oc_diag *diag)
{
    char path[PATH_MAX];
    judge->scope = (oc_scope){judge, no_capture, profile_value};
    OC_TRY(oc_crypto_new(&judge->crypto));
    if (judge->profile_path != NULL) {
        OC_TRY(oc_profile_load(&judge->profile, judge->profile_path, diag));
    }
    OC_TRY(open_keys(judge, diag));
    if (judge->map_path != NULL) {
        OC_TRY(oc_cli_data_path(judge->cli, path, "vectors/schema/log-map.xsd"));
        OC_TRY(oc_log_map_load(&judge->map, judge->map_path, path, diag));
    }
    OC_TRY(oc_cli_data_path(judge->cli, path, "vectors"));
    OC_TRY(oc_catalogue_load(&judge->catalogue, path, diag));
    OC_TRY(load_rules(judge, diag));
    return judge->profile == NULL && !judge->reveal ? oc_mask_new_blind(&judge->mask)
                                                    : oc_mask_new(&judge->mask, judge->profile, judge->reveal);
}

static void unload(struct judge *judge)
{
    oc_mask_free(&judge->mask);
    oc_rules_free(&judge->rules);
    oc_catalogue_free(&judge->catalogue);
    oc_log_map_free(&judge->map);
    if (judge->has_keys) {
        oc_key_provider_close(&judge->keys);
    }
    oc_keys_spec_wipe(&judge->keys_spec);
    oc_profile_free(&judge->profile);
    oc_crypto_free(&judge->crypto);
}

/* Names of passes: the file's own, with its number where two are alike. */
static void pass_name(const struct judge *judge, size_t at, char out[300])
{
    const char *slash = strrchr(judge->traces.at[at], '/');
    const char *base = slash == NULL ? judge->traces.at[at] : slash + 1;
    bool alike = false;
    for (size_t i = 0; i < judge->traces.count; i++) {
        const char *other = strrchr(judge->traces.at[i], '/');
        alike = alike || (i != at && strcmp(other == NULL ? judge->traces.at[i] : other + 1, base) == 0);
    }
    snprintf(out, 300, alike ? "%.200s#%zu" : "%.200s", base, at + 1);
}

static oc_result judge_traces(struct judge *judge, const oc_capture *captures, oc_record *record, oc_diag *diag)
{
    const oc_assessor assessor = {.rules = judge->rules,
                                  .catalogue = judge->catalogue,
                                  .mask = judge->mask,
                                  .profile = judge->profile,
                                  .scope = &judge->scope,
                                  .keys = judge->has_keys ? &judge->keys : NULL,
                                  .crypto = judge->crypto};
    size_t count = 0;
    for (size_t i = 0; i < judge->traces.count; i++) {
        char pass[300];
        pass_name(judge, i, pass);
        OC_TRY(oc_assess(&assessor, &captures[i], pass, record, &count, diag));
    }
    oc_record_set_planned(record, count);
    return oc_ok();
}

static oc_result write_reports(const struct judge *judge, oc_diag *diag)
{
    char result[PATH_MAX];
    OC_TRY(oc_file_join(result, sizeof result, judge->output, "result.xml"));
    OC_TRY(oc_cli_write_reports(judge->cli, judge->output, &(oc_report_inputs){0}, &judge->formats, diag));
    return judge->quiet ? oc_ok() : oc_report_summary(stdout, result, judge->lang, false, diag);
}

static oc_result open_record(struct judge *judge, const char *line, oc_record **record, oc_diag *diag)
{
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, judge->started, sizeof judge->started);
    const oc_run_info info = {.suite_version = OC_VERSION,
                              .strict = judge->strict,
                              .command_line = line,
                              .subject = "recorded sessions: observed, not provoked / 仅观察，未激发",
                              .started = judge->started};
    return oc_record_open(record, judge->output, &info, false, diag);
}

static int judge_into(struct judge *judge, const oc_capture *captures, oc_record *record)
{
    oc_diag diag = {0};
    oc_result judged = judge_traces(judge, captures, record, &diag);
    if (!oc_is_ok(judged)) {
        oc_cli_complain(judged, &diag);
    }
    size_t counts[OC_VERDICT_COUNT];
    oc_record_counts(record, counts);
    int code = oc_run_exit_code(counts, 0, judge->strict, false);
    code = !oc_is_ok(judged) && code != OC_EXIT_FAIL ? oc_cli_world_exit(judged) : code;
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, judge->ended, sizeof judge->ended);
    oc_diag report_diag = {0};
    oc_result r = oc_record_finish(record, judge->ended, false, code, &report_diag);
    if (oc_is_ok(r)) {
        r = write_reports(judge, &report_diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &report_diag);
        code = code == OC_EXIT_OK ? OC_EXIT_INFRASTRUCTURE : code;
    }
    return code;
}

/* All traces are read before a folder is made: a bad one is bad input, and nothing is judged. */
static oc_result read_traces(struct judge *judge, oc_capture *captures, oc_diag *diag)
{
    for (size_t i = 0; i < judge->traces.count; i++) {
        captures[i].scope = &judge->scope;
        captures[i].calls_only = !judge->all_steps;
        OC_TRY(oc_capture_load(&captures[i], judge->traces.at[i], judge->map, diag));
    }
    return oc_ok();
}

static int judge_loaded(struct judge *judge, const char *line)
{
    oc_diag diag = {0};
    oc_record *record = NULL;
    oc_capture *captures = calloc(judge->traces.count, sizeof *captures);
    int code = OC_EXIT_INFRASTRUCTURE;
    oc_result r = captures == NULL ? oc_fail(OC_E_MEMORY) : read_traces(judge, captures, &diag);
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        code = oc_cli_input_exit(r);
    } else if (!oc_is_ok(r = open_record(judge, line, &record, &diag))) {
        oc_cli_complain(r, &diag);
        code = oc_cli_world_exit(r);
    } else {
        code = judge_into(judge, captures, record);
    }
    oc_record_free(&record);
    for (size_t i = 0; captures != NULL && i < judge->traces.count; i++) {
        oc_capture_free(&captures[i]);
    }
    free(captures);
    return code;
}

int oc_command_judge(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        judge_options,
        take,
        "TRACE...",
        "Judge sessions recorded elsewhere by rules: own result.xml, run.journal and events, "
        "pcsc-spy logs, pcap and pcapng (link type 252, GSMTAP), and logs through a map. "
        "What is seen there was observed, not provoked.",
        NULL,
        NULL,
        NULL};
    struct judge *judge = calloc(1, sizeof *judge);
    if (judge == NULL) {
        return OC_EXIT_INFRASTRUCTURE;
    }
    *judge = (struct judge){.cli = cli, .output = "out", .lang = cli->lang};
    oc_diag diag = {0};
    oc_result r = oc_keys_spec_parse(&judge->keys_spec, "profile", &diag);
    int code = oc_is_ok(r) ? oc_cli_parse(&argp, argc, argv, judge) : OC_EXIT_INFRASTRUCTURE;
    char *line = oc_cli_line(argc, argv);
    if (code == OC_EXIT_OK && judge->traces.count == 0) {
        fprintf(stderr, _("onecard judge: which trace?\n"));
        code = OC_EXIT_USAGE;
    } else if (code == OC_EXIT_OK) {
        r = line == NULL ? oc_fail(OC_E_MEMORY) : load(judge, &diag);
        if (oc_is_ok(r)) {
            code = judge_loaded(judge, line);
        } else {
            oc_cli_complain(r, &diag);
            code = oc_cli_input_exit(r);
        }
    }
    unload(judge);
    free(line);
    free(judge);
    return code;
}
