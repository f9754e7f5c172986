/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_BASE_FIELDS_H
#define OC_BASE_FIELDS_H

#include "sim/base/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Named byte strings in order: the arguments and answers of terminal functions and of host messages.
 * Zero-initialise; free with oc_fields_free. */
#define OC_FIELDS_MAX 96
#define OC_FIELD_NAME_MAX 48

typedef struct oc_field {
    char name[OC_FIELD_NAME_MAX];
    oc_buf value;
} oc_field;

typedef struct oc_fields {
    oc_field *at;
    size_t count;
} oc_fields;

/* Adds or replaces. LIMIT past OC_FIELDS_MAX or for a name of OC_FIELD_NAME_MAX characters or more. */
OC_MUST_USE oc_result oc_fields_set(oc_fields *fields, const char *name, oc_span value);
OC_MUST_USE oc_result oc_fields_set_text(oc_fields *fields, const char *name, const char *value);
/* NULL when it is not there. Borrowed until `fields` changes. */
const oc_buf *oc_fields_get(const oc_fields *fields, const char *name);
/* The value, or an empty span. */
oc_span oc_fields_span(const oc_fields *fields, const char *name);
void oc_fields_free(oc_fields *fields);

#ifdef __cplusplus
}
#endif
#endif
