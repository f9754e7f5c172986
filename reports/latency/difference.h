/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_DIFFERENCE_H
#define OC_REPORTS_LATENCY_DIFFERENCE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether two series differ. All of it takes sorted samples in nanoseconds and leaves them as they are. */

/* Mann-Whitney U, two-sided, by the normal approximation with correction for ties and for continuity: the probability
 * of ranks as uneven as these if both series came from one distribution. 1 where a series is empty or all samples are
 * equal. The approximation wants 8 samples or more on either side (OC_DIFFERENCE_LEAST). */
#define OC_DIFFERENCE_LEAST 8
double oc_difference_mann_whitney(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count);

typedef struct oc_ratio {
    double value; /* b over a */
    double low;   /* of the confidence interval */
    double high;
} oc_ratio;

#define OC_DIFFERENCE_RESAMPLES 2000
/* The ratio of the p-quantiles (nearest rank), and its percentile bootstrap interval from OC_DIFFERENCE_RESAMPLES
 * resamples. The order statistic of a resample is drawn directly, so the cost does not grow with n. A base of 0 counts
 * as 1 ns. Both counts > 0. */
oc_ratio oc_difference_ratio(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count, double p,
                             double confidence, uint64_t seed);

/* Benjamini and Hochberg (1995): replaces the probabilities of `count` tests by the least rate of false discoveries at
 * which each would still be one. `order` is room for `count` numbers. */
void oc_difference_adjust(double *p, size_t *order, size_t count);

#ifdef __cplusplus
}
#endif
#endif
