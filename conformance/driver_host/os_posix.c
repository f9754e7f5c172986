/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "conformance/driver_host/os.h"
#include "conformance/driver_host/os_posix.h"

#define HANDLER_STACK ((size_t)64 * 1024)

bool oc_dh_guarded_new(oc_dh_guarded *out, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t data = (size + page - 1) / page * page + page;
    unsigned char *region = mmap(NULL, data + OC_DH_BEHIND, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (region == MAP_FAILED || mprotect(region, data, PROT_READ | PROT_WRITE) != 0) {
        return false;
    }
    memset(region, OC_DH_GUARD, data);
    *out = (oc_dh_guarded){.at = region + data - size,
                           .size = size,
                           .region = region,
                           .guard = region + data,
                           .guard_size = OC_DH_BEHIND};
    return true;
}

void oc_dh_guarded_free(oc_dh_guarded *guarded)
{
    if (guarded->region != NULL) {
        munmap(guarded->region, (size_t)(guarded->guard - guarded->region) + guarded->guard_size);
    }
    *guarded = (oc_dh_guarded){0};
}

/* A handler of faults has nothing but statics. */
static struct {
    const unsigned char *guard;
    size_t guard_size;
    const char *message;
    size_t len;
} watched[OC_DH_CALLERS];

static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)context;
    uintptr_t at = (uintptr_t)info->si_addr;
    for (size_t i = 0; i < OC_DH_CALLERS; i++) {
        uintptr_t guard = (uintptr_t)watched[i].guard;
        if (watched[i].guard != NULL && at >= guard && at < guard + watched[i].guard_size) {
            oc_dh_posix_write(watched[i].message, watched[i].len);
            _exit(OC_DH_EXIT_OVERRUN);
        }
    }
    /* Returning runs into the same fault again, now with the system's own answer to it. */
    signal(number, SIG_DFL);
}

void oc_dh_watch(unsigned caller, const oc_dh_guarded *guarded, const char *message, size_t len)
{
    static unsigned char stack[HANDLER_STACK];
    watched[caller].guard = guarded == NULL ? NULL : guarded->guard;
    watched[caller].guard_size = guarded == NULL ? 0 : guarded->guard_size;
    watched[caller].message = message;
    watched[caller].len = len;
    if (guarded != NULL) {
        /* Anew before each call: a driver may have put its own in their places. */
        struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
        stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
        sigaltstack(&alternate, NULL);
        sigaction(SIGSEGV, &action, NULL);
        sigaction(SIGBUS, &action, NULL);
    }
}

struct start {
    void (*task)(void *);
    void *context;
    pthread_barrier_t *line;
};

static void *run_beside(void *context)
{
    const struct start *start = context;
    pthread_barrier_wait(start->line);
    start->task(start->context);
    return NULL;
}

bool oc_dh_at_once(void (*task)(void *), void *first, void *second)
{
    pthread_barrier_t line;
    pthread_t thread;
    struct start start = {.task = task, .context = second, .line = &line};
    if (pthread_barrier_init(&line, NULL, OC_DH_CALLERS) != 0) {
        return false;
    }
    if (pthread_create(&thread, NULL, run_beside, &start) != 0) {
        pthread_barrier_destroy(&line);
        return false;
    }
    pthread_barrier_wait(&line);
    task(first);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&line);
    return true;
}

void oc_dh_set_variable(const char *name, const char *value)
{
    if (value == NULL) {
        unsetenv(name);
    } else {
        setenv(name, value, 1);
    }
}

uint64_t oc_dh_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
