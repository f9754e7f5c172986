/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_CONFORMANCE_RECORD_XML_OUT_H
#define OC_CONFORMANCE_RECORD_XML_OUT_H

#include <libxml/xmlwriter.h>

#include "conformance/record/entry_out.h"
#include "reports/bundle/chain.h"
#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* libxml2's writer, or that of entries, with a failure that stays and with texts made visible (visible.h), so that
 * serialisation reads as the layout reads. The failure is asked for once, by oc_out_end. */
typedef struct oc_xml_out {
    xmlTextWriterPtr writer;
    oc_entry_out *entry; /* is written to in the place of `writer`, unless NULL */
    oc_chain *chain;     /* is told the elements too, unless NULL */
    oc_buf text;         /* scratch */
    bool bad;
} oc_xml_out;

void oc_out_open(oc_xml_out *out, const char *element);
void oc_out_close(oc_xml_out *out);
/* A NULL value leaves the attribute or element out. */
void oc_out_attribute(oc_xml_out *out, const char *name, const char *value);
void oc_out_path_attribute(oc_xml_out *out, const char *name, const char *value);
void oc_out_number(oc_xml_out *out, const char *name, uint64_t value);
void oc_out_flag(oc_xml_out *out, const char *name, bool value);
void oc_out_text(oc_xml_out *out, const char *element, const char *value);
void oc_out_path_text(oc_xml_out *out, const char *element, const char *value);
void oc_out_text_in(oc_xml_out *out, const char *element, const char *lang, const char *value);
/* The text of another document's element, in the language that its xml:lang names. */
void oc_out_text_of(oc_xml_out *out, const char *element, const xmlNode *node);
/* Well-formed XML from elsewhere, as it is. */
void oc_out_raw(oc_xml_out *out, const char *xml, size_t len);

/* Frees the writer, which flushes, and the scratch. MEMORY when anything failed. */
OC_MUST_USE oc_result oc_out_end(oc_xml_out *out);

#ifdef __cplusplus
}
#endif
#endif
