/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/difference.h"

#include <math.h>
#include <stdlib.h>

#include "reports/latency/draw.h"
#include "reports/latency/order.h"

/* Walks both sorted series at once, a group of equal values at a time. Sums the ranks of `a` and t^3 - t over the groups. */
static void sum_ranks(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count, double *ranks,
                      double *ties)
{
    size_t i = 0;
    size_t j = 0;
    *ranks = *ties = 0;
    while (i < a_count || j < b_count) {
        uint64_t value = j == b_count || (i < a_count && a[i] < b[j]) ? a[i] : b[j];
        size_t from = i + j;
        size_t of_a = i;
        while (i < a_count && a[i] == value) {
            i++;
        }
        while (j < b_count && b[j] == value) {
            j++;
        }
        double group = (double)(i + j - from);
        *ranks += (double)(i - of_a) * ((double)from + (group + 1) / 2);
        *ties += group * (group * group - 1);
    }
}

double oc_difference_mann_whitney(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    if (a_count == 0 || b_count == 0) {
        return 1;
    }
    double ranks = 0;
    double ties = 0;
    sum_ranks(a, a_count, b, b_count, &ranks, &ties);
    double n1 = (double)a_count;
    double n2 = (double)b_count;
    double n = n1 + n2;
    double u = ranks - n1 * (n1 + 1) / 2;
    double variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)));
    double away = fabs(u - n1 * n2 / 2) - 0.5;
    if (variance <= 0 || away <= 0) {
        return 1;
    }
    return erfc(away / sqrt(variance) / M_SQRT2);
}

static double at_rank(const uint64_t *sorted, size_t rank)
{
    uint64_t value = sorted[rank - 1];
    return value == 0 ? 1 : (double)value;
}

static double resampled(const uint64_t *sorted, size_t n, size_t rank, oc_draw *draw)
{
    size_t index = (size_t)(oc_draw_order(draw, rank, n) * (double)n);
    return at_rank(sorted, index < n ? index + 1 : n);
}

static int compare_ratios(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return left < right ? -1 : left > right;
}

oc_ratio oc_difference_ratio(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count, double p,
                             double confidence, uint64_t seed)
{
    double ratios[OC_DIFFERENCE_RESAMPLES];
    size_t a_rank = oc_order_rank(a_count, p);
    size_t b_rank = oc_order_rank(b_count, p);
    oc_draw draw = oc_draw_of(seed);
    for (size_t i = 0; i < OC_DIFFERENCE_RESAMPLES; i++) {
        double below = resampled(a, a_count, a_rank, &draw);
        ratios[i] = resampled(b, b_count, b_rank, &draw) / below;
    }
    qsort(ratios, OC_DIFFERENCE_RESAMPLES, sizeof *ratios, compare_ratios);
    size_t tail = (size_t)((1 - confidence) / 2 * OC_DIFFERENCE_RESAMPLES);
    return (oc_ratio){.value = at_rank(b, b_rank) / at_rank(a, a_rank),
                      .low = ratios[tail],
                      .high = ratios[OC_DIFFERENCE_RESAMPLES - 1 - tail]};
}

static int compare_keyed(const void *a, const void *b, void *keys)
{
    const double *p = keys;
    size_t left = *(const size_t *)a;
    size_t right = *(const size_t *)b;
    if (p[left] < p[right] || p[left] > p[right]) {
        return p[left] < p[right] ? -1 : 1;
    }
    return left < right ? -1 : left > right;
}

void oc_difference_adjust(double *p, size_t *order, size_t count)
{
    if (count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    qsort_r(order, count, sizeof *order, compare_keyed, p);
    double least = 1;
    for (size_t i = count; i > 0; i--) {
        double adjusted = p[order[i - 1]] * (double)count / (double)i;
        least = adjusted < least ? adjusted : least;
        p[order[i - 1]] = least;
    }
}
