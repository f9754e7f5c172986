/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/cli/help.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/cli/words.h"
#include "reports/plain_text.h"

#define COLUMNS 79
#define TEXT_COLUMN 29

/* Writes `text` in lines of which all but the first begin in column `indent`. */
static void put_folded(FILE *out, const char *text, size_t indent)
{
    char *folded = oc_plain_text_fold(text, COLUMNS - indent);
    const char *line = folded != NULL ? folded : text;
    while (*line != '\0') {
        size_t len = strcspn(line, "\n");
        fprintf(out, "%.*s\n", (int)len, line);
        line += len + (line[len] == '\n');
        if (*line != '\0') {
            fprintf(out, "%*s", (int)indent, "");
        }
    }
    free(folded);
}

static void put_option(FILE *out, const struct argp_option *option)
{
    bool letter = option->key > 0 && option->key < 128 && isprint(option->key);
    const char *argument = option->arg == NULL ? "" : option->arg;
    const char *open = option->arg == NULL ? "" : (option->flags & OPTION_ARG_OPTIONAL) != 0 ? "[=" : "=";
    const char *shut = (option->flags & OPTION_ARG_OPTIONAL) != 0 ? "]" : "";
    const char before[] = {letter ? '-' : ' ', letter ? (char)option->key : ' ', letter ? ',' : ' ', '\0'};
    int used = fprintf(out, "  %s --%s%s%s%s", before, option->name, open, argument, shut);
    if (used + 2 > TEXT_COLUMN) {
        fprintf(out, "\n%*s", TEXT_COLUMN, "");
    } else {
        fprintf(out, "%*s", TEXT_COLUMN - used, "");
    }
    put_folded(out, _(option->doc), TEXT_COLUMN);
}

static void put_options(FILE *out, const struct argp_option *option)
{
    for (; option->name != NULL || option->doc != NULL; option++) {
        if (option->name == NULL) {
            fprintf(out, "\n %s\n", _(option->doc));
        } else {
            put_option(out, option);
        }
    }
}

/* The part of the documentation before or behind its \v, in the reader's language; "" where there is none. */
static void put_documentation(FILE *out, const char *text, bool behind)
{
    const char *mark = strchr(text, '\v');
    const char *from = behind ? (mark == NULL ? "" : mark + 1) : text;
    char *part = strndup(from, !behind && mark != NULL ? (size_t)(mark - text) : strlen(from));
    if (part != NULL && part[0] != '\0') {
        fputs(behind ? "\n" : "", out);
        put_folded(out, _(part), 0);
    }
    free(part);
}

void oc_help_print(FILE *out, const struct argp *argp, const struct argp_option *common, const char *name)
{
    const char *documentation = argp->doc == NULL ? "" : argp->doc;
    fprintf(out, "%s %s%s%s%s\n", _("Usage:"), name, _(" [OPTION...]"), argp->args_doc == NULL ? "" : " ",
            argp->args_doc == NULL ? "" : argp->args_doc);
    put_documentation(out, documentation, false);
    fputc('\n', out);
    put_options(out, argp->options);
    fputc('\n', out);
    put_options(out, common);
    put_documentation(out, documentation, true);
}
