/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/driver_host/json.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct reader {
    oc_dh_json *json;
    char *at;
    char *end;
    const char *why;
};

static bool fail(struct reader *rd, const char *why)
{
    if (rd->why == NULL) {
        rd->why = why;
    }
    return false;
}

static void skip_blanks(struct reader *rd)
{
    while (rd->at < rd->end && (*rd->at == ' ' || *rd->at == '\t' || *rd->at == '\r' || *rd->at == '\n')) {
        rd->at++;
    }
}

static bool take(struct reader *rd, char c)
{
    skip_blanks(rd);
    if (rd->at < rd->end && *rd->at == c) {
        rd->at++;
        return true;
    }
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hex digits behind "\u". */
static bool take_unit(struct reader *rd, unsigned *unit)
{
    *unit = 0;
    if (rd->end - rd->at < 4) {
        return fail(rd, "an escape is cut off");
    }
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(*rd->at++);
        if (digit < 0) {
            return fail(rd, "an escape has a digit that is none");
        }
        *unit = *unit << 4 | (unsigned)digit;
    }
    return true;
}

static bool take_code_point(struct reader *rd, unsigned *point)
{
    unsigned low = 0;
    if (!take_unit(rd, point)) {
        return false;
    }
    if (*point >= 0xD800 && *point < 0xDC00) {
        if (rd->end - rd->at < 2 || rd->at[0] != '\\' || rd->at[1] != 'u') {
            return fail(rd, "half a surrogate pair");
        }
        rd->at += 2;
        if (!take_unit(rd, &low)) {
            return false;
        }
        if (low < 0xDC00 || low > 0xDFFF) {
            return fail(rd, "half a surrogate pair");
        }
        *point = 0x10000 + ((*point - 0xD800) << 10) + (low - 0xDC00);
    } else if (*point >= 0xDC00 && *point <= 0xDFFF) {
        return fail(rd, "half a surrogate pair");
    }
    return *point != 0 || fail(rd, "a text holds U+0000");
}

