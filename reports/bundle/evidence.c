/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/bundle/evidence.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <strings.h>

#include "reports/bundle/trace_lines.h"
#include "reports/record_reader.h"

/* One pass through a record. */
struct reading {
    oc_evidence *out;
    oc_chain *chain;
    const xmlNode *head;
    oc_evidence_trace *trace;
    void *self;
    oc_buf lines;
};

static const char *keep(struct reading *reading, const char *text, bool *bad)
{
    const char *kept = oc_arena_text(&reading->out->arena, text == NULL ? "" : text);
    *bad = *bad || kept == NULL;
    return kept;
}

static oc_result dump(oc_buf *out, const xmlNode *element)
{
    if (element == NULL) {
        return oc_ok();
    }
    xmlBufferPtr buffer = xmlBufferCreate();
    int len = buffer == NULL ? -1 : xmlNodeDump(buffer, element->doc, (xmlNode *)(uintptr_t)element, 0, 0);
    oc_result r = len < 0 ? oc_fail(OC_E_MEMORY)
                          : oc_buf_append(out, oc_span_of(xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer)));
    xmlBufferFree(buffer);
    return r;
}

static bool is_true(const char *text)
{
    return text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

static const char *digest_in(const xmlNode *result, const char *element)
{
    const xmlNode *found = oc_xml_child(result, element);
    return found == NULL ? NULL : oc_xml_attr(found, "sha256");
}

static oc_result take_head(void *self, const xmlNode *result, oc_diag *diag)
{
    struct reading *reading = self;
    oc_evidence *out = reading->out;
    bool bad = false;
    reading->head = result;
    out->run_id = keep(reading, oc_xml_attr(result, "run-id"), &bad);
    out->plan_digest = keep(reading, oc_xml_attr(result, "plan-sha256"), &bad);
    out->suite_version = keep(reading, oc_xml_attr(result, "suite-version"), &bad);
    out->started = keep(reading, oc_xml_attr(result, "started"), &bad);
    out->ended = keep(reading, oc_xml_attr(result, "ended"), &bad);
    out->ics_digest = keep(reading, digest_in(result, "ics"), &bad);
    out->lab_digest = keep(reading, digest_in(result, "lab"), &bad);
    out->challenge_digest = keep(reading, digest_in(result, "challenge"), &bad);
    out->official = is_true(oc_xml_attr(result, "official"));
    out->interrupted = is_true(oc_xml_attr(result, "interrupted"));
    if (bad) {
        return oc_fail(OC_E_MEMORY);
    }
    if (out->run_id[0] == '\0') {
        return oc_diag_fail(diag, OC_E_FORMAT, "the record has no run id: it is not evidence of a run");
    }
    OC_TRY(dump(&out->environment, oc_xml_child(result, "environment")));
    return dump(&out->limits, oc_xml_child(result, "limits"));
}

static const char *driver_of(const struct reading *reading, const char *pass)
{
    for (const xmlNode *node = oc_xml_child(reading->head, "pass"); node != NULL; node = oc_xml_next(node, "pass")) {
        if (strcmp(oc_xml_attr(node, "id"), pass) == 0) {
            return oc_xml_attr(node, "terminal-sha256");
        }
    }
    return NULL;
}

static bool is_worth_a_trace(const xmlNode *one)
{
    static const char *const verdicts[] = {"FAIL", "ERROR", "DEVIATION", "INCONCLUSIVE"};
    if (oc_xml_child(one, "step") == NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        if (strcmp(oc_xml_attr(one, "verdict"), verdicts[i]) == 0) {
            return true;
        }
    }
    return is_true(oc_xml_attr(one, "flow")) && oc_xml_attr(one, "twin") == NULL;
}

static oc_result take_case(void *self, const xmlNode *one, oc_diag *diag)
{
    struct reading *reading = self;
    oc_evidence *out = reading->out;
    char last[OC_CHAIN_DIGITS + 1];
    char path[OC_TRACE_PATH_MAX];
    const char *pass = oc_xml_attr(one, "pass");
    const char *id = oc_xml_attr(one, "id");
    const char *claimed = oc_xml_attr(one, "chain");
    const oc_chain_seed seed = {.run_id = out->run_id,
                                .plan = out->plan_digest,
                                .declaration = out->ics_digest,
                                .driver = driver_of(reading, pass),
                                .pass = pass,
                                .case_id = id,
                                .challenge = out->challenge_digest};
    bool worth = is_worth_a_trace(one);
    bool written = worth && reading->trace != NULL && out->traces_worth < OC_TRACES_MAX;
    out->cases++;
    out->traces_worth += worth;
    oc_buf_clear(&reading->lines);
    OC_TRY(written ? oc_trace_lines(&reading->lines, reading->chain, &seed, one, last)
                   : oc_chain_case(reading->chain, &seed, one, NULL, NULL, last));
    if (written) {
        out->traces++;
        OC_TRY(oc_trace_path(path, one));
        OC_TRY(reading->trace(reading->self, path, oc_buf_span(&reading->lines), one, diag));
    }
    if (claimed == NULL || strcasecmp(claimed, last) != 0) {
        return oc_diag_fail(diag, OC_E_FORMAT,
                            "case %s in %s: its chain does not end as the record says; the case was altered, or is "
                            "from another run, plan, declaration or driver",
                            id, pass);
    }
    return oc_plan_lines_add(&out->plan, pass, id, (unsigned)strtoul(oc_xml_attr(one, "rev"), NULL, 10));
}

oc_result oc_evidence_read(oc_evidence *out, const char *result_path, oc_evidence_trace *trace, void *self,
                           oc_diag *diag)
{
    char digest[65];
    *out = (oc_evidence){0};
    struct reading reading = {.out = out, .trace = trace, .self = self};
    const oc_record_visitor visitor = {.self = &reading, .head = take_head, .one = take_case};
    OC_TRY(oc_chain_new(&reading.chain));
    oc_result r = oc_record_read(result_path, &visitor, diag);
    if (oc_is_ok(r)) {
        r = oc_plan_lines_digest(&out->plan, digest);
    }
    if (oc_is_ok(r)) {
        out->plan_is_whole = strcasecmp(digest, out->plan_digest) == 0;
    }
    oc_chain_free(&reading.chain);
    oc_buf_free(&reading.lines);
    return r;
}

void oc_evidence_free(oc_evidence *evidence)
{
    oc_plan_lines_free(&evidence->plan);
    oc_buf_free(&evidence->environment);
    oc_buf_free(&evidence->limits);
    oc_arena_free(&evidence->arena);
    *evidence = (oc_evidence){0};
}
