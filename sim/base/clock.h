/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_CLOCK_H
#define OC_BASE_CLOCK_H

#include <stdint.h>

#include "sim/base/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Simulated time: seconds since 1970-01-01T00:00:00Z and the zone in which dates are written. It moves only when
 * a case says so. Latency is measured on the machine's clock, oc_clock_now_ns. */
typedef struct oc_clock {
    int64_t seconds;
    int32_t zone_s; /* seconds east of UTC; +28800 for China */
} oc_clock;

/* 2026-01-01T08:00:00+08:00, where a case names no time (project choice). */
oc_clock oc_clock_default(void);

/* Reads "2026-03-02T09:15:00+08:00" or with "Z". */
OC_MUST_USE oc_result oc_clock_parse(oc_clock *out, const char *text);

/* YYYYMMDDhhmmss as 7 bytes of packed digits, as terminals send date and time. */
void oc_clock_bcd7(const oc_clock *clock, uint8_t out[7]);

/* Writes "2026-03-02T09:15:00+08:00"; `room` at least 26. */
void oc_clock_format(const oc_clock *clock, char *out, unsigned room);

/* CLOCK_MONOTONIC_RAW in nanoseconds: not slewed by NTP. */
uint64_t oc_clock_now_ns(void);

/* The machine's time of day, for report heads only. */
oc_clock oc_clock_wall(void);

#ifdef __cplusplus
}
#endif
#endif
