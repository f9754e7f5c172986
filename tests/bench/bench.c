/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/clock.h"

void bench_require(bool condition, const char *sentence)
{
    if (!condition) {
        fprintf(stderr, "bench: %s\n", sentence);
        exit(3);
    }
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

/* Nearest rank, of sorted samples. */
static double rank(const uint64_t *sorted, size_t count, unsigned per_thousand)
{
    size_t at = (count * per_thousand + 999) / 1000;
    return (double)sorted[at > 0 ? at - 1 : 0];
}

double bench_clock_cost(void)
{
    enum { TRIES = 4001 };
    uint64_t *cost = malloc(TRIES * sizeof *cost);
    bench_require(cost != NULL, "no memory");
    for (size_t i = 0; i < TRIES; i++) {
        uint64_t begin = oc_clock_now_ns();
        cost[i] = oc_clock_now_ns() - begin;
    }
    qsort(cost, TRIES, sizeof *cost, by_value);
    double median = (double)cost[TRIES / 2];
    free(cost);
    return median;
}

static void one_round(bench_contender *contender, bool counted)
{
    for (size_t i = 0; i < contender->calls && !contender->failed; i++) {
        uint64_t begin = oc_clock_now_ns();
        bool fine = contender->run(contender->context);
        uint64_t took = oc_clock_now_ns() - begin;
        contender->failed = !fine;
        if (counted) {
            contender->samples[contender->count++] = took;
        }
    }
}

void bench_measure(bench_contender *contenders, size_t count, size_t rounds)
{
    for (size_t c = 0; c < count; c++) {
        contenders[c].samples = calloc(rounds * contenders[c].calls, sizeof *contenders[c].samples);
        bench_require(contenders[c].samples != NULL, "no memory");
        one_round(&contenders[c], false);
    }
    for (size_t r = 0; r < rounds; r++) {
        for (size_t c = 0; c < count; c++) {
            one_round(&contenders[c], true);
        }
    }
    double clock_cost = bench_clock_cost();
    for (size_t c = 0; c < count; c++) {
        bench_contender *contender = &contenders[c];
        if (contender->failed || contender->count == 0) {
            continue;
        }
        qsort(contender->samples, contender->count, sizeof *contender->samples, by_value);
        contender->p50 = rank(contender->samples, contender->count, 500) - clock_cost;
        contender->p99 = rank(contender->samples, contender->count, 990) - clock_cost;
        contender->least = (double)contender->samples[0] - clock_cost;
    }
}

void bench_print(const char *title, const bench_contender *contenders, size_t count, size_t reference)
{
    printf("\n%s\n", title);
    printf("  %-44s %8s %11s %11s %11s %9s %9s\n", "", "calls", "p50 us", "p99 us", "least us", "p50 ratio",
           "p99 ratio");
    const bench_contender *base = &contenders[reference];
    for (size_t c = 0; c < count; c++) {
        const bench_contender *contender = &contenders[c];
        if (contender->failed) {
            printf("  %-44s failed\n", contender->name);
            continue;
        }
        printf("  %-44s %8zu %11.3f %11.3f %11.3f", contender->name, contender->count, contender->p50 / 1000,
               contender->p99 / 1000, contender->least / 1000);
        if (base->failed || base->p50 <= 0 || base->p99 <= 0) {
            printf("\n");
        } else {
            printf(" %9.2f %9.2f\n", contender->p50 / base->p50, contender->p99 / base->p99);
        }
    }
}

void bench_free(bench_contender *contenders, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        free(contenders[c].samples);
        contenders[c].samples = NULL;
    }
}
