/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/compare/compare.h"

#include <libxml/hash.h>
#include <stdlib.h>

#include "reports/latency/order.h"
#include "reports/record_reader.h"
#include "sim/base/xml.h"

struct oc_comparison {
    oc_arena arena;
    oc_compare_options options;
    xmlHashTablePtr by_name; /* pass, id to oc_compared_case in the arena */
    oc_compared_case **cases;
    size_t case_count;
    size_t case_room;
    oc_samples *base;
    oc_samples *now;
    oc_compared_series *series;
    size_t series_count;
    const char *machines;
    bool same_vectors;
    bool strict;
    const char *base_vectors;
    size_t cases_of[OC_CASE_CHANGES];
    size_t series_of[4];
};

const char *oc_case_change_name(enum oc_case_change change)
{
    static const char *const names[OC_CASE_CHANGES] = {"same",     "broken",  "mended", "changed",
                                                       "unjudged", "missing", "added"};
    return names[change];
}

const char *oc_speed_change_name(enum oc_speed_change change)
{
    static const char *const names[] = {"same", "slower", "faster", "few"};
    return names[change];
}

/* One of the two records while it is read. */
struct reading {
    oc_comparison *comparison;
    oc_samples *samples; /* NULL: latency is left out */
    bool is_new;
};

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

static oc_result take_head(void *self, const xmlNode *result, oc_diag *diag)
{
    struct reading *reading = self;
    oc_comparison *comparison = reading->comparison;
    const xmlNode *vectors = oc_xml_child(result, "vectors");
    const char *digest = vectors == NULL ? NULL : oc_xml_attr(vectors, "sha256");
    (void)diag;
    if (reading->is_new) {
        comparison->same_vectors = digest != NULL && comparison->base_vectors != NULL &&
                                   strcmp(digest, comparison->base_vectors) == 0;
        comparison->strict = is_true(oc_xml_attr(result, "strict"));
    } else if (digest != NULL) {
        comparison->base_vectors = oc_arena_text(&comparison->arena, digest);
    }
    return oc_samples_head(reading->samples, result);
}

/* From best to worst, as a run counts its cases: what was not judged stands below a pass. */
static unsigned badness(enum oc_report_verdict verdict)
{
    static const unsigned order[OC_REPORT_VERDICTS] = {
        [OC_REPORT_NOT_APPLICABLE] = 0, [OC_REPORT_NOT_RUN] = 1, [OC_REPORT_PASS] = 2, [OC_REPORT_DEVIATION] = 3,
        [OC_REPORT_INCONCLUSIVE] = 4,   [OC_REPORT_ERROR] = 5,   [OC_REPORT_FAIL] = 6};
    return order[verdict];
}

