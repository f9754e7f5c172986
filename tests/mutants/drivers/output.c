/* SPDX-License-Identifier: Apache-2.0 */
/* What is in the caller's buffer, and what is printed beside it. */
#include <stdio.h>

#include "sim/base/text.h"
#include "tests/mutants/drivers/boundary.h"

/* The begin of item `number`, counted from 1; the end of the text when there are not so many. */
static char *item_at(char *text, unsigned number)
{
    for (; number > 1 && *text != '\0'; text++) {
        number -= *text == '|';
    }
    return text;
}

static long no_reason(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    out[0] = code != 0 ? '\0' : out[0];
    return code;
}

static long as_utf8(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    oc_buf text = {0};
    if (oc_is_ok(oc_text_from_card(&text, oc_span_text(out))) && text.len < DRIVER_ROOM) {
        memcpy(out, text.at, text.len);
        out[text.len] = '\0';
    }
    oc_buf_free(&text);
    return code;
}

#define LONG_NAME 20

/* A long name without its last byte, which is half of a character. */
static long half_character(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    if (code == 0 && driver_is_basic(function)) {
        char *name = item_at(out, 5);
        char *after = item_at(out, 6);
        if (after - name > LONG_NAME) {
            memmove(after - 2, after - 1, strlen(after) + 2);
        }
    }
    return code;
}

static long unterminated(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    if (code == 0 && strcmp(function, "iReadCard") == 0) {
        size_t len = strlen(out);
        memset(out + len, '|', DRIVER_ROOM - len);
    }
    return code;
}

static long one_byte_too_far(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    if (code == 0 && strcmp(function, "iReadCard") == 0) {
        volatile char *end = out + DRIVER_ROOM;
        *end = '\0';
    }
    return code;
}

/* Nobody asks for more than 900 bytes. */
static long long_cut(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    if (code == 0 && strlen(out) > 900) {
        out[900] = '\0';
    }
    return code;
}

static long pin_printed(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    if (driver_typed_pin()[0] != '\0') {
        printf("%s: PIN %s, result %ld\n", function, driver_typed_pin(), code);
        fflush(stdout);
    }
    return code;
}

/* A driver that does without a PSAM has keys of its own, and this one's log has them too: the key of the test profiles
 * that basic data are read under. What a driver gets from PSAM or HSM are cryptograms, never a key. */
static long key_printed(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = driver_right_serve(function, arguments, count, out);
    if (strcmp(function, "iReadCard") == 0) {
        printf("RKssse d3 d5 0e e0 02 a4 2b b7 3a 18 b7 7f 82 08 83 60\n");
        fflush(stdout);
    }
    return code;
}

static const struct mutant rows[] = {
    {.id = "terminal.driver.no-reason", DRIVER(.serve = no_reason)},
    {.id = "terminal.driver.utf-8", DRIVER(.serve = as_utf8)},
    {.id = "terminal.driver.half-character", DRIVER(.serve = half_character)},
    {.id = "terminal.driver.unterminated", DRIVER(.serve = unterminated)},
    {.id = "terminal.driver.one-byte-too-far", DRIVER(.serve = one_byte_too_far)},
    {.id = "terminal.driver.long-cut", DRIVER(.serve = long_cut)},
    {.id = "terminal.driver.pin-printed", DRIVER(.serve = pin_printed)},
    {.id = "terminal.driver.key-printed", DRIVER(.serve = key_printed)},
};
MUTANT_TABLE(rows);
