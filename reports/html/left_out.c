/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/left_out.h"

#include <libxml/hash.h>
#include <stdlib.h>

#include "reports/html/finding.h"
#include "reports/untested.h"

#define REASON_ROOM 1000

struct group {
    xmlNode *node;
    size_t cases;
};

oc_result oc_left_out_begin(oc_left_out *out, xmlNode *parent)
{
    *out = (oc_left_out){.by_reason = xmlHashCreate(64), .parent = parent};
    return out->by_reason == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static void free_group(void *group, const xmlChar *name)
{
    (void)name;
    free(group);
}

void oc_left_out_free(oc_left_out *left_out)
{
    if (left_out->by_reason != NULL) {
        xmlHashFree(left_out->by_reason, free_group);
    }
    *left_out = (oc_left_out){0};
}

static struct group *find(oc_left_out *left_out, oc_pen *pen, const char *verdict, const char *reason)
{
    struct group *group = xmlHashLookup2(left_out->by_reason, (const xmlChar *)verdict, (const xmlChar *)reason);
    if (group == NULL && left_out->groups >= OC_LEFT_OUT_GROUPS) {
        reason = "…";
        group = xmlHashLookup2(left_out->by_reason, (const xmlChar *)verdict, (const xmlChar *)reason);
    }
    if (group != NULL) {
        return group;
    }
    group = calloc(1, sizeof *group);
    if (group == NULL ||
        xmlHashAddEntry2(left_out->by_reason, (const xmlChar *)verdict, (const xmlChar *)reason, group) != 0) {
        free(group);
        return NULL;
    }
    left_out->groups++;
    group->node = oc_pen_add(pen, left_out->parent, "left-out", NULL);
    oc_pen_set(pen, group->node, "verdict", verdict);
    oc_finding_text(pen, group->node, "reason", reason, REASON_ROOM);
    return group;
}

oc_result oc_left_out_take(oc_left_out *left_out, oc_pen *pen, const oc_result_case *one)
{
    if (oc_report_tried(one->verdict)) {
        return oc_ok();
    }
    struct group *group = find(left_out, pen, oc_report_verdict_name(one->verdict), oc_untested_text(one));
    if (group == NULL || pen->bad) {
        return oc_fail(OC_E_MEMORY);
    }
    if (++group->cases <= OC_LEFT_OUT_NAMED && left_out->named < OC_LEFT_OUT_NAMED_MAX) {
        left_out->named++;
        xmlNode *node = oc_pen_add(pen, group->node, "case", NULL);
        oc_pen_set(pen, node, "id", one->id);
        oc_pen_set(pen, node, "pass", one->pass);
    }
    return oc_ok();
}

static void finish(void *payload, void *pen, const xmlChar *verdict, const xmlChar *reason, const xmlChar *none)
{
    const struct group *group = payload;
    (void)verdict;
    (void)reason;
    (void)none;
    oc_pen_set_number(pen, group->node, "n", group->cases);
}

void oc_left_out_finish(oc_left_out *left_out, oc_pen *pen)
{
    xmlHashScanFull(left_out->by_reason, finish, pen);
}
