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
    struct caller {
        oc_dh_prepared prepared;
        oc_dh_outcome outcome;
    } callers[OC_DH_CALLERS];
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

static const char *text_in(const struct session *session, unsigned object, const char *name)
{
    const oc_dh_value *value = oc_dh_json_member(&session->question, object, name);
    return value != NULL && value->kind == OC_DH_TEXT ? value->text : NULL;
}

static const char *text_of(const struct session *session, const char *name)
{
    return text_in(session, 0, name);
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
    oc_dh_out_number(&out, "callers", OC_DH_CALLERS);
    if (session->library == NULL) {
        oc_dh_out_text(&out, "load_error", error.kind);
        oc_dh_out_text(&out, "text", error.text);
    } else {
        add_exports(session, &out);
    }
    add_printed(session, &out);
    send(session, &out);
}

static void add_outcome(oc_dh_out *out, const struct caller *caller)
{
    char raw[24];
    const oc_dh_prepared *prepared = &caller->prepared;
    snprintf(raw, sizeof raw, "%016llX", (unsigned long long)(uintptr_t)caller->outcome.raw);
    oc_dh_out_text(out, "raw", raw);
    if (caller->outcome.popped >= 0) {
        oc_dh_out_number(out, "popped", caller->outcome.popped);
    }
    oc_dh_out_number(out, "ns", (long long)caller->outcome.nanoseconds);
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
static void watch(const struct session *session, unsigned number)
{
    static char messages[OC_DH_CALLERS][64];
    const oc_dh_guarded *out = &session->callers[number].prepared.out;
    if (out->at == NULL) {
        oc_dh_watch(number, NULL, NULL, 0);
        return;
    }
    int len = snprintf(messages[number], sizeof messages[number], "{\"id\":%lld,\"overrun\":%zu}\n",
                       number_of(session, "id"), out->size);
    oc_dh_watch(number, out, messages[number], (size_t)len);
}

/* From the question itself, or from an object in it. False when it was refused. */
static bool make_ready(struct session *session, unsigned object, struct caller *caller)
{
    const char *name = text_in(session, object, "call");
    const char *symbol = text_in(session, object, "symbol");
    const char *why = NULL;
    symbol = symbol == NULL ? name : symbol;
    oc_dh_function *function = session->library == NULL || symbol == NULL
                                   ? NULL
                                   : oc_dh_library_find(session->library, symbol);
    if (function == NULL) {
        refuse(session, "no-such-function", session->library == NULL ? "no library is loaded" : "it is not exported");
        return false;
    }
    if (!oc_dh_prepare(&caller->prepared, &session->question, object, &why)) {
        refuse(session, "bad-call", why);
        return false;
    }
    caller->prepared.call.function = function;
    return true;
}

static void run_caller(void *context)
{
    struct caller *caller = context;
    oc_dh_call_run(&caller->prepared.call, &caller->outcome);
}

static bool run_callers(struct session *session, unsigned count)
{
    bool good = true;
    for (unsigned i = 0; i < count; i++) {
        watch(session, i);
    }
    if (count > 1) {
        good = oc_dh_at_once(run_caller, &session->callers[0], &session->callers[1]);
    } else {
        run_caller(&session->callers[0]);
    }
    for (unsigned i = 0; i < count; i++) {
        oc_dh_watch(i, NULL, NULL, 0);
    }
    if (!good) {
        refuse(session, "no-thread", "a second thread cannot be had");
    }
    return good;
}

static void tell(struct session *session, unsigned count)
{
    oc_dh_out out;
    begin(session, &out);
    add_outcome(&out, &session->callers[0]);
    if (count > 1) {
        oc_dh_out_object(&out, "beside");
        add_outcome(&out, &session->callers[1]);
        oc_dh_out_object_end(&out);
    }
    add_printed(session, &out);
    send(session, &out);
}

/* The question's call, and with "beside" another one at the same time. */
static void call(struct session *session)
{
    const oc_dh_value *beside = oc_dh_json_member(&session->question, 0, "beside");
    unsigned objects[OC_DH_CALLERS] = {0, beside == NULL ? 0 : oc_dh_json_index(&session->question, beside)};
    unsigned count = beside == NULL ? 1 : OC_DH_CALLERS;
    bool ready = true;
    for (unsigned i = 0; i < count && ready; i++) {
        ready = make_ready(session, objects[i], &session->callers[i]);
    }
    if (ready) {
        oc_dh_keypad_fill(&session->question);
        ready = run_callers(session, count);
    }
    if (ready) {
        tell(session, count);
    }
    for (unsigned i = 0; i < count; i++) {
        oc_dh_prepared_free(&session->callers[i].prepared);
    }
}

static void answer(struct session *session, size_t len)
{
    const char *why = NULL;
    if (!oc_dh_json_read(&session->question, session->line, len, &why)) {
        session->question.count = 0;
        refuse(session, "bad-line", why);
        return;
    }
    if (text_of(session, "call") != NULL) {
        call(session);
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
