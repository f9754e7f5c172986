/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/untested.h"

#include <stdlib.h>

bool oc_requirement_untested(const oc_requirement *requirement)
{
    enum oc_report_verdict verdict = OC_REPORT_NOT_RUN;
    return !oc_requirement_verdict(requirement, &verdict) || !oc_report_tried(verdict);
}

const char *oc_untested_text(const oc_result_case *one)
{
    const char *twin = oc_xml_attr(one->node, "twin");
    const xmlNode *reason = oc_xml_child(one->node, "reason");
    const char *text = reason == NULL || reason->children == NULL ? "" : (const char *)reason->children->content;
    return twin != NULL && twin[0] != '\0' && strstr(text, twin) != NULL ? "" : text;
}

static int compare(const void *a, const void *b)
{
    const oc_untested_reason *left = a;
    const oc_untested_reason *right = b;
    if (left->requirement != right->requirement) {
        return left->requirement < right->requirement ? -1 : 1;
    }
    if (left->verdict != right->verdict) {
        return left->verdict < right->verdict ? -1 : 1;
    }
    return strcmp(left->text, right->text);
}

/* One of each, with its number. */
static void unite(oc_untested *untested)
{
    size_t kept = 0;
    if (untested->count > 1) {
        qsort(untested->at, untested->count, sizeof *untested->at, compare);
    }
    for (size_t i = 0; i < untested->count; i++) {
        if (kept > 0 && compare(&untested->at[kept - 1], &untested->at[i]) == 0) {
            untested->at[kept - 1].cases++;
        } else {
            untested->at[kept++] = untested->at[i];
        }
    }
    untested->count = kept;
}

static oc_result take(oc_untested *untested, size_t *room, const oc_untested_reason *reason)
{
    if (untested->count == *room) {
        size_t wanted = *room == 0 ? 256 : *room * 2;
        oc_untested_reason *more = realloc(untested->at, wanted * sizeof *more);
        if (more == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        untested->at = more;
        *room = wanted;
    }
    untested->at[untested->count++] = *reason;
    return oc_ok();
}

oc_result oc_untested_collect(oc_untested *out, oc_requirements *requirements, const oc_result_record *record)
{
    *out = (oc_untested){0};
    size_t room = 0;
    oc_result r = oc_ok();
    for (size_t i = 0; i < record->case_count; i++) {
        const oc_result_case *one = &record->cases[i];
        const char *text = oc_untested_text(one);
        if (oc_report_tried(one->verdict) || text[0] == '\0') {
            continue;
        }
        for (const xmlNode *req = oc_xml_child(one->node, "req"); oc_is_ok(r) && req != NULL;
             req = oc_xml_next(req, "req")) {
            const oc_requirement *requirement = oc_requirements_find(
                requirements, req->children == NULL ? "" : (const char *)req->children->content);
            if (requirement == NULL) {
                r = oc_fail(OC_E_MEMORY);
            } else if (oc_requirement_untested(requirement)) {
                r = take(out, &room,
                         &(oc_untested_reason){(size_t)(requirement - requirements->at), text, one->verdict, 1});
            }
        }
    }
    if (!oc_is_ok(r)) {
        oc_untested_free(out);
        return r;
    }
    unite(out);
    return r;
}

void oc_untested_free(oc_untested *untested)
{
    free(untested->at);
    *untested = (oc_untested){0};
}
