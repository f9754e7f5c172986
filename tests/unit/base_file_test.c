/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "tests/support/oc_test.h"

static char folder[] = "/tmp/oc_base_file_XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[256];
    OC_ASSERT_OK(oc_file_join(path, sizeof path, folder, name));
    return path;
}

static unsigned entries(const char *path)
{
    unsigned count = 0;
    DIR *dir = opendir(path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        count += entry->d_name[0] != '.';
    }
    closedir(dir);
    return count;
}

static void replaces_and_reads(void)
{
    const char *path = in_folder("content");
    oc_diag diag = {0};
    OC_ASSERT_OK(oc_file_replace(path, oc_span_text("first, and longer"), &diag));
    OC_ASSERT_OK(oc_file_replace(path, oc_span_text("second"), &diag));
    oc_buf got = {0};
    OC_ASSERT_OK(oc_file_read(&got, path, 6, &diag));
    CU_ASSERT_TRUE(oc_span_equal(oc_buf_span(&got), oc_span_text("second")));
    oc_buf_free(&got);
    OC_ASSERT_CODE(oc_file_read(&got, path, 5, &diag), OC_E_LIMIT);
    CU_ASSERT_STRING_EQUAL(diag.file, path);
    CU_ASSERT_EQUAL(entries(folder), 1);
    oc_buf_free(&got);
    unlink(path);
}

static void a_failed_replacement_leaves_nothing_behind(void)
{
    char target[256];
    OC_ASSERT_OK(oc_file_join(target, sizeof target, folder, "is-a-folder"));
    CU_ASSERT_EQUAL_FATAL(mkdir(target, 0700), 0);
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_file_replace(target, oc_span_text("x"), &diag), OC_E_IO);
    CU_ASSERT_TRUE(diag.reason[0] != '\0');
    CU_ASSERT_EQUAL(entries(folder), 1);
    CU_ASSERT_EQUAL(rmdir(target), 0);
    OC_ASSERT_CODE(oc_file_replace(in_folder("no/such/folder"), oc_span_text("x"), NULL), OC_E_IO);
}

/* A writer that replaces for ever is killed; a reader never sees anything but one whole content. */
static void a_killed_writer_leaves_a_whole_file(void)
{
    char path[256];
    OC_ASSERT_OK(oc_file_join(path, sizeof path, folder, "torn"));
    enum { SIZE = 200000 };
    for (int round = 0; round < 5; round++) {
        int started[2];
        CU_ASSERT_EQUAL_FATAL(pipe(started), 0);
        pid_t child = fork();
        if (child == 0) {
            static uint8_t content[SIZE];
            for (unsigned i = 0;; i++) {
                memset(content, 'a' + (int)(i % 26), SIZE);
                if (!oc_is_ok(oc_file_replace(path, oc_span_of(content, SIZE), NULL)) ||
                    (i == 0 && write(started[1], "s", 1) != 1)) {
                    _exit(1);
                }
            }
        }
        char byte;
        CU_ASSERT_EQUAL_FATAL(read(started[0], &byte, 1), 1);
        oc_buf got = {0};
        for (int look = 0; look < 20; look++) {
            oc_buf_clear(&got);
            OC_ASSERT_OK(oc_file_read(&got, path, SIZE, NULL));
            CU_ASSERT_EQUAL_FATAL(got.len, SIZE);
            CU_ASSERT_EQUAL(got.at[0], got.at[SIZE - 1]);
        }
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        CU_ASSERT_TRUE(WIFSIGNALED(status));
        close(started[0]);
        close(started[1]);
        oc_buf_clear(&got);
        OC_ASSERT_OK(oc_file_read(&got, path, SIZE, NULL));
        CU_ASSERT_EQUAL(got.len, SIZE);
        oc_buf_free(&got);
    }
}

static void reads_only_regular_files(void)
{
    oc_buf got = {0};
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_file_read(&got, in_folder("absent"), 10, &diag), OC_E_NOT_FOUND);
    OC_ASSERT_CODE(oc_file_read(&got, folder, 10, NULL), OC_E_IO);
    const char *fifo = in_folder("fifo");
    CU_ASSERT_EQUAL_FATAL(mkfifo(fifo, 0600), 0);
    OC_ASSERT_CODE(oc_file_read(&got, fifo, 10, NULL), OC_E_IO);
    unlink(fifo);
    CU_ASSERT_EQUAL(got.len, 0);
    oc_buf_free(&got);
}

static void makes_folders(void)
{
    OC_ASSERT_OK(oc_file_make_folder(in_folder("deep/er"), NULL));
    OC_ASSERT_OK(oc_file_make_folder(in_folder("deep/er"), NULL));
    OC_ASSERT_OK(oc_file_replace(in_folder("deep/file"), oc_span_empty(), NULL));
    OC_ASSERT_CODE(oc_file_make_folder(in_folder("deep/file"), NULL), OC_E_IO);
    OC_ASSERT_CODE(oc_file_make_folder(in_folder("deep/file/below"), NULL), OC_E_IO);
    unlink(in_folder("deep/file"));
    rmdir(in_folder("deep/er"));
    rmdir(in_folder("deep"));
}

static void joins(void)
{
    char out[8];
    OC_ASSERT_OK(oc_file_join(out, sizeof out, "abc", "def"));
    CU_ASSERT_STRING_EQUAL(out, "abc/def");
    OC_ASSERT_CODE(oc_file_join(out, sizeof out, "abc", "defg"), OC_E_LIMIT);
    OC_ASSERT_OK(oc_file_join(out, sizeof out, "abc", "/def"));
    CU_ASSERT_STRING_EQUAL(out, "/def");
    OC_ASSERT_OK(oc_file_join(out, sizeof out, "", "def"));
    CU_ASSERT_STRING_EQUAL(out, "def");
}

/* Whatever the tests left: a killed writer leaves its temporary file. */
static void remove_folder(void)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
    rmdir(folder);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"replaces and reads", replaces_and_reads},
        {"a failed replacement leaves nothing behind", a_failed_replacement_leaves_nothing_behind},
        {"reads only regular files", reads_only_regular_files},
        {"makes folders", makes_folders},
        {"joins", joins},
        {"a killed writer leaves a whole file", a_killed_writer_leaves_a_whole_file},
        {NULL, NULL},
    };
    if (mkdtemp(folder) == NULL) {
        return 2;
    }
    int code = oc_test_main("file", rows);
    remove_folder();
    return code;
}
