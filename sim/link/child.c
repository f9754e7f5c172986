/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/link/io.h"

extern char **environ;

/* Waits for a child's end: after end of file on its input (long enough for a card to save its image), after each
 * signal, and before its end is described (project choice). */
#define END_OF_INPUT_MS 300
#define TERM_MS 500
#define DESCRIBE_MS 300
#define LOOK_AGAIN_NS 500000

/* A pipe whose descriptors lie above the standard ones, also when those are closed in this process. */
static int make_pipe(int ends[2])
{
    int low[2];
    if (pipe2(low, O_CLOEXEC) != 0) {
        return -1;
    }
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close(low[i]);
    }
    if (ends[0] >= 0 && ends[1] >= 0) {
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        if (ends[i] >= 0) {
            close(ends[i]);
        }
    }
    return -1;
}

static int spawn(pid_t *pid, const char *command, int in_fd, int out_fd)
{
    static const int reset_signals[] = {SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD};
    sigset_t defaults;
    sigset_t none;
    sigemptyset(&defaults);
    sigemptyset(&none);
    for (size_t i = 0; i < sizeof reset_signals / sizeof reset_signals[0]; i++) {
        sigaddset(&defaults, reset_signals[i]);
    }
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawn_file_actions_adddup2(&actions, in_fd, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
    char shell[] = "sh";
    char option[] = "-c";
    char *text = strdup(command);
    char *argv[] = {shell, option, text, NULL};
    int error = text == NULL ? ENOMEM : posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, environ);
    free(text);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

oc_result oc_child_start(oc_child *out, const char *command, oc_diag *diag)
{
    *out = (oc_child){.in_fd = -1, .out_fd = -1};
    int to_child[2];
    int from_child[2];
    if (make_pipe(to_child) != 0) {
        return oc_diag_fail(diag, OC_E_IO, "no pipe to a child could be made: %s", strerror(errno));
    }
    if (make_pipe(from_child) != 0) {
        close(to_child[0]);
        close(to_child[1]);
        return oc_diag_fail(diag, OC_E_IO, "no pipe from a child could be made: %s", strerror(errno));
    }
    int error = spawn(&out->pid, command, to_child[0], from_child[1]);
    close(to_child[0]);
    close(from_child[1]);
    out->in_fd = to_child[1];
    out->out_fd = from_child[0];
    if (error != 0) {
        out->pid = 0;
        oc_child_stop(out);
        return oc_diag_fail(diag, OC_E_IO, "/bin/sh could not be started: %s", strerror(error));
    }
    fcntl(out->in_fd, F_SETFL, O_NONBLOCK);
    fcntl(out->out_fd, F_SETFL, O_NONBLOCK);
    return oc_ok();
}

bool oc_process_ended(pid_t pid, int wait_ms)
{
    uint64_t deadline = oc_deadline_in(wait_ms);
    for (;;) {
        siginfo_t info = {0};
        int error = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
        /* Where SIGCHLD is ignored, an ended child is no child any more. */
        if ((error == 0 && info.si_pid == pid) || (error != 0 && errno == ECHILD)) {
            return true;
        }
        if (oc_deadline_left(deadline) == 0) {
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL);
    }
}

void oc_child_describe_end(const oc_child *child, char out[OC_CHILD_END_ROOM])
{
    siginfo_t info = {0};
    if (!oc_process_ended(child->pid, DESCRIBE_MS) || waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT) != 0) {
        snprintf(out, OC_CHILD_END_ROOM, "closed its output but still runs");
        return;
    }
    if (info.si_code != CLD_EXITED) {
        const char *name = sigabbrev_np(info.si_status);
        snprintf(out, OC_CHILD_END_ROOM, "was killed by signal %d (SIG%s)", info.si_status, name != NULL ? name : "?");
        return;
    }
    /* A shell tells of the signal that ended its command by 128 + signal. */
    const char *name = info.si_status > 128 ? sigabbrev_np(info.si_status - 128) : NULL;
    snprintf(out, OC_CHILD_END_ROOM, "exited with status %d%s%s%s", info.si_status,
             name != NULL ? " (its command was killed by SIG" : "", name != NULL ? name : "", name != NULL ? ")" : "");
}

bool oc_child_could_not_run(const oc_child *child)
{
    siginfo_t info = {0};
    return oc_process_ended(child->pid, DESCRIBE_MS) &&
           waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOWAIT) == 0 && info.si_code == CLD_EXITED &&
           (info.si_status == 126 || info.si_status == 127);
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

void oc_child_stop(oc_child *child)
{
    close_fd(&child->in_fd);
    close_fd(&child->out_fd);
    if (child->pid > 0) {
        if (!oc_process_ended(child->pid, END_OF_INPUT_MS)) {
            kill(-child->pid, SIGTERM);
            (void)oc_process_ended(child->pid, TERM_MS);
        }
        /* Not reaped yet, so the group's number cannot belong to anybody else; stragglers in it end here too. */
        kill(-child->pid, SIGKILL);
        while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    child->pid = 0;
}
