/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/medical/money.h"

/* Elements of an array that are looked at; a body is bounded, this bounds the time too. */
#define ELEMENTS_MAX 2000

static const struct {
    const char *word;
    const char *zh;
    const char *en;
} flaws[] = {
#define OC_MED_FLAW_ROW(name, word, zh, en) {word, zh, en},
    OC_MED_FLAWS(OC_MED_FLAW_ROW)
#undef OC_MED_FLAW_ROW
};

const char *oc_med_flaw_word(enum oc_med_flaw flaw)
{
    return flaws[flaw].word;
}

const char *oc_med_flaw_zh(enum oc_med_flaw flaw)
{
    return flaws[flaw].zh;
}

const char *oc_med_flaw_en(enum oc_med_flaw flaw)
{
    return flaws[flaw].en;
}

void oc_med_find(oc_med_findings *findings, enum oc_med_flaw flaw, char source, const char *path, const char *received,
                 const char *format, ...)
{
    if (findings->count == OC_MED_FINDINGS_MAX) {
        return;
    }
    oc_med_finding *finding = &findings->at[findings->count++];
    *finding = (oc_med_finding){.flaw = flaw, .source = source};
    snprintf(finding->path, sizeof finding->path, "%s", path);
    snprintf(finding->received, sizeof finding->received, "%s", received == NULL ? "" : received);
    va_list args;
    va_start(args, format);
    vsnprintf(finding->expected, sizeof finding->expected, format, args);
    va_end(args);
}

const oc_med_finding *oc_med_first_fault(const oc_med_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->at[i].flaw != OC_MED_FLAW_UNKNOWN) {
            return &findings->at[i];
        }
    }
    return NULL;
}

/* Characters of UTF-8 that the parser has found valid. */
static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return count;
}

static bool all_of(const char *text, const char *allowed)
{
    return text[strspn(text, allowed)] == '\0';
}

static bool is_number(const char *text, size_t at, size_t len, int low, int high)
{
    int number = 0;
    for (size_t i = at; i < at + len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        number = number * 10 + (text[i] - '0');
    }
    return number >= low && number <= high;
}

static bool is_date(const char *text)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (!is_number(text, 0, 4, 1, 9999) || text[4] != '-' || !is_number(text, 5, 2, 1, 12) || text[7] != '-') {
        return false;
    }
    int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] - '0';
    int month = (text[5] - '0') * 10 + text[6] - '0';
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return is_number(text, 8, 2, 1, days[month - 1] + (month == 2 && leap));
}

static bool is_datetime(const char *text)
{
    return strlen(text) == 19 && is_date(text) && text[10] == ' ' && is_number(text, 11, 2, 0, 23) &&
           text[13] == ':' && is_number(text, 14, 2, 0, 59) && text[16] == ':' && is_number(text, 17, 2, 0, 59);
}

static bool has_form(const oc_med_field *field, const char *text)
{
    switch (field->type) {
    case OC_MED_DIGITS:
        return all_of(text, "0123456789");
    case OC_MED_HEX:
        return all_of(text, "0123456789ABCDEFabcdef");
    case OC_MED_BASE64:
        return all_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") &&
               strlen(text) % 4 == 0;
    case OC_MED_DATE:
        return strlen(text) == 10 && is_date(text);
    case OC_MED_DATETIME:
        return is_datetime(text);
    case OC_MED_INTEGER:
        return text[0] != '\0' && all_of(text, "0123456789");
    case OC_MED_TEXT:
    case OC_MED_CODE:
    case OC_MED_DECIMAL:
        break;
    }
    return true;
}

