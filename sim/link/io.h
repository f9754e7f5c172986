/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_IO_H
#define OC_LINK_IO_H

#include "sim/base/diag.h"
#include "sim/link/endpoint.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Longest command of ISO/IEC 7816-4 5.1, case 4E: header, three length bytes, 65,535 data bytes, two of Le. */
#define OC_COMMAND_MAX (4 + 3 + 65535 + 2)

/* Deadlines are points on the clock of oc_clock_now_ns; this one never comes. */
#define OC_NO_DEADLINE UINT64_MAX

uint64_t oc_deadline_in(int timeout_ms);
/* Milliseconds left for poll(2): 0 when it has passed, -1 for OC_NO_DEADLINE. */
int oc_deadline_left(uint64_t deadline);

/* Waits until `fd` has one of `events`. TIMEOUT at the deadline; GONE when `stop_fd` (or -1) becomes readable. */
OC_MUST_USE oc_result oc_wait_fd(int fd, short events, int stop_fd, uint64_t deadline);

/* Writes everything to a pipe, file or terminal without raising SIGPIPE. GONE when nobody reads it. */
OC_MUST_USE oc_result oc_write_all(int fd, oc_span bytes, uint64_t deadline);

/* A byte stream cut into lines. */
typedef struct oc_lines {
    int fd;
    size_t used; /* characters of `room` that hold lines already handed out */
    size_t len;
    char *room;
} oc_lines;

/* Longest line: a command or response in hex and its line end. */
#define OC_LINE_MAX (2 * OC_COMMAND_MAX + 2)

OC_MUST_USE oc_result oc_lines_init(oc_lines *lines, int fd);
void oc_lines_free(oc_lines *lines);
/* The next line without its end (LF or CR LF), valid until the next call. GONE at the end of the stream, TIMEOUT at
 * the deadline, LIMIT for a line over OC_LINE_MAX; oc_lines_rest then tells what came. */
OC_MUST_USE oc_result oc_lines_next(oc_lines *lines, uint64_t deadline, oc_span *line);
/* What was received and not handed out. */
oc_span oc_lines_rest(const oc_lines *lines);

/* Copies the first 40 characters, printable ones as they are, others as a dot. For diagnostics. */
#define OC_SEEN_ROOM 48
void oc_seen(char out[OC_SEEN_ROOM], oc_span bytes);

#ifdef __cplusplus
}
#endif
#endif
