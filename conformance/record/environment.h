/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_ENVIRONMENT_H
#define OC_CONFORMANCE_RECORD_ENVIRONMENT_H

#include "conformance/record/xml_out.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Both clocks at one moment, nanoseconds. */
typedef struct oc_environment_anchor {
    uint64_t raw_ns;       /* CLOCK_MONOTONIC_RAW, on which durations are measured */
    uint64_t monotonic_ns; /* CLOCK_MONOTONIC, which is steered to the time of day */
} oc_environment_anchor;
oc_environment_anchor oc_environment_clock(void);

/* What is known of the clock at the end of a run. */
typedef struct oc_environment_calibration {
    uint64_t raw_ns; /* that passed on either clock */
    uint64_t monotonic_ns;
    uint64_t read_ns; /* between two readings that follow each other: the median, and the greatest */
    uint64_t gap_ns;
} oc_environment_calibration;
oc_environment_calibration oc_environment_calibrate(const oc_environment_anchor *began);

/* The state of the sources that this program was built from, as git names it: "1a2b3c4d5e6f", with a plus behind it where
 * files had changed; "unknown" where the sources were no checkout. Of the time at which the build was configured. */
const char *oc_environment_build(void);

/* The kernel's clock source, "tsc"; "unknown" where it does not say. */
void oc_environment_clock_source(char *out, size_t room);

/* Writes <environment>: what the timings depend on and which libraries took part. No host or user names. A
 * calibration of which nothing is known (all 0) is left out. */
void oc_environment_write(oc_xml_out *out, const oc_environment_calibration *clock);

#ifdef __cplusplus
}
#endif
#endif
