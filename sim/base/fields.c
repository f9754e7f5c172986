/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/base/fields.h"

#include <stdlib.h>

const oc_buf *oc_fields_get(const oc_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->at[i].name, name) == 0) {
            return &fields->at[i].value;
        }
    }
    return NULL;
}

oc_result oc_fields_set(oc_fields *fields, const char *name, oc_span value)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->at[i].name, name) == 0) {
            return oc_buf_set(&fields->at[i].value, value);
        }
    }
    size_t len = strlen(name);
    if (fields->count == OC_FIELDS_MAX || len >= OC_FIELD_NAME_MAX) {
        return oc_fail(OC_E_LIMIT);
    }
    oc_field *grown = realloc(fields->at, (fields->count + 1) * sizeof *grown);
    if (grown == NULL) {
        return oc_fail(OC_E_MEMORY);
    }
    fields->at = grown;
    oc_field *field = &grown[fields->count++];
    *field = (oc_field){0};
    memcpy(field->name, name, len + 1);
    return oc_buf_set(&field->value, value);
}

oc_result oc_fields_set_text(oc_fields *fields, const char *name, const char *value)
{
    return oc_fields_set(fields, name, oc_span_text(value));
}

oc_span oc_fields_span(const oc_fields *fields, const char *name)
{
    const oc_buf *value = oc_fields_get(fields, name);
    return value == NULL ? oc_span_empty() : oc_buf_span(value);
}

void oc_fields_free(oc_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        oc_buf_free(&fields->at[i].value);
    }
    free(fields->at);
    *fields = (oc_fields){0};
}
