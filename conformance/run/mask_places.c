/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/mask.h"
#include "conformance/run/mask_internal.h"
#include "sim/base/tlv.h"

/* Where secrets stand in commands, responses and named values (ssc-card sheet 4.3 and 7; sheet on terminals 4.4). */

enum { VERIFY = 0x20, CHANGE_PIN = 0x5E, READ_RECORD = 0xB2, UPDATE_RECORD = 0xDC, APPEND_RECORD = 0xE2 };
#define HEADER 5
#define PIN_SEPARATOR 0xFF

static const char *joined(oc_arena *arena, const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return NULL;
    }
    size_t first = strlen(a);
    size_t second = strlen(b);
    char *text = oc_arena_alloc(arena, first + second + 1);
    if (text != NULL) {
        memcpy(text, a, first);
        memcpy(text + first, b, second);
    }
    return text;
}

/* What the profile has as well is told by its reference, anything else by its length. */
static const char *untold(const oc_mask *mask, oc_arena *arena, oc_span bytes)
{
    const char *reference = oc_mask_value_reference(mask, bytes);
    return reference != NULL ? oc_arena_format(arena, "{@%s}", reference)
                             : oc_arena_format(arena, "{%zu bytes}", bytes.len);
}

const char *oc_mask_secret(const oc_mask *mask, oc_arena *arena, oc_span bytes)
{
    if (bytes.len == 0 || oc_mask_is_open(mask) || oc_mask_knows(mask, bytes)) {
        return oc_mask_bytes(mask, arena, bytes);
    }
    return untold(mask, arena, bytes);
}

/* Records one after the other, tag, length, value; what is no record is written as it is, unless a secret was cut. */
const char *oc_mask_records(const oc_mask *mask, oc_arena *arena, oc_span data)
{
    if (oc_mask_is_open(mask)) {
        return oc_mask_bytes(mask, arena, data);
    }
    const char *text = "";
    oc_rd rd = oc_rd_of(data);
    while (rd.rest.len > 0 && text != NULL) {
        oc_span rest = rd.rest;
        oc_tlv record;
        bool secret = oc_mask_has_secret_tag(mask, rest.at[0]);
        if (!oc_record_tlv_next(&rd, &record)) {
            return joined(arena, text, (secret ? oc_mask_secret : oc_mask_bytes)(mask, arena, rest));
        }
        if (!secret) {
            size_t len = rest.len - rd.rest.len;
            text = joined(arena, text, oc_mask_bytes(mask, arena, oc_span_slice(rest, 0, len)));
            continue;
        }
        text = joined(arena, text, oc_mask_bytes(mask, arena, oc_span_slice(rest, 0, 2)));
        text = joined(arena, text, oc_mask_secret(mask, arena, record.value));
    }
    return text;
}

static const char *pins(const oc_mask *mask, oc_arena *arena, uint8_t ins, oc_span body)
{
    const uint8_t *separator = ins == CHANGE_PIN ? memchr(body.at, PIN_SEPARATOR, body.len) : NULL;
    if (separator == NULL) {
        return oc_mask_secret(mask, arena, body);
    }
    size_t old = (size_t)(separator - body.at);
    const char *text = joined(arena, oc_mask_secret(mask, arena, oc_span_slice(body, 0, old)), "FF");
    return joined(arena, text, oc_mask_secret(mask, arena, oc_span_slice(body, old + 1, body.len)));
}

const char *oc_mask_command(const oc_mask *mask, oc_arena *arena, oc_span command)
{
    oc_span body = oc_span_slice(command, HEADER, command.len);
    if (body.len == 0 || oc_mask_is_open(mask)) {
        return oc_mask_bytes(mask, arena, command);
    }
    oc_span header = oc_span_slice(command, 0, HEADER);
    switch (command.at[1]) {
    case VERIFY:
    case CHANGE_PIN:
        return joined(arena, oc_mask_bytes(mask, arena, header), pins(mask, arena, command.at[1], body));
    case UPDATE_RECORD:
    case APPEND_RECORD:
        return joined(arena, oc_mask_bytes(mask, arena, header), oc_mask_records(mask, arena, body));
    default:
        return oc_mask_bytes(mask, arena, command);
    }
}

bool oc_mask_is_secret(const oc_mask *mask, oc_span command, oc_span data)
{
    return command.len > 1 && command.at[1] == READ_RECORD && data.len > 0 && !oc_mask_is_open(mask) &&
           oc_mask_has_secret_tag(mask, data.at[0]);
}

const char *oc_mask_response(const oc_mask *mask, oc_arena *arena, oc_span command, oc_span response)
{
    if (response.len <= 2 || command.len < 2 || command.at[1] != READ_RECORD || oc_mask_is_open(mask)) {
        return oc_mask_bytes(mask, arena, response);
    }
    size_t len = response.len - 2;
    const char *data = oc_mask_records(mask, arena, oc_span_slice(response, 0, len));
    return joined(arena, data, oc_mask_bytes(mask, arena, oc_span_slice(response, len, 2)));
}

/* Arguments that are PINs, what is read and written, and the items that name a person or card in iReadCardBas and hold
 * the PIN in iReloadPIN_HSM_Step2, whose string goes to the HSM. */
static bool is_secret_field(const char *name)
{
    static const char *const names[] = {"pin",      "old",       "new",        "again", "initial-pin",
                                        "user-pin", "card-info", "write-data", "step2", "card-id",
                                        "2",        "3",         "4",          "5",     "out"};
    /* Of a second caller: the same name with -2 behind it. */
    size_t len = strlen(name);
    len -= len > 2 && strcmp(name + len - 2, "-2") == 0 ? 2 : 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strncmp(names[i], name, len) == 0 && names[i][len] == '\0') {
            return true;
        }
    }
    return false;
}

const char *oc_mask_field(const oc_mask *mask, oc_arena *arena, const char *name, oc_span value)
{
    if (!is_secret_field(name) || oc_mask_is_open(mask) || value.len == 0 || oc_mask_knows(mask, value)) {
        return oc_mask_text(mask, arena, value);
    }
    return untold(mask, arena, value);
}
