/* SPDX-License-Identifier: Apache-2.0 */
/* JUnit XML in two flavours. Strict is what junit-10.xsd of the Jenkins xUnit plugin accepts: no file, line, assertions
 * or properties on a testcase. Extended adds them, as testmoapp/junitxml describes. A suite is a pass; classname and name
 * together are unique in the file, since GitLab drops what is there twice; times are plain decimals. */
#include <inttypes.h>
#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/formats/facts_text.h"
#include "reports/formats/format.h"
#include "sim/base/visible.h"
#include "sim/base/xml_output.h"

/* The sums of a suite stand in its first tag and are known at its end: so much room is kept for them in blanks, which
 * XML allows there. Five numbers of at most 20 digits. */
#define ROOM 176

struct sums {
    uint64_t tests;
    uint64_t failures;
    uint64_t errors;
    uint64_t skipped;
    uint64_t ns;
};

struct junit {
    xmlTextWriterPtr writer;
    bool extended;
    bool bad;
    struct sums all;
    struct sums suite;
    long all_at; /* of the room */
    long suite_at;
    const oc_format_pass *pass; /* of the open suite, or NULL */
    size_t suites;
    bool *seen; /* by pass */
    oc_buf text;
};

static void note(struct junit *junit, int written)
{
    junit->bad = junit->bad || written < 0;
}

static void open_element(struct junit *junit, const char *name)
{
    note(junit, xmlTextWriterStartElement(junit->writer, (const xmlChar *)name));
}

static void close_element(struct junit *junit)
{
    note(junit, xmlTextWriterEndElement(junit->writer));
}

static void new_line(struct junit *junit)
{
    note(junit, xmlTextWriterWriteRaw(junit->writer, (const xmlChar *)"\n"));
}

static void raw_attribute(struct junit *junit, const char *name, const char *value)
{
    note(junit, xmlTextWriterWriteAttribute(junit->writer, (const xmlChar *)name, (const xmlChar *)value));
}

/* From the record, on one line; nothing when NULL. */
static void attribute(struct junit *junit, const char *name, const char *value)
{
    if (value == NULL) {
        return;
    }
    oc_buf_clear(&junit->text);
    if (oc_is_ok(oc_format_one_line(&junit->text, value))) {
        raw_attribute(junit, name, (const char *)junit->text.at);
    } else {
        junit->bad = true;
    }
}

/* Jenkins and GitLab follow "[[ATTACHMENT|PATH]]" in what a case printed: nothing of a record may write that. */
static void text(struct junit *junit, const oc_buf *content)
{
    for (size_t i = 0; i + 1 < content->len; i++) {
        if (content->at[i] == '[' && content->at[i + 1] == '[') {
            content->at[i + 1] = '(';
        }
    }
    if (content->len > 0) {
        note(junit, xmlTextWriterWriteString(junit->writer, content->at));
    }
}

/* Leaves the room behind what has been written of an open tag. */
static long keep_room(struct junit *junit, FILE *out)
{
    note(junit, xmlTextWriterFlush(junit->writer));
    long at = ftell(out);
    junit->bad = junit->bad || at < 0 || fprintf(out, "%*s", ROOM, "") != ROOM;
    return at;
}

static void fill_room(struct junit *junit, FILE *out, long at, const struct sums *sums, bool suite)
{
    char time[32];
    char skipped[48] = "";
    oc_format_seconds(time, sums->ns, 3);
    if (suite) {
        snprintf(skipped, sizeof skipped, " skipped=\"%" PRIu64 "\"", sums->skipped);
    }
    if (junit->writer != NULL) {
        note(junit, xmlTextWriterFlush(junit->writer));
    }
    bool done = fseek(out, at, SEEK_SET) == 0 &&
                fprintf(out, " tests=\"%" PRIu64 "\" failures=\"%" PRIu64 "\" errors=\"%" PRIu64 "\"%s time=\"%s\"",
                        sums->tests, sums->failures, sums->errors, skipped, time) > 0 &&
                fseek(out, 0, SEEK_END) == 0;
    junit->bad = junit->bad || !done;
}

