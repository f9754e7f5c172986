/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_LINK_CHILD_H
#define OC_LINK_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A child process in a process group of its own, with pipes to its standard input and output. */
typedef struct oc_child {
    pid_t pid;  /* also the id of its group; 0 when there is none */
    int in_fd;  /* its standard input; does not block */
    int out_fd; /* its standard output; does not block */
} oc_child;

/* Runs `command` by /bin/sh -c. Standard error stays ours, so that what it complains about is seen. */
OC_MUST_USE oc_result oc_child_start(oc_child *out, const char *command, oc_diag *diag);
/* The same for a command that is under test or hands out keys: within the bounds of sim/link/confine.h. */
OC_MUST_USE oc_result oc_child_start_confined(oc_child *out, const char *command, oc_diag *diag);

/* Writes how the child ended ("exited with status 3") or that it has not within a short while. */
#define OC_CHILD_END_ROOM 96
void oc_child_describe_end(const oc_child *child, char out[OC_CHILD_END_ROOM]);

/* True when the shell ended by telling that it could not run the command (status 126 or 127). */
bool oc_child_could_not_run(const oc_child *child);

/* True when a child of this process has ended, or ends within `wait_ms`. It is not reaped: its number stays its own. */
bool oc_process_ended(pid_t pid, int wait_ms);

/* End of file on its input, then SIGTERM, then SIGKILL to the whole group, each after a short wait; reaps it. */
void oc_child_stop(oc_child *child);

#ifdef __cplusplus
}
#endif
#endif
