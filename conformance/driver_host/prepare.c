/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/driver_host/prepare.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/driver_host/keypad.h"

/* What a buffer holds before the call, behind its first byte: text that is not closed by the driver runs on in it. */
#define UNTOUCHED 0xCC

static int digit_of(char c)
{
    const char *digits = "0123456789ABCDEFabcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    long at = found == NULL ? -1 : (long)(found - digits);
    return (int)(at < 16 ? at : at - 6);
}

static bool take_bytes(oc_dh_prepared *out, unsigned slot, const char *hex, const char **why)
{
    size_t len = strlen(hex);
    unsigned char *bytes = malloc(len / 2 + 1);
    out->owned[slot] = bytes;
    *why = "a text is not in hex";
    if (bytes == NULL || len % 2 != 0) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        int digit = digit_of(hex[i]);
        if (digit < 0) {
            return false;
        }
        bytes[i / 2] = (unsigned char)(i % 2 == 0 ? digit << 4 : bytes[i / 2] | digit);
    }
    bytes[len / 2] = 0;
    out->call.parameters[slot] = (intptr_t)bytes;
    return true;
}

static bool take_number(const char *text, long *number)
{
    char *end = NULL;
    *number = strtol(text, &end, 10);
    return end != text && *end == '\0';
}

static bool take_buffer(oc_dh_prepared *out, unsigned slot, oc_dh_guarded *buffer, const char *size, const char **why)
{
    long bytes;
    *why = "an output buffer has from 1 byte to 64 KiB";
    if (buffer->at != NULL || !take_number(size, &bytes) || bytes < 1 || (size_t)bytes > OC_DH_BUFFER_MAX) {
        return false;
    }
    *why = "memory for a buffer cannot be had";
    if (!oc_dh_guarded_new(buffer, (size_t)bytes)) {
        return false;
    }
    memset(buffer->at, UNTOUCHED, buffer->size);
    buffer->at[0] = 0;
    out->call.parameters[slot] = (intptr_t)buffer->at;
    return true;
}

/* "WORD REST": REST, or NULL when it is another word. */
static const char *behind(const char *text, const char *word)
{
    size_t len = strlen(word);
    return strncmp(text, word, len) == 0 && text[len] == ' ' ? text + len + 1 : NULL;
}

static bool take_parameter(oc_dh_prepared *out, unsigned slot, const char *text, const char **why)
{
    const char *rest;
    long number;
    if ((rest = behind(text, "int")) != NULL) {
        *why = "a number is none";
        bool good = take_number(rest, &number);
        out->call.parameters[slot] = (intptr_t)number;
        return good;
    }
    if ((rest = behind(text, "in")) != NULL) {
        return take_bytes(out, slot, rest, why);
    }
    if ((rest = behind(text, "out")) != NULL) {
        return take_buffer(out, slot, &out->out, rest, why);
    }
    if ((rest = behind(text, "room")) != NULL) {
        return take_buffer(out, slot, &out->rooms[slot], rest, why);
    }
    if (strcmp(text, "keypad") == 0) {
        out->call.parameters[slot] = oc_dh_keypad_function();
        return true;
    }
    *why = "a parameter is of no known kind";
    return strcmp(text, "null") == 0 || strcmp(text, "size") == 0;
}

bool oc_dh_prepare(oc_dh_prepared *out, const oc_dh_json *question, unsigned object, const char **why)
{
    const oc_dh_value *list = oc_dh_json_member(question, object, "c");
    *out = (oc_dh_prepared){0};
    if (list == NULL || list->kind != OC_DH_LIST) {
        *why = "the list c is missing";
        return false;
    }
    unsigned parent = oc_dh_json_index(question, list);
    for (const oc_dh_value *at = oc_dh_json_next(question, parent, NULL); at != NULL;
         at = oc_dh_json_next(question, parent, at)) {
        if (out->call.count == OC_DH_PARAMETERS_MAX) {
            *why = "there are too many parameters";
            return false;
        }
        if (!take_parameter(out, out->call.count++, at->text, why)) {
            return false;
        }
    }
    unsigned slot = 0;
    for (const oc_dh_value *at = oc_dh_json_next(question, parent, NULL); at != NULL;
         at = oc_dh_json_next(question, parent, at), slot++) {
        if (strcmp(at->text, "size") == 0) {
            out->call.parameters[slot] = (intptr_t)out->out.size;
        }
    }
    return true;
}

void oc_dh_prepared_free(oc_dh_prepared *prepared)
{
    for (unsigned i = 0; i < OC_DH_PARAMETERS_MAX; i++) {
        free(prepared->owned[i]);
        oc_dh_guarded_free(&prepared->rooms[i]);
    }
    oc_dh_guarded_free(&prepared->out);
    *prepared = (oc_dh_prepared){0};
}

size_t oc_dh_prepared_underrun(const oc_dh_prepared *prepared)
{
    size_t wrong = 0;
    for (const unsigned char *at = prepared->out.region; at != NULL && at < prepared->out.at; at++) {
        wrong += *at != OC_DH_GUARD;
    }
    return wrong;
}
