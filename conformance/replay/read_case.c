/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/replay/read_case.h"

#include <stdio.h>
#include <stdlib.h>

#include "conformance/judge/capture.h"
#include "sim/base/xml.h"

/* Masked texts are read as captures are, with the profile to look references up. */
struct reading {
    oc_recorded *out;
    oc_capture capture;
    oc_scope scope;
    const xmlNode *evidence;
    oc_buf text;
    oc_diag *diag;
};

static oc_result look_up(void *profile, const char *reference, oc_buf *out)
{
    return oc_profile_value(profile, reference, out);
}

static uint64_t number(const xmlNode *node, const char *name)
{
    const char *text = oc_xml_attr(node, name);
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* The text of the child; NULL where there is none. Borrowed until the next call. */
static oc_result text_of(struct reading *reading, const xmlNode *parent, const char *name, const char **out)
{
    const xmlNode *node = oc_xml_child(parent, name);
    *out = NULL;
    oc_buf_clear(&reading->text);
    if (node == NULL) {
        return oc_ok();
    }
    OC_TRY(oc_xml_text(&reading->text, node));
    OC_TRY(oc_buf_append_byte(&reading->text, 0));
    *out = (const char *)reading->text.at;
    return oc_ok();
}

static size_t unknown(oc_seen_bytes bytes)
{
    size_t count = bytes.cut;
    for (size_t i = 0; i < bytes.known.len; i++) {
        count += bytes.known.at[i] == 0;
    }
    return count;
}

static oc_result read_exchange(struct reading *reading, const xmlNode *node, oc_recorded_exchange *out)
{
    oc_arena *arena = &reading->out->arena;
    const char *command = NULL;
    const char *response = NULL;
    const char *actor = or_empty(oc_xml_attr(node, "actor"));
    oc_raw_exchange raw = {0};
    OC_TRY(text_of(reading, node, "command", &command));
    out->command = oc_arena_text(arena, or_empty(command));
    OC_TRY(text_of(reading, node, "response", &response));
    if (out->command == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    OC_TRY(oc_capture_texts(&reading->capture, actor, out->command, response, &raw, reading->diag));
    out->actor = strcmp(actor, "psam") == 0 ? "psam" : "card";
    out->command_bytes = oc_arena_bytes(arena, raw.command.bytes);
    out->response = oc_arena_bytes(arena, raw.response.bytes);
    out->failed = raw.failed;
    out->fault = oc_arena_text(arena, or_empty(oc_xml_attr(node, "fault")));
    out->begin_ns = number(node, "begin-ns");
    out->duration_ns = number(node, "duration-ns");
    reading->out->unknown_bytes += unknown(raw.response);
    return out->fault == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

/* Quoted text in which references stand in braces. */
static oc_result read_quoted(struct reading *reading, const char *text, size_t len, oc_buf *out)
{
    while (len > 0) {
        const char *brace = len > 1 && text[0] == '{' && text[1] == '@' ? memchr(text, '}', len) : NULL;
        char name[64];
        size_t width = brace == NULL ? 0 : (size_t)(brace - text) - 2;
        if (brace == NULL || width >= sizeof name) {
            OC_TRY(oc_buf_append_byte(out, (uint8_t)*text));
            text++;
            len--;
            continue;
        }
        memcpy(name, text + 2, width);
        name[width] = '\0';
        if (!oc_is_ok(reading->scope.profile(reading->scope.self, name, out))) {
            reading->out->unknown_bytes++;
        }
        len -= width + 3;
        text += width + 3;
    }
    return oc_ok();
}

static oc_result read_value(struct reading *reading, const char *text, oc_buf *out)
{
    size_t len = strlen(text);
    oc_seen_bytes bytes = {0};
    if (len >= 2 && text[0] == '\'' && text[len - 1] == '\'') {
        return read_quoted(reading, text + 1, len - 2, out);
    }
    OC_TRY(oc_capture_bytes(&reading->capture, text, SIZE_MAX, &bytes));
    reading->out->unknown_bytes += unknown(bytes);
    /* A terminal hands a value on without what fills it up on the card. */
    while (text[0] == '{' && bytes.bytes.len > 0 && bytes.bytes.at[bytes.bytes.len - 1] == 0x00 &&
           bytes.known.at[bytes.bytes.len - 1] != 0) {
        bytes.bytes.len--;
        bytes.known.len--;
    }
    return oc_buf_append(out, bytes.bytes);
}

static oc_result read_answers(struct reading *reading, const xmlNode *node, oc_recorded_step *step)
{
    for (const xmlNode *one = oc_xml_child(node, "answer"); one != NULL; one = oc_xml_next(one, "answer")) {
        oc_buf value = {0};
        oc_result r = read_value(reading, or_empty(oc_xml_attr(one, "value")), &value);
        if (oc_is_ok(r)) {
            r = oc_fields_set(&step->answers, or_empty(oc_xml_attr(one, "name")), oc_buf_span(&value));
        }
        oc_buf_free(&value);
        OC_TRY(r);
        step->has_answers = true;
    }
    return oc_ok();
}

/* The string is made of its items, of which each is masked by itself; the record has it by its length alone. */
static oc_result join_items(oc_recorded_step *step)
{
    const oc_buf *first = oc_fields_get(&step->answers, "1");
    oc_buf out = {0};
    oc_result r = oc_ok();
    if (first == NULL) {
        return oc_ok();
    }
    for (unsigned i = 1; oc_is_ok(r); i++) {
        char name[12];
        snprintf(name, sizeof name, "%u", i);
        const oc_buf *item = oc_fields_get(&step->answers, name);
        if (item == NULL) {
            break;
        }
        r = oc_buf_append(&out, oc_buf_span(item));
        r = oc_is_ok(r) ? oc_buf_append_byte(&out, '|') : r;
    }
    /* What was read ends with a '$' (ssc-terminal sheet 4.4). Where more is missing the length tells more than the items. */
    if (oc_is_ok(r) && oc_fields_span(&step->answers, "out").len == out.len + 1) {
        r = oc_buf_append_byte(&out, '$');
    }
    if (oc_is_ok(r) && oc_fields_span(&step->answers, "out").len == out.len) {
        r = oc_fields_set(&step->answers, "out", oc_buf_span(&out));
    }
    oc_buf_free(&out);
    return r;
}

/* "NAME = VALUE" */
static oc_result read_let(struct reading *reading, const xmlNode *node, oc_recorded_step *step)
{
    const char *note = NULL;
    OC_TRY(text_of(reading, node, "note", &note));
    const char *value = note == NULL ? NULL : strstr(note, " = ");
    oc_seen_bytes bytes = {0};
    if (value == NULL || !oc_is_ok(oc_capture_bytes(&reading->capture, value + 3, SIZE_MAX, &bytes))) {
        return oc_ok();
    }
    step->value = oc_arena_bytes(&reading->out->arena, bytes.bytes);
    step->has_value = unknown(bytes) == 0;
    return oc_ok();
}

/* "CRASH: signal 11", as the evidence has it. */
static bool read_breach(const char *text, oc_breach *out)
{
    for (enum oc_breach_kind kind = OC_BREACH_NONE + 1; kind <= OC_BREACH_OPERATOR; kind++) {
        const char *name = oc_breach_name(kind);
        size_t len = strlen(name);
        if (strncmp(text, name, len) == 0 && text[len] == ':' && text[len + 1] == ' ') {
            *out = (oc_breach){.kind = kind};
            size_t text_len = strlen(text + len + 2);
            size_t kept = text_len < sizeof out->text ? text_len : sizeof out->text - 1;
            memcpy(out->text, text + len + 2, kept);
            out->text[kept] = '\0';
            return true;
        }
    }
    return false;
}

static oc_result take_breach(struct reading *reading)
{
    const char *received = NULL;
    const char *what = reading->evidence == NULL ? NULL : oc_xml_attr(reading->evidence, "what");
    const char *step = reading->evidence == NULL ? NULL : oc_xml_attr(reading->evidence, "step");
    if (step == NULL || what == NULL || (strcmp(what, "terminal") != 0 && strcmp(what, "host") != 0)) {
        return oc_ok();
    }
    OC_TRY(text_of(reading, reading->evidence, "received", &received));
    if (received == NULL) {
        return oc_ok();
    }
    if (strcmp(step, "end") == 0) {
        (void)read_breach(received, &reading->out->end_breach);
        return oc_ok();
    }
    for (size_t i = 0; i < reading->out->step_count; i++) {
        oc_recorded_step *one = &reading->out->steps[i];
        if (strcmp(one->id, step) == 0 && read_breach(received, &one->breach)) {
            return oc_ok();
        }
    }
    return oc_ok();
}

static oc_result read_step(struct reading *reading, const xmlNode *node, oc_recorded_step *step)
{
    oc_recorded *out = reading->out;
    step->id = oc_arena_text(&out->arena, or_empty(oc_xml_attr(node, "id")));
    step->kind = oc_arena_text(&out->arena, or_empty(oc_xml_attr(node, "kind")));
    step->phase = oc_arena_text(&out->arena, or_empty(oc_xml_attr(node, "phase")));
    if (step->id == NULL || step->kind == NULL || step->phase == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    step->first = out->exchange_count;
    for (const xmlNode *one = oc_xml_child(node, "exchange"); one != NULL; one = oc_xml_next(one, "exchange")) {
        OC_TRY(read_exchange(reading, one, &out->exchanges[out->exchange_count++]));
    }
    step->count = out->exchange_count - step->first;
    OC_TRY(read_answers(reading, node, step));
    OC_TRY(join_items(step));
    return strcmp(step->kind, "let") == 0 ? read_let(reading, node, step) : oc_ok();
}

static oc_result read_steps(struct reading *reading, const xmlNode *one)
{
    oc_recorded *out = reading->out;
    size_t steps = 1;
    size_t exchanges = 1;
    for (const xmlNode *node = oc_xml_child(one, "step"); node != NULL; node = oc_xml_next(node, "step")) {
        steps++;
        for (const xmlNode *at = oc_xml_child(node, "exchange"); at != NULL; at = oc_xml_next(at, "exchange")) {
            exchanges++;
        }
    }
    out->steps = oc_arena_alloc(&out->arena, steps * sizeof *out->steps);
    out->exchanges = oc_arena_alloc(&out->arena, exchanges * sizeof *out->exchanges);
    if (out->steps == NULL || out->exchanges == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    for (const xmlNode *node = oc_xml_child(one, "step"); node != NULL; node = oc_xml_next(node, "step")) {
        OC_TRY(read_step(reading, node, &out->steps[out->step_count++]));
    }
    return take_breach(reading);
}

oc_result oc_replay_read_case(oc_recorded *out, const xmlNode *one, const oc_profile *profile, oc_diag *diag)
{
    *out = (oc_recorded){0};
    struct reading reading = {.out = out,
                              .scope = {(void *)(uintptr_t)profile, NULL, look_up},
                              .evidence = oc_xml_child(one, "evidence"),
                              .diag = diag};
    reading.capture = (oc_capture){.name = "record", .scope = &reading.scope};
    oc_result r = read_steps(&reading, one);
    oc_buf_free(&reading.text);
    oc_capture_free(&reading.capture);
    return r;
}
