/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/file_out.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct oc_file_out {
    FILE *stream;
    char path[PATH_MAX];
    char temporary[PATH_MAX]; /* "": standard output, by a file without a name */
};

static FILE *open_beside(oc_file_out *file)
{
    int fd = mkostemp(file->temporary, O_CLOEXEC);
    FILE *stream = fd < 0 || fchmod(fd, 0644) != 0 ? NULL : fdopen(fd, "w+e");
    if (fd >= 0 && stream == NULL) {
        close(fd);
        unlink(file->temporary);
    }
    return stream;
}

oc_result oc_file_out_open(oc_file_out **out, const char *path, oc_diag *diag)
{
    *out = NULL;
    if (path != NULL && strlen(path) + sizeof ".XXXXXX" > PATH_MAX) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "path too long");
    }
    oc_file_out *file = calloc(1, sizeof *file);
    if (file == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    snprintf(file->path, sizeof file->path, "%s", path == NULL ? "standard output" : path);
    if (path != NULL) {
        snprintf(file->temporary, sizeof file->temporary, "%.*s.XXXXXX", PATH_MAX - 8, path);
    }
    file->stream = file->temporary[0] == '\0' ? tmpfile() : open_beside(file);
    if (file->stream == NULL) {
        oc_result r = oc_diag_fail_at(diag, OC_E_IO, file->path, 0, "cannot write here: %s", strerror(errno));
        free(file);
        return r;
    }
    *out = file;
    return oc_ok();
}

FILE *oc_file_out_stream(const oc_file_out *out)
{
    return out->stream;
}

static bool copy_to_standard_output(FILE *from)
{
    char block[65536];
    size_t len = 0;
    rewind(from);
    while ((len = fread(block, 1, sizeof block, from)) > 0) {
        if (fwrite(block, 1, len, stdout) != len) {
            return false;
        }
    }
    return ferror(from) == 0 && fflush(stdout) == 0;
}

static void sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path + 1), slash == NULL ? "." : path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd); /* some file systems refuse it on folders; the file itself is already synced */
        close(fd);
    }
}

/* A stream keeps that a write failed, not why. The file is given up, so what is wrong is found by writing more. */
static const char *why_lost(const oc_file_out *file)
{
    static const char nothing[4096];
    for (unsigned i = 0; i < 16; i++) {
        if (write(fileno(file->stream), nothing, sizeof nothing) < 0) {
            return strerror(errno);
        }
    }
    return "an earlier part was lost";
}

oc_result oc_file_out_commit(oc_file_out **out, oc_diag *diag)
{
    oc_file_out *file = *out;
    oc_result r = oc_ok();
    errno = 0;
    bool done = fflush(file->stream) == 0 && ferror(file->stream) == 0;
    if (file->temporary[0] == '\0') {
        done = done && copy_to_standard_output(file->stream);
    } else {
        done = done && fsync(fileno(file->stream)) == 0;
    }
    done = done && (file->temporary[0] == '\0' || rename(file->temporary, file->path) == 0);
    if (!done) {
        r = oc_diag_fail_at(diag, OC_E_IO, file->path, 0, "cannot write: %s",
                            errno == 0 ? why_lost(file) : strerror(errno));
    } else if (file->temporary[0] != '\0') {
        file->temporary[0] = '\0';
        sync_folder_of(file->path);
    }
    oc_file_out_abandon(out);
    return r;
}

void oc_file_out_abandon(oc_file_out **out)
{
    if (*out == NULL) {
        return;
    }
    fclose((*out)->stream); /* what it says was asked before */
    if ((*out)->temporary[0] != '\0') {
        unlink((*out)->temporary);
    }
    free(*out);
    *out = NULL;
}
