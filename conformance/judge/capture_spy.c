/* SPDX-License-Identifier: Apache-2.0 */
/* What libpcscspy of pcsc-lite writes: "THREAD@>|seconds|microseconds|SCardTransmit", the arguments one a line behind
 * "THREAD@", and "THREAD@<|seconds|microseconds|SCardTransmit|text|0xCODE" at the end (pcsc-lite 1.9, libpcscspy.c).
 * Buffers are bytes in hex apart by blanks; handles and numbers begin with 0x. */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/judge/capture.h"
#include "sim/base/hex.h"

#define THREADS_MAX 64
#define LINE_MAX_BYTES 262144

enum spy_function { SPY_OTHER, SPY_CONNECT, SPY_TRANSMIT };

struct call {
    char thread[24];
    bool open;
    enum spy_function function;
    uint64_t begin_ns;
    size_t line;
    size_t arguments;
    oc_seen_bytes sent, received;
    bool has_sent, has_received;
    char handle[24]; /* of the card */
};

struct spy {
    oc_capture *capture;
    struct call calls[THREADS_MAX];
    size_t count;
    char first_handle[24];
    oc_diag *diag;
    size_t line;
};

static oc_result fail(const struct spy *spy, const char *reason)
{
    return oc_diag_fail_at(spy->diag, OC_E_FORMAT, spy->capture->name, (long)spy->line, "%s", reason);
}

static struct call *call_of(struct spy *spy, const char *thread)
{
    for (size_t i = 0; i < spy->count; i++) {
        if (strcmp(spy->calls[i].thread, thread) == 0) {
            return &spy->calls[i];
        }
    }
    if (spy->count == THREADS_MAX) {
        return NULL;
    }
    struct call *call = &spy->calls[spy->count++];
    snprintf(call->thread, sizeof call->thread, "%s", thread);
    return call;
}

/* "|seconds|microseconds|NAME" behind the arrow. */
static bool read_stamp(const char *text, uint64_t *ns, char name[40])
{
    unsigned long long seconds;
    unsigned long long micro;
    if (sscanf(text, "|%llu|%llu|%39[A-Za-z0-9]", &seconds, &micro, name) != 3 || seconds > UINT32_MAX ||
        micro > 999999) {
        return false;
    }
    *ns = seconds * UINT64_C(1000000000) + micro * 1000;
    return true;
}

static oc_result open_call(struct spy *spy, struct call *call, const char *text)
{
    char name[40];
    uint64_t ns;
    if (!read_stamp(text, &ns, name)) {
        return fail(spy, "a call without time and name");
    }
    char thread[24];
    memcpy(thread, call->thread, sizeof thread);
    *call = (struct call){.open = true, .begin_ns = ns, .line = spy->line};
    memcpy(call->thread, thread, sizeof thread);
    call->function = strcmp(name, "SCardTransmit") == 0                                         ? SPY_TRANSMIT
                     : strcmp(name, "SCardConnect") == 0 || strcmp(name, "SCardReconnect") == 0 ? SPY_CONNECT
                                                                                                : SPY_OTHER;
    return oc_ok();
}

/* Hex pairs with one blank behind each. */
static bool is_buffer(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++) {
        if (i % 3 == 2 ? text[i] != ' ' : oc_hex_digit(text[i]) < 0) {
            return false;
        }
    }
    return len >= 2 && len % 3 != 1;
}

static oc_result take_argument(struct spy *spy, struct call *call, const char *text)
{
    if (call->arguments++ == 0) {
        snprintf(call->handle, sizeof call->handle, "%s", text);
    }
    if (call->function != SPY_TRANSMIT || !is_buffer(text)) {
        return oc_ok();
    }
    oc_buf bytes = {0};
    oc_result r = oc_hex_decode(&bytes, text, strlen(text));
    oc_seen_bytes seen = {.bytes = oc_arena_bytes(&spy->capture->arena, oc_buf_span(&bytes))};
    if (oc_is_ok(r) && !call->has_sent) {
        call->has_sent = true;
        call->sent = seen;
    } else if (oc_is_ok(r)) {
        call->has_received = true;
        call->received = seen;
    }
    oc_buf_free(&bytes);
    return r;
}

/* Cards are told apart by their handles: the first is the user card's, the others' are the PSAM's. */
static enum oc_pattern_actor actor_of(struct spy *spy, const struct call *call)
{
    if (spy->first_handle[0] == '\0') {
        snprintf(spy->first_handle, sizeof spy->first_handle, "%s", call->handle);
    }
    return strcmp(spy->first_handle, call->handle) == 0 ? OC_PATTERN_CARD : OC_PATTERN_PSAM;
}

static oc_result close_call(struct spy *spy, struct call *call, const char *text)
{
    char name[40];
    uint64_t ns;
    if (!read_stamp(text, &ns, name)) {
        return fail(spy, "the end of a call without time and name");
    }
    bool transmit = call->open && call->function == SPY_TRANSMIT;
    bool connect = call->open && call->function == SPY_CONNECT && spy->first_handle[0] == '\0';
    call->open = false;
    bool well = strstr(text, "|0x00000000") != NULL;
    if (connect && well) {
        const oc_raw_exchange reset = {
            .is_reset = true, .begin_ns = call->begin_ns, .end_ns = ns, .place = call->line};
        return oc_capture_add(spy->capture, &reset);
    }
    if (!transmit || !call->has_sent) {
        return oc_ok();
    }
    const oc_raw_exchange exchange = {.actor = actor_of(spy, call),
                                      .failed = !well || !call->has_received,
                                      .command = call->sent,
                                      .response = well ? call->received : (oc_seen_bytes){.cut = false},
                                      .begin_ns = call->begin_ns,
                                      .end_ns = ns,
                                      .place = call->line};
    return oc_capture_add(spy->capture, &exchange);
}

static oc_result take_line(struct spy *spy, char *line)
{
    char *at = strchr(line, '@');
    if (at == NULL || at - line >= 24) {
        return fail(spy, "a line without THREAD@ in front");
    }
    *at++ = '\0';
    struct call *call = call_of(spy, line);
    if (call == NULL) {
        return fail(spy, "more than 64 threads");
    }
    if (*at == '>' && at[1] == '|') {
        return open_call(spy, call, at + 1);
    }
    return *at == '<' && at[1] == '|' ? close_call(spy, call, at + 1) : take_argument(spy, call, at);
}

oc_result oc_capture_spy(oc_capture *capture, oc_span content, oc_diag *diag)
{
    struct spy *spy = calloc(1, sizeof *spy);
    char *line = malloc(LINE_MAX_BYTES);
    oc_result r = spy == NULL || line == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    if (oc_is_ok(r)) {
        spy->capture = capture;
        spy->diag = diag;
        capture->format = "pcsc-spy";
    }
    while (oc_is_ok(r) && content.len > 0) {
        const uint8_t *feed = memchr(content.at, '\n', content.len);
        size_t len = feed == NULL ? content.len : (size_t)(feed - content.at);
        spy->line++;
        if (len >= LINE_MAX_BYTES || memchr(content.at, '\0', len) != NULL) {
            r = fail(spy, "this line is no text of a log");
        } else if (len > 0) {
            memcpy(line, content.at, len);
            line[len] = '\0';
            r = take_line(spy, line);
        }
        content = oc_span_slice(content, len + 1, content.len);
    }
    free(line);
    free(spy);
    return r;
}
