/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/soak/curve.h"

#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/record/environment.h"
#include "reports/latency/order.h"
#include "reports/latency/svg.h"

#define ROWS 500
#define WIDTH 760.0
#define PANEL 120.0
#define LEFT 70.0
#define RIGHT 12.0
#define TOP 22.0
#define LOW 16.0

/* Of the blocks of a row, what stands for them: the most of what is held, the median of what is taken. */
struct column {
    const char *name;
    const char *title; /* of its panel; NULL: in the table only */
    size_t offset;
    double unit;
    bool is_median;
};

static const struct column columns[] = {
    {"heap", "占用的堆 · heap in use, MiB", offsetof(gauge, heap), 1048576, false},
    {"resident", "常驻内存 · resident, MiB", offsetof(gauge, resident), 1048576, false},
    {"descriptors", "打开的描述符 · open descriptors", offsetof(gauge, descriptors), 1, false},
    {"threads", NULL, offsetof(gauge, threads), 1, false},
    {"pcscd-resident", "pcscd常驻内存 · pcscd resident, MiB", offsetof(gauge, daemon_resident), 1048576, false},
    {"pcscd-descriptors", NULL, offsetof(gauge, daemon_descriptors), 1, false},
    {"cpu-ns", "每段CPU时间 · CPU time of a block, ms", offsetof(gauge, cpu_ns), 1e6, true},
    {"yardstick-ns", "标尺CPU时间 · CPU time of the yardstick, ms", offsetof(gauge, yard_ns), 1e6, true},
    {"p50-ns", "会话中位数 · median session, µs", offsetof(gauge, p50_ns), 1e3, true},
    {"p99-ns", NULL, offsetof(gauge, p99_ns), 1, true},
    {"most-ns", NULL, offsetof(gauge, most_ns), 1, false},
};

#define COLUMNS (sizeof columns / sizeof columns[0])

static uint64_t value_of(const gauge *block, const struct column *column)
{
    uint64_t value;
    memcpy(&value, (const char *)block + column->offset, sizeof value);
    return value;
}

static size_t blocks_a_row(const curve *self)
{
    return (self->count + ROWS - 1) / ROWS;
}

static uint64_t row_value(const curve *self, size_t row, const struct column *column)
{
    size_t each = blocks_a_row(self);
    size_t from = row * each;
    size_t count = self->count - from < each ? self->count - from : each;
    uint64_t *values = malloc((count + 1) * sizeof *values);
    if (values == NULL) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = value_of(&self->blocks[from + i], column);
    }
    oc_order_sort(values, count);
    uint64_t value = values[column->is_median ? oc_order_rank(count, 0.5) - 1 : count - 1];
    free(values);
    return value;
}

static size_t row_count(const curve *self)
{
    return (self->count + blocks_a_row(self) - 1) / blocks_a_row(self);
}

static uint64_t sessions_after(const curve *self, size_t row)
{
    size_t blocks = (row + 1) * blocks_a_row(self);
    return (uint64_t)(blocks < self->count ? blocks : self->count) * self->sessions_a_block;
}

static FILE *begin(const curve *self, const char *folder, const char *kind)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/soak-%s.%s", folder, self->link, kind);
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        perror(path);
    }
    return file;
}

static bool write_table(const curve *self, const char *folder)
{
    FILE *file = begin(self, folder, "csv");
    if (file == NULL) {
        return false;
    }
    fputs("sessions", file);
    for (size_t i = 0; i < COLUMNS; i++) {
        fprintf(file, ",%s", columns[i].name);
    }
    for (size_t row = 0; row < row_count(self); row++) {
        fprintf(file, "\n%" PRIu64, sessions_after(self, row));
        for (size_t i = 0; i < COLUMNS; i++) {
            fprintf(file, ",%" PRIu64, row_value(self, row, &columns[i]));
        }
    }
    fputc('\n', file);
    return fclose(file) == 0;
}

static json_t *broken_rules(const judgement *verdict)
{
    json_t *list = json_array();
    for (size_t i = 0; i < RULES; i++) {
        if (verdict->broken[i]) {
            json_array_append_new(list, json_string(rule_names[i]));
        }
    }
    return list;
}