static void add(struct sums *to, const struct sums *more)
{
    to->tests += more->tests;
    to->failures += more->failures;
    to->errors += more->errors;
    to->skipped += more->skipped;
    to->ns = more->ns > UINT64_MAX - to->ns ? UINT64_MAX : to->ns + more->ns;
}

static oc_result begin(void *state, FILE *out, bool extended, const oc_format_run *run)
{
    struct junit *junit = state;
    xmlOutputBufferPtr buffer = oc_xml_output(out);
    junit->writer = buffer == NULL ? NULL : xmlNewTextWriter(buffer);
    junit->seen = calloc(run->pass_count + 1, sizeof *junit->seen);
    if (junit->writer == NULL || junit->seen == NULL) {
        if (junit->writer == NULL && buffer != NULL) {
            xmlOutputBufferClose(buffer);
        }
        return oc_fail(OC_E_MEMORY);
    }
    junit->extended = extended;
    note(junit, xmlTextWriterStartDocument(junit->writer, "1.0", "UTF-8", NULL));
    open_element(junit, "testsuites");
    raw_attribute(junit, "name", "onecard");
    junit->all_at = keep_room(junit, out);
    return oc_ok();
}

static oc_result head_strict(void *state, FILE *out, const oc_format_run *run)
{
    return begin(state, out, false, run);
}

static oc_result head_extended(void *state, FILE *out, const oc_format_run *run)
{
    return begin(state, out, true, run);
}

static void property(struct junit *junit, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        open_element(junit, "property");
        raw_attribute(junit, "name", name);
        attribute(junit, "value", value);
        close_element(junit);
    }
}

/* What was tested, with what. */
static void suite_properties(struct junit *junit, const oc_format_run *run, const xmlNode *pass)
{
    static const char *const of_run[] = {"suite-version", "seed", "strict", "run-id", "plan-sha256", "shard"};
    static const char *const of_pass[] = {"profile", "card",      "terminal", "terminal-sha256",
                                          "host",    "transport", "atr"};
    open_element(junit, "properties");
    for (size_t i = 0; i < sizeof of_run / sizeof of_run[0]; i++) {
        property(junit, of_run[i], oc_xml_attr(run->result, of_run[i]));
    }
    for (size_t i = 0; i < sizeof of_pass / sizeof of_pass[0]; i++) {
        property(junit, of_pass[i], oc_xml_attr(pass, of_pass[i]));
    }
    property(junit, "vectors-sha256", oc_xml_attr(oc_xml_child(run->result, "vectors"), "sha256"));
    close_element(junit);
}

static void open_suite(struct junit *junit, FILE *out, const oc_format_run *run, const char *name)
{
    char digits[24];
    char started[20];
    snprintf(digits, sizeof digits, "%zu", junit->suites++);
    snprintf(started, sizeof started, "%s", oc_xml_attr(run->result, "started"));
    new_line(junit);
    open_element(junit, "testsuite");
    attribute(junit, "name", name);
    attribute(junit, "timestamp", started);
    attribute(junit, "hostname", oc_xml_attr(run->result, "node"));
    raw_attribute(junit, "id", digits);
    junit->suite = (struct sums){0};
    junit->suite_at = keep_room(junit, out);
}

static void close_suite(struct junit *junit, FILE *out)
{
    new_line(junit);
    close_element(junit);
    fill_room(junit, out, junit->suite_at, &junit->suite, true);
    add(&junit->all, &junit->suite);
    junit->pass = NULL;
}

static void open_pass(struct junit *junit, FILE *out, const oc_format_run *run, const oc_format_pass *pass)
{
    const xmlNode *node = oc_xml_child(run->result, "pass");
    for (size_t i = 0; &run->passes[i] != pass; i++) {
        node = oc_xml_next(node, "pass");
    }
    open_suite(junit, out, run, pass->id);
    suite_properties(junit, run, node);
    junit->pass = pass;
    junit->seen[pass - run->passes] = true;
}

