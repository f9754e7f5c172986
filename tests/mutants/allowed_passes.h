/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TESTS_MUTANTS_ALLOWED_PASSES_H
#define OC_TESTS_MUTANTS_ALLOWED_PASSES_H

#include <stdbool.h>
#include <stddef.h>

/* The cases that a device which is none may pass, from a committed list: a line "ID MODES REASON | REASON in Chinese" each, where ID may be
 * the beginning of one and '*', MODES words apart by commas or "*". '#' begins a comment. */
#define ALLOWED_PASSES_MAX 64

struct allowed_pass {
    char pattern[96];
    char modes[64];
    bool used;
};

typedef struct allowed_passes {
    struct allowed_pass at[ALLOWED_PASSES_MAX];
    size_t count;
} allowed_passes;

/* Each entry has to give its reason. Ends the test otherwise. */
void allowed_passes_read(allowed_passes *out, const char *path);
/* `mode`: "sw 9000" counts as its first word. Marks the entry as used. */
bool allowed_passes_has(allowed_passes *passes, const char *mode, const char *id);
/* Prints the entries that were never used, and returns their number. */
size_t allowed_passes_unused(const allowed_passes *passes);

#endif
