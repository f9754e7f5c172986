/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/mutate/campaign.h"

#include <ftw.h>
#include <limits.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "conformance/mutate/child.h"
#include "conformance/mutate/launch.h"
#include "sim/base/file.h"
#include "sim/base/visible.h"

#define LOG_MAX ((size_t)1024 * 1024)
#define DEPTH_MAX 16

struct state {
    oc_campaign *campaign;
    const oc_campaign_plan *plan;
    const size_t *todo; /* numbers of mutants */
    size_t planned;
    size_t ended;
    oc_diag *diag;
};

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void remove_folder(const char *folder)
{
    (void)nftw(folder, remove_one, DEPTH_MAX, FTW_DEPTH | FTW_PHYS);
}

/* Exit codes with which a run says that it came to its end (conformance/cli). */
static bool ended_well(const oc_child_end *end)
{
    return end->signal == 0 && !end->timed_out &&
           (end->code == 0 || end->code == 1 || end->code == 5 || end->code == 6);
}

/* What the program said last, on one line. */
static void last_words(const oc_launch *launch, char *out, size_t room)
{
    char path[PATH_MAX];
    oc_buf log = {0};
    oc_diag ignored = {0};
    out[0] = '\0';
    if (oc_is_ok(oc_file_join(path, sizeof path, launch->work, "said")) &&
        oc_is_ok(oc_file_read(&log, path, LOG_MAX, &ignored)) && log.len > 0) {
        size_t end = log.len;
        while (end > 0 && log.at[end - 1] == '\n') {
            end--;
        }
        size_t begin = end;
        while (begin > 0 && log.at[begin - 1] != '\n') {
            begin--;
        }
        snprintf(out, room, "%.*s", (int)(end - begin), (const char *)log.at + begin);
    }
    oc_buf_free(&log);
}

static const char *why_not(oc_arena *arena, const oc_launch *launch, const oc_child_end *end, unsigned seconds)
{
    char words[256];
    last_words(launch, words, sizeof words);
    if (end->timed_out) {
        return oc_arena_format(arena, "the run did not end within %u s", seconds);
    }
    if (end->signal != 0) {
        return oc_arena_format(arena, "the run was ended by signal %d: %s", end->signal, words);
    }
    return oc_arena_format(arena, "the run ended with exit code %d: %s", end->code, words);
}

static oc_result start(const oc_launch *launch, unsigned seconds, oc_child_end *end, oc_diag *diag)
{
    char log[PATH_MAX];
    remove_folder(launch->work);
    OC_TRY(oc_file_make_folder(launch->work, diag));
    OC_TRY(oc_file_join(log, sizeof log, launch->work, "said"));
    const oc_child_order child = {launch->argv, launch->environment, log, seconds};
    return oc_child_run(&child, end, diag);
}

static oc_result read_record(oc_verdicts *out, const oc_launch *launch, bool whole, oc_diag *diag)
{
    char record[PATH_MAX];
    OC_TRY(oc_file_join(record, sizeof record, launch->work, "result.xml"));
    return oc_verdicts_read(out, record, whole, diag);
}

/* Mutants, in processes of the pool: each leaves a file. */

static oc_result outcome_path(const oc_campaign_plan *plan, const oc_mutant *mutant, char out[PATH_MAX])
{
    char folder[PATH_MAX];
    char name[128];
    snprintf(name, sizeof name, "%s.xml", mutant->id);
    OC_TRY(oc_file_join(folder, sizeof folder, plan->output, "mutants"));
    return oc_file_join(out, PATH_MAX, folder, name);
}

static oc_result find_out(const oc_campaign_group *group, const oc_mutant *mutant, const oc_launch *launch,
                          oc_mutant_outcome *outcome)
{
    oc_child_end end;
    oc_verdicts judged = {0};
    oc_diag diag = {0};
    oc_result r = start(launch, group->run->seconds, &end, &diag);
    outcome->wall_ms = end.wall_ms;
    outcome->cpu_ms = end.cpu_ms;
    if (oc_is_ok(r) && !ended_well(&end)) {
        outcome->error = why_not(&outcome->arena, launch, &end, group->run->seconds);
    } else if (oc_is_ok(r)) {
        r = read_record(&judged, launch, false, &diag);
        if (oc_is_ok(r)) {
            r = oc_mutant_outcome_take(outcome, &judged, mutant);
        }
    }
    if (!oc_is_ok(r)) {
        outcome->error = oc_arena_format(&outcome->arena, "%s:%ld: %s", diag.file, diag.line,
                                         diag.reason[0] == '\0' ? oc_code_sentence(r.code) : diag.reason);
    }
    oc_verdicts_free(&judged);
    return oc_ok();
}

