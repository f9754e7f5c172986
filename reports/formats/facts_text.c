/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/formats/facts_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "sim/base/visible.h"

static const char *raw_text(const xmlNode *node)
{
    return node == NULL || node->children == NULL || node->children->content == NULL
               ? ""
               : (const char *)node->children->content;
}

static oc_result close_text(oc_buf *out)
{
    OC_TRY(oc_buf_append_byte(out, 0));
    out->len--;
    return oc_ok();
}

static oc_result put(oc_buf *out, const char *text)
{
    return oc_buf_append(out, oc_span_text(text));
}

oc_result oc_format_one_line(oc_buf *out, const char *text)
{
    oc_buf visible = {0};
    size_t begin = out->len;
    oc_result r = oc_visible_text(&visible, text);
    bool blank = false;
    for (size_t i = 0; oc_is_ok(r) && i < visible.len; i++) {
        uint8_t c = visible.at[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            blank = true;
            continue;
        }
        if (blank && out->len > begin) {
            r = oc_buf_append_byte(out, ' ');
        }
        blank = false;
        if (oc_is_ok(r)) {
            r = oc_buf_append_byte(out, c);
        }
    }
    oc_buf_free(&visible);
    return oc_is_ok(r) ? close_text(out) : r;
}

oc_result oc_format_title(oc_buf *out, const xmlNode *one_case)
{
    const char *chosen = "";
    for (const xmlNode *title = oc_xml_child(one_case, "title"); title != NULL; title = oc_xml_next(title, "title")) {
        if (raw_text(title)[0] != '\0' && (chosen[0] == '\0' || strcmp(oc_xml_attr(title, "lang"), "en") == 0)) {
            chosen = raw_text(title);
        }
    }
    return oc_format_one_line(out, chosen);
}

oc_result oc_format_reason(oc_buf *out, const xmlNode *one_case)
{
    const xmlNode *evidence = oc_xml_child(one_case, "evidence");
    const char *reason = raw_text(oc_xml_child(one_case, "reason"));
    size_t begin = out->len;
    OC_TRY(oc_format_one_line(out, reason));
    if (out->len == begin && evidence != NULL) {
        const char *step = oc_xml_attr(evidence, "step");
        OC_TRY(put(out, "step "));
        OC_TRY(oc_format_one_line(out, step == NULL ? "" : step));
        OC_TRY(put(out, ": expected "));
        OC_TRY(oc_format_one_line(out, raw_text(oc_xml_child(evidence, "expected"))));
        OC_TRY(put(out, ", received "));
        OC_TRY(oc_format_one_line(out, raw_text(oc_xml_child(evidence, "received"))));
    }
    if (out->len == begin) {
        OC_TRY(put(out, "no reason was recorded for "));
        OC_TRY(put(out, oc_xml_attr(one_case, "verdict")));
    }
    return close_text(out);
}

/* Whether the path goes above its begin at any point, or is absolute. */
static bool leads_out(const char *path)
{
    long depth = 0;
    for (const char *at = path; at[0] != '\0';) {
        size_t len = strcspn(at, "/\\");
        depth += len == 0 || (len == 1 && at[0] == '.') ? 0 : len == 2 && at[0] == '.' && at[1] == '.' ? -1 : 1;
        if (depth < 0) {
            return true;
        }
        at += len + (at[len] != '\0');
    }
    return path[0] == '/' || path[0] == '\\' || (path[0] != '\0' && path[1] == ':');
}

oc_result oc_format_safe_path(oc_buf *out, const char *path)
{
    const char *at = path == NULL ? "" : path;
    size_t begin = out->len;
    if (leads_out(at)) {
        const char *last = at;
        for (const char *c = at; *c != '\0'; c++) {
            last = (*c == '/' || *c == '\\') && c[1] != '\0' ? c + 1 : last;
        }
        at = strcmp(last, "..") == 0 ? "" : last;
    }
    while (at[0] != '\0') {
        size_t len = strcspn(at, "/\\");
        if (len == 2 && at[0] == '.' && at[1] == '.') {
            while (out->len > begin && out->at[out->len - 1] != '/') {
                out->len--;
            }
            out->len -= out->len > begin; /* and the slash, which is there again before the next part */
        } else if (len > 0 && !(len == 1 && at[0] == '.')) {
            oc_buf part = {0};
            oc_result r = oc_buf_set(&part, oc_span_of(at, len));
            r = oc_is_ok(r) ? oc_buf_append_byte(&part, 0) : r;
            r = oc_is_ok(r) && out->len > begin ? oc_buf_append_byte(out, '/') : r;
            r = oc_is_ok(r) ? oc_format_one_line(out, (const char *)part.at) : r;
            oc_buf_free(&part);
            OC_TRY(r);
        }
        at += len + (at[len] != '\0');
    }
    return close_text(out);
}

oc_result oc_format_child_text(oc_buf *out, const xmlNode *parent, const char *name)
{
    return oc_visible_text(out, raw_text(oc_xml_child(parent, name)));
}

static oc_result line(oc_buf *out, const char *label, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return oc_ok();
    }
    OC_TRY(put(out, label));
    OC_TRY(put(out, ": "));
    OC_TRY(oc_visible_text(out, value));
    return oc_buf_append_byte(out, '\n');
}

