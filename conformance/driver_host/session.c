/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/driver_host/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/driver_host/json.h"
#include "conformance/driver_host/keypad.h"
#include "conformance/driver_host/prepare.h"

struct session {
    oc_dh_stream *stream;
    const char *path;
    oc_dh_library *library;
    oc_dh_json question;
    oc_dh_prepared prepared;
    unsigned char printed[OC_DH_PRINTED_MAX];
    size_t len; /* of what is in `line` */
    char line[OC_DH_LINE_MAX + 1];
    char answer[OC_DH_LINE_MAX];
};

static long long number_of(const struct session *session, const char *name)
{
    const oc_dh_value *value = oc_dh_json_member(&session->question, 0, name);
    return value != NULL && value->kind == OC_DH_NUMBER ? value->number : 0;
}

static const char *text_of(const struct session *session, const char *name)
{
    const oc_dh_value *value = oc_dh_json_member(&session->question, 0, name);
    return value != NULL && value->kind == OC_DH_TEXT ? value->text : NULL;
}

static void begin(struct session *session, oc_dh_out *out)
{
    oc_dh_out_begin(out, session->answer, sizeof session->answer);
    oc_dh_out_number(out, "id", number_of(session, "id"));
}

static void send(struct session *session, oc_dh_out *out)
{
    oc_dh_out_end(out);
    if (out->bad) {
        oc_dh_out_begin(out, session->answer, sizeof session->answer);
        oc_dh_out_number(out, "id", number_of(session, "id"));
        oc_dh_out_text(out, "error", "answer-too-long");
        oc_dh_out_end(out);
    }
    oc_dh_stream_write(session->stream, out->at, out->len);
}

static void refuse(struct session *session, const char *error, const char *text)
{
    oc_dh_out out;
    begin(session, &out);
    oc_dh_out_text(&out, "error", error);
    oc_dh_out_text(&out, "text", text);
    send(session, &out);
}

static void add_printed(struct session *session, oc_dh_out *out)
{
    unsigned long long total = 0;
    size_t len = oc_dh_printed_take(session->stream, session->printed, sizeof session->printed, &total);
    if (total > 0) {
        oc_dh_out_number(out, "printed", (long long)total);
        oc_dh_out_hex(out, "printed_hex", session->printed, len);
    }
}

static void add_exports(struct session *session, oc_dh_out *out)
{
    const oc_dh_value *functions = oc_dh_json_member(&session->question, 0, "functions");
    const oc_dh_value *name = NULL;
    oc_dh_out_list(out, "exports");
    unsigned parent = functions == NULL ? 0 : oc_dh_json_index(&session->question, functions);
    while (functions != NULL && (name = oc_dh_json_next(&session->question, parent, name)) != NULL) {
        if (name->kind == OC_DH_TEXT && oc_dh_library_find(session->library, name->text) != NULL) {
            oc_dh_out_text(out, NULL, name->text);
        }
    }
    oc_dh_out_list_end(out);
}

static void greet(struct session *session)
{
    oc_dh_load_error error = {0};
    oc_dh_out out;
    if (session->library == NULL) {
        (void)oc_dh_library_open(&session->library, session->path, &error);
    }
    begin(session, &out);
    oc_dh_out_text(&out, "hello", "onecard-driver-host");
    oc_dh_out_number(&out, "protocol", 1);
    oc_dh_out_number(&out, "pointer", (long long)sizeof(void *) * 8);
    oc_dh_out_number(&out, "long", (long long)sizeof(long) * 8);
    if (session->library == NULL) {
        oc_dh_out_text(&out, "load_error", error.kind);
        oc_dh_out_text(&out, "text", error.text);
    } else {
        add_exports(session, &out);
    }
    add_printed(session, &out);
    send(session, &out);
}

