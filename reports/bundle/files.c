/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536

/* An open regular file. A name that is a link, a device or a pipe is refused before anything is read. */
static oc_result open_regular(int *fd, int folder, const char *name, const char *shown, oc_diag *diag)
{
    struct stat st;
    *fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (*fd < 0) {
        return errno == ELOOP ? oc_diag_fail_at(diag, OC_E_FORMAT, shown, 0, "a symbolic link, not a file")
                              : oc_diag_fail_at(diag, errno == ENOENT ? OC_E_NOT_FOUND : OC_E_IO, shown, 0, "%s",
                                                strerror(errno));
    }
    if (fstat(*fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(*fd);
        return oc_diag_fail_at(diag, OC_E_FORMAT, shown, 0, "not a regular file");
    }
    return oc_ok();
}

static oc_result digest_open(oc_manifest_entry *out, int fd, const char *shown, oc_diag *diag)
{
    EVP_MD_CTX *sha256 = EVP_MD_CTX_new();
    EVP_MD_CTX *sm3 = EVP_MD_CTX_new();
    uint8_t *piece = malloc(PIECE);
    bool good = sha256 != NULL && sm3 != NULL && piece != NULL && EVP_DigestInit_ex(sha256, EVP_sha256(), NULL) == 1 &&
                EVP_DigestInit_ex(sm3, EVP_sm3(), NULL) == 1;
    ssize_t n = 0;
    out->size = 0;
    while (good && ((n = read(fd, piece, PIECE)) > 0 || (n < 0 && errno == EINTR))) {
        size_t len = n > 0 ? (size_t)n : 0;
        out->size += len;
        good = EVP_DigestUpdate(sha256, piece, len) == 1 && EVP_DigestUpdate(sm3, piece, len) == 1;
    }
    good = good && EVP_DigestFinal_ex(sha256, out->sha256, NULL) == 1 && EVP_DigestFinal_ex(sm3, out->sm3, NULL) == 1;
    free(piece);
    EVP_MD_CTX_free(sha256);
    EVP_MD_CTX_free(sm3);
    if (n < 0) {
        return oc_diag_fail_at(diag, OC_E_IO, shown, 0, "cannot read: %s", strerror(errno));
    }
    return good ? oc_ok() : oc_fail(OC_E_CRYPTO);
}

oc_result oc_bundle_digest(oc_manifest_entry *out, const char *path, oc_diag *diag)
{
    int fd;
    OC_TRY(open_regular(&fd, AT_FDCWD, path, path, diag));
    oc_result r = digest_open(out, fd, path, diag);
    close(fd);
    return r;
}

oc_result oc_bundle_read(oc_buf *out, const char *path, size_t limit, oc_diag *diag)
{
    int fd;
    OC_TRY(open_regular(&fd, AT_FDCWD, path, path, diag));
    oc_buf_clear(out);
    oc_result r = oc_ok();
    for (ssize_t n = 1; n > 0 && oc_is_ok(r);) {
        r = oc_buf_reserve(out, out->len + PIECE);
        n = oc_is_ok(r) ? read(fd, out->at + out->len, PIECE) : 0;
        if (n < 0 && errno == EINTR) {
            n = 1;
            continue;
        }
        if (n < 0) {
            r = oc_diag_fail_at(diag, OC_E_IO, path, 0, "cannot read: %s", strerror(errno));
        } else if (oc_is_ok(r) && (out->len += (size_t)n) > limit) {
            r = oc_diag_fail_at(diag, OC_E_LIMIT, path, 0, "more than %zu bytes", limit);
        }
    }
    close(fd);
    return r;
}

struct walk {
    oc_manifest *out;
    oc_diag *diag;
};

static oc_result walk_folder(const struct walk *walk, int folder, const char *prefix, unsigned depth);

static oc_result take_folder(const struct walk *walk, int folder, const char *name, const char *path, unsigned depth)
{
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return oc_diag_fail_at(walk->diag, OC_E_IO, path, 0, "%s", strerror(errno));
    }
    size_t before = walk->out->count;
    OC_TRY(walk_folder(walk, fd, path, depth + 1));
    return walk->out->count > before ? oc_ok()
                                     : oc_diag_fail_at(walk->diag, OC_E_FORMAT, path, 0, "a folder without a file");
}

static oc_result take_file(const struct walk *walk, int folder, const char *name, const char *path,
                           const struct stat *st)
{
    oc_manifest_entry entry = {.path = path};
    int fd;
    if (st->st_nlink > 1) {
        return oc_diag_fail_at(walk->diag, OC_E_FORMAT, path, 0, "the file has another name besides (a hard link)");
    }
    if (walk->out->count == OC_BUNDLE_FILES_MAX) {
        return oc_diag_fail_at(walk->diag, OC_E_LIMIT, path, 0, "more than %d files", OC_BUNDLE_FILES_MAX);
    }
    OC_TRY(open_regular(&fd, folder, name, path, walk->diag));
    oc_result r = digest_open(&entry, fd, path, walk->diag);
    close(fd);
    return oc_is_ok(r) ? oc_manifest_add(walk->out, &entry) : r;
}

