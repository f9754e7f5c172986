/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SOAK_GAUGE_H
#define OC_TESTS_SOAK_GAUGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What the processes hold at the end of a block of sessions, and what the block took. */
typedef struct gauge {
    uint64_t heap;        /* bytes that are allocated and not freed (mallinfo2: uordblks and hblkhd) */
    uint64_t resident;    /* bytes */
    uint64_t descriptors; /* open */
    uint64_t threads;
    uint64_t daemon_resident; /* of pcscd; 0 without one */
    uint64_t daemon_descriptors;
    uint64_t cpu_ns;  /* of this process, for the block */
    uint64_t yard_ns; /* the same for a piece of work that is always the same, right before and after the block */
    uint64_t wall_ns;
    uint64_t p50_ns, p99_ns, most_ns; /* of the block's sessions, wall clock */
} gauge;

/* Fills what is held; `daemon` 0: none. No allocation stays behind. */
void gauge_read(gauge *out, pid_t daemon);

/* CPU time of a fixed piece of arithmetic and memory access: what the machine can do at this moment. */
uint64_t gauge_yard(void);

uint64_t gauge_cpu_now(void);

/* The child of that name that this process has, or 0. */
pid_t gauge_child(const char *name);

#endif