static oc_result run_mutant(const struct state *state, size_t number, oc_diag *diag)
{
    const oc_campaign *campaign = state->campaign;
    const oc_mutant *mutant = campaign->mutants[number];
    const oc_campaign_group *group = &campaign->groups[campaign->group_of[number]];
    const oc_launch *launch = &campaign->launches[number];
    char path[PATH_MAX];
    oc_mutant_outcome outcome = {0};
    OC_TRY(outcome_path(state->plan, mutant, path));
    oc_result r = oc_launch_key(launch, group, mutant, outcome.key);
    if (oc_is_ok(r)) {
        r = find_out(group, mutant, launch, &outcome);
    }
    if (oc_is_ok(r)) {
        oc_mutant_outcome_weigh(&outcome, mutant);
        r = oc_mutant_outcome_save(&outcome, mutant, path, diag);
    }
    if (oc_is_ok(r) && outcome.status != OC_MUTANT_ERROR) {
        remove_folder(launch->work);
    }
    oc_mutant_outcome_free(&outcome);
    return r;
}

static bool work(void *context, size_t at)
{
    const struct state *state = context;
    oc_diag diag = {0};
    return oc_is_ok(run_mutant(state, state->todo[at], &diag));
}

static void take(struct state *state, size_t number, bool ok)
{
    oc_campaign *campaign = state->campaign;
    const oc_mutant *mutant = campaign->mutants[number];
    oc_mutant_outcome *outcome = &campaign->outcomes[number];
    char path[PATH_MAX];
    oc_diag diag = {0};
    if (!ok || !oc_is_ok(outcome_path(state->plan, mutant, path)) ||
        !oc_is_ok(oc_mutant_outcome_load(outcome, mutant, path, state->plan->schema, &diag))) {
        *outcome = (oc_mutant_outcome){.error = "its outcome could not be written or read again"};
        oc_mutant_outcome_weigh(outcome, mutant);
    }
    campaign->done[number] = true;
    bool bad = outcome->status != OC_MUTANT_KILLED && outcome->status != OC_MUTANT_EQUIVALENT;
    if (state->plan->progress != NULL) {
        state->plan->progress(state->plan->context, mutant->id, bad, ++state->ended, state->planned);
    }
}

static void take_ended(void *context, size_t at, bool ok)
{
    struct state *state = context;
    take(state, state->todo[at], ok);
}

/* An earlier outcome of the same run. */
static bool is_known(const struct state *state, size_t number)
{
    const oc_campaign *campaign = state->campaign;
    const oc_mutant *mutant = campaign->mutants[number];
    const oc_campaign_group *group = &campaign->groups[campaign->group_of[number]];
    char path[PATH_MAX];
    char key[OC_MUTANT_KEY_ROOM] = "";
    oc_mutant_outcome earlier = {0};
    oc_diag ignored = {0};
    bool known = oc_is_ok(oc_launch_key(&campaign->launches[number], group, mutant, key)) &&
                 oc_is_ok(outcome_path(state->plan, mutant, path)) &&
                 oc_is_ok(oc_mutant_outcome_load(&earlier, mutant, path, state->plan->schema, &ignored)) &&
                 strcmp(earlier.key, key) == 0 && earlier.status != OC_MUTANT_ERROR;
    oc_mutant_outcome_free(&earlier);
    return known;
}

