/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/visible.h"

#include <stdio.h>

/* Ranges that make a printed line differ from its bytes: soft hyphen, zero width, bidirectional controls
 * (UAX #9), line separators, byte order mark, interlinear marks, tags. */
static const struct {
    uint32_t first;
    uint32_t last;
} deceiving[] = {
    {0x7F, 0x9F},     {0xAD, 0xAD},     {0x034F, 0x034F}, {0x061C, 0x061C}, {0x180E, 0x180E},   {0x200B, 0x200F},
    {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F},
};

/* Takes one well-formed UTF-8 character (Unicode 15, table 3-7); 0 bytes when there is none. */
static size_t take_character(const uint8_t *at, uint32_t *out)
{
    static const struct {
        uint8_t first_low, first_high, second_low, second_high, len;
    } forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    if (at[0] < 0x80) {
        *out = at[0];
        return 1;
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (at[0] < forms[i].first_low || at[0] > forms[i].first_high) {
            continue;
        }
        if (at[1] < forms[i].second_low || at[1] > forms[i].second_high) {
            return 0;
        }
        *out = (uint32_t)(at[0] & (0x7Fu >> forms[i].len)) << 6 | (at[1] & 0x3Fu);
        for (size_t k = 2; k < forms[i].len; k++) {
            if ((at[k] & 0xC0u) != 0x80u) {
                return 0;
            }
            *out = *out << 6 | (at[k] & 0x3Fu);
        }
        return forms[i].len;
    }
    return 0;
}

static bool deceives(uint32_t character)
{
    if (character < 0x7F || (character >= 0x3000 && character < 0xFE00)) {
        return false; /* nearly all that is written here */
    }
    for (size_t i = 0; i < sizeof deceiving / sizeof deceiving[0]; i++) {
        if (character >= deceiving[i].first && character <= deceiving[i].last) {
            return true;
        }
    }
    return false;
}

static bool xml_carries(uint32_t character)
{
    return character == '\t' || character == '\n' || (character >= 0x20 && character != 0xFFFE && character != 0xFFFF);
}

static oc_result append_escape(oc_buf *out, const char *form, uint32_t value)
{
    char escape[16];
    snprintf(escape, sizeof escape, strcmp(form, "x") == 0 ? "\\x%02X" : "\\u%04X", (unsigned)value);
    return oc_buf_append(out, oc_span_text(escape));
}

static oc_result close_text(oc_buf *out)
{
    OC_TRY(oc_buf_append_byte(out, 0));
    out->len--;
    return oc_ok();
}

oc_result oc_visible_text(oc_buf *out, const char *text)
{
    const uint8_t *at = (const uint8_t *)(text == NULL ? "" : text);
    while (*at != 0) {
        uint32_t character = 0;
        size_t len = take_character(at, &character);
        if (len == 0 || !xml_carries(character)) {
            size_t bytes = len == 0 ? 1 : len;
            for (size_t i = 0; i < bytes; i++) {
                OC_TRY(append_escape(out, "x", at[i]));
            }
            at += bytes;
        } else if (deceives(character)) {
            OC_TRY(append_escape(out, "u", character));
            at += len;
        } else {
            OC_TRY(oc_buf_append(out, oc_span_of(at, len)));
            at += len;
        }
    }
    return close_text(out);
}

bool oc_visible_stays(const char *text, size_t *len)
{
    const uint8_t *begin = (const uint8_t *)text;
    const uint8_t *at = begin;
    if (text == NULL) {
        return false;
    }
    for (;;) {
        while (*at >= 0x20 && *at < 0x7F) {
            at++;
        }
        if (*at == 0) {
            *len = (size_t)(at - begin);
            return true;
        }
        uint32_t character = 0;
        size_t size = take_character(at, &character);
        if (size == 0 || !xml_carries(character) || deceives(character)) {
            return false;
        }
        at += size;
    }
}
