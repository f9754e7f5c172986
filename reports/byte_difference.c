/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/byte_difference.h"

#include <string.h>

static bool is_hex(char c)
{
    /* 'x' and '?' stand for any digit in expected status words. */
    return c != '\0' && strchr("0123456789ABCDEFabcdefx?", c) != NULL;
}

/* Length of the unit at `at`: two hex digits or one reference; 0 when it is neither. */
static size_t unit(const char *at)
{
    if (*at == '{') {
        const char *end = strchr(at, '}');
        return end == NULL ? 0 : (size_t)(end - at) + 1;
    }
    return is_hex(at[0]) && is_hex(at[1]) ? 2 : 0;
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " ");
}

static bool is_bytes(const char *text)
{
    const char *at = skip_blanks(text);
    while (*at != '\0') {
        size_t len = unit(at);
        if (len == 0) {
            return false;
        }
        at = skip_blanks(at + len);
    }
    return true;
}

static bool same_digit(char a, char b)
{
    if (a == '?' || b == '?' || a == 'x' || b == 'x') {
        return true;
    }
    return (a >= 'a' ? a - 32 : a) == (b >= 'a' ? b - 32 : b);
}

static bool same_unit(const char *a, size_t a_len, const char *b, size_t b_len)
{
    if (a_len != b_len) {
        return false;
    }
    if (*a == '{') {
        return memcmp(a, b, a_len) == 0;
    }
    return *b != '{' && same_digit(a[0], b[0]) && same_digit(a[1], b[1]);
}

static void compare_bytes(const char *text, const char *other, oc_difference_run *run, void *self)
{
    const char *begin = text;
    const char *at = skip_blanks(text);
    bool differs = false;
    other = skip_blanks(other);
    while (*at != '\0') {
        size_t len = unit(at);
        size_t other_len = *other == '\0' ? 0 : unit(other);
        bool now = !same_unit(at, len, other, other_len);
        if (now != differs && at > begin) {
            run(self, begin, (size_t)(at - begin), differs);
            begin = at;
        }
        differs = now;
        at = skip_blanks(at + len);
        other = skip_blanks(other + other_len);
    }
    if (*begin != '\0') {
        run(self, begin, strlen(begin), differs);
    }
}

static bool inside_character(char c)
{
    return ((unsigned char)c & 0xC0u) == 0x80u;
}

static void compare_texts(const char *text, const char *other, oc_difference_run *run, void *self)
{
    size_t len = strlen(text);
    size_t other_len = strlen(other);
    size_t same = 0;
    while (same < len && same < other_len && text[same] == other[same]) {
        same++;
    }
    while (same > 0 && inside_character(text[same])) {
        same--;
    }
    size_t end = 0;
    while (end < len - same && end < other_len - same && text[len - end - 1] == other[other_len - end - 1]) {
        end++;
    }
    while (end > 0 && inside_character(text[len - end])) {
        end--;
    }
    if (same > 0) {
        run(self, text, same, false);
    }
    if (len - same - end > 0) {
        run(self, text + same, len - same - end, true);
    }
    if (end > 0) {
        run(self, text + len - end, end, false);
    }
}

void oc_byte_difference(const char *text, const char *other, oc_difference_run *run, void *self)
{
    if (is_bytes(text) && is_bytes(other)) {
        compare_bytes(text, other, run, self);
    } else {
        compare_texts(text, other, run, self);
    }
}
