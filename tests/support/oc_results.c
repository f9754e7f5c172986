/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/oc_results.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/base/xml.h"

static void demand(bool fine, const char *what)
{
    if (!fine) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

static const char *text_of(oc_arena *arena, const xmlNode *node)
{
    oc_buf text = {0};
    demand(node == NULL || oc_is_ok(oc_xml_text(&text, node)), "text of an element");
    const char *kept = oc_arena_text_n(arena, text.at == NULL ? "" : (const char *)text.at, text.len);
    oc_buf_free(&text);
    return kept;
}

static void append(oc_buf *buf, const char *text)
{
    demand(oc_is_ok(oc_buf_append(buf, oc_span_text(text))), "memory");
}

static const char *attribute(oc_arena *arena, const xmlNode *node, const char *name)
{
    const char *value = node == NULL ? NULL : oc_xml_attr(node, name);
    return oc_arena_text(arena, value == NULL ? "" : value);
}

static const char *requirements_of(oc_arena *arena, const xmlNode *node)
{
    oc_buf text = {0};
    for (const xmlNode *n = oc_xml_child(node, "req"); n != NULL; n = oc_xml_next(n, "req")) {
        append(&text, text.len == 0 ? "" : " ");
        append(&text, text_of(arena, n));
    }
    const char *kept = oc_arena_text_n(arena, text.at == NULL ? "" : (const char *)text.at, text.len);
    oc_buf_free(&text);
    return kept;
}

static const char *exchanges_of(oc_arena *arena, const xmlNode *node)
{
    oc_buf text = {0};
    for (const xmlNode *step = oc_xml_child(node, "step"); step != NULL; step = oc_xml_next(step, "step")) {
        for (const xmlNode *n = oc_xml_child(step, "exchange"); n != NULL; n = oc_xml_next(n, "exchange")) {
            const xmlNode *response = oc_xml_child(n, "response");
            append(&text, attribute(arena, n, "actor"));
            append(&text, " ");
            append(&text, text_of(arena, oc_xml_child(n, "command")));
            append(&text, " ");
            append(&text, response == NULL ? "-" : text_of(arena, response));
            append(&text, "\n");
        }
    }
    const char *kept = oc_arena_text_n(arena, text.at == NULL ? "" : (const char *)text.at, text.len);
    oc_buf_free(&text);
    return kept;
}

static void take_case(oc_results *results, const xmlNode *node)
{
    results->at = realloc(results->at, (results->count + 1) * sizeof *results->at);
    demand(results->at != NULL, "memory");
    oc_arena *arena = &results->arena;
    results->at[results->count++] = (oc_result_case){
        .id = attribute(arena, node, "id"),
        .pass = attribute(arena, node, "pass"),
        .verdict = attribute(arena, node, "verdict"),
        .reason = text_of(arena, oc_xml_child(node, "reason")),
        .requirements = requirements_of(arena, node),
        .deciding = attribute(arena, oc_xml_child(node, "evidence"), "requirement"),
        .exchanges = exchanges_of(arena, node)};
}

void oc_results_load(oc_results *results, const char *folder)
{
    *results = (oc_results){0};
    char path[PATH_MAX];
    demand(oc_is_ok(oc_file_join(path, sizeof path, folder, "result.xml")), "path");
    oc_xml_doc *doc = NULL;
    oc_diag diag = {0};
    const oc_xml_limits limits = {.bytes = OC_BUF_MAX, .depth = 64};
    if (!oc_is_ok(oc_xml_load(&doc, path, &limits, &diag))) {
        fprintf(stderr, "%s:%ld: %s\n", path, diag.line, diag.reason);
        abort();
    }
    const xmlNode *root = oc_xml_root(doc);
    results->exit_code = atoi(attribute(&results->arena, root, "exit-code"));
    results->interrupted = strcmp(attribute(&results->arena, root, "interrupted"), "true") == 0;
    for (const xmlNode *n = oc_xml_child(root, "case"); n != NULL; n = oc_xml_next(n, "case")) {
        take_case(results, n);
    }
    oc_xml_free(&doc);
}

void oc_results_free(oc_results *results)
{
    free(results->at);
    oc_arena_free(&results->arena);
    *results = (oc_results){0};
}

const oc_result_case *oc_results_find(const oc_results *results, const char *pass, const char *id)
{
    for (size_t i = 0; i < results->count; i++) {
        if (strcmp(results->at[i].id, id) == 0 && (pass == NULL || strcmp(results->at[i].pass, pass) == 0)) {
            return &results->at[i];
        }
    }
    return NULL;
}

size_t oc_results_count(const oc_results *results, const char *verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < results->count; i++) {
        count += strcmp(results->at[i].verdict, verdict) == 0;
    }
    return count;
}
