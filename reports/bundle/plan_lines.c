/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/plan_lines.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "sim/base/hex.h"

oc_result oc_plan_lines_add(oc_plan_lines *lines, const char *pass, const char *case_id, unsigned rev)
{
    if (lines->count == lines->room) {
        size_t room = lines->room == 0 ? 1024 : lines->room * 2;
        const char **grown = realloc(lines->at, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        lines->at = grown;
        lines->room = room;
    }
    lines->at[lines->count] = oc_arena_format(&lines->arena, "%s\t%s\t%u\n", pass, case_id, rev);
    return lines->at[lines->count++] == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void oc_plan_lines_sort(oc_plan_lines *lines)
{
    if (lines->count < 2) {
        return;
    }
    qsort(lines->at, lines->count, sizeof *lines->at, compare);
    size_t kept = 1;
    for (size_t i = 1; i < lines->count; i++) {
        if (strcmp(lines->at[kept - 1], lines->at[i]) != 0) {
            lines->at[kept++] = lines->at[i];
        }
    }
    lines->count = kept;
}

oc_result oc_plan_lines_digest(oc_plan_lines *lines, char out[65])
{
    uint8_t digest[32];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    oc_plan_lines_sort(lines);
    bool good = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1;
    for (size_t i = 0; good && i < lines->count; i++) {
        good = EVP_DigestUpdate(context, lines->at[i], strlen(lines->at[i])) == 1;
    }
    good = good && EVP_DigestFinal_ex(context, digest, NULL) == 1;
    EVP_MD_CTX_free(context);
    if (!good) {
        return oc_fail(OC_E_CRYPTO);
    }
    oc_hex_encode(out, 65, oc_span_of(digest, sizeof digest));
    return oc_ok();
}

void oc_plan_lines_free(oc_plan_lines *lines)
{
    free(lines->at);
    oc_arena_free(&lines->arena);
    *lines = (oc_plan_lines){0};
}
