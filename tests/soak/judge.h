/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_SOAK_JUDGE_H
#define OC_TESTS_SOAK_JUDGE_H

#include <stddef.h>

#include "tests/soak/gauge.h"

/* The rules of the soak. The first tenth of the blocks warms up and is not looked at.
 *   heap         what is in use stays within 1 per cent of its median, and its median grows from the first third to the
 *                last by less than half a byte a session and 16 KiB, which threads take or leave: in a long soak a leak of
 *                one allocation in forty sessions is seen
 *   resident     median of the last third at most 2 per cent and 1 MiB above that of the first
 *   descriptors  never more than when the warm-up ended
 *   threads      likewise
 *   daemon       pcscd's memory and descriptors by the same rules
 *   drift        CPU time of a block as a multiple of the yardstick beside it, which takes off what else the machine does.
 *                The last third drifted when its median is more than 5 per cent above that of the first, and the 99.9
 *                per cent bounds of the two, by order statistics, which assume nothing of the distribution, do not
 *                meet. 11 blocks a third are the least for bounds: below 37 blocks nothing is said of drift */
enum rule { RULE_HEAP, RULE_RESIDENT, RULE_DESCRIPTORS, RULE_THREADS, RULE_DAEMON, RULE_DRIFT, RULES };

extern const char *const rule_names[RULES];

typedef struct judgement {
    bool broken[RULES];
    size_t warm;        /* blocks that warmed up */
    double heap_spread; /* (most - least) / median after the warm-up */
    double bytes_a_session;
    double resident_growth; /* bytes, medians of first to last third */
    double daemon_growth;
    double drift;                 /* ratio of the medians, last third to first */
    double first_low, first_high; /* bounds of the median of the first third, in yardsticks */
    double last_low, last_high;
    double first_wall_ns, last_wall_ns; /* medians of the sessions' medians: for the reader, not judged */
} judgement;

/* `count` at least 10. */
judgement judge(const gauge *blocks, size_t count, size_t sessions_a_block);

#endif