static void finding(struct junit *junit, const oc_format_case *one)
{
    oc_buf content = {0};
    oc_result r = oc_buf_append(&content, oc_span_text(one->message));
    if (oc_is_ok(r) && one->outcome != OC_FORMAT_SKIPPED) {
        r = oc_buf_append_byte(&content, '\n');
        r = oc_is_ok(r) ? oc_format_finding(&content, one) : r;
    }
    r = oc_is_ok(r) ? oc_buf_append_byte(&content, 0) : r;
    junit->bad = junit->bad || !oc_is_ok(r);
    if (oc_is_ok(r)) {
        text(junit, &content);
    }
    oc_buf_free(&content);
}

static void outcome(struct junit *junit, const oc_format_case *one)
{
    static const char *const elements[] = {[OC_FORMAT_PASSED] = NULL,
                                           [OC_FORMAT_WARNED] = NULL,
                                           [OC_FORMAT_FAILED] = "failure",
                                           [OC_FORMAT_ERRORED] = "error",
                                           [OC_FORMAT_SKIPPED] = "skipped"};
    if (elements[one->outcome] != NULL) {
        open_element(junit, elements[one->outcome]);
        raw_attribute(junit, "type", one->type);
        raw_attribute(junit, "message", one->message);
        finding(junit, one);
        close_element(junit);
    }
}

/* What happened, of a case that did not simply pass; Jenkins and GitLab show it beside the failure. */
static void output(struct junit *junit, const oc_format_case *one)
{
    oc_buf content = {0};
    oc_result r = oc_ok();
    if (one->outcome == OC_FORMAT_PASSED || one->outcome == OC_FORMAT_SKIPPED) {
        return;
    }
    if (one->verdict == OC_REPORT_DEVIATION) {
        r = oc_buf_append(&content, oc_span_text("WARN: DEVIATION: "));
        r = oc_is_ok(r) ? oc_buf_append(&content, oc_span_text(one->message)) : r;
        r = oc_is_ok(r) ? oc_buf_append_byte(&content, '\n') : r;
    }
    r = oc_is_ok(r) ? oc_format_trace(&content, one) : r;
    junit->bad = junit->bad || !oc_is_ok(r);
    if (oc_is_ok(r)) {
        open_element(junit, "system-out");
        text(junit, &content);
        close_element(junit);
    }
    oc_buf_free(&content);
}

static size_t count_children(const xmlNode *parent, const char *name)
{
    size_t count = 0;
    for (const xmlNode *child = oc_xml_child(parent, name); child != NULL; child = oc_xml_next(child, name)) {
        count++;
    }
    return count;
}

static void extended_attributes(struct junit *junit, const oc_format_case *one)
{
    char steps[24];
    /* A record knows no single assertions; each step has at least one. */
    snprintf(steps, sizeof steps, "%zu", count_children(one->node, "step"));
    if (one->file[0] != '\0') {
        raw_attribute(junit, "file", one->file);
        attribute(junit, "line", one->line);
    }
    raw_attribute(junit, "assertions", steps);
}

static void extended_properties(struct junit *junit, const oc_format_case *one)
{
    static const char *const names[] = {"verdict", "rev",       "official", "twin",
                                        "because", "condition", "dut",      "touches"};
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    open_element(junit, "properties");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        property(junit, names[i], oc_xml_attr(one->node, names[i]));
    }
    for (const xmlNode *req = oc_xml_child(one->node, "req"); req != NULL; req = oc_xml_next(req, "req")) {
        property(junit, "requirement", req->children == NULL ? "" : (const char *)req->children->content);
    }
    if (evidence != NULL) {
        property(junit, "decided-by", oc_xml_attr(evidence, "requirement"));
        property(junit, "confidence", oc_xml_attr(evidence, "confidence"));
    }
    close_element(junit);
}

