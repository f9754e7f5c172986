/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/decode.h"

#include <stdlib.h>
#include <string.h>

#include "reports/html/tlv_tree.h"
#include "sim/base/sw.h"
#include "sim/base/terminal_code.h"

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* Four digits that stand alone. */
static bool status_word(const char *at, oc_sw *out)
{
    for (size_t i = 0; i < 4; i++) {
        if (!is_hex(at[i])) {
            return false;
        }
    }
    if (is_hex(at[4])) {
        return false;
    }
    char digits[5] = {at[0], at[1], at[2], at[3], '\0'};
    *out = oc_sw_of((unsigned)strtoul(digits, NULL, 16));
    return true;
}

static void set_both(oc_pen *pen, xmlNode *node, const char *zh, const char *en)
{
    if (zh[0] != '\0') {
        oc_pen_set(pen, node, "zh", zh);
        oc_pen_set(pen, node, "en", en);
    }
}

void oc_decode_meaning(oc_pen *pen, xmlNode *node, const char *what, const char *text)
{
    oc_sw sw = oc_sw_of(0);
    if (what == NULL) {
        return;
    }
    /* Of several status words that would do, none is the one that is meant. */
    if (strcmp(what, "sw") == 0 && status_word(text, &sw) && (text[4] == '\0' || text[5] == '(')) {
        set_both(pen, node, oc_sw_meaning(sw, "zh"), oc_sw_meaning(sw, "en"));
    } else if (strcmp(what, "answer code") == 0) {
        const char *digits = text + (text[0] == '\'');
        char *end = NULL;
        long code = strtol(digits, &end, 10);
        if (end != digits && (*end == '\0' || (*end == '\'' && end[1] == '\0')) && code > -70000 && code <= 0) {
            set_both(pen, node, oc_terminal_code_meaning((int)code, "zh"), oc_terminal_code_meaning((int)code, "en"));
        }
    }
}

const char *oc_decode_response(const char *response, const char *lang)
{
    size_t len = strlen(response);
    oc_sw sw = oc_sw_of(0);
    if (len < 4 || !status_word(response + len - 4, &sw) || (len > 4 && response[len - 5] == ' ' && len < 9)) {
        return "";
    }
    return oc_sw_meaning(sw, lang);
}

/* The value of NAME in "... NAME='value' ..." behind the arrow; hex and masks stand without quotes. */
static const char *value_of(const char *note, const char *name, size_t *len)
{
    size_t name_len = strlen(name);
    for (const char *at = strstr(note, "->"); at != NULL; at = strchr(at + 1, ' ')) {
        const char *word = at + strspn(at, " ");
        if (strncmp(word, name, name_len) != 0 || word[name_len] != '=') {
            continue;
        }
        const char *value = word + name_len + 1;
        bool quoted = *value == '\'';
        value += quoted;
        *len = strcspn(value, quoted ? "'" : " ");
        return *len == 0 ? NULL : value;
    }
    return NULL;
}

void oc_decode_answers(oc_pen *pen, xmlNode *parent, const char *note)
{
    static const char *const names[] = {"infcode", "err_msg", "rule", "field", "identity"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t len = 0;
        char text[1024];
        const char *value = value_of(note, names[i], &len);
        if (value == NULL || (len == 1 && value[0] == '-')) {
            continue;
        }
        xmlNode *field = strcmp(names[i], "err_msg") == 0 && oc_tlv_readable(text, sizeof text, value, len)
                             ? oc_pen_add(pen, parent, "field", text)
                             : oc_pen_add_n(pen, parent, "field", value, len);
        oc_pen_set(pen, field, "name", names[i]);
    }
}
