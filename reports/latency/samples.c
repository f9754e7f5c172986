/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/samples.h"

#include <libxml/hash.h>
#include <stdlib.h>

#include "reports/latency/order.h"
#include "reports/latency/samples_internal.h"
#include "sim/base/xml.h"

static const char *const kind_names[OC_SERIES_KINDS] = {"empty", "class", "function", "part", "flow", "step"};

const char *oc_series_kind_name(enum oc_series_kind kind)
{
    return kind_names[kind];
}

bool oc_series_kind_parse(const char *name, enum oc_series_kind *out)
{
    for (unsigned i = 0; i < OC_SERIES_KINDS; i++) {
        if (strcmp(kind_names[i], name) == 0) {
            *out = (enum oc_series_kind)i;
            return true;
        }
    }
    return false;
}

oc_result oc_samples_new(oc_samples **out)
{
    *out = NULL;
    oc_samples *samples = calloc(1, sizeof *samples);
    if (samples == NULL || (samples->by_name = xmlHashCreate(256)) == NULL) {
        free(samples);
        return oc_fail(OC_E_MEMORY);
    }
    *out = samples;
    return oc_ok();
}

static void series_free(oc_series *series)
{
    free(series->ns);
    free(series->sorted);
    free(series->kept);
}

void oc_samples_free(oc_samples **samples)
{
    if (*samples == NULL) {
        return;
    }
    for (size_t i = 0; i < (*samples)->count; i++) {
        series_free((*samples)->series[i]);
    }
    free((*samples)->series);
    xmlHashFree((*samples)->by_name, NULL);
    xmlFreeDoc((*samples)->head);
    oc_arena_free(&(*samples)->arena);
    free(*samples);
    *samples = NULL;
}

