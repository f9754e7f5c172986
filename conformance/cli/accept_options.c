/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/accept_options.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "conformance/accept/submission.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/words.h"

#define VIRTUAL "virtual:"
#define LIMIT "1.0"

enum {
    KEY_ORDER = 0x100,
    KEY_MAP,
    KEY_CARD,
    KEY_PROFILE,
    KEY_KEYS,
    KEY_SAMPLE,
    KEY_LIMIT,
    KEY_SEED,
    KEY_MATCH_KEY,
    KEY_NO_PROBES,
    KEY_FORMAT,
    KEY_REVEAL,
    KEY_STRICT,
    KEY_TIMEOUT
};

static const struct argp_option options[] = {
    {"order", KEY_ORDER, "CSV", 0, "the order: one line a card, headings first", 1},
    {"map", KEY_MAP, "XML", 0, "which column stands where on the card (vectors/orders/README.md)", 1},
    {"profile", KEY_PROFILE, "FILE", 0,
     "structure, settings and keys of the batch (default: the shipped third-generation card)", 1},
    {"keys", KEY_KEYS, "PROVIDER", 0, "who keeps the keys, as for onecard run (default profile)", 1},
    {0, 0, 0, 0, "Cards:", 2},
    {"card", KEY_CARD, "SPEC", 0,
     "pcsc:READER (card after card), exec:COMMAND, vpcd:PORT, or virtual:PROFILE, a sample issued from it; several "
     "may be "
     "given",
     2},
    {"sample", KEY_SAMPLE, "N", 0,
     "how many lines are drawn: a number, or plan for ISO 2859-1 level II (default: all)", 2},
    {"aql", KEY_LIMIT, "PERCENT", 0, "acceptance quality limit of the plan (default " LIMIT ")", 2},
    {"seed", KEY_SEED, "N", 0, "which lines are drawn, and all random bytes (default 1)", 2},
    {"timeout", KEY_TIMEOUT, "S", 0, "seconds that an exchange may take (default 10)", 2},
    {0, 0, 0, 0, "Checks:", 3},
    {"filter", 'k', "REGEX", 0, "other card vectors than those of the submission items; only reading ones are run", 3},
    {"no-probes", KEY_NO_PROBES, 0, 0, "write nothing back, not even what was just read (submission item 17)", 3},
    {"strict", KEY_STRICT, 0, 0, "a DEVIATION makes a card nonconforming", 3},
    {0, 0, 0, 0, "Output:", 4},
    {"output", 'o', "DIR", 0, "folder for the sheets, the record and the reports (default out)", 4},
    {"format", KEY_FORMAT, "KIND=FILE", 0,
     "one more report: html, junit, junit-extended, tap, ctrf or json; FILE - is standard output", 4},
    {"match-key", KEY_MATCH_KEY, "FILE", 0,
     "key of the cards' labels, to match sheets of several orders (default: the order)", 4},
    {"reveal", KEY_REVEAL, 0, 0, "show names and numbers", 4},
    {"quiet", 'q', 0, 0, "no progress", 4},
    {0, 0, 0, 0, 0, 0},
};

struct target {
    oc_accept_arguments *out;
    oc_run_arguments *run;
};

/* A sample of our own is this program, as `onecard card`, in a child process. */
static void virtual_card(oc_spec *spec, const char *profile, const struct argp_state *state)
{
    char program[PATH_MAX];
    char text[sizeof spec->text];
    oc_diag diag = {0};
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    program[len < 0 ? 0 : len] = '\0';
    int wrote = snprintf(text, sizeof text, "exec:exec '%s' card --profile '%s'", program, profile);
    if (len <= 0 || strchr(program, '\'') != NULL || strchr(profile, '\'') != NULL || wrote < 0 ||
        (size_t)wrote >= sizeof text || !oc_is_ok(oc_spec_parse(spec, text, &diag))) {
        argp_error(state, _("--card %s%s: the path is too long or holds a quote"), VIRTUAL, profile);
    }
}

static void take_card(oc_accept_arguments *out, const char *text, const struct argp_state *state)
{
    oc_diag diag = {0};
    if (out->card_count == OC_ACCEPT_CARDS_MAX) {
        argp_error(state, _("more than %d cards"), OC_ACCEPT_CARDS_MAX);
        return;
    }
    oc_spec *spec = &out->cards[out->card_count++];
    if (strncmp(text, VIRTUAL, strlen(VIRTUAL)) == 0) {
        virtual_card(spec, text + strlen(VIRTUAL), state);
    } else if (!oc_is_ok(oc_spec_parse(spec, text, &diag))) {
        argp_error(state, "--card: %s", diag.reason);
    } else if (spec->kind == OC_SPEC_VIRTUAL || spec->kind == OC_SPEC_NONE) {
        argp_error(state, _("--card %s: write pcsc:READER, exec:COMMAND, vpcd:PORT or virtual:PROFILE"), text);
    }
}

