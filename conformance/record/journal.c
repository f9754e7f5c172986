/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "sim/base/hex.h"

#define HEAD "onecard-journal 1\n"
#define DIGEST_DIGITS 16
/* What is gathered is written when it is so much. */
#define GATHERED_MAX ((size_t)256 * 1024)

struct oc_journal {
    int fd;
    char *path;
    EVP_MD *sha256;
    pthread_mutex_t write_lock; /* guards `digest`, `gathered`, `end` and `failed` */
    pthread_mutex_t sync_lock;  /* guards `synced`; taken before write_lock */
    EVP_MD_CTX *digest;
    bool gathers;
    oc_buf gathered; /* stands behind `end` */
    off_t end;
    off_t synced;
    bool failed; /* after a failed sync nobody knows what the medium holds */
};

static oc_result io_failure(const oc_journal *journal, const char *doing, oc_diag *diag)
{
    return oc_diag_fail_at(diag, OC_E_IO, journal->path, 0, "cannot %s: %s", doing, strerror(errno));
}

static bool digest_digits(oc_journal *journal, oc_span entry, char out[DIGEST_DIGITS + 1])
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    if (EVP_DigestInit_ex2(journal->digest, journal->sha256, NULL) != 1 ||
        EVP_DigestUpdate(journal->digest, entry.at, entry.len) != 1 ||
        EVP_DigestFinal_ex(journal->digest, digest, NULL) != 1) {
        return false;
    }
    oc_hex_encode(out, DIGEST_DIGITS + 1, oc_span_of(digest, DIGEST_DIGITS / 2));
    return true;
}

/* Finds the entry in a line without its line feed; false when the line is damaged. */
static bool take_entry(oc_journal *journal, const char *line, size_t len, oc_span *entry)
{
    char *after = NULL;
    if (len == 0 || line[0] < '0' || line[0] > '9') {
        return false;
    }
    errno = 0;
    unsigned long long length = strtoull(line, &after, 10); /* the line ends with a NUL or line feed */
    size_t head = (size_t)(after - line);
    if (errno != 0 || head + DIGEST_DIGITS + 2 > len || line[head] != ' ' || line[head + DIGEST_DIGITS + 1] != ' ' ||
        length != len - head - DIGEST_DIGITS - 2) {
        return false;
    }
    char digits[DIGEST_DIGITS + 1];
    *entry = oc_span_of(line + head + DIGEST_DIGITS + 2, (size_t)length);
    return digest_digits(journal, *entry, digits) && memcmp(digits, line + head + 1, DIGEST_DIGITS) == 0;
}

struct replay {
    FILE *file;
    char *line;
    size_t room;
    off_t at;         /* where the line begins */
    off_t size;       /* of the file */
    off_t sound_upto; /* where the last sound line ends */
    long number;
};

/* One line at `replay->at`. Sets *stop at the end of what is sound. */
static oc_result replay_line(oc_journal *journal, struct replay *replay, oc_journal_visit *visit, void *self,
                             bool *stop, oc_diag *diag)
{
    ssize_t n = getline(&replay->line, &replay->room, replay->file);
    if (n < 0) {
        *stop = true;
        return feof(replay->file) ? oc_ok() : io_failure(journal, "read", diag);
    }
    off_t next = replay->at + n;
    bool ended = replay->line[n - 1] == '\n';
    oc_span entry = oc_span_empty();
    replay->number++;
    if (replay->number == 1) {
        if (ended && strcmp(replay->line, HEAD) != 0) {
            return oc_diag_fail_at(diag, OC_E_FORMAT, journal->path, 1,
                                   "not a journal of this version; run without --resume to begin a new one");
        }
    } else if (ended && take_entry(journal, replay->line, (size_t)n - 1, &entry)) {
        off_t at = replay->at + (off_t)((const char *)entry.at - replay->line);
        OC_TRY(visit(self, replay->number, at, entry, diag));
    } else if (next < replay->size) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, journal->path, replay->number,
                               "this line is damaged; run without --resume to begin anew");
    } else {
        ended = false;
    }
    if (!ended) {
        *stop = true;
        return oc_ok();
    }
    replay->at = next;
    replay->sound_upto = next;
    return oc_ok();
}

