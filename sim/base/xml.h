/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_XML_H
#define OC_BASE_XML_H

#include <libxml/tree.h>

#include "sim/base/bytes.h"
#include "sim/base/diag.h"

#ifdef __cplusplus
extern "C" {
#endif

/* XML from hands that are not trusted, by libxml2: one bounded read, no network, no entity, any DOCTYPE refused,
 * bounded depth, UTF-8 only. What libxml2 has to say goes into the oc_diag (file, line, one sentence), never to stderr. */
typedef struct oc_xml_doc oc_xml_doc;

typedef struct oc_xml_limits {
    size_t bytes;   /* of the file; 0: 1 MiB */
    unsigned depth; /* of elements; 0: 64 */
} oc_xml_limits;

/* FORMAT for anything that is not well-formed or is refused, LIMIT past a limit, else as oc_file_read.
 * `limits` may be NULL for the defaults. */
OC_MUST_USE oc_result oc_xml_load(oc_xml_doc **out, const char *path, const oc_xml_limits *limits, oc_diag *diag);
/* The same from memory; `name` stands for the file in messages. */
OC_MUST_USE oc_result oc_xml_parse(oc_xml_doc **out, oc_span text, const char *name, const oc_xml_limits *limits,
                                   oc_diag *diag);
void oc_xml_free(oc_xml_doc **doc);

/* Never NULL on a loaded document. Nodes live as long as their document. */
xmlNode *oc_xml_root(const oc_xml_doc *doc);
/* The file's path or the name given to oc_xml_parse. */
const char *oc_xml_doc_name(const oc_xml_doc *doc);

/* A schema is read once and then serves any number of documents; threads may share it. */
typedef struct oc_xml_schema oc_xml_schema;
OC_MUST_USE oc_result oc_xml_schema_new(oc_xml_schema **out, const char *path, oc_diag *diag);
/* The same from memory: for schemas built into a library. */
OC_MUST_USE oc_result oc_xml_schema_parse(oc_xml_schema **out, oc_span text, const char *name, oc_diag *diag);
void oc_xml_schema_free(oc_xml_schema **schema);
/* FORMAT with file, line and the first violation. */
OC_MUST_USE oc_result oc_xml_validate(const oc_xml_doc *doc, const oc_xml_schema *schema, oc_diag *diag);

/* Accessors. Names are local names; the schema has settled the namespaces. Text is UTF-8, NUL-terminated. */
const char *oc_xml_name(const xmlNode *node);
bool oc_xml_is(const xmlNode *node, const char *name);
/* First child element, and next sibling element, of that name; NULL as the name takes any. NULL at the end. */
xmlNode *oc_xml_child(const xmlNode *parent, const char *name);
xmlNode *oc_xml_next(const xmlNode *node, const char *name);
/* The attribute's value, borrowed from the document; NULL when it is absent. "xml:lang" reaches that one. */
const char *oc_xml_attr(const xmlNode *node, const char *name);
/* Appends the text inside the element, that of its descendants included. */
OC_MUST_USE oc_result oc_xml_text(oc_buf *out, const xmlNode *node);
long oc_xml_line(const xmlNode *node);

/* Notes the reason with the document's name and the node's line; returns `code` as a result. */
OC_MUST_USE oc_result oc_xml_fail(const oc_xml_doc *doc, const xmlNode *node, oc_diag *diag, enum oc_code code,
                                  const char *format, ...) OC_PRINTF(5, 6);

#ifdef __cplusplus
}
#endif
#endif
