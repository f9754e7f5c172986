/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_LATENCY_HISTOGRAM_H
#define OC_REPORTS_LATENCY_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Durations of a load or soak run, too many to keep one by one. Log-linear buckets, 2,048 to each doubling of which the
 * upper half counts: a value is known to 1 part in 1,024, in a memory that does not depend on how many there are (the
 * layout of HdrHistogram with three significant digits). Not locked: one for each thread, merged at the end. */
typedef struct oc_histogram oc_histogram;

/* `highest` nanoseconds, 2,048 or more: what is longer counts as the greatest that fits, and as clipped. */
OC_MUST_USE oc_result oc_histogram_new(oc_histogram **out, uint64_t highest);
void oc_histogram_add(oc_histogram *histogram, uint64_t ns);
/* Adds the counts of `other`. LIMIT when it was made for another `highest`. */
OC_MUST_USE oc_result oc_histogram_merge(oc_histogram *histogram, const oc_histogram *other);
void oc_histogram_free(oc_histogram **histogram);

uint64_t oc_histogram_count(const oc_histogram *histogram);
uint64_t oc_histogram_clipped(const oc_histogram *histogram);
/* 0 where nothing was added. Minimum and maximum are exact. */
uint64_t oc_histogram_min(const oc_histogram *histogram);
uint64_t oc_histogram_max(const oc_histogram *histogram);
/* Nearest rank; the greatest value that the rank's bucket holds, never beyond the maximum. `p` from 0 to 1. */
uint64_t oc_histogram_quantile(const oc_histogram *histogram, double p);
/* Bytes of its counters. */
size_t oc_histogram_size(const oc_histogram *histogram);

/* The percentile table that HDR plotters read (.hgrm), values in microseconds. IO when it cannot be written. */
OC_MUST_USE oc_result oc_histogram_print(const oc_histogram *histogram, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
