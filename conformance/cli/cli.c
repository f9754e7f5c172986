/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/cli.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/cli/help.h"
#include "conformance/cli/words.h"
#include "sim/base/file.h"

static bool holds_data(const char *folder)
{
    char schema[PATH_MAX];
    return oc_is_ok(oc_file_join(schema, sizeof schema, folder, "vectors/schema/vectors.xsd")) &&
           access(schema, R_OK) == 0;
}

oc_result oc_cli_find_data(oc_cli *cli, oc_diag *diag)
{
    const char *told = getenv("ONECARD_DATA");
    if (told != NULL && told[0] != '\0') {
        if (!holds_data(told) || !oc_is_ok(oc_file_join(cli->data, sizeof cli->data, "", told))) {
            return oc_diag_fail(diag, OC_E_USAGE, _("ONECARD_DATA names %.200s, which holds no vectors/schema"), told);
        }
        return oc_ok();
    }
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len <= 0) {
        return oc_diag_fail(diag, OC_E_INTERNAL, _("the program cannot find itself; set ONECARD_DATA"));
    }
    program[len] = '\0';
    /* build/<preset>/onecard in the source tree, or bin/onecard beside share/onecard. */
    static const char *const ways[] = {"../..", "../share/onecard", "../../.."};
    const char *folder = dirname(program);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        char candidate[PATH_MAX];
        char resolved[PATH_MAX];
        if (oc_is_ok(oc_file_join(candidate, sizeof candidate, folder, ways[i])) &&
            realpath(candidate, resolved) != NULL && holds_data(resolved)) {
            return oc_file_join(cli->data, sizeof cli->data, "", resolved);
        }
    }
    return oc_diag_fail(diag, OC_E_USAGE, _("vectors/schema is not found near the program; set ONECARD_DATA"));
}

oc_result oc_cli_data_path(const oc_cli *cli, char out[PATH_MAX], const char *name)
{
    return oc_file_join(out, PATH_MAX, cli->data, name);
}

oc_result oc_cli_load_profile(const oc_cli *cli, const char *file, oc_profile **out, oc_diag *diag)
{
    char path[PATH_MAX];
    OC_TRY(file != NULL ? oc_file_join(path, sizeof path, "", file)
                        : oc_cli_data_path(cli, path, "vectors/cards/ssc-3.0.xml"));
    return oc_profile_load(out, path, diag);
}

void oc_cli_complain(oc_result r, const oc_diag *diag)
{
    const char *reason = diag->reason[0] == '\0' ? _(oc_code_sentence(r.code)) : diag->reason;
    if (diag->file[0] != '\0' && diag->line > 0) {
        fprintf(stderr, "onecard: %s:%ld: %s\n", diag->file, diag->line, reason);
    } else if (diag->file[0] != '\0') {
        fprintf(stderr, "onecard: %s: %s\n", diag->file, reason);
    } else {
        fprintf(stderr, "onecard: %s\n", reason);
    }
}

int oc_cli_input_exit(oc_result r)
{
    return r.code == OC_E_MEMORY || r.code == OC_E_INTERNAL || r.code == OC_E_CRYPTO ? OC_EXIT_INFRASTRUCTURE
                                                                                     : OC_EXIT_USAGE;
}

int oc_cli_world_exit(oc_result r)
{
    return r.code == OC_E_USAGE ? OC_EXIT_USAGE : OC_EXIT_INFRASTRUCTURE;
}

#define KEY_USAGE 0x7FFF

/* argp has these two by itself, in the words of the C library, whose catalogues a small system lacks. */
static const struct argp_option common_options[] = {
    {"help", '?', 0, 0, "give this help list", -1},
    {"usage", KEY_USAGE, 0, 0, "give a short usage message", -1},
    {0, 0, 0, 0, 0, 0},
};

static error_t take_common(int key, char *text, struct argp_state *state)
{
    (void)text;
    switch (key) {
    case '?':
        oc_help_print(state->out_stream, state->root_argp, common_options, state->name);
        exit(fflush(state->out_stream) == 0 ? OC_EXIT_OK : OC_EXIT_INFRASTRUCTURE);
    case KEY_USAGE:
        argp_state_help(state, state->out_stream, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int oc_cli_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    static const struct argp common = {common_options, take_common, NULL, NULL, NULL, NULL, OC_WORDS_DOMAIN};
    static const struct argp_child children[] = {{&common, 0, NULL, -1}, {0}};
    struct argp own = *argp;
    own.children = children;
    own.argp_domain = OC_WORDS_DOMAIN;
    argp_err_exit_status = OC_EXIT_USAGE;
    return argp_parse(&own, argc, argv, ARGP_NO_HELP, NULL, input) == 0 ? OC_EXIT_OK : OC_EXIT_USAGE;
}

char *oc_cli_line(int argc, char **argv)
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
