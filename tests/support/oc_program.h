/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SUPPORT_OC_PROGRAM_H
#define OC_TESTS_SUPPORT_OC_PROGRAM_H

#include <limits.h>
#include <sys/types.h>

#include "sim/base/bytes.h"

/* Runs a program as a user does and keeps what it says. Everything aborts the test program when the machine fails
 * (no process, no memory), so that callers only look at what the program did. */
typedef struct oc_program {
    pid_t pid;
    int out_fd;
    int err_fd;
    int code;   /* exit code, or 128 + signal */
    oc_buf out; /* NUL-terminated beyond its length */
    oc_buf err;
} oc_program;

/* `argv` ends with NULL. The child has a session of its own and /dev/null as its standard input; SIGKILL reaches
 * it when this program ends. */
void oc_program_start(oc_program *program, const char *const *argv);
/* Reads standard error until it contains `text`. False when the program ended or closed it before. */
bool oc_program_await(oc_program *program, const char *text);
/* Reads both outputs to their ends and reaps the program. */
void oc_program_finish(oc_program *program);
/* Both. */
void oc_program_run(oc_program *program, const char *const *argv);
void oc_program_free(oc_program *program);

const char *oc_program_out(const oc_program *program);
const char *oc_program_err(const oc_program *program);
/* Lines on standard error. */
size_t oc_program_err_lines(const oc_program *program);

/* A folder of our own, in memory where the system offers that: the record syncs after each case. */
void oc_temp_make(char out[PATH_MAX]);
/* Removes it with all that is inside. */
void oc_temp_remove(const char *folder);
/* FOLDER/name. */
void oc_temp_path(char out[PATH_MAX], const char *folder, const char *name);
void oc_temp_write(const char *folder, const char *name, const char *text);

#endif