static oc_result replay_all(oc_journal *journal, oc_journal_visit *visit, void *self, oc_diag *diag)
{
    struct stat st;
    int fd = dup(journal->fd);
    struct replay replay = {.file = fd < 0 ? NULL : fdopen(fd, "r")};
    if (replay.file == NULL || fstat(journal->fd, &st) != 0) {
        oc_result r = io_failure(journal, "read", diag);
        if (replay.file != NULL) {
            fclose(replay.file);
        } else if (fd >= 0) {
            close(fd);
        }
        return r;
    }
    replay.size = st.st_size;
    oc_result r = oc_ok();
    for (bool stop = false; !stop && oc_is_ok(r);) {
        r = replay_line(journal, &replay, visit, self, &stop, diag);
    }
    free(replay.line);
    fclose(replay.file);
    journal->end = replay.sound_upto;
    return r;
}

/* Leaves out what was written already. */
static void pass_over(struct iovec **parts, int *count, size_t written)
{
    while (*count > 0 && written >= (*parts)->iov_len) {
        written -= (*parts)->iov_len;
        (*parts)++;
        (*count)--;
    }
    if (*count > 0) {
        (*parts)->iov_base = (char *)(*parts)->iov_base + written;
        (*parts)->iov_len -= written;
    }
}

static oc_result write_at_end(oc_journal *journal, struct iovec *parts, int count, oc_diag *diag)
{
    off_t to = journal->end;
    while (count > 0) {
        ssize_t n = pwritev(journal->fd, parts, count, to);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            oc_result r = io_failure(journal, "write", diag);
            /* The half line would be cut on resume as well; this keeps the file sound for further entries. */
            if (ftruncate(journal->fd, journal->end) != 0) {
                journal->failed = true;
            }
            return r;
        }
        to += n;
        pass_over(&parts, &count, (size_t)n);
    }
    journal->end = to;
    return oc_ok();
}

static struct iovec part(const void *at, size_t len)
{
    return (struct iovec){.iov_base = (void *)(uintptr_t)at, .iov_len = len};
}

static void sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    int fd = folder == NULL ? -1 : open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd); /* some file systems refuse it on folders */
        close(fd);
    }
    free(folder);
}

static oc_result begin(oc_journal *journal, bool resume, oc_journal_visit *visit, void *self, oc_diag *diag)
{
    if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0) {
        return oc_diag_fail_at(diag, OC_E_USAGE, journal->path, 0,
                               "another run is writing here; choose another output folder");
    }
    if (resume) {
        OC_TRY(replay_all(journal, visit, self, diag));
    }
    if (ftruncate(journal->fd, journal->end) != 0) {
        return io_failure(journal, "write", diag);
    }
    if (journal->end == 0) {
        struct iovec head = part(HEAD, strlen(HEAD));
        OC_TRY(write_at_end(journal, &head, 1, diag));
        sync_folder_of(journal->path);
    }
    return oc_journal_sync(journal, diag);
}

oc_result oc_journal_open(oc_journal **out, const char *path, bool resume, oc_journal_visit *visit, void *self,
                          oc_diag *diag)
{
    *out = NULL;
    oc_journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL || (journal->path = strdup(path)) == NULL) {
        free(journal);
        return oc_fail(OC_E_MEMORY);
    }
    pthread_mutex_init(&journal->write_lock, NULL);
    pthread_mutex_init(&journal->sync_lock, NULL);
    journal->fd = -1;
    journal->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    journal->digest = EVP_MD_CTX_new();
    if (journal->sha256 == NULL || journal->digest == NULL) {
        oc_journal_close(&journal);
        return oc_fail(OC_E_CRYPTO);
    }
    journal->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
    struct stat st;
    oc_result r;
    if (journal->fd < 0) {
        r = io_failure(journal, "open", diag);
    } else if (fstat(journal->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        r = oc_diag_fail_at(diag, OC_E_IO, path, 0, "not a regular file");
    } else {
        r = begin(journal, resume, visit, self, diag);
    }
    if (!oc_is_ok(r)) {
        oc_journal_close(&journal);
        return r;
    }
    *out = journal;
    return oc_ok();
}

/* The caller holds write_lock, as with the next two. */
static oc_result write_gathered(oc_journal *journal, oc_diag *diag)
{
    if (journal->gathered.len == 0) {
        return oc_ok();
    }
    struct iovec all = part(journal->gathered.at, journal->gathered.len);
    oc_result r = write_at_end(journal, &all, 1, diag);
    journal->failed = journal->failed || !oc_is_ok(r); /* it is not known any more which entries are whole */
    oc_buf_clear(&journal->gathered);
    return r;
}

