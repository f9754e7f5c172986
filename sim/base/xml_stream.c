/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/xml_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/SAX2.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/xml_guard.h"

#define CHUNK ((size_t)64 * 1024)

struct reading {
    oc_xml_complaint complaint; /* first: the parser's _private points to it */
    const oc_xml_stream *stream;
    xmlParserCtxt *parser;
    xmlNode *root;
    xmlNode *head_end; /* last child of the root that belongs to the head */
    xmlNode *pending;  /* an item that was closed; the schema has its say on the end of it after our handler */
    bool head_given;
    bool closed;  /* the root */
    size_t since; /* bytes since the last item */
};

/* What the caller's function said ends the reading. */
static void heed(struct reading *reading, oc_result r)
{
    if (!oc_is_ok(r) && reading->complaint.code == OC_E_OK) {
        oc_diag_place(reading->complaint.diag, reading->complaint.file, xmlSAX2GetLineNumber(reading->parser));
        reading->complaint.code = r.code;
    }
}

static void give_head(struct reading *reading)
{
    const oc_xml_stream *stream = reading->stream;
    if (!reading->head_given) {
        reading->head_given = true;
        reading->head_end = reading->root->last;
        heed(reading,
             stream->head == NULL ? oc_ok() : stream->head(stream->self, reading->root, reading->complaint.diag));
    }
}

/* Hands the closed item over and frees it, with the blanks between it and the next. */
static void give_pending(struct reading *reading)
{
    const oc_xml_stream *stream = reading->stream;
    if (reading->pending == NULL) {
        return;
    }
    while (reading->root->last != reading->pending) {
        xmlNode *blank = reading->root->last;
        xmlUnlinkNode(blank);
        xmlFreeNode(blank);
    }
    heed(reading,
         stream->one == NULL ? oc_ok() : stream->one(stream->self, reading->pending, reading->complaint.diag));
    reading->pending = NULL;
    while (reading->root->last != reading->head_end) {
        xmlNode *done = reading->root->last;
        xmlUnlinkNode(done);
        xmlFreeNode(done);
    }
    reading->since = 0;
}

/* After a complaint the handlers do nothing more and no further chunk is read. The parser itself is not stopped: that
 * would free the text of attributes which the schema's handlers, next in turn, still look at. */
static bool goes_on(const struct reading *reading)
{
    return reading->complaint.code == OC_E_OK;
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                          int namespaces_count, const xmlChar **namespaces, int attributes_count, int defaulted_count,
                          const xmlChar **attributes)
{
    xmlParserCtxt *parser = context;
    struct reading *reading = parser->_private;
    if (!goes_on(reading) || !oc_xml_depth_allowed(parser)) {
        return;
    }
    if (parser->nodeNr == 1) {
        give_pending(reading);
        if (goes_on(reading) && strcmp((const char *)name, reading->stream->item) == 0) {
            give_head(reading);
        }
        if (!goes_on(reading)) {
            return;
        }
    }
    xmlSAX2StartElementNs(context, name, prefix, uri, namespaces_count, namespaces, attributes_count, defaulted_count,
                          attributes);
    if (reading->root == NULL && parser->node != NULL) {
        const oc_xml_stream *stream = reading->stream;
        reading->root = parser->node;
        heed(reading,
             stream->root == NULL ? oc_ok() : stream->root(stream->self, reading->root, reading->complaint.diag));
    }
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    xmlParserCtxt *parser = context;
    struct reading *reading = parser->_private;
    if (!goes_on(reading)) {
        return;
    }
    if (parser->nodeNr == 1) {
        give_pending(reading);
        if (goes_on(reading)) {
            give_head(reading);
        }
        reading->closed = true;
    }
    xmlNode *node = parser->node;
    xmlSAX2EndElementNs(context, name, prefix, uri);
    if (parser->nodeNr == 1 && node != NULL && oc_xml_is(node, reading->stream->item)) {
        reading->pending = node;
    }
}

static void parser_error(void *context, oc_xml_error_pointer error)
{
    (void)context; /* the schema's handlers stand before ours, and it would be theirs */
    xmlParserCtxt *parser = error->ctxt;
    if (parser != NULL && parser->_private != NULL) {
        oc_xml_complain_as(parser->_private, error, xmlSAX2GetLineNumber(parser));
    }
}

static void schema_error(void *context, oc_xml_error_pointer error)
{
    struct reading *reading = context;
    oc_xml_complain_as(&reading->complaint, error, xmlSAX2GetLineNumber(reading->parser));
}

static int locate(void *context, const char **file, unsigned long *line)
{
    const struct reading *reading = context;
    if (file != NULL) {
        *file = reading->complaint.file;
    }
    if (line != NULL) {
        *line = (unsigned long)xmlSAX2GetLineNumber(reading->parser);
    }
    return 0;
}

static oc_result push(struct reading *reading, const uint8_t *at, size_t len)
{
    const oc_xml_stream *stream = reading->stream;
    reading->since += len;
    if (reading->since > stream->item_bytes) {
        char reason[120];
        snprintf(reason, sizeof reason, "%s <%s> takes more than %zu bytes",
                 reading->head_given ? "one" : "what stands before the first", stream->item, stream->item_bytes);
        oc_xml_complain(&reading->complaint, OC_E_LIMIT, xmlSAX2GetLineNumber(reading->parser), reason);
    }
    if (reading->complaint.code == OC_E_OK && stream->bytes != NULL) {
        heed(reading, stream->bytes(stream->self, oc_span_of(at, len)));
    }
    if (reading->complaint.code == OC_E_OK) {
        (void)xmlParseChunk(reading->parser, (const char *)at, (int)len, 0); /* it complains through parser_error */
    }
    return oc_fail(reading->complaint.code);
}

