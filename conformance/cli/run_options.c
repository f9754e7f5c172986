/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/run_options.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conformance/cli/cli.h"
#include "conformance/cli/run_shard.h"
#include "conformance/cli/words.h"

enum {
    KEY_CARD = 0x100,
    KEY_PSAM,
    KEY_TERMINAL,
    KEY_HOST,
    KEY_HOST_CA,
    KEY_HOST_CERT,
    KEY_HOST_KEY,
    KEY_CARD_DELAY,
    KEY_SERVE_CARDS,
    KEY_KEYS,
    KEY_PROFILE,
    KEY_VIA,
    KEY_INTERFACE,
    KEY_PROTOCOL,
    KEY_SHARD,
    KEY_SEED,
    KEY_ALLOW,
    KEY_STRICT,
    KEY_TIMEOUT,
    KEY_REPEAT,
    KEY_RESUME,
    KEY_REVEAL,
    KEY_FORMAT,
    KEY_RECORD_ONLY,
    KEY_EXPENDABLE,
    KEY_UNCONFINED,
    KEY_EVENTS,
    KEY_OFFICIAL,
    KEY_ICS,
    KEY_LAB,
    KEY_AMENDS,
    KEY_PACK,
    KEY_PACK_CA,
    KEY_WAIVERS,
    KEY_CHALLENGE,
    KEY_CHALLENGE_CA,
    KEY_LIMITS,
    KEY_BASELINE,
    KEY_THRESHOLD
};

