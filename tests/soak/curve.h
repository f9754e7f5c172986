/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SOAK_CURVE_H
#define OC_TESTS_SOAK_CURVE_H

#include <stdbool.h>

#include "tests/soak/judge.h"

/* What a soak leaves behind. */
typedef struct curve {
    const char *link; /* "inproc" or "pcsc" */
    uint64_t seed;
    uint64_t sessions;
    uint64_t failed; /* sessions that did not pass */
    double seconds;
    double cpu_seconds;
    const gauge *blocks;
    size_t count;
    size_t sessions_a_block;
    judgement verdict;
} curve;

/* Writes FOLDER/soak-LINK.json (the result of the campaign), .csv (the blocks; at most about 500 rows, each the most or
 * the median of several) and .svg (the same drawn). False when one of them cannot be written. */
bool curve_write(const curve *self, const char *folder);

#endif
