/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_BENCH_BENCH_H
#define OC_TESTS_BENCH_BENCH_H

#include "sim/base/bytes.h"

/* One contender: something that is done over and over and timed call by call. `run` answers false when it failed;
 * the contender is then reported as failed and left out. */
typedef struct bench_contender {
    const char *name;
    bool (*run)(void *context);
    void *context;
    size_t calls; /* timed calls a round */
    uint64_t *samples;
    size_t count;
    bool failed;
    double p50; /* nanoseconds, the cost of reading the clock taken off */
    double p99;
    double least;
} bench_contender;

/* Times the contenders in turn, round after round, so that what else the machine does meets all alike. The first
 * round warms up and is not counted. */
void bench_measure(bench_contender *contenders, size_t count, size_t rounds);

/* Prints a line each: median, 99th percentile, least, and the ratios of both to the contender `reference`. */
void bench_print(const char *title, const bench_contender *contenders, size_t count, size_t reference);

void bench_free(bench_contender *contenders, size_t count);

/* Median cost of reading the clock twice, nanoseconds. */
double bench_clock_cost(void);

/* Ends the program with the sentence when `condition` does not hold: a bench measures nothing on a broken set-up. */
void bench_require(bool condition, const char *sentence);

#endif
