/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/plain_text.h"

#include <string.h>
#include <wchar.h>

void oc_plain_text_begin(oc_plain_text *text, FILE *out, bool color)
{
    *text = (oc_plain_text){.out = out, .color = color};
    text->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    text->before = text->utf8 == (locale_t)0 ? (locale_t)0 : uselocale(text->utf8);
}

void oc_plain_text_end(oc_plain_text *text)
{
    if (text->utf8 != (locale_t)0) {
        uselocale(text->before);
        freelocale(text->utf8);
    }
}

/* One character as it is printed. */
struct glyph {
    char bytes[16];
    size_t columns;
    size_t taken; /* of the input */
};

static struct glyph next_glyph(const char *at)
{
    struct glyph glyph = {{0}, 1, 1};
    wchar_t character = 0;
    mbstate_t state;
    memset(&state, 0, sizeof state);
    size_t len = mbrtowc(&character, at, strlen(at), &state);
    if (len == (size_t)-1 || len == (size_t)-2) {
        snprintf(glyph.bytes, sizeof glyph.bytes, "?");
        return glyph;
    }
    glyph.taken = len;
    if (character == L'\n' || character == L'\t') {
        glyph.bytes[0] = ' ';
        return glyph;
    }
    int columns = wcwidth(character);
    bool turns = (character >= 0x200B && character <= 0x200F) || (character >= 0x2028 && character <= 0x202E) ||
                 (character >= 0x2060 && character <= 0x206F) || character == 0x061C;
    if (columns < 0 || turns) {
        glyph.columns = (size_t)snprintf(glyph.bytes, sizeof glyph.bytes, "\\u%04X", (unsigned)character);
        return glyph;
    }
    memcpy(glyph.bytes, at, len);
    glyph.columns = (size_t)columns;
    return glyph;
}

static size_t width_of(const char *utf8)
{
    size_t columns = 0;
    while (*utf8 != '\0') {
        struct glyph glyph = next_glyph(utf8);
        columns += glyph.columns;
        utf8 += glyph.taken;
    }
    return columns;
}

void oc_plain_text_put(oc_plain_text *text, const char *utf8, size_t columns, bool fill)
{
    size_t used = 0;
    bool cut = columns > 0 && width_of(utf8) > columns;
    while (*utf8 != '\0') {
        struct glyph glyph = next_glyph(utf8);
        if (cut && used + glyph.columns + 1 > columns) {
            fputs("…", text->out);
            used++;
            break;
        }
        fputs(glyph.bytes, text->out);
        used += glyph.columns;
        utf8 += glyph.taken;
    }
    for (; fill && used < columns; used++) {
        fputc(' ', text->out);
    }
}

void oc_plain_text_color(oc_plain_text *text, unsigned sgr)
{
    if (text->color) {
        fprintf(text->out, "\033[%um", sgr);
    }
}

void oc_plain_text_plain(oc_plain_text *text)
{
    if (text->color) {
        fputs("\033[0m", text->out);
    }
}
