/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/plain_text.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void oc_plain_text_begin(oc_plain_text *text, FILE *out, bool color)
{
    *text = (oc_plain_text){.out = out, .color = color};
    /* The language of messages stays what it is. */
    locale_t present = duplocale(uselocale((locale_t)0));
    text->utf8 = present == (locale_t)0 ? present : newlocale(LC_CTYPE_MASK, "C.UTF-8", present);
    if (text->utf8 == (locale_t)0 && present != (locale_t)0) {
        freelocale(present);
    }
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

size_t oc_plain_text_width(const char *utf8)
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
    bool cut = columns > 0 && oc_plain_text_width(utf8) > columns;
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

/* Marks that no line begins with, and those that none ends with (GB/T 15834-2011, 5.1). */
static bool is_among(const char *marks, const struct glyph *glyph)
{
    return glyph->bytes[0] != '\0' && strstr(marks, glyph->bytes) != NULL;
}

static bool may_break(const struct glyph *before, const struct glyph *after)
{
    return (before->columns == 2 || after->columns == 2) && !is_among("，。；：、？！）》”’…,.;:)]", after) &&
           !is_among("（《“‘([", before);
}

/* Puts lines into `out`, which has room for a line end at each character. */
static void fold_into(char *out, const char *utf8, size_t columns)
{
    struct glyph last = {{0}, 0, 0};
    char *line = out;       /* where the line begins */
    char *chance = NULL;    /* where it may end */
    size_t used = 0;        /* columns of the line */
    size_t chance_used = 0; /* of them before the chance */
    while (*utf8 != '\0') {
        struct glyph glyph = next_glyph(utf8);
        bool line_end = *utf8 == '\n';
        if (!line_end && (*utf8 == ' ' || may_break(&last, &glyph)) && out > line) {
            chance = out;
            chance_used = used;
        }
        if (!line_end && used + glyph.columns > columns && chance != NULL) {
            size_t blank = *chance == ' ' && chance < out;
            memmove(chance + 1, chance + blank, (size_t)(out - chance) - blank);
            *chance = '\n';
            out += 1 - (ptrdiff_t)blank;
            used -= chance_used + blank;
            line = chance + 1;
            chance = NULL;
        }
        if (line_end) {
            *out++ = '\n';
            line = out;
            chance = NULL;
            used = 0;
        } else if (out > line || *utf8 != ' ' || line[-1] != '\n') {
            size_t len = strlen(glyph.bytes);
            memcpy(out, glyph.bytes, len);
            out += len;
            used += glyph.columns;
        }
        last = glyph;
        utf8 += glyph.taken;
    }
    *out = '\0';
}

char *oc_plain_text_fold(const char *utf8, size_t columns)
{
    /* A character that is not printed as it is becomes one of up to 10 bytes. */
    char *out = malloc(strlen(utf8) * 11 + 2);
    oc_plain_text text;
    if (out != NULL) {
        out[0] = '\n'; /* so that there is something before the first line */
        oc_plain_text_begin(&text, NULL, false);
        fold_into(out + 1, utf8, columns);
        oc_plain_text_end(&text);
        memmove(out, out + 1, strlen(out + 1) + 1);
    }
    return out;
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
