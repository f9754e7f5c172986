/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/formats/json_text.h"

#include <inttypes.h>

#include "sim/base/visible.h"

#define EXACT_MAX ((UINT64_C(1) << 53) - 1)

json_t *oc_json_number(uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    return value <= EXACT_MAX ? json_integer((json_int_t)value) : json_string(digits);
}

void oc_json_put(oc_json_pen *pen, json_t *object, const char *name, json_t *value)
{
    pen->bad = json_object_set_new(object, name, value) != 0 || pen->bad;
}

void oc_json_put_text(oc_json_pen *pen, json_t *object, const char *name, const char *text)
{
    oc_buf visible = {0};
    if (text != NULL && text[0] != '\0') {
        bool made = oc_is_ok(oc_visible_text(&visible, text));
        oc_json_put(pen, object, name, made ? json_stringn((const char *)visible.at, visible.len) : NULL);
    }
    oc_buf_free(&visible);
}

void oc_json_append(oc_json_pen *pen, json_t *array, json_t *value)
{
    pen->bad = json_array_append_new(array, value) != 0 || pen->bad;
}

oc_result oc_json_write(FILE *out, json_t *value)
{
    int written = value == NULL ? -1 : json_dumpf(value, out, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(value);
    return written == 0 ? oc_ok() : oc_fail(OC_E_MEMORY);
}
