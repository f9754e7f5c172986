/* SPDX-License-Identifier: Apache-2.0 */
#include <libgen.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/cli/arguments.h"
#include "conformance/cli/cli.h"
#include "conformance/cli/mutate_print.h"
#include "conformance/cli/progress.h"
#include "conformance/cli/run_shard.h"
#include "conformance/cli/stop.h"
#include "conformance/cli/words.h"
#include "sim/base/clock.h"
#include "sim/base/xml.h"

/* onecard mutate: does the suite find what is wrong? */

#define JOBS_MAX 256

struct arguments {
    const char *catalogue;
    const char *pattern;
    const char *output;
    unsigned jobs;
    unsigned shard, shards;
    bool quick, resume, quiet;
};

enum { KEY_CATALOGUE = 256, KEY_QUICK, KEY_RESUME, KEY_SHARD };

static const struct argp_option options[] = {
    {"catalogue", KEY_CATALOGUE, "DIR", 0, "mutants in place of the project's own (vectors/schema/mutants.xsd)", 0},
    {"filter", 'k', "REGEX", 0, "mutants whose id matches", 0},
    {"shard", KEY_SHARD, "I/N", 0, "part I of N of these", 0},
    {"jobs", 'j', "N", 0, "runs at the same time (default: the machine's processors)", 0},
    {"quick", KEY_QUICK, 0, 0, "each mutant meets nothing but the case that is there for it", 0},
    {"resume", KEY_RESUME, 0, 0, "leave what the output folder tells already of the same mutants and cases", 0},
    {"output", 'o', "DIR", 0, "folder for mutation.xml and matrix.csv (default mutation)", 0},
    {"quiet", 'q', 0, 0, "no progress", 0},
    {0, 0, 0, 0, 0, 0},
};

static error_t take(int key, char *text, struct argp_state *state)
{
    struct arguments *out = state->input;
    switch (key) {
    case 'j':
        out->jobs = (unsigned)oc_take_number(text, 1, JOBS_MAX, state);
        return 0;
    case KEY_SHARD:
        if (!oc_shard_parse(text, &out->shard, &out->shards)) {
            argp_error(state, _("--shard takes I/N with 1 <= I <= N <= %u, not %s"), OC_SHARDS_MAX, text);
        }
        return 0;
    case KEY_QUICK:
        out->quick = true;
        return 0;
    case KEY_RESUME:
        out->resume = true;
        return 0;
    case 'q':
        out->quiet = true;
        return 0;
    default:
        break;
    }
    const oc_text_option texts[] = {{KEY_CATALOGUE, &out->catalogue}, {'k', &out->pattern}, {'o', &out->output}};
    return oc_take_text(texts, sizeof texts / sizeof texts[0], key, text, state);
}

struct loaded {
    oc_mutants *mutants;
    oc_vectors *vectors;
    oc_catalogue *requirements;
    oc_xml_schema *schema;
    char vectors_folder[PATH_MAX];
    char build_folder[PATH_MAX];
};

static oc_result load_catalogue(struct loaded *out, const oc_cli *cli, const struct arguments *arguments,
                                oc_diag *diag)
{
    char own[PATH_MAX];
    char schema[PATH_MAX];
    OC_TRY(oc_cli_data_path(cli, own, "tests/mutants/catalogue"));
    OC_TRY(oc_cli_data_path(cli, schema, "vectors/schema/mutants.xsd"));
    if (arguments->catalogue == NULL && access(own, R_OK) != 0) {
        return oc_diag_fail(diag, OC_E_USAGE,
                            _("the project's own mutants are not installed; --catalogue names others"));
    }
    return oc_mutants_load(&out->mutants, arguments->catalogue == NULL ? own : arguments->catalogue, schema, diag);
}

static oc_result load(struct loaded *out, const oc_cli *cli, const struct arguments *arguments, oc_diag *diag)
{
    char schema[PATH_MAX];
    OC_TRY(load_catalogue(out, cli, arguments, diag));
    OC_TRY(oc_cli_data_path(cli, out->vectors_folder, "vectors"));
    OC_TRY(oc_cli_data_path(cli, schema, "vectors/schema/vectors.xsd"));
    const char *folder = out->vectors_folder;
    OC_TRY(oc_vectors_load(&out->vectors, &folder, 1, schema, diag));
    OC_TRY(oc_catalogue_load(&out->requirements, folder, diag));
    OC_TRY(oc_cli_data_path(cli, schema, "reports/mutation.xsd"));
    OC_TRY(oc_xml_schema_new(&out->schema, schema, diag));
    ssize_t len = readlink("/proc/self/exe", out->build_folder, sizeof out->build_folder - 1);
    out->build_folder[len < 0 ? 0 : len] = '\0';
    (void)dirname(out->build_folder);
    return len > 0 ? oc_ok()
                   : oc_diag_fail(diag, OC_E_INTERNAL, _("the program cannot find itself; set ONECARD_DATA"));
}