/* UTF-8 never takes more room than the escape did. */
static char *put_point(char *to, unsigned point)
{
    if (point < 0x80) {
        *to++ = (char)point;
    } else if (point < 0x800) {
        *to++ = (char)(0xC0 | point >> 6);
        *to++ = (char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        *to++ = (char)(0xE0 | point >> 12);
        *to++ = (char)(0x80 | (point >> 6 & 0x3F));
        *to++ = (char)(0x80 | (point & 0x3F));
    } else {
        *to++ = (char)(0xF0 | point >> 18);
        *to++ = (char)(0x80 | (point >> 12 & 0x3F));
        *to++ = (char)(0x80 | (point >> 6 & 0x3F));
        *to++ = (char)(0x80 | (point & 0x3F));
    }
    return to;
}

static bool take_escape(struct reader *rd, char **to)
{
    static const char from[] = "\"\\/bfnrt";
    static const char becomes[] = "\"\\/\b\f\n\r\t";
    if (rd->at == rd->end) {
        return fail(rd, "an escape is cut off");
    }
    char c = *rd->at++;
    if (c == 'u') {
        unsigned point;
        if (!take_code_point(rd, &point)) {
            return false;
        }
        *to = put_point(*to, point);
        return true;
    }
    const char *found = c == '\0' ? NULL : strchr(from, c);
    if (found == NULL) {
        return fail(rd, "an escape is unknown");
    }
    *(*to)++ = becomes[found - from];
    return true;
}

/* Behind the opening quote; decodes in place, and the NUL takes the place of the closing quote at the latest. */
static bool take_text(struct reader *rd, const char **text)
{
    char *to = rd->at;
    *text = rd->at;
    while (rd->at < rd->end && *rd->at != '"') {
        if ((unsigned char)*rd->at < 0x20) {
            return fail(rd, "a text holds a control character");
        }
        if (*rd->at == '\\') {
            rd->at++;
            if (!take_escape(rd, &to)) {
                return false;
            }
        } else {
            *to++ = *rd->at++;
        }
    }
    if (rd->at == rd->end) {
        return fail(rd, "a text is not closed");
    }
    rd->at++;
    *to = '\0';
    return true;
}

static bool take_number(struct reader *rd, long long *number)
{
    bool minus = *rd->at == '-';
    const char *begin = rd->at += minus ? 1 : 0;
    unsigned long long value = 0;
    for (; rd->at < rd->end && *rd->at >= '0' && *rd->at <= '9'; rd->at++) {
        unsigned digit = (unsigned)(*rd->at - '0');
        if (value > ((unsigned long long)LLONG_MAX - digit) / 10) {
            return fail(rd, "a number is too big");
        }
        value = value * 10 + digit;
    }
    if (rd->at == begin || (rd->at < rd->end && (*rd->at == '.' || *rd->at == 'e' || *rd->at == 'E'))) {
        return fail(rd, "a number is not whole");
    }
    *number = minus ? -(long long)value : (long long)value;
    return true;
}

static bool take_word(struct reader *rd, oc_dh_value *value)
{
    static const struct {
        const char *word;
        enum oc_dh_kind kind;
        int number;
    } words[] = {{"true", OC_DH_BOOL, 1}, {"false", OC_DH_BOOL, 0}, {"null", OC_DH_NULL, 0}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = strlen(words[i].word);
        if ((size_t)(rd->end - rd->at) >= len && memcmp(rd->at, words[i].word, len) == 0) {
            rd->at += len;
            value->kind = words[i].kind;
            value->number = words[i].number;
            return true;
        }
    }
    return fail(rd, "a value is none");
}

static bool take_value(struct reader *rd, unsigned parent, const char *name, unsigned depth);

static bool take_members(struct reader *rd, unsigned parent, bool is_object, unsigned depth)
{
    char close = is_object ? '}' : ']';
    if (take(rd, close)) {
        return true;
    }
    do {
        const char *name = NULL;
        if (is_object) {
            if (!take(rd, '"') || !take_text(rd, &name) || !take(rd, ':')) {
                return fail(rd, "a member has no name");
            }
            if (oc_dh_json_member(rd->json, parent, name) != NULL) {
                return fail(rd, "a member stands twice");
            }
        }
        if (!take_value(rd, parent, name, depth)) {
            return false;
        }
    } while (take(rd, ','));
    return take(rd, close) || fail(rd, "a list or object is not closed");
}

static bool take_value(struct reader *rd, unsigned parent, const char *name, unsigned depth)
{
    if (rd->json->count == OC_DH_VALUES) {
        return fail(rd, "there are too many values");
    }
    unsigned index = rd->json->count++;
    oc_dh_value *value = &rd->json->at[index];
    *value = (oc_dh_value){.name = name, .text = "", .parent = parent};
    skip_blanks(rd);
    if (rd->at == rd->end) {
        return fail(rd, "a value is missing");
    }
    if (*rd->at == '{' || *rd->at == '[') {
        value->kind = *rd->at == '{' ? OC_DH_OBJECT : OC_DH_LIST;
        rd->at++;
        return depth < OC_DH_DEPTH ? take_members(rd, index, value->kind == OC_DH_OBJECT, depth + 1)
                                   : fail(rd, "it is nested too deep");
    }
    if (*rd->at == '"') {
        value->kind = OC_DH_TEXT;
        rd->at++;
        return take_text(rd, &value->text);
    }
    if (*rd->at == '-' || (*rd->at >= '0' && *rd->at <= '9')) {
        value->kind = OC_DH_NUMBER;
        return take_number(rd, &value->number);
    }
    return take_word(rd, value);
}

bool oc_dh_json_read(oc_dh_json *out, char *line, size_t len, const char **why)
{
    struct reader rd = {.json = out, .at = line, .end = line + len};
    out->count = 0;
    bool good = take_value(&rd, 0, NULL, 0);
    if (good && out->at[0].kind != OC_DH_OBJECT) {
        good = fail(&rd, "it is no object");
    }
    skip_blanks(&rd);
    if (good && rd.at != rd.end) {
        good = fail(&rd, "something stands behind the object");
    }
    *why = rd.why;
    return good;
}

const oc_dh_value *oc_dh_json_next(const oc_dh_json *json, unsigned parent, const oc_dh_value *after)
{
    unsigned first = after == NULL ? parent + 1 : oc_dh_json_index(json, after) + 1;
    for (unsigned i = first; i < json->count; i++) {
        if (json->at[i].parent == parent) {
            return &json->at[i];
        }
    }
    return NULL;
}

const oc_dh_value *oc_dh_json_member(const oc_dh_json *json, unsigned parent, const char *name)
{
    const oc_dh_value *value = NULL;
    while ((value = oc_dh_json_next(json, parent, value)) != NULL) {
        if (value->name != NULL && strcmp(value->name, name) == 0) {
            return value;
        }
    }
    return NULL;
}

unsigned oc_dh_json_index(const oc_dh_json *json, const oc_dh_value *value)
{
    return (unsigned)(value - json->at);
}
