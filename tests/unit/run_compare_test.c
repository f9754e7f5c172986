/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/compare.h"
#include "tests/support/oc_test.h"
#include "tests/unit/record_sample.h"

#define P OC_VERDICT_PASS
#define F OC_VERDICT_FAIL
#define E OC_VERDICT_ERROR
#define A OC_VERDICT_NOT_APPLICABLE
#define N OC_VERDICT_NOT_RUN

/* The tallies of both links; counts of what is noted. */
static void expect(oc_tally *a, size_t a_count, oc_tally *b, size_t b_count, size_t differences)
{
    char folder[64];
    oc_sample_folder(folder);
    oc_record *record = NULL;
    const oc_run_info info = oc_sample_run_info();
    OC_ASSERT_OK(oc_record_open(&record, folder, &info, false, NULL));
    oc_pass left = {.id = "p/inproc", .tallies = a, .tally_count = a_count};
    oc_pass right = {.id = "p/pcsc", .tallies = b, .tally_count = b_count};
    size_t found = 0;
    size_t counts[OC_VERDICT_COUNT];
    OC_ASSERT_OK(oc_compare_passes(&left, &right, record, &found, NULL));
    CU_ASSERT_EQUAL(found, differences);
    oc_record_counts(record, counts);
    CU_ASSERT_EQUAL(counts[OC_VERDICT_ERROR], differences);
    oc_record_free(&record);
    oc_sample_remove(folder);
}
#define EXPECT(a, b, differences) expect(a, sizeof(a) / sizeof(a)[0], b, sizeof(b) / sizeof(b)[0], differences)

static void order_says_nothing(void)
{
    oc_tally a[] = {{"A", P, ""}, {"B", F, ""}, {"C", A, "no"}};
    oc_tally b[] = {{"C", A, "no"}, {"B", F, ""}, {"A", P, ""}};
    EXPECT(a, b, 0);
    oc_tally c[] = {{"B", P, ""}, {"C", A, "no"}, {"A", F, ""}};
    EXPECT(a, c, 2);
}

static void a_case_counts_once_by_its_worst(void)
{
    oc_tally a[] = {{"A", P, ""}, {"A", F, ""}, {"A", P, ""}};
    oc_tally b[] = {{"A", F, ""}, {"A", P, ""}, {"A", P, ""}};
    EXPECT(a, b, 0);
    oc_tally c[] = {{"A", P, ""}, {"A", P, ""}, {"A", P, ""}};
    EXPECT(a, c, 1);
    oc_tally d[] = {{"A", E, ""}, {"A", F, ""}, {"A", N, "stopped"}};
    EXPECT(d, b, 1);
}

static void what_is_not_judged_differs_from_nothing(void)
{
    oc_tally a[] = {{"A", A, "no"}, {"B", P, ""}, {"C", N, "stopped"}, {"D", P, ""}, {"D", N, "stopped"}};
    oc_tally b[] = {{"A", N, "stopped"}, {"C", P, ""}, {"D", P, ""}, {"E", F, ""}};
    EXPECT(a, b, 0);
    EXPECT(b, a, 0);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"order says nothing", order_says_nothing},
        {"a case counts once, by its worst", a_case_counts_once_by_its_worst},
        {"what is not judged differs from nothing", what_is_not_judged_differs_from_nothing},
        {NULL, NULL},
    };
    return oc_test_main("run: compare", rows);
}
