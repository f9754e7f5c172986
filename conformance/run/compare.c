/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/compare.h"

#include <stdlib.h>

static bool was_judged(enum oc_verdict verdict)
{
    return verdict != OC_VERDICT_NOT_APPLICABLE && verdict != OC_VERDICT_NOT_RUN;
}

/* By id; of one id the tally that counts comes first: judged before not judged, worse before better. */
static int by_id_and_worst(const void *a, const void *b)
{
    const oc_tally *left = a;
    const oc_tally *right = b;
    int id = strcmp(left->id, right->id);
    if (id != 0) {
        return id;
    }
    bool judged = was_judged(left->verdict);
    if (judged != was_judged(right->verdict)) {
        return judged ? -1 : 1;
    }
    return left->verdict == right->verdict ? 0 : left->verdict > right->verdict ? -1 : 1;
}

static void sort_tallies(oc_pass *pass)
{
    if (pass->tally_count > 1) {
        qsort(pass->tallies, pass->tally_count, sizeof *pass->tallies, by_id_and_worst);
    }
}

/* The place of the next case after that at `at`. */
static size_t next_case(const oc_pass *pass, size_t at)
{
    const char *id = pass->tallies[at].id;
    while (at < pass->tally_count && strcmp(pass->tallies[at].id, id) == 0) {
        at++;
    }
    return at;
}

oc_result oc_compare_passes(oc_pass *a, oc_pass *b, oc_record *record, size_t *differences, oc_diag *diag)
{
    sort_tallies(a);
    sort_tallies(b);
    size_t i = 0;
    size_t k = 0;
    while (i < a->tally_count && k < b->tally_count) {
        const oc_tally *left = &a->tallies[i];
        const oc_tally *right = &b->tallies[k];
        int order = strcmp(left->id, right->id);
        i = order <= 0 ? next_case(a, i) : i;
        k = order >= 0 ? next_case(b, k) : k;
        if (order != 0 || left->verdict == right->verdict) {
            continue;
        }
        if (was_judged(left->verdict) && was_judged(right->verdict)) {
            (*differences)++;
            OC_TRY(oc_record_difference(record, left->id, a->id, left->verdict, b->id, right->verdict, diag));
        } else if (was_judged(left->verdict) || was_judged(right->verdict)) {
            const oc_pass *judged = was_judged(left->verdict) ? a : b;
            const oc_tally *other = was_judged(left->verdict) ? right : left;
            OC_TRY(oc_record_one_link(record, left->id, judged->id, other->why, diag));
        }
    }
    return oc_ok();
}
