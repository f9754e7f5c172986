/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_UNIT_MEMORY_NEEDLES_H
#define OC_TESTS_UNIT_MEMORY_NEEDLES_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is looked for in a process's memory. Kept masked, so that looking does not put it there. */

#define NEEDLE_MAX 32
#define NEEDLES_MAX 4096
#define NEEDLE_MASK 0xA5

typedef struct needle {
    char name[48];  /* "key:SSSE/UK, hex" */
    bool is_common; /* stands in the process without the flow: "123456" is in a table of libxml2 */
    uint8_t len;
    uint8_t masked[NEEDLE_MAX];
} needle;

typedef struct needles {
    unsigned count;
    unsigned short first[65536]; /* by the first two bytes: index + 1 of a needle */
    unsigned short next[NEEDLES_MAX];
    needle at[NEEDLES_MAX];
} needles;

/* Collects from a profile, in a process that has nothing else to do; false when it cannot. */
bool needles_collect(needles *out, const char *profile);
/* Readies `first` and `next`. */
void needles_index(needles *all);
/* Notes what stands in memory before anything was used, which no later look tells of. */
void needles_learn(needles *all);
/* Looks through all memory of this process that can be written, its stack included, without what lies in `all`, and
 * prints where what stands. Returns how many finds there are. */
unsigned needles_look(needles *all);

#ifdef __cplusplus
}
#endif
#endif
