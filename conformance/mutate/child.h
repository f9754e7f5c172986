/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_MUTATE_CHILD_H
#define OC_CONFORMANCE_MUTATE_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Programs that are run to their ends, and work that is done in processes of its own. */

typedef struct oc_child_order {
    const char *const *argv; /* ended by NULL */
    /* NAME, value, NAME, value, ..., ended by NULL: beside the environment of this process, in which ONECARD_MUTANT and
     * what divides a plan over machines are left out. */
    const char *const *environment;
    const char *log; /* file that gets both outputs */
    unsigned seconds;
} oc_child_order;

typedef struct oc_child_end {
    int code;   /* exit code; -1 when there is none */
    int signal; /* that ended it, or 0 */
    bool timed_out;
    uint64_t wall_ms;
    uint64_t cpu_ms; /* with all that it waited for */
} oc_child_end;

/* Runs it. It is in a process group of its own, and ends with this process. SIGCHLD is blocked meanwhile. */
OC_MUST_USE oc_result oc_child_run(const oc_child_order *order, oc_child_end *end, oc_diag *diag);

/* Calls `work` for each of the numbers 0 to count-1 in a process of its own, at most `jobs` at a time, and `done` here
 * when it has ended: `ok` when it returned true. Ends early, with the processes, when `*stop` becomes non-zero. */
typedef struct oc_pool {
    size_t count;
    unsigned jobs;
    bool (*work)(void *context, size_t at);
    void (*done)(void *context, size_t at, bool ok);
    void *context;
    const volatile sig_atomic_t *stop;
} oc_pool;
OC_MUST_USE oc_result oc_pool_run(const oc_pool *pool, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
