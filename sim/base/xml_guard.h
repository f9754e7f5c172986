/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_XML_GUARD_H
#define OC_BASE_XML_GUARD_H

#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What both readers of XML, the one of whole documents and the one of streams, refuse alike. Not for other parts. */

/* The first complaint of one parser or validator; the parser's _private points to it. */
typedef struct oc_xml_complaint {
    const char *file;
    oc_diag *diag;
    enum oc_code code; /* OC_E_OK while there is none */
    unsigned depth;    /* of elements allowed */
} oc_xml_complaint;

struct oc_xml_schema {
    oc_xml_doc *source; /* libxml2 leaves the schema's document with its caller */
    xmlSchema *compiled;
};

void oc_xml_complain(oc_xml_complaint *complaint, enum oc_code code, long line, const char *reason);
/* The same in libxml2's words; a warning is none. `line` stands where libxml2 knows none. */
void oc_xml_complain_as(oc_xml_complaint *complaint, const xmlError *error, long line);

/* libxml2 2.12 made the error constant; the type of a handler follows the installed version. */
#if LIBXML_VERSION >= 21200
typedef const xmlError *oc_xml_error_pointer;
#else
typedef xmlError *oc_xml_error_pointer;
#endif

/* For xmlSAXHandler: complains and stops the parser. */
void oc_xml_refuse_doctype(void *parser, const xmlChar *name, const xmlChar *external_id, const xmlChar *system_id);
/* Complains and says false where one more element would be too deep. */
bool oc_xml_depth_allowed(xmlParserCtxt *parser);
/* UTF-8 only: what fails in libxml2's converters from other codes goes past every handler, to stderr. `head` is the
 * begin of the file, 200 bytes where it has them. */
OC_MUST_USE oc_result oc_xml_refuse_encoding(oc_span head, const char *name, oc_diag *diag);

/* Options of every parser. */
#define OC_XML_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES | XML_PARSE_IGNORE_ENC)

#ifdef __cplusplus
}
#endif
#endif
