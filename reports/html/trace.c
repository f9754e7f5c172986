/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/trace.h"

#include <stdio.h>
#include <stdlib.h>

#include "reports/html/decode.h"
#include "reports/html/finding.h"

#define LINE_ROOM 1200
/* Of the step that decided, the last exchanges; before it three more. */
#define NEAR_DECIDED 4
#define NEAR_BEFORE 3

/* An exchange, or a step that has none. */
struct line {
    const xmlNode *step;
    const xmlNode *exchange; /* NULL: the step with its note */
};

struct lines {
    struct line at[OC_TRACE_LINES]; /* the last ones, round */
    size_t count;                   /* all */
};

static void put(struct lines *lines, const xmlNode *step, const xmlNode *exchange)
{
    lines->at[lines->count++ % OC_TRACE_LINES] = (struct line){step, exchange};
}

static const char *text_of(const xmlNode *node)
{
    return node == NULL || node->children == NULL ? "" : (const char *)node->children->content;
}

static void collect(struct lines *lines, const xmlNode *one_case, const xmlNode *decided)
{
    for (const xmlNode *step = oc_xml_child(one_case, "step"); step != NULL; step = oc_xml_next(step, "step")) {
        const xmlNode *one = oc_xml_child(step, "exchange");
        if (one == NULL || oc_xml_child(step, "note") != NULL) {
            put(lines, step, NULL);
        }
        for (; one != NULL; one = oc_xml_next(one, "exchange")) {
            put(lines, step, one);
        }
        if (step == decided) {
            return;
        }
    }
}

static void add_exchange(oc_pen *pen, xmlNode *line, const xmlNode *exchange)
{
    const xmlNode *response = oc_xml_child(exchange, "response");
    char us[32];
    unsigned long long ns = strtoull(oc_xml_attr(exchange, "duration-ns"), NULL, 10);
    snprintf(us, sizeof us, "%llu.%llu", ns / 1000, ns % 1000 / 100);
    oc_pen_set(pen, line, "us", us);
    oc_pen_set(pen, line, "actor", oc_xml_attr(exchange, "actor"));
    oc_pen_set(pen, line, "fault", oc_xml_attr(exchange, "fault"));
    oc_finding_text(pen, line, "command", text_of(oc_xml_child(exchange, "command")), LINE_ROOM);
    if (response != NULL) {
        xmlNode *out = oc_finding_text(pen, line, "response", text_of(response), LINE_ROOM);
        const char *zh = oc_decode_response(text_of(response), "zh");
        if (zh[0] != '\0') {
            oc_pen_set(pen, out, "zh", zh);
            oc_pen_set(pen, out, "en", oc_decode_response(text_of(response), "en"));
        }
    }
}

static void add_line(oc_pen *pen, xmlNode *trace, const struct line *line, bool near, bool decided)
{
    xmlNode *out = oc_pen_add(pen, trace, "line", NULL);
    const char *phase = oc_xml_attr(line->step, "phase");
    oc_pen_set(pen, out, "step", oc_xml_attr(line->step, "id"));
    oc_pen_set(pen, out, "near", near ? "1" : NULL);
    oc_pen_set(pen, out, "decided", decided ? "1" : NULL);
    oc_pen_set(pen, out, "restore", phase != NULL && strcmp(phase, "restore") == 0 ? "1" : NULL);
    if (line->exchange != NULL) {
        add_exchange(pen, out, line->exchange);
    } else {
        oc_pen_set(pen, out, "actor", oc_xml_attr(line->step, "actor"));
        oc_pen_set(pen, out, "kind", oc_xml_attr(line->step, "kind"));
        oc_finding_text(pen, out, "note", text_of(oc_xml_child(line->step, "note")), LINE_ROOM);
    }
}

void oc_trace_write(oc_pen *pen, xmlNode *parent, const xmlNode *one_case, const xmlNode *decided)
{
    struct lines lines = {.count = 0};
    collect(&lines, one_case, decided);
    if (lines.count == 0) {
        return;
    }
    size_t first = lines.count > OC_TRACE_LINES ? lines.count - OC_TRACE_LINES : 0;
    size_t own = 0;
    while (own < NEAR_DECIDED && own < lines.count - first &&
           lines.at[(lines.count - 1 - own) % OC_TRACE_LINES].step == decided) {
        own++;
    }
    xmlNode *trace = oc_pen_add(pen, parent, "trace", NULL);
    oc_pen_set_number(pen, trace, "all", lines.count);
    oc_pen_set_number(pen, trace, "left-out", first);
    for (size_t i = first; i < lines.count; i++) {
        const struct line *line = &lines.at[i % OC_TRACE_LINES];
        add_line(pen, trace, line, i + own + NEAR_BEFORE >= lines.count, line->step == decided);
    }
}
