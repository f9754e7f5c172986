/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/run/unrestored.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/base/hex.h"

#define CASES_MAX 64 /* a card that loses so many restores is not one to go on with */
#define ID_ROOM 128
#define FILE_MAX ((size_t)1024 * 1024)

struct begun {
    char id[ID_ROOM];
    oc_fields captures;
};

struct oc_unrestored {
    char path[PATH_MAX];
    struct begun at[CASES_MAX];
    size_t count;
    oc_buf written; /* what the file holds */
};

static struct begun *find(oc_unrestored *unrestored, const char *id)
{
    for (size_t i = 0; i < unrestored->count; i++) {
        if (strcmp(unrestored->at[i].id, id) == 0) {
            return &unrestored->at[i];
        }
    }
    return NULL;
}

static oc_result add(oc_unrestored *unrestored, const char *id, struct begun **out)
{
    if (unrestored->count == CASES_MAX || strlen(id) >= ID_ROOM) {
        return oc_fail(OC_E_LIMIT);
    }
    *out = &unrestored->at[unrestored->count++];
    snprintf((*out)->id, ID_ROOM, "%s", id);
    return oc_ok();
}

/* "case ID" */
static bool take_case(oc_unrestored *unrestored, const char *text)
{
    struct begun *begun;
    return text[0] != '\0' && find(unrestored, text) == NULL && oc_is_ok(add(unrestored, text, &begun));
}

/* "with NAME HEX", of the last case */
static bool take_capture(oc_unrestored *unrestored, char *text)
{
    char *blank = strchr(text, ' ');
    oc_buf value = {0};
    if (blank == NULL || unrestored->count == 0) {
        return false;
    }
    *blank = '\0';
    bool fits = oc_is_ok(oc_hex_decode(&value, blank + 1, strlen(blank + 1))) &&
                oc_is_ok(oc_fields_set(&unrestored->at[unrestored->count - 1].captures, text, oc_buf_span(&value)));
    oc_buf_free(&value);
    return fits;
}

static bool take_line(oc_unrestored *unrestored, char *line)
{
    if (strncmp(line, "case ", 5) == 0) {
        return take_case(unrestored, line + 5);
    }
    return strncmp(line, "with ", 5) == 0 && take_capture(unrestored, line + 5);
}

static oc_result take_lines(oc_unrestored *unrestored, oc_diag *diag)
{
    oc_buf copy = {0};
    OC_TRY(oc_buf_set(&copy, oc_buf_span(&unrestored->written)));
    char *line = (char *)copy.at;
    char *end = line + copy.len;
    bool fits = copy.len == 0 || (copy.at[copy.len - 1] == '\n' && memchr(copy.at, '\0', copy.len) == NULL);
    long number = 1;
    for (; fits && line < end; number++) {
        char *newline = strchr(line, '\n');
        *newline = '\0';
        fits = take_line(unrestored, line);
        line = newline + 1;
    }
    oc_buf_free(&copy);
    return fits ? oc_ok()
                : oc_diag_fail_at(diag, OC_E_IO, unrestored->path, number > 1 ? number - 1 : 1,
                                  "no line of a list of unrestored cases; look at it, then delete it");
}

oc_result oc_unrestored_open(oc_unrestored **out, const char *path, oc_diag *diag)
{
    *out = NULL;
    oc_unrestored *unrestored = calloc(1, sizeof *unrestored);
    if (unrestored == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    oc_result r = oc_file_join(unrestored->path, sizeof unrestored->path, "", path);
    if (oc_is_ok(r) && access(path, F_OK) == 0) {
        r = oc_file_read(&unrestored->written, path, FILE_MAX, diag);
    }
    if (oc_is_ok(r)) {
        r = take_lines(unrestored, diag);
    }
    if (!oc_is_ok(r)) {
        oc_unrestored_free(&unrestored);
    }
    *out = unrestored;
    return r;
}

void oc_unrestored_free(oc_unrestored **unrestored)
{
    if (*unrestored == NULL) {
        return;
    }
    for (size_t i = 0; i < (*unrestored)->count; i++) {
        oc_fields_free(&(*unrestored)->at[i].captures);
    }
    oc_buf_free(&(*unrestored)->written);
    free(*unrestored);
    *unrestored = NULL;
}

const char *oc_unrestored_case(const oc_unrestored *unrestored, const oc_fields **captures)
{
    if (unrestored->count == 0) {
        return NULL;
    }
    const struct begun *last = &unrestored->at[unrestored->count - 1];
    *captures = &last->captures;
    return last->id;
}

static oc_result write_capture(oc_buf *text, const oc_field *capture)
{
    char digits[2 * 64 + 1];
    OC_TRY(oc_buf_append(text, oc_span_text("with ")));
    OC_TRY(oc_buf_append(text, oc_span_text(capture->name)));
    OC_TRY(oc_buf_append_byte(text, ' '));
    for (size_t at = 0; at < capture->value.len; at += 64) {
        oc_hex_encode(digits, sizeof digits, oc_span_slice(oc_buf_span(&capture->value), at, 64));
        OC_TRY(oc_buf_append(text, oc_span_text(digits)));
    }
    return oc_buf_append_byte(text, '\n');
}

static oc_result write_cases(oc_buf *text, const oc_unrestored *unrestored)
{
    for (size_t i = 0; i < unrestored->count; i++) {
        const struct begun *begun = &unrestored->at[i];
        OC_TRY(oc_buf_append(text, oc_span_text("case ")));
        OC_TRY(oc_buf_append(text, oc_span_text(begun->id)));
        OC_TRY(oc_buf_append_byte(text, '\n'));
        for (size_t k = 0; k < begun->captures.count; k++) {
            OC_TRY(write_capture(text, &begun->captures.at[k]));
        }
    }
    return oc_ok();
}

static oc_result keep(oc_unrestored *unrestored, oc_diag *diag)
{
    oc_buf text = {0};
    oc_result r = write_cases(&text, unrestored);
    if (oc_is_ok(r) && !oc_span_equal(oc_buf_span(&text), oc_buf_span(&unrestored->written))) {
        r = oc_file_replace(unrestored->path, oc_buf_span(&text), diag);
        if (oc_is_ok(r)) {
            r = oc_buf_set(&unrestored->written, oc_buf_span(&text));
        }
    }
    oc_buf_free(&text);
    return r;
}

oc_result oc_unrestored_note(oc_unrestored *unrestored, const char *id, const oc_fields *captures, oc_diag *diag)
{
    struct begun *begun = find(unrestored, id);
    if (begun == NULL && !oc_is_ok(add(unrestored, id, &begun))) {
        return oc_diag_fail(diag, OC_E_UNAVAILABLE, "not begun: too many cases were not put right on this card");
    }
    for (size_t i = 0; i < captures->count; i++) {
        OC_TRY(oc_fields_set(&begun->captures, captures->at[i].name, oc_buf_span(&captures->at[i].value)));
    }
    return keep(unrestored, diag);
}

oc_result oc_unrestored_done(oc_unrestored *unrestored, const char *id, oc_diag *diag)
{
    struct begun *begun = find(unrestored, id);
    if (begun == NULL) {
        return oc_ok();
    }
    oc_fields_free(&begun->captures);
    size_t behind = unrestored->count - 1 - (size_t)(begun - unrestored->at);
    memmove(begun, begun + 1, behind * sizeof *begun);
    unrestored->at[--unrestored->count] = (struct begun){0};
    return keep(unrestored, diag);
}
