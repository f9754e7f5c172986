/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/words.h"
#include "conformance/dialect/suite.h"
#include "reports/reports.h"

/* onecard coverage: what the vectors are about, and what a record says of it. */

struct arguments {
    oc_path_list paths;
    bool vectors; /* the paths are vectors, not a record */
    const char *lang;
};

enum { KEY_VECTORS = 256 };

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case KEY_VECTORS:
        out->vectors = true;
        return 0;
    case 'l':
        out->lang = text;
        return 0;
    case ARGP_KEY_ARG:
        oc_take_path(&out->paths, text, state);
        return 0;
    case ARGP_KEY_END:
        if (!out->vectors && out->paths.count > 1) {
            argp_error(state, _("one result record at a time"));
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"vectors", KEY_VECTORS, 0, 0, "take the paths as vectors, without a record", 0},
    {"lang", 'l', "LANG", 0, "language: en or zh", 0},
    {0, 0, 0, 0, 0, 0},
};

static oc_result load(const oc_cli *cli, const struct arguments *arguments, oc_vectors **out, oc_diag *diag)
{
    char folder[PATH_MAX];
    char schema[PATH_MAX];
    OC_TRY(oc_cli_data_path(cli, folder, "vectors"));
    OC_TRY(oc_cli_data_path(cli, schema, "vectors/schema/vectors.xsd"));
    const char *all[] = {folder};
    return arguments->vectors && arguments->paths.count > 0
               ? oc_vectors_load(out, arguments->paths.at, arguments->paths.count, schema, diag)
               : oc_vectors_load(out, all, 1, schema, diag);
}

static void cover(oc_covering *cases, size_t *count, const oc_case *subject)
{
    if (subject->retired) {
        return;
    }
    cases[(*count)++] = (oc_covering){subject->plain_id, subject->condition, subject->covers, subject->cover_count};
    for (size_t i = 0; i < subject->negative_count; i++) {
        cover(cases, count, &subject->negatives[i]);
    }
}

static oc_result print(const oc_vectors *vectors, const char *requirements, const char *result, const char *lang,
                       oc_diag *diag)
{
    size_t room = 1;
    size_t count = 0;
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        room += 1 + oc_vectors_case(vectors, i)->negative_count;
    }
    oc_covering *cases = calloc(room, sizeof *cases);
    if (cases == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < oc_vectors_count(vectors); i++) {
        cover(cases, &count, oc_vectors_case(vectors, i));
    }
    oc_result r = oc_report_coverage(stdout, requirements, cases, count, result, lang, diag);
    free(cases);
    return r;
}

int oc_command_coverage(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        options,
        take,
        "[RESULT.xml]\n--vectors [PATH...]",
        "Print each requirement with its conditions and cases, with their verdicts where a "
        "result record is given; then what is untested and why, and the numbers of "
        "requirements and of their pairs with conditions.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {.lang = cli->lang};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    const char *result = arguments.vectors || arguments.paths.count == 0 ? NULL : arguments.paths.at[0];
    char requirements[PATH_MAX];
    oc_vectors *vectors = NULL;
    oc_diag diag = {0};
    oc_result r = oc_cli_data_path(cli, requirements, "vectors/requirements");
    if (oc_is_ok(r)) {
        r = load(cli, &arguments, &vectors, &diag);
    }
    if (oc_is_ok(r)) {
        r = print(vectors, requirements, result, arguments.lang, &diag);
    }
    oc_vectors_free(&vectors);
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return oc_cli_input_exit(r);
    }
    return OC_EXIT_OK;
}
