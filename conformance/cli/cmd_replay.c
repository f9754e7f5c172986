/* SPDX-License-Identifier: Apache-2.0 */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/words.h"
#include "conformance/replay/replay.h"
#include "sim/base/file.h"

/* onecard replay: recorded cases are judged again, from the record alone. */

#define PROFILES_MAX 16

enum { KEY_PASS = 0x100, KEY_PROFILE, KEY_VECTORS, KEY_CHANGED };

struct arguments {
    const char *record;
    oc_path_list ids;
    const char *pass;
    const char *profiles[PROFILES_MAX];
    size_t profile_count;
    oc_path_list vectors;
    bool any_vectors;
    bool quiet;
    bool verbose;
};

static const struct argp_option options[] = {
    {"pass", KEY_PASS, "ID", 0, "cases of that pass only, for example ssc-3.0/inproc", 0},
    {"profile", KEY_PROFILE, "FILE", 0, "card profile of the run, where it is none of the shipped ones", 0},
    {"vectors", KEY_VECTORS, "PATH", 0, "vectors of the run (default: the shipped ones)", 0},
    {"changed-vectors", KEY_CHANGED, 0, 0, "judge by the vectors at hand, also where they changed since the run", 0},
    {"quiet", 'q', 0, 0, "the last line only", 0},
    {"verbose", 'v', 0, 0, "a line for each case, also where nothing differs", 0},
    {0, 0, 0, 0, 0, 0},
};

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case KEY_PASS:
        out->pass = text;
        return 0;
    case KEY_PROFILE:
        if (out->profile_count == PROFILES_MAX) {
            argp_error(state, _("more than %d profiles"), PROFILES_MAX);
        }
        out->profiles[out->profile_count++] = text;
        return 0;
    case KEY_VECTORS:
        oc_take_path(&out->vectors, text, state);
        return 0;
    case KEY_CHANGED:
        out->any_vectors = true;
        return 0;
    case 'q':
        out->quiet = true;
        return 0;
    case 'v':
        out->verbose = true;
        return 0;
    case ARGP_KEY_ARG:
        if (out->record == NULL) {
            out->record = text;
        } else {
            oc_take_path(&out->ids, text, state);
        }
        return 0;
    case ARGP_KEY_END:
        if (out->record == NULL) {
            argp_error(state, _("which record? onecard replay out/result.xml [CASE...]"));
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

struct replaying {
    const oc_cli *cli;
    const struct arguments *arguments;
    oc_profile *profiles[2 * PROFILES_MAX];
    size_t profile_count;
    size_t same, differs, unanswered, not_judged;
};

static oc_result load_profile(struct replaying *replaying, const char *path, const char *id, const uint64_t *seed,
                              const oc_profile **out, oc_diag *diag)
{
    oc_profile *loaded = NULL;
    if (replaying->profile_count == sizeof replaying->profiles / sizeof replaying->profiles[0]) {
        return oc_fail(OC_E_LIMIT);
    }
    OC_TRY(oc_profile_load(&loaded, path, diag));
    replaying->profiles[replaying->profile_count++] = loaded;
    OC_TRY(seed == NULL ? oc_ok() : oc_profile_vary(loaded, *seed));
    *out = strcmp(oc_profile_id(loaded), id) == 0 ? loaded : NULL;
    return oc_ok();
}

/* oc_replay_options.profile: one that was named, else the shipped one of that file name. */
static oc_result find_profile(void *context, const char *id, const char *path, const uint64_t *seed,
                              const oc_profile **out, oc_diag *diag)
{
    struct replaying *replaying = context;
    char name[PATH_MAX];
    char shipped[PATH_MAX];
    char file[PATH_MAX];
    *out = NULL;
    if (id == NULL) {
        return oc_diag_fail(diag, OC_E_NOT_FOUND, _("the record does not tell the profile"));
    }
    for (size_t i = 0; i < replaying->arguments->profile_count && *out == NULL; i++) {
        OC_TRY(load_profile(replaying, replaying->arguments->profiles[i], id, seed, out, diag));
    }
    snprintf(name, sizeof name, "%s", path == NULL ? "" : path);
    OC_TRY(oc_file_join(file, sizeof file, "vectors/cards", basename(name)));
    OC_TRY(oc_cli_data_path(replaying->cli, shipped, file));
    if (*out == NULL && path != NULL) {
        oc_result r = load_profile(replaying, shipped, id, seed, out, diag);
        if (!oc_is_ok(r) && r.code != OC_E_NOT_FOUND && r.code != OC_E_IO) {
            return r;
        }
    }
    return *out != NULL
               ? oc_ok()
               : oc_diag_fail(diag, OC_E_NOT_FOUND, _("the profile %s is not at hand: name it by --profile"), id);
}

static void tell(void *context, const oc_replay_finding *finding)
{
    struct replaying *replaying = context;
    const struct arguments *arguments = replaying->arguments;
    static const char *const words[] = {[OC_REPLAY_SAME] = N_("same"),
                                        [OC_REPLAY_DIFFERS] = N_("DIFFERS"),
                                        [OC_REPLAY_UNANSWERED] = N_("cannot be replayed"),
                                        [OC_REPLAY_NOT_JUDGED] = N_("was not judged")};
    size_t *const counters[] = {[OC_REPLAY_SAME] = &replaying->same,
                                [OC_REPLAY_DIFFERS] = &replaying->differs,
                                [OC_REPLAY_UNANSWERED] = &replaying->unanswered,
                                [OC_REPLAY_NOT_JUDGED] = &replaying->not_judged};
    (*counters[finding->outcome])++;
    bool dull = finding->outcome == OC_REPLAY_SAME || finding->outcome == OC_REPLAY_NOT_JUDGED;
    if (arguments->quiet || (dull && !arguments->verbose && arguments->ids.count == 0)) {
        return;
    }
    printf("%-14s %s  %s: %s", oc_verdict_name(finding->then), finding->pass, finding->id, _(words[finding->outcome]));
    if (finding->outcome == OC_REPLAY_DIFFERS) {
        printf(_(", now %s"), oc_verdict_name(finding->now));
    }
    if (finding->why != NULL && finding->outcome != OC_REPLAY_NOT_JUDGED) {
        printf(": %s", finding->why);
    }
    if (finding->unknown_bytes > 0) {
        printf(_(" (%zu bytes are masked in the record and stand as zeros)"), finding->unknown_bytes);
    }
    putchar('\n');
}

static oc_result replay(struct replaying *replaying, oc_diag *diag)
{
    const struct arguments *arguments = replaying->arguments;
    char folder[PATH_MAX];
    char schema[PATH_MAX];
    oc_vectors *vectors = NULL;
    oc_catalogue *catalogue = NULL;
    OC_TRY(oc_cli_data_path(replaying->cli, folder, "vectors"));
    OC_TRY(oc_cli_data_path(replaying->cli, schema, "vectors/schema/vectors.xsd"));
    const char *all[] = {folder};
    bool given = arguments->vectors.count > 0;
    oc_result r = oc_vectors_load(&vectors, given ? arguments->vectors.at : all, given ? arguments->vectors.count : 1,
                                  schema, diag);
    if (oc_is_ok(r)) {
        r = oc_catalogue_load(&catalogue, folder, diag);
    }
    if (oc_is_ok(r)) {
        const oc_vectors *const list[] = {vectors};
        const oc_replay_options wanted = {.record_path = arguments->record,
                                          .ids = arguments->ids.at,
                                          .id_count = arguments->ids.count,
                                          .pass = arguments->pass,
                                          .vectors = list,
                                          .vectors_count = 1,
                                          .catalogue = catalogue,
                                          .vectors_folder = folder,
                                          .profile = find_profile,
                                          .any_vectors = arguments->any_vectors,
                                          .tell = tell,
                                          .context = replaying};
        r = oc_replay(&wanted, diag);
    }
    oc_catalogue_free(&catalogue);
    oc_vectors_free(&vectors);
    return r;
}

int oc_command_replay(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        options,
        take,
        "RECORD [CASE...]",
        "Judge recorded cases once more, offline: what card, terminal and back-end "
        "answered is taken from the record.\v"
        "Exit code: 0 the verdicts are the same, 1 one differs, 6 one could not be replayed.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {0};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    struct replaying replaying = {.cli = cli, .arguments = &arguments};
    oc_diag diag = {0};
    oc_result r = replay(&replaying, &diag);
    for (size_t i = 0; i < replaying.profile_count; i++) {
        oc_profile_free(&replaying.profiles[i]);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return oc_cli_input_exit(r);
    }
    printf(_("%zu the same, %zu differ, %zu cannot be replayed, %zu were not judged\n"), replaying.same,
           replaying.differs, replaying.unanswered, replaying.not_judged);
    return replaying.differs > 0                        ? OC_EXIT_FAIL
           : replaying.unanswered > 0                   ? OC_EXIT_INCONCLUSIVE
           : replaying.same + replaying.not_judged == 0 ? OC_EXIT_NOTHING
                                                        : OC_EXIT_OK;
}
