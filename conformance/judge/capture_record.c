/* SPDX-License-Identifier: Apache-2.0 */
/* This program's own records: result.xml, and the journal it is made from (conformance/record/journal.h). */
#include <stdlib.h>

#include "conformance/judge/capture.h"

static const oc_xml_limits limits = {.bytes = OC_CAPTURE_BYTES_MAX, .depth = 16};

static uint64_t number_of(const xmlNode *node, const char *name)
{
    const char *text = oc_xml_attr(node, name);
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

static oc_result text_below(const xmlNode *parent, const char *name, oc_buf *out, bool *present)
{
    const xmlNode *node = oc_xml_child(parent, name);
    oc_buf_clear(out);
    *present = node != NULL;
    if (node != NULL) {
        OC_TRY(oc_xml_text(out, node));
    }
    return oc_buf_append_byte(out, 0);
}

struct texts {
    oc_buf command, response;
};

static oc_result take_exchange(oc_capture *capture, const oc_xml_doc *doc, const xmlNode *node, struct texts *texts,
                               size_t place, oc_diag *diag)
{
    bool has_command;
    bool has_response;
    oc_diag why = {0};
    OC_TRY(text_below(node, "command", &texts->command, &has_command));
    OC_TRY(text_below(node, "response", &texts->response, &has_response));
    if (!has_command) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "an exchange without its command");
    }
    uint64_t begin = number_of(node, "begin-ns");
    oc_raw_exchange exchange = {.begin_ns = begin, .end_ns = begin + number_of(node, "duration-ns"), .place = place};
    oc_result r = oc_capture_texts(capture, oc_xml_attr(node, "actor"), (const char *)texts->command.at,
                                   has_response ? (const char *)texts->response.at : NULL, &exchange, &why);
    if (r.code == OC_E_FORMAT) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "%s", why.reason);
    }
    return oc_is_ok(r) ? oc_capture_add(capture, &exchange) : r;
}

/* Of calls alone where a terminal is judged: the other steps are the harness's own. */
static oc_result take_case(oc_capture *capture, const oc_xml_doc *doc, const xmlNode *node, size_t place,
                           oc_diag *diag)
{
    const char *id = oc_xml_attr(node, "id");
    struct texts texts = {{0}, {0}};
    oc_result r = oc_capture_session_begin(capture, id == NULL ? capture->name : id);
    for (const xmlNode *step = oc_xml_child(node, "step"); step != NULL && oc_is_ok(r);
         step = oc_xml_next(step, "step")) {
        const char *kind = oc_xml_attr(step, "kind");
        bool call = kind != NULL && strcmp(kind, "call") == 0;
        const xmlNode *exchange = capture->calls_only && !call ? NULL : oc_xml_child(step, "exchange");
        for (; exchange != NULL && oc_is_ok(r); exchange = oc_xml_next(exchange, "exchange")) {
            size_t at = place != 0 ? place : (size_t)oc_xml_line(exchange);
            r = take_exchange(capture, doc, exchange, &texts, at, diag);
        }
    }
    oc_buf_free(&texts.command);
    oc_buf_free(&texts.response);
    return r;
}

oc_result oc_capture_result(oc_capture *capture, oc_span content, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    capture->format = "result";
    OC_TRY(oc_xml_parse(&doc, content, capture->name, &limits, diag));
    const xmlNode *root = oc_xml_root(doc);
    oc_result r = oc_xml_is(root, "result") ? oc_ok()
                                            : oc_xml_fail(doc, root, diag, OC_E_FORMAT, "this is no result record");
    for (const xmlNode *node = oc_xml_child(root, "case"); node != NULL && oc_is_ok(r);
         node = oc_xml_next(node, "case")) {
        r = take_case(capture, doc, node, 0, diag);
    }
    oc_xml_free(&doc);
    return r;
}

static oc_result take_entry(oc_capture *capture, oc_span entry, size_t line, oc_diag *diag)
{
    oc_xml_doc *doc = NULL;
    oc_diag why = {0};
    oc_result r = oc_xml_parse(&doc, entry, capture->name, &limits, &why);
    if (oc_is_ok(r) && oc_xml_is(oc_xml_root(doc), "case")) {
        r = take_case(capture, doc, oc_xml_root(doc), line, &why);
    }
    oc_xml_free(&doc);
    return oc_is_ok(r) || r.code == OC_E_LIMIT || r.code == OC_E_MEMORY
               ? r
               : oc_diag_fail_at(diag, r.code, capture->name, (long)line, "%s", why.reason);
}

/* The last line may be half written: the run may still go on. */
oc_result oc_capture_journal(oc_capture *capture, oc_span content, oc_diag *diag)
{
    size_t line = 0;
    capture->format = "journal";
    while (content.len > 0) {
        const uint8_t *feed = memchr(content.at, '\n', content.len);
        oc_span text = oc_span_slice(content, 0, feed == NULL ? content.len : (size_t)(feed - content.at));
        content = oc_span_slice(content, text.len + 1, content.len);
        line++;
        if (line == 1 || feed == NULL) {
            continue;
        }
        const uint8_t *entry = memchr(text.at, '<', text.len);
        if (entry == NULL) {
            return oc_diag_fail_at(diag, OC_E_FORMAT, capture->name, (long)line, "this line holds no entry");
        }
        OC_TRY(take_entry(capture, oc_span_of(entry, text.len - (size_t)(entry - text.at)), line, diag));
    }
    return oc_ok();
}