static oc_result one_case(void *state, FILE *out, const oc_format_run *run, const oc_format_case *one)
{
    struct junit *junit = state;
    char time[32];
    if (junit->pass != one->pass) {
        if (junit->pass != NULL) {
            close_suite(junit, out);
        }
        open_pass(junit, out, run, one->pass);
    }
    const struct sums sums = {1, one->outcome == OC_FORMAT_FAILED, one->outcome == OC_FORMAT_ERRORED,
                              one->outcome == OC_FORMAT_SKIPPED, one->duration_ns};
    add(&junit->suite, &sums);
    oc_format_seconds(time, one->duration_ns, 6);
    new_line(junit);
    open_element(junit, "testcase");
    raw_attribute(junit, "classname", one->classname);
    raw_attribute(junit, "name", one->name);
    raw_attribute(junit, "time", time);
    if (junit->extended) {
        extended_attributes(junit, one);
        extended_properties(junit, one);
    }
    outcome(junit, one);
    output(junit, one);
    close_element(junit);
    return junit->bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static void whole_run_error(struct junit *junit, const char *classname, const char *name, const char *message)
{
    new_line(junit);
    open_element(junit, "testcase");
    raw_attribute(junit, "classname", classname);
    attribute(junit, "name", name);
    raw_attribute(junit, "time", "0.000000");
    open_element(junit, "error");
    raw_attribute(junit, "type", "infra");
    attribute(junit, "message", message);
    note(junit, xmlTextWriterWriteString(junit->writer, (const xmlChar *)message));
    close_element(junit);
    close_element(junit);
    junit->suite.tests++;
    junit->suite.errors++;
}

/* What belongs to no single case: links that differ, and planned cases without a verdict, so that a run that broke off
 * cannot look green. */
static void whole_run(struct junit *junit, FILE *out, const oc_format_run *run)
{
    uint64_t missing = oc_format_missing(run);
    if (missing == 0 && run->differences == 0) {
        return;
    }
    open_suite(junit, out, run, "whole run");
    oc_arena names = {0};
    for (const xmlNode *one = oc_xml_child(run->result, "difference"); one != NULL;
         one = oc_xml_next(one, "difference")) {
        oc_buf message = {0};
        const char *name = oc_arena_format(&names, "%s %s %s", oc_xml_attr(one, "id"), oc_xml_attr(one, "pass-a"),
                                           oc_xml_attr(one, "pass-b"));
        if (name == NULL || !oc_is_ok(oc_format_difference_text(&message, one))) {
            junit->bad = true;
        } else {
            whole_run_error(junit, "onecard.links", name, (const char *)message.at);
        }
        oc_buf_free(&message);
    }
    if (missing > 0) {
        char message[80];
        snprintf(message, sizeof message, "%" PRIu64 " planned cases have no verdict", missing);
        whole_run_error(junit, "onecard.plan", "every planned case has a verdict", message);
    }
    oc_arena_free(&names);
    close_suite(junit, out);
}

static oc_result end(void *state, FILE *out, const oc_format_run *run)
{
    struct junit *junit = state;
    if (junit->pass != NULL) {
        close_suite(junit, out);
    }
    for (size_t i = 0; i < run->pass_count; i++) {
        if (!junit->seen[i]) {
            open_pass(junit, out, run, &run->passes[i]);
            close_suite(junit, out);
        }
    }
    whole_run(junit, out, run);
    new_line(junit);
    note(junit, xmlTextWriterEndDocument(junit->writer));
    xmlFreeTextWriter(junit->writer); /* flushes, so it must not outlive the file */
    junit->writer = NULL;
    fill_room(junit, out, junit->all_at, &junit->all, false);
    return junit->bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static void release(void *state)
{
    struct junit *junit = state;
    if (junit->writer != NULL) {
        xmlFreeTextWriter(junit->writer);
    }
    free(junit->seen);
    oc_buf_free(&junit->text);
}

const oc_format oc_format_junit = {"junit", sizeof(struct junit), head_strict, one_case, end, release};
const oc_format oc_format_junit_extended = {"junit-extended", sizeof(struct junit), head_extended, one_case, end,
                                            release};