static bool write_result(const curve *self, const char *folder)
{
    FILE *file = begin(self, folder, "json");
    const judgement *v = &self->verdict;
    const gauge *last = &self->blocks[self->count - 1];
    json_t *rules = broken_rules(v);
    size_t failures = json_array_size(rules) + (size_t)self->failed;
    char name[32];
    snprintf(name, sizeof name, "soak-%s", self->link);
    json_t *result = json_pack(
        "{s:s, s:I, s:I, s:I, s:f, s:f, s:s, s:o, s:I, s:I, s:f, s:f, s:f, s:f, s:[f,f], s:[f,f], s:f, s:f, s:I, s:I, "
        "s:I, s:I, s:I, s:I}",
        "name", name, "trials", (json_int_t)self->sessions, "failures", (json_int_t)failures, "seed",
        (json_int_t)self->seed, "seconds", self->seconds, "cpu-seconds", self->cpu_seconds, "commit",
        oc_environment_build(), "rules-broken", rules, "sessions-failed", (json_int_t)self->failed,
        "blocks-of-warm-up", (json_int_t)v->warm, "heap-spread", v->heap_spread, "heap-bytes-a-session",
        v->bytes_a_session, "resident-growth-bytes", v->resident_growth, "drift-ratio", v->drift,
        "first-third-yardsticks", v->first_low, v->first_high, "last-third-yardsticks", v->last_low, v->last_high,
        "first-third-median-session-ns", v->first_wall_ns, "last-third-median-session-ns", v->last_wall_ns,
        "heap-bytes", (json_int_t)last->heap, "resident-bytes", (json_int_t)last->resident, "descriptors",
        (json_int_t)last->descriptors, "threads", (json_int_t)last->threads, "pcscd-resident-bytes",
        (json_int_t)last->daemon_resident, "pcscd-descriptors", (json_int_t)last->daemon_descriptors);
    bool good = file != NULL && result != NULL &&
                json_dumpf(result, file, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0 && fputc('\n', file) != EOF;
    json_decref(result);
    return file != NULL && fclose(file) == 0 && good;
}

static void draw_line(oc_svg_pen *pen, xmlNode *svg, const curve *self, const struct column *column, const oc_axis *up)
{
    oc_axis across = {.low = 0, .high = (double)self->sessions, .from = LEFT, .to = WIDTH - RIGHT};
    xmlBuffer *path = xmlBufferCreate();
    for (size_t row = 0; row < row_count(self); row++) {
        char point[48];
        snprintf(point, sizeof point, "%s%.1f %.1f", row == 0 ? "M" : "L",
                 oc_axis_at(&across, (double)sessions_after(self, row)),
                 oc_axis_at(up, (double)row_value(self, row, column) / column->unit));
        xmlBufferCat(path, (const xmlChar *)point);
    }
    xmlNode *line = oc_svg_add(pen, svg, "path");
    oc_svg_set(pen, line, "d", (const char *)xmlBufferContent(path));
    oc_svg_set(pen, line, "fill", "none");
    oc_svg_set(pen, line, "stroke", "currentColor");
    xmlBufferFree(path);
}

/* From nothing to the most, so that a curve that looks flat is flat. */
static void draw_panel(oc_svg_pen *pen, xmlNode *svg, const curve *self, const struct column *column, double top)
{
    double most = 0;
    for (size_t row = 0; row < row_count(self); row++) {
        double value = (double)row_value(self, row, column) / column->unit;
        most = value > most ? value : most;
    }
    char text[48];
    oc_axis up = {.low = 0, .high = most > 0 ? most * 1.1 : 1, .from = top + PANEL - LOW, .to = top + TOP};
    oc_svg_text(pen, svg, LEFT, top + TOP - 8, "start", column->title);
    oc_svg_line(pen, svg, LEFT, up.from, WIDTH - RIGHT, up.from, NULL);
    oc_svg_line(pen, svg, LEFT, oc_axis_at(&up, most), WIDTH - RIGHT, oc_axis_at(&up, most), "1 4");
    snprintf(text, sizeof text, "%.4g", most);
    oc_svg_text(pen, svg, LEFT - 4, oc_axis_at(&up, most) + 4, "end", text);
    oc_svg_text(pen, svg, LEFT - 4, up.from + 4, "end", "0");
    draw_line(pen, svg, self, column, &up);
}

static bool is_drawn(const curve *self, const struct column *column)
{
    return column->title != NULL && value_of(&self->blocks[self->count - 1], column) > 0;
}

static bool write_drawing(const curve *self, const char *folder)
{
    double height = 24;
    char title[160];
    for (size_t i = 0; i < COLUMNS; i++) {
        height += is_drawn(self, &columns[i]) ? PANEL : 0;
    }
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *root = xmlNewNode(NULL, (const xmlChar *)"soak");
    xmlDocSetRootElement(doc, root);
    oc_svg_pen pen = {0};
    snprintf(title, sizeof title, "%" PRIu64 "次会话的曲线 · Curves of %" PRIu64 " sessions, %s", self->sessions,
             self->sessions, self->link);
    xmlNode *svg = oc_svg_new(&pen, root, "soak", WIDTH, height, title, title);
    double top = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (is_drawn(self, &columns[i])) {
            draw_panel(&pen, svg, self, &columns[i], top);
            top += PANEL;
        }
    }
    snprintf(title, sizeof title, "%" PRIu64, self->sessions);
    oc_svg_text(&pen, svg, WIDTH - RIGHT, height - 8, "end", title);
    oc_svg_text(&pen, svg, LEFT, height - 8, "start", "0");
    FILE *file = begin(self, folder, "svg");
    bool good = file != NULL && svg != NULL && !pen.bad;
    if (good) {
        xmlElemDump(file, doc, svg);
        good = fputc('\n', file) != EOF;
    }
    xmlFreeDoc(doc);
    return file != NULL && fclose(file) == 0 && good;
}

bool curve_write(const curve *self, const char *folder)
{
    bool table = write_table(self, folder);
    bool drawing = write_drawing(self, folder);
    return write_result(self, folder) && table && drawing;
}
