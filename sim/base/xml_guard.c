/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/xml_guard.h"

#include <libxml/SAX2.h>
#include <stdio.h>
#include <strings.h>

void oc_xml_complain(oc_xml_complaint *complaint, enum oc_code code, long line, const char *reason)
{
    if (complaint->code == OC_E_OK) {
        complaint->code = oc_diag_fail_at(complaint->diag, code, complaint->file, line, "%s", reason).code;
    }
}

/* libxml2 ends its messages with a line feed and writes names as {namespace}name. */
static void clean(char *out, size_t room, const char *message)
{
    size_t used = 0;
    for (const char *c = message; *c != '\0' && used + 1 < room; c++) {
        const char *brace = strncmp(c, "{urn:", 5) == 0 ? strchr(c, '}') : NULL;
        if (brace != NULL) {
            c = brace;
            continue;
        }
        out[used++] = (unsigned char)*c < 0x20 ? ' ' : *c;
    }
    while (used > 0 && (out[used - 1] == ' ' || out[used - 1] == '.')) {
        used--;
    }
    out[used] = '\0';
}

void oc_xml_complain_as(oc_xml_complaint *complaint, const xmlError *error, long line)
{
    if (error->level < XML_ERR_ERROR) {
        return;
    }
    char reason[400];
    clean(reason, sizeof reason, error->message == NULL ? "not well-formed" : error->message);
    oc_xml_complain(complaint, error->code == XML_ERR_NO_MEMORY ? OC_E_MEMORY : OC_E_FORMAT,
                    error->line > 0 ? error->line : line, reason);
}

void oc_xml_refuse_doctype(void *context, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id)
{
    (void)name;
    (void)external_id;
    (void)system_id;
    xmlParserCtxt *parser = context;
    oc_xml_complain(parser->_private, OC_E_FORMAT, xmlSAX2GetLineNumber(parser),
                    "a DOCTYPE is not allowed here: remove it and write its entities out");
    xmlStopParser(parser);
}

bool oc_xml_depth_allowed(xmlParserCtxt *parser)
{
    oc_xml_complaint *complaint = parser->_private;
    /* nodeNr counts the elements that are open above this one. */
    if (parser->nodeNr < 0 || (unsigned)parser->nodeNr < complaint->depth) {
        return true;
    }
    char reason[80];
    snprintf(reason, sizeof reason, "elements are nested deeper than %u levels", complaint->depth);
    oc_xml_complain(complaint, OC_E_LIMIT, xmlSAX2GetLineNumber(parser), reason);
    return false;
}

/* The encoding that the XML declaration names; "" when it names none. */
static void declared_encoding(oc_span text, char *out, size_t room)
{
    char head[200];
    snprintf(head, sizeof head, "%.*s", (int)(text.len < sizeof head ? text.len : sizeof head), (const char *)text.at);
    char *end = strstr(head, "?>");
    if (end != NULL) {
        *end = '\0';
    }
    const char *at = end == NULL ? NULL : strstr(head, "encoding");
    at = at == NULL ? "" : at + strlen("encoding");
    at += strspn(at, " \t\r\n='\"");
    snprintf(out, room, "%.*s", (int)strcspn(at, " \t\r\n'\""), at);
}

oc_result oc_xml_refuse_encoding(oc_span text, const char *name, oc_diag *diag)
{
    char declared[24];
    declared_encoding(text, declared, sizeof declared);
    xmlCharEncoding detected = text.len < 4 ? XML_CHAR_ENCODING_NONE : xmlDetectCharEncoding(text.at, 4);
    if ((detected != XML_CHAR_ENCODING_NONE && detected != XML_CHAR_ENCODING_UTF8) ||
        (declared[0] != '\0' && strcasecmp(declared, "UTF-8") != 0)) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, name, 1, "the file must be written in UTF-8%s%s",
                               declared[0] == '\0' ? "" : ", it says ", declared);
    }
    return oc_ok();
}
