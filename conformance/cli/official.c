/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/official.h"

/* Clocks that are read without a system call: others cost more than what is measured (project choice). */
static bool is_fast_clock(const char *source)
{
    return strcmp(source, "tsc") == 0 || strcmp(source, "arch_sys_counter") == 0;
}

static bool is_clean(const char *build)
{
    size_t len = strlen(build);
    return len > 0 && strcmp(build, "unknown") != 0 && build[len - 1] != '+';
}

static bool is_item_of(const oc_official_facts *facts)
{
    switch (oc_ics_kind(facts->ics)) {
    case OC_ICS_CARD:
        return facts->tests_card;
    case OC_ICS_TERMINAL:
        return facts->tests_terminal;
    case OC_ICS_HOST:
        return facts->tests_host;
    }
    return false;
}

const char *oc_official_objection(const oc_official_facts *facts)
{
    const struct {
        bool wrong;
        const char *why;
    } rules[] = {
        {!is_clean(facts->build), "this program was not built from a state that can be named: build it from a clean "
                                  "checkout"},
        {!facts->tests_card && !facts->tests_terminal && !facts->tests_host,
         "nothing is under test: name a --card, --terminal or --host"},
        {facts->ics == NULL, "the item under test is not declared: give --ics"},
        {facts->ics != NULL && !is_item_of(facts), "--ics declares another kind of item than the one under test"},
        {facts->selects, "cases are selected: leave --filter and --tag out"},
        {facts->own_paths, "the vectors are not those shipped: leave PATH out, or name folders of vectors/"},
        {facts->is_shard, "a shard is not the whole: leave --shard out"},
        {facts->resumes, "a run of record is made in one go: leave --resume out"},
        {facts->repeats, "each case counts once: leave --repeat out"},
        {facts->reveals, "a record that is handed in shows no secrets: leave --reveal out"},
        {!facts->seed_given, "the seed is to be agreed on beforehand: give --seed"},
        {!is_fast_clock(facts->clock_source), "the machine's clock source is neither tsc nor arch_sys_counter"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].wrong) {
            return rules[i].why;
        }
    }
    return NULL;
}