static const struct argp_option options[] = {
    {0, 0, 0, 0, "What is tested:", 1},
    {"card", KEY_CARD, "SPEC", 0, "virtual (default), pcsc:READER, exec:COMMAND or vpcd:PORT", 1},
    {"psam", KEY_PSAM, "SPEC", 0, "virtual (default), pcsc:READER or none", 1},
    {"terminal", KEY_TERMINAL, "SPEC", 0,
     "virtual (default), driver:PATH.so, exec:COMMAND, tcp:HOST:PORT, ws:URL, http:URL or manual[,seconds=N]", 1},
    {"host", KEY_HOST, "SPEC", 0, "back-end of medical settlement: virtual (default) or http:URL", 1},
    {"host-ca", KEY_HOST_CA, "FILE", 0,
     "authorities that sign for a --host over https, in PEM (default: the system's)", 1},
    {"host-cert", KEY_HOST_CERT, "FILE", 0, "certificate to show to a --host over https, in PEM", 1},
    {"host-key", KEY_HOST_KEY, "FILE", 0, "its key, in PEM", 1},
    {"profile", KEY_PROFILE, "FILE", 0,
     "card profile; several are run one after the other (default: 1.0, 2.0 and 3.0)", 1},
    {"keys", KEY_KEYS, "PROVIDER", 0, "profile (default), none, exec:COMMAND, pkcs11:URI, psam:READER or psam:virtual",
     1},
    {"via", KEY_VIA, "LINKS", 0,
     "how to reach the virtual card, also for the terminal: inproc (default), pcsc, or inproc,pcsc to compare", 1},
    {"serve-cards", KEY_SERVE_CARDS, "ADDRESS", 0,
     "where a --terminal on another machine finds the virtual cards: tcp:IPV4:PORT or unix:PATH, as its ONECARD_CARDS",
     1},
    {"card-delay-us", KEY_CARD_DELAY, "N", 0, "least time that the virtual card takes for an answer", 1},
    {"interface", KEY_INTERFACE, "NAME", 0, "of the virtual card: contact (default) or contactless", 1},
    {"protocol", KEY_PROTOCOL, "NAME", 0, "with a card that offers T=0 and T=1: t0 (default) or t1", 1},
    {0, 0, 0, 0, "Which cases:", 2},
    {"filter", 'k', "REGEX", 0, "cases whose id or official name matches", 2},
    {"tag", 't', "EXPR", 0,
     "cases by card, terminal, host, flow, negative, official(NAME), req(ID), condition(NAME), touches.WORD", 2},
    {"shard", KEY_SHARD, "I/N", 0,
     "part I of N; a case and its negatives stay together (default: what Bazel, Slurm, GitLab and others say)", 2},
    {"ics", KEY_ICS, "FILE", 0,
     "declaration of the item under test (onecard ics makes one): cases for what it does not declare do not apply", 2},
    {0, 0, 0, 0, "How:", 3},
    {"official", KEY_OFFICIAL, 0, 0,
     "a run of record: the whole plan once, of a declared item, by a program built from a state that can be named", 3},
    {"challenge", KEY_CHALLENGE, "FILE", 0,
     "answer an examiner's challenge: its plan, of the item that it names, with all that is random from its nonce", 3},
    {"challenge-ca", KEY_CHALLENGE_CA, "PEM", 0, "certificates that are trusted to sign challenges", 3},
    {"lab", KEY_LAB, "FILE", 0, "what only the laboratory knows, for the report (reports/lab.xsd)", 3},
    {"amends", KEY_AMENDS, "ID REASON", 0, "the report replaces that of an earlier run, and why", 3},
    {"jobs", 'j', "N", 0, "workers, in-process only", 3},
    {"repeat", KEY_REPEAT, "N", 0, "run each case N times, for latency series", 3},
    {"seed", KEY_SEED, "N", 0, "seed of all random bytes (default 1)", 3},
    {"timeout", KEY_TIMEOUT, "S", 0, "seconds that an exchange may take (default 10)", 3},
    {"allow", KEY_ALLOW, "LIST", 0, "lasting changes allowed on a foreign card: counters,records,purse,keys,lifecycle",
     3},
    {"expendable", KEY_EXPENDABLE, 0, 0, "the foreign sample may be used up: PIN and keys may be locked", 3},
    {"dut-unconfined", KEY_UNCONFINED, 0, 0, "no system call filter and limits for drivers and programs", 3},
    {"strict", KEY_STRICT, 0, 0, "a DEVIATION fails the run", 3},
    {"resume", KEY_RESUME, 0, 0, "go on with the journal in the output folder", 3},
    {"pack", KEY_PACK, "DIR", 0,
     "signed requirement pack of a holder of the standards' texts; a mismatch on its clauses is a FAIL", 3},
    {"pack-ca", KEY_PACK_CA, "PEM", 0, "certificates that are trusted to sign packs", 3},
    {"waivers", KEY_WAIVERS, "FILE", 0, "failures that are accepted until a day, with the reason", 3},
    {"limits", KEY_LIMITS, "FILE", 0, "limits of latency to decide on (reports/latency/limits.xsd)", 3},
    {"threshold", KEY_THRESHOLD, "EXPR", 0,
     "condition of latency, as tx.aut-3.login:p(95)<400ms; several may be given (README)", 3},
    {0, 0, 0, 0, "Output:", 4},
    {"output", 'o', "DIR", 0, "folder for the record and the reports (default out)", 4},
    {"baseline", KEY_BASELINE, "RESULT.xml", 0, "an earlier record to compare with in the HTML report", 4},
    {"format", KEY_FORMAT, "KIND=FILE", 0,
     "one more report: html, junit, junit-extended, tap, ctrf or json; FILE - is standard output", 4},
    {"record-only", KEY_RECORD_ONLY, 0, 0,
     "nothing but the record: no reports, which onecard report makes later, and no summary", 4},
    {"events", KEY_EVENTS, "FILE", 0, "what happens, as it happens, in lines of JSON", 4},
    {"reveal", KEY_REVEAL, 0, 0, "show PINs, names and numbers: for laboratory cards only", 4},
    {"quiet", 'q', 0, 0, "no progress", 4},
    {"verbose", 'v', 0, 0, "a line for each case", 4},
    {0, 0, 0, 0, 0, 0},
};

static void take_via(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->via_given = true;
    out->via_inproc = strcmp(text, "inproc") == 0 || strcmp(text, "inproc,pcsc") == 0;
    out->via_pcsc = strcmp(text, "pcsc") == 0 || strcmp(text, "inproc,pcsc") == 0;
    if (!out->via_inproc && !out->via_pcsc) {
        argp_error(state, _("--via takes inproc, pcsc or inproc,pcsc, not %s"), text);
    }
}

