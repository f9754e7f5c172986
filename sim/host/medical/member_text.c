/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/signature.h"

/* Behind the string that begins at `at` with its quotation mark. */
static size_t behind_string(oc_span json, size_t at)
{
    for (at++; at < json.len && json.at[at] != '"'; at++) {
        at += json.at[at] == '\\';
    }
    return at < json.len ? at + 1 : json.len;
}

static size_t behind_blanks(oc_span json, size_t at)
{
    while (at < json.len && memchr(" \t\r\n", json.at[at], 4) != NULL) {
        at++;
    }
    return at;
}

/* Behind the value that begins at `at`. */
static size_t behind_value(oc_span json, size_t at)
{
    size_t depth = 0;
    while (at < json.len) {
        uint8_t c = json.at[at];
        if (c == '"') {
            at = behind_string(json, at);
        } else if (depth == 0 && (c == ',' || c == '}' || c == ']' || memchr(" \t\r\n", c, 4) != NULL)) {
            return at;
        } else {
            depth += c == '{' || c == '[';
            depth -= c == '}' || c == ']';
            at++;
        }
        if (depth == 0 && (c == '"' || c == '}' || c == ']')) {
            return at;
        }
    }
    return at;
}

oc_span oc_med_member_text(oc_span json, const char *name)
{
    size_t len = strlen(name);
    size_t at = behind_blanks(json, 0);
    if (at == json.len || json.at[at] != '{') {
        return oc_span_empty();
    }
    at = behind_blanks(json, at + 1);
    while (at < json.len && json.at[at] == '"') {
        size_t end = behind_string(json, at);
        bool same = end - at == len + 2 && memcmp(json.at + at + 1, name, len) == 0;
        size_t value = behind_blanks(json, end);
        value = behind_blanks(json, value < json.len ? value + 1 : value);
        end = behind_value(json, value);
        if (same) {
            return oc_span_slice(json, value, end - value);
        }
        at = behind_blanks(json, end);
        at = behind_blanks(json, at < json.len && json.at[at] == ',' ? at + 1 : at);
    }
    return oc_span_empty();
}
