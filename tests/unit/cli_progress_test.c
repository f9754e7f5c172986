/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/cli/progress.h"
#include "reports/plain_text.h"
#include "tests/support/oc_test.h"

#define SECOND UINT64_C(1000000000)

struct screen {
    oc_progress progress;
    FILE *out;
    char *text;
    size_t size;
};

static void open_screen(struct screen *screen, enum oc_progress_form form, const char *locale, const char *columns)
{
    setenv("LC_ALL", locale, 1);
    setenv("COLUMNS", columns, 1);
    unsetenv("CI");
    screen->out = open_memstream(&screen->text, &screen->size);
    oc_progress_begin(&screen->progress, screen->out, form, 0);
}

static void close_screen(struct screen *screen)
{
    oc_progress_end(&screen->progress);
    fclose(screen->out);
}

static void time_left_follows_the_pace(void)
{
    struct screen screen;
    setenv("NO_COLOR", "1", 1);
    open_screen(&screen, OC_PROGRESS_LINE, "C", "100");
    for (size_t done = 1; done <= 100; done++) {
        oc_progress_note(&screen.progress, "CARD.ONE", done == 7, done, 1000, done * SECOND);
    }
    close_screen(&screen);
    /* One a second: 900 of them are a quarter of an hour. */
    CU_ASSERT_PTR_NOT_NULL(
        strstr(screen.text, "\r[##------------------] 10 %  100/1000  1 failed  15:00 left  CARD.ONE"));
    CU_ASSERT_PTR_NULL(strstr(screen.text, "\033[3"));
    CU_ASSERT_STRING_EQUAL(screen.text + screen.size - 4, "\r\033[K");
    free(screen.text);
}

static void what_was_done_before_is_not_pace(void)
{
    struct screen screen;
    open_screen(&screen, OC_PROGRESS_LINE, "C", "100");
    for (size_t done = 901; done <= 910; done++) {
        oc_progress_note(&screen.progress, "CARD.ONE", false, done, 1000, (done - 900) * 2 * SECOND);
    }
    close_screen(&screen);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.text, "910/1000  3:00 left"));
    free(screen.text);
}

static void no_line_is_wider_than_the_terminal(void)
{
    static const char *const columns[] = {"20", "40", "61", "80", "200"};
    static const char *const locales[] = {"C", "zh_CN.UTF-8"};
    for (size_t i = 0; i < 10; i++) {
        struct screen screen;
        open_screen(&screen, OC_PROGRESS_LINE, locales[i % 2], columns[i / 2]);
        for (size_t done = 1; done < 50; done++) {
            oc_progress_note(&screen.progress,
                             "FLOW.MED-1/社会保障卡读基本信息并结算，读基本信息并结算，读基本信息并结算", true, done,
                             1000000, done * 3000 * SECOND);
        }
        close_screen(&screen);
        oc_plain_text plain;
        oc_plain_text_begin(&plain, stdout, false);
        for (char *line = strtok(screen.text, "\r"); line != NULL; line = strtok(NULL, "\r")) {
            char *end = strstr(line, "\033[K");
            CU_ASSERT_PTR_NOT_NULL_FATAL(end);
            *end = '\0';
            CU_ASSERT_TRUE(oc_plain_text_width(line) < strtoul(columns[i / 2], NULL, 10));
        }
        oc_plain_text_end(&plain);
        free(screen.text);
    }
}

static void logs_get_a_line_a_tenth_or_half_a_minute(void)
{
    struct screen screen;
    open_screen(&screen, OC_PROGRESS_LINES, "C", "80");
    for (size_t done = 1; done <= 1000; done++) {
        oc_progress_note(&screen.progress, "CARD.ONE", false, done, 1000, done * SECOND / 20);
    }
    close_screen(&screen);
    size_t lines = 0;
    for (const char *at = screen.text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    CU_ASSERT_EQUAL(lines, 10);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.text, "onecard: 40 %, 400 of 1000, 0:30 left\n"));
    CU_ASSERT_PTR_NULL(strpbrk(screen.text, "\r\033"));
    free(screen.text);

    open_screen(&screen, OC_PROGRESS_LINES, "C", "80");
    for (size_t done = 1; done <= 99; done++) {
        oc_progress_note(&screen.progress, "CARD.ONE", false, done, 100000, done * SECOND);
    }
    close_screen(&screen);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen.text, "onecard: 0 %, 90 of 100000, 27:45:10 left\n"));
    free(screen.text);

    /* A moment is not told in tenths. */
    open_screen(&screen, OC_PROGRESS_LINES, "C", "80");
    for (size_t done = 1; done <= 100; done++) {
        oc_progress_note(&screen.progress, "CARD.ONE", false, done, 100, done);
    }
    close_screen(&screen);
    CU_ASSERT_STRING_EQUAL(screen.text, "");
    free(screen.text);
}

static void lines_are_folded_by_columns(void)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *folded;
    } rows[] = {
        {"one two three", 7, "one two\nthree"},
        {"one two", 80, "one two"},
        {"unbreakable", 4, "unbreakable"},
        {"社会保障卡", 4, "社会\n保障\n卡"},
        {"社会保障，卡", 8, "社会保\n障，卡"},
        {"社会（保障）卡", 6, "社会\n（保\n障）卡"},
        {"读 EF05 文件", 7, "读 EF05\n文件"},
        {"a\nb", 9, "a\nb"},
        {"", 9, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *folded = oc_plain_text_fold(rows[i].text, rows[i].columns);
        CU_ASSERT_STRING_EQUAL(folded, rows[i].folded);
        free(folded);
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"time left follows the pace", time_left_follows_the_pace},
        {"what was done before is not pace", what_was_done_before_is_not_pace},
        {"no line is wider than the terminal", no_line_is_wider_than_the_terminal},
        {"logs get a line a tenth or half a minute", logs_get_a_line_a_tenth_or_half_a_minute},
        {"lines are folded by columns", lines_are_folded_by_columns},
        {NULL, NULL},
    };
    return oc_test_main("cli: progress", rows);
}