static oc_result series_new(oc_samples *samples, const char *pass, enum oc_series_kind kind, const char *name,
                            oc_series **out)
{
    if (samples->count == samples->room) {
        size_t room = samples->room == 0 ? 64 : samples->room * 2;
        oc_series **more = realloc(samples->series, room * sizeof *more);
        if (more == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        samples->series = more;
        samples->room = room;
    }
    oc_series *series = oc_arena_alloc(&samples->arena, sizeof *series);
    if (series == NULL || (series->pass = oc_arena_text(&samples->arena, pass)) == NULL ||
        (series->name = oc_arena_text(&samples->arena, name)) == NULL ||
        xmlHashAddEntry3(samples->by_name, (const xmlChar *)pass, (const xmlChar *)kind_names[kind],
                         (const xmlChar *)name, series) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    series->kind = kind;
    samples->series[samples->count++] = series;
    *out = series;
    return oc_ok();
}

oc_result oc_samples_series(oc_samples *samples, const char *pass, enum oc_series_kind kind, const char *name,
                            oc_series **out)
{
    *out = xmlHashLookup3(samples->by_name, (const xmlChar *)pass, (const xmlChar *)kind_names[kind],
                          (const xmlChar *)name);
    return *out == NULL ? series_new(samples, pass, kind, name, out) : oc_ok();
}

oc_result oc_series_append(oc_series *series, uint64_t ns)
{
    if (series->count == series->room) {
        size_t room = series->room == 0 ? 16 : series->room * 2;
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

oc_result oc_samples_add(oc_samples *samples, const char *pass, enum oc_series_kind kind, const char *name,
                         uint64_t ns)
{
    oc_series *series = NULL;
    OC_TRY(oc_samples_series(samples, pass, kind, name, &series));
    return oc_series_append(series, ns);
}

oc_result oc_samples_budget(oc_samples *samples, const char *pass, enum oc_series_kind kind, const char *name,
                            uint64_t ns)
{
    oc_series *series = NULL;
    OC_TRY(oc_samples_series(samples, pass, kind, name, &series));
    series->budget_ns = ns;
    return oc_ok();
}

/* Where the pass stands in the record; series that no head explains come last, by name. */
static size_t place_of(const oc_samples *samples, const char *pass)
{
    size_t place = 0;
    const xmlNode *result = oc_samples_result(samples);
    const xmlNode *one = result == NULL ? NULL : oc_xml_child(result, "pass");
    for (; one != NULL && strcmp(oc_xml_attr(one, "id"), pass) != 0; one = oc_xml_next(one, "pass")) {
        place++;
    }
    return place;
}

static int compare_series(const void *a, const void *b, void *samples)
{
    const oc_series *left = *(oc_series *const *)a;
    const oc_series *right = *(oc_series *const *)b;
    if (left->kind != right->kind) {
        return left->kind < right->kind ? -1 : 1;
    }
    int name = strcmp(left->name, right->name);
    if (name != 0) {
        return name;
    }
    size_t left_place = place_of(samples, left->pass);
    size_t right_place = place_of(samples, right->pass);
    return left_place != right_place ? (left_place < right_place ? -1 : 1) : strcmp(left->pass, right->pass);
}

oc_result oc_samples_finish(oc_samples *samples)
{
    if (samples->count > 1) {
        qsort_r(samples->series, samples->count, sizeof(oc_series *), compare_series, samples);
    }
    for (size_t i = 0; i < samples->count; i++) {
        oc_series *series = samples->series[i];
        series->sorted = malloc((series->count + 1) * sizeof *series->sorted);
        if (series->sorted == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        if (series->count > 0) {
            memcpy(series->sorted, series->ns, series->count * sizeof *series->sorted);
        }
        oc_order_sort(series->sorted, series->count);
    }
    return oc_ok();
}

size_t oc_samples_count(const oc_samples *samples)
{
    return samples->count;
}

const oc_series *oc_samples_at(const oc_samples *samples, size_t index)
{
    return samples->series[index];
}

const oc_series *oc_samples_empty(const oc_samples *samples, const char *pass)
{
    const oc_series *series = xmlHashLookup3(samples->by_name, (const xmlChar *)pass,
                                             (const xmlChar *)kind_names[OC_SERIES_EMPTY],
                                             (const xmlChar *)OC_SAMPLES_EMPTY);
    return series == NULL || series->count == 0 ? NULL : series;
}

uint64_t oc_series_quantile(const oc_series *series, double p)
{
    return series->sorted[oc_order_rank(series->count, p) - 1];
}

const oc_transaction *oc_series_median(const oc_series *series)
{
    const oc_transaction *nearest = NULL;
    uint64_t least = UINT64_MAX;
    uint64_t median = series->count == 0 ? 0 : oc_series_quantile(series, 0.5);
    for (size_t i = 0; i < series->kept_count; i++) {
        uint64_t ns = series->kept[i].ns;
        uint64_t away = ns > median ? ns - median : median - ns;
        if (away < least) {
            least = away;
            nearest = &series->kept[i];
        }
    }
    return nearest;
}

const oc_transaction *oc_series_worst(const oc_series *series)
{
    return series->worst.count == 0 ? NULL : &series->worst;
}

/* `ns` is borrowed; 0 when memory is out, which then shows nothing. */
static uint64_t median_of(const uint64_t *ns, size_t count)
{
    uint64_t *sorted = malloc(count * sizeof *sorted);
    uint64_t median = 0;
    if (sorted != NULL) {
        memcpy(sorted, ns, count * sizeof *sorted);
        oc_order_sort(sorted, count);
        median = sorted[oc_order_rank(count, 0.5) - 1];
        free(sorted);
    }
    return median;
}

#define WARM_UP_LEAST 50

bool oc_series_warms_up(const oc_series *series, uint64_t *first_median, uint64_t *rest_median)
{
    if (series->count < WARM_UP_LEAST) {
        return false;
    }
    size_t first = series->count / 10;
    *first_median = median_of(series->ns, first);
    *rest_median = median_of(series->ns + first, series->count - first);
    uint64_t apart = *first_median > *rest_median ? *first_median - *rest_median : *rest_median - *first_median;
    return apart > *rest_median / 10;
}
