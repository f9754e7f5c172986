/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/case_set.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Both zero: free. */
struct oc_case_mark {
    uint64_t high;
    uint64_t low;
};

static bool mark_of(struct oc_case_mark *out, const char *pass, const char *id, unsigned long repeat)
{
    uint8_t bytes[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    /* With their NULs: no two triples make the same bytes. */
    bool made = digest != NULL && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(digest, pass, strlen(pass) + 1) == 1 &&
                EVP_DigestUpdate(digest, id, strlen(id) + 1) == 1 &&
                EVP_DigestUpdate(digest, &repeat, sizeof repeat) == 1 && EVP_DigestFinal_ex(digest, bytes, NULL) == 1;
    EVP_MD_CTX_free(digest);
    if (made) {
        memcpy(&out->high, bytes, sizeof out->high);
        memcpy(&out->low, bytes + sizeof out->high, sizeof out->low);
    }
    return made;
}

/* The place of the mark, or the free place where it belongs. */
static struct oc_case_mark *place_of(struct oc_case_mark *at, size_t room, const struct oc_case_mark *mark)
{
    size_t i = (size_t)mark->high & (room - 1);
    while ((at[i].high | at[i].low) != 0 && (at[i].high != mark->high || at[i].low != mark->low)) {
        i = (i + 1) & (room - 1);
    }
    return &at[i];
}

/* At most half full. */
static oc_result grow(oc_case_set *set)
{
    size_t room = set->room == 0 ? 1024 : set->room * 2;
    struct oc_case_mark *more = calloc(room, sizeof *more);
    if (more == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (size_t i = 0; i < set->room; i++) {
        if ((set->at[i].high | set->at[i].low) != 0) {
            *place_of(more, room, &set->at[i]) = set->at[i];
        }
    }
    free(set->at);
    set->at = more;
    set->room = room;
    return oc_ok();
}

oc_result oc_case_set_add(oc_case_set *set, const char *pass, const char *id, unsigned long repeat, bool *there)
{
    struct oc_case_mark mark = {0};
    if (!mark_of(&mark, pass, id, repeat)) {
        return oc_fail(OC_E_CRYPTO);
    }
    if (set->count * 2 >= set->room) {
        OC_TRY(grow(set));
    }
    struct oc_case_mark *place = place_of(set->at, set->room, &mark);
    *there = (place->high | place->low) != 0;
    set->count += !*there;
    *place = mark;
    return oc_ok();
}

void oc_case_set_free(oc_case_set *set)
{
    free(set->at);
    *set = (oc_case_set){0};
}