static oc_result case_of(oc_comparison *comparison, const char *pass, const char *id, oc_compared_case **out)
{
    *out = xmlHashLookup2(comparison->by_name, (const xmlChar *)pass, (const xmlChar *)id);
    if (*out != NULL) {
        return oc_ok();
    }
    if (comparison->case_count == comparison->case_room) {
        size_t room = comparison->case_room == 0 ? 256 : comparison->case_room * 2;
        oc_compared_case **more = realloc(comparison->cases, room * sizeof *more);
        if (more == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        comparison->cases = more;
        comparison->case_room = room;
    }
    oc_compared_case *one = oc_arena_alloc(&comparison->arena, sizeof *one);
    if (one == NULL || (one->pass = oc_arena_text(&comparison->arena, pass)) == NULL ||
        (one->id = oc_arena_text(&comparison->arena, id)) == NULL ||
        xmlHashAddEntry2(comparison->by_name, (const xmlChar *)pass, (const xmlChar *)id, one) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    comparison->cases[comparison->case_count++] = one;
    *out = one;
    return oc_ok();
}

static oc_result take_case(void *self, const xmlNode *node, oc_diag *diag)
{
    struct reading *reading = self;
    oc_compared_case *one = NULL;
    enum oc_report_verdict verdict = OC_REPORT_ERROR;
    (void)diag;
    if (!oc_report_verdict_parse(oc_xml_attr(node, "verdict"), &verdict)) {
        return oc_fail(OC_E_FORMAT);
    }
    OC_TRY(case_of(reading->comparison, oc_xml_attr(node, "pass"), oc_xml_attr(node, "id"), &one));
    bool *there = reading->is_new ? &one->in_new : &one->in_base;
    enum oc_report_verdict *kept = reading->is_new ? &one->now : &one->base;
    *kept = !*there || badness(verdict) > badness(*kept) ? verdict : *kept;
    *there = true;
    return reading->comparison->options.verdicts_only ? oc_ok() : oc_samples_case(reading->samples, node);
}

static oc_result read_one(oc_comparison *comparison, oc_samples **samples, const char *path, bool is_new,
                          oc_diag *diag)
{
    OC_TRY(oc_samples_new(samples));
    struct reading reading = {.comparison = comparison, .samples = *samples, .is_new = is_new};
    const oc_record_visitor visitor = {.self = &reading, .head = take_head, .one = take_case};
    OC_TRY(oc_record_read(path, &visitor, diag));
    return oc_samples_finish(*samples);
}

/* What latency depends on, of the machine; of the runs it is the link. */
static oc_result compare_machines(oc_comparison *comparison)
{
    static const char *const names[] = {"cpu", "processors", "kernel", "clock", "clock-source", "governor"};
    const xmlNode *base = oc_xml_child(oc_samples_result(comparison->base), "environment");
    const xmlNode *now = oc_xml_child(oc_samples_result(comparison->now), "environment");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *was = base == NULL ? NULL : oc_xml_attr(base, names[i]);
        const char *is = now == NULL ? NULL : oc_xml_attr(now, names[i]);
        was = was == NULL ? "" : was;
        is = is == NULL ? "" : is;
        if (strcmp(was, is) != 0) {
            comparison->machines = oc_arena_format(&comparison->arena, "%s: %.100s, %.100s", names[i], was, is);
            return comparison->machines == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
        }
    }
    return oc_ok();
}

static bool is_bad(const oc_comparison *comparison, enum oc_report_verdict verdict)
{
    return verdict == OC_REPORT_FAIL || verdict == OC_REPORT_ERROR || verdict == OC_REPORT_INCONCLUSIVE ||
           (verdict == OC_REPORT_DEVIATION && comparison->strict);
}

static enum oc_case_change change_of(const oc_comparison *comparison, const oc_compared_case *one)
{
    bool was_bad = one->in_base && is_bad(comparison, one->base);
    bool now_bad = one->in_new && is_bad(comparison, one->now);
    if (!one->in_new) {
        return OC_CASE_MISSING;
    }
    if (now_bad && !was_bad) {
        return OC_CASE_BROKEN;
    }
    if (!one->in_base) {
        return OC_CASE_ADDED;
    }
    if (one->base == one->now) {
        return OC_CASE_SAME;
    }
    if (!oc_report_tried(one->now) && oc_report_tried(one->base)) {
        return OC_CASE_UNJUDGED;
    }
    return was_bad && !now_bad ? OC_CASE_MENDED : OC_CASE_CHANGED;
}

static int compare_cases(const void *a, const void *b)
{
    const oc_compared_case *left = *(oc_compared_case *const *)a;
    const oc_compared_case *right = *(oc_compared_case *const *)b;
    int id = strcmp(left->id, right->id);
    return id != 0 ? id : strcmp(left->pass, right->pass);
}

static void judge_cases(oc_comparison *comparison)
{
    if (comparison->case_count > 1) {
        qsort(comparison->cases, comparison->case_count, sizeof(oc_compared_case *), compare_cases);
    }
    for (size_t i = 0; i < comparison->case_count; i++) {
        oc_compared_case *one = comparison->cases[i];
        one->change = change_of(comparison, one);
        comparison->cases_of[one->change]++;
    }
}

static const oc_series *find(const oc_samples *samples, const oc_series *like)
{
    size_t count = oc_samples_count(samples);
    for (size_t i = 0; i < count; i++) {
        const oc_series *one = oc_samples_at(samples, i);
        if (one->kind == like->kind && strcmp(one->name, like->name) == 0 && strcmp(one->pass, like->pass) == 0) {
            return one;
        }
    }
    return NULL;
}

static bool moved(const oc_compare_options *options, const oc_ratio *ratio, const oc_compared_series *one, double p,
                  bool up)
{
    double was = (double)oc_series_quantile(one->base, p);
    double is = (double)oc_series_quantile(one->now, p);
    double apart = up ? is - was : was - is;
    double share = up ? ratio->value - 1 : 1 / ratio->value - 1;
    bool certain = up ? ratio->low > 1 : ratio->high < 1;
    return certain && share > options->least_share && apart > options->least_ns;
}

/* Slower only when it is both sure and of weight; slower at one percentile outweighs faster at the other. */
static enum oc_speed_change speed_of(const oc_compare_options *options, const oc_compared_series *one)
{
    if (one->change == OC_SPEED_FEW || one->p >= OC_COMPARE_ALPHA) {
        return one->change;
    }
    if (moved(options, &one->p50, one, 0.5, true) || moved(options, &one->p95, one, 0.95, true)) {
        return OC_SPEED_SLOWER;
    }
    return moved(options, &one->p50, one, 0.5, false) || moved(options, &one->p95, one, 0.95, false) ? OC_SPEED_FASTER
                                                                                                     : OC_SPEED_SAME;
}

/* The seed of a series' resamples: its name, so that other series do not change it (FNV-1a). */
static uint64_t seed_of(const oc_series *series)
{
    uint64_t hash = 0xCBF29CE484222325u;
    const char *const texts[] = {series->pass, oc_series_kind_name(series->kind), series->name};
    for (size_t i = 0; i < 3; i++) {
        for (const char *c = texts[i]; *c != '\0'; c++) {
            hash = (hash ^ (uint8_t)*c) * 0x100000001B3u;
        }
    }
    return hash;
}

static void measure(oc_compared_series *one)
{
    const oc_series *base = one->base;
    const oc_series *now = one->now;
    bool few = base->count < OC_DIFFERENCE_LEAST || now->count < OC_DIFFERENCE_LEAST;
    one->change = few ? OC_SPEED_FEW : OC_SPEED_SAME;
    one->p = few ? 1 : oc_difference_mann_whitney(base->sorted, base->count, now->sorted, now->count);
    one->p50 = oc_difference_ratio(base->sorted, base->count, now->sorted, now->count, 0.5, 1 - OC_COMPARE_ALPHA,
                                   seed_of(base));
    one->p95 = oc_difference_ratio(base->sorted, base->count, now->sorted, now->count, 0.95, 1 - OC_COMPARE_ALPHA,
                                   seed_of(base) + 1);
}

/* A series of too few samples is no test, so it does not dilute the others. */
static oc_result adjust(oc_comparison *comparison)
{
    double *p = calloc(comparison->series_count + 1, sizeof *p);
    size_t *order = calloc(comparison->series_count + 1, sizeof *order);
    size_t tests = 0;
    if (p != NULL && order != NULL) {
        for (size_t i = 0; i < comparison->series_count; i++) {
            if (comparison->series[i].change != OC_SPEED_FEW) {
                p[tests++] = comparison->series[i].p;
            }
        }
        oc_difference_adjust(p, order, tests);
        tests = 0;
        for (size_t i = 0; i < comparison->series_count; i++) {
            if (comparison->series[i].change != OC_SPEED_FEW) {
                comparison->series[i].p = p[tests++];
            }
        }
    }
    oc_result r = p == NULL || order == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    free(p);
    free(order);
    return r;
}

static oc_result judge_series(oc_comparison *comparison)
{
    size_t count = oc_samples_count(comparison->now);
    comparison->series = oc_arena_alloc(&comparison->arena, (count + 1) * sizeof *comparison->series);
    if (comparison->series == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        const oc_series *now = oc_samples_at(comparison->now, i);
        const oc_series *base = now->count == 0 || now->kind == OC_SERIES_EMPTY ? NULL : find(comparison->base, now);
        if (base != NULL && base->count > 0) {
            oc_compared_series *one = &comparison->series[comparison->series_count++];
            *one = (oc_compared_series){.base = base, .now = now};
            measure(one);
        }
    }
    OC_TRY(adjust(comparison));
    for (size_t i = 0; i < comparison->series_count; i++) {
        oc_compared_series *one = &comparison->series[i];
        one->change = speed_of(&comparison->options, one);
        comparison->series_of[one->change]++;
    }
    return oc_ok();
}

static oc_result compare_both(oc_comparison *comparison, const char *base_path, const char *new_path, oc_diag *diag)
{
    comparison->by_name = xmlHashCreate(4096);
    if (comparison->by_name == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(read_one(comparison, &comparison->base, base_path, false, diag));
    OC_TRY(read_one(comparison, &comparison->now, new_path, true, diag));
    OC_TRY(compare_machines(comparison));
    judge_cases(comparison);
    if (comparison->options.verdicts_only) {
        return oc_ok();
    }
    if (comparison->machines != NULL && !comparison->options.force) {
        return oc_diag_fail(diag, OC_E_USAGE,
                            "the records come from different machines (%s): --verdicts-only leaves latency out, "
                            "--force compares it all the same",
                            comparison->machines);
    }
    return judge_series(comparison);
}

oc_result oc_compare(oc_comparison **out, const char *base_path, const char *new_path,
                     const oc_compare_options *options, oc_diag *diag)
{
    *out = NULL;
    oc_comparison *comparison = calloc(1, sizeof *comparison);
    if (comparison == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    comparison->options = *options;
    comparison->options.least_share = options->least_share > 0 ? options->least_share : 0.05;
    comparison->options.least_ns = options->least_ns > 0 ? options->least_ns : 50000;
    oc_result r = compare_both(comparison, base_path, new_path, diag);
    if (!oc_is_ok(r)) {
        oc_comparison_free(&comparison);
        return r;
    }
    *out = comparison;
    return oc_ok();
}

void oc_comparison_free(oc_comparison **comparison)
{
    if (*comparison == NULL) {
        return;
    }
    if ((*comparison)->by_name != NULL) {
        xmlHashFree((*comparison)->by_name, NULL);
    }
    free((*comparison)->cases);
    oc_samples_free(&(*comparison)->base);
    oc_samples_free(&(*comparison)->now);
    oc_arena_free(&(*comparison)->arena);
    free(*comparison);
    *comparison = NULL;
}

bool oc_comparison_regressed(const oc_comparison *comparison)
{
    size_t gone = comparison->cases_of[OC_CASE_MISSING] + comparison->cases_of[OC_CASE_UNJUDGED];
    return comparison->cases_of[OC_CASE_BROKEN] > 0 || comparison->series_of[OC_SPEED_SLOWER] > 0 ||
           (gone > 0 && !comparison->options.subset);
}

size_t oc_comparison_count(const oc_comparison *comparison, enum oc_case_change change)
{
    return comparison->cases_of[change];
}

size_t oc_comparison_speed_count(const oc_comparison *comparison, enum oc_speed_change change)
{
    return comparison->series_of[change];
}

size_t oc_comparison_cases(const oc_comparison *comparison)
{
    return comparison->case_count;
}

const oc_compared_case *oc_comparison_case(const oc_comparison *comparison, size_t index)
{
    return comparison->cases[index];
}

size_t oc_comparison_series_count(const oc_comparison *comparison)
{
    return comparison->series_count;
}

const oc_compared_series *oc_comparison_series(const oc_comparison *comparison, size_t index)
{
    return &comparison->series[index];
}

const char *oc_comparison_machines(const oc_comparison *comparison)
{
    return comparison->machines;
}

bool oc_comparison_same_vectors(const oc_comparison *comparison)
{
    return comparison->same_vectors;
}

const oc_compare_options *oc_comparison_options(const oc_comparison *comparison)
{
    return &comparison->options;
}