oc_result oc_format_finding(oc_buf *out, const oc_format_case *one)
{
    const xmlNode *evidence = oc_xml_child(one->node, "evidence");
    if (evidence != NULL) {
        OC_TRY(line(out, "step", oc_xml_attr(evidence, "step")));
        OC_TRY(line(out, "check", oc_xml_attr(evidence, "what")));
        OC_TRY(line(out, "expected", raw_text(oc_xml_child(evidence, "expected"))));
        OC_TRY(line(out, "received", raw_text(oc_xml_child(evidence, "received"))));
        OC_TRY(line(out, "first difference at byte", oc_xml_attr(evidence, "first-difference")));
        OC_TRY(line(out, "requirement", oc_xml_attr(evidence, "requirement")));
        OC_TRY(line(out, "confidence", oc_xml_attr(evidence, "confidence")));
    }
    if (one->file[0] != '\0') {
        OC_TRY(put(out, "vector: "));
        OC_TRY(put(out, one->file));
        OC_TRY(put(out, ":"));
        OC_TRY(put(out, one->line));
        OC_TRY(put(out, "\n"));
    }
    return close_text(out);
}

static oc_result exchange_trace(oc_buf *out, const xmlNode *exchange)
{
    const char *actor = oc_xml_attr(exchange, "actor");
    const char *fault = oc_xml_attr(exchange, "fault");
    const xmlNode *response = oc_xml_child(exchange, "response");
    char took[40];
    uint64_t ns = strtoull(oc_xml_attr(exchange, "duration-ns"), NULL, 10);
    snprintf(took, sizeof took, "  (%" PRIu64 ".%u us)\n", ns / 1000, (unsigned)(ns % 1000 / 100));
    actor = actor == NULL ? "" : actor;
    OC_TRY(put(out, "    "));
    OC_TRY(oc_visible_text(out, actor));
    OC_TRY(put(out, " > "));
    OC_TRY(oc_format_child_text(out, exchange, "command"));
    OC_TRY(put(out, "\n    "));
    OC_TRY(oc_visible_text(out, actor));
    OC_TRY(put(out, " < "));
    OC_TRY(response == NULL ? put(out, "no answer\n") : oc_format_child_text(out, exchange, "response"));
    OC_TRY(put(out, response == NULL ? "" : took));
    if (fault != NULL) {
        OC_TRY(put(out, "    "));
        OC_TRY(oc_visible_text(out, actor));
        OC_TRY(put(out, " ! fault of the case: "));
        OC_TRY(oc_visible_text(out, fault));
        OC_TRY(put(out, "\n"));
    }
    return oc_ok();
}

static oc_result step_trace(oc_buf *out, const xmlNode *step)
{
    static const char *const heads[][2] = {{"[", "id"}, {"] ", "kind"}, {" ", "actor"}};
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        OC_TRY(put(out, heads[i][0]));
        OC_TRY(oc_visible_text(out, oc_xml_attr(step, heads[i][1])));
    }
    OC_TRY(put(out, "\n"));
    if (oc_xml_child(step, "note") != NULL) {
        OC_TRY(put(out, "    "));
        OC_TRY(oc_format_child_text(out, step, "note"));
        OC_TRY(put(out, "\n"));
    }
    return oc_ok();
}

/* Back to the begin of a UTF-8 character. */
static void cut(oc_buf *out, size_t len)
{
    while (len > 0 && (out->at[len] & 0xC0u) == 0x80u) {
        len--;
    }
    out->len = len;
}

oc_result oc_format_trace(oc_buf *out, const oc_format_case *one)
{
    size_t most = out->len + OC_FORMAT_TRACE_MAX;
    for (const xmlNode *step = oc_xml_child(one->node, "step"); step != NULL && out->len <= most;
         step = oc_xml_next(step, "step")) {
        OC_TRY(step_trace(out, step));
        for (const xmlNode *exchange = oc_xml_child(step, "exchange"); exchange != NULL && out->len <= most;
             exchange = oc_xml_next(exchange, "exchange")) {
            OC_TRY(exchange_trace(out, exchange));
        }
    }
    if (out->len > most) {
        cut(out, most);
        OC_TRY(put(out, "\n... cut here; the whole trace is in result.xml\n"));
    }
    return close_text(out);
}

oc_result oc_format_difference_text(oc_buf *out, const xmlNode *difference)
{
    OC_TRY(put(out, "the links differ: "));
    OC_TRY(oc_format_one_line(out, oc_xml_attr(difference, "pass-a")));
    OC_TRY(put(out, " "));
    OC_TRY(put(out, oc_xml_attr(difference, "verdict-a")));
    OC_TRY(put(out, ", "));
    OC_TRY(oc_format_one_line(out, oc_xml_attr(difference, "pass-b")));
    OC_TRY(put(out, " "));
    OC_TRY(put(out, oc_xml_attr(difference, "verdict-b")));
    return close_text(out);
}

void oc_format_seconds(char out[32], uint64_t ns, unsigned digits)
{
    char fraction[16];
    snprintf(fraction, sizeof fraction, "%09u", (unsigned)(ns % 1000000000u));
    snprintf(out, 32, "%" PRIu64 ".%.*s", ns / 1000000000u, (int)digits, fraction);
}

int64_t oc_format_milliseconds(const char *time)
{
    struct tm tm = {0};
    char sign = '+';
    int hours = 0;
    int minutes = 0;
    const char *rest = time == NULL ? NULL : strptime(time, "%Y-%m-%dT%H:%M:%S", &tm);
    if (rest == NULL || (strcmp(rest, "Z") != 0 && sscanf(rest, "%c%2d:%2d", &sign, &hours, &minutes) != 3)) {
        return 0;
    }
    int64_t offset = (int64_t)hours * 3600 + (int64_t)minutes * 60;
    return ((int64_t)timegm(&tm) - (sign == '-' ? -offset : offset)) * 1000;
}
