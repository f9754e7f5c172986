/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html/tlv_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/text.h"

#define UNITS_MAX 2048
#define DEPTH_MAX 6
#define TEXT_MAX 512

/* ISO/IEC 7816-4 and the FCI of PBOC applications. */
static const struct {
    uint32_t tag;
    const char *zh;
    const char *en;
} names[] = {
    {0x6F, "FCI模板", "FCI template"},
    {0x84, "DF名称", "DF name"},
    {0xA5, "FCI专用数据", "proprietary data of the FCI"},
    {0x88, "目录文件的短文件标识", "short identifier of the directory file"},
    {0x50, "应用标签", "application label"},
    {0x87, "应用优先级", "application priority"},
    {0x61, "目录入口", "directory entry"},
    {0x70, "记录模板", "record template"},
    {0x4F, "应用标识", "application identifier"},
    {0x9F0C, "发卡方自定义数据", "issuer's discretionary data"},
    {0xBF0C, "发卡方自定义FCI数据", "issuer's discretionary data of the FCI"},
    {0x9F08, "应用版本", "application version"},
};

/* A byte, or something masked: of `size` bytes, or SIZE_MAX where that is not said. */
struct unit {
    const char *at;
    size_t len; /* characters */
    size_t size;
    uint8_t value;
    bool known;
};

struct units {
    struct unit at[UNITS_MAX];
    size_t count;
    size_t next;
    size_t end;
};

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static bool cut(struct units *units, const char *text)
{
    for (const char *c = text; *c != '\0' && units->count < UNITS_MAX;) {
        struct unit *unit = &units->at[units->count++];
        const char *close = *c == '{' ? strchr(c, '}') : NULL;
        if (close != NULL) {
            char *end = NULL;
            unsigned long size = c[1] >= '0' && c[1] <= '9' ? strtoul(c + 1, &end, 10) : 0;
            bool told = end != NULL && strncmp(end, " byte", 5) == 0 && size < 65536;
            *unit = (struct unit){.at = c, .len = (size_t)(close - c) + 1, .size = told ? size : SIZE_MAX};
        } else if (digit(c[0]) >= 0 && digit(c[1]) >= 0) {
            *unit = (struct unit){c, 2, 1, (uint8_t)(digit(c[0]) * 16 + digit(c[1])), true};
        } else {
            return false;
        }
        c += unit->len;
    }
    units->end = units->count;
    return units->count > 0 && units->count < UNITS_MAX;
}

static bool byte(struct units *units, uint8_t *out)
{
    if (units->next == units->end || !units->at[units->next].known) {
        return false;
    }
    *out = units->at[units->next++].value;
    return true;
}

static bool take_tag(struct units *units, enum oc_tlv_form form, uint32_t *tag)
{
    uint8_t one = 0;
    if (!byte(units, &one) || one == 0) {
        return false;
    }
    *tag = one;
    if (form == OC_TLV_RECORD || (one & 0x1F) != 0x1F) {
        return true;
    }
    do {
        if (*tag > 0xFFFF || !byte(units, &one)) {
            return false;
        }
        *tag = *tag << 8 | one;
    } while ((one & 0x80) != 0);
    return true;
}

static bool take_length(struct units *units, enum oc_tlv_form form, size_t *length)
{
    uint8_t one = 0;
    if (!byte(units, &one)) {
        return false;
    }
    *length = one;
    if (form == OC_TLV_RECORD || one < 0x80) {
        return true;
    }
    size_t more = one & 0x7Fu;
    *length = 0;
    if (more == 0 || more > 2) {
        return false;
    }
    while (more-- > 0) {
        if (!byte(units, &one)) {
            return false;
        }
        *length = *length << 8 | one;
    }
    return true;
}

/* Goes over a value. A reference of unknown length fills what is left of it. */
static bool take_value(struct units *units, size_t length)
{
    while (length > 0) {
        if (units->next == units->end) {
            return false;
        }
        const struct unit *unit = &units->at[units->next++];
        if (unit->size == SIZE_MAX) {
            return true;
        }
        if (unit->size > length) {
            return false;
        }
        length -= unit->size;
    }
    return true;
}

