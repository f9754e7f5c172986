/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conformance/driver_host/os.h"
#include "conformance/driver_host/os_posix.h"

/* Out of the way of a driver that counts its descriptors from 3. */
#define OUR_DESCRIPTORS 200

struct oc_dh_stream {
    int in;
    int out;
    int printed; /* the file that takes what is printed; -1: it goes to standard error */
};

/* The handler of faults has nothing but statics. `device` and `inode` tell the way apart from what a driver opened
 * under its number after closing it. */
static struct {
    int fd;
    dev_t device;
    ino_t inode;
} way = {.fd = -1};

void oc_dh_posix_write(const char *at, size_t len)
{
    struct stat info;
    if (way.fd < 0 || fstat(way.fd, &info) != 0 || info.st_dev != way.device || info.st_ino != way.inode) {
        _exit(OC_DH_EXIT_DESCRIPTORS);
    }
    while (len > 0) {
        ssize_t put = write(way.fd, at, len);
        if (put < 0 && errno != EINTR) {
            _exit(errno == EPIPE ? 0 : OC_DH_EXIT_DESCRIPTORS);
        }
        at += put < 0 ? 0 : put;
        len -= put < 0 ? 0 : (size_t)put;
    }
}

static int open_printed(void)
{
    char path[] = "/tmp/onecard-driver-XXXXXX";
    int fd = mkostemp(path, O_CLOEXEC | O_APPEND);
    if (fd >= 0) {
        unlink(path);
    }
    return fd;
}

bool oc_dh_stream_standard(oc_dh_stream **out, bool to_stderr)
{
    oc_dh_stream *stream = malloc(sizeof *stream);
    struct stat info;
    *out = stream;
    if (stream == NULL) {
        return false;
    }
    stream->in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, OUR_DESCRIPTORS);
    stream->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, OUR_DESCRIPTORS);
    int low = to_stderr ? -1 : open_printed();
    stream->printed = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, OUR_DESCRIPTORS);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (low >= 0) {
        close(low);
        dup2(stream->printed, STDERR_FILENO);
    }
    dup2(STDERR_FILENO, STDOUT_FILENO);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        close(nothing);
    }
    way.fd = stream->out;
    if (stream->in < 0 || stream->out < 0 || fstat(stream->out, &info) != 0) {
        return false;
    }
    way.device = info.st_dev;
    way.inode = info.st_ino;
    return true;
}

long oc_dh_stream_read(oc_dh_stream *stream, char *at, size_t room)
{
    ssize_t got;
    do {
        got = read(stream->in, at, room);
    } while (got < 0 && errno == EINTR);
    if (got < 0 && errno == EBADF) {
        _exit(OC_DH_EXIT_DESCRIPTORS);
    }
    return (long)got;
}

void oc_dh_stream_write(oc_dh_stream *stream, const char *at, size_t len)
{
    (void)stream;
    oc_dh_posix_write(at, len);
}

size_t oc_dh_printed_take(oc_dh_stream *stream, unsigned char *at, size_t room, unsigned long long *total)
{
    struct stat info;
    *total = 0;
    fflush(stdout); /* what the driver left in the C library's buffer, too */
    if (stream->printed < 0 || fstat(stream->printed, &info) != 0 || info.st_size == 0) {
        return 0;
    }
    ssize_t got = pread(stream->printed, at, room, 0);
    *total = (unsigned long long)info.st_size;
    if (ftruncate(stream->printed, 0) != 0) {
        return 0;
    }
    return got < 0 ? 0 : (size_t)got;
}
