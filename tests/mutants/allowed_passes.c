/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/mutants/allowed_passes.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/oc_test.h"

void allowed_passes_read(allowed_passes *out, const char *path)
{
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    char line[600];
    *out = (allowed_passes){.count = 0};
    while (fgets(line, sizeof line, file) != NULL) {
        char reason[8] = "";
        if (line[0] == '#' || line[0] == '\n') {
            continue;
        }
        CU_ASSERT_FATAL(out->count < ALLOWED_PASSES_MAX);
        struct allowed_pass *entry = &out->at[out->count++];
        CU_ASSERT_EQUAL_FATAL(sscanf(line, "%95s %63s %7s", entry->pattern, entry->modes, reason), 3);
    }
    fclose(file);
}

static bool fits(const char *pattern, const char *id)
{
    size_t len = strlen(pattern);
    return len > 0 && pattern[len - 1] == '*' ? strncmp(pattern, id, len - 1) == 0 : strcmp(pattern, id) == 0;
}

bool allowed_passes_has(allowed_passes *passes, const char *mode, const char *id)
{
    char word[16] = "";
    bool found = false;
    CU_ASSERT_EQUAL_FATAL(sscanf(mode, "%15s", word), 1);
    for (size_t i = 0; i < passes->count; i++) {
        struct allowed_pass *entry = &passes->at[i];
        if (fits(entry->pattern, id) && (strcmp(entry->modes, "*") == 0 || strstr(entry->modes, word) != NULL)) {
            entry->used = true;
            found = true;
        }
    }
    return found;
}

size_t allowed_passes_unused(const allowed_passes *passes)
{
    size_t unused = 0;
    for (size_t i = 0; i < passes->count; i++) {
        if (!passes->at[i].used) {
            printf("\n    nothing passes %s any more: an entry that is not needed", passes->at[i].pattern);
            unused++;
        }
    }
    return unused;
}
