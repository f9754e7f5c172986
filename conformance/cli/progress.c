/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/progress.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "conformance/cli/words.h"
#include "reports/plain_text.h"

#define SECOND UINT64_C(1000000000)
#define DRAW_NS (SECOND / 10)
#define TELL_NS (30 * SECOND)
#define BAR_CELLS 20
#define BAR_FROM_COLUMNS 60 /* narrower terminals have no bar */
#define LATELY 0.3          /* weight of the last second in the pace: links differ by a hundred times */

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

static bool is_dumb(void)
{
    const char *terminal = getenv("TERM");
    return terminal == NULL || terminal[0] == '\0' || strcmp(terminal, "dumb") == 0;
}

enum oc_progress_form oc_progress_form_for(FILE *out)
{
    return isatty(fileno(out)) && !is_set("CI") && !is_dumb() ? OC_PROGRESS_LINE : OC_PROGRESS_LINES;
}

void oc_progress_begin(oc_progress *progress, FILE *out, enum oc_progress_form form, uint64_t now_ns)
{
    *progress = (oc_progress){.out = out,
                              .form = form,
                              .utf8 = oc_words_are_utf8(),
                              .color = !is_set("NO_COLOR"),
                              .began_ns = now_ns,
                              .drawn_ns = now_ns,
                              .sampled_ns = now_ns};
}

static void take_pace(oc_progress *progress, size_t done, uint64_t now_ns)
{
    uint64_t passed = now_ns - progress->sampled_ns;
    if (passed < SECOND || done <= progress->sampled) {
        return;
    }
    double lately = (double)passed / (double)(done - progress->sampled);
    progress->ns_per_case = progress->ns_per_case > 0 ? LATELY * lately + (1 - LATELY) * progress->ns_per_case
                                                      : lately;
    progress->sampled = done;
    progress->sampled_ns = now_ns;
}

/* "1:05", "2:00:05"; "" while nothing can be said. */
static void tell_left(const oc_progress *progress, char out[24], size_t done, size_t planned, uint64_t now_ns)
{
    out[0] = '\0';
    double each = progress->ns_per_case > 0
                      ? progress->ns_per_case
                      : (double)(now_ns - progress->began_ns) / (double)(done - progress->before);
    if (now_ns - progress->began_ns < SECOND) {
        return;
    }
    unsigned long left = (unsigned long)(each * (double)(planned - done) / (double)SECOND + 0.5);
    if (left >= 3600) {
        snprintf(out, 24, "%lu:%02lu:%02lu", left / 3600, left / 60 % 60, left % 60);
    } else {
        snprintf(out, 24, "%lu:%02lu", left / 60, left % 60);
    }
}

static size_t columns_of(FILE *out)
{
    struct winsize size = {0};
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    const char *told = getenv("COLUMNS");
    unsigned long columns = told == NULL ? 0 : strtoul(told, NULL, 10);
    return columns > 0 && columns < 1000 ? columns : 80;
}

/* `text` in at most `columns`, on one line, and no byte beyond ASCII where none may be. */
static void put_cut(const oc_progress *progress, const char *text, size_t columns)
{
    if (progress->utf8) {
        oc_plain_text plain;
        oc_plain_text_begin(&plain, progress->out, false);
        oc_plain_text_put(&plain, text, columns, false);
        oc_plain_text_end(&plain);
        return;
    }
    size_t len = strlen(text);
    for (size_t i = 0; i < len && i < columns; i++) {
        bool dot = len > columns && columns > 3 && i + 3 >= columns;
        fputc(dot ? '.' : text[i] >= ' ' && text[i] < 0x7F ? text[i] : '?', progress->out);
    }
}

static void put_bar(const oc_progress *progress, size_t done, size_t planned)
{
    size_t full = planned > 0 ? done * BAR_CELLS / planned : 0;
    fputs(progress->color ? "\033[32m" : "", progress->out);
    fputs(progress->utf8 ? "" : "[", progress->out);
    for (size_t i = 0; i < BAR_CELLS; i++) {
        fputs(progress->utf8 ? (i < full ? "█" : "░") : (i < full ? "#" : "-"), progress->out);
    }
    fputs(progress->utf8 ? "" : "]", progress->out);
    fputs(progress->color ? "\033[0m" : "", progress->out);
}

/* "  42 %  1234/2900  1 failed  0:35 left  CARD.SELECT.SSSE" */
static void draw(oc_progress *progress, const char *id, size_t done, size_t planned, const char *left)
{
    size_t columns = columns_of(progress->out);
    char numbers[160];
    char failed[64] = "";
    char until[64] = "";
    if (progress->bad > 0) {
        snprintf(failed, sizeof failed, _("  %zu failed"), progress->bad);
    }
    if (left[0] != '\0') {
        snprintf(until, sizeof until, _("  %s left"), left);
    }
    snprintf(numbers, sizeof numbers, "%3zu %%  %zu/%zu%s%s  ", planned > 0 ? done * 100 / planned : 0, done, planned,
             failed, until);
    fputs("\r", progress->out);
    size_t used = 0;
    if (columns >= BAR_FROM_COLUMNS) {
        put_bar(progress, done, planned);
        used = BAR_CELLS + (progress->utf8 ? 0 : 2);
    }
    /* Translated words may be wide; the last column stays free, where some terminals begin a new line. */
    size_t room = columns > used + 1 ? columns - used - 1 : 1;
    put_cut(progress, numbers, room);
    oc_plain_text plain;
    oc_plain_text_begin(&plain, progress->out, false);
    size_t taken = oc_plain_text_width(numbers);
    oc_plain_text_end(&plain);
    if (taken + 8 < room) {
        put_cut(progress, id, room - taken);
    }
    fputs("\033[K", progress->out);
    fflush(progress->out);
    progress->drawn = true;
}

static void tell(oc_progress *progress, size_t done, size_t planned, const char *left)
{
    fprintf(progress->out, _("onecard: %zu %%, %zu of %zu"), done * 100 / planned, done, planned);
    if (progress->bad > 0) {
        fprintf(progress->out, _(", %zu failed"), progress->bad);
    }
    if (left[0] != '\0' && done < planned) {
        fprintf(progress->out, _(", %s left"), left);
    }
    fputc('\n', progress->out);
    fflush(progress->out);
}

void oc_progress_note(oc_progress *progress, const char *id, bool bad, size_t done, size_t planned, uint64_t now_ns)
{
    progress->bad += bad;
    if (progress->form == OC_PROGRESS_NONE || planned == 0 || done == 0 || done > planned) {
        return;
    }
    if (!progress->begun) {
        progress->begun = true;
        progress->before = progress->sampled = done - 1;
    }
    take_pace(progress, done, now_ns);
    char left[24];
    tell_left(progress, left, done, planned, now_ns);
    uint64_t silent = now_ns - progress->drawn_ns;
    if (progress->form == OC_PROGRESS_LINE && (silent >= DRAW_NS || !progress->drawn || done == planned)) {
        progress->drawn_ns = now_ns;
        draw(progress, id, done, planned, left);
    }
    /* A run of a moment needs no log of its tenths. */
    size_t tenth = done * 10 / planned;
    if (progress->form == OC_PROGRESS_LINES && silent >= SECOND && (tenth > progress->tenth || silent >= TELL_NS)) {
        progress->drawn_ns = now_ns;
        progress->tenth = tenth;
        tell(progress, done, planned, left);
    }
}

void oc_progress_end(oc_progress *progress)
{
    if (progress->drawn) {
        fputs("\r\033[K", progress->out);
        fflush(progress->out);
        progress->drawn = false;
    }
}
