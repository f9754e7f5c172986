/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/host/medical/money.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const int64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};

bool oc_med_decimal_text(const char *text, unsigned decimals, int64_t *out)
{
    bool negative = *text == '-';
    text += negative;
    int64_t number = 0;
    unsigned digits = 0;
    unsigned after = 0;
    bool point = false;
    for (; *text != '\0'; text++) {
        if (*text == '.' && !point && digits > 0) {
            point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || ++digits > OC_MED_DIGITS_MAX || (point && ++after > decimals)) {
            return false;
        }
        number = number * 10 + (*text - '0');
    }
    if (digits == 0 || (point && after == 0)) {
        return false;
    }
    number *= powers[decimals - after];
    *out = negative ? -number : number;
    return true;
}

bool oc_med_decimal(const json_t *value, unsigned decimals, int64_t *out)
{
    char text[64];
    if (json_is_string(value)) {
        return oc_med_decimal_text(json_string_value(value), decimals, out);
    }
    if (json_is_integer(value)) {
        snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
        return oc_med_decimal_text(text, decimals, out);
    }
    if (!json_is_real(value) || fabs(json_real_value(value)) >= 1e15) {
        return false;
    }
    /* The shortest text that reads back as the same double is what was written, up to 15 digits. */
    snprintf(text, sizeof text, "%.6f", json_real_value(value));
    for (size_t len = strlen(text); text[len - 1] == '0' && text[len - 2] != '.'; len--) {
        text[len - 1] = '\0';
    }
    double again;
    return sscanf(text, "%lf", &again) == 1 && again == json_real_value(value) &&
           oc_med_decimal_text(strcmp(text, "-0.0") == 0 ? "0" : text, decimals, out);
}

json_t *oc_med_yuan(int64_t fen)
{
    return json_real((double)fen / 100.0);
}

int64_t oc_med_part(int64_t fen, unsigned permille)
{
    int64_t product = fen * (int64_t)permille;
    return product >= 0 ? (product + 500) / 1000 : (product - 500) / 1000;
}

bool oc_med_line_sum(int64_t price, int64_t count, int64_t *fen)
{
    int64_t product;
    if (price < 0 || count < 0 || __builtin_mul_overflow(price, count, &product)) {
        return false;
    }
    /* 10^-10 yuan to fen. */
    *fen = product / 100000000 + (product % 100000000 >= 50000000);
    return true;
}