static oc_result take_entry(const struct walk *walk, int folder, const char *name, const char *prefix, unsigned depth)
{
    char path[OC_MANIFEST_PATH_MAX + 1];
    struct stat st;
    int len = snprintf(path, sizeof path, "%s%s%s", prefix, prefix[0] == '\0' ? "" : "/", name);
    if (len < 0 || (size_t)len >= sizeof path || !oc_manifest_path_is_fit(path)) {
        return oc_diag_fail_at(walk->diag, OC_E_FORMAT, prefix[0] == '\0' ? "." : prefix, 0,
                               "a file's name is none that a bundle may have");
    }
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return oc_diag_fail_at(walk->diag, OC_E_IO, path, 0, "%s", strerror(errno));
    }
    if (S_ISDIR(st.st_mode)) {
        return take_folder(walk, folder, name, path, depth);
    }
    if (!S_ISREG(st.st_mode)) {
        return oc_diag_fail_at(walk->diag, OC_E_FORMAT, path, 0,
                               S_ISLNK(st.st_mode) ? "a symbolic link, not a file" : "not a regular file");
    }
    return take_file(walk, folder, name, path, &st);
}

/* Takes the descriptor over. The depth is bounded by that of a path of a manifest. */
static oc_result walk_folder(const struct walk *walk, int folder, const char *prefix, unsigned depth)
{
    DIR *dir = depth > OC_MANIFEST_DEPTH_MAX ? NULL : fdopendir(folder);
    if (dir == NULL) {
        close(folder);
        return oc_diag_fail_at(walk->diag, OC_E_LIMIT, prefix, 0, "folders too deep");
    }
    oc_result r = oc_ok();
    errno = 0;
    for (struct dirent *entry; oc_is_ok(r) && (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            r = take_entry(walk, dirfd(dir), entry->d_name, prefix, depth);
        }
    }
    closedir(dir);
    return r;
}

oc_result oc_bundle_files(oc_manifest *out, const char *folder, oc_diag *diag)
{
    *out = (oc_manifest){0};
    const struct walk walk = {out, diag};
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return oc_diag_fail_at(diag, OC_E_NOT_FOUND, folder, 0, "%s", strerror(errno));
    }
    oc_result r = walk_folder(&walk, fd, "", 0);
    if (!oc_is_ok(r)) {
        oc_manifest_free(out);
    }
    oc_manifest_sort(out);
    return r;
}

static oc_result copy_open(int in, int out, const char *from, const char *to, oc_diag *diag)
{
    uint8_t piece[16384];
    for (;;) {
        ssize_t n = read(in, piece, sizeof piece);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return oc_diag_fail_at(diag, OC_E_IO, from, 0, "cannot read: %s", strerror(errno));
        }
        if (n == 0) {
            return fsync(out) == 0 ? oc_ok()
                                   : oc_diag_fail_at(diag, OC_E_IO, to, 0, "cannot write: %s", strerror(errno));
        }
        for (ssize_t done = 0; done < n;) {
            ssize_t put = write(out, piece + done, (size_t)(n - done));
            if (put < 0 && errno == EINTR) {
                continue;
            }
            if (put <= 0) {
                return oc_diag_fail_at(diag, OC_E_IO, to, 0, "cannot write: %s", strerror(errno));
            }
            done += put;
        }
    }
}

oc_result oc_bundle_copy(const char *from, const char *to, oc_diag *diag)
{
    int in;
    OC_TRY(open_regular(&in, AT_FDCWD, from, from, diag));
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    oc_result r = out < 0 ? oc_diag_fail_at(diag, OC_E_IO, to, 0, "cannot write: %s", strerror(errno))
                          : copy_open(in, out, from, to, diag);
    close(in);
    if (out >= 0) {
        close(out);
    }
    return r;
}

/* nftw has no place for a context: both visits need none. */
static int sync_one(const char *path, const struct stat *st, int type, struct FTW *place)
{
    (void)st;
    (void)type;
    (void)place;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    int failed = fsync(fd) != 0 && errno != EINVAL; /* some file systems refuse it on folders */
    close(fd);
    return failed ? -1 : 0;
}

oc_result oc_bundle_sync(const char *folder, oc_diag *diag)
{
    return nftw(folder, sync_one, 16, FTW_PHYS | FTW_DEPTH) == 0
               ? oc_ok()
               : oc_diag_fail_at(diag, OC_E_IO, folder, 0, "cannot sync: %s", strerror(errno));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *place)
{
    (void)st;
    (void)place;
    (void)(type == FTW_DP ? rmdir(path) : unlink(path));
    return 0;
}

void oc_bundle_remove(const char *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_PHYS | FTW_DEPTH);
}
