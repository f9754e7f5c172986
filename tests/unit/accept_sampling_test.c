/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/sampling.h"

#include "tests/support/oc_test.h"

/* Plans as ISO 2859-1 prints them in table 2-A for level II, read from the table and not from a formula. */
static void plans_of_the_table(void)
{
    static const struct {
        size_t lot;
        const char *limit;
        char code;
        size_t size;
        size_t accept;
    } rows[] = {
        {8, "6.5", 'A', 2, 0},         {20, "4.0", 'C', 3, 0},          {51, "1.0", 'E', 13, 0},
        {100, "1.0", 'F', 13, 0},      {280, "1.0", 'G', 50, 1},        {500, "1.0", 'H', 50, 1},
        {501, "1.0", 'J', 80, 2},      {1200, "1.0", 'J', 80, 2},       {3200, "1.0", 'K', 125, 3},
        {10000, "1.0", 'L', 200, 5},   {35000, "1.0", 'M', 315, 7},     {150000, "1.0", 'N', 500, 10},
        {500000, "1.0", 'P', 800, 14}, {500001, "1.0", 'Q', 1250, 21},  {1200, "0.65", 'J', 80, 1},
        {1200, "0.40", 'J', 125, 1},   {1200, "0.25", 'J', 50, 0},      {1200, "2.5", 'J', 80, 5},
        {1200, "4.0", 'J', 80, 7},     {1200, "6.5", 'J', 80, 10},      {10000, "6.5", 'L', 200, 21},
        {35000, "6.5", 'M', 200, 21},  {500001, "0.010", 'Q', 1250, 0}, {500001, "0.025", 'Q', 2000, 1},
        {35, "0.010", 'D', 35, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_sampling plan;
        OC_ASSERT_OK(oc_sampling_plan(&plan, rows[i].lot, rows[i].limit, NULL));
        bool same = plan.code == rows[i].code && plan.size == rows[i].size && plan.accept == rows[i].accept &&
                    plan.reject == plan.accept + 1 && plan.by_table;
        if (!same) {
            printf("\n    lot %zu, limit %s: code %c, n %zu, Ac %zu\n", rows[i].lot, rows[i].limit, plan.code,
                   plan.size, plan.accept);
        }
        CU_ASSERT_TRUE(same);
    }
}

static void plans_that_are_none(void)
{
    oc_sampling plan;
    oc_diag diag = {0};
    OC_ASSERT_CODE(oc_sampling_plan(&plan, 1000, "1.1", &diag), OC_E_USAGE);
    OC_ASSERT_CODE(oc_sampling_plan(&plan, 1000, "", NULL), OC_E_USAGE);
    OC_ASSERT_CODE(oc_sampling_plan(&plan, 1, "1.0", NULL), OC_E_USAGE);
    OC_ASSERT_CODE(oc_sampling_number(&plan, 5, 6, NULL), OC_E_USAGE);
    OC_ASSERT_OK(oc_sampling_number(&plan, 5, 0, NULL));
    CU_ASSERT(plan.size == 5 && plan.accept == 0 && plan.reject == 1 && !plan.by_table);
}

static void draws_are_repeatable(void)
{
    enum { LOT = 300 };
    bool first[LOT];
    bool again[LOT];
    bool other[LOT];
    oc_sampling plan;
    OC_ASSERT_OK(oc_sampling_number(&plan, LOT, 40, NULL));
    OC_ASSERT_OK(oc_sampling_draw(&plan, 7, first, NULL));
    OC_ASSERT_OK(oc_sampling_draw(&plan, 7, again, NULL));
    OC_ASSERT_OK(oc_sampling_draw(&plan, 8, other, NULL));
    size_t count = 0;
    for (size_t i = 0; i < LOT; i++) {
        count += first[i];
    }
    CU_ASSERT_EQUAL(count, 40);
    CU_ASSERT(memcmp(first, again, sizeof first) == 0);
    CU_ASSERT(memcmp(first, other, sizeof first) != 0);
    OC_ASSERT_OK(oc_sampling_number(&plan, LOT, LOT, NULL));
    OC_ASSERT_OK(oc_sampling_draw(&plan, 7, first, NULL));
    CU_ASSERT_PTR_NULL(memchr(first, 0, sizeof first));
}

/* Over many seeds every line is drawn about as often as any other. */
static void draws_are_fair(void)
{
    enum { LOT = 20, SIZE = 5, SEEDS = 4000 };
    unsigned count[LOT] = {0};
    oc_sampling plan;
    OC_ASSERT_OK(oc_sampling_number(&plan, LOT, SIZE, NULL));
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        bool drawn[LOT];
        OC_ASSERT_OK(oc_sampling_draw(&plan, seed, drawn, NULL));
        for (size_t i = 0; i < LOT; i++) {
            count[i] += drawn[i];
        }
    }
    for (size_t i = 0; i < LOT; i++) {
        CU_ASSERT(count[i] > 850 && count[i] < 1150); /* 1000 expected, standard deviation 27 */
    }
}

int main(void)
{
    const oc_test_row rows[] = {
        {"plans of the table", plans_of_the_table},
        {"plans that are none", plans_that_are_none},
        {"draws are repeatable", draws_are_repeatable},
        {"draws are fair", draws_are_fair},
        {NULL, NULL},
    };
    return oc_test_main("sampling", rows);
}