static oc_result gather(oc_journal *journal, const struct iovec parts[3], off_t *at, oc_diag *diag)
{
    for (size_t i = 0; i < 3; i++) {
        oc_result r = oc_buf_append(&journal->gathered, oc_span_of(parts[i].iov_base, parts[i].iov_len));
        if (!oc_is_ok(r)) {
            journal->failed = true;
            return r;
        }
        *at = i == 0 ? journal->end + (off_t)journal->gathered.len : *at;
    }
    return journal->gathered.len < GATHERED_MAX ? oc_ok() : write_gathered(journal, diag);
}

static oc_result write_line(oc_journal *journal, oc_span entry, off_t *at, oc_diag *diag)
{
    char digits[DIGEST_DIGITS + 1];
    if (entry.len == 0 || memchr(entry.at, '\n', entry.len) != NULL || !digest_digits(journal, entry, digits)) {
        return oc_diag_fail_at(diag, OC_E_INTERNAL, journal->path, 0, "an entry must be one line");
    }
    char head[64];
    size_t len = (size_t)snprintf(head, sizeof head, "%zu %s ", entry.len, digits);
    struct iovec parts[] = {part(head, len), part(entry.at, entry.len), part("\n", 1)};
    if (journal->gathers) {
        return gather(journal, parts, at, diag);
    }
    *at = journal->end + (off_t)len;
    return write_at_end(journal, parts, 3, diag);
}

void oc_journal_gather(oc_journal *journal)
{
    journal->gathers = true;
}

oc_result oc_journal_write(oc_journal *journal, oc_span entry, off_t *at, oc_diag *diag)
{
    pthread_mutex_lock(&journal->write_lock);
    oc_result r = journal->failed
                      ? oc_diag_fail_at(diag, OC_E_IO, journal->path, 0, "an earlier write could not be completed")
                      : write_line(journal, entry, at, diag);
    pthread_mutex_unlock(&journal->write_lock);
    return r;
}

oc_result oc_journal_sync(oc_journal *journal, oc_diag *diag)
{
    pthread_mutex_lock(&journal->write_lock);
    oc_result r = write_gathered(journal, diag);
    off_t mine = journal->end;
    pthread_mutex_unlock(&journal->write_lock);
    OC_TRY(r);

    pthread_mutex_lock(&journal->sync_lock);
    if (journal->synced < mine) {
        pthread_mutex_lock(&journal->write_lock);
        off_t target = journal->end;
        pthread_mutex_unlock(&journal->write_lock);
        if (fdatasync(journal->fd) == 0) {
            journal->synced = target;
        } else {
            r = io_failure(journal, "sync", diag);
            pthread_mutex_lock(&journal->write_lock);
            journal->failed = true;
            pthread_mutex_unlock(&journal->write_lock);
        }
    }
    pthread_mutex_unlock(&journal->sync_lock);
    return r;
}

oc_result oc_journal_read(oc_journal *journal, off_t at, size_t len, oc_buf *out, oc_diag *diag)
{
    pthread_mutex_lock(&journal->write_lock);
    oc_result r = write_gathered(journal, diag);
    pthread_mutex_unlock(&journal->write_lock);
    OC_TRY(r);
    oc_buf_clear(out);
    OC_TRY(oc_buf_reserve(out, len));
    while (out->len < len) {
        ssize_t n = pread(journal->fd, out->at + out->len, len - out->len, at + (off_t)out->len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return oc_diag_fail_at(diag, OC_E_IO, journal->path, 0, "cannot read back an entry");
        }
        out->len += (size_t)n;
    }
    return oc_ok();
}

void oc_journal_close(oc_journal **journal)
{
    if (*journal == NULL) {
        return;
    }
    if ((*journal)->fd >= 0) {
        close((*journal)->fd);
    }
    pthread_mutex_destroy(&(*journal)->write_lock);
    pthread_mutex_destroy(&(*journal)->sync_lock);
    oc_buf_free(&(*journal)->gathered);
    EVP_MD_CTX_free((*journal)->digest);
    EVP_MD_free((*journal)->sha256);
    free((*journal)->path);
    free(*journal);
    *journal = NULL;
}
