/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/mutate/verdicts.h"

#include <stdlib.h>

#include "reports/result_case.h"

struct reading {
    oc_verdicts *out;
    bool whole;
};

static oc_result grow(oc_verdicts *out)
{
    if (out->count < out->room) {
        return oc_ok();
    }
    size_t room = out->room == 0 ? 256 : out->room * 2;
    oc_verdict_case *cases = realloc(out->cases, room * sizeof *cases);
    if (cases == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    out->cases = cases;
    out->room = room;
    return oc_ok();
}

static oc_result keep(oc_verdicts *out, const char *text, const char **place)
{
    *place = text == NULL ? NULL : oc_arena_text(&out->arena, text);
    return text != NULL && *place == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static const char *content(const xmlNode *node)
{
    return node == NULL ? NULL : node->children == NULL ? "" : (const char *)node->children->content;
}

static oc_result keep_requirements(oc_verdicts *out, const xmlNode *node, oc_verdict_case *one)
{
    size_t count = 0;
    for (const xmlNode *req = oc_xml_child(node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        count++;
    }
    const char **names = oc_arena_alloc(&out->arena, (count + 1) * sizeof *names);
    if (names == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    one->requirements = names;
    for (const xmlNode *req = oc_xml_child(node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        OC_TRY(keep(out, content(req), &names[one->requirement_count++]));
    }
    return oc_ok();
}

/* Passes are few, and each is the text of thousands. */
static oc_result keep_pass(oc_verdicts *out, const char *pass, const char **place)
{
    const char *last = out->count > 0 ? out->cases[out->count - 1].pass : NULL;
    if (last != NULL && strcmp(last, pass) == 0) {
        *place = last;
        return oc_ok();
    }
    return keep(out, pass, place);
}

static oc_result take(void *self, const xmlNode *node, oc_diag *diag)
{
    (void)diag;
    const struct reading *reading = self;
    oc_verdicts *out = reading->out;
    const oc_result_case read = oc_result_case_of(node);
    oc_verdict_case one = {.verdict = read.verdict};
    bool mismatch = oc_verdicts_mismatch(&one);
    out->judged += mismatch || one.verdict == OC_REPORT_PASS;
    out->errors += one.verdict == OC_REPORT_ERROR;
    if (!reading->whole && !mismatch && one.verdict != OC_REPORT_ERROR) {
        return oc_ok();
    }
    const xmlNode *evidence = oc_xml_child(node, "evidence");
    OC_TRY(grow(out));
    OC_TRY(keep_pass(out, read.pass, &one.pass));
    OC_TRY(keep(out, read.id, &one.id));
    OC_TRY(keep(out, evidence == NULL ? NULL : oc_xml_attr(evidence, "requirement"), &one.broken));
    OC_TRY(keep(out, content(oc_xml_child(node, "reason")), &one.reason));
    OC_TRY(keep_requirements(out, node, &one));
    out->cases[out->count++] = one;
    return oc_ok();
}

static oc_result refuse_interrupted(void *self, const xmlNode *result, oc_diag *diag)
{
    (void)self;
    return strcmp(oc_xml_attr(result, "interrupted"), "true") == 0
               ? oc_diag_fail(diag, OC_E_FORMAT, "the run was interrupted")
               : oc_ok();
}

oc_result oc_verdicts_read(oc_verdicts *out, const char *path, bool whole, oc_diag *diag)
{
    struct reading reading = {out, whole};
    const oc_record_visitor visitor = {.self = &reading, .head = refuse_interrupted, .one = take};
    return oc_record_read(path, &visitor, diag);
}

void oc_verdicts_free(oc_verdicts *judged)
{
    free(judged->cases);
    oc_arena_free(&judged->arena);
    *judged = (oc_verdicts){0};
}
