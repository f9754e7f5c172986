/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_ORDER_H
#define OC_REPORTS_LATENCY_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Order statistics and their confidence bounds. Nothing is assumed of the distribution but that the samples are
 * independent: the number of samples at or below the p-quantile is binomial (n, p), so ranks bound quantiles (David and
 * Nagaraja, Order Statistics, 7.1; Wilks 1941). Ranks count from 1; `p` lies between 0 and 1, both excluded;
 * `confidence` likewise. */

void oc_order_sort(uint64_t *ns, size_t n);

/* Nearest rank: the least rank whose sample at least p of all samples do not exceed. n > 0. */
size_t oc_order_rank(size_t n, double p);

/* P(X <= k) of the binomial distribution (n, p). */
double oc_order_binomial(size_t k, size_t n, double p);

/* The least rank whose sample is with `confidence` no less than the p-quantile; 0 when n is too small for one. */
size_t oc_order_upper(size_t n, double p, double confidence);
/* The greatest rank whose sample is with `confidence` no greater than the p-quantile; 0 when n is too small for one. */
size_t oc_order_lower(size_t n, double p, double confidence);

/* Both one-sided at (1 + confidence) / 2. */
typedef struct oc_order_bounds {
    size_t lower; /* rank, 0: none */
    size_t upper;
} oc_order_bounds;
oc_order_bounds oc_order_two_sided(size_t n, double p, double confidence);

/* Wilks: the least n whose maximum is with `confidence` no less than the p-quantile. */
size_t oc_order_wilks(double p, double confidence);

#ifdef __cplusplus
}
#endif
#endif
