/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_XML_STREAM_H
#define OC_BASE_XML_STREAM_H

#include "sim/base/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Reads files that are too large to be held: a root, a head, and then any number of items, each handed over whole and
 * freed. As strict as xml.h (no DOCTYPE, no entity, no network, UTF-8 only, bounded depth), and checked against a schema
 * while it is read: what is handed over has been found valid, what is not ends the reading at its line. */
typedef struct oc_xml_stream {
    const oc_xml_schema *schema;
    const char *item;  /* local name of the children of the root that are handed over one at a time */
    size_t item_bytes; /* of the head and of each item, more or less 64 KiB; beyond it: LIMIT */
    unsigned depth;    /* of elements, the root being 1 */
    void *self;
    /* Each may be NULL; a result that is not OK ends the reading with it. */
    oc_result (*bytes)(void *self, oc_span chunk); /* every byte of the file, in order: for digests */
    /* The root has been opened and stands there with its attributes, not yet checked against the schema. */
    oc_result (*root)(void *self, const xmlNode *root, oc_diag *diag);
    /* All before the first item, each valid; whether one is missing the schema says after this. The root stays until the
     * reading ends. */
    oc_result (*head)(void *self, const xmlNode *root, oc_diag *diag);
    /* An item, the last child of the root; gone after the call. */
    oc_result (*one)(void *self, const xmlNode *item, oc_diag *diag);
    /* Once, when the whole file has been found good; the root still stands. */
    oc_result (*done)(void *self, oc_diag *diag);
} oc_xml_stream;

/* OK only when the whole file is well-formed, valid and complete. FORMAT, LIMIT, IO, NOT_FOUND with file and line. */
OC_MUST_USE oc_result oc_xml_stream_read(const char *path, const oc_xml_stream *stream, oc_diag *diag);

#ifdef __cplusplus
}
#endif
#endif
