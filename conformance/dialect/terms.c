/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/dialect/terms.h"

#include <stdio.h>

#include "conformance/dialect/value.h"

#define NESTING_MAX 32

struct parser {
    const char *at;
    oc_term_answer *answer;
    void *context;
    char *decided;
    size_t room;
    size_t used;
    int depth;
    oc_diag *diag;
};

static void skip_blanks(struct parser *parser)
{
    parser->at += strspn(parser->at, " \t\r\n");
}

static bool word_char(char c)
{
    return oc_name_char(c) || c == '.' || c == '/' || c == '#';
}

static size_t word_length(const char *at)
{
    size_t len = 0;
    while (word_char(at[len])) {
        len++;
    }
    return len;
}

static bool take_word(struct parser *parser, const char *word)
{
    skip_blanks(parser);
    size_t len = word_length(parser->at);
    if (len != strlen(word) || strncmp(parser->at, word, len) != 0) {
        return false;
    }
    parser->at += len;
    return true;
}

static void note(struct parser *parser, const oc_term *term, bool value)
{
    if (parser->decided == NULL || parser->used >= parser->room) {
        return;
    }
    bool argument = term->argument[0] != '\0';
    int n = snprintf(parser->decided + parser->used, parser->room - parser->used, "%s%s%s%s%s = %s",
                     parser->used == 0 ? "" : ", ", term->name, argument ? "(" : "", term->argument,
                     argument ? ")" : "", value ? "yes" : "no");
    parser->used += n > 0 ? (size_t)n : 0;
}

static oc_result malformed(struct parser *parser)
{
    return oc_diag_fail(parser->diag, OC_E_FORMAT, "malformed condition at: %.40s", parser->at);
}

static oc_result take_part(struct parser *parser, char *out, size_t room)
{
    size_t len = word_length(parser->at);
    if (len == 0 || len >= room) {
        return malformed(parser);
    }
    memcpy(out, parser->at, len);
    out[len] = '\0';
    parser->at += len;
    return oc_ok();
}

static oc_result take_term(struct parser *parser, bool *value)
{
    oc_term term = {0};
    OC_TRY(take_part(parser, term.name, sizeof term.name));
    if (*parser->at == '(') {
        parser->at++;
        OC_TRY(take_part(parser, term.argument, sizeof term.argument));
        if (*parser->at++ != ')') {
            parser->at--;
            return malformed(parser);
        }
    }
    if (!oc_is_ok(parser->answer(parser->context, &term, value))) {
        return oc_diag_fail(parser->diag, OC_E_NOT_FOUND, "%s%s%s%s is no known term", term.name,
                            term.argument[0] ? "(" : "", term.argument, term.argument[0] ? ")" : "");
    }
    note(parser, &term, *value);
    return oc_ok();
}

static oc_result take_or(struct parser *parser, bool *value);

static oc_result take_factor(struct parser *parser, bool *value)
{
    if (++parser->depth > NESTING_MAX) {
        return malformed(parser);
    }
    oc_result r;
    skip_blanks(parser);
    if (take_word(parser, "not")) {
        r = take_factor(parser, value);
        *value = oc_is_ok(r) && !*value;
    } else if (*parser->at == '(') {
        parser->at++;
        r = take_or(parser, value);
        skip_blanks(parser);
        if (oc_is_ok(r) && *parser->at != ')') {
            r = malformed(parser);
        }
        parser->at += oc_is_ok(r) ? 1 : 0;
    } else {
        r = take_term(parser, value);
    }
    parser->depth--;
    return r;
}

/* Both sides are always read, so that an unknown term is found wherever it stands. */
static oc_result take_and(struct parser *parser, bool *value)
{
    OC_TRY(take_factor(parser, value));
    while (take_word(parser, "and")) {
        bool right = false;
        OC_TRY(take_factor(parser, &right));
        *value = *value && right;
    }
    return oc_ok();
}

static oc_result take_or(struct parser *parser, bool *value)
{
    OC_TRY(take_and(parser, value));
    while (take_word(parser, "or")) {
        bool right = false;
        OC_TRY(take_and(parser, &right));
        *value = *value || right;
    }
    return oc_ok();
}

oc_result oc_condition_evaluate(const char *condition, oc_term_answer *answer, void *context, bool *value,
                                char *decided, size_t room, oc_diag *diag)
{
    struct parser parser = {
        .at = condition, .answer = answer, .context = context, .decided = decided, .room = room, .diag = diag};
    if (decided != NULL && room > 0) {
        decided[0] = '\0';
    }
    OC_TRY(take_or(&parser, value));
    skip_blanks(&parser);
    return *parser.at == '\0' ? oc_ok() : malformed(&parser);
}
