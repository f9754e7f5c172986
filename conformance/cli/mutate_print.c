/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/mutate_print.h"

#include <string.h>

#include "conformance/cli/words.h"

/* Requirements that a mutant may not violate, and violates, that are shown of each. */
#define UNRELATED_SHOWN 3

struct printing {
    FILE *out;
    const oc_campaign *campaign;
    bool chinese;
};

/* As wide as their column in the table. */
static const char *const names[] = {[OC_MUTANT_CARD] = N_("card      "),     [OC_MUTANT_PSAM] = N_("PSAM      "),
                                    [OC_MUTANT_TERMINAL] = N_("terminal  "), [OC_MUTANT_HOST] = N_("back-end  "),
                                    [OC_MUTANT_ISSUER] = N_("issuer    "),   [OC_MUTANT_ACTORS] = N_("all       ")};

static void print_score(const struct printing *printing, enum oc_mutant_actor actor)
{
    const oc_mutant_score score = oc_campaign_score(printing->campaign, actor);
    unsigned part = oc_mutant_score_permyriad(&score);
    if (score.mutants > 0) {
        fprintf(printing->out, "%s %8zu %8zu %9zu %11zu %8zu %8zu %8zu %8zu %8zu  %3u.%02u %%\n", _(names[actor]),
                score.mutants, score.of[OC_MUTANT_KILLED], score.of[OC_MUTANT_SURVIVED],
                score.of[OC_MUTANT_EQUIVALENT], score.of[OC_MUTANT_ERROR] + score.of[OC_MUTANT_CONTRADICTED],
                score.by_requirement, score.by_check, score.by_case, score.unrelated, part / 100, part % 100);
    }
}

/* Once, in front of the first. */
static void print_title(const struct printing *printing, const char *title, bool *titled)
{
    if (!*titled) {
        fprintf(printing->out, "\n%s\n", title);
    }
    *titled = true;
}

static void print_mutant(const struct printing *printing, const oc_mutant *mutant, const char *what)
{
    fprintf(printing->out, "  %s (%s, %s): %s%s%s\n", mutant->id, mutant->violates, mutant->killed_by,
            printing->chinese ? mutant->title_zh : mutant->title_en, what == NULL ? "" : ": ",
            what == NULL ? "" : what);
}

typedef bool wanted(const oc_mutant_outcome *outcome);

static bool survived(const oc_mutant_outcome *outcome)
{
    return outcome->status == OC_MUTANT_SURVIVED;
}

static bool contradicted(const oc_mutant_outcome *outcome)
{
    return outcome->status == OC_MUTANT_CONTRADICTED;
}

static bool came_to_no_end(const oc_mutant_outcome *outcome)
{
    return outcome->status == OC_MUTANT_ERROR;
}

static bool killed_by_others(const oc_mutant_outcome *outcome)
{
    return outcome->status == OC_MUTANT_KILLED && !outcome->by_requirement;
}

static bool not_by_its_case(const oc_mutant_outcome *outcome)
{
    return outcome->status == OC_MUTANT_KILLED && outcome->by_requirement && !outcome->by_case;
}

static void print_those(const struct printing *printing, const char *title, wanted *is_wanted)
{
    const oc_campaign *campaign = printing->campaign;
    bool titled = false;
    for (size_t i = 0; i < campaign->count; i++) {
        const oc_mutant_outcome *outcome = &campaign->outcomes[i];
        if (campaign->done[i] && is_wanted(outcome)) {
            print_title(printing, title, &titled);
            print_mutant(printing, campaign->mutants[i], outcome->error);
        }
    }
}

static bool is_unrelated(const struct printing *printing, size_t mutant, const oc_kill *kill)
{
    return !oc_mutant_may_violate(printing->campaign->mutants[mutant], kill->requirement);
}

/* Its requirement stands at an unrelated kill before it. */
static bool is_repeated(const struct printing *printing, size_t mutant, size_t kill)
{
    const oc_kill *kills = printing->campaign->outcomes[mutant].kills;
    bool repeated = false;
    for (size_t i = 0; i < kill && !repeated; i++) {
        repeated = strcmp(kills[i].requirement, kills[kill].requirement) == 0;
    }
    return repeated;
}

static void print_beyond(const struct printing *printing, size_t mutant)
{
    const oc_mutant_outcome *outcome = &printing->campaign->outcomes[mutant];
    size_t shown = 0;
    fprintf(printing->out, "  %s (%zu):", printing->campaign->mutants[mutant]->id, outcome->unrelated);
    for (size_t k = 0; k < outcome->count && shown <= UNRELATED_SHOWN; k++) {
        const oc_kill *kill = &outcome->kills[k];
        if (is_unrelated(printing, mutant, kill) && !is_repeated(printing, mutant, k)) {
            fprintf(printing->out, " %s", shown == UNRELATED_SHOWN ? "..." : kill->requirement);
            shown++;
        }
    }
    fputc('\n', printing->out);
}

static void print_unrelated(const struct printing *printing)
{
    const oc_campaign *campaign = printing->campaign;
    bool titled = false;
    for (size_t i = 0; i < campaign->count; i++) {
        const oc_mutant_outcome *outcome = &campaign->outcomes[i];
        if (campaign->done[i] && outcome->status == OC_MUTANT_KILLED && outcome->unrelated > 0) {
            print_title(printing, _("Killed also where the catalogue does not expect it:"), &titled);
            print_beyond(printing, i);
        }
    }
}

static oc_result print_idle(const struct printing *printing)
{
    oc_idle idle = {0};
    oc_result r = oc_idle_count(&idle, printing->campaign);
    if (oc_is_ok(r) && idle.total.cases > 0) {
        fprintf(printing->out, "\n%s\n",
                _("Cases that kill nothing (of these: no mutant violates what they are about)"));
        for (size_t i = 0; i < idle.group_count; i++) {
            const oc_idle_group *group = &idle.groups[i];
            if (group->idle > 0) {
                fprintf(printing->out, "  %-24s %6zu / %6zu  (%zu)\n", group->name, group->idle, group->cases,
                        group->unbroken);
            }
        }
        fprintf(printing->out, "  %s               %6zu / %6zu  (%zu)\n", _(names[OC_MUTANT_ACTORS]), idle.total.idle,
                idle.total.cases, idle.total.unbroken);
    }
    oc_idle_free(&idle);
    return r;
}

oc_result oc_mutate_print(FILE *out, const oc_campaign *campaign, bool quick, bool chinese)
{
    const struct printing printing = {out, campaign, chinese};
    fputs(_("actor       mutants   killed  survived  equivalent   errors  by req. by check  by case   beyond     "
            "score\n"),
          out);
    for (int actor = 0; actor <= OC_MUTANT_ACTORS; actor++) {
        print_score(&printing, (enum oc_mutant_actor)actor);
    }
    print_those(&printing, _("Survivors:"), survived);
    print_those(&printing, _("Said to be equivalent, and found:"), contradicted);
    print_those(&printing, _("Nothing can be said of:"), came_to_no_end);
    print_those(&printing, _("Killed, but not by a case of the requirement that they violate:"), killed_by_others);
    print_those(&printing, _("Killed, but not by the case that is there for them:"), not_by_its_case);
    print_unrelated(&printing);
    return quick ? oc_ok() : print_idle(&printing);
}
