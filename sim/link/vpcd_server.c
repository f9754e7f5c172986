/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/link/frame.h"
#include "sim/link/io.h"
#include "sim/link/transports.h"

struct vpcd {
    oc_frames *frames;
    bool broken; /* question and answer no longer pair up */
};

static oc_result failed(struct vpcd *vpcd, oc_result result, int timeout_ms, oc_diag *diag)
{
    vpcd->broken = true;
    if (result.code == OC_E_TIMEOUT) {
        return oc_diag_fail(diag, OC_E_TIMEOUT, "the card gave no answer within %d ms", timeout_ms);
    }
    return oc_diag_fail(diag, result.code, "the card closed its connection");
}

static oc_result check_usable(struct vpcd *vpcd, oc_diag *diag)
{
    if (vpcd->broken) {
        return oc_diag_fail(diag, OC_E_GONE, "the card was given up after an earlier failure");
    }
    if (oc_frames_pending(vpcd->frames)) {
        vpcd->broken = true;
        return oc_diag_fail(diag, OC_E_GARBAGE, "the card sent bytes without being asked");
    }
    return oc_ok();
}

static oc_result send_body(struct vpcd *vpcd, oc_span body, uint64_t deadline)
{
    oc_wr wr = oc_frames_body(vpcd->frames);
    oc_wr_bytes(&wr, body);
    return oc_frames_send(vpcd->frames, wr.len, deadline);
}

static oc_result send_control(struct vpcd *vpcd, enum oc_vpcd_control control, uint64_t deadline)
{
    uint8_t byte = (uint8_t)control;
    return send_body(vpcd, oc_span_of(&byte, 1), deadline);
}

static oc_result request_reset(struct vpcd *vpcd, enum oc_reset kind, uint64_t deadline, oc_span *atr)
{
    if (kind == OC_RESET_COLD) {
        OC_TRY(send_control(vpcd, OC_VPCD_OFF, deadline));
        OC_TRY(send_control(vpcd, OC_VPCD_ON, deadline));
    } else {
        OC_TRY(send_control(vpcd, OC_VPCD_RESET, deadline));
    }
    OC_TRY(send_control(vpcd, OC_VPCD_ATR, deadline));
    return oc_frames_next(vpcd->frames, -1, deadline, atr);
}

static oc_result vpcd_reset(void *self, enum oc_reset kind, int timeout_ms, oc_buf *atr, oc_diag *diag)
{
    struct vpcd *vpcd = self;
    OC_TRY(check_usable(vpcd, diag));
    oc_span body;
    oc_result result = request_reset(vpcd, kind, oc_deadline_in(timeout_ms), &body);
    if (!oc_is_ok(result)) {
        return failed(vpcd, result, timeout_ms, diag);
    }
    return oc_buf_set(atr, body);
}

static oc_result vpcd_transmit(void *self, oc_span command, int timeout_ms, oc_buf *response, oc_diag *diag)
{
    struct vpcd *vpcd = self;
    OC_TRY(check_usable(vpcd, diag));
    uint64_t deadline = oc_deadline_in(timeout_ms);
    oc_span body;
    oc_result result = send_body(vpcd, command, deadline);
    if (oc_is_ok(result)) {
        result = oc_frames_next(vpcd->frames, -1, deadline, &body);
    }
    if (!oc_is_ok(result)) {
        return failed(vpcd, result, timeout_ms, diag);
    }
    return oc_buf_set(response, body);
}

static void vpcd_free(void *self)
{
    struct vpcd *vpcd = self;
    if (vpcd->frames != NULL && !vpcd->broken) {
        (void)!oc_is_ok(send_control(vpcd, OC_VPCD_OFF, oc_deadline_in(0)));
    }
    oc_frames_free(&vpcd->frames);
    free(vpcd);
}

static oc_result accept_card(int *out, unsigned port, int timeout_ms, oc_diag *diag)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) {
        return oc_diag_fail(diag, OC_E_IO, "no socket could be had: %s", strerror(errno));
    }
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0) {
        int cause = errno;
        close(listener);
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "port %u of 127.0.0.1 cannot be listened on: %s", port,
                            strerror(cause));
    }
    oc_result result = oc_wait_fd(listener, POLLIN, -1, oc_deadline_in(timeout_ms));
    *out = oc_is_ok(result) ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
    close(listener);
    if (*out < 0) {
        return oc_diag_fail(diag, oc_is_ok(result) ? OC_E_IO : result.code,
                            "no card connected to 127.0.0.1:%u within %d ms", port, timeout_ms);
    }
    return oc_ok();
}

oc_result oc_link_vpcd_socket(oc_link **out, int fd)
{
    static const oc_link_ops ops = {vpcd_reset, vpcd_transmit, vpcd_free, NULL, NULL};
    /* A command of one byte could be taken for a control byte, so that short ones are not offered. */
    static const oc_link_traits traits = {"vpcd", true, false, OC_FRAME_MAX};
    *out = NULL;
    struct vpcd *vpcd = calloc(1, sizeof *vpcd);
    if (vpcd == NULL) {
        close(fd);
        return oc_fail(OC_E_MEMORY);
    }
    oc_result result = oc_frames_new(&vpcd->frames, fd);
    if (!oc_is_ok(result)) {
        vpcd_free(vpcd);
        return result;
    }
    return oc_link_new(out, &ops, traits, vpcd);
}

oc_result oc_link_vpcd(oc_link **out, unsigned port, int timeout_ms, oc_diag *diag)
{
    *out = NULL;
    if (port == 0 || port > UINT16_MAX) {
        return oc_diag_fail(diag, OC_E_USAGE, "%u is not a TCP port", port);
    }
    int fd = -1;
    OC_TRY(accept_card(&fd, port, timeout_ms, diag));
    return oc_link_vpcd_socket(out, fd);
}
