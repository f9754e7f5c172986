/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/draw.h"

#include <math.h>

uint64_t oc_draw_bits(oc_draw *draw)
{
    uint64_t z = draw->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

double oc_draw_uniform(oc_draw *draw)
{
    return ((double)(oc_draw_bits(draw) >> 12) + 0.5) * 0x1p-52;
}

double oc_draw_normal(oc_draw *draw)
{
    double radius = sqrt(-2 * log(oc_draw_uniform(draw)));
    return radius * cos(2 * M_PI * oc_draw_uniform(draw));
}

/* Marsaglia and Tsang, 2000. */
double oc_draw_gamma(oc_draw *draw, double shape)
{
    double d = shape - 1.0 / 3;
    double c = 1 / sqrt(9 * d);
    for (;;) {
        double x = oc_draw_normal(draw);
        double v = 1 + c * x;
        if (v <= 0) {
            continue;
        }
        v = v * v * v;
        if (log(oc_draw_uniform(draw)) < 0.5 * x * x + d - d * v + d * log(v)) {
            return d * v;
        }
    }
}

double oc_draw_order(oc_draw *draw, uint64_t rank, uint64_t n)
{
    double below = oc_draw_gamma(draw, (double)rank);
    double above = oc_draw_gamma(draw, (double)(n - rank + 1));
    return below / (below + above);
}
