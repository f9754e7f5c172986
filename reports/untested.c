/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/untested.h"

#include <libxml/hash.h>
#include <stdio.h>
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

oc_result oc_untested_begin(oc_untested *out)
{
    *out = (oc_untested){.by_reason = xmlHashCreate(256)};
    return out->by_reason == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result add(oc_untested *untested, const char *number, const oc_untested_reason *reason)
{
    if (untested->count == untested->room) {
        size_t wanted = untested->room == 0 ? 256 : untested->room * 2;
        oc_untested_reason *more = realloc(untested->at, wanted * sizeof *more);
        if (more == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        untested->at = more;
        untested->room = wanted;
    }
    oc_untested_reason *added = &untested->at[untested->count];
    *added = *reason;
    added->text = oc_arena_text(&untested->arena, reason->text);
    if (added->text == NULL ||
        xmlHashAddEntry3(untested->by_reason, (const xmlChar *)number,
                         (const xmlChar *)oc_report_verdict_name(reason->verdict), (const xmlChar *)reason->text,
                         (void *)(uintptr_t)(untested->count + 1)) != 0) {
        return oc_fail(OC_E_MEMORY);
    }
    untested->count++;
    return oc_ok();
}

static oc_result take(oc_untested *untested, const oc_untested_reason *reason)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", reason->requirement);
    uintptr_t found = (uintptr_t)xmlHashLookup3(untested->by_reason, (const xmlChar *)number,
                                                (const xmlChar *)oc_report_verdict_name(reason->verdict),
                                                (const xmlChar *)reason->text);
    if (found == 0) {
        return add(untested, number, reason);
    }
    untested->at[found - 1].cases++;
    return oc_ok();
}

oc_result oc_untested_take_case(oc_untested *untested, oc_requirements *requirements, const oc_result_case *one)
{
    const char *text = oc_untested_text(one);
    if (oc_report_tried(one->verdict) || text[0] == '\0') {
        return oc_ok();
    }
    for (const xmlNode *req = oc_xml_child(one->node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        const oc_requirement *requirement = oc_requirements_find(
            requirements, req->children == NULL ? "" : (const char *)req->children->content);
        if (requirement == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        OC_TRY(take(untested, &(oc_untested_reason){(size_t)(requirement - requirements->at), text, one->verdict, 1}));
    }
    return oc_ok();
}

void oc_untested_finish(oc_untested *untested, const oc_requirements *requirements)
{
    size_t kept = 0;
    for (size_t i = 0; i < untested->count; i++) {
        if (oc_requirement_untested(&requirements->at[untested->at[i].requirement])) {
            untested->at[kept++] = untested->at[i];
        }
    }
    untested->count = kept;
    if (kept > 1) {
        qsort(untested->at, kept, sizeof *untested->at, compare);
    }
}

void oc_untested_free(oc_untested *untested)
{
    if (untested->by_reason != NULL) {
        xmlHashFree(untested->by_reason, NULL);
    }
    free(untested->at);
    oc_arena_free(&untested->arena);
    *untested = (oc_untested){0};
}
