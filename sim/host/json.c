/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/json.h"

#include <stdlib.h>

/* jansson parses by recursion, 2048 levels deep, and keeps some 100 bytes a value: both are bounded before it starts.
 * Brackets and commas inside strings do not count. What is no JSON at all is left to the parser. */
static oc_result check_size(oc_span text, oc_diag *diag)
{
    size_t depth = 0;
    size_t values = 1;
    bool in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (in_string) {
            i += c == '\\';
            in_string = c != '"';
            continue;
        }
        in_string = c == '"';
        values += c == ',' || c == '[' || c == '{';
        if ((c == '[' || c == '{') && ++depth > OC_JSON_DEPTH) {
            return oc_diag_fail(diag, OC_E_LIMIT, "the JSON text is nested more than %d levels deep", OC_JSON_DEPTH);
        }
        depth -= (c == ']' || c == '}') && depth > 0;
    }
    return values <= OC_JSON_VALUES
               ? oc_ok()
               : oc_diag_fail(diag, OC_E_LIMIT, "the JSON text holds more than %d values", OC_JSON_VALUES);
}

static const char *reason_of(enum json_error_code code)
{
    static const struct {
        enum json_error_code code;
        const char *reason;
    } reasons[] = {
        {json_error_invalid_utf8, "a byte that is not UTF-8"},
        {json_error_premature_end_of_input, "the text ends too early"},
        {json_error_end_of_input_expected, "something stands behind the value"},
        {json_error_invalid_syntax, "not JSON"},
        {json_error_duplicate_key, "a name stands twice in one object"},
        {json_error_numeric_overflow, "a number that does not fit"},
        {json_error_null_character, "the character U+0000"},
        {json_error_null_byte_in_key, "the character U+0000 in a name"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].code == code) {
            return reasons[i].reason;
        }
    }
    return "not an object or array";
}

oc_result oc_json_parse(json_t **out, oc_span text, oc_diag *diag)
{
    *out = NULL;
    OC_TRY(check_size(text, diag));
    json_error_t error;
    *out = json_loadb(text.len == 0 ? "" : (const char *)text.at, text.len, JSON_REJECT_DUPLICATES, &error);
    if (*out != NULL) {
        return oc_ok();
    }
    enum json_error_code code = json_error_code(&error);
    if (code == json_error_out_of_memory) {
        return oc_fail(OC_E_MEMORY);
    }
    return oc_diag_fail(diag, OC_E_FORMAT, "line %d, column %d of the JSON text: %s", error.line, error.column,
                        reason_of(code));
}

static int append(const char *text, size_t len, void *out)
{
    return oc_is_ok(oc_buf_append(out, oc_span_of(text, len))) ? 0 : -1;
}

oc_result oc_json_print(oc_buf *out, const json_t *value)
{
    return json_dump_callback(value, append, out, JSON_COMPACT | JSON_ENCODE_ANY) == 0 ? oc_ok()
                                                                                       : oc_fail(OC_E_MEMORY);
}

static json_t *text_of(oc_span text)
{
    json_t *value = json_stringn(text.len == 0 ? "" : (const char *)text.at, text.len);
    if (value != NULL) {
        return value;
    }
    char *plain = malloc(text.len + 1);
    for (size_t i = 0; plain != NULL && i < text.len; i++) {
        plain[i] = text.at[i] < 0x80 ? (char)text.at[i] : '?';
    }
    value = plain == NULL ? NULL : json_stringn(plain, text.len);
    free(plain);
    return value;
}

oc_result oc_json_set_text(json_t *object, const char *name, oc_span text)
{
    return json_object_set_new(object, name, text_of(text)) == 0 ? oc_ok() : oc_fail(OC_E_MEMORY);
}

oc_result oc_json_to_fields(oc_fields *out, const json_t *object, oc_diag *diag)
{
    oc_fields_free(out);
    if (!json_is_object(object)) {
        return oc_diag_fail(diag, OC_E_FORMAT, "the JSON text is not an object");
    }
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        if (!json_is_string(value)) {
            return oc_diag_fail(diag, OC_E_FORMAT, "member '%.40s' is not a text", name);
        }
        oc_result r = oc_fields_set(out, name, oc_span_of(json_string_value(value), json_string_length(value)));
        if (r.code == OC_E_LIMIT) {
            return oc_diag_fail(diag, OC_E_LIMIT, "more than %d members, or a name of %d characters or more",
                                OC_FIELDS_MAX, OC_FIELD_NAME_MAX);
        }
        OC_TRY(r);
    }
    return oc_ok();
}

oc_result oc_json_from_fields(json_t **out, const oc_fields *fields)
{
    json_t *object = json_object();
    oc_result r = object == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    for (size_t i = 0; i < fields->count && oc_is_ok(r); i++) {
        r = oc_json_set_text(object, fields->at[i].name, oc_buf_span(&fields->at[i].value));
    }
    if (!oc_is_ok(r)) {
        json_decref(object);
        object = NULL;
    }
    *out = object;
    return r;
}