static void add_outcome(struct session *session, oc_dh_out *out, const oc_dh_outcome *outcome)
{
    char raw[24];
    const oc_dh_prepared *prepared = &session->prepared;
    snprintf(raw, sizeof raw, "%016llX", (unsigned long long)(uintptr_t)outcome->raw);
    oc_dh_out_text(out, "raw", raw);
    if (outcome->popped >= 0) {
        oc_dh_out_number(out, "popped", outcome->popped);
    }
    oc_dh_out_number(out, "ns", (long long)outcome->nanoseconds);
    if (prepared->out.at != NULL) {
        size_t len = 0;
        while (len < prepared->out.size && prepared->out.at[len] != 0) {
            len++;
        }
        if (len == prepared->out.size) {
            oc_dh_out_number(out, "unterminated", 1);
        }
        oc_dh_out_hex(out, "out_hex", prepared->out.at, len);
        size_t before = oc_dh_prepared_underrun(prepared);
        if (before > 0) {
            oc_dh_out_number(out, "underrun", (long long)before);
        }
    }
}

/* What the fault handler sends when the guard page is touched: written before the call, as nothing can be afterwards. */
static void watch(struct session *session)
{
    static char message[64];
    if (session->prepared.out.at == NULL) {
        oc_dh_watch(NULL, NULL, 0);
        return;
    }
    int len = snprintf(message, sizeof message, "{\"id\":%lld,\"overrun\":%zu}\n", number_of(session, "id"),
                       session->prepared.out.size);
    oc_dh_watch(&session->prepared.out, message, (size_t)len);
}

static void call(struct session *session, const char *name)
{
    const char *symbol = text_of(session, "symbol");
    const char *why = NULL;
    oc_dh_function *function = session->library == NULL
                                   ? NULL
                                   : oc_dh_library_find(session->library, symbol == NULL ? name : symbol);
    if (function == NULL) {
        refuse(session, "no-such-function", session->library == NULL ? "no library is loaded" : "it is not exported");
        return;
    }
    if (!oc_dh_prepare(&session->prepared, &session->question, &why)) {
        oc_dh_prepared_free(&session->prepared);
        refuse(session, "bad-call", why);
        return;
    }
    session->prepared.call.function = function;
    oc_dh_keypad_fill(&session->question);
    watch(session);
    oc_dh_outcome outcome;
    oc_dh_call_run(&session->prepared.call, &outcome);
    oc_dh_watch(NULL, NULL, 0);
    oc_dh_out out;
    begin(session, &out);
    add_outcome(session, &out, &outcome);
    add_printed(session, &out);
    oc_dh_prepared_free(&session->prepared);
    send(session, &out);
}

static void answer(struct session *session, size_t len)
{
    const char *why = NULL;
    if (!oc_dh_json_read(&session->question, session->line, len, &why)) {
        session->question.count = 0;
        refuse(session, "bad-line", why);
        return;
    }
    const char *name = text_of(session, "call");
    if (name != NULL) {
        call(session, name);
    } else if (text_of(session, "hello") != NULL) {
        greet(session);
    } else {
        refuse(session, "bad-line", "it is neither a hello nor a call");
    }
}

/* Reads up to the next LF. Length of the line, its LF included; 0 at the end or for a line over the limit. */
static size_t next_line(struct session *session)
{
    size_t seen = 0;
    for (;;) {
        const char *lf = memchr(session->line + seen, '\n', session->len - seen);
        if (lf != NULL) {
            return (size_t)(lf - session->line) + 1;
        }
        seen = session->len;
        long got = session->len == OC_DH_LINE_MAX
                       ? 0
                       : oc_dh_stream_read(session->stream, session->line + seen, OC_DH_LINE_MAX - seen);
        if (got <= 0) {
            return 0;
        }
        session->len += (size_t)got;
    }
}

int oc_dh_session_run(oc_dh_stream *stream, const char *library)
{
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        return 1;
    }
    session->stream = stream;
    session->path = library;
    size_t len;
    while ((len = next_line(session)) > 0) {
        /* One question at a time: what follows the line waits, untouched by its decoding. */
        size_t rest = session->len - len;
        answer(session, len - 1);
        memmove(session->line, session->line + len, rest);
        session->len = rest;
    }
    free(session);
    return 0;
}
