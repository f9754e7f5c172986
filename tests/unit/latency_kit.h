/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_LATENCY_KIT_H
#define OC_TESTS_UNIT_LATENCY_KIT_H

#include <stdint.h>
#include <stdio.h>

#include "sim/base/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Synthetic result records: durations as a test wants them. One pass, "virtual/inproc". */
typedef struct kit_record {
    FILE *body;
    char *text;
    size_t len;
    unsigned counts[7]; /* by verdict, in the order of the schema */
    unsigned cases;
} kit_record;

#define KIT_PASS "virtual/inproc"

typedef struct kit_step {
    const char *id;
    const char *kind;     /* "apdu", "call" */
    const char *timed_as; /* class, or NULL */
    uint64_t ns;
} kit_step;

void kit_begin(kit_record *record);
/* Case `id`, its `repeat`-th run, with a verdict of the schema; a flow where `flow` is set. Its duration is the sum of
 * its steps. `budget_ns` 0: none. */
void kit_case(kit_record *record, const char *id, unsigned repeat, const char *verdict, bool flow, uint64_t budget_ns,
              const kit_step *steps, size_t count);
/* Writes it and frees. `limits` is a <limits> element or "". Empty exchanges take 1 to 2 us, 1,000 of them. */
void kit_write(kit_record *record, const char *path, const char *cpu, const char *limits);

#ifdef __cplusplus
}
#endif
#endif
