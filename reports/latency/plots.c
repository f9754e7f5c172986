/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/plots.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/latency/order.h"

#define WIDTH 640.0
#define HEIGHT 240.0
#define LEFT 64.0
#define RIGHT 16.0
#define TOP 22.0
#define BOTTOM 38.0
/* Points of a curve, and of a scatter: more cannot be told apart at this size. */
#define CURVE_POINTS 120u
#define SCATTER_COLUMNS 200u

struct plot {
    oc_svg_pen *pen;
    xmlNode *svg;
    xmlNode *parent; /* <plot> */
    oc_buf path;
};

static void begin(struct plot *plot, oc_svg_pen *pen, xmlNode *parent, const char *kind, const oc_series *series,
                  const char *zh, const char *en)
{
    char title[512];
    char name[160];
    char pass[160];
    char description[512];
    char least[32];
    char middle[32];
    char most[32];
    oc_svg_duration(least, (double)series->sorted[0]);
    oc_svg_duration(middle, (double)oc_series_quantile(series, 0.5));
    oc_svg_duration(most, (double)series->sorted[series->count - 1]);
    oc_svg_cut(name, sizeof name, series->name);
    oc_svg_cut(pass, sizeof pass, series->pass);
    snprintf(title, sizeof title, "%s %s: %s, %s", zh, en, name, pass);
    snprintf(description, sizeof description, "n = %zu, min %s, p50 %s, max %s", series->count, least, middle, most);
    *plot = (struct plot){.pen = pen};
    plot->svg = oc_svg_new(pen, parent, kind, WIDTH, HEIGHT, title, description);
    plot->parent = plot->svg == NULL ? NULL : plot->svg->parent;
}

static void point(struct plot *plot, const char *command, double x, double y)
{
    char text[64];
    int len = snprintf(text, sizeof text, "%s%.1f %.1f", command, x, y);
    plot->pen->bad = plot->pen->bad || !oc_is_ok(oc_buf_append(&plot->path, oc_span_of(text, (size_t)len)));
}

static void end_path(struct plot *plot, bool dots)
{
    xmlNode *path = oc_svg_add(plot->pen, plot->svg, "path");
    if (oc_is_ok(oc_buf_append_byte(&plot->path, 0))) {
        oc_svg_set(plot->pen, path, "d", (const char *)plot->path.at);
    }
    oc_svg_set(plot->pen, path, "fill", "none");
    oc_svg_set(plot->pen, path, "stroke", "currentColor");
    oc_svg_set(plot->pen, path, "stroke-width", dots ? "3" : "1.5");
    oc_svg_set(plot->pen, path, "stroke-linecap", dots ? "round" : NULL);
    oc_buf_free(&plot->path);
}

static xmlNode *grid(struct plot *plot, double x1, double y1, double x2, double y2)
{
    xmlNode *line = oc_svg_line(plot->pen, plot->svg, x1, y1, x2, y2, NULL);
    oc_svg_set(plot->pen, line, "stroke-opacity", "0.2");
    return line;
}

static void time_axis_across(struct plot *plot, const oc_axis *axis)
{
    double ticks[12];
    size_t count = oc_axis_ticks(axis, ticks);
    for (size_t i = 0; i < count; i++) {
        char text[32];
        double x = oc_axis_at(axis, ticks[i]);
        oc_svg_duration(text, ticks[i]);
        grid(plot, x, TOP, x, HEIGHT - BOTTOM);
        oc_svg_text(plot->pen, plot->svg, x, HEIGHT - BOTTOM + 14, "middle", text);
    }
}

static void time_axis_up(struct plot *plot, const oc_axis *axis)
{
    double ticks[12];
    size_t count = oc_axis_ticks(axis, ticks);
    for (size_t i = 0; i < count; i++) {
        char text[32];
        double y = oc_axis_at(axis, ticks[i]);
        oc_svg_duration(text, ticks[i]);
        grid(plot, LEFT, y, WIDTH - RIGHT, y);
        oc_svg_text(plot->pen, plot->svg, LEFT - 6, y + 4, "end", text);
    }
}

static oc_axis time_axis(const oc_series *series, const oc_plot_limit *limits, size_t count, double from, double to)
{
    double least = (double)series->sorted[0];
    double most = (double)series->sorted[series->count - 1];
    for (size_t i = 0; i < count; i++) {
        least = limits[i].ns < least ? limits[i].ns : least;
        most = limits[i].ns > most ? limits[i].ns : most;
    }
    return oc_axis_of(least, most, from, to);
}

