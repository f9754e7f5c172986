/* SPDX-License-Identifier: Apache-2.0 */
/* The stream of `onecard run --events`: one JSON object a line (conformance/run/README.md). */
#include <jansson.h>
#include <stdlib.h>

#include "conformance/judge/capture.h"

#define OPEN_MAX_CASES 1024 /* cases that go on at the same time */

/* A case that goes on: the lines of several are mixed. */
struct open_case {
    const char *pass, *id;
    oc_raw_exchange *at;
    size_t count, room;
    size_t step; /* where the exchanges of the step that goes on begin */
};

struct events {
    oc_capture *capture;
    oc_diag *diag;
    size_t number;
    struct open_case *cases;
    size_t count;
};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text == NULL ? "" : text;
}

static uint64_t number_of(const json_t *object, const char *name)
{
    json_int_t value = json_integer_value(json_object_get(object, name));
    return value < 0 ? 0 : (uint64_t)value;
}

static oc_result fail(const struct events *events, const char *reason)
{
    return oc_diag_fail_at(events->diag, OC_E_FORMAT, events->capture->name, (long)events->number, "%s", reason);
}

static oc_result case_of(struct events *events, const json_t *event, struct open_case **out)
{
    const char *pass = text_of(event, "pass");
    const char *id = text_of(event, "case");
    for (size_t i = 0; i < events->count; i++) {
        if (strcmp(events->cases[i].id, id) == 0 && strcmp(events->cases[i].pass, pass) == 0) {
            *out = &events->cases[i];
            return oc_ok();
        }
    }
    if (events->count == OPEN_MAX_CASES) {
        return fail(events, "more than 1024 cases go on at the same time");
    }
    *out = &events->cases[events->count++];
    **out = (struct open_case){.pass = oc_arena_text(&events->capture->arena, pass),
                               .id = oc_arena_text(&events->capture->arena, id)};
    return (*out)->pass == NULL || (*out)->id == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
}

static oc_result keep(struct open_case *one, const oc_raw_exchange *exchange)
{
    if (one->count == OC_CAPTURE_EXCHANGES_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    if (one->count == one->room) {
        size_t room = one->room == 0 ? 64 : one->room * 2;
        oc_raw_exchange *grown = realloc(one->at, room * sizeof *grown);
        if (grown == NULL) {
            return oc_fail(OC_E_MEMORY);
        }
        one->at = grown;
        one->room = room;
    }
    one->at[one->count++] = *exchange;
    return oc_ok();
}

static oc_result take_exchange(struct events *events, struct open_case *one, const json_t *event)
{
    uint64_t begin = number_of(event, "begin-ns");
    oc_raw_exchange exchange = {
        .begin_ns = begin, .end_ns = begin + number_of(event, "duration-ns"), .place = events->number};
    oc_diag why = {0};
    const char *response = text_of(event, "response");
    oc_result r = oc_capture_texts(events->capture, text_of(event, "actor"), text_of(event, "command"),
                                   response[0] == '\0' ? NULL : response, &exchange, &why);
    if (r.code == OC_E_FORMAT) {
        return fail(events, why.reason);
    }
    return oc_is_ok(r) ? keep(one, &exchange) : r;
}

/* What the step was is told behind its exchanges. */
static void end_step(const struct events *events, struct open_case *one, const char *kind)
{
    if (events->capture->calls_only && strcmp(kind, "call") != 0) {
        one->count = one->step;
    }
    one->step = one->count;
}

/* Makes the case a session. */
static oc_result end_case(struct events *events, struct open_case *one)
{
    oc_result r = oc_capture_session_begin(events->capture, one->id);
    for (size_t i = 0; i < one->count && oc_is_ok(r); i++) {
        r = oc_capture_add(events->capture, &one->at[i]);
    }
    free(one->at);
    *one = events->cases[--events->count];
    return r;
}

static oc_result take_event(struct events *events, const json_t *event)
{
    const char *name = text_of(event, "event");
    struct open_case *one = NULL;
    if (strcmp(name, "apdu") != 0 && strcmp(name, "step") != 0 && strcmp(name, "verdict") != 0) {
        return oc_ok();
    }
    OC_TRY(case_of(events, event, &one));
    if (name[0] == 'a') {
        return take_exchange(events, one, event);
    }
    if (name[0] == 's') {
        end_step(events, one, text_of(event, "kind"));
        return oc_ok();
    }
    end_step(events, one, "");
    return end_case(events, one);
}

static oc_result take_line(struct events *events, oc_span line)
{
    json_error_t error;
    json_t *event = json_loadb((const char *)line.at, line.len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(event)) {
        json_decref(event);
        return fail(events, "this line is no JSON object");
    }
    oc_result r = take_event(events, event);
    json_decref(event);
    return r;
}

static oc_result take_lines(struct events *events, oc_span content)
{
    while (content.len > 0) {
        const uint8_t *feed = memchr(content.at, '\n', content.len);
        oc_span line = oc_span_slice(content, 0, feed == NULL ? content.len : (size_t)(feed - content.at));
        content = oc_span_slice(content, line.len + 1, content.len);
        events->number++;
        if (feed == NULL && events->number > 1) {
            break; /* half written: the run may still go on */
        }
        if (line.len > 0) {
            OC_TRY(take_line(events, line));
        }
    }
    return oc_ok();
}

oc_result oc_capture_events(oc_capture *capture, oc_span content, oc_diag *diag)
{
    struct events events = {.capture = capture, .diag = diag, .cases = calloc(OPEN_MAX_CASES, sizeof *events.cases)};
    capture->format = "events";
    oc_result r = events.cases == NULL ? oc_fail(OC_E_MEMORY) : take_lines(&events, content);
    while (oc_is_ok(r) && events.count > 0) {
        r = end_case(&events, &events.cases[0]); /* of a run that goes on, or was killed */
    }
    for (size_t i = 0; events.cases != NULL && i < events.count; i++) {
        free(events.cases[i].at);
    }
    free(events.cases);
    return r;
}
