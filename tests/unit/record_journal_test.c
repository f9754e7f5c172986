/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "conformance/record/journal.h"
#include "sim/base/file.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

struct seen {
    size_t count;
    long last_line;
    char last[64];
};

static oc_result look(void *self, long line, off_t at, oc_span entry, oc_diag *diag)
{
    (void)at;
    (void)diag;
    struct seen *seen = self;
    seen->count++;
    seen->last_line = line;
    snprintf(seen->last, sizeof seen->last, "%.*s", (int)entry.len, (const char *)entry.at);
    return oc_ok();
}

static void write_entries(const char *path, unsigned count)
{
    oc_journal *journal = NULL;
    OC_ASSERT_OK(oc_journal_open(&journal, path, false, look, NULL, NULL));
    for (unsigned i = 0; i < count; i++) {
        char entry[32];
        off_t at = 0;
        oc_buf back = {0};
        snprintf(entry, sizeof entry, "<e n=\"%u\"/>", i);
        OC_ASSERT_OK(oc_journal_write(journal, oc_span_text(entry), &at, NULL));
        OC_ASSERT_OK(oc_journal_read(journal, at, strlen(entry), &back, NULL));
        CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&back), oc_span_text(entry)));
        oc_buf_free(&back);
    }
    OC_ASSERT_OK(oc_journal_sync(journal, NULL));
    oc_journal_close(&journal);
}

/* Opens for resuming, expects `count` entries, and writes one more, which a further resume must see. */
static void expect_resumed(const char *path, size_t count)
{
    oc_journal *journal = NULL;
    struct seen seen = {0};
    oc_diag diag = {0};
    off_t at = 0;
    OC_ASSERT_OK(oc_journal_open(&journal, path, true, look, &seen, &diag));
    CU_ASSERT_EQUAL(seen.count, count);
    OC_ASSERT_OK(oc_journal_write(journal, oc_span_text("<more/>"), &at, NULL));
    oc_journal_close(&journal);
    OC_ASSERT_OK(oc_journal_open(&journal, path, true, look, &seen, &diag));
    CU_ASSERT_EQUAL(seen.count, 2 * count + 1);
    CU_ASSERT_STRING_EQUAL(seen.last, "<more/>");
    oc_journal_close(&journal);
}

static void expect_refused(const char *path, enum oc_code code, long line)
{
    oc_journal *journal = NULL;
    struct seen seen = {0};
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_journal_open(&journal, path, true, look, &seen, &diag), code);
    CU_ASSERT_PTR_NULL(journal);
    CU_ASSERT_EQUAL(diag.line, line);
    CU_ASSERT_NOT_EQUAL(diag.reason[0], '\0');
}

static void replace(const char *path, const char *text, size_t len)
{
    OC_ASSERT_OK(oc_file_replace(path, oc_span_of(text, len), NULL));
}

static void every_torn_end_is_cut(void)
{
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "run.journal");
    write_entries(path, 3);
    char *whole = oc_sample_read(folder, "run.journal");
    size_t len = strlen(whole);
    size_t last = len - 1;
    while (whole[last - 1] != '\n') {
        last--;
    }
    for (size_t cut = last; cut < len; cut++) {
        replace(path, whole, cut);
        expect_resumed(path, 2);
    }
    replace(path, whole, len);
    expect_resumed(path, 3);
    replace(path, whole, 5); /* even the head line */
    expect_resumed(path, 0);
    replace(path, "", 0);
    expect_resumed(path, 0);
    free(whole);
    oc_sample_remove(folder);
}

static void a_damaged_end_is_cut(void)
{
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "run.journal");
    write_entries(path, 3);
    char *whole = oc_sample_read(folder, "run.journal");
    size_t len = strlen(whole);
    whole[len - 4] ^= 1;
    replace(path, whole, len);
    expect_resumed(path, 2);
    memset(whole + len - 12, 0, 12); /* a block that was never written */
    replace(path, whole, len);
    expect_resumed(path, 2);
    free(whole);
    oc_sample_remove(folder);
}

static void a_damaged_middle_is_refused(void)
{
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "run.journal");
    write_entries(path, 4);
    char *whole = oc_sample_read(folder, "run.journal");
    size_t len = strlen(whole);
    char *third = strchr(strchr(whole, '\n') + 1, '\n') + 1;
    size_t third_len = (size_t)(strchr(third, '\n') - third);
    for (size_t i = 0; i < third_len; i++) {
        third[i] ^= 4;
        replace(path, whole, len);
        expect_refused(path, OC_E_FORMAT, 3);
        third[i] ^= 4;
    }
    whole[0] = 'O';
    replace(path, whole, len);
    expect_refused(path, OC_E_FORMAT, 1);
    free(whole);
    oc_sample_remove(folder);
}

static void strange_lengths_are_refused(void)
{
    static const char *const lines[] = {
        "",
        " ",
        "0",
        "18446744073709551616 0011223344556677 <e/>",
        "-4 0011223344556677 <e/>",
        "+4 0011223344556677 <e/>",
        "4 00112233 <e/>",
        "4  0011223344556677 <e/>",
        "4",
    };
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "run.journal");
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char text[256];
        int len = snprintf(text, sizeof text, "onecard-journal 1\n%s\nmore\n", lines[i]);
        replace(path, text, (size_t)len);
        expect_refused(path, OC_E_FORMAT, 2);
    }
    oc_sample_remove(folder);
}

