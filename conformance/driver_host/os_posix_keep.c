/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/driver_host/os.h"
#include "conformance/driver_host/os_posix.h"
#include "sim/link/confine.h"

/* What ends by itself this soon after its parent was not left behind. */
#define GRACE_MS 100
#define LOOK_AGAIN_US 2000

static void become(const int descriptors[3], char *const *arguments, const oc_confinement *confinement, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(OC_DH_EXIT_NOTHING);
    }
    for (int i = 0; i < 3; i++) {
        if (descriptors[i] != i && dup2(descriptors[i], i) < 0) {
            _exit(OC_DH_EXIT_NOTHING);
        }
    }
    syscall(SYS_close_range, 3u, ~0u, 0u);
    oc_confinement_enter(confinement);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(arguments[0], arguments);
    fprintf(stderr, "%s cannot be run: %s\n", arguments[0], strerror(errno));
    _exit(OC_DH_EXIT_NOTHING);
}

bool oc_dh_keep_start(oc_dh_kept *out, const int descriptors[3], char *const *arguments, unsigned long memory_mb)
{
    sigset_t child;
    *out = (oc_dh_kept){0};
    /* Orphans become our children, whoever they are, so that none is lost. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    pid_t parent = getpid();
    oc_confinement confinement;
    oc_confinement_make(&confinement, memory_mb);
    out->pid = fork();
    if (out->pid == 0) {
        become(descriptors, arguments, &confinement, parent);
    }
    oc_confinement_free(&confinement);
    setpgid(out->pid, out->pid);
    return out->pid > 0;
}

/* The number behind the command's closing bracket and the state: the parent (proc(5), stat). */
static pid_t parent_of(const char *pid)
{
    char path[300];
    char text[512];
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) {
        close(fd);
    }
    text[got > 0 ? got : 0] = '\0';
    const char *bracket = strrchr(text, ')');
    int parent = -1;
    return bracket != NULL && sscanf(bracket, ") %*c %d", &parent) == 1 ? (pid_t)parent : -1;
}

/* Sends SIGKILL to each child of ours. */
static void kill_children(void)
{
    DIR *folder = opendir("/proc");
    if (folder == NULL) {
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && parent_of(entry->d_name) == getpid()) {
            kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
        }
    }
    closedir(folder);
}

/* Reaps what has ended: the child's status, and how many others. True when no child is left. */
static bool reap(oc_dh_kept *kept, bool *ended, unsigned *others)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == kept->pid) {
            kept->status = status;
            *ended = true;
        } else {
            ++*others;
        }
    }
    return pid < 0 && errno == ECHILD;
}

/* The child has ended: what is left of its kin. What forks faster than it is killed shares its group: the number of the
 * group is taken as long as anybody is in it. */
static void clear_up(oc_dh_kept *kept)
{
    bool ended = true;
    unsigned leaving = 0;
    bool alone = reap(kept, &ended, &leaving);
    for (int waited = 0; !alone && waited < GRACE_MS * 1000; waited += LOOK_AGAIN_US) {
        usleep(LOOK_AGAIN_US);
        alone = reap(kept, &ended, &leaving);
    }
    while (!alone) {
        kill(-kept->pid, SIGKILL);
        kill_children();
        usleep(LOOK_AGAIN_US);
        alone = reap(kept, &ended, &kept->left);
    }
}

void oc_dh_keep_wait(oc_dh_kept *kept, int fd)
{
    sigset_t child;
    bool ended = false;
    unsigned orphans = 0;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    while (!ended) {
        struct pollfd polled[2] = {{.fd = fd, .events = POLLRDHUP}, {.fd = signals, .events = POLLIN}};
        struct signalfd_siginfo info;
        int ready = poll(polled, 2, -1);
        while (read(signals, &info, sizeof info) > 0) {
        }
        (void)reap(kept, &ended, &orphans);
        if (!ended && ready > 0 && (polled[0].revents & (POLLHUP | POLLRDHUP | POLLERR | POLLNVAL)) != 0) {
            kill(kept->pid, SIGKILL);
            fd = -1;
        }
    }
    close(signals);
    clear_up(kept);
}

size_t oc_dh_keep_describe(const oc_dh_kept *kept, char *out, size_t room)
{
    bool by_signal = WIFSIGNALED(kept->status);
    int number = by_signal ? WTERMSIG(kept->status) : WEXITSTATUS(kept->status);
    const char *name = by_signal ? sigabbrev_np(number) : NULL;
    int len = snprintf(out, room, "{\"ended\":\"%s\",\"number\":%d,\"name\":\"%s\",\"left\":%u}\n",
                       by_signal ? "signal" : "exit", number, name == NULL ? "" : name, kept->left);
    return len < 0 ? 0 : (size_t)len;
}

#define CONTROL 3
#define REPORT 4

int oc_dh_warden(unsigned long memory_mb, char *const *arguments)
{
    oc_dh_kept kept;
    char line[128];
    const int standard[3] = {0, 1, 2};
    fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
    fcntl(REPORT, F_SETFD, FD_CLOEXEC);
    if (!oc_dh_keep_start(&kept, standard, arguments, memory_mb)) {
        return OC_DH_EXIT_NOTHING;
    }
    /* Only the child keeps the ways to the harness open, so that their ends tell of its end. */
    for (int i = 0; i < 3; i++) {
        close(i);
    }
    oc_dh_keep_wait(&kept, CONTROL);
    size_t len = oc_dh_keep_describe(&kept, line, sizeof line);
    return write(REPORT, line, len) == (ssize_t)len ? 0 : 1;
}