static void take_interface(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->interface_given = true;
    out->interface = oc_take_interface(text, state);
}

static void take_protocol(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->prefer_t1 = strcmp(text, "t1") == 0;
    if (!out->prefer_t1 && strcmp(text, "t0") != 0) {
        argp_error(state, _("--protocol takes t0 or t1, not %s"), text);
    }
}

static void take_shard(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    if (!oc_shard_parse(text, &out->selection.shard, &out->selection.shards)) {
        argp_error(state, _("--shard takes I/N with 1 <= I <= N <= %u, not %s"), OC_SHARDS_MAX, text);
    }
}

/* What is named is allowed. */
static void take_allow(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    const unsigned may = OC_TOUCH_COUNTERS | OC_TOUCH_RECORDS | OC_TOUCH_PURSE | OC_TOUCH_KEYS | OC_TOUCH_LIFECYCLE;
    oc_diag diag = {0};
    if (!oc_is_ok(oc_touches_parse(&out->allowed, text, &diag))) {
        argp_error(state, "--allow %s: %s", text, diag.reason);
    } else if (out->allowed == 0 || (out->allowed & ~may) != 0) {
        argp_error(state, _("--allow takes counters, records, purse, keys and lifecycle, apart by commas, not %s"),
                   text);
    }
}

static void take_profile(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    if (out->profile_count == OC_PROFILES_MAX) {
        argp_error(state, _("more than %d profiles"), OC_PROFILES_MAX);
        return;
    }
    out->profiles[out->profile_count++] = text;
}

static void take_keys(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    oc_diag diag = {0};
    oc_result r = oc_keys_spec_parse(&out->keys, text, &diag);
    /* A PIN in the command line is for the token only, neither for the record nor for who lists processes. */
    oc_keys_spec_hide_pin((char *)(uintptr_t)text);
    if (!oc_is_ok(r)) {
        argp_error(state, "--keys: %s", diag.reason);
    }
    snprintf(out->keys_shown, sizeof out->keys_shown, "%s", text);
}

/* "http:URL", or the URL itself. */
static void take_host(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    bool prefixed = strncmp(text, "http:", 5) == 0 && strncmp(text + 5, "//", 2) != 0;
    const char *url = prefixed ? text + 5 : text;
    out->host_url = strcmp(text, "virtual") == 0 ? NULL : url;
    if (out->host_url != NULL && strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) {
        argp_error(state, _("--host takes virtual or http:URL, not %s"), text);
    }
}

static const char *take_file(const char *text, const struct argp_state *state)
{
    if (access(text, R_OK) != 0) {
        argp_error(state, "%s: %s", text, strerror(errno));
    }
    return text;
}

static void take_host_ca(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->host_credentials.ca = take_file(text, state);
}

static void take_host_cert(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->host_credentials.certificate = take_file(text, state);
}

static void take_host_key(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->host_credentials.key = take_file(text, state);
}

/* More than a minute is no card. */
static void take_card_delay(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->card_delay_us = (uint32_t)oc_take_number(text, 0, 60000000, state);
}

static void take_pack(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    if (out->pack_count == OC_PACKS_MAX) {
        argp_error(state, _("more than %d packs"), OC_PACKS_MAX);
        return;
    }
    out->packs[out->pack_count++] = text;
}

static void take_pack_ca(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    oc_take_path(&out->pack_ca, text, state);
}

static void take_challenge_ca(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    oc_take_path(&out->challenge_ca, text, state);
}

static void take_threshold(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    if (out->threshold_count == OC_THRESHOLDS_MAX) {
        argp_error(state, _("more than %d thresholds"), OC_THRESHOLDS_MAX);
        return;
    }
    out->thresholds[out->threshold_count++] = text;
}

static void take_report(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    oc_take_format(&out->formats, text, state);
}

static void take_case_path(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    oc_take_path(&out->paths, text, state);
}

static void take_jobs(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->jobs = (unsigned)oc_take_number(text, 1, 64, state);
}

static void take_repeat(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->repeat = (unsigned)oc_take_number(text, 1, 100000, state);
}

static void take_seed(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->seed = oc_take_number(text, 0, UINT64_MAX, state);
    out->seed_given = true;
}

