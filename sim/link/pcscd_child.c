/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/link/pcscd_child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child does between fork and exec, in this order. Only async-signal-safe calls: the parent may have
 * threads. */
#define STEPS(X)                                                                                                      \
    X(SESSION, "its signals and session could not be set up")                                                         \
    X(NAMESPACE, "no mount namespace can be had (as an ordinary user this needs user namespaces)")                    \
    X(USER, "the user could not be mapped into its namespace")                                                        \
    X(PRIVATE, "its mounts could not be made private")                                                                \
    X(RUN, "its /run could not be mounted")                                                                           \
    X(DRIVER, "its driver could not be mounted")                                                                      \
    X(OUTPUT, "its log could not be opened")                                                                          \
    X(PARENT, "its parent ended")                                                                                     \
    X(PROGRAM, "it could not be executed")

enum step {
#define STEP_ENUM(name, sentence) STEP_##name,
    STEPS(STEP_ENUM)
#undef STEP_ENUM
};

struct failure {
    enum step step;
    int error;
};

/* Made before the fork. */
struct prepared {
    const oc_pcscd_setup *setup;
    pid_t parent;
    bool as_root;
    char uid_map[64];
    char gid_map[64];
};

static bool write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    size_t len = strlen(text);
    bool done = write(fd, text, len) == (ssize_t)len;
    close(fd);
    return done;
}

static bool enter_session(const struct prepared *prepared)
{
    (void)prepared;
    sigset_t none;
    sigemptyset(&none);
    for (int signal_number = 1; signal_number < SIGRTMIN; signal_number++) {
        signal(signal_number, SIG_DFL);
    }
    return sigprocmask(SIG_SETMASK, &none, NULL) == 0 && setsid() >= 0;
}

static bool enter_namespace(const struct prepared *prepared)
{
    return unshare(prepared->as_root ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) == 0;
}

static bool map_user(const struct prepared *prepared)
{
    return prepared->as_root ||
           (write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/uid_map", prepared->uid_map) &&
            write_text("/proc/self/gid_map", prepared->gid_map));
}

/* In a chroot the root folder is no mount point, and only mount points can be made private. It is then bound onto
 * itself and entered: "/.." leads to the new mount, because a path's end is looked up through what is mounted on it. */
static bool enter_own_root(void)
{
    return mount("/", "/", "none", MS_BIND | MS_REC, NULL) == 0 && chdir("/..") == 0 && chroot(".") == 0 &&
           mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool make_private(const struct prepared *prepared)
{
    (void)prepared;
    return mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 || (errno == EINVAL && enter_own_root());
}

/* pcscd's /run/pcscd is compiled in. A fresh /run is mounted, since an ordinary user cannot make the folder; it may
 * hide the name of our own one, which is the current folder meanwhile. */
static bool mount_run(const struct prepared *prepared)
{
    return chdir(prepared->setup->run_folder) == 0 &&
           mount("none", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") == 0 && mkdir("/run/pcscd", 0755) == 0 &&
           mount(".", "/run/pcscd", "none", MS_BIND, NULL) == 0 && chdir("/") == 0;
}

static bool mount_driver(const struct prepared *prepared)
{
    const oc_pcscd_setup *setup = prepared->setup;
    return mount(setup->driver, setup->driver_copy, "none", MS_BIND, NULL) == 0 &&
           mount(setup->empty_folder, setup->drivers_folder, "none", MS_BIND, NULL) == 0;
}

static bool open_output(const struct prepared *prepared)
{
    int in = open("/dev/null", O_RDONLY);
    int out = open(prepared->setup->log_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    return in >= 0 && out >= 0 && dup2(in, STDIN_FILENO) == STDIN_FILENO &&
           dup2(out, STDOUT_FILENO) == STDOUT_FILENO && dup2(out, STDERR_FILENO) == STDERR_FILENO &&
           close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

/* After the namespaces: entering one clears the death signal. */
static bool tie_to_parent(const struct prepared *prepared)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == prepared->parent;
}

static bool run_program(const struct prepared *prepared)
{
    execl(prepared->setup->program, "pcscd", "--foreground", "--config", prepared->setup->config_folder, (char *)NULL);
    return false;
}

static void become_pcscd(const struct prepared *prepared, int report_fd)
{
    static bool (*const actions[])(const struct prepared *) = {
        [STEP_SESSION] = enter_session, [STEP_NAMESPACE] = enter_namespace,
        [STEP_USER] = map_user,         [STEP_PRIVATE] = make_private,
        [STEP_RUN] = mount_run,         [STEP_DRIVER] = mount_driver,
        [STEP_OUTPUT] = open_output,    [STEP_PARENT] = tie_to_parent,
        [STEP_PROGRAM] = run_program,
    };
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (!actions[i](prepared)) {
            struct failure failure = {(enum step)i, errno};
            _exit(write(report_fd, &failure, sizeof failure) > 0 ? 126 : 127);
        }
    }
}

static void prepare(struct prepared *prepared, const oc_pcscd_setup *setup)
{
    *prepared = (struct prepared){.setup = setup, .parent = getpid(), .as_root = geteuid() == 0};
    snprintf(prepared->uid_map, sizeof prepared->uid_map, "0 %lu 1", (unsigned long)geteuid());
    snprintf(prepared->gid_map, sizeof prepared->gid_map, "0 %lu 1", (unsigned long)getegid());
}

static oc_result await_exec(pid_t pid, int report_fd, oc_diag *diag)
{
    static const char *const sentences[] = {
#define STEP_SENTENCE(name, sentence) sentence,
        STEPS(STEP_SENTENCE)
#undef STEP_SENTENCE
    };
    struct failure failure;
    ssize_t got;
    do {
        got = read(report_fd, &failure, sizeof failure);
    } while (got < 0 && errno == EINTR);
    if (got != sizeof failure) {
        return oc_ok(); /* closed by exec */
    }
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
    return oc_diag_fail(diag, OC_E_UNAVAILABLE, "no private pcscd can be had: %s: %s", sentences[failure.step],
                        strerror(failure.error));
}

oc_result oc_pcscd_child_start(pid_t *out, const oc_pcscd_setup *setup, oc_diag *diag)
{
    struct prepared prepared;
    int report[2];
    *out = 0;
    prepare(&prepared, setup);
    if (pipe2(report, O_CLOEXEC) != 0) {
        return oc_diag_fail(diag, OC_E_IO, "pcscd cannot be started: %s", strerror(errno));
    }
    pid_t pid = fork();
    if (pid == 0) {
        become_pcscd(&prepared, report[1]);
    }
    int cause = errno;
    close(report[1]);
    oc_result result = pid > 0 ? await_exec(pid, report[0], diag)
                               : oc_diag_fail(diag, OC_E_IO, "pcscd cannot be started: %s", strerror(cause));
    close(report[0]);
    *out = oc_is_ok(result) ? pid : 0;
    return result;
}
