/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/words.h"
#include "conformance/dialect/catalogue.h"
#include "conformance/dialect/lint.h"
#include "conformance/run/plan.h"
#include "conformance/specification/specification.h"

/* onecard list and onecard lint: vectors without a card. */

struct arguments {
    oc_path_list paths;
    oc_selection selection;
    const char *format;
};

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case 'k':
        out->selection.id_regex = text;
        return 0;
    case 't':
        out->selection.tag = text;
        return 0;
    case 'f':
        out->format = text;
        if (strcmp(text, "ids") != 0 && strcmp(text, "text") != 0 && strcmp(text, "html") != 0) {
            argp_error(state, _("--format takes text, ids or html, not %s"), text);
        }
        return 0;
    case ARGP_KEY_ARG:
        oc_take_path(&out->paths, text, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option list_options[] = {
    {"filter", 'k', "REGEX", 0, "cases whose id or official name matches", 0},
    {"tag", 't', "EXPR", 0, "as in onecard run", 0},
    {"format", 'f', "KIND", 0, "text (default), ids, or html: a document for those who will never run the cases", 0},
    {0, 0, 0, 0, 0, 0},
};
static const struct argp_option lint_options[] = {{0, 0, 0, 0, 0, 0}};

static oc_result load(const oc_cli *cli, const struct arguments *arguments, oc_vectors **vectors, oc_diag *diag)
{
    char folder[PATH_MAX];
    char schema[PATH_MAX];
    OC_TRY(oc_cli_data_path(cli, folder, "vectors"));
    OC_TRY(oc_cli_data_path(cli, schema, "vectors/schema/vectors.xsd"));
    const char *all[] = {folder};
    return arguments->paths.count > 0
               ? oc_vectors_load(vectors, arguments->paths.at, arguments->paths.count, schema, diag)
               : oc_vectors_load(vectors, all, 1, schema, diag);
}

static void print_case(const oc_case *subject, bool ids_only, const char *lang)
{
    if (ids_only) {
        printf("%s\n", subject->id);
    } else if (subject->twin == NULL) {
        printf("%s\n    %s\n", subject->id, lang[0] == 'z' ? subject->title_zh : subject->title_en);
    } else {
        printf("  - %s\n    %s (%s)\n", subject->id, subject->because, subject->edit_text);
    }
    for (size_t i = 0; i < subject->negative_count; i++) {
        print_case(&subject->negatives[i], ids_only, lang);
    }
}

static oc_result print_plan(const oc_cli *cli, const oc_plan *plan, const char *format, oc_diag *diag)
{
    if (strcmp(format, "html") == 0) {
        return oc_specification_write(stdout, plan, cli->data, diag);
    }
    bool ids_only = strcmp(format, "ids") == 0;
    for (size_t i = 0; i < plan->unit_count; i++) {
        print_case(plan->units[i], ids_only, cli->lang);
    }
    if (!ids_only) {
        printf(_("\n%zu cases, %zu of them negatives\n"), plan->case_count, plan->case_count - plan->unit_count);
    }
    return oc_ok();
}

int oc_command_list(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {list_options, take, "[PATH...]", "List the cases of vectors.", NULL, NULL, NULL};
    struct arguments arguments = {.format = "text"};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    oc_vectors *vectors = NULL;
    oc_plan plan = {0};
    oc_diag diag = {0};
    oc_result r = load(cli, &arguments, &vectors, &diag);
    if (oc_is_ok(r)) {
        r = oc_plan_make(&plan, vectors, &arguments.selection, &diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        code = oc_cli_input_exit(r);
    } else {
        code = plan.unit_count == 0 ? OC_EXIT_NOTHING : OC_EXIT_OK;
        r = print_plan(cli, &plan, arguments.format, &diag);
        if (!oc_is_ok(r)) {
            oc_cli_complain(r, &diag);
            code = OC_EXIT_INFRASTRUCTURE;
        }
    }
    oc_plan_free(&plan);
    oc_vectors_free(&vectors);
    return code;
}

static void print_finding(void *context, const char *file, long line, const char *reason)
{
    (void)context;
    fprintf(stderr, "%s:%ld: %s\n", file, line, reason);
}

int oc_command_lint(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        lint_options,
        take,
        "[PATH...]",
        "Check vectors against their schema and for what a schema cannot say: ids unique and never used again, "
        "requirements, terms, functions and captures known, lasting changes declared.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {.format = "text"};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    char folder[PATH_MAX];
    oc_vectors *vectors = NULL;
    oc_catalogue *catalogue = NULL;
    oc_diag diag = {0};
    oc_result r = oc_cli_data_path(cli, folder, "vectors");
    if (oc_is_ok(r)) {
        r = load(cli, &arguments, &vectors, &diag);
    }
    if (oc_is_ok(r)) {
        r = oc_catalogue_load(&catalogue, folder, &diag);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        code = oc_cli_input_exit(r);
    } else {
        size_t findings = oc_lint(vectors, catalogue, print_finding, NULL);
        printf(_("%zu cases in %zu files, %zu findings\n"), oc_vectors_count(vectors), oc_vectors_file_count(vectors),
               findings);
        code = findings == 0 ? OC_EXIT_OK : OC_EXIT_USAGE;
    }
    oc_catalogue_free(&catalogue);
    oc_vectors_free(&vectors);
    return code;
}
