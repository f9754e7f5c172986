/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/xml_out.h"

#include "sim/base/xml.h"

#include "conformance/record/visible.h"

static void note(oc_xml_out *out, int written)
{
    out->bad = out->bad || written < 0;
}

/* The value itself where nothing in it needs to be shown otherwise. A NUL follows either way. */
static oc_span visible(oc_xml_out *out, const char *value)
{
    size_t len = 0;
    if (oc_visible_stays(value, &len)) {
        return oc_span_of(value, len);
    }
    oc_buf_clear(&out->text);
    if (!oc_is_ok(oc_visible_text(&out->text, value))) {
        out->bad = true;
        return oc_span_text("");
    }
    return oc_buf_span(&out->text);
}

static void write_attribute(oc_xml_out *out, const char *name, oc_span value)
{
    if (out->entry != NULL) {
        oc_entry_attribute(out->entry, name, value);
    } else {
        note(out, xmlTextWriterWriteAttribute(out->writer, (const xmlChar *)name, value.at));
    }
    if (out->chain != NULL) {
        oc_chain_attribute(out->chain, name, value);
    }
}

static void write_text(oc_xml_out *out, oc_span text)
{
    if (out->entry != NULL) {
        oc_entry_text(out->entry, text);
    } else {
        note(out, xmlTextWriterWriteString(out->writer, text.at));
    }
    if (out->chain != NULL) {
        oc_chain_text(out->chain, text);
    }
}

static void write_text_of(oc_xml_out *out, const char *element, oc_span text)
{
    (void)element;
    write_text(out, text);
}

void oc_out_open(oc_xml_out *out, const char *element)
{
    if (out->chain != NULL) {
        oc_chain_open(out->chain, element);
    }
    if (out->entry != NULL) {
        oc_entry_open(out->entry, element);
    } else {
        note(out, xmlTextWriterStartElement(out->writer, (const xmlChar *)element));
    }
}

void oc_out_close(oc_xml_out *out)
{
    if (out->chain != NULL) {
        oc_chain_close(out->chain);
    }
    if (out->entry != NULL) {
        oc_entry_close(out->entry);
    } else {
        note(out, xmlTextWriterEndElement(out->writer));
    }
}

/* Path texts are cut first, then made visible. */
static void write_path(oc_xml_out *out, void (*write)(oc_xml_out *, const char *, oc_span), const char *name,
                       const char *value)
{
    oc_buf cut = {0};
    if (oc_visible_paths_stay(value)) {
        write(out, name, visible(out, value));
        return;
    }
    if (oc_is_ok(oc_visible_paths(&cut, value))) {
        write(out, name, visible(out, (const char *)cut.at));
    } else {
        out->bad = true;
    }
    oc_buf_free(&cut);
}

static void write_plain_attribute(oc_xml_out *out, const char *name, oc_span value)
{
    oc_entry_plain_attribute(out->entry, name, value);
    if (out->chain != NULL) {
        oc_chain_attribute(out->chain, name, value);
    }
}

static bool is_plain_in_entry(const oc_xml_out *out, oc_span value)
{
    return out->entry != NULL && oc_entry_is_plain(value);
}

void oc_out_attribute(oc_xml_out *out, const char *name, const char *value)
{
    if (value == NULL) {
        return;
    }
    if (is_plain_in_entry(out, oc_span_text(value))) {
        write_plain_attribute(out, name, oc_span_text(value));
    } else {
        write_attribute(out, name, visible(out, value));
    }
}

void oc_out_path_attribute(oc_xml_out *out, const char *name, const char *value)
{
    if (value != NULL) {
        write_path(out, write_attribute, name, value);
    }
}

void oc_out_number(oc_xml_out *out, const char *name, uint64_t value)
{
    char digits[21];
    char *at = digits + sizeof digits - 1;
    *at = '\0';
    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    const oc_span text = oc_span_of(at, (size_t)(digits + sizeof digits - 1 - at));
    (out->entry == NULL ? write_attribute : write_plain_attribute)(out, name, text);
}

void oc_out_flag(oc_xml_out *out, const char *name, bool value)
{
    write_attribute(out, name, oc_span_text(value ? "true" : "false"));
}

void oc_out_text(oc_xml_out *out, const char *element, const char *value)
{
    if (value == NULL || !is_plain_in_entry(out, oc_span_text(value))) {
        oc_out_text_in(out, element, NULL, value);
        return;
    }
    oc_entry_plain_element(out->entry, element, oc_span_text(value));
    if (out->chain != NULL) {
        oc_chain_leaf(out->chain, element, oc_span_text(value));
    }
}

void oc_out_path_text(oc_xml_out *out, const char *element, const char *value)
{
    if (value != NULL) {
        oc_out_open(out, element);
        write_path(out, write_text_of, element, value);
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

void oc_out_text_of(oc_xml_out *out, const char *element, const xmlNode *node)
{
    oc_buf text = {0};
    if (oc_is_ok(oc_xml_text(&text, node)) && oc_is_ok(oc_buf_append_byte(&text, 0))) {
        oc_out_text_in(out, element, oc_xml_attr(node, "xml:lang"), (const char *)text.at);
    } else {
        out->bad = true;
    }
    oc_buf_free(&text);
}

void oc_out_raw(oc_xml_out *out, const char *xml, size_t len)
{
    if (out->entry != NULL) {
        oc_entry_raw(out->entry, oc_span_of(xml, len));
        return;
    }
    note(out, len > INT32_MAX ? -1 : xmlTextWriterWriteRawLen(out->writer, (const xmlChar *)xml, (int)len));
}

oc_result oc_out_end(oc_xml_out *out)
{
    if (out->writer != NULL) {
        note(out, xmlTextWriterFlush(out->writer));
        xmlFreeTextWriter(out->writer);
    }
    out->bad = out->bad || (out->entry != NULL && (out->entry->bad || out->entry->depth > 0));
    oc_buf_free(&out->text);
    return out->bad ? oc_fail(OC_E_MEMORY) : oc_ok();
}
