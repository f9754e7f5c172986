/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/run_options.h"

#include <stdlib.h>

#include "conformance/cli/cli.h"

enum {
    KEY_CARD = 0x100,
    KEY_PSAM,
    KEY_KEYS,
    KEY_PROFILE,
    KEY_VIA,
    KEY_SHARD,
    KEY_SEED,
    KEY_ALLOW,
    KEY_STRICT,
    KEY_TIMEOUT,
    KEY_REPEAT,
    KEY_RESUME,
    KEY_REVEAL,
    KEY_FORMAT,
    KEY_EXPENDABLE
};

static const struct argp_option options[] = {
    {0, 0, 0, 0, "What is tested:", 1},
    {"card", KEY_CARD, "SPEC", 0, "virtual (default), pcsc:READER, exec:COMMAND or vpcd:PORT", 1},
    {"psam", KEY_PSAM, "SPEC", 0, "virtual (default), pcsc:READER or none", 1},
    {"profile", KEY_PROFILE, "FILE", 0, "card profile; several are run one after the other (default: the two shipped)",
     1},
    {"keys", KEY_KEYS, "PROVIDER", 0, "profile (default) or none", 1},
    {"via", KEY_VIA, "LINKS", 0, "how to reach the virtual card: inproc (default), pcsc, or inproc,pcsc to compare",
     1},
    {0, 0, 0, 0, "Which cases:", 2},
    {"filter", 'k', "REGEX", 0, "cases whose id or official name matches", 2},
    {"tag", 't', "EXPR", 0, "cases by card, terminal, host, flow, negative, official(NAME), req(ID), touches.WORD", 2},
    {"shard", KEY_SHARD, "I/N", 0, "part I of N; a case and its negatives stay together", 2},
    {0, 0, 0, 0, "How:", 3},
    {"jobs", 'j', "N", 0, "workers, in-process only", 3},
    {"repeat", KEY_REPEAT, "N", 0, "run each case N times, for latency series", 3},
    {"seed", KEY_SEED, "N", 0, "seed of all random bytes (default 1)", 3},
    {"timeout", KEY_TIMEOUT, "S", 0, "seconds that an exchange may take (default 10)", 3},
    {"allow", KEY_ALLOW, "LIST", 0, "lasting changes allowed on a foreign card: counters,records,purse,keys", 3},
    {"expendable", KEY_EXPENDABLE, 0, 0, "the foreign sample may be used up: PIN and keys may be locked", 3},
    {"strict", KEY_STRICT, 0, 0, "a DEVIATION fails the run", 3},
    {"resume", KEY_RESUME, 0, 0, "go on with the journal in the output folder", 3},
    {0, 0, 0, 0, "Output:", 4},
    {"output", 'o', "DIR", 0, "folder for the record and the reports (default out)", 4},
    {"format", KEY_FORMAT, "KIND=FILE", 0, "one more report: html=FILE or junit=FILE", 4},
    {"reveal", KEY_REVEAL, 0, 0, "show PINs, names and numbers: for laboratory cards only", 4},
    {"quiet", 'q', 0, 0, "no progress", 4},
    {"verbose", 'v', 0, 0, "a line for each case", 4},
    {0, 0, 0, 0, 0, 0},
};

static unsigned long number(const struct argp_state *state, const char *text, unsigned long low, unsigned long high)
{
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || value < low || value > high || text[0] == '-') {
        argp_error(state, "%s is not a number from %lu to %lu", text, low, high);
    }
    return value;
}

static void take_via(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->via_given = true;
    out->via_inproc = strcmp(text, "inproc") == 0 || strcmp(text, "inproc,pcsc") == 0;
    out->via_pcsc = strcmp(text, "pcsc") == 0 || strcmp(text, "inproc,pcsc") == 0;
    if (!out->via_inproc && !out->via_pcsc) {
        argp_error(state, "--via takes inproc, pcsc or inproc,pcsc, not %s", text);
    }
}

static void take_shard(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    char *end = NULL;
    unsigned long shard = strtoul(text, &end, 10);
    unsigned long shards = *end == '/' ? strtoul(end + 1, &end, 10) : 0;
    if (*end != '\0' || shards < 1 || shards > 10000 || shard < 1 || shard > shards) {
        argp_error(state, "--shard takes I/N with 1 <= I <= N, not %s", text);
    }
    out->selection.shard = (unsigned)shard;
    out->selection.shards = (unsigned)shards;
}

