/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/latency.h"

#include <libxml/hash.h>
#include <stdlib.h>

struct series {
    char *pass;
    char *name;
    const char *kind;
    uint64_t *ns;
    size_t count;
    size_t room;
    uint64_t budget_ns;
};

#define RECENT 64

struct oc_latency {
    struct series *recent[RECENT]; /* by what is quick to compute of a name; what was looked for last */
    xmlHashTablePtr by_name;       /* pass, kind, name to struct series; owns nothing */
    struct series **series;
    size_t count;
    size_t room;
};

oc_result oc_latency_new(oc_latency **out)
{
    oc_latency *latency = calloc(1, sizeof *latency);
    if (latency == NULL || (latency->by_name = xmlHashCreate(64)) == NULL) {
        free(latency);
        return oc_fail(OC_E_MEMORY);
    }
    *out = latency;
    return oc_ok();
}

static void series_free(struct series *series)
{
    if (series != NULL) {
        free(series->pass);
        free(series->name);
        free(series->ns);
        free(series);
    }
}

static struct series *series_new(oc_latency *latency, const char *pass, const char *kind, const char *name)
{
    if (latency->count == latency->room) {
        size_t room = latency->room == 0 ? 32 : latency->room * 2;
        struct series **more = realloc(latency->series, room * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        latency->series = more;
        latency->room = room;
    }
    struct series *series = calloc(1, sizeof *series);
    if (series == NULL || (series->pass = strdup(pass)) == NULL || (series->name = strdup(name)) == NULL ||
        xmlHashAddEntry3(latency->by_name, (const xmlChar *)pass, (const xmlChar *)kind, (const xmlChar *)name,
                         series) != 0) {
        series_free(series);
        return NULL;
    }
    series->kind = kind;
    latency->series[latency->count++] = series;
    return series;
}

static struct series *series_of(oc_latency *latency, const char *pass, const char *kind, const char *name)
{
    size_t len = strlen(name);
    size_t place = len == 0 ? 0 : len + 31u * (uint8_t)name[0] + 7u * (uint8_t)name[len / 2] + (uint8_t)name[len - 1];
    struct series **recent = &latency->recent[place % RECENT];
    if (*recent != NULL && strcmp((*recent)->name, name) == 0 && strcmp((*recent)->kind, kind) == 0 &&
        strcmp((*recent)->pass, pass) == 0) {
        return *recent;
    }
    struct series *series = xmlHashLookup3(latency->by_name, (const xmlChar *)pass, (const xmlChar *)kind,
                                           (const xmlChar *)name);
    *recent = series == NULL ? series_new(latency, pass, kind, name) : series;
    return *recent;
}

oc_result oc_latency_budget(oc_latency *latency, const char *pass, const char *kind, const char *name, uint64_t ns)
{
    struct series *series = series_of(latency, pass, kind, name);
    if (series == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    series->budget_ns = ns;
    return oc_ok();
}

oc_result oc_latency_each(const oc_latency *latency, oc_latency_visit *visit, void *self)
{
    for (size_t i = 0; i < latency->count; i++) {
        const struct series *one = latency->series[i];
        OC_TRY(
            visit(self, &(oc_latency_series){one->pass, one->kind, one->name, one->ns, one->count, one->budget_ns}));
    }
    return oc_ok();
}

oc_result oc_latency_add(oc_latency *latency, const char *pass, const char *kind, const char *name, uint64_t ns)
{
    struct series *series = series_of(latency, pass, kind, name);
    if (series == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    if (series->count == series->room) {
        size_t room = series->room == 0 ? 64 : series->room * 2;
        uint64_t *more = realloc(series->ns, room * sizeof *more);
        if (more == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        series->ns = more;
        series->room = room;
    }
    series->ns[series->count++] = ns;
    return oc_ok();
}

static int compare_ns(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

void oc_latency_sort(uint64_t *ns, size_t n)
{
    if (n > 1) {
        qsort(ns, n, sizeof *ns, compare_ns);
    }
}

uint64_t oc_latency_percentile(const uint64_t *sorted, size_t n, unsigned percent)
{
    size_t rank = n / 100 * percent + (n % 100 * percent + 99) / 100;
    return sorted[rank == 0 ? 0 : rank - 1];
}

void oc_latency_write_series(oc_xml_out *out, const char *pass, const char *kind, const char *name,
                             const uint64_t *sorted, size_t n)
{
    if (n == 0) {
        return;
    }
    oc_out_open(out, "series");
    oc_out_attribute(out, "pass", pass);
    oc_out_attribute(out, "kind", kind);
    oc_out_attribute(out, "name", name);
    oc_out_number(out, "n", n);
    oc_out_number(out, "min-ns", sorted[0]);
    oc_out_number(out, "p50-ns", oc_latency_percentile(sorted, n, 50));
    oc_out_number(out, "p90-ns", oc_latency_percentile(sorted, n, 90));
    oc_out_number(out, "p99-ns", oc_latency_percentile(sorted, n, 99));
    oc_out_number(out, "max-ns", sorted[n - 1]);
    oc_out_close(out);
}

static int compare_series(const void *a, const void *b)
{
    const struct series *left = *(struct series *const *)a;
    const struct series *right = *(struct series *const *)b;
    int kind = strcmp(left->kind, right->kind);
    return kind != 0 ? kind : strcmp(left->name, right->name);
}

void oc_latency_write(oc_latency *latency, const char *pass, oc_xml_out *out)
{
    if (latency->count > 1) {
        qsort(latency->series, latency->count, sizeof *latency->series, compare_series);
    }
    for (size_t i = 0; i < latency->count; i++) {
        struct series *series = latency->series[i];
        if (strcmp(series->pass, pass) == 0) {
            oc_latency_sort(series->ns, series->count);
            oc_latency_write_series(out, pass, series->kind, series->name, series->ns, series->count);
        }
    }
}

void oc_latency_free(oc_latency **latency)
{
    if (*latency == NULL) {
        return;
    }
    for (size_t i = 0; i < (*latency)->count; i++) {
        series_free((*latency)->series[i]);
    }
    free((*latency)->series);
    xmlHashFree((*latency)->by_name, NULL);
    free(*latency);
    *latency = NULL;
}
