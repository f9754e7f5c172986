/* SPDX-License-Identifier: Apache-2.0 */
/* Which mutant this process is: chosen once, before main. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mutants/frame/mutant.h"

#define EXIT_USAGE 2

/* Made by the linker around the section that MUTANT_TABLE fills. */
extern const struct mutant_table *const __start_oc_mutants[];
extern const struct mutant_table *const __stop_oc_mutants[];

static const struct mutant *chosen;
static _Thread_local enum mutant_actor running;

static const struct mutant *find(const char *id)
{
    for (const struct mutant_table *const *table = __start_oc_mutants; table < __stop_oc_mutants; table++) {
        for (size_t i = 0; i < (*table)->count; i++) {
            if (strcmp((*table)->rows[i].id, id) == 0) {
                return &(*table)->rows[i];
            }
        }
    }
    return NULL;
}

__attribute__((constructor)) static void choose(void)
{
    const char *id = getenv("ONECARD_MUTANT");
    if (id == NULL || id[0] == '\0') {
        return;
    }
    chosen = find(id);
    if (chosen == NULL) {
        fprintf(stderr, "onecard_mutant: ONECARD_MUTANT: no mutant is called %s\n", id);
        _Exit(EXIT_USAGE);
    }
}

const struct mutant *mutant_chosen(void)
{
    return chosen;
}

bool mutant_is(const char *id)
{
    return chosen != NULL && strcmp(chosen->id, id) == 0;
}

enum mutant_actor mutant_running(void)
{
    return running;
}

enum mutant_actor mutant_enter(enum mutant_actor actor)
{
    enum mutant_actor before = running;
    running = actor;
    return before;
}

void mutant_leave(enum mutant_actor before)
{
    running = before;
}
