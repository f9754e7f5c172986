/* SPDX-License-Identifier: Apache-2.0 */
/* Common Test Report Format, specification 1.0.0. Its objects are closed: what is ours stands in `extra`. Its durations
 * are whole milliseconds, too coarse for cards; the nanoseconds are in `extra`. */
#include <inttypes.h>
#include <stdlib.h>

#include "reports/formats/facts_text.h"
#include "reports/formats/format.h"
#include "reports/formats/json_text.h"

struct ctrf {
    uint64_t tests;
    uint64_t by_status[4];
};

enum status { PASSED, FAILED, SKIPPED, OTHER };
static const char *const status_names[] = {"passed", "failed", "skipped", "other"};
static const enum status status_of[] = {[OC_FORMAT_PASSED] = PASSED,
                                        [OC_FORMAT_WARNED] = PASSED,
                                        [OC_FORMAT_FAILED] = FAILED,
                                        [OC_FORMAT_ERRORED] = OTHER,
                                        [OC_FORMAT_SKIPPED] = SKIPPED};

static oc_result head(void *state, FILE *out, const oc_format_run *run)
{
    (void)state;
    oc_json_pen pen = {0};
    json_t *tool = json_object();
    oc_json_put(&pen, tool, "name", json_string("onecard"));
    oc_json_put_text(&pen, tool, "version", oc_xml_attr(run->result, "suite-version"));
    fputs("{\"reportFormat\":\"CTRF\",\"specVersion\":\"1.0.0\",\"generatedBy\":\"onecard\",\"results\":{\"tool\":",
          out);
    OC_TRY(oc_json_write(out, tool));
    fputs(",\"tests\":[", out);
    return pen.bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static json_t *steps_of(oc_json_pen *pen, const oc_format_case *one)
{
    json_t *steps = json_array();
    bool said = false;
    for (const xmlNode *step = oc_xml_child(one->node, "step"); step != NULL; step = oc_xml_next(step, "step")) {
        const char *id = oc_xml_attr(step, "id");
        bool decided = !said && one->outcome != OC_FORMAT_SKIPPED && oc_format_step_decided(one, step);
        json_t *object = json_object();
        said = said || decided;
        oc_json_put(pen, object, "name", json_string(""));
        oc_json_put_text(pen, object, "name", id);
        oc_json_put(pen, object, "status", json_string(status_names[decided ? status_of[one->outcome] : PASSED]));
        oc_json_append(pen, steps, object);
    }
    return steps;
}

static json_t *extra_of(oc_json_pen *pen, const oc_format_case *one)
{
    static const char *const names[] = {"rev", "repeat", "official", "twin", "because", "condition", "dut", "chain"};
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    json_t *extra = json_object();
    json_t *requirements = json_array();
    oc_json_put_text(pen, extra, "id", one->id);
    oc_json_put_text(pen, extra, "classname", one->classname);
    oc_json_put(pen, extra, "durationNs", oc_json_number(one->duration_ns));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        oc_json_put_text(pen, extra, names[i], oc_xml_attr(one->node, names[i]));
    }
    for (const xmlNode *req = oc_xml_child(one->node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        oc_buf text = {0};
        bool made = oc_is_ok(
            oc_format_one_line(&text, req->children == NULL ? "" : (const char *)req->children->content));
        oc_json_append(pen, requirements, made ? json_stringn((const char *)text.at, text.len) : NULL);
        oc_buf_free(&text);
    }
    oc_json_put(pen, extra, "requirements", requirements);
    if (evidence != NULL) {
        oc_json_put_text(pen, extra, "decidedBy", oc_xml_attr(evidence, "requirement"));
        oc_json_put_text(pen, extra, "confidence", oc_xml_attr(evidence, "confidence"));
    }
    return extra;
}

static void put_outcome(oc_json_pen *pen, json_t *test, const oc_format_case *one)
{
    oc_buf trace = {0};
    oc_json_put_text(pen, test, "message", one->message);
    if (one->outcome != OC_FORMAT_PASSED && one->outcome != OC_FORMAT_SKIPPED) {
        oc_result r = oc_format_finding(&trace, one);
        r = oc_is_ok(r) ? oc_format_trace(&trace, one) : r;
        pen->bad = pen->bad || !oc_is_ok(r);
        oc_json_put_text(pen, test, "trace", oc_is_ok(r) ? (const char *)trace.at : NULL);
    }
    oc_buf_free(&trace);
}

static json_t *suite_of(oc_json_pen *pen, const oc_format_case *one)
{
    json_t *suite = json_array();
    oc_buf text = {0};
    bool made = oc_is_ok(oc_format_one_line(&text, one->pass->id));
    oc_json_append(pen, suite, made ? json_stringn((const char *)text.at, text.len) : NULL);
    oc_json_append(pen, suite, json_string(one->classname));
    oc_buf_free(&text);
    return suite;
}

static oc_result put_test(struct ctrf *ctrf, FILE *out, enum status status, json_t *test)
{
    fputs(ctrf->tests == 0 ? "\n" : ",\n", out);
    ctrf->tests++;
    ctrf->by_status[status]++;
    return oc_json_write(out, test);
}

static oc_result one_case(void *state, FILE *out, const oc_format_run *run, const oc_format_case *one)
{
    (void)run;
    oc_json_pen pen = {0};
    json_t *test = json_object();
    enum status status = status_of[one->outcome];
    oc_json_put(&pen, test, "name", json_string(one->name));
    oc_json_put(&pen, test, "status", json_string(status_names[status]));
    oc_json_put(&pen, test, "duration", oc_json_number(one->duration_ns / 1000000u));
    oc_json_put(&pen, test, "suite", suite_of(&pen, one));
    put_outcome(&pen, test, one);
    oc_json_put(&pen, test, "rawStatus", json_string(oc_report_verdict_name(one->verdict)));
    if (one->file[0] != '\0') {
        oc_json_put(&pen, test, "filePath", json_string(one->file));
        oc_json_put(&pen, test, "line", oc_json_number(strtoul(one->line, NULL, 10)));
    }
    oc_json_put(&pen, test, "steps", steps_of(&pen, one));
    oc_json_put(&pen, test, "extra", extra_of(&pen, one));
    oc_result r = put_test(state, out, status, test);
    return pen.bad ? oc_fail(OC_E_MEMORY) : r;
}

static oc_result whole_run(struct ctrf *ctrf, FILE *out, const char *name, const char *message)
{
    oc_json_pen pen = {0};
    json_t *test = json_object();
    oc_json_put_text(&pen, test, "name", name);
    oc_json_put(&pen, test, "status", json_string(status_names[OTHER]));
    oc_json_put(&pen, test, "duration", json_integer(0));
    oc_json_put_text(&pen, test, "message", message);
    oc_json_put(&pen, test, "rawStatus", json_string("ERROR"));
    oc_result r = put_test(ctrf, out, OTHER, test);
    return pen.bad ? oc_fail(OC_E_MEMORY) : r;
}

/* What belongs to no single case, as in JUnit. */
static oc_result whole_runs(struct ctrf *ctrf, FILE *out, const oc_format_run *run)
{
    uint64_t missing = oc_format_missing(run);
    for (const xmlNode *one = oc_xml_child(run->result, "difference"); one != NULL;
         one = oc_xml_next(one, "difference")) {
        oc_buf text = {0};
        oc_result r = oc_format_difference_text(&text, one);
        r = oc_is_ok(r) ? whole_run(ctrf, out, oc_xml_attr(one, "id"), (const char *)text.at) : r;
        oc_buf_free(&text);
        OC_TRY(r);
    }
    if (missing > 0) {
        char message[80];
        snprintf(message, sizeof message, "%" PRIu64 " planned cases have no verdict", missing);
        OC_TRY(whole_run(ctrf, out, "every planned case has a verdict", message));
    }
    return oc_ok();
}

static json_t *summary_of(oc_json_pen *pen, const struct ctrf *ctrf, const oc_format_run *run)
{
    json_t *summary = json_object();
    oc_json_put(pen, summary, "tests", oc_json_number(ctrf->tests));
    oc_json_put(pen, summary, "passed", oc_json_number(ctrf->by_status[PASSED]));
    oc_json_put(pen, summary, "failed", oc_json_number(ctrf->by_status[FAILED]));
    oc_json_put(pen, summary, "pending", json_integer(0));
    oc_json_put(pen, summary, "skipped", oc_json_number(ctrf->by_status[SKIPPED]));
    oc_json_put(pen, summary, "other", oc_json_number(ctrf->by_status[OTHER]));
    oc_json_put(pen, summary, "suites", oc_json_number(run->pass_count));
    oc_json_put(pen, summary, "start", json_integer(oc_format_milliseconds(oc_xml_attr(run->result, "started"))));
    oc_json_put(pen, summary, "stop", json_integer(oc_format_milliseconds(oc_xml_attr(run->result, "ended"))));
    return summary;
}

static json_t *environment_of(oc_json_pen *pen, const oc_format_run *run)
{
    static const char *const of_run[] = {"seed", "strict", "run-id", "plan-sha256", "shard", "node"};
    const xmlNode *environment = oc_xml_child(run->result, "environment");
    json_t *object = json_object();
    json_t *extra = json_object();
    oc_json_put_text(pen, object, "osRelease", oc_xml_attr(environment, "kernel"));
    oc_json_put_text(pen, extra, "cpu", oc_xml_attr(environment, "cpu"));
    for (size_t i = 0; i < sizeof of_run / sizeof of_run[0]; i++) {
        oc_json_put_text(pen, extra, of_run[i], oc_xml_attr(run->result, of_run[i]));
    }
    oc_json_put(pen, object, "extra", extra);
    return object;
}

static oc_result end(void *state, FILE *out, const oc_format_run *run)
{
    struct ctrf *ctrf = state;
    oc_json_pen pen = {0};
    OC_TRY(whole_runs(ctrf, out, run));
    fputs("\n],\"summary\":", out);
    OC_TRY(oc_json_write(out, summary_of(&pen, ctrf, run)));
    fputs(",\"environment\":", out);
    OC_TRY(oc_json_write(out, environment_of(&pen, run)));
    fputs("}}\n", out);
    return pen.bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static void release(void *state)
{
    (void)state;
}

const oc_format oc_format_ctrf = {"ctrf", sizeof(struct ctrf), head, one_case, end, release};
