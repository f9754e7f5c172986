/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_DRIVER_HOST_OS_POSIX_H
#define OC_CONFORMANCE_DRIVER_HOST_OS_POSIX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Shared by the sources of POSIX systems. */

/* Writes to the harness; allowed in a handler of signals. Does nothing before there is a stream. */
void oc_dh_posix_write(const char *at, size_t len);

/* A child of its own process group, and what came of it. */
typedef struct oc_dh_kept {
    pid_t pid;
    int status;    /* of waitpid */
    unsigned left; /* processes that outlived it and were killed */
} oc_dh_kept;

/* Runs a command with the three descriptors as its standard ones, all others closed. It dies with its parent. */
bool oc_dh_keep_start(oc_dh_kept *out, const int descriptors[3], char *const *arguments, unsigned long memory_mb);
/* Waits until the child has ended or until `fd` is at its end (it is not read); the child and all that came of it are
 * then killed and reaped. `wait_input` false: `fd` is a socket whose bytes somebody else reads. */
void oc_dh_keep_wait(oc_dh_kept *kept, int fd);
/* "{"ended":"signal","number":11,"name":"SEGV","left":0}" and LF. Returns its length. */
size_t oc_dh_keep_describe(const oc_dh_kept *kept, char *out, size_t room);

/* onecard-driver-host --warden: the command on the standard descriptors, watched from descriptor 3 (whose end ends it),
 * its end told on descriptor 4. */
int oc_dh_warden(unsigned long memory_mb, char *const *arguments);

#endif