static void take_timeout(oc_run_arguments *out, const char *text, const struct argp_state *state)
{
    out->timeout_ms = (int)oc_take_number(text, 1, 3600, state) * 1000;
}

/* One option of the table: a handler for what it takes, or the place of a flag that it sets. */
static const struct option_use {
    int key;
    void (*take)(oc_run_arguments *out, const char *text, const struct argp_state *state);
    size_t flag; /* offset, where `take` is NULL */
} uses[] = {
    {KEY_HOST, take_host, 0},
    {KEY_HOST_CA, take_host_ca, 0},
    {KEY_HOST_CERT, take_host_cert, 0},
    {KEY_HOST_KEY, take_host_key, 0},
    {KEY_CARD_DELAY, take_card_delay, 0},
    {KEY_PROFILE, take_profile, 0},
    {KEY_KEYS, take_keys, 0},
    {KEY_VIA, take_via, 0},
    {KEY_INTERFACE, take_interface, 0},
    {KEY_PROTOCOL, take_protocol, 0},
    {KEY_SHARD, take_shard, 0},
    {'j', take_jobs, 0},
    {KEY_REPEAT, take_repeat, 0},
    {KEY_SEED, take_seed, 0},
    {KEY_TIMEOUT, take_timeout, 0},
    {KEY_ALLOW, take_allow, 0},
    {KEY_EXPENDABLE, NULL, offsetof(oc_run_arguments, expendable)},
    {KEY_UNCONFINED, NULL, offsetof(oc_run_arguments, unconfined)},
    {KEY_STRICT, NULL, offsetof(oc_run_arguments, strict)},
    {KEY_OFFICIAL, NULL, offsetof(oc_run_arguments, official)},
    {KEY_RESUME, NULL, offsetof(oc_run_arguments, resume)},
    {KEY_THRESHOLD, take_threshold, 0},
    {KEY_PACK, take_pack, 0},
    {KEY_PACK_CA, take_pack_ca, 0},
    {KEY_CHALLENGE_CA, take_challenge_ca, 0},
    {KEY_FORMAT, take_report, 0},
    {KEY_REVEAL, NULL, offsetof(oc_run_arguments, reveal)},
    {KEY_RECORD_ONLY, NULL, offsetof(oc_run_arguments, record_only)},
    {'q', NULL, offsetof(oc_run_arguments, quiet)},
    {'v', NULL, offsetof(oc_run_arguments, verbose)},
    {ARGP_KEY_ARG, take_case_path, 0},
};

static error_t take(int key, char *text, struct argp_state *state)
{
    oc_run_arguments *out = state->input;
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        if (uses[i].key != key) {
            continue;
        }
        if (uses[i].take != NULL) {
            uses[i].take(out, text, state);
        } else {
            *(bool *)((char *)out + uses[i].flag) = true;
        }
        return 0;
    }
    const oc_text_option texts[] = {
        {KEY_CARD, &out->card},
        {KEY_PSAM, &out->psam},
        {KEY_TERMINAL, &out->terminal},
        {KEY_SERVE_CARDS, &out->serve_cards},
        {'k', &out->selection.id_regex},
        {'t', &out->selection.tag},
        {KEY_ICS, &out->ics},
        {KEY_LAB, &out->lab},
        {KEY_AMENDS, &out->amends},
        {'o', &out->output},
        {KEY_LIMITS, &out->limits},
        {KEY_BASELINE, &out->baseline},
        {KEY_EVENTS, &out->events},
        {KEY_WAIVERS, &out->waivers},
        {KEY_CHALLENGE, &out->challenge},
    };
    return oc_take_text(texts, sizeof texts / sizeof texts[0], key, text, state);
}

