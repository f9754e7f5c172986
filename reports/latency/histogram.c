/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/latency/histogram.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#define SUB_BUCKETS 2048u
#define HALF (SUB_BUCKETS / 2)
#define SUB_BITS 11
/* Steps of the printed table for each halving of what is left above. */
#define STEPS 5

struct oc_histogram {
    uint64_t highest;
    uint64_t count;
    uint64_t clipped;
    uint64_t least;
    uint64_t most;
    size_t slots;
    uint64_t *at;
};

/* Bucket b holds values of b + SUB_BITS bits in steps of 2^b; bucket 0 also those of fewer bits. */
static size_t slot_of(uint64_t ns)
{
    unsigned bits = ns < SUB_BUCKETS ? SUB_BITS : 64 - (unsigned)__builtin_clzll(ns);
    unsigned bucket = bits - SUB_BITS;
    return (size_t)bucket * HALF + (size_t)(ns >> bucket);
}

/* The greatest value of a slot. */
static uint64_t value_of(size_t slot)
{
    size_t bucket = slot < SUB_BUCKETS ? 0 : slot / HALF - 1;
    uint64_t step = slot - bucket * HALF;
    return ((step + 1) << bucket) - 1;
}

oc_result oc_histogram_new(oc_histogram **out, uint64_t highest)
{
    *out = NULL;
    if (highest < SUB_BUCKETS) {
        return oc_fail(OC_E_LIMIT);
    }
    oc_histogram *histogram = calloc(1, sizeof *histogram);
    if (histogram == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    histogram->slots = (slot_of(highest) / HALF + 1) * HALF;
    histogram->highest = value_of(histogram->slots - 1);
    histogram->at = calloc(histogram->slots, sizeof *histogram->at);
    if (histogram->at == NULL) {
        oc_histogram_free(&histogram);
        return oc_fail(OC_E_MEMORY);
    }
    *out = histogram;
    return oc_ok();
}

void oc_histogram_add(oc_histogram *histogram, uint64_t ns)
{
    if (ns > histogram->highest) {
        histogram->clipped++;
        ns = histogram->highest;
    }
    histogram->at[slot_of(ns)]++;
    histogram->least = histogram->count == 0 || ns < histogram->least ? ns : histogram->least;
    histogram->most = ns > histogram->most ? ns : histogram->most;
    histogram->count++;
}

oc_result oc_histogram_merge(oc_histogram *histogram, const oc_histogram *other)
{
    if (histogram->slots != other->slots) {
        return oc_fail(OC_E_LIMIT);
    }
    for (size_t i = 0; i < other->slots; i++) {
        histogram->at[i] += other->at[i];
    }
    if (other->count > 0) {
        histogram->least = histogram->count == 0 || other->least < histogram->least ? other->least : histogram->least;
        histogram->most = other->most > histogram->most ? other->most : histogram->most;
    }
    histogram->count += other->count;
    histogram->clipped += other->clipped;
    return oc_ok();
}

void oc_histogram_free(oc_histogram **histogram)
{
    if (*histogram != NULL) {
        free((*histogram)->at);
        free(*histogram);
        *histogram = NULL;
    }
}

uint64_t oc_histogram_count(const oc_histogram *histogram)
{
    return histogram->count;
}

uint64_t oc_histogram_clipped(const oc_histogram *histogram)
{
    return histogram->clipped;
}

uint64_t oc_histogram_min(const oc_histogram *histogram)
{
    return histogram->least;
}

uint64_t oc_histogram_max(const oc_histogram *histogram)
{
    return histogram->most;
}

size_t oc_histogram_size(const oc_histogram *histogram)
{
    return histogram->slots * sizeof *histogram->at;
}

/* The value at the nearest rank of p, and in *upto how many values are no greater. */
static uint64_t walk(const oc_histogram *histogram, double p, uint64_t *upto)
{
    double exact = p * (double)histogram->count;
    uint64_t rank = (uint64_t)ceil(exact - exact * 1e-12);
    uint64_t sum = 0;
    rank = rank < 1 ? 1 : rank > histogram->count ? histogram->count : rank;
    for (size_t i = 0; i < histogram->slots; i++) {
        sum += histogram->at[i];
        if (sum >= rank) {
            uint64_t value = value_of(i);
            *upto = sum;
            return value < histogram->most ? value : histogram->most;
        }
    }
    *upto = sum;
    return histogram->most;
}

uint64_t oc_histogram_quantile(const oc_histogram *histogram, double p)
{
    uint64_t upto = 0;
    return histogram->count == 0 ? 0 : walk(histogram, p, &upto);
}

static void moments(const oc_histogram *histogram, double *mean, double *deviation)
{
    double n = (double)histogram->count;
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < histogram->slots; i++) {
        sum += (double)histogram->at[i] * (double)value_of(i);
    }
    *mean = sum / n;
    for (size_t i = 0; i < histogram->slots; i++) {
        double away = (double)value_of(i) - *mean;
        squares += (double)histogram->at[i] * away * away;
    }
    *deviation = sqrt(squares / n);
}

oc_result oc_histogram_print(const oc_histogram *histogram, FILE *out)
{
    double mean = 0;
    double deviation = 0;
    double p = 0;
    fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
    for (bool more = histogram->count > 0; more;) {
        uint64_t upto = 0;
        uint64_t value = walk(histogram, p, &upto);
        more = upto < histogram->count;
        if (more) {
            fprintf(out, "%12.3f %14.12f %10" PRIu64 " %14.2f\n", (double)value / 1000, p, upto, 1 / (1 - p));
            double halvings = floor(-log2(1 - p)) + 1;
            p += 1 / (STEPS * exp2(halvings));
        } else {
            fprintf(out, "%12.3f %14.12f %10" PRIu64 "\n", (double)value / 1000, 1.0, upto);
        }
    }
    if (histogram->count > 0) {
        moments(histogram, &mean, &deviation);
    }
    fprintf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean / 1000, deviation / 1000);
    fprintf(out, "#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n", (double)histogram->most / 1000,
            histogram->count);
    fprintf(out, "#[Buckets = %12zu, SubBuckets     = %12u]\n", histogram->slots / HALF - 1, SUB_BUCKETS);
    return fflush(out) != 0 || ferror(out) ? oc_fail(OC_E_IO) : oc_ok();
}