bool oc_tlv_readable(char *out, size_t room, const char *hex, size_t len)
{
    oc_buf bytes = {0};
    oc_buf utf8 = {0};
    bool good = len >= 8 && len % 2 == 0 && len <= (size_t)2 * TEXT_MAX;
    for (size_t i = 0; good && i + 1 < len; i += 2) {
        int high = digit(hex[i]);
        int low = digit(hex[i + 1]);
        good = high >= 0 && low >= 0 && high * 16 + low >= 0x20 && high * 16 + low != 0x7F &&
               oc_is_ok(oc_buf_append_byte(&bytes, (uint8_t)(high * 16 + low)));
    }
    good = good && oc_is_ok(oc_text_from_card(&utf8, oc_buf_span(&bytes))) && utf8.len < room;
    /* XML carries no private end of planes; U+FFFx and C1 would not be a text anyway. */
    for (size_t i = 0; good && i + 1 < utf8.len; i++) {
        good = !(utf8.at[i] == 0xC2 && utf8.at[i + 1] < 0xA0) && !(utf8.at[i] == 0xEF && utf8.at[i + 1] == 0xBF) &&
               !(utf8.at[i] == 0xE2 && (utf8.at[i + 1] == 0x80 || utf8.at[i + 1] == 0x81)) && utf8.at[i] != 0xEE;
    }
    if (good) {
        memcpy(out, utf8.at, utf8.len);
        out[utf8.len] = '\0';
    }
    oc_buf_free(&bytes);
    oc_buf_free(&utf8);
    return good;
}

static void describe(oc_pen *pen, xmlNode *node, uint32_t tag, const struct units *units, size_t from, size_t to)
{
    char text[TEXT_MAX * 3];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].tag == tag) {
            oc_pen_set(pen, node, "zh", names[i].zh);
            oc_pen_set(pen, node, "en", names[i].en);
        }
    }
    if (from < to) {
        const char *at = units->at[from].at;
        size_t len = (size_t)(units->at[to - 1].at - at) + units->at[to - 1].len;
        xmlNode *value = oc_pen_add_n(pen, node, "value", at, len);
        if (oc_tlv_readable(text, sizeof text, at, len)) {
            oc_pen_set(pen, value, "text", text);
        }
    }
}

/* With `parent` NULL only looks whether all of it is TLV. */
static bool walk(oc_pen *pen, xmlNode *parent, struct units *units, enum oc_tlv_form form, unsigned depth)
{
    while (units->next < units->end) {
        uint32_t tag = 0;
        size_t length = 0;
        if (!take_tag(units, form, &tag) || !take_length(units, form, &length)) {
            return false;
        }
        size_t from = units->next;
        if (!take_value(units, length)) {
            return false;
        }
        size_t to = units->next;
        uint32_t first = tag > 0xFFFF ? tag >> 16 : tag > 0xFF ? tag >> 8 : tag;
        bool constructed = form == OC_TLV_BER && (first & 0x20) != 0;
        xmlNode *node = parent == NULL ? NULL : oc_pen_add(pen, parent, "tlv", NULL);
        if (node != NULL) {
            char digits[12];
            snprintf(digits, sizeof digits, tag > 0xFFFF ? "%06X" : tag > 0xFF ? "%04X" : "%02X", (unsigned)tag);
            oc_pen_set(pen, node, "tag", digits);
            oc_pen_set_number(pen, node, "len", length);
            describe(pen, node, tag, units, constructed ? to : from, to);
        }
        if (constructed) {
            size_t end = units->end;
            units->next = from;
            units->end = to;
            if (depth == 0 || !walk(pen, node, units, form, depth - 1)) {
                return false;
            }
            units->end = end;
        }
    }
    return true;
}

void oc_tlv_tree(oc_pen *pen, xmlNode *parent, const char *text, enum oc_tlv_form form)
{
    struct units *units = calloc(1, sizeof *units);
    if (units == NULL) {
        pen->bad = true;
        return;
    }
    if (cut(units, text) && walk(pen, NULL, units, form, DEPTH_MAX)) {
        units->next = 0;
        (void)walk(pen, parent, units, form, DEPTH_MAX);
    }
    free(units);
}
