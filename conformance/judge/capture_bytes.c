/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "conformance/judge/capture.h"
#include "sim/base/hex.h"

#define MASKED_MAX 65536UL

/* Bytes of a record while they are read. */
struct reading {
    oc_capture *capture;
    oc_buf bytes, known;
    size_t whole;
    bool cut; /* a masked part whose length nobody knows stands before what is left */
};

static oc_result add(struct reading *reading, oc_span bytes, uint8_t known)
{
    OC_TRY(oc_buf_append(&reading->bytes, bytes));
    for (size_t i = 0; i < bytes.len; i++) {
        OC_TRY(oc_buf_append_byte(&reading->known, known));
    }
    return oc_ok();
}

static oc_result add_masked(struct reading *reading, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        OC_TRY(oc_buf_append_byte(&reading->bytes, 0));
        OC_TRY(oc_buf_append_byte(&reading->known, 0));
    }
    return oc_ok();
}

/* How many bytes the hex digits outside of braces are. */
static size_t plain_length(const char *text)
{
    size_t digits = 0;
    for (bool inside = false; *text != '\0'; text++) {
        inside = *text == '{' || (inside && *text != '}');
        digits += !inside && *text != '}' && *text != ' ';
    }
    return digits / 2;
}

/* "{@pin}", "{key:...}", "{3 bytes}". `rest` is what stands behind it. */
static oc_result add_reference(struct reading *reading, const char *text, size_t len, const char *rest)
{
    char name[256];
    unsigned long count = 0;
    char unit[8] = "";
    if (len >= sizeof name) {
        return oc_fail(OC_E_FORMAT);
    }
    memcpy(name, text, len);
    name[len] = '\0';
    if (sscanf(name, "%lu %7s", &count, unit) == 2 && strcmp(unit, "bytes") == 0 && count <= MASKED_MAX) {
        return add_masked(reading, count);
    }
    if (name[0] != '@' && strncmp(name, "key:", 4) != 0) {
        return oc_fail(OC_E_FORMAT);
    }
    const oc_scope *scope = reading->capture->scope;
    oc_buf value = {0};
    oc_result r = scope == NULL || name[0] != '@' ? oc_fail(OC_E_NOT_FOUND)
                                                  : scope->profile(scope->self, name + 1, &value);
    size_t before = reading->bytes.len + plain_length(rest);
    bool last = strchr(rest, '{') == NULL;
    if (oc_is_ok(r)) {
        r = add(reading, oc_buf_span(&value), 1);
    } else if (last && reading->whole != SIZE_MAX && reading->whole >= before) {
        r = add_masked(reading, reading->whole - before);
    } else {
        reading->cut = true;
        r = oc_ok();
    }
    oc_buf_free(&value);
    return r;
}

static oc_result read_text(struct reading *reading, const char *text)
{
    while (*text != '\0' && !reading->cut) {
        if (*text == '{') {
            size_t len = strcspn(text, "}");
            if (text[len] == '\0') {
                return oc_fail(OC_E_FORMAT);
            }
            OC_TRY(add_reference(reading, text + 1, len - 1, text + len + 1));
            text += len + 1;
            continue;
        }
        size_t len = strcspn(text, "{");
        oc_buf plain = {0};
        oc_result r = oc_hex_decode(&plain, text, len);
        if (oc_is_ok(r)) {
            r = add(reading, oc_buf_span(&plain), 1);
        }
        oc_buf_free(&plain);
        OC_TRY(r);
        text += len;
    }
    return oc_ok();
}

/* A status word stands at the end, also behind what nobody knows the length of. */
static oc_result read_tail(struct reading *reading, const char *text)
{
    size_t len = strlen(text);
    if (!reading->cut || len < 4 || strspn(text + len - 4, "0123456789ABCDEFabcdef") != 4) {
        return oc_ok();
    }
    oc_buf tail = {0};
    oc_result r = oc_hex_decode(&tail, text + len - 4, 4);
    if (oc_is_ok(r)) {
        r = add(reading, oc_buf_span(&tail), 1);
    }
    oc_buf_free(&tail);
    return r;
}

oc_result oc_capture_bytes(oc_capture *capture, const char *text, size_t whole, oc_seen_bytes *out)
{
    struct reading reading = {.capture = capture, .whole = whole};
    oc_result r = read_text(&reading, text);
    if (oc_is_ok(r)) {
        r = read_tail(&reading, text);
    }
    if (oc_is_ok(r)) {
        *out = (oc_seen_bytes){.bytes = oc_arena_bytes(&capture->arena, oc_buf_span(&reading.bytes)),
                               .known = oc_arena_bytes(&capture->arena, oc_buf_span(&reading.known)),
                               .cut = reading.cut};
        r = out->bytes.len == reading.bytes.len && out->known.len == reading.known.len ? r : oc_fail(OC_E_MEMORY);
    }
    oc_buf_free(&reading.bytes);
    oc_buf_free(&reading.known);
    return r;
}

/* Lc tells how long a command of T=0 is. */
static size_t command_length(const char *command)
{
    char digits[3] = "";
    if (strspn(command, "0123456789ABCDEFabcdef") < 10) {
        return SIZE_MAX;
    }
    memcpy(digits, command + 8, 2);
    size_t lc = strtoul(digits, NULL, 16);
    return lc == 0 ? SIZE_MAX : 5 + lc;
}

oc_result oc_capture_texts(oc_capture *capture, const char *actor, const char *command, const char *response,
                           oc_raw_exchange *exchange, oc_diag *diag)
{
    exchange->actor = actor != NULL && strcmp(actor, "psam") == 0 ? OC_PATTERN_PSAM : OC_PATTERN_CARD;
    exchange->is_reset = strncmp(command, "reset", 5) == 0;
    exchange->reset = strstr(command, "warm") != NULL ? OC_RESET_WARM : OC_RESET_COLD;
    exchange->failed = response == NULL || response[0] == '\0';
    exchange->command_text = oc_arena_text(&capture->arena, command);
    exchange->response_text = oc_arena_text(&capture->arena, response == NULL ? "" : response);
    oc_result r = exchange->command_text == NULL || exchange->response_text == NULL ? oc_fail(OC_E_MEMORY) : oc_ok();
    if (oc_is_ok(r) && !exchange->is_reset) {
        r = oc_capture_bytes(capture, command, command_length(command), &exchange->command);
    }
    if (oc_is_ok(r) && !exchange->failed) {
        r = oc_capture_bytes(capture, response, SIZE_MAX, &exchange->response);
    }
    if (r.code == OC_E_FORMAT) {
        return oc_diag_fail(diag, OC_E_FORMAT, "%.60s > %.60s is no exchange in hex", command,
                            response == NULL ? "" : response);
    }
    return r;
}
