/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/file_out.h"

oc_result oc_file_read(oc_buf *out, const char *path, size_t limit, oc_diag *diag)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return oc_diag_fail_at(diag, errno == ENOENT ? OC_E_NOT_FOUND : OC_E_IO, path, 0, "cannot open: %s",
                               strerror(errno));
    }
    struct stat st;
    oc_result r = oc_ok();
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        r = oc_diag_fail_at(diag, OC_E_IO, path, 0, "not a regular file");
    } else if ((uintmax_t)st.st_size > limit) {
        r = oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "larger than %zu bytes", limit);
    }
    uint8_t block[65536];
    size_t used = 0;
    while (oc_is_ok(r)) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            r = oc_diag_fail_at(diag, OC_E_IO, path, 0, "cannot read: %s", strerror(errno));
        }
        if (n <= 0) {
            break;
        }
        used = (size_t)n > used ? (size_t)n : used;
        if (out->len + (size_t)n > limit) {
            r = oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "larger than %zu bytes", limit);
        } else {
            r = oc_buf_append(out, oc_span_of(block, (size_t)n));
        }
    }
    oc_wipe(block, used); /* profiles, card images and key files hold keys */
    close(fd);
    return r;
}

oc_result oc_file_replace(const char *path, oc_span content, oc_diag *diag)
{
    oc_file_out *out = NULL;
    OC_TRY(oc_file_out_open(&out, path, diag));
    if (content.len > 0 && fwrite(content.at, 1, content.len, oc_file_out_stream(out)) != content.len) {
        oc_result r = oc_diag_fail_at(diag, OC_E_IO, path, 0, "cannot write: %s", strerror(errno));
        oc_file_out_abandon(&out);
        return r;
    }
    return oc_file_out_commit(&out, diag);
}

oc_result oc_file_make_folder(const char *path, oc_diag *diag)
{
    char part[PATH_MAX];
    if (strlen(path) >= sizeof part) {
        return oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "path too long");
    }
    for (size_t i = 1; i <= strlen(path); i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST) {
            return oc_diag_fail_at(diag, OC_E_IO, part, 0, "cannot make this folder: %s", strerror(errno));
        }
    }
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return oc_diag_fail_at(diag, OC_E_IO, path, 0, "not a folder");
    }
    return oc_ok();
}

oc_result oc_file_join(char *out, size_t room, const char *folder, const char *name)
{
    int n = name[0] == '/' || folder[0] == '\0' ? snprintf(out, room, "%s", name)
                                                : snprintf(out, room, "%s/%s", folder, name);
    return n >= 0 && (size_t)n < room ? oc_ok() : oc_fail(OC_E_LIMIT);
}
