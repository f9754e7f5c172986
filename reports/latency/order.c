/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/order.h"

#include <math.h>
#include <stdlib.h>

static int compare_ns(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

void oc_order_sort(uint64_t *ns, size_t n)
{
    if (n > 1) {
        qsort(ns, n, sizeof *ns, compare_ns);
    }
}

size_t oc_order_rank(size_t n, double p)
{
    /* 0.95 * 100 must be rank 95 whatever the last bit of the product. */
    double exact = p * (double)n;
    size_t rank = (size_t)ceil(exact - exact * 1e-12);
    return rank < 1 ? 1 : rank > n ? n : rank;
}

static double log_mass(size_t k, size_t n, double p)
{
    int sign = 0;
    double all = (double)n;
    double some = (double)k;
    return lgamma_r(all + 1, &sign) - lgamma_r(some + 1, &sign) - lgamma_r(all - some + 1, &sign) + some * log(p) +
           (all - some) * log1p(-p);
}

/* P(X <= k) for k below the mean: the terms fall towards 0, so few of them count. */
static double lower_tail(size_t k, size_t n, double p)
{
    double term = exp(log_mass(k, n, p));
    double sum = 0;
    for (size_t i = k; term > sum * 1e-17; i--) {
        sum += term;
        if (i == 0) {
            break;
        }
        term *= (double)i / (double)(n - i + 1) * (1 - p) / p;
    }
    return sum;
}

double oc_order_binomial(size_t k, size_t n, double p)
{
    if (k >= n) {
        return 1;
    }
    return (double)k < p * (double)n ? lower_tail(k, n, p) : 1 - lower_tail(n - k - 1, n, 1 - p);
}

size_t oc_order_upper(size_t n, double p, double confidence)
{
    if (n == 0 || oc_order_binomial(n - 1, n, p) < confidence) {
        return 0;
    }
    size_t low = 1;
    size_t high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (oc_order_binomial(middle - 1, n, p) >= confidence) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Mirrored: the samples above the p-quantile are to the others as those below the (1-p)-quantile are. */
size_t oc_order_lower(size_t n, double p, double confidence)
{
    size_t upper = oc_order_upper(n, 1 - p, confidence);
    return upper == 0 ? 0 : n + 1 - upper;
}

oc_order_bounds oc_order_two_sided(size_t n, double p, double confidence)
{
    double each = (1 + confidence) / 2;
    return (oc_order_bounds){.lower = oc_order_lower(n, p, each), .upper = oc_order_upper(n, p, each)};
}

size_t oc_order_wilks(double p, double confidence)
{
    double exact = log1p(-confidence) / log(p);
    size_t n = (size_t)ceil(exact - exact * 1e-12);
    return n < 1 ? 1 : n;
}