static oc_result read_some(int fd, uint8_t *at, size_t *len, const char *path, oc_diag *diag)
{
    ssize_t n = 0;
    do {
        n = read(fd, at, CHUNK);
    } while (n < 0 && errno == EINTR);
    *len = n < 0 ? 0 : (size_t)n;
    return n < 0 ? oc_diag_fail_at(diag, OC_E_IO, path, 0, "cannot read: %s", strerror(errno)) : oc_ok();
}

static oc_result finish(struct reading *reading)
{
    const xmlParserCtxt *parser = reading->parser;
    if (!reading->closed) {
        char reason[200];
        snprintf(reason, sizeof reason,
                 parser->node == NULL ? "not an XML document" : "it ends inside <%.100s>: it was cut short",
                 parser->node == NULL ? "" : (const char *)parser->node->name);
        oc_xml_complain(&reading->complaint, OC_E_FORMAT, xmlSAX2GetLineNumber(reading->parser), reason);
    } else {
        (void)xmlParseChunk(reading->parser, "", 0, 1);
        if (!parser->wellFormed) {
            oc_xml_complain(&reading->complaint, OC_E_FORMAT, 0, "not an XML document");
        }
    }
    return oc_fail(reading->complaint.code);
}

static oc_result read_all(struct reading *reading, int fd, uint8_t *chunk, size_t len)
{
    const char *path = reading->complaint.file;
    oc_result r = oc_xml_refuse_encoding(oc_span_of(chunk, len), path, reading->complaint.diag);
    while (oc_is_ok(r) && len > 0) {
        r = push(reading, chunk, len);
        if (oc_is_ok(r)) {
            r = read_some(fd, chunk, &len, path, reading->complaint.diag);
        }
    }
    r = oc_is_ok(r) ? finish(reading) : r;
    const oc_xml_stream *stream = reading->stream;
    return oc_is_ok(r) && stream->done != NULL ? stream->done(stream->self, reading->complaint.diag) : r;
}

static oc_result read_with(struct reading *reading, xmlSchemaValidCtxt *validator, int fd, uint8_t *chunk, size_t len)
{
    xmlParserCtxt *parser = reading->parser;
    parser->_private = reading;
    parser->sax->internalSubset = oc_xml_refuse_doctype;
    parser->sax->startElementNs = start_element;
    parser->sax->endElementNs = end_element;
    parser->sax->comment = NULL;
    parser->sax->processingInstruction = NULL;
    xmlCtxtUseOptions(parser, OC_XML_OPTIONS);
    xmlSchemaSetValidStructuredErrors(validator, schema_error, reading);
    xmlSchemaValidateSetLocator(validator, locate, reading);
    xmlSchemaSAXPlugPtr plug = xmlSchemaSAXPlug(validator, &parser->sax, &parser->userData);
    if (plug == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    parser->sax->serror = parser_error;
    oc_result r = read_all(reading, fd, chunk, len);
    xmlSchemaSAXUnplug(plug);
    /* Of a validation that was left in the middle, libxml2 2.9 frees what it kept for identity constraints one run later. */
    plug = oc_is_ok(r) ? NULL : xmlSchemaSAXPlug(validator, &parser->sax, &parser->userData);
    if (plug != NULL) {
        xmlSchemaSAXUnplug(plug);
    }
    return r;
}

static oc_result read_open(int fd, const char *path, const oc_xml_stream *stream, oc_diag *diag)
{
    size_t len = 0;
    uint8_t *chunk = malloc(CHUNK);
    struct reading reading = {.complaint = {.file = path, .diag = diag, .depth = stream->depth}, .stream = stream};
    xmlSchemaValidCtxt *validator = xmlSchemaNewValidCtxt(stream->schema->compiled);
    reading.parser = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, path);
    oc_result r = chunk == NULL || validator == NULL || reading.parser == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    if (oc_is_ok(r)) {
        r = read_some(fd, chunk, &len, path, diag);
    }
    if (oc_is_ok(r) && len == 0) {
        r = oc_diag_fail_at(diag, OC_E_FORMAT, path, 0, "the file is empty");
    }
    if (oc_is_ok(r)) {
        r = read_with(&reading, validator, fd, chunk, len);
    }
    if (reading.parser != NULL) {
        xmlFreeDoc(reading.parser->myDoc);
        xmlFreeParserCtxt(reading.parser);
    }
    xmlSchemaFreeValidCtxt(validator);
    free(chunk);
    return r;
}

oc_result oc_xml_stream_read(const char *path, const oc_xml_stream *stream, oc_diag *diag)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return oc_diag_fail_at(diag, errno == ENOENT ? OC_E_NOT_FOUND : OC_E_IO, path, 0, "cannot open: %s",
                               strerror(errno));
    }
    oc_result r = fstat(fd, &st) == 0 && S_ISREG(st.st_mode)
                      ? read_open(fd, path, stream, diag)
                      : oc_diag_fail_at(diag, OC_E_IO, path, 0, "not a regular file");
    close(fd);
    return r;
}
