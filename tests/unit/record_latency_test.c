/* SPDX-License-Identifier: Apache-2.0 */
#include <libxml/xmlwriter.h>

#include "conformance/record/latency.h"
#include "tests/support/oc_test.h"

static void percentiles_are_nearest_ranks(void)
{
    uint64_t ns[1000];
    for (size_t i = 0; i < 1000; i++) {
        ns[i] = i + 1;
    }
    static const struct {
        size_t n;
        unsigned percent;
        uint64_t expected;
    } cases[] = {
        {1, 50, 1},      {1, 99, 1},      {2, 50, 1},   {2, 90, 2},    {3, 50, 2},    {10, 90, 9},
        {10, 99, 10},    {99, 50, 50},    {99, 99, 99}, {100, 50, 50}, {100, 99, 99}, {101, 99, 100},
        {1000, 50, 500}, {1000, 99, 990}, {5, 0, 1},    {5, 100, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CU_ASSERT_EQUAL(oc_latency_percentile(ns, cases[i].n, cases[i].percent), cases[i].expected);
    }
}

static void samples_are_sorted(void)
{
    uint64_t ns[] = {3, UINT64_MAX, 0, 3, 1};
    oc_latency_sort(ns, 5);
    static const uint64_t expected[] = {0, 1, 3, 3, UINT64_MAX};
    CU_ASSERT_EQUAL(memcmp(ns, expected, sizeof ns), 0);
    oc_latency_sort(NULL, 0);
}

static void series_are_kept_apart(void)
{
    oc_latency *latency = NULL;
    OC_ASSERT_OK(oc_latency_new(&latency));
    for (unsigned i = 200; i > 0; i--) {
        OC_ASSERT_OK(oc_latency_add(latency, "p", "class", "READ RECORD", i));
    }
    OC_ASSERT_OK(oc_latency_add(latency, "q", "class", "READ RECORD", 7));
    OC_ASSERT_OK(oc_latency_add(latency, "p", "flow", "READ RECORD", 9));
    OC_ASSERT_OK(oc_latency_add(latency, "p", "class", "APPEND", 5));
    xmlBufferPtr buffer = xmlBufferCreate();
    oc_xml_out out = {.writer = xmlNewTextWriterMemory(buffer, 0)};
    oc_latency_write(latency, "p", &out);
    oc_latency_write_series(&out, "p", "empty", "none", NULL, 0);
    OC_ASSERT_OK(oc_out_end(&out));
    CU_ASSERT_STRING_EQUAL(
        (const char *)xmlBufferContent(buffer),
        "<series pass=\"p\" kind=\"class\" name=\"APPEND\" n=\"1\" min-ns=\"5\" p50-ns=\"5\" p90-ns=\"5\" "
        "p99-ns=\"5\" max-ns=\"5\"/>"
        "<series pass=\"p\" kind=\"class\" name=\"READ RECORD\" n=\"200\" min-ns=\"1\" p50-ns=\"100\" "
        "p90-ns=\"180\" p99-ns=\"198\" max-ns=\"200\"/>"
        "<series pass=\"p\" kind=\"flow\" name=\"READ RECORD\" n=\"1\" min-ns=\"9\" p50-ns=\"9\" p90-ns=\"9\" "
        "p99-ns=\"9\" max-ns=\"9\"/>");
    xmlBufferFree(buffer);
    oc_latency_free(&latency);
    oc_latency_free(&latency);
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"percentiles are nearest ranks", percentiles_are_nearest_ranks},
        {"samples are sorted", samples_are_sorted},
        {"series are kept apart", series_are_kept_apart},
        {NULL, NULL},
    };
    return oc_test_main("record: latency", rows);
}
