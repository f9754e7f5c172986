/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "reports/latency/plots.h"

#define WIDTH 640.0
#define LEFT 170.0
#define RIGHT 70.0
#define TOP 8.0
#define ROW 17.0
#define BAR 11.0
#define LEGEND 44.0
/* Of longer transactions the longest steps are drawn and listed. */
#define ROWS_MAX 30u

static uint64_t length_of(const oc_segment *segment)
{
    return segment->card + segment->link + segment->own;
}

/* The length that a segment must have to be among the ROWS_MAX longest. */
static uint64_t least_shown(const oc_transaction *transaction)
{
    uint64_t low = 0;
    uint64_t high = UINT64_MAX / 2;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        size_t longer = 0;
        for (size_t i = 0; i < transaction->count; i++) {
            longer += length_of(&transaction->segments[i]) >= middle;
        }
        if (longer > ROWS_MAX) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Three textures: the card's is full, the link's hatched, the terminal's dotted. */
static void textures(oc_svg_pen *pen, xmlNode *svg)
{
    static const struct {
        const char *name;
        const char *path;
        const char *width;
        const char *cap;
    } rows[] = {{"link", "M-1 1L1 -1M0 6L6 0M5 7L7 5", "1.6", NULL}, {"own", "M1.5 1.5h0M4.5 4.5h0", "1.7", "round"}};
    xmlNode *defs = oc_svg_add(pen, svg, "defs");
    for (size_t i = 0; i < 2; i++) {
        xmlNode *pattern = oc_svg_add(pen, defs, "pattern");
        oc_svg_set_format(pen, pattern, "id", "plot-%u-%s", pen->plots, rows[i].name);
        oc_svg_set(pen, pattern, "width", "6");
        oc_svg_set(pen, pattern, "height", "6");
        oc_svg_set(pen, pattern, "patternUnits", "userSpaceOnUse");
        xmlNode *path = oc_svg_add(pen, pattern, "path");
        oc_svg_set(pen, path, "d", rows[i].path);
        oc_svg_set(pen, path, "stroke", "currentColor");
        oc_svg_set(pen, path, "stroke-width", rows[i].width);
        oc_svg_set(pen, path, "stroke-linecap", rows[i].cap);
    }
}

static const char *const parts[] = {"card", "link", "own"};

static void bar(oc_svg_pen *pen, xmlNode *svg, size_t part, double x, double y, double width)
{
    xmlNode *rect = oc_svg_add(pen, svg, "rect");
    oc_svg_set_format(pen, rect, "x", "%.1f", x);
    oc_svg_set_format(pen, rect, "y", "%.1f", y);
    oc_svg_set_format(pen, rect, "width", "%.1f", width < 0.6 ? 0.6 : width);
    oc_svg_set_format(pen, rect, "height", "%.0f", BAR);
    if (part > 0) {
        oc_svg_set_format(pen, rect, "fill", "url(#plot-%u-%s)", pen->plots, parts[part]);
    }
    oc_svg_set(pen, rect, "stroke", "currentColor");
    oc_svg_set(pen, rect, "stroke-width", "0.6");
}

static void legend(oc_svg_pen *pen, xmlNode *svg, double y)
{
    static const char *const texts[] = {"卡 card", "链路 link", "终端、后台 terminal, back-end"};
    for (size_t i = 0; i < 3; i++) {
        double x = LEFT + 120 * (double)i;
        bar(pen, svg, i, x, y - BAR + 1, 22);
        oc_svg_text(pen, svg, x + 28, y, "start", texts[i]);
    }
}

static void segment_bars(oc_svg_pen *pen, xmlNode *svg, const oc_segment *segment, const oc_axis *axis, double y)
{
    const uint64_t lengths[] = {segment->card, segment->link, segment->own};
    uint64_t at = segment->begin;
    for (size_t i = 0; i < 3; i++) {
        if (lengths[i] > 0) {
            double from = oc_axis_at(axis, (double)at);
            bar(pen, svg, i, from, y, oc_axis_at(axis, (double)(at + lengths[i])) - from);
            at += lengths[i];
        }
    }
}

static void table_row(oc_svg_pen *pen, xmlNode *plot, const char *head, const uint64_t *ns, size_t count)
{
    xmlNode *row = oc_svg_add(pen, plot, "row");
    oc_svg_set(pen, row, "head", head);
    for (size_t i = 0; i < count; i++) {
        oc_svg_set_number(pen, oc_svg_add(pen, row, "cell"), "ns", ns[i]);
    }
}

static void table(oc_svg_pen *pen, xmlNode *plot, const oc_transaction *transaction, uint64_t shown)
{
    static const char *const ids[] = {"step", "begin", "card", "link", "terminal"};
    uint64_t rest[4] = {0};
    uint64_t known = 0;
    size_t left = 0;
    for (size_t i = 0; i < 5; i++) {
        oc_svg_set(pen, oc_svg_add(pen, plot, "column"), "id", ids[i]);
    }
    for (size_t i = 0; i < transaction->count; i++) {
        const oc_segment *one = &transaction->segments[i];
        const uint64_t ns[] = {one->begin, one->card, one->link, one->own};
        known += length_of(one);
        if (length_of(one) >= shown) {
            table_row(pen, plot, one->label, ns, 4);
            continue;
        }
        left++;
        for (size_t k = 1; k < 4; k++) {
            rest[k] += ns[k];
        }
    }
    if (left > 0) {
        oc_svg_set_number(pen, plot, "left", left);
        table_row(pen, plot, "…", rest, 4);
    }
    oc_svg_set_number(pen, plot, "between-ns", transaction->ns > known ? transaction->ns - known : 0);
}

void oc_plot_waterfall(oc_svg_pen *pen, xmlNode *parent, const oc_series *series, const oc_transaction *transaction,
                       const char *which)
{
    char title[512];
    char name[160];
    char pass[160];
    char length[32];
    uint64_t shown = transaction->count > ROWS_MAX ? least_shown(transaction) : 0;
    size_t rows = 0;
    uint64_t end = transaction->ns;
    for (size_t i = 0; i < transaction->count; i++) {
        const oc_segment *one = &transaction->segments[i];
        rows += length_of(one) >= shown;
        end = one->begin + length_of(one) > end ? one->begin + length_of(one) : end;
    }
    bool is_worst = strcmp(which, "worst") == 0;
    oc_svg_duration(length, (double)transaction->ns);
    oc_svg_cut(name, sizeof name, series->name);
    oc_svg_cut(pass, sizeof pass, series->pass);
    snprintf(title, sizeof title, "%s: %s, %s",
             is_worst ? "最慢一次的耗时构成 Slowest transaction" : "中位一次的耗时构成 Median transaction", name,
             pass);
    double height = TOP + ROW * (double)rows + LEGEND;
    xmlNode *svg = oc_svg_new(pen, parent, which, WIDTH, height, title, length);
    if (svg == NULL) {
        return;
    }
    oc_svg_set_number(pen, svg->parent, "ns", transaction->ns);
    textures(pen, svg);
    oc_axis axis = {.low = 0, .high = (double)end, .from = LEFT, .to = WIDTH - RIGHT};
    double y = TOP;
    for (size_t i = 0; i < transaction->count; i++) {
        const oc_segment *one = &transaction->segments[i];
        if (length_of(one) < shown) {
            continue;
        }
        char label[28];
        oc_svg_cut(label, sizeof label, one->label);
        oc_svg_duration(length, (double)length_of(one));
        oc_svg_text(pen, svg, LEFT - 6, y + BAR - 1, "end", label);
        segment_bars(pen, svg, one, &axis, y);
        oc_svg_text(pen, svg, oc_axis_at(&axis, (double)(one->begin + length_of(one))) + 4, y + BAR - 1, "start",
                    length);
        y += ROW;
    }
    oc_svg_line(pen, svg, LEFT, y, WIDTH - RIGHT, y, NULL);
    oc_svg_duration(length, (double)end);
    oc_svg_text(pen, svg, LEFT, y + 13, "start", "0");
    oc_svg_text(pen, svg, WIDTH - RIGHT, y + 13, "end", length);
    legend(pen, svg, y + 34);
    table(pen, svg->parent, transaction, shown);
}
