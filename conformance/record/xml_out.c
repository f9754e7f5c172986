/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/xml_out.h"

#include <inttypes.h>
#include <stdio.h>

#include "conformance/record/visible.h"

static void note(oc_xml_out *out, int written)
{
    out->bad = out->bad || written < 0;
}

static const xmlChar *visible(oc_xml_out *out, const char *value)
{
    oc_buf_clear(&out->text);
    if (!oc_is_ok(oc_visible_text(&out->text, value))) {
        out->bad = true;
        return (const xmlChar *)"";
    }
    return out->text.at;
}

/* Path texts are cut first, then made visible. */
static const xmlChar *visible_path(oc_xml_out *out, const char *value)
{
    oc_buf cut = {0};
    const xmlChar *shown = (const xmlChar *)"";
    if (oc_is_ok(oc_visible_paths(&cut, value))) {
        shown = visible(out, (const char *)cut.at);
    } else {
        out->bad = true;
    }
    oc_buf_free(&cut);
    return shown;
}

static void write_attribute(oc_xml_out *out, const char *name, const xmlChar *value)
{
    note(out, xmlTextWriterWriteAttribute(out->writer, (const xmlChar *)name, value));
    if (out->chain != NULL) {
        oc_chain_attribute(out->chain, name, (const char *)value);
    }
}

static void write_text(oc_xml_out *out, const xmlChar *text)
{
    note(out, xmlTextWriterWriteString(out->writer, text));
    if (out->chain != NULL) {
        oc_chain_text(out->chain, oc_span_text((const char *)text));
    }
}

void oc_out_open(oc_xml_out *out, const char *element)
{
    if (out->chain != NULL) {
        oc_chain_open(out->chain, element);
    }
    note(out, xmlTextWriterStartElement(out->writer, (const xmlChar *)element));
}

void oc_out_close(oc_xml_out *out)
{
    if (out->chain != NULL) {
        oc_chain_close(out->chain);
    }
    note(out, xmlTextWriterEndElement(out->writer));
}

void oc_out_attribute(oc_xml_out *out, const char *name, const char *value)
{
    if (value != NULL) {
        write_attribute(out, name, visible(out, value));
    }
}

void oc_out_path_attribute(oc_xml_out *out, const char *name, const char *value)
{
    if (value != NULL) {
        write_attribute(out, name, visible_path(out, value));
    }
}

void oc_out_number(oc_xml_out *out, const char *name, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    write_attribute(out, name, (const xmlChar *)digits);
}

void oc_out_flag(oc_xml_out *out, const char *name, bool value)
{
    write_attribute(out, name, (const xmlChar *)(value ? "true" : "false"));
}

void oc_out_text(oc_xml_out *out, const char *element, const char *value)
{
    oc_out_text_in(out, element, NULL, value);
}

void oc_out_path_text(oc_xml_out *out, const char *element, const char *value)
{
    if (value != NULL) {
        oc_out_open(out, element);
        write_text(out, visible_path(out, value));
        oc_out_close(out);
    }
}

void oc_out_text_in(oc_xml_out *out, const char *element, const char *lang, const char *value)
{
    if (value == NULL) {
        return;
    }
    oc_out_open(out, element);
    oc_out_attribute(out, "lang", lang);
    write_text(out, visible(out, value));
    oc_out_close(out);
}

void oc_out_raw(oc_xml_out *out, const char *xml, size_t len)
{
    note(out, len > INT32_MAX ? -1 : xmlTextWriterWriteRawLen(out->writer, (const xmlChar *)xml, (int)len));
}

oc_result oc_out_end(oc_xml_out *out)
{
    if (out->writer != NULL) {
        note(out, xmlTextWriterFlush(out->writer));
        xmlFreeTextWriter(out->writer);
    }
    oc_buf_free(&out->text);
    return out->bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}
