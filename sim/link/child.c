/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/child.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/link/confine.h"
#include "sim/link/io.h"

extern char **environ;

/* Waits for a child's end: after end of file on its input (long enough for a card to save its image), after each
 * signal, and before its end is described (project choice). */
#define END_OF_INPUT_MS 300
#define TERM_MS 500
#define DESCRIBE_MS 300
#define LOOK_AGAIN_NS 500000
/* As a shell tells it (POSIX.1, 2.8.2). */
#define COULD_NOT_RUN 127
/* Data of a program under test, whose language may need much (project choice). Sanitizers reserve terabytes. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define DATA_MB 0
#else
#define DATA_MB 4096
#endif

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

/* Only async-signal-safe calls: the parent may have threads. */
static void become_command(char *const *argv, int in_fd, int out_fd, const oc_confinement *confinement)
{
    static const int reset_signals[] = {SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD};
    sigset_t none;
    sigemptyset(&none);
    for (size_t i = 0; i < sizeof reset_signals / sizeof reset_signals[0]; i++) {
        signal(reset_signals[i], SIG_DFL);
    }
    setpgid(0, 0);
    if (dup2(in_fd, STDIN_FILENO) >= 0 && dup2(out_fd, STDOUT_FILENO) >= 0) {
        if (confinement != NULL) {
            oc_confinement_enter(confinement);
        }
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve("/bin/sh", argv, environ);
    }
    _exit(COULD_NOT_RUN);
}

/* Signals are held back meanwhile: a handler of ours must not run in the child. */
static int start(pid_t *pid, const char *command, int in_fd, int out_fd, const oc_confinement *confinement)
{
    char shell[] = "sh";
    char option[] = "-c";
    char *text = strdup(command);
    char *argv[] = {shell, option, text, NULL};
    sigset_t all;
    sigset_t before;
    if (text == NULL) {
        return ENOMEM;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    *pid = fork();
    int error = *pid < 0 ? errno : 0;
    if (*pid == 0) {
        become_command(argv, in_fd, out_fd, confinement);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    free(text);
    if (error == 0) {
        /* Also from here, so that the group exists when this returns; after the exec it is refused, and done. */
        setpgid(*pid, *pid);
    }
    return error;
}

static oc_result start_child(oc_child *out, const char *command, const oc_confinement *confinement, oc_diag *diag)
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
    int error = start(&out->pid, command, to_child[0], from_child[1], confinement);
    close(to_child[0]);
    close(from_child[1]);
    out->in_fd = to_child[1];
    out->out_fd = from_child[0];
    if (error != 0) {
        out->pid = 0;
        oc_child_stop(out);
        return oc_diag_fail(diag, OC_E_IO, "no child could be started: %s", strerror(error));
    }
    fcntl(out->in_fd, F_SETFL, O_NONBLOCK);
    fcntl(out->out_fd, F_SETFL, O_NONBLOCK);
    return oc_ok();
}

oc_result oc_child_start(oc_child *out, const char *command, oc_diag *diag)
{
    return start_child(out, command, NULL, diag);
}

oc_result oc_child_start_confined(oc_child *out, const char *command, oc_diag *diag)
{
    oc_confinement confinement;
    oc_confinement_make(&confinement, DATA_MB);
    oc_result r = start_child(out, command, &confinement, diag);
    oc_confinement_free(&confinement);
    return r;
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
