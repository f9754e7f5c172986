/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/frame.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/link/io.h"

#define LENGTH_LEN 2

struct oc_frames {
    int fd;
    size_t used; /* bytes of `in` that were handed out */
    size_t len;
    uint8_t in[LENGTH_LEN + OC_FRAME_MAX];
    uint8_t out[LENGTH_LEN + OC_FRAME_MAX];
};

oc_result oc_frames_new(oc_frames **out, int fd)
{
    oc_frames *frames = calloc(1, sizeof *frames);
    *out = frames;
    if (frames == NULL) {
        close(fd);
        return oc_fail(OC_E_MEMORY);
    }
    frames->fd = fd;
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return oc_ok();
}

void oc_frames_free(oc_frames **frames)
{
    if (*frames == NULL) {
        return;
    }
    close((*frames)->fd);
    oc_wipe(*frames, sizeof **frames);
    free(*frames);
    *frames = NULL;
}

void oc_frames_shut(oc_frames *frames)
{
    shutdown(frames->fd, SHUT_RDWR);
}

/* Receives what is there, at least one byte. The driver of Debian 12 sends length and body apart with Nagle's
 * algorithm on, so that our delayed acknowledgement would hold the body back for 40 ms: TCP_QUICKACK, which does
 * not last, is set after every receive. */
static oc_result receive(oc_frames *frames, int stop_fd, uint64_t deadline)
{
    bool must_wait = stop_fd >= 0 || deadline != OC_NO_DEADLINE;
    for (;;) {
        if (must_wait) {
            OC_TRY(oc_wait_fd(frames->fd, POLLIN, stop_fd, deadline));
        }
        ssize_t got = recv(frames->fd, frames->in + frames->len, sizeof frames->in - frames->len, 0);
        if (got > 0) {
            frames->len += (size_t)got;
            int on = 1;
            setsockopt(frames->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
            return oc_ok();
        }
        if (got == 0 || errno != EINTR) {
            return oc_fail(OC_E_GONE);
        }
    }
}

/* Length of the body whose frame is received as a whole; false when more has to come. */
static bool whole_frame(const oc_frames *frames, size_t *body_len)
{
    oc_rd rd = oc_rd_of(oc_span_of(frames->in + frames->used, frames->len - frames->used));
    *body_len = oc_rd_u16(&rd);
    return !rd.bad && rd.rest.len >= *body_len;
}

oc_result oc_frames_next(oc_frames *frames, int stop_fd, uint64_t deadline, oc_span *body)
{
    size_t body_len;
    while (!whole_frame(frames, &body_len)) {
        if (frames->used > 0) {
            memmove(frames->in, frames->in + frames->used, frames->len - frames->used);
            frames->len -= frames->used;
            frames->used = 0;
        }
        OC_TRY(receive(frames, stop_fd, deadline));
    }
    *body = oc_span_of(frames->in + frames->used + LENGTH_LEN, body_len);
    frames->used += LENGTH_LEN + body_len;
    return oc_ok();
}

bool oc_frames_pending(const oc_frames *frames)
{
    return frames->len > frames->used;
}

oc_wr oc_frames_body(oc_frames *frames)
{
    return oc_wr_of(frames->out + LENGTH_LEN, OC_FRAME_MAX);
}

oc_result oc_frames_send(oc_frames *frames, size_t len, uint64_t deadline)
{
    oc_wr length = oc_wr_of(frames->out, LENGTH_LEN);
    oc_wr_u16(&length, (uint16_t)len);
    oc_span rest = oc_span_of(frames->out, LENGTH_LEN + len);
    int flags = MSG_NOSIGNAL | (deadline == OC_NO_DEADLINE ? 0 : MSG_DONTWAIT);
    while (rest.len > 0) {
        ssize_t sent = send(frames->fd, rest.at, rest.len, flags);
        if (sent > 0) {
            rest = oc_span_slice(rest, (size_t)sent, rest.len);
        } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            OC_TRY(oc_wait_fd(frames->fd, POLLOUT, -1, deadline));
        } else if (sent < 0 && errno != EINTR) {
            return oc_fail(OC_E_GONE);
        }
    }
    return oc_ok();
}
