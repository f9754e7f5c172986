/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "reports/latency/difference.h"
#include "reports/latency/draw.h"
#include "reports/latency/order.h"
#include "tests/support/oc_test.h"

static void fill(uint64_t *ns, size_t n, uint64_t seed, double median, double spread)
{
    oc_draw draw = oc_draw_of(seed);
    for (size_t i = 0; i < n; i++) {
        ns[i] = (uint64_t)(median * exp(spread * oc_draw_normal(&draw)));
    }
    oc_order_sort(ns, n);
}

/* Worked by hand: a = 1 2 4, b = 3 5 6: ranks of a are 1 2 4, U = 7 - 6 = 1, mean 4.5, variance 9 / 12 * 7 = 5.25;
 * (3.5 - 0.5) / sqrt(5.25) = 1.3093. */
static void ranks_are_tested_as_by_hand(void)
{
    static const uint64_t a[] = {1, 2, 4};
    static const uint64_t b[] = {3, 5, 6};
    CU_ASSERT_DOUBLE_EQUAL(oc_difference_mann_whitney(a, 3, b, 3), erfc(3 / sqrt(5.25) / sqrt(2)), 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(oc_difference_mann_whitney(b, 3, a, 3), erfc(3 / sqrt(5.25) / sqrt(2)), 1e-12);
    /* Ties: 1 2 2 against 2 2 3. Ranks of a: 1, 3.5, 3.5; U = 2; one group of 4: 60; variance 9/12 * (7 - 60/30). */
    static const uint64_t c[] = {1, 2, 2};
    static const uint64_t d[] = {2, 2, 3};
    CU_ASSERT_DOUBLE_EQUAL(oc_difference_mann_whitney(c, 3, d, 3), erfc(2 / sqrt(3.75) / sqrt(2)), 1e-12);
    static const uint64_t same[] = {5, 5, 5};
    CU_ASSERT_DOUBLE_EQUAL(oc_difference_mann_whitney(same, 3, same, 3), 1, 0);
    CU_ASSERT_DOUBLE_EQUAL(oc_difference_mann_whitney(NULL, 0, same, 3), 1, 0);
}

static void a_shift_is_found_and_sameness_is_not(void)
{
    uint64_t a[200];
    uint64_t b[200];
    unsigned alarms = 0;
    unsigned found = 0;
    for (uint64_t seed = 0; seed < 500; seed++) {
        fill(a, 200, seed * 2, 1e6, 0.1);
        fill(b, 200, seed * 2 + 1, 1e6, 0.1);
        alarms += oc_difference_mann_whitney(a, 200, b, 200) < 0.05;
        fill(b, 200, seed * 2 + 1, 1.05e6, 0.1);
        found += oc_difference_mann_whitney(a, 200, b, 200) < 0.05;
    }
    CU_ASSERT(alarms >= 10 && alarms <= 42); /* 25 expected, 4.9 the deviation */
    CU_ASSERT(found >= 490);
}

static void intervals_of_ratios_cover(void)
{
    uint64_t a[100];
    uint64_t b[150];
    unsigned within = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        fill(a, 100, seed * 2, 1e6, 0.2);
        fill(b, 150, seed * 2 + 1, 1.3e6, 0.2);
        oc_ratio ratio = oc_difference_ratio(a, 100, b, 150, 0.5, 0.95, seed);
        CU_ASSERT(ratio.low <= ratio.value && ratio.value <= ratio.high);
        within += ratio.low <= 1.3 && 1.3 <= ratio.high;
    }
    CU_ASSERT(within >= 180 && within <= 199);
    oc_ratio first = oc_difference_ratio(a, 100, b, 150, 0.95, 0.99, 1);
    oc_ratio again = oc_difference_ratio(a, 100, b, 150, 0.95, 0.99, 1);
    CU_ASSERT_EQUAL(memcmp(&first, &again, sizeof first), 0);
    static const uint64_t zero[] = {0};
    oc_ratio of_nothing = oc_difference_ratio(zero, 1, zero, 1, 0.5, 0.99, 1);
    CU_ASSERT_DOUBLE_EQUAL(of_nothing.low, 1, 0);
}

/* The shortcut draws what resampling with replacement would: the spread of a median agrees with plain resampling. */
static void drawn_order_statistics_are_those_of_resamples(void)
{
    uint64_t ns[51];
    fill(ns, 51, 9, 1e6, 0.3);
    double sums[2] = {0, 0};
    double squares[2] = {0, 0};
    oc_draw draw = oc_draw_of(4);
    for (unsigned i = 0; i < 4000; i++) {
        uint64_t resample[51];
        for (size_t k = 0; k < 51; k++) {
            resample[k] = ns[(size_t)(oc_draw_uniform(&draw) * 51)];
        }
        oc_order_sort(resample, 51);
        double values[2] = {(double)resample[25], (double)ns[(size_t)(oc_draw_order(&draw, 26, 51) * 51)]};
        for (size_t way = 0; way < 2; way++) {
            sums[way] += values[way] / 1e6;
            squares[way] += values[way] / 1e6 * values[way] / 1e6;
        }
    }
    double mean[2] = {sums[0] / 4000, sums[1] / 4000};
    CU_ASSERT_DOUBLE_EQUAL(mean[0], mean[1], 0.01);
    CU_ASSERT_DOUBLE_EQUAL(sqrt(squares[0] / 4000 - mean[0] * mean[0]), sqrt(squares[1] / 4000 - mean[1] * mean[1]),
                           0.005);
}

static void many_tests_are_adjusted(void)
{
    double p[] = {0.04, 0.01, 0.03, 0.5, 0.02};
    size_t order[5];
    oc_difference_adjust(p, order, 5);
    static const double expected[] = {0.05, 0.05, 0.05, 0.5, 0.05};
    for (size_t i = 0; i < 5; i++) {
        CU_ASSERT_DOUBLE_EQUAL(p[i], expected[i], 1e-12);
    }
    double alone[] = {0.2};
    oc_difference_adjust(alone, order, 1);
    CU_ASSERT_DOUBLE_EQUAL(alone[0], 0.2, 0);
    oc_difference_adjust(alone, order, 0);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"ranks are tested as by hand", ranks_are_tested_as_by_hand},
        {"a shift is found and sameness is not", a_shift_is_found_and_sameness_is_not},
        {"intervals of ratios cover", intervals_of_ratios_cover},
        {"drawn order statistics are those of resamples", drawn_order_statistics_are_those_of_resamples},
        {"many tests are adjusted", many_tests_are_adjusted},
        {NULL, NULL},
    };
    return oc_test_main("latency difference", rows);
}
