/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "conformance/cli/cli.h"
#include "conformance/cli/words.h"
#include "reports/compare/compare.h"

/* onecard compare: a result record beside an earlier one. */

enum { KEY_FORCE = 0x100, KEY_VERDICTS_ONLY, KEY_SUBSET, KEY_JSON, KEY_LEAST_PERCENT, KEY_LEAST_US };

struct arguments {
    const char *records[2];
    size_t count;
    const char *lang;
    bool json;
    oc_compare_options options;
};

/* A plain decimal number; 0 means its own default to oc_compare, so the least stands for it. */
static double take_decimal(const char *text, struct argp_state *state)
{
    char *end = NULL;
    bool plain = text[0] != '\0' && strspn(text, "0123456789.") == strlen(text) && strlen(text) < 12;
    double value = plain ? strtod(text, &end) : 0;
    if (!plain || *end != '\0') {
        argp_error(state, _("a decimal number is wanted, not %s"), text);
    }
    return value > 0 ? value : 1e-9;
}

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case KEY_FORCE:
        out->options.force = true;
        return 0;
    case KEY_VERDICTS_ONLY:
        out->options.verdicts_only = true;
        return 0;
    case KEY_SUBSET:
        out->options.subset = true;
        return 0;
    case KEY_JSON:
        out->json = true;
        return 0;
    case KEY_LEAST_PERCENT:
        out->options.least_share = take_decimal(text, state) / 100;
        return 0;
    case KEY_LEAST_US:
        out->options.least_ns = take_decimal(text, state) * 1000;
        return 0;
    case 'l':
        out->lang = text;
        return 0;
    case ARGP_KEY_ARG:
        if (out->count == 2) {
            argp_error(state, _("two records: the base and the new one"));
        }
        out->records[out->count++] = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option compare_options[] = {
    {"force", KEY_FORCE, 0, 0, "compare latency also when the machines differ", 0},
    {"verdicts-only", KEY_VERDICTS_ONLY, 0, 0, "leave latency out", 0},
    {"subset", KEY_SUBSET, 0, 0, "the new run was of fewer cases on purpose: missing ones are no regression", 0},
    {"least-percent", KEY_LEAST_PERCENT, "N", 0, "a change of latency counts when it is more than N percent (5)", 0},
    {"least-us", KEY_LEAST_US, "N", 0, "and more than N microseconds (50)", 0},
    {"json", KEY_JSON, 0, 0, "one JSON object instead of text", 0},
    {"lang", 'l', "LANG", 0, "en or zh", 0},
    {0, 0, 0, 0, 0, 0},
};

static int compare(const struct arguments *arguments)
{
    oc_comparison *comparison = NULL;
    oc_diag diag = {0};
    oc_result r = oc_compare(&comparison, arguments->records[0], arguments->records[1], &arguments->options, &diag);
    if (oc_is_ok(r)) {
        r = arguments->json ? oc_comparison_json(comparison, stdout)
                            : oc_comparison_print(comparison, stdout, arguments->lang);
    }
    int code = OC_EXIT_OK;
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        code = r.code == OC_E_IO ? OC_EXIT_INFRASTRUCTURE : oc_cli_input_exit(r);
    } else if (oc_comparison_regressed(comparison)) {
        code = OC_EXIT_FAIL;
    }
    oc_comparison_free(&comparison);
    return code;
}

int oc_command_compare(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        compare_options,
        take,
        "BASE.xml NEW.xml",
        "Compare a result record with an earlier one: new failures, what was fixed, what is missing, what became "
        "slower. "
        "A series counts as slower when a rank test says so (p < 0.01, adjusted over all series) and the 99 % "
        "interval "
        "of the ratio of its p50 or p95 lies above 1, and the change is of weight.\vExit codes: 0 no regression, 1 a "
        "regression, 2 usage, bad input or different machines, 3 output that cannot be written.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {.lang = cli->lang};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    if (arguments.count != 2) {
        fprintf(stderr, _("onecard compare: which two records? BASE.xml NEW.xml\n"));
        return OC_EXIT_USAGE;
    }
    return compare(&arguments);
}
