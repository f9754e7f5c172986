/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/case_list.h"

#include <libxml/hash.h>
#include <stdio.h>
#include <stdlib.h>

oc_result oc_case_list_begin(oc_case_list *out)
{
    *out = (oc_case_list){.by_id = xmlHashCreate(1024)};
    return out->by_id == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

void oc_case_list_free(oc_case_list *list)
{
    if (list->by_id != NULL) {
        xmlHashFree(list->by_id, NULL);
    }
    free(list->rows);
    free(list->says);
    oc_arena_free(&list->arena);
    *list = (oc_case_list){0};
}

static void give_up(oc_case_list *list)
{
    oc_case_list_free(list);
    list->given_up = true;
}

static const char *text_of(const xmlNode *node)
{
    return node == NULL || node->children == NULL ? "" : (const char *)node->children->content;
}

static const char *attribute(const xmlNode *node, const char *name)
{
    const char *value = oc_xml_attr(node, name);
    return value == NULL ? "" : value;
}

static bool grow(void **at, size_t *room, size_t count, size_t size)
{
    if (count < *room) {
        return true;
    }
    size_t wanted = *room == 0 ? 1024 : *room * 2;
    void *more = realloc(*at, wanted * size);
    if (more != NULL) {
        *at = more;
        *room = wanted;
    }
    return more != NULL;
}

static bool fill(oc_case_list *list, oc_case_row *row, const xmlNode *node)
{
    *row = (oc_case_row){.id = oc_arena_text(&list->arena, attribute(node, "id")),
                         .area = oc_arena_text(&list->arena, attribute(node, "area")),
                         .file = oc_arena_text(&list->arena, attribute(node, "file")),
                         .line = strtoul(attribute(node, "line"), NULL, 10),
                         .requirement_first = list->says_count,
                         .title_zh = "",
                         .title_en = ""};
    for (const xmlNode *title = oc_xml_child(node, "title"); title != NULL; title = oc_xml_next(title, "title")) {
        const char *kept = oc_arena_text(&list->arena, text_of(title));
        *(strcmp(attribute(title, "lang"), "zh") == 0 ? &row->title_zh : &row->title_en) = kept;
    }
    return row->id != NULL && row->area != NULL && row->file != NULL && row->title_zh != NULL && row->title_en != NULL;
}

/* The row of that id; *is_new where it was not there. NULL when memory is out. */
static oc_case_row *find(oc_case_list *list, const oc_result_case *one, bool *is_new)
{
    uintptr_t found = (uintptr_t)xmlHashLookup(list->by_id, (const xmlChar *)one->id);
    *is_new = found == 0;
    if (found > 0) {
        return &list->rows[found - 1];
    }
    if (!grow((void **)&list->rows, &list->room, list->count, sizeof *list->rows) ||
        !fill(list, &list->rows[list->count], one->node) ||
        xmlHashAddEntry(list->by_id, (const xmlChar *)one->id, (void *)(uintptr_t)(list->count + 1)) != 0) {
        return NULL;
    }
    return &list->rows[list->count++];
}

static oc_result take_requirement(oc_case_list *list, oc_requirements *requirements, const oc_result_case *one,
                                  size_t row, const char *id)
{
    const oc_requirement *requirement = oc_requirements_find(requirements, id);
    const oc_case_row *its = &list->rows[row];
    enum oc_report_verdict says = oc_requirements_case_says(one, id);
    if (requirement == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    size_t index = (size_t)(requirement - requirements->at);
    for (size_t i = its->requirement_first; i < its->requirement_first + its->requirement_count; i++) {
        if (list->says[i].requirement == index) {
            oc_report_counts both = {{0}};
            both.of[says]++;
            both.of[list->says[i].verdict]++;
            (void)oc_report_counts_verdict(&both, &list->says[i].verdict);
            return oc_ok();
        }
    }
    if (!grow((void **)&list->says, &list->says_room, list->says_count, sizeof *list->says)) {
        return oc_fail(OC_E_MEMORY);
    }
    list->says[list->says_count++] = (oc_case_says){index, row, says};
    return oc_ok();
}

oc_result oc_case_list_take(oc_case_list *list, oc_requirements *requirements, const oc_result_case *one)
{
    bool is_new = false;
    if (list->given_up || ++list->taken > OC_CASE_LIST_MAX) {
        if (!list->given_up) {
            give_up(list);
        }
        return oc_ok();
    }
    oc_case_row *row = find(list, one, &is_new);
    if (row == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    unsigned long long duration = strtoull(attribute(one->node, "duration-ns"), NULL, 10);
    row->duration_ns = duration > row->duration_ns ? duration : row->duration_ns;
    row->counts.of[one->verdict]++;
    size_t index = (size_t)(row - list->rows);
    for (const xmlNode *req = oc_xml_child(one->node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        OC_TRY(take_requirement(list, requirements, one, index, text_of(req)));
        if (is_new) {
            row->requirement_count = list->says_count - row->requirement_first;
        }
    }
    return oc_ok();
}

static int by_requirement(const void *a, const void *b)
{
    const oc_case_says *left = a;
    const oc_case_says *right = b;
    if (left->requirement != right->requirement) {
        return left->requirement < right->requirement ? -1 : 1;
    }
    return left->row < right->row ? -1 : left->row > right->row;
}

void oc_case_list_finish(oc_case_list *list)
{
    if (list->says_count > 1) {
        qsort(list->says, list->says_count, sizeof *list->says, by_requirement);
    }
}

void oc_case_list_write(const oc_case_list *list, oc_pen *pen, xmlNode *parent)
{
    for (size_t i = 0; i < list->count && !pen->bad; i++) {
        const oc_case_row *row = &list->rows[i];
        xmlNode *node = oc_pen_add(pen, parent, "row", NULL);
        char us[32];
        snprintf(us, sizeof us, "%llu.%llu", row->duration_ns / 1000, row->duration_ns % 1000 / 100);
        oc_pen_set(pen, node, "id", row->id);
        oc_pen_set(pen, node, "area", row->area);
        oc_pen_set(pen, node, "file", row->file);
        oc_pen_set_number(pen, node, "line", row->line);
        oc_pen_set(pen, node, "us", us);
        oc_pen_set_counts(pen, node, &row->counts);
        oc_pen_add(pen, node, "zh", row->title_zh);
        oc_pen_add(pen, node, "en", row->title_en);
    }
}

void oc_case_list_write_says(const oc_case_list *list, oc_pen *pen, xmlNode *parent, size_t requirement)
{
    size_t low = 0;
    size_t high = list->says_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->says[middle].requirement < requirement) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t named = 0;
    for (; low < list->says_count && list->says[low].requirement == requirement && named < OC_CASE_LIST_NAMED; low++) {
        if (!oc_report_tried(list->says[low].verdict)) {
            continue;
        }
        named++;
        xmlNode *node = oc_pen_add(pen, parent, "case", NULL);
        oc_pen_set(pen, node, "id", list->rows[list->says[low].row].id);
        oc_pen_set(pen, node, "verdict", oc_report_verdict_name(list->says[low].verdict));
    }
}
