/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/mutate/score.h"

#include <libxml/hash.h>
#include <stdlib.h>

#define WHOLE 10000u

void oc_mutant_score_add(oc_mutant_score *score, const oc_mutant_outcome *outcome)
{
    bool killed = outcome->status == OC_MUTANT_KILLED;
    score->mutants++;
    score->of[outcome->status]++;
    score->by_requirement += killed && outcome->by_requirement;
    score->by_check += killed && outcome->by_check;
    score->by_case += killed && outcome->by_case;
    score->unrelated += killed && outcome->unrelated > 0;
}

unsigned oc_mutant_score_permyriad(const oc_mutant_score *score)
{
    size_t counted = score->mutants - score->of[OC_MUTANT_EQUIVALENT];
    return counted == 0 ? WHOLE : (unsigned)(score->of[OC_MUTANT_KILLED] * WHOLE / counted);
}

oc_mutant_score oc_campaign_score(const oc_campaign *campaign, enum oc_mutant_actor actor)
{
    oc_mutant_score score = {0};
    for (size_t i = 0; i < campaign->count; i++) {
        if (campaign->done[i] && (actor == OC_MUTANT_ACTORS || campaign->mutants[i]->actor == actor)) {
            oc_mutant_score_add(&score, &campaign->outcomes[i]);
        }
    }
    return score;
}

/* What is in a set; the value of each is this. */
static char present;

static bool put(xmlHashTable *set, const char *name)
{
    return xmlHashLookup(set, (const xmlChar *)name) != NULL ||
           xmlHashAddEntry(set, (const xmlChar *)name, &present) == 0;
}

static bool is_in(xmlHashTable *set, const char *name)
{
    return xmlHashLookup(set, (const xmlChar *)name) != NULL;
}

struct counting {
    oc_idle *out;
    xmlHashTable *killing;  /* ids of cases */
    xmlHashTable *violated; /* requirements */
    xmlHashTable *seen;     /* ids of cases */
    size_t room;
};

static size_t name_len(const char *id)
{
    size_t first = strcspn(id, ".");
    return id[first] == '\0' ? first : first + 1 + strcspn(id + first + 1, ".");
}

static oc_idle_group *group_named(struct counting *counting, const char *id)
{
    oc_idle *out = counting->out;
    size_t len = name_len(id);
    for (size_t i = out->group_count; i > 0; i--) {
        oc_idle_group *group = &out->groups[i - 1];
        if (strncmp(group->name, id, len) == 0 && group->name[len] == '\0') {
            return group;
        }
    }
    if (out->group_count == counting->room) {
        size_t room = counting->room == 0 ? 64 : counting->room * 2;
        oc_idle_group *grown = realloc(out->groups, room * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        out->groups = grown;
        counting->room = room;
    }
    oc_idle_group *group = &out->groups[out->group_count];
    *group = (oc_idle_group){.name = oc_arena_text_n(&out->arena, id, len)};
    out->group_count += group->name != NULL;
    return group->name == NULL ? NULL : group;
}

static void count(oc_idle_group *group, bool idle, bool unbroken)
{
    group->cases++;
    group->idle += idle;
    group->unbroken += idle && unbroken;
}

static oc_result count_case(struct counting *counting, const oc_verdict_case *one)
{
    if (one->verdict != OC_REPORT_PASS || is_in(counting->seen, one->id)) {
        return oc_ok();
    }
    oc_idle_group *group = group_named(counting, one->id);
    if (group == NULL || !put(counting->seen, one->id)) {
        return oc_fail(OC_E_MEMORY);
    }
    bool unbroken = true;
    for (size_t i = 0; i < one->requirement_count && unbroken; i++) {
        unbroken = !is_in(counting->violated, one->requirements[i]);
    }
    bool idle = !is_in(counting->killing, one->id);
    count(group, idle, unbroken);
    count(&counting->out->total, idle, unbroken);
    return oc_ok();
}

static oc_result note_mutant(struct counting *counting, const oc_mutant *mutant, const oc_mutant_outcome *outcome)
{
    bool ok = put(counting->violated, mutant->violates);
    for (size_t i = 0; i < outcome->count && ok; i++) {
        ok = put(counting->killing, outcome->kills[i].id);
    }
    return ok ? oc_ok() : oc_fail(OC_E_MEMORY);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const oc_idle_group *)a)->name, ((const oc_idle_group *)b)->name);
}

static oc_result count_all(struct counting *counting, const oc_campaign *campaign)
{
    if (counting->killing == NULL || counting->violated == NULL || counting->seen == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < campaign->count; i++) {
        if (campaign->done[i]) {
            OC_TRY(note_mutant(counting, campaign->mutants[i], &campaign->outcomes[i]));
        }
    }
    for (size_t i = 0; i < campaign->group_count; i++) {
        for (size_t c = 0; c < campaign->groups[i].right.count; c++) {
            OC_TRY(count_case(counting, &campaign->groups[i].right.cases[c]));
        }
    }
    if (counting->out->group_count > 1) {
        qsort(counting->out->groups, counting->out->group_count, sizeof *counting->out->groups, compare);
    }
    return oc_ok();
}

oc_result oc_idle_count(oc_idle *out, const oc_campaign *campaign)
{
    struct counting counting = {out, xmlHashCreate(4096), xmlHashCreate(1024), xmlHashCreate(4096), 0};
    oc_result r = count_all(&counting, campaign);
    xmlHashFree(counting.killing, NULL);
    xmlHashFree(counting.violated, NULL);
    xmlHashFree(counting.seen, NULL);
    return r;
}

void oc_idle_free(oc_idle *idle)
{
    free(idle->groups);
    oc_arena_free(&idle->arena);
    *idle = (oc_idle){0};
}