static void limit_lines(struct plot *plot, const oc_axis *axis, const oc_plot_limit *limits, size_t count, bool across)
{
    for (size_t i = 0; i < count; i++) {
        double at = oc_axis_at(axis, limits[i].ns);
        xmlNode *line = across ? oc_svg_line(plot->pen, plot->svg, LEFT, at, WIDTH - RIGHT, at, "6 3")
                               : oc_svg_line(plot->pen, plot->svg, at, TOP, at, HEIGHT - BOTTOM, "6 3");
        oc_svg_set(plot->pen, line, "stroke-width", "1.5");
        if (across) {
            oc_svg_text(plot->pen, plot->svg, WIDTH - RIGHT, at - 4, "end", limits[i].label);
        } else {
            oc_svg_text(plot->pen, plot->svg, at - 4, TOP - 6, at > WIDTH / 2 ? "end" : "start", limits[i].label);
        }
    }
}

static void columns(struct plot *plot, const char *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        oc_svg_set(plot->pen, oc_svg_add(plot->pen, plot->parent, "column"), "id", ids[i]);
    }
}

static void row(struct plot *plot, const char *head, const uint64_t *ns, size_t count)
{
    xmlNode *node = oc_svg_add(plot->pen, plot->parent, "row");
    oc_svg_set(plot->pen, node, "head", head);
    for (size_t i = 0; i < count; i++) {
        oc_svg_set_number(plot->pen, oc_svg_add(plot->pen, node, "cell"), "ns", ns[i]);
    }
}

static void quantile_rows(struct plot *plot, const oc_series *series, const double *quantiles, size_t count)
{
    static const char *const ids[] = {"share", "time"};
    columns(plot, ids, 2);
    for (size_t i = 0; i < count; i++) {
        char head[24];
        uint64_t value = oc_series_quantile(series, quantiles[i]);
        snprintf(head, sizeof head, "%.6g %%", quantiles[i] * 100);
        row(plot, head, &value, 1);
    }
}

void oc_plot_ecdf(oc_svg_pen *pen, xmlNode *parent, const oc_series *series, const oc_plot_limit *limits, size_t count)
{
    static const double shares[] = {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1};
    struct plot plot;
    oc_axis across = time_axis(series, limits, count, LEFT, WIDTH - RIGHT);
    oc_axis up = {.low = 0, .high = 1, .from = HEIGHT - BOTTOM, .to = TOP};
    begin(&plot, pen, parent, "ecdf", series, "经验分布函数", "Empirical distribution");
    time_axis_across(&plot, &across);
    for (unsigned percent = 0; percent <= 100; percent += 25) {
        char text[8];
        double y = oc_axis_at(&up, percent / 100.0);
        snprintf(text, sizeof text, "%u %%", percent);
        grid(&plot, LEFT, y, WIDTH - RIGHT, y);
        oc_svg_text(pen, plot.svg, LEFT - 6, y + 4, "end", text);
    }
    size_t points = series->count < CURVE_POINTS ? series->count : CURVE_POINTS;
    point(&plot, "M", oc_axis_at(&across, (double)series->sorted[0]), up.from);
    for (size_t i = 1; i <= points; i++) {
        size_t rank = (size_t)((double)i / (double)points * (double)series->count + 0.5);
        double x = oc_axis_at(&across, (double)series->sorted[rank - 1]);
        double below = oc_axis_at(&up, (double)(i - 1) / (double)points);
        point(&plot, "L", x, below);
        point(&plot, "L", x, oc_axis_at(&up, (double)rank / (double)series->count));
    }
    end_path(&plot, false);
    limit_lines(&plot, &across, limits, count, false);
    quantile_rows(&plot, series, shares, sizeof shares / sizeof shares[0]);
}

