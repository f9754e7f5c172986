/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/xml.h"

#include <libxml/SAX2.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/base/xml_guard.h"

#define DEFAULT_BYTES ((size_t)1024 * 1024)
#define DEFAULT_DEPTH 64
#define SCHEMA_BYTES ((size_t)1024 * 1024)

struct oc_xml_doc {
    xmlDoc *tree;
    char *name;
};

static void parser_error(void *context, oc_xml_error_pointer error)
{
    oc_xml_complain_as(((xmlParserCtxt *)context)->_private, error, 0);
}

static void schema_error(void *context, oc_xml_error_pointer error)
{
    oc_xml_complain_as(context, error, 0);
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespaces_count, const xmlChar **namespaces, int attributes_count, int defaulted_count,
                          const xmlChar **attributes)
{
    xmlParserCtxt *parser = context;
    if (!oc_xml_depth_allowed(parser)) {
        xmlStopParser(parser);
        return;
    }
    xmlSAX2StartElementNs(context, name, prefix, uri, namespaces_count, namespaces, attributes_count, defaulted_count,
                          attributes);
}

static xmlParserCtxt *parser_new(oc_xml_complaint *complaint)
{
    xmlParserCtxt *parser = xmlNewParserCtxt();
    if (parser != NULL) {
        parser->_private = complaint;
        parser->sax->serror = parser_error;
        parser->sax->internalSubset = oc_xml_refuse_doctype;
        parser->sax->startElementNs = start_element;
    }
    return parser;
}

oc_result oc_xml_parse(oc_xml_doc **out, oc_span text, const char *name, const oc_xml_limits *limits, oc_diag *diag)
{
    *out = NULL;
    size_t bytes = limits == NULL || limits->bytes == 0 ? DEFAULT_BYTES : limits->bytes;
    unsigned depth = limits == NULL || limits->depth == 0 ? DEFAULT_DEPTH : limits->depth;
    if (text.len > bytes || text.len > INT_MAX) { /* libxml2 counts in int */
        return oc_diag_fail_at(diag, OC_E_LIMIT, name, 0, "larger than %zu bytes", bytes);
    }
    if (text.len == 0) {
        return oc_diag_fail_at(diag, OC_E_FORMAT, name, 0, "the file is empty");
    }
    OC_TRY(oc_xml_refuse_encoding(text, name, diag));
    oc_xml_complaint complaint = {.file = name, .diag = diag, .depth = depth};
    oc_xml_doc *doc = calloc(1, sizeof *doc);
    xmlParserCtxt *parser = parser_new(&complaint);
    if (doc == NULL || parser == NULL || (doc->name = strdup(name)) == NULL) {
        xmlFreeParserCtxt(parser);
        oc_xml_free(&doc);
        return oc_fail(OC_E_MEMORY);
    }
    doc->tree = xmlCtxtReadMemory(parser, (const char *)text.at, (int)text.len, name, NULL, OC_XML_OPTIONS);
    xmlFreeParserCtxt(parser);
    if (complaint.code == OC_E_OK && (doc->tree == NULL || xmlDocGetRootElement(doc->tree) == NULL)) {
        oc_xml_complain(&complaint, OC_E_FORMAT, 0, "not an XML document");
    }
    if (complaint.code != OC_E_OK) {
        oc_xml_free(&doc);
        return oc_fail(complaint.code);
    }
    *out = doc;
    return oc_ok();
}

oc_result oc_xml_load(oc_xml_doc **out, const char *path, const oc_xml_limits *limits, oc_diag *diag)
{
    *out = NULL;
    oc_buf text = {0};
    oc_result r = oc_file_read(&text, path, limits == NULL || limits->bytes == 0 ? DEFAULT_BYTES : limits->bytes,
                               diag);
    if (oc_is_ok(r)) {
        r = oc_xml_parse(out, oc_buf_span(&text), path, limits, diag);
    }
    oc_buf_free(&text);
    return r;
}

void oc_xml_free(oc_xml_doc **doc)
{
    if (*doc == NULL) {
        return;
    }
    xmlFreeDoc((*doc)->tree);
    free((*doc)->name);
    free(*doc);
    *doc = NULL;
}

xmlNode *oc_xml_root(const oc_xml_doc *doc)
{
    return xmlDocGetRootElement(doc->tree);
}

const char *oc_xml_doc_name(const oc_xml_doc *doc)
{
    return doc->name;
}

