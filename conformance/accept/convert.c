/* SPDX-License-Identifier: Apache-2.0 */
#include "conformance/accept/convert.h"

#include <stdio.h>

#include "sim/base/hex.h"
#include "sim/base/text.h"

struct code {
    const char *word;
    const char *code;
};

/* GB/T 2261.1 and what orders write for it. */
static const struct code sexes[] = {
    {"1", "1"},  {"2", "2"}, {"0", "0"}, {"9", "9"},    {"男", "1"},
    {"女", "2"}, {"M", "1"}, {"F", "2"}, {"男性", "1"}, {"女性", "2"},
};

/* GB/T 3304, in the order of its numbers. */
static const char *const ethnic_groups[] = {
    "汉",   "蒙古",   "回",   "藏",     "维吾尔",   "苗",   "彝",       "壮",     "布依",   "朝鲜", "满",   "侗",
    "瑶",   "白",     "土家", "哈尼",   "哈萨克",   "傣",   "黎",       "傈僳",   "佤",     "畲",   "高山", "拉祜",
    "水",   "东乡",   "纳西", "景颇",   "柯尔克孜", "土",   "达斡尔",   "仫佬",   "羌",     "布朗", "撒拉", "毛南",
    "仡佬", "锡伯",   "阿昌", "普米",   "塔吉克",   "怒",   "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固",
    "京",   "塔塔尔", "独龙", "鄂伦春", "赫哲",     "门巴", "珞巴",     "基诺",
};
#define GROUPS (sizeof ethnic_groups / sizeof ethnic_groups[0])
#define GROUP_SUFFIX "族"

oc_result oc_convert_digits(oc_buf *out, const char *text, oc_diag *diag)
{
    size_t len = strlen(text);
    if (len == 0 || strspn(text, "0123456789") != len) {
        return oc_diag_fail(diag, OC_E_FORMAT, "digits are wanted");
    }
    for (size_t i = 0; i < len; i += 2) {
        unsigned low = i + 1 < len ? (unsigned)(text[i + 1] - '0') : 0x0F;
        OC_TRY(oc_buf_append_byte(out, (uint8_t)((unsigned)(text[i] - '0') << 4 | low)));
    }
    return oc_ok();
}

/* Where the card keeps digits as text, they stay what they are. */
static oc_result put_digits(oc_buf *out, enum oc_kind kind, const char *digits, oc_diag *diag)
{
    size_t len = strlen(digits);
    if (kind == OC_KIND_CN) {
        return oc_convert_digits(out, digits, diag);
    }
    return len > 0 && strspn(digits, "0123456789") == len ? oc_buf_append(out, oc_span_text(digits))
                                                          : oc_diag_fail(diag, OC_E_FORMAT, "digits are wanted");
}

static oc_result text_of(oc_buf *out, const char *text, oc_diag *diag)
{
    if (!oc_is_ok(oc_text_to_card(out, oc_span_text(text)))) {
        return oc_diag_fail(diag, OC_E_FORMAT, "GB18030 cannot carry the text");
    }
    return oc_ok();
}

bool oc_is_date(const char digits[8])
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned value[3] = {0};
    static const size_t ends[] = {4, 6, 8};
    for (size_t i = 0, part = 0; i < 8; i++) {
        part += i == ends[part];
        if (digits[i] < '0' || digits[i] > '9') {
            return false;
        }
        value[part] = value[part] * 10 + (unsigned)(digits[i] - '0');
    }
    unsigned year = value[0];
    unsigned month = value[1];
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && value[2] >= 1 && value[2] <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static oc_result date_of(oc_buf *out, enum oc_kind kind, const char *format, const char *text, oc_diag *diag)
{
    char digits[9] = "00000000";
    static const struct {
        const char *part;
        size_t at;
    } parts[] = {{"YYYY", 0}, {"MM", 4}, {"DD", 6}};
    bool fits = strlen(format) == strlen(text);
    for (size_t i = 0; fits && format[i] != '\0'; i++) {
        bool digit = strchr("YMD", format[i]) != NULL;
        fits = digit ? text[i] >= '0' && text[i] <= '9' : text[i] == format[i];
    }
    for (size_t i = 0; fits && i < sizeof parts / sizeof parts[0]; i++) {
        const char *at = strstr(format, parts[i].part);
        memcpy(digits + parts[i].at, text + (at - format), strlen(parts[i].part));
    }
    if (!fits || !oc_is_date(digits)) {
        return oc_diag_fail(diag, OC_E_FORMAT, "no date that is written %s", format);
    }
    return put_digits(out, kind, digits, diag);
}

