/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_DRAW_H
#define OC_REPORTS_LATENCY_DRAW_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Repeatable draws for statistics: SplitMix64 (Steele, Lea and Flood, 2014). Same seed, same draws, on every machine.
 * Not for protecting anything. */
typedef struct oc_draw {
    uint64_t state;
} oc_draw;

static inline oc_draw oc_draw_of(uint64_t seed)
{
    return (oc_draw){seed};
}
uint64_t oc_draw_bits(oc_draw *draw);
/* Uniform between 0 and 1, both excluded. */
double oc_draw_uniform(oc_draw *draw);
double oc_draw_normal(oc_draw *draw);
/* `shape` 1 or more. */
double oc_draw_gamma(oc_draw *draw, double shape);
/* The `rank`-th smallest of n uniform draws, without drawing them: it is Beta(rank, n - rank + 1). */
double oc_draw_order(oc_draw *draw, uint64_t rank, uint64_t n);

#ifdef __cplusplus
}
#endif
#endif