/* Compiles `source`, which it takes over. */
static oc_result schema_of(oc_xml_schema **out, oc_xml_doc *source, oc_diag *diag)
{
    oc_xml_complaint complaint = {.file = source->name, .diag = diag};
    oc_xml_schema *schema = calloc(1, sizeof *schema);
    xmlSchemaParserCtxt *parser = xmlSchemaNewDocParserCtxt(source->tree);
    if (schema == NULL || parser == NULL) {
        xmlSchemaFreeParserCtxt(parser);
        free(schema);
        oc_xml_free(&source);
        return oc_fail(OC_E_MEMORY);
    }
    schema->source = source;
    xmlSchemaSetParserStructuredErrors(parser, schema_error, &complaint);
    schema->compiled = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    if (complaint.code == OC_E_OK && schema->compiled == NULL) {
        oc_xml_complain(&complaint, OC_E_FORMAT, 0, "not an XML schema");
    }
    if (complaint.code != OC_E_OK) {
        oc_xml_schema_free(&schema);
        return oc_fail(complaint.code);
    }
    *out = schema;
    return oc_ok();
}

oc_result oc_xml_schema_new(oc_xml_schema **out, const char *path, oc_diag *diag)
{
    *out = NULL;
    oc_xml_doc *source = NULL;
    OC_TRY(oc_xml_load(&source, path, &(oc_xml_limits){.bytes = SCHEMA_BYTES}, diag));
    return schema_of(out, source, diag);
}

oc_result oc_xml_schema_parse(oc_xml_schema **out, oc_span text, const char *name, oc_diag *diag)
{
    *out = NULL;
    oc_xml_doc *source = NULL;
    OC_TRY(oc_xml_parse(&source, text, name, &(oc_xml_limits){.bytes = SCHEMA_BYTES}, diag));
    return schema_of(out, source, diag);
}

void oc_xml_schema_free(oc_xml_schema **schema)
{
    if (*schema == NULL) {
        return;
    }
    xmlSchemaFree((*schema)->compiled);
    oc_xml_free(&(*schema)->source);
    free(*schema);
    *schema = NULL;
}

oc_result oc_xml_validate(const oc_xml_doc *doc, const oc_xml_schema *schema, oc_diag *diag)
{
    oc_xml_complaint complaint = {.file = doc->name, .diag = diag};
    xmlSchemaValidCtxt *validator = xmlSchemaNewValidCtxt(schema->compiled);
    if (validator == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    xmlSchemaSetValidStructuredErrors(validator, schema_error, &complaint);
    int outcome = xmlSchemaValidateDoc(validator, doc->tree);
    xmlSchemaFreeValidCtxt(validator);
    if (complaint.code == OC_E_OK && outcome != 0) {
        oc_xml_complain(&complaint, outcome > 0 ? OC_E_FORMAT : OC_E_INTERNAL, 0, "does not follow its schema");
    }
    return oc_fail(complaint.code);
}

const char *oc_xml_name(const xmlNode *node)
{
    return (const char *)node->name;
}

bool oc_xml_is(const xmlNode *node, const char *name)
{
    return strcmp(oc_xml_name(node), name) == 0;
}

static xmlNode *element_from(xmlNode *node, const char *name)
{
    while (node != NULL && (node->type != XML_ELEMENT_NODE || (name != NULL && !oc_xml_is(node, name)))) {
        node = node->next;
    }
    return node;
}

xmlNode *oc_xml_child(const xmlNode *parent, const char *name)
{
    return element_from(parent->children, name);
}

xmlNode *oc_xml_next(const xmlNode *node, const char *name)
{
    return element_from(node->next, name);
}

const char *oc_xml_attr(const xmlNode *node, const char *name)
{
    bool in_xml = strncmp(name, "xml:", 4) == 0;
    for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
        bool is_xml = attr->ns != NULL && attr->ns->prefix != NULL && xmlStrEqual(attr->ns->prefix, BAD_CAST "xml");
        if (strcmp((const char *)attr->name, in_xml ? name + 4 : name) == 0 && is_xml == in_xml) {
            /* Without entities an attribute's value is one text node; an empty one has none. */
            return attr->children == NULL ? "" : (const char *)attr->children->content;
        }
    }
    return NULL;
}

oc_result oc_xml_text(oc_buf *out, const xmlNode *node)
{
    xmlChar *text = xmlNodeGetContent(node);
    if (text == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_buf_append(out, oc_span_text((const char *)text));
    xmlFree(text);
    return r;
}

long oc_xml_line(const xmlNode *node)
{
    return xmlGetLineNo(node);
}

oc_result oc_xml_fail(const oc_xml_doc *doc, const xmlNode *node, oc_diag *diag, enum oc_code code, const char *format,
                      ...)
{
    char reason[sizeof((oc_diag *)0)->reason];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return oc_diag_fail_at(diag, code, doc->name, node == NULL ? 0 : oc_xml_line(node), "%s", reason);
}
