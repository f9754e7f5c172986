/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_PLAIN_TEXT_H
#define OC_REPORTS_PLAIN_TEXT_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Text for a terminal: columns count what is seen (a Chinese character takes two), and nothing that stands in a
 * record can move the cursor or turn the writing around. */
typedef struct oc_plain_text {
    FILE *out;
    bool color;
    locale_t utf8;   /* widths need one; of this object only */
    locale_t before; /* the thread's own, back in oc_plain_text_end */
} oc_plain_text;

void oc_plain_text_begin(oc_plain_text *text, FILE *out, bool color);
void oc_plain_text_end(oc_plain_text *text);

/* Writes on one line, cut to `columns` with "…" (0: whole), filled up with blanks when `fill`. */
void oc_plain_text_put(oc_plain_text *text, const char *utf8, size_t columns, bool fill);

/* Columns that `utf8` takes on one line. For use between begin and end, or under a UTF-8 locale. */
size_t oc_plain_text_width(const char *utf8);

/* A copy of `utf8` with line ends set so that no line is wider than `columns`: at blanks, and between Chinese characters
 * where no line may begin or end with the mark that stands there. To be freed; NULL when memory is out. */
char *oc_plain_text_fold(const char *utf8, size_t columns);

/* A colour of SGR: 31 red, 32 green, 33 yellow, 1 bold; ends with oc_plain_text_plain. */
void oc_plain_text_color(oc_plain_text *text, unsigned sgr);
void oc_plain_text_plain(oc_plain_text *text);

#ifdef __cplusplus
}
#endif
#endif
