/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/entry_out.h"

#include <stdio.h>

static void put(oc_entry_out *out, const void *at, size_t len)
{
    oc_buf *to = out->to;
    if (len > to->room - to->len && !oc_is_ok(oc_buf_reserve(to, to->len + len))) {
        out->bad = true;
        return;
    }
    if (len > 0) {
        memcpy(to->at + to->len, at, len);
        to->len += len;
    }
}

#define PUT(out, literal) put(out, literal, sizeof(literal) - 1)

static void end_tag(oc_entry_out *out)
{
    if (out->in_tag) {
        PUT(out, ">");
        out->in_tag = false;
    }
}

void oc_entry_open(oc_entry_out *out, const char *element)
{
    end_tag(out);
    if (out->depth == OC_ENTRY_DEPTH_MAX) {
        out->bad = true;
        return;
    }
    out->open[out->depth++] = element;
    PUT(out, "<");
    put(out, element, strlen(element));
    out->in_tag = true;
}

void oc_entry_close(oc_entry_out *out)
{
    if (out->depth == 0) {
        out->bad = true;
        return;
    }
    const char *element = out->open[--out->depth];
    if (out->in_tag) {
        PUT(out, "/>");
        out->in_tag = false;
        return;
    }
    PUT(out, "</");
    put(out, element, strlen(element));
    PUT(out, ">");
}

/* What cannot stand as it is. In attributes that is all beyond ASCII too: the entry names no encoding. */
static const char *reference(uint8_t byte, bool in_attribute)
{
    switch (byte) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    case '\t':
        return in_attribute ? "&#9;" : NULL;
    default:
        return NULL;
    }
}

static bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte != '<' && byte != '>' && byte != '&' && byte != '"';
}

/* Takes one character beyond ASCII off the text, which is well-formed. */
static size_t put_character(oc_entry_out *out, oc_span text)
{
    uint8_t first = text.at[0];
    size_t len = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || len > text.len) {
        out->bad = true;
        return text.len;
    }
    uint32_t character = first & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++) {
        character = character << 6 | (text.at[i] & 0x3Fu);
    }
    char digits[16];
    int n = snprintf(digits, sizeof digits, "&#x%X;", (unsigned)character);
    put(out, digits, (size_t)n);
    return len;
}

static void escape(oc_entry_out *out, oc_span text, bool in_attribute)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len;) {
        uint8_t byte = text.at[i];
        if (is_plain(byte) && !(in_attribute && byte >= 0x80)) {
            i++;
            continue;
        }
        put(out, text.at + from, i - from);
        const char *instead = reference(byte, in_attribute);
        if (in_attribute && byte >= 0x80) {
            i += put_character(out, oc_span_slice(text, i, text.len));
        } else {
            put(out, instead == NULL ? (const char *)&text.at[i] : instead, instead == NULL ? 1 : strlen(instead));
            i++;
        }
        from = i;
    }
    put(out, text.at + from, text.len - from);
}

void oc_entry_attribute(oc_entry_out *out, const char *name, oc_span value)
{
    PUT(out, " ");
    put(out, name, strlen(name));
    PUT(out, "=\"");
    escape(out, value, true);
    PUT(out, "\"");
}

void oc_entry_text(oc_entry_out *out, oc_span text)
{
    end_tag(out);
    escape(out, text, false);
}

void oc_entry_raw(oc_entry_out *out, oc_span xml)
{
    end_tag(out);
    put(out, xml.at, xml.len);
}