static void take_format(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    const char *equals = strchr(text, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - text);
    if ((len != 4 || strncmp(text, "html", 4) != 0) && (len != 5 || strncmp(text, "junit", 5) != 0)) {
        argp_error(state, "--format takes html=FILE or junit=FILE, not %s", text);
    }
    if (out->format_count == OC_FORMATS_MAX || equals == NULL || equals[1] == '\0') {
        argp_error(state, "--format %s: no file, or too many formats", text);
        return;
    }
    memcpy(out->formats[out->format_count].kind, text, len);
    out->formats[out->format_count].path = equals + 1;
    out->format_count++;
}

static void take_allow(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    oc_diag diag = {0};
    if (!oc_is_ok(oc_touches_parse(&out->allowed, text, &diag))) {
        argp_error(state, "--allow %s: %s", text, diag.reason);
    }
}

static void take_profile(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    if (out->profile_count == OC_PROFILES_MAX) {
        argp_error(state, "more than %d profiles", OC_PROFILES_MAX);
        return;
    }
    out->profiles[out->profile_count++] = text;
}

static void take_keys(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->no_keys = strcmp(text, "none") == 0;
    if (!out->no_keys && strcmp(text, "profile") != 0) {
        argp_error(state, "--keys takes profile or none, not %s", text);
    }
}

static error_t take(int key, char *text, struct argp_state *state)
{
    oc_run_arguments *out = state->input;
    switch (key) {
    case KEY_CARD:
        out->card = text;
        return 0;
    case KEY_PSAM:
        out->psam = text;
        return 0;
    case KEY_KEYS:
        take_keys(out, text, state);
        return 0;
    case KEY_PROFILE:
        take_profile(out, text, state);
        return 0;
    case KEY_VIA:
        take_via(out, text, state);
        return 0;
    case 'k':
        out->selection.id_regex = text;
        return 0;
    case 't':
        out->selection.tag = text;
        return 0;
    case KEY_SHARD:
        take_shard(out, text, state);
        return 0;
    case 'j':
        out->jobs = (unsigned)number(state, text, 1, 64);
        return 0;
    case KEY_REPEAT:
        out->repeat = (unsigned)number(state, text, 1, 100000);
        return 0;
    case KEY_SEED:
        out->seed = number(state, text, 0, UINT64_MAX);
        return 0;
    case KEY_TIMEOUT:
        out->timeout_ms = (int)number(state, text, 1, 3600) * 1000;
        return 0;
    case KEY_ALLOW:
        take_allow(out, text, state);
        return 0;
    case KEY_EXPENDABLE:
        out->expendable = true;
        return 0;
    case KEY_STRICT:
        out->strict = true;
        return 0;
    case KEY_RESUME:
        out->resume = true;
        return 0;
    case KEY_REVEAL:
        out->reveal = true;
        return 0;
    case KEY_FORMAT:
        take_format(out, text, state);
        return 0;
    case 'o':
        out->output = text;
        return 0;
    case 'q':
        out->quiet = true;
        return 0;
    case 'v':
        out->verbose = true;
        return 0;
    case ARGP_KEY_ARG:
        if (out->path_count == OC_PATHS_MAX) {
            argp_error(state, "more than %d paths", OC_PATHS_MAX);
            return 0;
        }
        out->paths[out->path_count++] = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int oc_run_arguments_parse(oc_run_arguments *out, int argc, char **argv)
{
    static const struct argp argp = {
        options,
        take,
        "[PATH...]",
        "Run the vectors in PATHs (files or folders; all that are shipped by default) and write the result record "
        "and the reports.\vThe virtual card is issued from the profile in this process; any other card is described "
        "by the profile. Exit codes: 0 passed, 1 failed, 2 usage or bad input, 3 infrastructure, 4 nothing selected, "
        "6 inconclusive only, 130 interrupted.",
        NULL,
        NULL,
        NULL};
    *out = (oc_run_arguments){.card = "virtual",
                              .psam = "virtual",
                              .via_inproc = true,
                              .jobs = 1,
                              .seed = 1,
                              .timeout_ms = 10000,
                              .output = "out"};
    int code = oc_cli_parse(&argp, argc, argv, out);
    if (code == OC_EXIT_OK && out->via_given && strcmp(out->card, "virtual") != 0) {
        fprintf(stderr, "%s: --via is for the virtual card; --card %s has its own link\n", argv[0], out->card);
        return OC_EXIT_USAGE;
    }
    if (code == OC_EXIT_OK && out->resume && out->repeat > 1) {
        fprintf(stderr, "%s: --resume does not go with --repeat\n", argv[0]);
        return OC_EXIT_USAGE;
    }
    return code;
}
