/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/pairs.h"

#include <inttypes.h>
#include <libxml/hash.h>
#include <stdio.h>
#include <stdlib.h>

/* What a record of before there were conditions says of a positive case. */
#define CONDITION_STATED "stated"

oc_result oc_pairs_begin(oc_pairs *out)
{
    *out = (oc_pairs){.by_name = xmlHashCreate(1024)};
    return out->by_name == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

void oc_pairs_free(oc_pairs *pairs)
{
    if (pairs->by_name != NULL) {
        xmlHashFree(pairs->by_name, NULL);
    }
    free(pairs->at);
    oc_arena_free(&pairs->arena);
    *pairs = (oc_pairs){0};
}

/* Finds it or adds it; NULL when memory is out. Valid until the next call. */
static oc_pair *find(oc_pairs *pairs, size_t requirement, const char *condition)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", requirement);
    uintptr_t found = (uintptr_t)xmlHashLookup2(pairs->by_name, (const xmlChar *)number, (const xmlChar *)condition);
    if (found > 0) {
        return &pairs->at[found - 1];
    }
    if (pairs->count == pairs->room) {
        size_t room = pairs->room == 0 ? 1024 : pairs->room * 2;
        oc_pair *more = realloc(pairs->at, room * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        pairs->at = more;
        pairs->room = room;
    }
    const char *kept = oc_arena_text(&pairs->arena, condition);
    if (kept == NULL || xmlHashAddEntry2(pairs->by_name, (const xmlChar *)number, (const xmlChar *)condition,
                                         (void *)(uintptr_t)(pairs->count + 1)) != 0) {
        return NULL;
    }
    pairs->at[pairs->count] = (oc_pair){.requirement = requirement, .condition = kept};
    return &pairs->at[pairs->count++];
}

oc_result oc_pairs_declare(oc_pairs *pairs, size_t requirement, const char *condition)
{
    oc_pair *pair = find(pairs, requirement, condition);
    if (pair == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    pair->declared++;
    return oc_ok();
}

static const char *condition_of(const xmlNode *node)
{
    const char *condition = oc_xml_attr(node, "condition");
    const char *because = oc_xml_attr(node, "because");
    return condition != NULL ? condition : because != NULL ? because : CONDITION_STATED;
}

oc_result oc_pairs_count_case(oc_pairs *pairs, oc_requirements *requirements, const oc_result_case *one)
{
    for (const xmlNode *req = oc_xml_child(one->node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        const char *id = req->children == NULL ? "" : (const char *)req->children->content;
        const oc_requirement *requirement = oc_requirements_find(requirements, id);
        oc_pair *pair = requirement == NULL
                            ? NULL
                            : find(pairs, (size_t)(requirement - requirements->at), condition_of(one->node));
        if (pair == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        pair->counts.of[oc_requirements_case_says(one, id)]++;
    }
    return oc_ok();
}

oc_pair_sums oc_pairs_sum(const oc_pairs *pairs, size_t requirement)
{
    oc_pair_sums sums = {0};
    for (size_t i = 0; i < pairs->count; i++) {
        const oc_pair *pair = &pairs->at[i];
        enum oc_report_verdict verdict = OC_REPORT_NOT_RUN;
        if (requirement != OC_PAIRS_ALL && requirement != pair->requirement) {
            continue;
        }
        sums.declared += pair->declared > 0;
        bool tried = oc_report_counts_verdict(&pair->counts, &verdict) && oc_report_tried(verdict);
        sums.run += tried;
        sums.passed += tried && verdict == OC_REPORT_PASS;
    }
    return sums;
}

static int compare(const void *a, const void *b)
{
    const oc_pair *left = a;
    const oc_pair *right = b;
    if (left->requirement != right->requirement) {
        return left->requirement < right->requirement ? -1 : 1;
    }
    return strcmp(left->condition, right->condition);
}

void oc_pairs_sort(oc_pairs *pairs)
{
    if (pairs->count > 1) {
        qsort(pairs->at, pairs->count, sizeof *pairs->at, compare);
    }
}