void oc_plot_percentiles(oc_svg_pen *pen, xmlNode *parent, const oc_series *series, const oc_plot_limit *limits,
                         size_t count)
{
    static const double shares[] = {0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 0.99999};
    struct plot plot;
    oc_axis up = time_axis(series, limits, count, HEIGHT - BOTTOM, TOP);
    oc_axis across = {.low = 1, .high = (double)series->count, .from = LEFT, .to = WIDTH - RIGHT, .is_log = true};
    begin(&plot, pen, parent, "percentiles", series, "百分位曲线", "Percentiles");
    time_axis_up(&plot, &up);
    size_t last = 0;
    for (double left = 1; left >= 1.0 / (double)series->count; left /= 10) {
        char text[16];
        double x = oc_axis_at(&across, 1 / left);
        snprintf(text, sizeof text, "%.6g %%", (1 - left) * 100);
        grid(&plot, x, TOP, x, HEIGHT - BOTTOM);
        oc_svg_text(pen, plot.svg, x, HEIGHT - BOTTOM + 14, left > 0.5 ? "start" : "middle", text);
    }
    for (size_t i = 0; i <= CURVE_POINTS; i++) {
        double left = pow((double)series->count, -(double)i / CURVE_POINTS);
        size_t rank = i == CURVE_POINTS ? series->count : oc_order_rank(series->count, 1 - left);
        if (rank > last || last == 0) {
            point(&plot, last == 0 ? "M" : "L", oc_axis_at(&across, 1 / left),
                  oc_axis_at(&up, (double)series->sorted[rank - 1]));
            last = rank;
        }
    }
    end_path(&plot, false);
    limit_lines(&plot, &up, limits, count, true);
    size_t rows = sizeof shares / sizeof shares[0];
    while (rows > 0 && (1 - shares[rows - 1]) * (double)series->count < 0.999) {
        rows--;
    }
    quantile_rows(&plot, series, shares, rows);
}

static void scatter_points(struct plot *plot, const oc_series *series, const oc_axis *across, const oc_axis *up)
{
    size_t groups = series->count < 2 * SCATTER_COLUMNS ? series->count : SCATTER_COLUMNS;
    for (size_t i = 0; i < groups; i++) {
        size_t from = (size_t)((double)i / (double)groups * (double)series->count);
        size_t to = (size_t)((double)(i + 1) / (double)groups * (double)series->count);
        size_t least = from;
        size_t most = from;
        for (size_t k = from; k < to; k++) {
            least = series->ns[k] < series->ns[least] ? k : least;
            most = series->ns[k] > series->ns[most] ? k : most;
        }
        size_t ends[2] = {least, most};
        for (size_t e = 0; e < (least == most ? 1u : 2u); e++) {
            point(plot, "M", oc_axis_at(across, (double)ends[e] + 1), oc_axis_at(up, (double)series->ns[ends[e]]));
            plot->pen->bad = plot->pen->bad || !oc_is_ok(oc_buf_append(&plot->path, oc_span_text("h0")));
        }
    }
}

/* Tenths of the run: least, median and greatest. */
static void scatter_rows(struct plot *plot, const oc_series *series)
{
    static const char *const ids[] = {"samples", "least", "median", "most"};
    columns(plot, ids, 4);
    size_t tenths = series->count < 10 ? series->count : 10;
    uint64_t *part = malloc((series->count / tenths + 2) * sizeof *part);
    for (size_t i = 0; part != NULL && i < tenths; i++) {
        size_t from = series->count * i / tenths;
        size_t to = series->count * (i + 1) / tenths;
        char head[48];
        memcpy(part, series->ns + from, (to - from) * sizeof *part);
        oc_order_sort(part, to - from);
        uint64_t values[] = {part[0], part[oc_order_rank(to - from, 0.5) - 1], part[to - from - 1]};
        snprintf(head, sizeof head, to - from == 1 ? "%zu" : "%zu – %zu", from + 1, to);
        row(plot, head, values, 3);
    }
    plot->pen->bad = plot->pen->bad || part == NULL;
    free(part);
}

void oc_plot_scatter(oc_svg_pen *pen, xmlNode *parent, const oc_series *series, const oc_plot_limit *limits,
                     size_t count)
{
    struct plot plot;
    oc_axis up = time_axis(series, limits, count, HEIGHT - BOTTOM, TOP);
    oc_axis across = {.low = 1, .high = (double)series->count, .from = LEFT + 4, .to = WIDTH - RIGHT};
    begin(&plot, pen, parent, "scatter", series, "按记录顺序的样本", "Samples in the order of the record");
    time_axis_up(&plot, &up);
    char text[24];
    snprintf(text, sizeof text, "%zu", series->count);
    oc_svg_text(pen, plot.svg, LEFT + 4, HEIGHT - BOTTOM + 14, "start", "1");
    oc_svg_text(pen, plot.svg, WIDTH - RIGHT, HEIGHT - BOTTOM + 14, "end", text);
    scatter_points(&plot, series, &across, &up);
    end_path(&plot, true);
    limit_lines(&plot, &up, limits, count, true);
    scatter_rows(&plot, series);
}
