/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "conformance/dialect/build.h"

oc_result oc_step_list_insert(oc_step_list *list, size_t at, const oc_step *step)
{
    if (list->count == OC_STEPS_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 16 : list->room * 2;
        oc_step *grown = realloc(list->at, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        list->at = grown;
        list->room = room;
    }
    memmove(list->at + at + 1, list->at + at, (list->count - at) * sizeof *list->at);
    list->at[at] = *step;
    list->count++;
    return oc_ok();
}

void oc_step_list_remove(oc_step_list *list, size_t at)
{
    list->count--;
    memmove(list->at + at, list->at + at + 1, (list->count - at) * sizeof *list->at);
}

size_t oc_step_list_find(const oc_step_list *list, const char *id)
{
    size_t at = 0;
    while (at < list->count && strcmp(list->at[at].id, id) != 0) {
        at++;
    }
    return at;
}

void oc_step_list_free(oc_step_list *list)
{
    free(list->at);
    *list = (oc_step_list){0};
}

oc_result oc_build_keep_steps(const oc_build *build, const xmlNode *node, const oc_step_list *list,
                              const oc_step **out, size_t *count)
{
    if (list->count > OC_STEPS_TOTAL_MAX - build->totals->steps) {
        return oc_xml_fail(build->doc, node, build->diag, OC_E_LIMIT, "all cases together have more than %d steps",
                           OC_STEPS_TOTAL_MAX);
    }
    build->totals->steps += list->count;
    oc_step *kept = oc_arena_alloc(build->arena, (list->count + 1) * sizeof *kept);
    if (kept == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (list->count > 0) {
        memcpy(kept, list->at, list->count * sizeof *kept);
    }
    *out = kept;
    *count = list->count;
    return oc_ok();
}
