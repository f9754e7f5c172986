/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/latency/samples_internal.h"
#include "sim/base/xml.h"

/* A million steps are 60 MB; of more transactions only the worst of each series is held in full. */
#define SEGMENTS_MAX 1000000u
#define KEPT_MAX 2000u

static uint64_t number(const xmlNode *node, const char *name)
{
    const char *text = oc_xml_attr(node, name);
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

static bool has(const xmlNode *node, const char *name)
{
    return oc_xml_attr(node, name) != NULL;
}

const xmlNode *oc_samples_result(const oc_samples *samples)
{
    return samples->head == NULL ? NULL : xmlDocGetRootElement(samples->head);
}

const xmlNode *oc_samples_pass(const oc_samples *samples, const char *pass)
{
    const xmlNode *result = oc_samples_result(samples);
    const xmlNode *one = result == NULL ? NULL : oc_xml_child(result, "pass");
    while (one != NULL && strcmp(oc_xml_attr(one, "id"), pass) != 0) {
        one = oc_xml_next(one, "pass");
    }
    return one;
}

static oc_result take_empty(oc_samples *samples, const xmlNode *pass)
{
    const xmlNode *list = oc_xml_child(pass, "empty-exchange-ns");
    oc_buf text = {0};
    if (list == NULL) {
        return oc_ok();
    }
    oc_result r = oc_xml_text(&text, list);
    if (oc_is_ok(r)) {
        r = oc_buf_append_byte(&text, 0);
    }
    const char *at = oc_is_ok(r) ? (const char *)text.at : "";
    at += strspn(at, " \t\r\n");
    while (oc_is_ok(r) && *at >= '0' && *at <= '9') {
        char *end = NULL;
        r = oc_samples_add(samples, oc_xml_attr(pass, "id"), OC_SERIES_EMPTY, OC_SAMPLES_EMPTY,
                           strtoull(at, &end, 10));
        at = end + strspn(end, " \t\r\n");
    }
    oc_buf_free(&text);
    return r;
}

/* The cases, should the node have any, are not copied. */
static oc_result copy_head(oc_samples *samples, const xmlNode *result)
{
    samples->head = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *root = samples->head == NULL ? NULL : xmlDocCopyNode((xmlNode *)(uintptr_t)result, samples->head, 2);
    if (root == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    xmlDocSetRootElement(samples->head, root);
    for (const xmlNode *part = oc_xml_child(result, NULL); part != NULL; part = oc_xml_next(part, NULL)) {
        if (oc_xml_is(part, "case") || oc_xml_is(part, "vectors") || oc_xml_is(part, "latency")) {
            continue;
        }
        xmlNode *copy = xmlDocCopyNode((xmlNode *)(uintptr_t)part, samples->head, 1);
        if (copy == NULL || xmlAddChild(root, copy) == NULL) {
            xmlFreeNode(copy);
            return oc_fail(OC_E_MEMORY);
        }
    }
    return oc_ok();
}

oc_result oc_samples_head(oc_samples *samples, const xmlNode *result)
{
    OC_TRY(copy_head(samples, result));
    for (const xmlNode *pass = oc_xml_child(result, "pass"); pass != NULL; pass = oc_xml_next(pass, "pass")) {
        OC_TRY(take_empty(samples, pass));
    }
    return oc_ok();
}

static oc_result take_parts(oc_samples *samples, const char *pass, const xmlNode *step)
{
    uint64_t duration = number(step, "duration-ns");
    uint64_t card = number(step, "card-ns");
    uint64_t link = number(step, "link-ns");
    const struct {
        const char *name;
        uint64_t ns;
    } parts[] = {{"card", card}, {"link", link}, {"own", duration > card + link ? duration - card - link : 0}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char name[256];
        snprintf(name, sizeof name, "%s: %s", oc_xml_attr(step, "class"), parts[i].name);
        OC_TRY(oc_samples_add(samples, pass, OC_SERIES_PART, name, parts[i].ns));
    }
    return oc_ok();
}

/* What the step's exchanges say: at the card's seam the time of the link cannot be seen, so as many median empty
 * exchanges count as the link's as there were exchanges, and the rest as the card's. */
static oc_segment segment_of(const xmlNode *step, uint64_t empty_ns, uint64_t *cursor)
{
    uint64_t duration = number(step, "duration-ns");
    oc_segment segment = {.label = oc_xml_attr(step, "id"), .begin = *cursor};
    uint64_t seam = 0;
    bool first = true;
    for (const xmlNode *one = oc_xml_child(step, "exchange"); one != NULL; one = oc_xml_next(one, "exchange")) {
        uint64_t ns = number(one, "duration-ns");
        uint64_t link = ns < empty_ns ? ns : empty_ns;
        uint64_t begin = number(one, "begin-ns");
        segment.begin = first || begin < segment.begin ? begin : segment.begin;
        first = false;
        segment.link += link;
        segment.card += ns - link;
        seam += ns;
        *cursor = begin + ns > *cursor ? begin + ns : *cursor;
    }
    if (has(step, "card-ns")) {
        segment.card = number(step, "card-ns");
        segment.link = number(step, "link-ns");
        seam = segment.card + segment.link;
    }
    segment.own = duration > seam ? duration - seam : 0;
    uint64_t end = segment.begin + segment.card + segment.link + segment.own;
    *cursor = end > *cursor ? end : *cursor;
    return segment;
}

static oc_result keep(oc_samples *samples, oc_series *series, uint64_t ns, const oc_segment *segments, size_t count)
{
    bool is_worst = series->worst.count == 0 || ns > series->worst.ns;
    bool has_room = series->kept_count < KEPT_MAX && samples->segments + count <= SEGMENTS_MAX;
    if (count == 0 || (!is_worst && !has_room)) {
        return oc_ok();
    }
    oc_segment *copy = oc_arena_alloc(&samples->arena, count * sizeof *copy);
    if (copy == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    memcpy(copy, segments, count * sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        copy[i].label = oc_arena_text(&samples->arena, segments[i].label == NULL ? "" : segments[i].label);
        if (copy[i].label == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
    }
    const oc_transaction one = {.ns = ns, .segments = copy, .count = count};
    series->worst = is_worst ? one : series->worst;
    samples->segments += count;
    if (!has_room) {
        return oc_ok();
    }
    if (series->kept_count == series->kept_room) {
        size_t room = series->kept_room == 0 ? 4 : series->kept_room * 2;
        oc_transaction *more = realloc(series->kept, room * sizeof *more);
        if (more == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        series->kept = more;
        series->kept_room = room;
    }
    series->kept[series->kept_count++] = one;
    return oc_ok();
}

static oc_result take_step(oc_samples *samples, const char *pass, const xmlNode *step)
{
    const char *name = oc_xml_attr(step, "class");
    const char *kind = oc_xml_attr(step, "kind");
    uint64_t ns = number(step, "duration-ns");
    if (name == NULL || name[0] == '\0') {
        return oc_ok();
    }
    const char *budget = oc_xml_attr(step, "budget-class");
    if (budget != NULL && budget[0] != '\0' && number(step, "budget-p99-ns") > 0) {
        OC_TRY(oc_samples_budget(samples, pass, OC_SERIES_STEP, budget, number(step, "budget-p99-ns")));
        OC_TRY(oc_samples_add(samples, pass, OC_SERIES_STEP, budget, ns));
    }
    if (kind == NULL || strcmp(kind, "call") != 0) {
        return oc_samples_add(samples, pass, OC_SERIES_CLASS, name, ns);
    }
    oc_series *series = NULL;
    OC_TRY(oc_samples_series(samples, pass, OC_SERIES_FUNCTION, name, &series));
    OC_TRY(oc_series_append(series, ns));
    if (!has(step, "card-ns") || !has(step, "link-ns")) {
        return oc_ok();
    }
    OC_TRY(take_parts(samples, pass, step));
    uint64_t cursor = 0;
    oc_segment whole = segment_of(step, 0, &cursor);
    whole.begin = 0;
    whole.label = name;
    return keep(samples, series, ns, &whole, 1);
}

#define STEPS_MAX 512

static oc_result take_flow(oc_samples *samples, const char *pass, const xmlNode *one_case)
{
    oc_segment segments[STEPS_MAX];
    const oc_series *empty = oc_samples_empty(samples, pass);
    uint64_t empty_ns = empty == NULL ? 0 : empty->ns[empty->count / 2]; /* the record has them sorted */
    uint64_t cursor = 0;
    size_t count = 0;
    const char *id = oc_xml_attr(one_case, "id");
    uint64_t ns = number(one_case, "duration-ns");
    for (const xmlNode *step = oc_xml_child(one_case, "step"); step != NULL && count < STEPS_MAX;
         step = oc_xml_next(step, "step")) {
        const char *phase = oc_xml_attr(step, "phase");
        if (number(step, "duration-ns") > 0 && (phase == NULL || strcmp(phase, "steps") == 0)) {
            segments[count++] = segment_of(step, empty_ns, &cursor);
        }
    }
    oc_series *series = NULL;
    OC_TRY(oc_samples_series(samples, pass, OC_SERIES_FLOW, id, &series));
    series->budget_ns = number(one_case, "budget-p99-ns");
    OC_TRY(oc_series_append(series, ns));
    return keep(samples, series, ns, segments, count);
}

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "true") == 0 || strcmp(value, "1") == 0);
}

oc_result oc_samples_case(oc_samples *samples, const xmlNode *one_case)
{
    const char *verdict = oc_xml_attr(one_case, "verdict");
    const char *pass = oc_xml_attr(one_case, "pass");
    if (verdict == NULL || pass == NULL || oc_xml_attr(one_case, "id") == NULL ||
        (strcmp(verdict, "PASS") != 0 && strcmp(verdict, "DEVIATION") != 0)) {
        return oc_ok();
    }
    for (const xmlNode *step = oc_xml_child(one_case, "step"); step != NULL; step = oc_xml_next(step, "step")) {
        OC_TRY(take_step(samples, pass, step));
    }
    bool is_flow = is_true(oc_xml_attr(one_case, "flow")) && !has(one_case, "twin");
    return is_flow ? take_flow(samples, pass, one_case) : oc_ok();
}

static oc_result visit_head(void *self, const xmlNode *result, oc_diag *diag)
{
    (void)diag;
    return oc_samples_head(self, result);
}

static oc_result visit_case(void *self, const xmlNode *one_case, oc_diag *diag)
{
    (void)diag;
    return oc_samples_case(self, one_case);
}

oc_result oc_samples_read(oc_samples **out, const char *result_path, oc_diag *diag)
{
    OC_TRY(oc_samples_new(out));
    const oc_record_visitor visitor = {.self = *out, .head = visit_head, .one = visit_case};
    oc_result r = oc_record_read(result_path, &visitor, diag);
    if (oc_is_ok(r)) {
        r = oc_samples_finish(*out);
    }
    if (!oc_is_ok(r)) {
        oc_samples_free(out);
    }
    return r;
}
