/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "conformance/dut/line_message.h"
#include "sim/base/hex.h"
#include "sim/base/text.h"

static void nonsense(oc_line_answer *out, const char *why)
{
    out->kind = OC_LINE_NONSENSE;
    snprintf(out->text, sizeof out->text, "%s", why);
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* 0 for what is absent, no whole number, or out of the bounds. */
static unsigned number_of(const json_t *object, const char *name, json_int_t most)
{
    json_int_t number = json_integer_value(json_object_get(object, name));
    return number < 0 || number > most ? 0 : (unsigned)number;
}

/* Leaves `out` empty when the member is absent; false when it is there and no hex. */
static bool take_hex(oc_buf *out, const json_t *object, const char *name)
{
    const json_t *member = json_object_get(object, name);
    return member == NULL || (json_is_string(member) &&
                              oc_is_ok(oc_hex_decode(out, json_string_value(member), json_string_length(member))));
}

/* What is written in a printable way only, so that nobody's terminal is upset. */
static void copy_plain(char *out, size_t room, const char *text)
{
    size_t len = 0;
    for (; text != NULL && *text != '\0' && len + 1 < room; text++) {
        out[len++] = (unsigned char)*text < 0x20 || *text == 0x7F ? ' ' : *text;
    }
    /* Not in the middle of a character. */
    if (text != NULL && ((unsigned char)*text & 0xC0) == 0x80) {
        while (len > 0 && ((unsigned char)out[--len] & 0xC0) == 0x80) {
        }
    }
    out[len] = '\0';
}

static void read_exports(oc_line_answer *out, const json_t *object)
{
    const json_t *list = json_object_get(object, "exports");
    out->exports_known = json_is_array(list);
    for (size_t i = 0; i < json_array_size(list) && out->export_count < OC_LINE_EXPORTS_MAX; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name != NULL && strlen(name) < sizeof out->exports[0]) {
            snprintf(out->exports[out->export_count++], sizeof out->exports[0], "%s", name);
        }
    }
}

static void read_hello(oc_line_answer *out, const json_t *object)
{
    const char *load_error = text_of(object, "load_error");
    out->kind = OC_LINE_HELLO;
    copy_plain(out->name, sizeof out->name, text_of(object, "hello"));
    out->pointer_bits = number_of(object, "pointer", 128);
    out->long_bits = number_of(object, "long", 128);
    out->callers = number_of(object, "callers", 16);
    if (load_error != NULL) {
        copy_plain(out->error, sizeof out->error, load_error);
        copy_plain(out->text, sizeof out->text, text_of(object, "text"));
    }
    read_exports(out, object);
}

static bool take_raw(oc_line_answer *out, const char *raw)
{
    char *end = NULL;
    if (strlen(raw) != 16 || strspn(raw, "0123456789ABCDEFabcdef") != 16) {
        return false;
    }
    out->is_raw = true;
    out->code = (long long)strtoull(raw, &end, 16);
    return true;
}

static void read_code(oc_line_answer *out, const json_t *object)
{
    const json_t *code = json_object_get(object, "code");
    const json_t *text = json_object_get(object, "out");
    const char *raw = text_of(object, "raw");
    out->kind = OC_LINE_CODE;
    if (raw != NULL ? !take_raw(out, raw) : !json_is_integer(code)) {
        nonsense(out, raw != NULL ? "\"raw\" is no result register" : "it has no whole number \"code\"");
        return;
    }
    out->code = raw != NULL ? out->code : json_integer_value(code);
    const json_t *popped = json_object_get(object, "popped");
    out->popped = json_is_integer(popped) ? (long)json_integer_value(popped) : -1;
    out->unterminated = json_object_get(object, "unterminated") != NULL;
    out->underrun = number_of(object, "underrun", 65536);
    if (!take_hex(&out->out, object, "out_hex")) {
        nonsense(out, "\"out_hex\" is no hex");
    } else if (text != NULL && !json_is_string(text)) {
        nonsense(out, "\"out\" is no text");
    } else if (text != NULL && out->out.len == 0) {
        if (!oc_is_ok(oc_text_to_card(&out->out, oc_span_of(json_string_value(text), json_string_length(text))))) {
            nonsense(out, "\"out\" cannot be written in GB18030");
        }
    }
}

static void read_codes(oc_line_answer *out, oc_line_answer *beside, const json_t *object)
{
    const json_t *second = json_object_get(object, "beside");
    read_code(out, object);
    if (beside == NULL || out->kind != OC_LINE_CODE) {
        return;
    }
    if (!json_is_object(second)) {
        nonsense(out, "it has no answer of the second caller, \"beside\"");
        return;
    }
    read_code(beside, second);
    if (beside->kind != OC_LINE_CODE) {
        nonsense(out, beside->text);
    }
}

static void read_object(oc_line_answer *out, oc_line_answer *beside, const json_t *object, int id)
{
    const json_t *number = json_object_get(object, "id");
    if (!json_is_object(object)) {
        nonsense(out, "it is no JSON object");
    } else if (!json_is_integer(number) || json_integer_value(number) != id) {
        nonsense(out, "its \"id\" is not that of the question");
    } else if (text_of(object, "error") != NULL) {
        out->kind = OC_LINE_ERROR;
        copy_plain(out->error, sizeof out->error, text_of(object, "error"));
        copy_plain(out->text, sizeof out->text, text_of(object, "text"));
    } else if (json_object_get(object, "overrun") != NULL) {
        out->kind = OC_LINE_OVERRUN;
        out->size = number_of(object, "overrun", 65536);
    } else if (text_of(object, "hello") != NULL) {
        read_hello(out, object);
    } else {
        read_codes(out, beside, object);
    }
    if (!take_hex(&out->printed, object, "printed_hex")) {
        nonsense(out, "\"printed_hex\" is no hex");
    }
}

oc_result oc_line_read(oc_line_answer *out, oc_line_answer *beside, oc_span line, int id)
{
    *out = (oc_line_answer){.popped = -1};
    if (beside != NULL) {
        *beside = (oc_line_answer){.kind = OC_LINE_NONSENSE, .popped = -1};
    }
    json_t *object = json_loadb(line.len == 0 ? "" : (const char *)line.at, line.len,
                                JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    read_object(out, beside, object, id);
    json_decref(object);
    return oc_ok();
}

void oc_line_answer_free(oc_line_answer *answer)
{
    oc_buf_free(&answer->out);
    oc_buf_free(&answer->printed);
    answer->kind = OC_LINE_NONSENSE;
}
