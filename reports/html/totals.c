/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/totals.h"

#include <libxml/hash.h>
#include <stdio.h>
#include <stdlib.h>

/* The order in which areas stand on the page; what is none of them is the last. */
static const char *const areas[] = {"card", "terminal", "host", "flow", "other"};
#define AREAS (sizeof areas / sizeof areas[0])

static void free_counts(void *counts, const xmlChar *name)
{
    (void)name;
    free(counts);
}

oc_result oc_totals_begin(oc_totals *out, const xmlNode *head)
{
    *out = (oc_totals){.by_area = xmlHashCreate(8)};
    for (const xmlNode *pass = oc_xml_child(head, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        out->pass_count++;
    }
    out->passes = calloc(out->pass_count + 1, sizeof *out->passes);
    if (out->by_area == NULL || out->passes == NULL) {
        oc_totals_free(out);
        return oc_fail(OC_E_MEMORY);
    }
    size_t at = 0;
    for (const xmlNode *pass = oc_xml_child(head, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        out->passes[at++].id = oc_xml_attr(pass, "id");
    }
    return oc_ok();
}

void oc_totals_free(oc_totals *totals)
{
    if (totals->by_area != NULL) {
        xmlHashFree(totals->by_area, free_counts);
    }
    for (size_t i = 0; i < totals->slow_count; i++) {
        free(totals->slowest[i].id);
    }
    free(totals->passes);
    *totals = (oc_totals){0};
}

static oc_pass_totals *pass_of(oc_totals *totals, const char *id)
{
    for (size_t i = 0; i < totals->pass_count; i++) {
        size_t at = (totals->last + i) % totals->pass_count;
        if (strcmp(totals->passes[at].id, id) == 0) {
            totals->last = at;
            return &totals->passes[at];
        }
    }
    return NULL;
}

static oc_report_counts *area_of(oc_totals *totals, const char *name)
{
    const char *area = areas[AREAS - 1];
    for (size_t i = 0; name != NULL && i < AREAS; i++) {
        area = strcmp(areas[i], name) == 0 ? areas[i] : area;
    }
    oc_report_counts *counts = xmlHashLookup(totals->by_area, (const xmlChar *)area);
    if (counts == NULL && (counts = calloc(1, sizeof *counts)) != NULL &&
        xmlHashAddEntry(totals->by_area, (const xmlChar *)area, counts) != 0) {
        free(counts);
        counts = NULL;
    }
    return counts;
}

static oc_result take_duration(oc_totals *totals, const oc_result_case *one, const char *pass)
{
    const char *text = oc_xml_attr(one->node, "duration-ns");
    unsigned long long ns = text == NULL ? 0 : strtoull(text, NULL, 10);
    size_t at = totals->slow_count;
    while (at > 0 && totals->slowest[at - 1].duration_ns < ns) {
        at--;
    }
    if (at == OC_SLOWEST || ns == 0) {
        return oc_ok();
    }
    oc_slow slow = {.id = strdup(one->id), .pass = pass, .duration_ns = ns};
    if (slow.id == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (totals->slow_count == OC_SLOWEST) {
        free(totals->slowest[--totals->slow_count].id);
    }
    memmove(&totals->slowest[at + 1], &totals->slowest[at], (totals->slow_count - at) * sizeof slow);
    totals->slowest[at] = slow;
    totals->slow_count++;
    return oc_ok();
}

oc_result oc_totals_take(oc_totals *totals, const oc_result_case *one)
{
    oc_pass_totals *pass = pass_of(totals, one->pass);
    oc_report_counts *area = area_of(totals, oc_xml_attr(one->node, "area"));
    if (pass == NULL || area == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    pass->counts.of[one->verdict]++;
    area->of[one->verdict]++;
    return take_duration(totals, one, pass->id);
}

void oc_totals_write(const oc_totals *totals, oc_pen *pen, xmlNode *parent)
{
    for (size_t i = 0; i < totals->pass_count; i++) {
        xmlNode *node = oc_pen_add(pen, parent, "pass", NULL);
        oc_pen_set(pen, node, "id", totals->passes[i].id);
        oc_pen_set_counts(pen, node, &totals->passes[i].counts);
    }
    for (size_t i = 0; i < AREAS; i++) {
        const oc_report_counts *counts = xmlHashLookup(totals->by_area, (const xmlChar *)areas[i]);
        if (counts != NULL) {
            xmlNode *node = oc_pen_add(pen, parent, "area", NULL);
            oc_pen_set(pen, node, "name", areas[i]);
            oc_pen_set_counts(pen, node, counts);
        }
    }
    for (size_t i = 0; i < totals->slow_count; i++) {
        const oc_slow *slow = &totals->slowest[i];
        char us[32];
        snprintf(us, sizeof us, "%llu.%llu", slow->duration_ns / 1000, slow->duration_ns % 1000 / 100);
        xmlNode *node = oc_pen_add(pen, parent, "slow", NULL);
        oc_pen_set(pen, node, "id", slow->id);
        oc_pen_set(pen, node, "pass", slow->pass);
        oc_pen_set(pen, node, "us", us);
    }
}
