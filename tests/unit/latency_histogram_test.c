/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "reports/latency/draw.h"
#include "reports/latency/histogram.h"
#include "reports/latency/order.h"
#include "tests/support/oc_test.h"

#define MINUTE 60000000000u
#define SAMPLES 20000u

static const double quantiles[] = {0, 0.001, 0.5, 0.9, 0.99, 0.999, 1};

static oc_histogram *fresh(void)
{
    oc_histogram *histogram = NULL;
    OC_ASSERT_OK(oc_histogram_new(&histogram, MINUTE));
    return histogram;
}

/* Every quantile is the exact one or above it by less than a thousandth. */
static void quantiles_agree_with_exact_ones(void)
{
    uint64_t *ns = malloc(SAMPLES * sizeof *ns);
    for (unsigned shape = 0; shape < 3; shape++) {
        oc_histogram *histogram = fresh();
        oc_draw draw = oc_draw_of(shape);
        for (size_t i = 0; i < SAMPLES; i++) {
            double uniform = oc_draw_uniform(&draw);
            ns[i] = shape == 0 ? (uint64_t)(uniform * 3000) : (uint64_t)(-(shape == 1 ? 1e5 : 1e9) * log(uniform));
            oc_histogram_add(histogram, ns[i]);
        }
        oc_order_sort(ns, SAMPLES);
        for (size_t q = 0; q < sizeof quantiles / sizeof quantiles[0]; q++) {
            uint64_t exact = ns[oc_order_rank(SAMPLES, quantiles[q]) - 1];
            uint64_t value = oc_histogram_quantile(histogram, quantiles[q]);
            CU_ASSERT(value >= exact && (double)value <= (double)exact * (1 + 1.0 / 1023));
        }
        CU_ASSERT_EQUAL(oc_histogram_min(histogram), ns[0]);
        CU_ASSERT_EQUAL(oc_histogram_max(histogram), ns[SAMPLES - 1]);
        CU_ASSERT_EQUAL(oc_histogram_clipped(histogram), 0);
        oc_histogram_free(&histogram);
    }
    free(ns);
}

static void parts_add_up(void)
{
    oc_histogram *whole = fresh();
    oc_histogram *parts[2] = {fresh(), fresh()};
    for (uint64_t i = 0; i < 5000; i++) {
        uint64_t ns = i * i * 37;
        oc_histogram_add(whole, ns);
        oc_histogram_add(parts[i % 3 == 0], ns);
    }
    OC_ASSERT_OK(oc_histogram_merge(parts[0], parts[1]));
    CU_ASSERT_EQUAL(oc_histogram_count(parts[0]), 5000);
    for (double p = 0; p <= 1; p += 0.01) {
        CU_ASSERT_EQUAL(oc_histogram_quantile(parts[0], p), oc_histogram_quantile(whole, p));
    }
    oc_histogram *other = NULL;
    OC_ASSERT_OK(oc_histogram_new(&other, 1000000));
    OC_ASSERT_CODE(oc_histogram_merge(other, whole), OC_E_LIMIT);
    oc_histogram_free(&other);
    oc_histogram_free(&parts[0]);
    oc_histogram_free(&parts[1]);
    oc_histogram_free(&whole);
}

static void its_room_is_bounded(void)
{
    oc_histogram *histogram = fresh();
    CU_ASSERT_EQUAL(oc_histogram_size(histogram), 27648 * sizeof(uint64_t));
    CU_ASSERT_EQUAL(oc_histogram_quantile(histogram, 0.5), 0);
    oc_histogram_add(histogram, UINT64_MAX);
    CU_ASSERT_EQUAL(oc_histogram_clipped(histogram), 1);
    CU_ASSERT(oc_histogram_max(histogram) >= MINUTE);
    for (uint64_t bit = 0; bit < 36; bit++) {
        oc_histogram_add(histogram, (uint64_t)1 << bit);
        oc_histogram_add(histogram, ((uint64_t)1 << bit) - 1);
    }
    CU_ASSERT_EQUAL(oc_histogram_count(histogram), 73);
    oc_histogram_free(&histogram);
    OC_ASSERT_CODE(oc_histogram_new(&histogram, 1), OC_E_LIMIT);
}

static void plotters_get_their_table(void)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    oc_histogram *histogram = fresh();
    for (uint64_t i = 1; i <= 1000; i++) {
        oc_histogram_add(histogram, i * 1000);
    }
    OC_ASSERT_OK(oc_histogram_print(histogram, out));
    fclose(out);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "       Value     Percentile TotalCount 1/(1-Percentile)\n\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "     500.223 0.500000000000        500           2.00\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, " 1.000000000000       1000\n#[Mean    = "));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(text, "Total count    =         1000]\n#[Buckets =           26, SubBuckets     =         2048]\n"));
    free(text);
    out = open_memstream(&text, &len);
    oc_histogram *empty = fresh();
    OC_ASSERT_OK(oc_histogram_print(empty, out));
    fclose(out);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "Total count    =            0]"));
    free(text);
    oc_histogram_free(&empty);
    oc_histogram_free(&histogram);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"quantiles agree with exact ones", quantiles_agree_with_exact_ones},
        {"parts add up", parts_add_up},
        {"its room is bounded", its_room_is_bounded},
        {"plotters get their table", plotters_get_their_table},
        {NULL, NULL},
    };
    return oc_test_main("latency histogram", rows);
}
