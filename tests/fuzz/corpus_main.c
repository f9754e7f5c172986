/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over files and folders of inputs once, where no fuzzer is linked: the committed corpus is a
 * regression test under any compiler and sanitizer. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sim/base/file.h"
#include "tests/fuzz/fuzz.h"

#define INPUT_MAX ((size_t)4 * 1024 * 1024)

static bool run_file(const char *path)
{
    oc_buf input = {0};
    oc_diag diag = {0};
    if (!oc_is_ok(oc_file_read(&input, path, INPUT_MAX, &diag))) {
        fprintf(stderr, "%s: %s\n", path, diag.reason);
        return false;
    }
    /* A block of the exact size lets the sanitizers see a read past the end; the buffer has room to spare. */
    uint8_t *exact = malloc(input.len > 0 ? input.len : 1);
    if (exact == NULL) {
        oc_buf_free(&input);
        return false;
    }
    if (input.len > 0) {
        memcpy(exact, input.at, input.len);
    }
    (void)LLVMFuzzerTestOneInput(exact, input.len);
    free(exact);
    oc_buf_free(&input);
    return true;
}

static int without_dots(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Adds the number of inputs that were run; false when one could not be read. */
static bool run_path(const char *path, size_t *count)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        perror(path);
        return false;
    }
    if (!S_ISDIR(info.st_mode)) {
        (*count)++;
        return run_file(path);
    }
    struct dirent **names = NULL;
    int n = scandir(path, &names, without_dots, alphasort);
    bool fine = n >= 0;
    for (int i = 0; i < n; i++) {
        char file[4096];
        fine = oc_is_ok(oc_file_join(file, sizeof file, path, names[i]->d_name)) && run_path(file, count) && fine;
        free(names[i]);
    }
    free(names);
    return fine;
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize(&argc, &argv) != 0) {
        return 1;
    }
    size_t count = 0;
    bool fine = true;
    for (int i = 1; i < argc; i++) {
        fine = run_path(argv[i], &count) && fine;
    }
    printf("%zu inputs\n", count);
    return fine && count > 0 ? 0 : 1;
}
