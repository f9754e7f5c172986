/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "reports/latency/draw.h"
#include "reports/latency/order.h"
#include "tests/support/oc_test.h"

static void ranks_are_nearest(void)
{
    static const struct {
        size_t n;
        double p;
        size_t rank;
    } rows[] = {{1, 0.5, 1},     {2, 0.5, 1},      {3, 0.5, 2},        {10, 0.9, 9},           {100, 0.95, 95},
                {100, 0.99, 99}, {101, 0.99, 100}, {1000, 0.999, 999}, {1000000, 0.9, 900000}, {7, 0.001, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CU_ASSERT_EQUAL(oc_order_rank(rows[i].n, rows[i].p), rows[i].rank);
    }
}

/* By the definition, term by term, where that is exact enough. */
static double slow_binomial(size_t k, size_t n, double p)
{
    double term = pow(1 - p, (double)n);
    double sum = term;
    for (size_t i = 1; i <= k; i++) {
        term *= (double)(n - i + 1) / (double)i * p / (1 - p);
        sum += term;
    }
    return sum;
}

static void tails_are_those_of_the_definition(void)
{
    static const double chances[] = {0.05, 0.3, 0.5, 0.9, 0.95};
    for (size_t c = 0; c < sizeof chances / sizeof chances[0]; c++) {
        for (size_t n = 1; n <= 60; n += 7) {
            for (size_t k = 0; k < n; k++) {
                CU_ASSERT_DOUBLE_EQUAL(oc_order_binomial(k, n, chances[c]), slow_binomial(k, n, chances[c]), 1e-9);
            }
        }
    }
    CU_ASSERT_DOUBLE_EQUAL(oc_order_binomial(5, 5, 0.5), 1, 0);
}

/* Ranks of confidence bounds at 95 %, as published for these n; 0 where none exists. */
static void bounds_are_those_of_the_table(void)
{
    static const struct {
        size_t n;
        double p;
        size_t lower, upper, one_sided;
    } rows[] = {{59, 0.95, 52, 0, 59},          {100, 0.95, 90, 100, 99},        {300, 0.95, 277, 293, 292},
                {1000, 0.95, 936, 964, 962},    {10000, 0.95, 9457, 9543, 9537}, {59, 0.99, 57, 0, 0},
                {100, 0.99, 97, 0, 0},          {300, 0.99, 293, 0, 300},        {1000, 0.99, 983, 997, 996},
                {10000, 0.99, 9880, 9920, 9917}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_order_bounds bounds = oc_order_two_sided(rows[i].n, rows[i].p, 0.95);
        CU_ASSERT_EQUAL(bounds.lower, rows[i].lower);
        CU_ASSERT_EQUAL(bounds.upper, rows[i].upper);
        CU_ASSERT_EQUAL(oc_order_upper(rows[i].n, rows[i].p, 0.95), rows[i].one_sided);
    }
    CU_ASSERT_EQUAL(oc_order_upper(0, 0.5, 0.95), 0);
    CU_ASSERT_EQUAL(oc_order_lower(0, 0.5, 0.95), 0);
    CU_ASSERT_EQUAL(oc_order_lower(1, 0.99, 0.95), 1);
}

static void fewest_samples_are_those_of_wilks(void)
{
    CU_ASSERT_EQUAL(oc_order_wilks(0.95, 0.95), 59);
    CU_ASSERT_EQUAL(oc_order_wilks(0.99, 0.95), 299);
    CU_ASSERT_EQUAL(oc_order_wilks(0.999, 0.95), 2995);
    CU_ASSERT_EQUAL(oc_order_wilks(0.9999, 0.95), 29956);
    CU_ASSERT_EQUAL(oc_order_upper(58, 0.95, 0.95), 0);
    CU_ASSERT_EQUAL(oc_order_upper(59, 0.95, 0.95), 59);
    CU_ASSERT_EQUAL(oc_order_wilks(0.5, 0.5), 1);
}

/* A distribution whose quantiles are known: exponential, so that F(x) = 1 - exp(-x / mean). */
static uint64_t exponential(oc_draw *draw, double mean)
{
    return (uint64_t)(-mean * log(oc_draw_uniform(draw)));
}

/* In 1,000 seeded trials the true quantile lies within the bounds about as often as they claim. */
static void bounds_hold_as_often_as_they_claim(void)
{
    static const struct {
        size_t n;
        double p;
    } rows[] = {{100, 0.5}, {200, 0.95}, {500, 0.99}};
    const double mean = 1e6;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        uint64_t ns[500];
        size_t within = 0;
        size_t below_upper = 0;
        double truth = -mean * log1p(-rows[row].p);
        oc_order_bounds bounds = oc_order_two_sided(rows[row].n, rows[row].p, 0.95);
        size_t upper = oc_order_upper(rows[row].n, rows[row].p, 0.95);
        for (uint64_t trial = 0; trial < 1000; trial++) {
            oc_draw draw = oc_draw_of(trial * 3 + row);
            for (size_t i = 0; i < rows[row].n; i++) {
                ns[i] = exponential(&draw, mean);
            }
            oc_order_sort(ns, rows[row].n);
            within += truth >= (double)ns[bounds.lower - 1] && truth <= (double)ns[bounds.upper - 1] + 1;
            below_upper += truth <= (double)ns[upper - 1] + 1;
        }
        /* 95 % or a little more, ranks being whole; 1,000 trials spread by 0.7 %. */
        CU_ASSERT(within >= 935 && within <= 985);
        CU_ASSERT(below_upper >= 935 && below_upper <= 985);
    }
}

static void draws_are_repeatable_and_even(void)
{
    oc_draw draw = oc_draw_of(0);
    CU_ASSERT_EQUAL(oc_draw_bits(&draw), 0xE220A8397B1DCDAFu); /* the published first output for seed 0 */
    double sum = 0;
    double squares = 0;
    double order = 0;
    for (unsigned i = 0; i < 20000; i++) {
        double x = oc_draw_normal(&draw);
        sum += x;
        squares += x * x;
        order += oc_draw_order(&draw, 95, 100);
    }
    CU_ASSERT_DOUBLE_EQUAL(sum / 20000, 0, 0.03);
    CU_ASSERT_DOUBLE_EQUAL(squares / 20000, 1, 0.05);
    CU_ASSERT_DOUBLE_EQUAL(order / 20000, 95.0 / 101, 0.001);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"ranks are nearest", ranks_are_nearest},
        {"tails are those of the definition", tails_are_those_of_the_definition},
        {"bounds are those of the table", bounds_are_those_of_the_table},
        {"fewest samples are those of Wilks", fewest_samples_are_those_of_wilks},
        {"bounds hold as often as they claim", bounds_hold_as_often_as_they_claim},
        {"draws are repeatable and even", draws_are_repeatable_and_even},
        {NULL, NULL},
    };
    return oc_test_main("latency order", rows);
}