static oc_result ethnic_of(oc_buf *out, enum oc_kind kind, const char *text, oc_diag *diag)
{
    char number[3] = "";
    size_t len = strlen(text);
    size_t digits = strspn(text, "0123456789");
    if (digits == len && (len == 1 || len == 2)) {
        unsigned value = len == 1 ? (unsigned)(text[0] - '0') : (unsigned)((text[0] - '0') * 10 + text[1] - '0');
        /* 97 and 98 stand for others and for foreigners who took the nationality. */
        if ((value >= 1 && value <= GROUPS) || value == 97 || value == 98) {
            snprintf(number, sizeof number, "%02u", value);
        }
    }
    for (unsigned i = 0; i < GROUPS; i++) {
        size_t word = strlen(ethnic_groups[i]);
        bool same = strncmp(text, ethnic_groups[i], word) == 0 &&
                    (text[word] == '\0' || strcmp(text + word, GROUP_SUFFIX) == 0);
        if (same) {
            snprintf(number, sizeof number, "%02u", i + 1);
        }
    }
    if (number[0] == '\0') {
        return oc_diag_fail(diag, OC_E_FORMAT, "no ethnic group of GB/T 3304, by number or name");
    }
    return put_digits(out, kind, number, diag);
}

static oc_result sex_of(oc_buf *out, const char *text, oc_diag *diag)
{
    for (size_t i = 0; i < sizeof sexes / sizeof sexes[0]; i++) {
        if (strcmp(text, sexes[i].word) == 0) {
            return oc_buf_append(out, oc_span_text(sexes[i].code));
        }
    }
    return oc_diag_fail(diag, OC_E_FORMAT, "no sex of GB/T 2261.1, by number or name");
}

static oc_result code_of(oc_buf *out, enum oc_kind kind, const oc_map_item *item, const char *text, oc_diag *diag)
{
    for (size_t i = 0; i < item->code_count; i++) {
        if (strcmp(text, item->codes[i].from) == 0) {
            return kind == OC_KIND_CN ? oc_convert_digits(out, item->codes[i].to, diag)
                                      : text_of(out, item->codes[i].to, diag);
        }
    }
    return oc_diag_fail(diag, OC_E_FORMAT, "the map has no code for it");
}

oc_result oc_convert(oc_buf *out, const oc_map_item *item, enum oc_kind kind, const char *text, oc_diag *diag)
{
    switch (item->as) {
    case OC_CONVERT_TEXT:
    case OC_CONVERT_NAME:
        return text_of(out, text, diag);
    case OC_CONVERT_DIGITS:
        return put_digits(out, kind, text, diag);
    case OC_CONVERT_HEX:
        return oc_is_ok(oc_hex_decode(out, text, strlen(text)))
                   ? oc_ok()
                   : oc_diag_fail(diag, OC_E_FORMAT, "whole bytes in hex are wanted");
    case OC_CONVERT_DATE:
        return date_of(out, kind, item->format, text, diag);
    case OC_CONVERT_AREA:
        return strlen(text) == 6 ? put_digits(out, kind, text, diag)
                                 : oc_diag_fail(diag, OC_E_FORMAT, "an area code has six digits");
    case OC_CONVERT_SEX:
        return sex_of(out, text, diag);
    case OC_CONVERT_ETHNIC:
        return ethnic_of(out, kind, text, diag);
    case OC_CONVERT_CODE:
        return code_of(out, kind, item, text, diag);
    }
    return oc_fail(OC_E_INTERNAL);
}
