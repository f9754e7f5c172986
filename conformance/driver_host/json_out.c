/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "conformance/driver_host/json.h"

static void put(oc_dh_out *out, const char *bytes, size_t len)
{
    if (out->bad || out->room - out->len < len) {
        out->bad = true;
        return;
    }
    memcpy(out->at + out->len, bytes, len);
    out->len += len;
}

static void put_text(oc_dh_out *out, const char *text)
{
    put(out, text, strlen(text));
}

/* Bytes of the UTF-8 character at `text`; 0 when it is none. */
static size_t utf8_len(const unsigned char *text)
{
    size_t len = text[0] < 0x80                      ? 1
                 : text[0] >= 0xC2 && text[0] < 0xE0 ? 2
                 : text[0] >= 0xE0 && text[0] < 0xF0 ? 3
                 : text[0] >= 0xF0 && text[0] < 0xF5 ? 4
                                                     : 0;
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    /* Overlong forms, surrogates, and what lies beyond U+10FFFF. */
    bool wrong = (text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xED && text[1] > 0x9F) ||
                 (text[0] == 0xF0 && text[1] < 0x90) || (text[0] == 0xF4 && text[1] > 0x8F);
    return len > 1 && wrong ? 0 : len;
}

static void put_quoted(oc_dh_out *out, const char *text)
{
    put_text(out, "\"");
    while (*text != '\0') {
        size_t len = utf8_len((const unsigned char *)text);
        if (len == 0) {
            put_text(out, "?");
            len = 1;
        } else if (*text == '"' || *text == '\\') {
            put_text(out, "\\");
            put(out, text, 1);
        } else if ((unsigned char)*text < 0x20) {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)*text);
            put_text(out, escape);
        } else {
            put(out, text, len);
        }
        text += len;
    }
    put_text(out, "\"");
}

static void put_name(oc_dh_out *out, const char *name)
{
    if (out->comma) {
        put_text(out, ",");
    }
    if (name != NULL) {
        put_quoted(out, name);
        put_text(out, ":");
    }
    out->comma = true;
}

void oc_dh_out_begin(oc_dh_out *out, char *at, size_t room)
{
    *out = (oc_dh_out){.at = at, .room = room};
    put_text(out, "{");
}

void oc_dh_out_number(oc_dh_out *out, const char *name, long long number)
{
    char digits[24];
    put_name(out, name);
    snprintf(digits, sizeof digits, "%lld", number);
    put_text(out, digits);
}

void oc_dh_out_text(oc_dh_out *out, const char *name, const char *text)
{
    put_name(out, name);
    put_quoted(out, text == NULL ? "" : text);
}

void oc_dh_out_hex(oc_dh_out *out, const char *name, const unsigned char *bytes, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    put_name(out, name);
    put_text(out, "\"");
    for (size_t i = 0; i < len; i++) {
        const char pair[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
        put(out, pair, 2);
    }
    put_text(out, "\"");
}

void oc_dh_out_list(oc_dh_out *out, const char *name)
{
    put_name(out, name);
    put_text(out, "[");
    out->comma = false;
}

void oc_dh_out_list_end(oc_dh_out *out)
{
    put_text(out, "]");
    out->comma = true;
}

void oc_dh_out_object(oc_dh_out *out, const char *name)
{
    put_name(out, name);
    put_text(out, "{");
    out->comma = false;
}

void oc_dh_out_object_end(oc_dh_out *out)
{
    put_text(out, "}");
    out->comma = true;
}

void oc_dh_out_end(oc_dh_out *out)
{
    put_text(out, "}\n");
}
