/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_FRAME_H
#define OC_LINK_FRAME_H

#include "sim/base/diag.h"
#include "sim/link/endpoint.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Frames of the vpcd protocol over TCP, both ways: 2 bytes of length, big-endian, then the body (vsmartcard,
 * virtualsmartcard/src/vpcd). */
#define OC_FRAME_MAX 65535

/* From the reader, a body of one of these single bytes is no command. Only OC_VPCD_ATR is answered. */
enum oc_vpcd_control { OC_VPCD_OFF = 0x00, OC_VPCD_ON = 0x01, OC_VPCD_RESET = 0x02, OC_VPCD_ATR = 0x04 };

typedef struct oc_frames oc_frames;

/* Takes the connected socket over, also on failure. */
OC_MUST_USE oc_result oc_frames_new(oc_frames **out, int fd);
/* Closes the socket. */
void oc_frames_free(oc_frames **frames);

/* Makes a pending and every later call of another thread answer GONE. */
void oc_frames_shut(oc_frames *frames);

/* The next body, valid until the next call on `frames`. TIMEOUT at the deadline; GONE when the peer has closed or
 * `stop_fd` (or -1) becomes readable. */
OC_MUST_USE oc_result oc_frames_next(oc_frames *frames, int stop_fd, uint64_t deadline, oc_span *body);
/* True when bytes were received that no call has handed out. */
bool oc_frames_pending(const oc_frames *frames);

/* Room for the body of the frame to send: OC_FRAME_MAX bytes. */
oc_wr oc_frames_body(oc_frames *frames);
/* Sends the first `len` bytes of that room as one frame in one send. */
OC_MUST_USE oc_result oc_frames_send(oc_frames *frames, size_t len, uint64_t deadline);

#ifdef __cplusplus
}
#endif
#endif
