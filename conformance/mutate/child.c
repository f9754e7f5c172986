/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/mutate/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/clock.h"

#define NS_PER_MS 1000000u
#define EXIT_NOT_STARTED 127
#define LOOK_MS 10
#define FILE_MAX ((rlim_t)2 * 1024 * 1024 * 1024) /* what floods its output does not fill the disk */

/* A plan that is divided by what a job scheduler says would be divided once more (conformance/cli/run_shard.c). */
static const char *const not_inherited[] = {"ONECARD_MUTANT",         "TEST_TOTAL_SHARDS", "GTEST_TOTAL_SHARDS",
                                            "SLURM_ARRAY_TASK_COUNT", "CI_NODE_TOTAL",     "JOB_COMPLETIONS"};

static void become(const oc_child_order *order)
{
    sigset_t none;
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int log = open(order->log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool ready = nothing >= 0 && log >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(log, STDOUT_FILENO) >= 0 &&
                 dup2(log, STDERR_FILENO) >= 0 && setpgid(0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
    const struct rlimit files = {FILE_MAX, FILE_MAX};
    ready = setrlimit(RLIMIT_FSIZE, &files) == 0 && ready;
    for (size_t i = 0; i < sizeof not_inherited / sizeof not_inherited[0]; i++) {
        ready = unsetenv(not_inherited[i]) == 0 && ready;
    }
    for (size_t i = 0; order->environment[i] != NULL; i += 2) {
        ready = setenv(order->environment[i], order->environment[i + 1], 1) == 0 && ready;
    }
    sigemptyset(&none);
    ready = sigprocmask(SIG_SETMASK, &none, NULL) == 0 && signal(SIGINT, SIG_DFL) != SIG_ERR &&
            signal(SIGTERM, SIG_DFL) != SIG_ERR && ready;
    if (ready) {
        /* execv takes its arguments without const and leaves them as they are. */
        execv(order->argv[0], (char *const *)(uintptr_t)order->argv);
    }
    _exit(EXIT_NOT_STARTED);
}

static uint64_t ms_of(struct timeval t)
{
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_usec / 1000;
}

/* Waits until it has ended, and ends it with all that it started when it is late. */
static int await(pid_t pid, const oc_child_order *order, uint64_t began, oc_child_end *end, struct rusage *usage)
{
    int status = 0;
    sigset_t child;
    const struct timespec look = {0, LOOK_MS * (long)NS_PER_MS};
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    while (wait4(pid, &status, WNOHANG, usage) == 0) {
        if ((oc_clock_now_ns() - began) / NS_PER_MS >= (uint64_t)order->seconds * 1000 && !end->timed_out) {
            end->timed_out = true;
            kill(-pid, SIGKILL);
        }
        (void)sigtimedwait(&child, NULL, &look);
    }
    return status;
}

oc_result oc_child_run(const oc_child_order *order, oc_child_end *end, oc_diag *diag)
{
    sigset_t child;
    sigset_t before;
    struct rusage usage = {0};
    *end = (oc_child_end){.code = -1};
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &before);
    uint64_t began = oc_clock_now_ns();
    pid_t pid = fork();
    if (pid == 0) {
        become(order);
    }
    if (pid < 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        return oc_diag_fail_at(diag, OC_E_IO, order->argv[0], 0, "cannot be started: %s", strerror(errno));
    }
    (void)setpgid(pid, pid);
    int status = await(pid, order, began, end, &usage);
    kill(-pid, SIGKILL); /* what it left behind */
    sigprocmask(SIG_SETMASK, &before, NULL);
    end->wall_ms = (oc_clock_now_ns() - began) / NS_PER_MS;
    end->cpu_ms = ms_of(usage.ru_utime) + ms_of(usage.ru_stime);
    end->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    end->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return oc_ok();
}

static pid_t begin_work(const oc_pool *pool, size_t at)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        bool alive = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent;
        _exit(alive && pool->work(pool->context, at) ? 0 : 1);
    }
    return pid;
}

static void end_all(const pid_t *pids, unsigned jobs)
{
    for (unsigned i = 0; i < jobs; i++) {
        if (pids[i] > 0) {
            kill(pids[i], SIGKILL);
            while (waitpid(pids[i], NULL, 0) < 0 && errno == EINTR) {
            }
        }
    }
}

/* One process that has ended; false when none has. */
static bool reap(const oc_pool *pool, pid_t *pids, const size_t *numbers, unsigned *running)
{
    for (unsigned i = 0; i < pool->jobs; i++) {
        int status = 0;
        if (pids[i] > 0 && waitpid(pids[i], &status, WNOHANG) == pids[i]) {
            pids[i] = 0;
            --*running;
            pool->done(pool->context, numbers[i], WIFEXITED(status) && WEXITSTATUS(status) == 0);
            return true;
        }
    }
    return false;
}

static unsigned free_place(const pid_t *pids)
{
    unsigned i = 0;
    while (pids[i] > 0) {
        i++;
    }
    return i;
}

oc_result oc_pool_run(const oc_pool *pool, oc_diag *diag)
{
    const struct timespec look = {0, LOOK_MS * (long)NS_PER_MS};
    pid_t *pids = calloc(pool->jobs + 1u, sizeof *pids);
    size_t *numbers = calloc(pool->jobs + 1u, sizeof *numbers);
    unsigned running = 0;
    oc_result r = pids == NULL || numbers == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    for (size_t next = 0; oc_is_ok(r) && *pool->stop == 0 && (next < pool->count || running > 0);) {
        if (next < pool->count && running < pool->jobs) {
            unsigned place = free_place(pids);
            numbers[place] = next;
            pids[place] = begin_work(pool, next++);
            running++;
            if (pids[place] < 0) {
                r = oc_diag_fail(diag, OC_E_IO, "no process can be started: %s", strerror(errno));
            }
        } else if (!reap(pool, pids, numbers, &running)) {
            nanosleep(&look, NULL);
        }
    }
    if (pids != NULL) {
        end_all(pids, pool->jobs);
    }
    free(pids);
    free(numbers);
    return r;
}
