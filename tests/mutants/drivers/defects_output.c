/* SPDX-License-Identifier: Apache-2.0 */
/* Defects of what the functions return: code and pOutInfo. */
#include <stdio.h>

#include "sim/base/text.h"
#include "tests/mutants/drivers/driver_defect.h"

/* Where a caller's buffer ends at the latest. */
#define ROOM 65536

static bool is_basic(const char *function)
{
    return strcmp(function, "iReadCardBas") == 0 || strcmp(function, "iReadCardBas_HSM_Step2") == 0;
}

/* The begin of item `number`, counted from 1; the end of the text when there are not so many. */
static char *item_at(char *text, unsigned number)
{
    for (; number > 1 && *text != '\0'; text++) {
        number -= *text == '|';
    }
    return text;
}

static long positive_codes(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    return -right_serve(function, arguments, count, out);
}

static long always_success(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    (void)right_serve(function, arguments, count, out);
    return 0;
}

static long empty_success(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    out[0] = is_basic(function) ? '\0' : out[0];
    return code;
}

static long status_word_lost(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    return code < -0x6000 ? -1 : code;
}

static long no_reason(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    out[0] = code != 0 ? '\0' : out[0];
    return code;
}

static long old_answer_kept(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    static char last[ROOM];
    long code = right_serve(function, arguments, count, out);
    if (code != 0 && last[0] != '\0') {
        snprintf(out, ROOM, "%s", last);
    } else if (code == 0) {
        snprintf(last, sizeof last, "%s", out);
    }
    return code;
}

static long last_bar_missing(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    size_t len = strlen(out);
    if (code == 0 && is_basic(function) && len > 0) {
        out[len - 1] = '\0';
    }
    return code;
}

static long nine_items(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == 0 && is_basic(function)) {
        *item_at(out, 10) = '\0';
    }
    return code;
}

static long as_utf8(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    oc_buf text = {0};
    if (oc_is_ok(oc_text_from_card(&text, oc_span_text(out))) && text.len < ROOM) {
        memcpy(out, text.at, text.len);
        out[text.len] = '\0';
    }
    oc_buf_free(&text);
    return code;
}

/* The name without its last byte, which is half of a character. */
static long half_character(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == 0 && is_basic(function)) {
        char *after = item_at(out, 6);
        memmove(after - 2, after - 1, strlen(after) + 2);
    }
    return code;
}

static long dates_swapped(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == 0 && is_basic(function)) {
        char issued[8];
        char *first = item_at(out, 8);
        char *second = item_at(out, 9);
        memcpy(issued, first, sizeof issued);
        memcpy(first, second, sizeof issued);
        memcpy(second, issued, sizeof issued);
    }
    return code;
}

static long no_terminal_number(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == 0 && is_basic(function)) {
        memset(item_at(out, 10), '0', 12);
    }
    return code;
}

static long unterminated(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == 0 && is_basic(function)) {
        size_t len = strlen(out);
        memset(out + len, '|', ROOM - len);
    }
    return code;
}

static long one_byte_too_far(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == 0 && is_basic(function)) {
        volatile char *end = out + ROOM;
        *end = '\0';
    }
    return code;
}

static long pin_printed(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (typed_pin()[0] != '\0') {
        printf("%s: PIN %s, result %ld\n", function, typed_pin(), code);
        fflush(stdout);
    }
    return code;
}

/* A driver that does without a PSAM has keys of its own, and this one's log has them too: the key of the test profiles
 * that basic data are read under. What a driver gets from PSAM or HSM are cryptograms, never a key. */
static long key_printed(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (strcmp(function, "iReadCard") == 0) {
        printf("RKssse d3 d5 0e e0 02 a4 2b b7 3a 18 b7 7f 82 08 83 60\n");
        fflush(stdout);
    }
    return code;
}

static long pin_in_answer(const char *function, const oc_driver_argument *arguments, size_t count, char *out)
{
    long code = right_serve(function, arguments, count, out);
    if (code == 0 && strcmp(function, "iVerifyPIN") == 0) {
        snprintf(out, ROOM, "%s|", typed_pin());
    }
    return code;
}

const struct driver_defect driver_output_defects[] = {
    {.name = "positive-codes", .serve = positive_codes},
    {.name = "always-success", .serve = always_success},
    {.name = "empty-success", .serve = empty_success},
    {.name = "status-word-lost", .serve = status_word_lost},
    {.name = "no-reason", .serve = no_reason},
    {.name = "old-answer-kept", .serve = old_answer_kept},
    {.name = "last-bar-missing", .serve = last_bar_missing},
    {.name = "nine-items", .serve = nine_items},
    {.name = "utf-8", .serve = as_utf8},
    {.name = "half-character", .serve = half_character},
    {.name = "dates-swapped", .serve = dates_swapped},
    {.name = "no-terminal-number", .serve = no_terminal_number},
    {.name = "unterminated", .serve = unterminated},
    {.name = "one-byte-too-far", .serve = one_byte_too_far},
    {.name = "pin-printed", .serve = pin_printed},
    {.name = "key-printed", .serve = key_printed},
    {.name = "pin-in-answer", .serve = pin_in_answer},
    {.name = NULL},
};
