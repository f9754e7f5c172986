/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies in GBK: to and from fields in UTF-8. */
#include <stdio.h>
#include <strings.h>

#include "sim/base/text.h"
#include "sim/base/xml.h"
#include "sim/host/cross/cross.h"

#define DECLARATION "<?xml version=\"1.0\" encoding=\"GBK\"?>"
#define DECLARATION_MAX 120
#define DEPTH 3 /* root, field, and one too many, so that it can be named */

static oc_result put(oc_buf *out, const char *text)
{
    return oc_buf_append(out, oc_span_text(text));
}

static oc_result put_escaped(oc_buf *out, oc_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        const char *entity = c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : NULL;
        OC_TRY(entity != NULL ? put(out, entity) : oc_buf_append_byte(out, c));
    }
    return oc_ok();
}

static oc_result put_element(oc_buf *out, const char *name, oc_span value)
{
    OC_TRY(put(out, "<"));
    OC_TRY(put(out, name));
    OC_TRY(put(out, ">"));
    OC_TRY(put_escaped(out, value));
    OC_TRY(put(out, "</"));
    OC_TRY(put(out, name));
    return put(out, ">");
}

static oc_result write_utf8(oc_buf *out, const char *root, const oc_fields *in)
{
    OC_TRY(put(out, DECLARATION "<"));
    OC_TRY(put(out, root));
    OC_TRY(put(out, ">"));
    for (size_t i = 0; i < in->count; i++) {
        OC_TRY(put_element(out, in->at[i].name, oc_buf_span(&in->at[i].value)));
    }
    OC_TRY(put(out, "</"));
    OC_TRY(put(out, root));
    return put(out, ">");
}

oc_result oc_cross_write(oc_buf *out, const char *root, const oc_fields *in)
{
    oc_buf utf8 = {0};
    oc_result r = write_utf8(&utf8, root, in);
    r = oc_is_ok(r) ? oc_text_to_card(out, oc_buf_span(&utf8)) : r;
    oc_buf_free(&utf8);
    return r;
}

/* Takes the declaration off, which may name an encoding of the GBK family; libxml2 is given UTF-8. */
static oc_result skip_declaration(oc_span *body, oc_diag *diag)
{
    static const char *const encodings[] = {"GBK", "GB2312", "GB18030"};
    char head[DECLARATION_MAX + 1];
    snprintf(head, sizeof head, "%.*s", (int)(body->len < DECLARATION_MAX ? body->len : DECLARATION_MAX),
             body->len == 0 ? "" : (const char *)body->at);
    if (strncmp(head, "<?xml", 5) != 0) {
        return oc_ok();
    }
    char *end = strstr(head, "?>");
    if (end == NULL) {
        return oc_diag_fail(diag, OC_E_FORMAT, "the XML declaration does not end");
    }
    *end = '\0';
    *body = oc_span_slice(*body, (size_t)(end - head) + 2, SIZE_MAX);
    const char *at = strstr(head, "encoding");
    if (at == NULL) {
        return oc_ok();
    }
    at += strlen("encoding");
    at += strspn(at, " \t\r\n='\"");
    size_t len = strcspn(at, " \t\r\n'\"");
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        if (len == strlen(encodings[i]) && strncasecmp(at, encodings[i], len) == 0) {
            return oc_ok();
        }
    }
    return oc_diag_fail(diag, OC_E_FORMAT, "the body must be in GBK");
}

static oc_result take_field(oc_fields *fields, const oc_xml_doc *doc, const xmlNode *node, oc_diag *diag)
{
    const char *name = oc_xml_name(node);
    oc_buf value = {0};
    if (oc_xml_child(node, NULL) != NULL) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "an element inside a field");
    }
    if (strlen(name) >= OC_FIELD_NAME_MAX) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "a name of %zu characters", strlen(name));
    }
    if (oc_fields_get(fields, name) != NULL) {
        return oc_xml_fail(doc, node, diag, OC_E_FORMAT, "field %s is there twice", name);
    }
    oc_result r = oc_xml_text(&value, node);
    r = oc_is_ok(r) ? oc_fields_set(fields, name, oc_buf_span(&value)) : r;
    oc_buf_free(&value);
    return r.code == OC_E_LIMIT ? oc_xml_fail(doc, node, diag, OC_E_FORMAT, "more than %d fields", OC_FIELDS_MAX) : r;
}

oc_result oc_cross_read(oc_fields *answer, oc_span body, oc_diag *diag)
{
    const oc_xml_limits limits = {.bytes = 2 * OC_CROSS_BODY_MAX, .depth = DEPTH};
    oc_buf utf8 = {0};
    oc_xml_doc *doc = NULL;
    oc_fields_free(answer);
    if (body.len > OC_CROSS_BODY_MAX) {
        return oc_diag_fail(diag, OC_E_LIMIT, "larger than %d bytes", OC_CROSS_BODY_MAX);
    }
    OC_TRY(skip_declaration(&body, diag));
    oc_result r = oc_text_from_card(&utf8, body);
    if (r.code == OC_E_FORMAT) {
        r = oc_diag_fail(diag, OC_E_FORMAT, "the body is not text in GBK");
    }
    r = oc_is_ok(r) ? oc_xml_parse(&doc, oc_buf_span(&utf8), "body", &limits, diag) : r;
    oc_buf_free(&utf8);
    OC_TRY(r);
    for (const xmlNode *node = oc_xml_child(oc_xml_root(doc), NULL); node != NULL && oc_is_ok(r);
         node = oc_xml_next(node, NULL)) {
        r = take_field(answer, doc, node, diag);
    }
    oc_xml_free(&doc);
    return r;
}