static const char *type_name(enum oc_med_type type)
{
    static const char *const names[] = {"text",     "digits",     "hex digits",          "a code", "a whole number",
                                        "a number", "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "base64"};
    return names[type];
}

/* What may be shown of a value: of codes, numbers and times the value, of all else only how long it is. */
static const char *shown(const oc_med_field *field, const json_t *value, char *out, size_t room)
{
    bool open = field->type == OC_MED_CODE || field->type == OC_MED_INTEGER || field->type == OC_MED_DECIMAL ||
                field->type == OC_MED_DATE || field->type == OC_MED_DATETIME;
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        if (open && strlen(text) < room) {
            snprintf(out, room, "%s", text);
        } else {
            snprintf(out, room, "%zu characters", characters(text));
        }
    } else if (json_is_integer(value)) {
        snprintf(out, room, "%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        snprintf(out, room, "%.10g", json_real_value(value));
    } else {
        snprintf(out, room, "%s",
                 json_is_array(value)    ? "an array"
                 : json_is_object(value) ? "an object"
                                         : "no value");
    }
    return out;
}

/* Of a number, also one that is too long for an amount; 0 for what is none. */
static double magnitude(const json_t *value)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    return json_is_number(value)          ? fabs(json_number_value(value))
           : all_of(text, "-.0123456789") ? fabs(strtod(text, NULL))
                                          : 0;
}

static void check_decimal(const oc_med_field *field, const json_t *value, const char *path, const char *received,
                          oc_med_findings *findings)
{
    int64_t number;
    if (field->len > field->decimals && magnitude(value) >= pow(10, field->len - field->decimals)) {
        oc_med_find(findings, OC_MED_FLAW_TOO_LONG, field->source, path, received, "at most %u digits", field->len);
        return;
    }
    if (!oc_med_decimal(value, field->decimals, &number) || (number < 0 && !field->is_signed)) {
        oc_med_find(findings, OC_MED_FLAW_TYPE, field->source, path, received, "a%s number with at most %u decimals",
                    field->is_signed ? "" : " non-negative", field->decimals);
    }
}

static void check_text(const oc_med_field *field, const char *text, const char *path, const char *received,
                       oc_med_findings *findings)
{
    size_t len = characters(text);
    if (len > field->len) {
        oc_med_find(findings, OC_MED_FLAW_TOO_LONG, field->source, path, received, "at most %u characters",
                    field->len);
    } else if (field->exact && len != field->len) {
        oc_med_find(findings, OC_MED_FLAW_LENGTH, field->source, path, received, "%u characters", field->len);
    } else if (!has_form(field, text)) {
        oc_med_find(findings, OC_MED_FLAW_TYPE, field->source, path, received, "%s", type_name(field->type));
    } else if (field->dictionary != NULL && oc_med_dictionary_find(field->dictionary, text) == NULL) {
        oc_med_find(findings, OC_MED_FLAW_DICTIONARY, field->source, path, received, "a code of dictionary %s",
                    field->dictionary->id);
    }
}

static bool is_empty(const json_t *value)
{
    return value == NULL || json_is_null(value) || (json_is_string(value) && json_string_value(value)[0] == '\0');
}

static bool asked_for(const oc_med_field *field, const json_t *object)
{
    if (field->required || field->when_field == NULL) {
        return field->required;
    }
    const json_t *other = json_object_get(object, field->when_field);
    return !is_empty(other) && (field->when_value == NULL ||
                                (json_is_string(other) && strcmp(json_string_value(other), field->when_value) == 0));
}

static void check_field(const oc_med_field *field, const json_t *object, const char *path, oc_med_findings *findings)
{
    char received[64];
    const json_t *value = json_object_get(object, field->name);
    if (is_empty(value)) {
        if (asked_for(field, object)) {
            oc_med_find(findings, OC_MED_FLAW_MISSING, field->source, path, NULL, "a value%s%s",
                        field->required ? "" : " when ", field->required ? "" : field->when_field);
        }
        return;
    }
    shown(field, value, received, sizeof received);
    if (field->type == OC_MED_DECIMAL) {
        check_decimal(field, value, path, received, findings);
    } else if (json_is_integer(value) && field->type == OC_MED_INTEGER && json_integer_value(value) >= 0) {
        check_text(field, received, path, received, findings);
    } else if (!json_is_string(value)) {
        oc_med_find(findings, OC_MED_FLAW_TYPE, field->source, path, received, "%s in a string",
                    type_name(field->type));
    } else {
        check_text(field, json_string_value(value), path, received, findings);
    }
}