static void take_sample(oc_accept_arguments *out, const char *text, const struct argp_state *state)
{
    out->by_table = strcmp(text, "plan") == 0;
    if (!out->by_table) {
        out->sample = (size_t)oc_take_number(text, 1, 200000, state);
    }
}

static void take_keys(oc_run_arguments *run, const char *text, const struct argp_state *state)
{
    oc_diag diag = {0};
    oc_result r = oc_keys_spec_parse(&run->keys, text, &diag);
    oc_keys_spec_hide_pin((char *)(uintptr_t)text); /* argv is shown to everybody */
    if (!oc_is_ok(r)) {
        argp_error(state, "--keys: %s", diag.reason);
    }
    snprintf(run->keys_shown, sizeof run->keys_shown, "%s", text);
}

/* What is a text of its own; false for another key. */
static bool take_text(const struct target *target, int key, const char *text)
{
    const struct {
        int key;
        const char **place;
    } texts[] = {
        {KEY_ORDER, &target->out->order},         {KEY_MAP, &target->out->map},
        {KEY_PROFILE, &target->run->profiles[0]}, {KEY_LIMIT, &target->out->limit},
        {KEY_MATCH_KEY, &target->out->match_key}, {'o', &target->out->output},
        {'k', &target->run->selection.id_regex},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].key == key) {
            *texts[i].place = text;
            return true;
        }
    }
    return false;
}

static bool take_flag(const struct target *target, int key)
{
    const struct {
        int key;
        bool *place;
    } flags[] = {
        {KEY_NO_PROBES, &target->out->no_probes},
        {KEY_REVEAL, &target->out->reveal},
        {KEY_STRICT, &target->out->strict},
        {'q', &target->out->quiet},
    };
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (flags[i].key == key) {
            *flags[i].place = true;
            return true;
        }
    }
    return false;
}

static error_t take(int key, char *text, struct argp_state *state)
{
    const struct target *target = state->input;
    if (take_text(target, key, text) || take_flag(target, key)) {
        return 0;
    }
    switch (key) {
    case KEY_CARD:
        take_card(target->out, text, state);
        return 0;
    case KEY_SAMPLE:
        take_sample(target->out, text, state);
        return 0;
    case KEY_KEYS:
        take_keys(target->run, text, state);
        return 0;
    case KEY_SEED:
        target->out->seed = oc_take_number(text, 0, UINT64_MAX, state);
        return 0;
    case KEY_TIMEOUT:
        target->out->timeout_ms = (int)oc_take_number(text, 1, 3600, state) * 1000;
        return 0;
    case KEY_FORMAT:
        oc_take_format(&target->out->formats, text, state);
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, _("unexpected argument %s"), text);
        return 0;
    case ARGP_KEY_END:
        if (target->out->order == NULL || target->out->map == NULL || target->out->card_count == 0) {
            argp_error(state, _("--order, --map and --card are needed"));
        } else if (target->out->limit != NULL && !target->out->by_table) {
            argp_error(state, _("--aql goes with --sample plan"));
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int oc_accept_arguments_parse(oc_accept_arguments *out, oc_run_arguments *run, int argc, char **argv)
{
    static const struct argp argp = {options,
                                     take,
                                     NULL,
                                     "Look at delivered cards, each beside its line of the order, and write the batch "
                                     "sheet.\vNothing is changed on a "
                                     "card: it is read, the reading vectors are run, and with keys it is "
                                     "authenticated. The PIN of a map is presented "
                                     "once. Exit codes: 0 every card conforms and the whole sample was seen, 1 a card "
                                     "does not conform, 2 usage or bad "
                                     "input, 3 infrastructure, 6 undecided, 130 interrupted.",
                                     NULL,
                                     NULL,
                                     NULL};
    *out = (oc_accept_arguments){.output = "out", .seed = 1, .timeout_ms = 10000};
    *run = (oc_run_arguments){.card = "virtual",
                              .psam = "none",
                              .terminal = "virtual",
                              .via_inproc = true,
                              .jobs = 1,
                              .keys_shown = "profile",
                              .selection = {.id_regex = oc_submission_filter()},
                              .output = "out"};
    oc_diag diag = {0};
    oc_result keys = oc_keys_spec_parse(&run->keys, "profile", &diag);
    struct target target = {out, run};
    int code = oc_cli_parse(&argp, argc, argv, &target);
    run->profile_count = run->profiles[0] != NULL;
    run->seed = out->seed;
    run->timeout_ms = out->timeout_ms;
    run->strict = out->strict;
    run->reveal = out->reveal;
    out->limit = out->limit == NULL ? LIMIT : out->limit;
    return oc_is_ok(keys) ? code : OC_EXIT_INFRASTRUCTURE;
}
