/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/clock.h"
#include "tests/support/oc_test.h"

static void reads_and_writes(void)
{
    static const struct {
        const char *text;
        int64_t seconds;
        int32_t zone_s;
        const char *bcd7;
        const char *printed;
    } rows[] = {
        {"2026-03-02T09:15:00+08:00", 1772414100, 28800, "20260302091500", "2026-03-02T09:15:00+08:00"},
        {"1970-01-01T00:00:00Z", 0, 0, "19700101000000", "1970-01-01T00:00:00+00:00"},
        {"2024-02-29T23:59:59-03:30", 1709263799, -12600, "20240229235959", "2024-02-29T23:59:59-03:30"},
        {"9999-12-31T23:59:59Z", 253402300799, 0, "99991231235959", "9999-12-31T23:59:59+00:00"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        oc_clock clock;
        OC_ASSERT_OK(oc_clock_parse(&clock, rows[i].text));
        CU_ASSERT_EQUAL(clock.seconds, rows[i].seconds);
        CU_ASSERT_EQUAL(clock.zone_s, rows[i].zone_s);
        uint8_t bcd7[7];
        oc_clock_bcd7(&clock, bcd7);
        OC_ASSERT_BYTES(oc_span_of(bcd7, 7), rows[i].bcd7);
        char printed[26];
        oc_clock_format(&clock, printed, sizeof printed);
        CU_ASSERT_STRING_EQUAL(printed, rows[i].printed);
    }
}

static void refuses_what_is_no_time(void)
{
    static const char *const bad[] = {
        "",
        "2026-03-02",
        "2026-03-02T09:15:00",
        "2026-03-02T09:15:00+0800",
        "2026-03-02T09:15:00+08:00 ",
        "2026-03-02T09:15:00+8:00",
        "2026-03-02T09:15:00+15:00",
        "2026-03-02T09:15:00+08:60",
        "2026-03-02T09:15:00z",
        " 2026-03-02T09:15:00Z",
        "2026- 3-02T09:15:00Z",
        "2026-02-29T09:15:00Z",
        "2026-13-01T09:15:00Z",
        "2026-00-01T09:15:00Z",
        "2026-04-31T09:15:00Z",
        "2026-04-00T09:15:00Z",
        "2026-04-01T24:00:00Z",
        "2026-04-01T23:60:00Z",
        "2026-04-01T23:59:60Z",
        "2026-04-01 23:59:59Z",
        "26-04-01T23:59:59Z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        oc_clock clock = {7, 7};
        OC_ASSERT_CODE(oc_clock_parse(&clock, bad[i]), OC_E_FORMAT);
        CU_ASSERT_EQUAL(clock.seconds, 7);
        CU_ASSERT_EQUAL(clock.zone_s, 7);
    }
}

static void the_default_is_what_the_header_says(void)
{
    oc_clock clock = oc_clock_default();
    char printed[26];
    oc_clock_format(&clock, printed, sizeof printed);
    CU_ASSERT_STRING_EQUAL(printed, "2026-01-01T08:00:00+08:00");
}

static void the_machine_clock_does_not_go_back(void)
{
    uint64_t last = oc_clock_now_ns();
    for (int i = 0; i < 1000; i++) {
        uint64_t now = oc_clock_now_ns();
        CU_ASSERT_TRUE_FATAL(now >= last);
        last = now;
    }
}

int main(void)
{
    static const oc_test_row rows[] = {
        {"reads and writes", reads_and_writes},
        {"refuses what is no time", refuses_what_is_no_time},
        {"the default is what the header says", the_default_is_what_the_header_says},
        {"the machine's clock does not go back", the_machine_clock_does_not_go_back},
        {NULL, NULL},
    };
    return oc_test_main("clock", rows);
}