static void unload(struct loaded *loaded)
{
    oc_mutants_free(&loaded->mutants);
    oc_vectors_free(&loaded->vectors);
    oc_catalogue_free(&loaded->requirements);
    oc_xml_schema_free(&loaded->schema);
}

static void show(void *context, const char *id, bool bad, size_t done, size_t planned)
{
    oc_progress_note(context, id, bad, done, planned, oc_clock_now_ns());
}

/* What is wrong with mutants counts before what is wrong with a run. */
static int exit_code(const oc_campaign *campaign)
{
    const oc_mutant_score score = oc_campaign_score(campaign, OC_MUTANT_ACTORS);
    if (campaign->interrupted) {
        return OC_EXIT_INTERRUPTED;
    }
    if (score.of[OC_MUTANT_SURVIVED] + score.of[OC_MUTANT_CONTRADICTED] > 0 ||
        score.by_requirement < score.of[OC_MUTANT_KILLED]) {
        return OC_EXIT_FAIL;
    }
    return score.of[OC_MUTANT_ERROR] > 0 ? OC_EXIT_INFRASTRUCTURE : OC_EXIT_OK;
}

static int mutate(const oc_cli *cli, const struct arguments *arguments, struct loaded *loaded)
{
    char began[40];
    oc_campaign campaign;
    oc_progress progress;
    oc_diag diag = {0};
    oc_clock now = oc_clock_wall();
    oc_clock_format(&now, began, sizeof began);
    const oc_campaign_plan plan = {.mutants = loaded->mutants,
                                   .vectors = loaded->vectors,
                                   .requirements = loaded->requirements,
                                   .pattern = arguments->pattern,
                                   .shard = arguments->shard,
                                   .shards = arguments->shards,
                                   .output = arguments->output,
                                   .build_folder = loaded->build_folder,
                                   .vectors_folder = loaded->vectors_folder,
                                   .schema = loaded->schema,
                                   .jobs = arguments->jobs,
                                   .quick = arguments->quick,
                                   .resume = arguments->resume,
                                   .stop = oc_stop_watch(false),
                                   .progress = show,
                                   .context = &progress};
    oc_result r = oc_campaign_prepare(&campaign, &plan, &diag);
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
        return r.code == OC_E_NOT_FOUND ? OC_EXIT_NOTHING : oc_cli_input_exit(r);
    }
    oc_vectors_free(&loaded->vectors);
    oc_catalogue_free(&loaded->requirements);
    malloc_trim(0);
    oc_progress_begin(&progress, stderr, arguments->quiet ? OC_PROGRESS_NONE : oc_progress_form_for(stderr),
                      oc_clock_now_ns());
    r = oc_campaign_run(&campaign, &plan, &diag);
    oc_progress_end(&progress);
    if (oc_is_ok(r)) {
        r = oc_campaign_write(&campaign, &plan, began, &diag);
    }
    if (oc_is_ok(r)) {
        r = oc_mutate_print(stdout, &campaign, arguments->quick, strcmp(cli->lang, "zh") == 0);
    }
    if (!oc_is_ok(r)) {
        oc_cli_complain(r, &diag);
    }
    int code = oc_is_ok(r) ? exit_code(&campaign) : oc_cli_world_exit(r);
    oc_campaign_free(&campaign);
    return code;
}

int oc_command_mutate(const oc_cli *cli, int argc, char **argv)
{
    static const struct argp argp = {
        options,
        take,
        NULL,
        "Run the suite against mutants, implementations with one defect each, and say which of them no case finds.\v"
        "First without a mutant, which has to pass. A mutant is killed by a FAIL or a DEVIATION; a run that comes to "
        "no "
        "end says nothing. Exit codes: 0 every mutant that is not equivalent was killed, by the requirement that it "
        "violates; 1 one was not; 2 usage or bad input; 3 infrastructure, or nothing can be said of a mutant; 4 "
        "nothing "
        "selected; 130 interrupted.",
        NULL,
        NULL,
        NULL};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct arguments arguments = {.output = "mutation",
                                  .jobs = processors < 1          ? 1
                                          : processors > JOBS_MAX ? JOBS_MAX
                                                                  : (unsigned)processors};
    struct loaded loaded = {0};
    oc_diag diag = {0};
    int code = oc_cli_parse(&argp, argc, argv, &arguments);
    if (code != OC_EXIT_OK) {
        return code;
    }
    oc_result r = load(&loaded, cli, &arguments, &diag);
    if (oc_is_ok(r)) {
        code = mutate(cli, &arguments, &loaded);
    } else {
        oc_cli_complain(r, &diag);
        code = oc_cli_input_exit(r);
    }
    unload(&loaded);
    return code;
}
