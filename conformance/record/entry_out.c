/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/record/entry_out.h"

#include <stdio.h>

/* `more` bytes at the end, to be filled by the caller; NULL when memory is out. */
static uint8_t *grow(oc_entry_out *out, size_t more)
{
    oc_buf *to = out->to;
    if (more > to->room - to->len && !oc_is_ok(oc_buf_reserve(to, to->len + more))) {
        out->bad = true;
        return NULL;
    }
    uint8_t *at = to->at + to->len;
    to->len += more;
    return at;
}

static uint8_t *fill(uint8_t *at, const void *from, size_t len)
{
    if (len > 0) {
        memcpy(at, from, len);
    }
    return at + len;
}

static void put(oc_entry_out *out, const void *at, size_t len)
{
    uint8_t *to = len == 0 ? NULL : grow(out, len);
    if (to != NULL) {
        memcpy(to, at, len);
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

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define TOP_BITS EACH_BYTE(0x80)

/* The top bit of each byte that is zero; of one above such a byte, too, at times. */
static uint64_t zero_bytes(uint64_t word)
{
    return (word - EACH_BYTE(1)) & ~word & TOP_BITS;
}

/* Eight bytes at once: one of them is no printed ASCII, or < > & ". < and > differ in one bit, and so do & and ". */
static uint64_t has_other(uint64_t word)
{
    uint64_t below_blank = (word - EACH_BYTE(0x20)) & ~word;
    uint64_t delete = word + EACH_BYTE(1);
    return ((word | below_blank | delete) & TOP_BITS) | zero_bytes((word | EACH_BYTE(0x02)) ^ EACH_BYTE(0x3E)) |
           zero_bytes((word | EACH_BYTE(0x04)) ^ EACH_BYTE(0x26));
}

bool oc_entry_is_plain(oc_span text)
{
    uint64_t word = EACH_BYTE(0x20);
    uint64_t other = 0;
    size_t i = 0;
    for (; i + sizeof word <= text.len; i += sizeof word) {
        memcpy(&word, text.at + i, sizeof word);
        other |= has_other(word);
    }
    if (i < text.len) {
        word = EACH_BYTE(0x20);
        memcpy(&word, text.at + i, text.len - i);
        other |= has_other(word);
    }
    return other == 0;
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

void oc_entry_plain_attribute(oc_entry_out *out, const char *name, oc_span value)
{
    size_t len = strlen(name);
    uint8_t *at = grow(out, len + value.len + 4);
    if (at != NULL) {
        *at++ = ' ';
        at = fill(at, name, len);
        *at++ = '=';
        *at++ = '"';
        at = fill(at, value.at, value.len);
        *at = '"';
    }
}

void oc_entry_plain_element(oc_entry_out *out, const char *element, oc_span text)
{
    size_t len = strlen(element);
    end_tag(out);
    uint8_t *at = grow(out, 2 * len + text.len + 5);
    if (at != NULL) {
        *at++ = '<';
        at = fill(at, element, len);
        *at++ = '>';
        at = fill(at, text.at, text.len);
        *at++ = '<';
        *at++ = '/';
        at = fill(at, element, len);
        *at = '>';
    }
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
