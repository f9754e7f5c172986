/* SPDX-License-Identifier: Apache-2.0 */
/* TAP version 14: a test point a case, its steps as a subtest, a YAML block for what did not pass. A deviation that does
 * not fail the run is a TODO, which readers of TAP count as such. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "reports/formats/facts_text.h"
#include "reports/formats/format.h"

struct tap {
    uint64_t points;
    oc_buf text;
};

static oc_result head(void *state, FILE *out, const oc_format_run *run)
{
    (void)state;
    (void)run;
    fputs("TAP version 14\n", out);
    return oc_ok();
}

/* On one line; '#' and '\' have a meaning behind a test point. */
static oc_result description(struct tap *tap, FILE *out, const char *text)
{
    oc_buf_clear(&tap->text);
    OC_TRY(oc_format_one_line(&tap->text, text));
    for (size_t i = 0; i < tap->text.len; i++) {
        if (tap->text.at[i] == '#' || tap->text.at[i] == '\\') {
            fputc('\\', out);
        }
        fputc(tap->text.at[i], out);
    }
    return oc_ok();
}

static oc_result point_name(struct tap *tap, FILE *out, const oc_format_case *one)
{
    OC_TRY(description(tap, out, one->name));
    fputs(" [", out);
    OC_TRY(description(tap, out, one->pass->id));
    fputs("]", out);
    return oc_ok();
}

/* A text of JSON is one of YAML. */
static oc_result yaml(FILE *out, const char *key, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return oc_ok();
    }
    json_t *text = json_string(value);
    char *quoted = text == NULL ? NULL : json_dumps(text, JSON_ENCODE_ANY);
    json_decref(text);
    if (quoted == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    fprintf(out, "  %s: %s\n", key, quoted);
    free(quoted);
    return oc_ok();
}

static oc_result yaml_attribute(struct tap *tap, FILE *out, const char *key, const xmlNode *node, const char *name)
{
    oc_buf_clear(&tap->text);
    OC_TRY(oc_format_one_line(&tap->text, node == NULL ? "" : oc_xml_attr(node, name)));
    return yaml(out, key, (const char *)tap->text.at);
}

static oc_result yaml_child(struct tap *tap, FILE *out, const char *key, const xmlNode *node)
{
    if (node == NULL) {
        return oc_ok();
    }
    oc_buf_clear(&tap->text);
    OC_TRY(oc_format_child_text(&tap->text, node, key));
    return yaml(out, key, (const char *)tap->text.at);
}

static oc_result block(struct tap *tap, FILE *out, const oc_format_case *one)
{
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    char ms[32];
    oc_format_seconds(ms, one->duration_ns, 6);
    fputs("  ---\n", out);
    OC_TRY(yaml(out, "message", one->message));
    OC_TRY(yaml(out, "severity", one->type));
    OC_TRY(yaml(out, "verdict", oc_report_verdict_name(one->verdict)));
    OC_TRY(yaml_attribute(tap, out, "step", evidence, "step"));
    OC_TRY(yaml_attribute(tap, out, "check", evidence, "what"));
    OC_TRY(yaml_child(tap, out, "expected", evidence));
    OC_TRY(yaml_child(tap, out, "received", evidence));
    OC_TRY(yaml_attribute(tap, out, "requirement", evidence, "requirement"));
    OC_TRY(yaml_attribute(tap, out, "confidence", evidence, "confidence"));
    if (one->file[0] != '\0') {
        OC_TRY(yaml(out, "file", one->file));
        fprintf(out, "  line: %lu\n", strtoul(one->line, NULL, 10));
    }
    fprintf(out, "  seconds: %s\n  ...\n", ms);
    return oc_ok();
}

static oc_result steps(struct tap *tap, FILE *out, const oc_format_case *one)
{
    size_t count = 0;
    for (const xmlNode *step = oc_xml_child(one->node, "step"); step != NULL; step = oc_xml_next(step, "step")) {
        count++;
    }
    if (count == 0) {
        return oc_ok();
    }
    fputs("# Subtest: ", out);
    OC_TRY(point_name(tap, out, one));
    fprintf(out, "\n    1..%zu\n", count);
    size_t number = 0;
    bool said = false;
    for (const xmlNode *step = oc_xml_child(one->node, "step"); step != NULL; step = oc_xml_next(step, "step")) {
        const char *id = oc_xml_attr(step, "id");
        bool decided = !said && one->outcome != OC_FORMAT_PASSED && one->outcome != OC_FORMAT_SKIPPED &&
                       oc_format_step_decided(one, step);
        said = said || decided;
        fprintf(out, "    %s %zu - ", decided ? "not ok" : "ok", ++number);
        OC_TRY(description(tap, out, id == NULL ? "" : id));
        fputs(decided && one->outcome == OC_FORMAT_WARNED ? " # TODO deviation\n" : "\n", out);
    }
    return oc_ok();
}

static oc_result one_case(void *state, FILE *out, const oc_format_run *run, const oc_format_case *one)
{
    (void)run;
    struct tap *tap = state;
    bool ok = one->outcome == OC_FORMAT_PASSED || one->outcome == OC_FORMAT_SKIPPED;
    OC_TRY(steps(tap, out, one));
    fprintf(out, "%s %" PRIu64 " - ", ok ? "ok" : "not ok", ++tap->points);
    OC_TRY(point_name(tap, out, one));
    if (one->outcome == OC_FORMAT_SKIPPED || one->outcome == OC_FORMAT_WARNED) {
        fputs(one->outcome == OC_FORMAT_SKIPPED ? " # SKIP " : " # TODO deviation: ", out);
        OC_TRY(description(tap, out, one->message));
    }
    fputc('\n', out);
    return one->outcome == OC_FORMAT_PASSED || one->outcome == OC_FORMAT_SKIPPED ? oc_ok() : block(tap, out, one);
}

static oc_result end(void *state, FILE *out, const oc_format_run *run)
{
    struct tap *tap = state;
    uint64_t missing = oc_format_missing(run);
    for (const xmlNode *one = oc_xml_child(run->result, "difference"); one != NULL;
         one = oc_xml_next(one, "difference")) {
        oc_buf text = {0};
        oc_result r = oc_format_difference_text(&text, one);
        if (oc_is_ok(r)) {
            fprintf(out, "not ok %" PRIu64 " - ", ++tap->points);
            r = description(tap, out, oc_xml_attr(one, "id"));
            fputs(": ", out);
        }
        r = oc_is_ok(r) ? description(tap, out, (const char *)text.at) : r;
        fputc('\n', out);
        oc_buf_free(&text);
        OC_TRY(r);
    }
    if (missing > 0) {
        fprintf(out, "not ok %" PRIu64 " - every planned case has a verdict\n  ---\n  missing: %" PRIu64 "\n  ...\n",
                ++tap->points, missing);
    }
    fprintf(out, "1..%" PRIu64 "\n", tap->points);
    if (run->interrupted || run->exit_code == 3) {
        fputs(run->interrupted ? "Bail out! The run was interrupted.\n" : "Bail out! The means of testing failed.\n",
              out);
    }
    return oc_ok();
}

static void release(void *state)
{
    struct tap *tap = state;
    oc_buf_free(&tap->text);
}

const oc_format oc_format_tap = {"tap", sizeof(struct tap), head, one_case, end, release};