static bool is_known(const oc_med_node *node, const char *name)
{
    for (size_t i = 0; i < node->field_count; i++) {
        if (strcmp(node->fields[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void check_object(const oc_med_node *node, const json_t *object, const char *path, oc_med_findings *findings)
{
    char where[96];
    for (size_t i = 0; i < node->field_count; i++) {
        snprintf(where, sizeof where, "%s.%s", path, node->fields[i].name);
        check_field(&node->fields[i], object, where, findings);
    }
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        if (!is_known(node, name)) {
            snprintf(where, sizeof where, "%s.%.40s", path, name);
            oc_med_find(findings, OC_MED_FLAW_UNKNOWN, 'P', where, NULL, "only fields of the table");
        }
    }
}

static void check_node(const oc_med_node *node, const json_t *content, oc_med_findings *findings)
{
    char path[96];
    const json_t *value = json_object_get(content, node->name);
    if (value == NULL || json_is_null(value) || (node->many && json_is_array(value) && json_array_size(value) == 0)) {
        if (!node->optional) {
            oc_med_find(findings, OC_MED_FLAW_MISSING, 'B', node->name, NULL, "an %s",
                        node->many ? "array that is not empty" : "object");
        }
        return;
    }
    /* One object in the place of an array is what some systems send; it is taken as an array of one (project choice). */
    if (json_is_object(value)) {
        check_object(node, value, node->name, findings);
        return;
    }
    if (!json_is_array(value) || !node->many) {
        oc_med_find(findings, OC_MED_FLAW_TYPE, 'B', node->name, NULL, node->many ? "an array" : "an object");
        return;
    }
    for (size_t i = 0; i < json_array_size(value) && i < ELEMENTS_MAX; i++) {
        const json_t *element = json_array_get(value, i);
        snprintf(path, sizeof path, "%s[%zu]", node->name, i);
        if (json_is_object(element)) {
            check_object(node, element, path, findings);
        } else {
            oc_med_find(findings, OC_MED_FLAW_TYPE, 'B', path, NULL, "an object");
        }
    }
}

void oc_med_check_content(const oc_med_message *form, bool request, const json_t *content, oc_med_findings *findings)
{
    const oc_med_node *nodes = request ? form->in : form->out;
    size_t count = request ? form->in_count : form->out_count;
    for (size_t i = 0; i < count; i++) {
        check_node(&nodes[i], content, findings);
    }
}

/* True when a field of that name stands in one of the nodes of the input. */
static bool input_has(const json_t *input, const char *name)
{
    const char *node;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)input, node, value)
    {
        const json_t *object = json_is_array(value) ? json_array_get(value, 0) : value;
        if (!is_empty(json_object_get(object, name))) {
            return true;
        }
    }
    return false;
}

void oc_med_check_envelope(const oc_region *region, bool request, const json_t *message, oc_med_findings *findings)
{
    const oc_med_node *envelope = request ? oc_region_request(region) : oc_region_response(region);
    const char *body = request ? "input" : "output";
    for (size_t i = 0; i < envelope->field_count; i++) {
        const oc_med_field *field = &envelope->fields[i];
        check_field(field, message, field->name, findings);
        /* The condition of an envelope's field is about the input: insuplc_admdvs with a psn_no (sheet 2). */
        if (request && field->when_field != NULL && is_empty(json_object_get(message, field->name)) &&
            input_has(json_object_get(message, body), field->when_field)) {
            oc_med_find(findings, OC_MED_FLAW_MISSING, field->source, field->name, NULL,
                        "a value when the input has %s", field->when_field);
        }
    }
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)message, name, value)
    {
        if (strcmp(name, body) != 0 && !is_known(envelope, name)) {
            char where[64];
            snprintf(where, sizeof where, "%.40s", name);
            oc_med_find(findings, OC_MED_FLAW_UNKNOWN, 'P', where, NULL, "only fields of the table");
        }
    }
    const json_t *content = json_object_get(message, body);
    if (request && !json_is_object(content)) {
        oc_med_find(findings, content == NULL ? OC_MED_FLAW_MISSING : OC_MED_FLAW_TYPE, 'B', body, NULL, "an object");
    }
}