static oc_result run_mutants(struct state *state)
{
    oc_campaign *campaign = state->campaign;
    size_t *todo = calloc(campaign->count + 1, sizeof *todo);
    size_t count = 0;
    if (todo == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    state->planned = campaign->count;
    for (size_t i = 0; i < campaign->count; i++) {
        if (state->plan->resume && is_known(state, i)) {
            take(state, i, true);
        } else {
            todo[count++] = i;
        }
    }
    state->todo = todo;
    const oc_pool pool = {count, state->plan->jobs, work, take_ended, state, state->plan->stop};
    oc_result r = oc_pool_run(&pool, state->diag);
    free(todo);
    return r;
}

/* The right implementation */

static const oc_launch *launch_of_right(const oc_campaign *campaign, const oc_campaign_group *group)
{
    return &campaign->launches[campaign->count + (size_t)(group - campaign->groups)];
}

static bool work_right(void *context, size_t at)
{
    const struct state *state = context;
    const oc_campaign_group *group = &state->campaign->groups[at];
    const oc_launch *launch = launch_of_right(state->campaign, group);
    oc_child_end end;
    oc_diag diag = {0};
    char path[PATH_MAX];
    char text[64];
    if (!oc_is_ok(start(launch, group->run->seconds, &end, &diag)) ||
        !oc_is_ok(oc_file_join(path, sizeof path, launch->work, "time"))) {
        return false;
    }
    snprintf(text, sizeof text, "%llu %llu\n", (unsigned long long)end.wall_ms, (unsigned long long)end.cpu_ms);
    return oc_is_ok(oc_file_replace(path, oc_span_text(text), &diag)) && ended_well(&end);
}

static void note_right(void *context, size_t at, bool ok)
{
    const struct state *state = context;
    if (!ok) {
        state->campaign->groups[at].digest[0] = '-'; /* no record */
    }
}

static void read_times(oc_campaign_group *group, const oc_launch *launch)
{
    char path[PATH_MAX];
    oc_buf text = {0};
    oc_diag ignored = {0};
    if (oc_is_ok(oc_file_join(path, sizeof path, launch->work, "time")) &&
        oc_is_ok(oc_file_read(&text, path, 64, &ignored)) && text.len > 0) {
        char *end = NULL;
        text.at[text.len - 1] = '\0';
        group->wall_ms = strtoull((const char *)text.at, &end, 10);
        group->cpu_ms = strtoull(end, NULL, 10);
    }
    oc_buf_free(&text);
}

static oc_result digest_cases(oc_campaign_group *group)
{
    const char **texts = calloc(3 * group->right.count + 1, sizeof *texts);
    size_t count = 0;
    if (texts == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < group->right.count; i++) {
        texts[count++] = group->right.cases[i].pass;
        texts[count++] = group->right.cases[i].id;
        texts[count++] = oc_report_verdict_name(group->right.cases[i].verdict);
    }
    oc_result r = oc_digest_texts(group->digest, texts, count);
    free(texts);
    return r;
}

static oc_result check_right(const oc_campaign_group *group, oc_diag *diag)
{
    const oc_mutant_run *run = group->run;
    if (group->right.judged == 0) {
        return oc_diag_fail_at(diag, OC_E_UNAVAILABLE, run->file, run->line, "run %s judges no case", run->name);
    }
    for (size_t i = 0; i < group->right.count; i++) {
        const oc_verdict_case *one = &group->right.cases[i];
        if (oc_verdicts_mismatch(one) || one->verdict == OC_REPORT_ERROR) {
            return oc_diag_fail_at(diag, OC_E_UNAVAILABLE, run->file, run->line,
                                   "run %s is not clean without a mutant: %s is %s: %s", run->name, one->id,
                                   oc_report_verdict_name(one->verdict), one->reason == NULL ? "" : one->reason);
        }
    }
    return oc_ok();
}

static oc_result read_right(const struct state *state, oc_campaign_group *group, oc_diag *diag)
{
    const oc_launch *launch = launch_of_right(state->campaign, group);
    char words[256];
    last_words(launch, words, sizeof words);
    if (group->digest[0] == '-') {
        return oc_diag_fail_at(diag, OC_E_UNAVAILABLE, group->run->file, group->run->line,
                               "run %s came to no end without a mutant: %s", group->run->name, words);
    }
    OC_TRY(read_record(&group->right, launch, true, diag));
    read_times(group, launch);
    OC_TRY(check_right(group, diag));
    OC_TRY(digest_cases(group));
    remove_folder(launch->work);
    return oc_ok();
}

static oc_result run_right(struct state *state)
{
    oc_campaign *campaign = state->campaign;
    const oc_pool pool = {campaign->group_count, state->plan->jobs, work_right, note_right, state, state->plan->stop};
    OC_TRY(oc_pool_run(&pool, state->diag));
    for (size_t i = 0; i < campaign->group_count && *state->plan->stop == 0; i++) {
        OC_TRY(read_right(state, &campaign->groups[i], state->diag));
    }
    return oc_ok();
}

/* Selection */

static bool same_texts(const oc_mutant_texts *a, const oc_mutant_texts *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = strcmp(a->at[i], b->at[i]) == 0;
    }
    return same;
}

static size_t group_of(oc_campaign *campaign, const oc_mutant *mutant)
{
    const oc_mutant_texts *profiles = mutant->profiles.count > 0 ? &mutant->profiles : &mutant->run->profiles;
    size_t i = 0;
    while (i < campaign->group_count &&
           (campaign->groups[i].run != mutant->run || !same_texts(campaign->groups[i].profiles, profiles))) {
        i++;
    }
    if (i == campaign->group_count) {
        campaign->groups[campaign->group_count++] = (oc_campaign_group){
            .run = mutant->run, .profiles = profiles, .actor = mutant->actor};
    }
    return i;
}