static void entries_are_one_line(void)
{
    char folder[64];
    char path[128];
    oc_journal *journal = NULL;
    oc_diag diag = {0};
    off_t at = 0;
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "run.journal");
    OC_ASSERT_OK(oc_journal_open(&journal, path, false, look, NULL, &diag));
    OC_ASSERT_CODE(oc_journal_write(journal, oc_span_text("a\nb"), &at, &diag), OC_E_INTERNAL);
    OC_ASSERT_CODE(oc_journal_write(journal, oc_span_empty(), &at, &diag), OC_E_INTERNAL);
    oc_journal_close(&journal);
    oc_sample_remove(folder);
}

/* Gathered entries are told where they will stand; they are written by a sync, by who reads one, and when they are
 * many. */
static void gathered_entries_are_written_together(void)
{
    char folder[64];
    char path[128];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "run.journal");
    oc_journal *journal = NULL;
    off_t at[3];
    oc_buf text = {0};
    struct stat before;
    struct stat after;
    OC_ASSERT_OK(oc_journal_open(&journal, path, false, NULL, NULL, NULL));
    oc_journal_gather(journal);
    CU_ASSERT_EQUAL(stat(path, &before), 0);
    OC_ASSERT_OK(oc_journal_write(journal, oc_span_text("<first/>"), &at[0], NULL));
    OC_ASSERT_OK(oc_journal_write(journal, oc_span_text("<second/>"), &at[1], NULL));
    CU_ASSERT_EQUAL(stat(path, &after), 0);
    CU_ASSERT_EQUAL(before.st_size, after.st_size);
    OC_ASSERT_OK(oc_journal_read(journal, at[1], strlen("<second/>"), &text, NULL));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&text), oc_span_text("<second/>")));
    OC_ASSERT_OK(oc_journal_write(journal, oc_span_text("<third/>"), &at[2], NULL));
    OC_ASSERT_OK(oc_journal_sync(journal, NULL));
    OC_ASSERT_OK(oc_journal_read(journal, at[0], strlen("<first/>"), &text, NULL));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&text), oc_span_text("<first/>")));
    OC_ASSERT_OK(oc_journal_read(journal, at[2], strlen("<third/>"), &text, NULL));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&text), oc_span_text("<third/>")));
    CU_ASSERT_EQUAL(stat(path, &before), 0);
    for (unsigned i = 0; i < 20000; i++) {
        OC_ASSERT_OK(oc_journal_write(journal, oc_span_text("<one-of-many/>"), &at[0], NULL));
    }
    CU_ASSERT_EQUAL(stat(path, &after), 0);
    CU_ASSERT(after.st_size > before.st_size);
    OC_ASSERT_OK(oc_journal_sync(journal, NULL));
    oc_journal_close(&journal);
    oc_buf_free(&text);
    expect_resumed(path, 20003);
    oc_sample_remove(folder);
}

static void two_runs_do_not_share(void)
{
    char folder[64];
    char path[128];
    oc_journal *first = NULL;
    oc_journal *second = NULL;
    oc_diag diag = {0};
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "run.journal");
    OC_ASSERT_OK(oc_journal_open(&first, path, false, look, NULL, &diag));
    OC_ASSERT_CODE(oc_journal_open(&second, path, false, look, NULL, &diag), OC_E_USAGE);
    oc_diag_clear(&diag);
    OC_ASSERT_CODE(oc_journal_open(&second, folder, false, look, NULL, &diag), OC_E_IO);
    oc_journal_close(&first);
    oc_sample_remove(folder);
}

#define THREADS 4
#define ENTRIES_EACH 200

static void *write_many(void *journal)
{
    for (unsigned i = 0; i < ENTRIES_EACH; i++) {
        off_t at = 0;
        if (!oc_is_ok(oc_journal_write(journal, oc_span_text("<entry text=\"0123456789\"/>"), &at, NULL)) ||
            !oc_is_ok(oc_journal_sync(journal, NULL))) {
            return journal;
        }
    }
    return NULL;
}

static void threads_write_together(void)
{
    char folder[64];
    char path[128];
    oc_journal *journal = NULL;
    pthread_t threads[THREADS];
    oc_sample_folder(folder);
    oc_sample_path(path, sizeof path, folder, "run.journal");
    OC_ASSERT_OK(oc_journal_open(&journal, path, false, look, NULL, NULL));
    for (unsigned i = 0; i < THREADS; i++) {
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, write_many, journal), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        void *failed = NULL;
        CU_ASSERT_EQUAL(pthread_join(threads[i], &failed), 0);
        CU_ASSERT_PTR_NULL(failed);
    }
    oc_journal_close(&journal);
    expect_resumed(path, THREADS * ENTRIES_EACH);
    oc_sample_remove(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"gathered entries are written together", gathered_entries_are_written_together},
        {"every torn end is cut", every_torn_end_is_cut},
        {"a damaged end is cut", a_damaged_end_is_cut},
        {"a damaged middle is refused", a_damaged_middle_is_refused},
        {"strange lengths are refused", strange_lengths_are_refused},
        {"entries are one line", entries_are_one_line},
        {"two runs do not share", two_runs_do_not_share},
        {"threads write together", threads_write_together},
        {NULL, NULL},
    };
    return oc_test_main("record: journal", rows);
}