/* Options that do not go with each other. */
static int check_together(const oc_run_arguments *out, const char *program)
{
    bool card_is_virtual = strcmp(out->card, "virtual") == 0;
    bool terminal_is_virtual = strcmp(out->terminal, "virtual") == 0;
    const oc_http_credentials *secrets = &out->host_credentials;
    bool one_at_a_time = strncmp(out->terminal, "driver:", 7) != 0 && strncmp(out->terminal, "exec:", 5) != 0;
    const struct {
        bool wrong;
        const char *text;
    } rules[] = {
        {out->via_given && !card_is_virtual, N_("--via is for the virtual card; --card has its own link")},
        {out->interface_given && !card_is_virtual,
         N_("--interface is for the virtual card; --card is reached as its reader does")},
        {(out->allowed & OC_TOUCH_LIFECYCLE) != 0 && !out->expendable,
         N_("--allow lifecycle can end the card's life: it goes with --expendable only")},
        {out->host_url != NULL && out->jobs > 1,
         N_("-j is not for a --host under test: its cases share what it booked")},
        {(secrets->ca != NULL || secrets->certificate != NULL || secrets->key != NULL) &&
             (out->host_url == NULL || strncmp(out->host_url, "https://", 8) != 0),
         N_("--host-ca, --host-cert and --host-key are for a --host over https")},
        {(secrets->certificate == NULL) != (secrets->key == NULL), N_("--host-cert and --host-key go together")},
        {out->challenge != NULL && out->seed_given, N_("--seed does not go with --challenge, which gives one")},
        {out->challenge == NULL && out->challenge_ca.count > 0, N_("--challenge-ca is for --challenge")},
        {out->record_only && (out->formats.count > 0 || out->baseline != NULL),
         N_("--record-only makes no reports: leave --format and --baseline out")},
        {out->resume && out->repeat > 1, N_("--resume does not go with --repeat")},
        {out->card_delay_us > 0 && !card_is_virtual, N_("--card-delay-us is for the virtual card")},
        {!terminal_is_virtual && !card_is_virtual, N_("--terminal is tested with the virtual card: leave --card out")},
        {!terminal_is_virtual && strcmp(out->psam, "virtual") != 0 && strcmp(out->psam, "none") != 0,
         N_("--terminal is tested with the virtual PSAM, or none")},
        {out->serve_cards != NULL && (terminal_is_virtual || out->via_pcsc || out->jobs > 1),
         N_("--serve-cards is for one --terminal, over --via inproc")},
        {!terminal_is_virtual && out->jobs > 1 && (out->via_pcsc || one_at_a_time),
         N_("-j with --terminal is for driver: and exec: over --via inproc: there is one terminal only, or one "
            "reader")},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].wrong) {
            fprintf(stderr, "%s: %s\n", program, _(rules[i].text));
            return OC_EXIT_USAGE;
        }
    }
    return OC_EXIT_OK;
}

int oc_run_arguments_parse(oc_run_arguments *out, int argc, char **argv)
{
    static const struct argp argp = {
        .options = options,
        .parser = take,
        .args_doc = "[PATH...]",
        .doc =
            "Run the vectors in PATHs (files or folders; all that are shipped by default) and write the result record "
            "and the reports.\vThe virtual card is issued from the profile in this process; any other card is "
            "described by the profile. Exit codes: 0 passed, 1 failed, 2 usage or bad input, 3 infrastructure, "
            "4 nothing selected, 5 latency missed only, 6 inconclusive only, 130 interrupted."};
    *out = (oc_run_arguments){.card = "virtual",
                              .psam = "virtual",
                              .terminal = "virtual",
                              .via_inproc = true,
                              .jobs = 1,
                              .seed = 1,
                              .keys_shown = "profile",
                              .timeout_ms = 10000,
                              .output = "out"};
    int code = oc_cli_parse(&argp, argc, argv, out);
    if (code == OC_EXIT_OK && out->selection.shards == 0) {
        oc_diag diag = {0};
        oc_result r = oc_shard_from_environment(&out->selection.shard, &out->selection.shards, &diag);
        if (!oc_is_ok(r)) {
            oc_cli_complain(r, &diag);
            code = oc_cli_input_exit(r);
        }
    }
    out->selection.for_terminal = strcmp(out->terminal, "virtual") != 0;
    out->selection.for_card = strcmp(out->card, "virtual") != 0 && !out->selection.for_terminal;
    out->selection.for_operator = strcmp(out->terminal, "manual") == 0 || strncmp(out->terminal, "manual,", 7) == 0;
    return code == OC_EXIT_OK ? check_together(out, argv[0]) : code;
}