static oc_result select_mutants(oc_campaign *out, const oc_campaign_plan *plan, oc_diag *diag)
{
    regex_t regex;
    size_t count = oc_mutants_count(plan->mutants);
    size_t named = 0;
    if (regcomp(&regex, plan->pattern == NULL ? "" : plan->pattern, REG_EXTENDED | REG_NOSUB) != 0) {
        return oc_diag_fail(diag, OC_E_USAGE, "%s is no regular expression", plan->pattern);
    }
    out->mutants = calloc(count + 1, sizeof(const oc_mutant *));
    out->group_of = calloc(count + 1, sizeof *out->group_of);
    out->outcomes = calloc(count + 1, sizeof *out->outcomes);
    out->done = calloc(count + 1, sizeof *out->done);
    out->groups = calloc(count + 1, sizeof *out->groups);
    oc_result r = oc_ok();
    bool room = out->mutants != NULL && out->group_of != NULL && out->outcomes != NULL && out->done != NULL &&
                out->groups != NULL;
    for (size_t i = 0; room && i < count && oc_is_ok(r); i++) {
        const oc_mutant *mutant = oc_mutants_at(plan->mutants, i);
        bool is_named = regexec(&regex, mutant->id, 0, NULL, 0) == 0;
        bool is_here = plan->shards == 0 || named % plan->shards == plan->shard - 1;
        named += is_named;
        r = is_named ? oc_mutant_check(mutant, plan->vectors, plan->requirements, diag) : oc_ok();
        if (is_named && is_here) {
            out->mutants[out->count] = mutant;
            out->group_of[out->count++] = group_of(out, mutant);
        }
    }
    regfree(&regex);
    if (room && out->count == 0) {
        return oc_diag_fail(diag, OC_E_NOT_FOUND, "no mutant is called so: %s",
                            plan->pattern == NULL ? "" : plan->pattern);
    }
    return room ? r : oc_fail(OC_E_MEMORY);
}

static oc_result make_folder(const oc_campaign_plan *plan, const char *name, oc_diag *diag)
{
    char path[PATH_MAX];
    OC_TRY(oc_file_join(path, sizeof path, plan->output, name));
    return oc_file_make_folder(path, diag);
}

static oc_result make_launches(oc_campaign *out, const oc_campaign_plan *plan, oc_diag *diag)
{
    out->launches = calloc(out->count + out->group_count + 1, sizeof *out->launches);
    if (out->launches == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < out->count; i++) {
        OC_TRY(oc_launch_make(&out->launches[i], plan, &out->groups[out->group_of[i]], out->mutants[i], out, diag));
    }
    for (size_t i = 0; i < out->group_count; i++) {
        OC_TRY(oc_launch_make(&out->launches[out->count + i], plan, &out->groups[i], NULL, out, diag));
    }
    return oc_ok();
}

oc_result oc_campaign_prepare(oc_campaign *out, const oc_campaign_plan *plan, oc_diag *diag)
{
    *out = (oc_campaign){0};
    oc_result r = select_mutants(out, plan, diag);
    if (oc_is_ok(r)) {
        r = make_launches(out, plan, diag);
    }
    if (!oc_is_ok(r)) {
        oc_campaign_free(out);
    }
    return r;
}

oc_result oc_campaign_run(oc_campaign *campaign, const oc_campaign_plan *plan, oc_diag *diag)
{
    struct state state = {.campaign = campaign, .plan = plan, .diag = diag};
    OC_TRY(make_folder(plan, "mutants", diag));
    OC_TRY(make_folder(plan, "work", diag));
    OC_TRY(run_right(&state));
    if (*plan->stop == 0) {
        OC_TRY(run_mutants(&state));
    }
    campaign->interrupted = *plan->stop != 0;
    return oc_ok();
}

void oc_campaign_free(oc_campaign *campaign)
{
    for (size_t i = 0; i < campaign->count && campaign->outcomes != NULL; i++) {
        oc_mutant_outcome_free(&campaign->outcomes[i]);
    }
    for (size_t i = 0; i < campaign->group_count; i++) {
        oc_verdicts_free(&campaign->groups[i].right);
    }
    for (size_t i = 0; i < campaign->count + campaign->group_count && campaign->launches != NULL; i++) {
        oc_launch_free(&campaign->launches[i]);
    }
    free(campaign->launches);
    free(campaign->mutants);
    free(campaign->group_of);
    free(campaign->outcomes);
    free(campaign->done);
    free(campaign->groups);
    *campaign = (oc_campaign){0};
}
