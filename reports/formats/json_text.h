/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_REPORTS_FORMATS_JSON_TEXT_H
#define OC_REPORTS_FORMATS_JSON_TEXT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Setting members of JSON objects, private to the formats. A failure (memory) stays in `bad`, and is asked for once. */
typedef struct oc_json_pen {
    bool bad;
} oc_json_pen;

/* Numbers beyond 2^53-1, which readers of JSON would round, stand as texts. */
json_t *oc_json_number(uint64_t value);
/* Takes `value` over; NULL is a failure. */
void oc_json_put(oc_json_pen *pen, json_t *object, const char *name, json_t *value);
/* Visible text; nothing when NULL or empty. */
void oc_json_put_text(oc_json_pen *pen, json_t *object, const char *name, const char *text);
void oc_json_append(oc_json_pen *pen, json_t *array, json_t *value);
/* Prints without blanks, members in the order in which they were put, and takes `value` over. */
OC_MUST_USE oc_result oc_json_write(FILE *out, json_t *value);

#ifdef __cplusplus
}
#endif
#endif
