/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/show.h"

#include <inttypes.h>
#include <jansson.h>

#include "conformance/record/visible.h"
#include "conformance/run/latency_class.h"
#include "sim/base/hex.h"
#include "sim/base/sw.h"

void oc_show_free(oc_show *show)
{
    oc_arena_free(&show->arena);
}

/* Text of a record that anybody may have written: no control character reaches the screen. */
static void print(oc_show *show, const char *text)
{
    oc_buf visible = {0};
    if (text != NULL && oc_is_ok(oc_visible_text(&visible, text))) {
        fwrite(visible.at, 1, visible.len, show->out);
    }
    oc_buf_free(&visible);
}

void oc_show_session(oc_show *show, const char *name)
{
    if (strncmp(show->name, name, sizeof show->name - 1) == 0) {
        return;
    }
    snprintf(show->name, sizeof show->name, "%s", name);
    show->number = 0;
    show->last_ns = 0;
    fputs("\n== ", show->out);
    print(show, name);
    fputc('\n', show->out);
}

static const char *command_text(oc_show *show, const oc_raw_exchange *raw)
{
    if (raw->command_text != NULL) {
        return raw->command_text;
    }
    return raw->is_reset ? (raw->reset == OC_RESET_WARM ? "reset warm" : "reset cold")
                         : oc_mask_command(show->mask, &show->arena, raw->command.bytes);
}

static const char *answer_text(oc_show *show, const oc_raw_exchange *raw)
{
    return raw->failed ? "-"
           : raw->response_text != NULL
               ? raw->response_text
               : oc_mask_response(show->mask, &show->arena, raw->command.bytes, raw->response.bytes);
}

static const char *meaning(const oc_show *show, const oc_raw_exchange *raw)
{
    oc_span answer = raw->response.bytes;
    bool zh = strcmp(show->lang, "zh") == 0;
    if (raw->failed) {
        return zh ? "无应答" : "no answer";
    }
    if (raw->is_reset) {
        return zh ? "复位应答" : "answer to reset";
    }
    return answer.len < 2
               ? ""
               : oc_sw_meaning(oc_sw_of((unsigned)answer.at[answer.len - 2] << 8 | answer.at[answer.len - 1]),
                               show->lang);
}

static const char *command_name(const oc_raw_exchange *raw)
{
    oc_span command = raw->command.bytes;
    const char *name = command.len < 4 ? "" : oc_latency_class(command.at[0], command.at[1], command.at[2]);
    return strcmp(name, "other") == 0 ? "" : name;
}

void oc_show_exchange(oc_show *show, const oc_raw_exchange *raw)
{
    uint64_t wait = raw->begin_ns > show->last_ns && show->last_ns > 0 ? raw->begin_ns - show->last_ns : 0;
    uint64_t took = raw->end_ns > raw->begin_ns ? raw->end_ns - raw->begin_ns : 0;
    const char *actor = raw->actor == OC_PATTERN_PSAM ? "PSAM" : "card";
    fprintf(show->out, "%5zu  +%10.3f ms  %s -> ", ++show->number, (double)wait / 1e6, actor);
    print(show, command_text(show, raw));
    fprintf(show->out, "  %s\n       %11.3f ms  %s <- ", command_name(raw), (double)took / 1e6, actor);
    print(show, answer_text(show, raw));
    fprintf(show->out, "  %s\n", meaning(show, raw));
    show->last_ns = raw->end_ns;
    oc_arena_free(&show->arena);
}

void oc_show_capture(oc_show *show, const oc_capture *capture)
{
    for (size_t i = 0; i < capture->session_count; i++) {
        const oc_capture_session *session = &capture->sessions[i];
        show->name[0] = '\0'; /* a case of several passes stands there again */
        oc_show_session(show, session->name);
        for (size_t k = 0; k < session->count; k++) {
            oc_show_exchange(show, &capture->at[session->first + k]);
        }
    }
}

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

static void show_apdu(oc_show *show, const json_t *event)
{
    oc_capture one = {.name = ""};
    oc_raw_exchange raw = {.begin_ns = number_of(event, "begin-ns")};
    raw.end_ns = raw.begin_ns + number_of(event, "duration-ns");
    const char *response = text_of(event, "response");
    if (oc_is_ok(oc_capture_texts(&one, text_of(event, "actor"), text_of(event, "command"),
                                  response[0] == '\0' ? NULL : response, &raw, NULL))) {
        oc_show_exchange(show, &raw);
    }
    oc_capture_free(&one);
}

static void show_words(oc_show *show, const json_t *event, const char *const *names)
{
    for (; *names != NULL; names++) {
        const char *text = text_of(event, *names);
        if (text[0] != '\0') {
            fputs("  ", show->out);
            print(show, text);
        }
    }
    fputc('\n', show->out);
}

static void show_object(oc_show *show, const json_t *event)
{
    static const char *const verdict[] = {"verdict", "reason", NULL};
    static const char *const step[] = {"step", "note", NULL};
    const char *name = text_of(event, "event");
    char session[200];
    if (text_of(event, "case")[0] != '\0') {
        snprintf(session, sizeof session, "%s  [%s]", text_of(event, "case"), text_of(event, "pass"));
        oc_show_session(show, session);
    }
    if (strcmp(name, "apdu") == 0) {
        show_apdu(show, event);
    } else if (strcmp(name, "verdict") == 0) {
        fputs("   ==", show->out);
        show_words(show, event, verdict);
    } else if (strcmp(name, "step") == 0 && text_of(event, "note")[0] != '\0') {
        fputs("      ", show->out);
        show_words(show, event, step);
    } else if (strcmp(name, "run-ended") == 0) {
        fprintf(show->out, "\nrun ended, exit code %" PRIu64 "\n", number_of(event, "exit-code"));
    }
}

void oc_show_event(oc_show *show, const char *line, size_t len)
{
    json_error_t error;
    json_t *event = json_loadb(line, len, 0, &error);
    if (json_is_object(event)) {
        show_object(show, event);
    } else {
        char *text = oc_arena_text_n(&show->arena, line, len < 200 ? len : 200);
        fputs("??  ", show->out);
        print(show, text);
        fputc('\n', show->out);
        oc_arena_free(&show->arena);
    }
    json_decref(event);
}
