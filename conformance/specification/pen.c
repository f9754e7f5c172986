/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/specification/pen.h"

#include <string.h>

void oc_pen_text(FILE *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        switch (*at) {
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '&':
            fputs("&amp;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            if ((unsigned char)*at >= ' ' || *at == '\n' || *at == '\t') {
                fputc(*at, out);
            }
            break;
        }
    }
}

void oc_pen_code(FILE *out, const char *text)
{
    fputs("<code>", out);
    oc_pen_text(out, text);
    fputs("</code>", out);
}

void oc_pen_both(FILE *out, const char *zh, const char *en)
{
    if (zh[0] != '\0' && en[0] == '\0') {
        fputs("<span lang=\"zh-CN\">", out);
        oc_pen_text(out, zh);
    } else if (zh[0] == '\0') {
        fputs("<span lang=\"en\">", out);
        oc_pen_text(out, en);
    } else {
        fputs("<span class=\"zh\" lang=\"zh-CN\">", out);
        oc_pen_text(out, zh);
        fputs("</span> <span class=\"en\" lang=\"en\">", out);
        oc_pen_text(out, en);
    }
    fputs("</span>", out);
}

void oc_pen_count(FILE *out, size_t count, const char *zh, const char *en)
{
    fprintf(out, "%zu ", count);
    oc_pen_both(out, zh, en);
}

void oc_pen_anchor(FILE *out, const char *id)
{
    for (const char *at = id; *at != '\0'; at++) {
        const char one[] = {*at == ' ' || *at == '%' ? '_' : *at, '\0'};
        oc_pen_text(out, one);
    }
}

void oc_pen_value(FILE *out, const oc_value *value)
{
    if (value->count > 0 && value->source != NULL) {
        oc_pen_code(out, value->source);
    }
}
